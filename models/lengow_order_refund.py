from odoo import api, fields, models

from ..lengow.changes import is_cancelled
from ..lengow.money import order_currency
from ..lengow.refunds import refunded_amounts


class LengowOrder(models.Model):
    """Knowing what the marketplace has given back to the buyer, and what is credited of it."""

    _inherit = "lengow.order"

    refunded_amount = fields.Monetary(
        "Refunded",
        readonly=True,
        help="What the marketplace has given back to the buyer, taxes included.",
    )
    refund_to_credit = fields.Monetary(
        "Refunded, Not Credited",
        compute="_compute_refund_to_credit",
        help="What the marketplace has given back, and no credit note says so.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "refunded_amount",
        "sale_order_ids.order_line.invoice_lines.move_id.reversal_move_ids.state",
        "sale_order_ids.order_line.invoice_lines.move_id.reversal_move_ids.amount_total",
    )
    def _compute_refund_to_credit(self):
        for order in self:
            missing = 0.0
            currency = order.currency_id
            if order.refunded_amount and currency:
                # Those who may see the order need no rights on invoices.
                order_sudo = order.sudo()
                refunded = sum(order_sudo._get_refunds(currency).values())
                credited = sum(order_sudo._get_credit_notes().mapped("amount_total"))
                missing = currency.round(float(refunded) - credited)
            order.refund_to_credit = max(missing, 0.0)

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_refund_vals(self, account, view):
        """:return: values of what the marketplace refunded, in the order's currency."""
        original = self._is_read_in_original(account, view)
        currency = self.env["res.currency"]._lengow_find(order_currency(view, original))
        digits = currency.decimal_places if currency else 2
        amounts = refunded_amounts(view, original, digits)
        return {"refunded_amount": float(sum(amounts.values()))}

    def _report_refunds(self, changes, report):
        """Say that the marketplace has refunded more than before.

        :param OrderChanges changes: what differs.
        :param ChangeReport report: is told.
        """
        account = self.account_id
        old, new = (
            self._prepare_refund_vals(account, view)["refunded_amount"]
            for view in (changes.old, changes.new)
        )
        if old != new:
            report.done.append(
                self.env._(
                    "Refunded to the buyer: %(amount)s.",
                    amount=self.currency_id.format(new),
                )
            )
        self._report_undelivered_refunds(changes, report)

    def _report_undelivered_refunds(self, changes, report):
        """Give a person the lines that were refunded as a whole before they left."""
        sale_lines = self._get_sale_lines()
        for line in changes.newly_refunded_lines:
            sale_line = sale_lines.get(line.key, self.env["sale.order.line"])
            open_moves = sale_line.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            if open_moves:
                report.to_do.append(
                    self.env._(
                        "“%(product)s” is refunded before it has left. If it is not to be "
                        "sent any more, set its quantity on %(sale)s to 0.",
                        product=sale_line.product_id.display_name,
                        sale=sale_line.order_id.name,
                    )
                )

    def _get_refunds(self, currency):
        """Read what of the refunds has to be credited.

        What was cancelled before it was invoiced has not.

        :param res.currency currency: the currency wanted.
        :return: dict of line key to Decimal.
        """
        view = self._view()
        is_original = order_currency(view) == currency.name
        amounts = refunded_amounts(view, is_original, currency.decimal_places)
        if not amounts:
            return {}
        is_over = is_cancelled(view)
        kept = {line.key for line in view.lines if line.is_counted and not is_over}
        invoiced = {
            record.line_key
            for record in self.line_ids
            if record.sale_line_ids.invoice_lines
        }
        return {
            key: amount
            for key, amount in amounts.items()
            if key in kept or key in invoiced
        }

    def _get_refundable_invoices(self):
        """:return: the posted invoices of the order."""
        return self.sale_order_ids.order_line.invoice_lines.move_id.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        ).sorted("id")

    def _get_credit_notes(self):
        """:return: the credit notes of the order's invoices, drafts included."""
        moves = self.sale_order_ids.order_line.invoice_lines.move_id
        notes = moves.reversal_move_ids | moves.filtered(
            lambda move: move.move_type == "out_refund"
        )
        return notes.filtered(lambda move: move.state != "cancel")
