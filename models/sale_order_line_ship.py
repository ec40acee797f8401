from decimal import Decimal

from odoo import models

from ..const import QUANTITY_DIGITS
from ..lengow.money import ZERO


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # === BUSINESS METHODS === #

    def _lengow_count_delivered(self):
        """Count what has left of a sale line, in the marketplace's pieces.

        :return: pieces that left and did not come back; and dict of delivery to the pieces
            that left with it, or to None where only all of them together can be counted.
        :rtype: tuple[Decimal, dict]
        """
        self.ensure_one()
        moves = self.move_ids
        outgoing, incoming = self._get_outgoing_incoming_moves()
        shares = {}
        for move in outgoing.with_prefetch(moves._prefetch_ids):
            if move.state == "done":
                shares.setdefault(move.picking_id, []).append(self._lengow_count(move))
        if not shares:
            # A kit leaves as its parts; Odoo knows when one of them is complete.
            done = moves.filtered(lambda move: move.state == "done")
            parts = done._lengow_filter_outgoing()
            return _round(self.qty_delivered), dict.fromkeys(
                parts.picking_id._lengow_sorted()
            )
        returned = sum(
            self._lengow_count(move)
            for move in incoming.with_prefetch(moves._prefetch_ids)
            if move.state == "done"
        )
        shares = {picking: sum(counts) for picking, counts in shares.items()}
        pickings = sorted(shares, key=lambda picking: picking._lengow_leaving_key())
        return _round(sum(shares.values()) - returned), {
            picking: _round(shares[picking]) for picking in pickings
        }

    def _lengow_count(self, move):
        """:return: what a move moved in the unit of the line, not rounded."""
        unit = move.product_uom
        if unit == self.product_uom_id:
            return move.quantity
        return unit._compute_quantity(move.quantity, self.product_uom_id, round=False)

    def _lengow_is_closed(self):
        """Tell whether no more of a sale line will leave."""
        self.ensure_one()
        if self.order_id.state != "sale":
            return self.order_id.state == "cancel"
        moves = self.move_ids.filtered(lambda move: not move.origin_returned_move_id)
        if not moves:
            # What a supplier delivers has no transfer until it is ordered there.
            return not self.product_uom_qty
        return all(move.state in ("done", "cancel") for move in moves)


def _round(quantity):
    return Decimal(str(round(quantity, QUANTITY_DIGITS))) if quantity else ZERO
