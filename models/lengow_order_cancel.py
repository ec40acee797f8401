from contextlib import contextmanager

from odoo import models


class LengowOrder(models.Model):
    """Cancelling what the marketplace has cancelled."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _cancel_sale_orders(self, report):
        """Cancel the sale orders and their open deliveries, without telling the buyer.

        :param ChangeReport report: is told what was done and what is left to do.
        """
        for sale in self.sale_order_ids.filtered(lambda sale: sale.state != "cancel"):
            self._cancel_sale_order(sale, report)

    def _cancel_sale_order(self, sale, report):
        invoices = sale.invoice_ids.filtered(lambda move: move.state == "posted")
        delivered = self._get_delivered(sale)
        open_pickings = self._get_open_pickings(sale)
        if delivered:
            open_pickings.action_cancel()
            report.to_do.append(
                self.env._(
                    "Order %(order)s is cancelled at the marketplace, but %(deliveries)s "
                    "of %(sale)s has left already. Have the goods sent back, or agree with "
                    "the buyer; then return the delivery and credit the invoice.",
                    order=self.marketplace_order_id,
                    deliveries=", ".join(delivered.mapped("name")),
                    sale=sale.name,
                )
            )
            return
        sale.locked = False
        sale.with_context(disable_cancel_warning=True, lengow_told=True).action_cancel()
        report.done.append(
            self.env._("The order is cancelled, and so is %s.", sale.name)
            if not open_pickings
            else self.env._(
                "The order is cancelled, and so are %(sale)s and its delivery.",
                sale=sale.name,
            )
        )
        if invoices:
            report.to_do.append(
                self.env._(
                    "Order %(order)s is cancelled at the marketplace, but its invoice "
                    "%(invoices)s is posted. Credit it.",
                    order=self.marketplace_order_id,
                    invoices=", ".join(invoices.mapped("name")),
                )
            )

    def _get_delivered(self, sale):
        """:return: the deliveries of a sale order that have left."""
        return sale.picking_ids.filtered(
            lambda picking: picking.state == "done" and picking._lengow_goes_to_buyer()
        )

    def _get_open_pickings(self, sale):
        """:return: the transfers of a sale order that are neither done nor cancelled."""
        return sale.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    @contextmanager
    def _unlocked(self, sale):
        """Let a sale order be changed that Odoo locked when it was confirmed."""
        locked = sale.locked
        if locked:
            sale.locked = False
        yield
        if locked:
            sale.locked = True
