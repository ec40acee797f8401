from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    lengow_customer_key = fields.Char(
        "Marketplace Customer",
        copy=False,
        index="btree_not_null",
        help="The marketplace and its number of this customer.",
    )
