from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    lengow_published = fields.Boolean(
        "Sell through Lengow",
        help="Feeds may hold only the products that are marked so.",
    )
