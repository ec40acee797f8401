from odoo import api, fields, models

from ..lengow.action import LinePart
from ..lengow.parsing import decimal, text


class StockPicking(models.Model):
    """Asking the marketplace for something from a delivery of its order."""

    _inherit = "stock.picking"

    lengow_order_id = fields.Many2one(
        "lengow.order", "Marketplace Order", compute="_compute_lengow_order_id"
    )

    # === COMPUTE METHODS === #

    @api.depends("sale_id")
    def _compute_lengow_order_id(self):
        for picking in self:
            picking.lengow_order_id = picking.sale_id.lengow_order_id

    # === ACTION METHODS === #

    def action_lengow_act(self):
        """:return: action that opens the wizard of all that the marketplace can do."""
        self.ensure_one()
        return self.lengow_order_id._open_action_wizard(picking_id=self.id)

    # === BUSINESS METHODS === #

    def _lengow_get_parts(self):
        """:return: list of :class:`LinePart`: the marketplace's lines in the delivery.

        Of a kit, of which several products are delivered, all pieces.
        """
        parts = []
        for sale_line, moves in self.move_ids.grouped("sale_line_id").items():
            line = sale_line.lengow_line_id
            if not line:
                continue
            quantity = None
            if moves.product_id == sale_line.product_id:
                pieces = sum(
                    move.product_uom._compute_quantity(
                        move.quantity or move.product_uom_qty, sale_line.product_uom_id
                    )
                    for move in moves
                    if move.state != "cancel"
                )
                quantity = text(decimal(min(pieces, line.quantity)))
            parts.append(LinePart(line.line_key, quantity))
        return parts
