from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    # Feeds ask every few minutes what was written since.
    _lengow_write_date_idx = models.Index("(write_date)")

    lengow_published = fields.Boolean(
        "Sell through Lengow",
        help="Feeds may hold only the products that are marked so.",
    )
