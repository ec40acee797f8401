from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # === BUSINESS METHODS === #

    def _action_done(self):
        """Have delivered marketplace orders invoiced, where their channel wants it."""
        res = super()._action_done()
        self.move_ids.sale_line_id.order_id._lengow_request_invoices()
        return res
