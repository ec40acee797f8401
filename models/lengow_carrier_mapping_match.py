from odoo import models

from ..lengow.choices import find_choice
from ..lengow.parsing import text
from ..lengow.texts import fold


class LengowCarrierMapping(models.Model):
    """Reading mappings the other way, when orders are imported."""

    _inherit = "lengow.carrier.mapping"

    # === BUSINESS METHODS === #

    def _compare_with(self, tracking, country):
        """Tell how well a mapping fits what a marketplace has chosen.

        :param dict tracking: a tracking of the order.
        :param res.country country: where it is delivered to.
        :return: 0 where it does not fit, more for a better fit.
        """
        if self.country_id and self.country_id != country:
            return 0
        rules = self.marketplace_id._get_rules()
        score = 0
        for name, code, choices, weight in (
            ("method", self.shipping_method_code, rules.shipping_methods, 4),
            ("carrier", self.carrier_code, rules.carriers, 2),
        ):
            chosen = fold(text(tracking.get(name)))
            if not chosen or not code:
                continue
            choice = find_choice(choices, code)
            names = [code, *((choice.label, choice.lengow_code) if choice else ())]
            if name == "carrier" and self.carrier_name:
                names.append(self.carrier_name)
            if chosen not in map(fold, names):
                return 0
            score += weight
        return score + bool(self.country_id) if score else 0
