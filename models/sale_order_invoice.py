from odoo import models

from .lengow_order_invoice import QUIET


class SaleOrder(models.Model):
    """Invoicing marketplace orders as their channel says."""

    _inherit = "sale.order"

    # === BUSINESS METHODS === #

    def _action_confirm(self):
        res = super()._action_confirm()
        self._lengow_request_invoices()
        return res

    def _lengow_release(self):
        res = super()._lengow_release()
        self._lengow_request_invoices()
        return res

    def _prepare_invoice(self):
        """Keep the fiscal position that the delivery address decided, also when none."""
        vals = super()._prepare_invoice()
        order_sudo = self.sudo()  # salespeople may not read marketplace orders
        if order_sudo.lengow_order_id:
            vals["fiscal_position_id"] = self.fiscal_position_id.id
        return vals

    def _lengow_request_invoices(self):
        """Have what is due invoiced, after this transaction, where the channel wants it."""
        orders_sudo = self.sudo().filtered(  # warehouse people may not invoice
            lambda order: (
                order.lengow_channel_id.invoice_policy in ("import", "delivery")
                and order._lengow_is_to_invoice()
            )
        )
        if orders_sudo:
            orders_sudo.lengow_order_id._request_invoices()

    def _lengow_is_to_invoice(self):
        """Tell whether goods are due to be invoiced; charges go along with them.

        :return: False for what is not confirmed or held.
        """
        if self.state != "sale" or self.lengow_hold_reason:
            return False
        lines = self.order_line.filtered(lambda line: not line.display_type)
        goods = lines.filtered(lambda line: not line._lengow_is_charge())
        return any(line.qty_to_invoice > 0 for line in goods or lines)

    def _lengow_invoice(self):
        """Invoice and post what is due, an invoice for each sale order.

        :return: the posted invoices; none where nothing is due.
        """
        orders = self.filtered(lambda order: order._lengow_is_to_invoice())
        invoices = orders.with_context(**QUIET)._create_invoices(grouped=True)
        invoices.action_post()
        return invoices
