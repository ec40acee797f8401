from odoo import models

from ..lengow.choices import find_choice
from ..lengow.parsing import text
from ..lengow.texts import fold


class LengowOrder(models.Model):
    """Finding the carrier that the marketplace has chosen."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _prepare_carrier_vals(self, package):
        """Prepare who delivers a package; the buyer has paid, so there is no line for it.

        :param PackageJob package: the package, whose delivery address is known.
        :return: values of a sale order.
        """
        carrier = self._find_delivery_carrier(package)
        return {"carrier_id": carrier.id} if carrier else {}

    def _find_delivery_carrier(self, package):
        """Find the carrier of ours that the marketplace's carrier or method stands for.

        :param PackageJob package: the package, whose delivery address is known.
        :return: the one that fits best, the first of several; or nothing.
        """
        mappings = self.channel_id.carrier_mapping_ids.filtered("is_mapped")
        found = mappings.delivery_carrier_id.browse()
        if not mappings:
            return found
        country = package.delivery_partner.country_id
        best = 0
        for mapping in mappings.sorted("sequence"):
            for tracking in package.view.trackings:
                score = mapping._compare_with(tracking, country)
                if score > best:
                    best, found = score, mapping.delivery_carrier_id
        return found

    def _get_chosen_carrier_code(self):
        """Find the carrier that the marketplace itself has chosen.

        :return: its code, "" where the order names none that the marketplace lists.
        """
        carriers = self.channel_id.marketplace_id._get_rules().carriers
        for package in self._view().packages:
            for tracking in package.trackings:
                name = text(tracking.get("carrier"))
                choice = find_choice(carriers, name) if name else None
                if choice is not None:
                    return choice.code
                for choice in carriers.values():
                    if name and fold(choice.label) == fold(name):
                        return choice.code
        return ""
