from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    lengow_buyer_ids = fields.One2many(
        "lengow.buyer",
        "partner_id",
        "Marketplace Buyers",
        groups="sale_lengow.group_lengow_user",
        help="What marketplaces know this customer by.",
    )
