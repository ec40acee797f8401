from odoo import models


class ProductTemplateAttributeValue(models.Model):
    _inherit = "product.template.attribute.value"

    # Feeds ask every few minutes what was written since.
    _lengow_write_date_idx = models.Index("(write_date)")
