from odoo import models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    # Feeds ask every few minutes what was written since.
    _lengow_write_date_idx = models.Index("(write_date)")
