from odoo import fields, models


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
