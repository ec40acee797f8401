from odoo import fields, models


class StockPicking(models.Model):
    """The way from a delivery to what its marketplace was told of it."""

    _inherit = "stock.picking"

    lengow_action_count = fields.Integer(
        compute="_compute_lengow_action_count", groups="sale_lengow.group_lengow_user"
    )

    # === COMPUTE METHODS === #

    def _compute_lengow_action_count(self):
        counts = dict(
            self.env["lengow.action"]._read_group(
                [("picking_id", "in", self.ids)], ["picking_id"], ["__count"]
            )
        )
        for picking in self:
            picking.lengow_action_count = counts.get(picking, 0)

    # === ACTION METHODS === #

    def action_view_lengow_actions(self):
        """:return: action that shows what the marketplace was told of the delivery."""
        return self.env["lengow.action"]._open_list([("picking_id", "in", self.ids)])
