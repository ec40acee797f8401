from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # === BUSINESS METHODS === #

    def _add_delivery_cost_to_so(self):
        """Keep what the buyer paid for shipping, whatever the carrier costs."""
        sale_order_sudo = self.sale_id.sudo()  # warehouse people may not read it
        if sale_order_sudo.lengow_order_id:
            return None
        return super()._add_delivery_cost_to_so()
