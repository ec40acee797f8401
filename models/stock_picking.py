from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    lengow_relay_point_id = fields.Char(related="sale_id.lengow_relay_point_id")
    lengow_relay_point_name = fields.Char(related="sale_id.lengow_relay_point_name")
    lengow_relay_point_type = fields.Char(related="sale_id.lengow_relay_point_type")

    # === BUSINESS METHODS === #

    def _add_delivery_cost_to_so(self):
        """Keep what the buyer paid for shipping, whatever the carrier costs."""
        sale_order_sudo = self.sale_id.sudo()  # warehouse people may not read it
        if sale_order_sudo.lengow_order_id:
            return None
        return super()._add_delivery_cost_to_so()

    def _lengow_goes_to_buyer(self):
        """:return: whether it brings goods to a buyer, from us or from a supplier."""
        self.ensure_one()
        return self.location_dest_id.usage == "customer"
