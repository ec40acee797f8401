from odoo import api, fields, models

from ..lengow.parsing import text
from .lengow_order_retry import PRODUCT_PROBLEMS


class LengowProductMapping(models.Model):
    """A product id that Lengow uses, and the product that it means."""

    _name = "lengow.product.mapping"
    _description = "Lengow product mapping"
    _rec_name = "external_id"
    _order = "external_id, id"
    _check_company_auto = True

    account_id = fields.Many2one(
        "lengow.account", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    external_id = fields.Char(
        "Lengow Product",
        required=True,
        index=True,
        help="The product's id as marketplace orders give it.",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="cascade",
        check_company=True,
        index=True,
    )

    _external_uniq = models.UniqueIndex(
        "(account_id, external_id)", "This Lengow product is mapped already."
    )
    _external_given = models.Constraint(
        "CHECK (external_id <> '')", "A mapping needs the Lengow product's id."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let marketplace orders that waited for the products be imported."""
        mappings = super().create(list(map(self._clean_vals, vals_list)))
        mappings._retry_orders()
        return mappings

    def write(self, vals):
        """Let marketplace orders that waited for the products be imported."""
        res = super().write(self._clean_vals(vals))
        if not {"account_id", "external_id", "product_id"}.isdisjoint(vals):
            self._retry_orders()
        return res

    # === BUSINESS METHODS === #

    @api.model
    def _map(self, account, products):
        """Map ids, whether they are mapped already or not.

        :param lengow.account account: the account that uses them.
        :param dict products: product by id.
        :return: the mappings.
        """
        mappings = self.search(
            [("account_id", "=", account.id), ("external_id", "in", list(products))]
        )
        for mapping in mappings:
            if mapping.product_id != products[mapping.external_id]:
                mapping.product_id = products[mapping.external_id]
        known = set(mappings.mapped("external_id"))
        return mappings | self.create(
            [
                {
                    "account_id": account.id,
                    "external_id": external_id,
                    "product_id": product.id,
                }
                for external_id, product in products.items()
                if external_id not in known
            ]
        )

    @api.model
    def _clean_vals(self, vals):
        # The ids of orders have no blanks around them either.
        if "external_id" not in vals:
            return vals
        return {**vals, "external_id": text(vals["external_id"])}

    def _retry_orders(self):
        self.env["lengow.order"]._retry_errors(
            PRODUCT_PROBLEMS,
            self.mapped("external_id"),
            [("account_id", "in", self.account_id.ids)],
        )
