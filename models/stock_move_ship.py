from odoo import models


class StockMove(models.Model):
    """What is given up may complete what marketplaces are to be told."""

    _inherit = "stock.move"

    # === BUSINESS METHODS === #

    def _action_cancel(self):
        """Report lines and orders of which no more will leave."""
        res = super()._action_cancel()
        if not self.env.context.get("lengow_reporting"):
            # Whoever cancels may read neither sale orders nor marketplace orders.
            cancelled_sudo = self.sudo().filtered(lambda move: move.state == "cancel")
            lines_sudo = cancelled_sudo._lengow_get_lines(is_outgoing=False)
            if lines_sudo:
                lines_sudo.order_id._begin_acting()
                lines_sudo.order_id._report_deliveries(lines_sudo, is_delivery=False)
        return res

    def _lengow_get_lines(self, is_outgoing=True):
        """Find the marketplace lines that moves are about.

        :param bool is_outgoing: whether to look only at what goes to the buyer.
        :return: ``lengow.order.line`` of orders that we deliver ourselves.
        """
        moves = self.filtered("sale_line_id")
        if is_outgoing:
            moves = moves._lengow_filter_outgoing()
        lines = moves.sale_line_id.filtered(
            lambda line: line.order_id.lengow_delivered_by == "merchant"
        )
        return lines.lengow_line_id

    def _lengow_filter_outgoing(self):
        """:return: the moves that go to a buyer, from us or from a supplier."""
        # Odoo asks the database each time: once for each location, not for each move.
        locations = self.location_dest_id | self.location_id
        outgoing = locations.filtered(lambda location: location._is_outgoing())
        return self.filtered(
            lambda move: (
                move.location_dest_id in outgoing and move.location_id not in outgoing
            )
        )
