from odoo import fields, models


class SaleOrder(models.Model):
    """The way from a sale order to what its marketplace was asked for."""

    _inherit = "sale.order"

    lengow_action_count = fields.Integer(compute="_compute_lengow_action_count")

    # === COMPUTE METHODS === #

    def _compute_lengow_action_count(self):
        for order in self:
            # Salespeople may not read marketplace orders.
            order.lengow_action_count = order.lengow_order_id.sudo().action_count

    # === ACTION METHODS === #

    def action_view_lengow_actions(self):
        """:return: action that shows what the marketplace was asked for."""
        return self.lengow_order_id.action_view_actions()
