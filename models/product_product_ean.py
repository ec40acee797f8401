from typing import Any, NamedTuple

from odoo import api, models

from ..const import RECORDS_AT_ONCE

# An EAN may be written with or without the zeros that fill it up to these lengths.
_LENGTHS = (8, 12, 13, 14)


class EanMatch(NamedTuple):
    """What bears an EAN: products, and the unit of the packaging or an empty one."""

    products: Any
    uom: Any


class ProductProduct(models.Model):
    _inherit = "product.product"

    # === BUSINESS METHODS === #

    @api.model
    def _lengow_find_by_ean(self, eans, company):
        """Find products by EANs, those of packagings included, in a few queries.

        :param eans: the EANs.
        :param res.company company: whose products, beside the shared ones.
        :return: dict of EAN to :class:`EanMatch`, without the unknown ones; several
            products mean that it is ambiguous.
        """
        spellings = {ean: _spell(ean) for ean in set(eans) if ean}
        wanted = sorted({form for forms in spellings.values() for form in forms})
        found = {}
        for start in range(0, len(wanted), RECORDS_AT_ONCE):
            part = wanted[start : start + RECORDS_AT_ONCE]
            for barcode, match in self._lengow_search_barcodes(part, company):
                known = found.get(barcode)
                if known is not None:
                    match = EanMatch(known.products | match.products, match.uom)
                found[barcode] = match
        result = {}
        for ean, forms in spellings.items():
            # The exact spelling comes first, and outweighs the others.
            match = next((found[form] for form in forms if form in found), None)
            if match is not None:
                result[ean] = match
        return result

    @api.model
    def _lengow_search_barcodes(self, barcodes, company):
        domain = self._check_company_domain(company)
        no_uom = self.env["uom.uom"]
        products = (
            self.sudo().search_fetch(  # whoever sees movements sees their products
                [*domain, ("barcode", "in", barcodes)], ["barcode"]
            )
        )
        for barcode, group in products.grouped("barcode").items():
            yield barcode, EanMatch(group.sudo(False), no_uom)
        packagings = (
            self.env["product.uom"]
            .sudo()
            .search_fetch(
                [
                    *self.env["product.uom"]._check_company_domain(company),
                    ("product_id", "any", domain),
                    ("barcode", "in", barcodes),
                ],
                ["barcode", "product_id", "uom_id"],
            )
        )
        for packaging in packagings:
            yield (
                packaging.barcode,
                EanMatch(
                    packaging.product_id.sudo(False), packaging.uom_id.sudo(False)
                ),
            )


def _spell(ean):
    """:return: list of the ways to write an EAN, as it is given first."""
    if not ean.isdigit():
        return [ean]
    bare = ean.lstrip("0")
    forms = [ean, bare, *(bare.zfill(length) for length in _LENGTHS)]
    return list(dict.fromkeys(form for form in forms if form))
