from odoo import api, models

from ..lengow.movement import KINDS

UNKNOWN = {"product_id": None, "uom_id": None, "problem": None}


class LengowStockMovement(models.Model):
    """Finding the products of movements."""

    _inherit = "lengow.stock.movement"

    # === BUSINESS METHODS === #

    @api.model
    def _find_products(self, eans, company):
        """:return: dict of EAN to the columns that say which product it is of."""
        found = self.env["product.product"]._lengow_find_by_ean(eans, company)
        return {
            ean: self._prepare_product_vals(ean, match) for ean, match in found.items()
        }

    @api.model
    def _prepare_product_vals(self, ean, match):
        if len(match.products) > 1:
            problem = self.env._(
                "Several products have the barcode %(ean)s: %(names)s. Leave it on one.",
                ean=ean,
                names=", ".join(match.products.mapped("display_name")),
            )
            return {**UNKNOWN, "problem": problem}
        return {
            **UNKNOWN,
            "product_id": match.products.id,
            "uom_id": match.uom.id or None,
        }

    @api.model
    def _prepare_match_vals(self, channel, vals, products):
        """Say which product a movement is of, and what shall become of it.

        :param vals: its `ean`, `kind` and `moved_at`.
        :param dict products: what :meth:`_find_products` found.
        """
        found = products.get(vals["ean"], UNKNOWN)
        if found["product_id"] is None:
            return {**found, "state": "unmatched"}
        return {**found, "state": self._choose_state(channel, vals)}

    @api.model
    def _choose_state(self, channel, vals):
        """:return: the state of a movement whose product is known."""
        if channel.movement_policy != "move" or vals["kind"] not in KINDS:
            return "listed"
        if not vals["moved_at"] or not channel.move_since:
            return "listed"
        return "listed" if vals["moved_at"] < channel.move_since else "todo"

    @api.model
    def _match_waiting(self):
        """Look for the products of all unmatched movements again."""
        domain = [("state", "=", "unmatched")]
        for channel, eans in self._read_group(
            domain, ["channel_id"], ["ean:array_agg_distinct"]
        ):
            products = self._find_products(filter(None, eans), channel.company_id)
            clear = [ean for ean, vals in products.items() if vals["product_id"]]
            self.search(
                [*domain, ("channel_id", "=", channel.id), ("ean", "in", clear)]
            )._match_again()

    def _match_again(self):
        """Look for the products of unmatched movements."""
        unmatched = self.filtered(lambda movement: movement.state == "unmatched")
        for channel, group in unmatched.grouped("channel_id").items():
            products = self._find_products(group.mapped("ean"), channel.company_id)
            by_vals = {}
            for movement in group:
                vals = self._prepare_match_vals(channel, movement, products)
                if movement.problem or vals["state"] != "unmatched" or vals["problem"]:
                    by_vals.setdefault(tuple(vals.items()), []).append(movement.id)
            for vals, ids in by_vals.items():
                self.browse(ids).write(dict(vals))
