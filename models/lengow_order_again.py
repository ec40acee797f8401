from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

from ..const import IMPORT_BATCH_SIZE
from ..lengow.errors import LengowError


class LengowOrder(models.Model):
    """Cancelling what was imported, and importing it anew."""

    _inherit = "lengow.order"

    # === ACTION METHODS === #

    def action_import_again(self):
        """Cancel the sale orders of orders in Odoo, and import them again.

        Nothing is cancelled of an order that cannot be imported again.

        :return: notification.
        :raise UserError: when there are too many at once.
        """
        self.check_access("write")
        if len(self) > IMPORT_BATCH_SIZE:
            raise UserError(
                self.env._("Choose at most %s orders at a time.", IMPORT_BATCH_SIZE)
            )
        orders_sudo = self.sudo()  # imports touch what users may not
        sentences, refused, silent = [], 0, set()
        for order in orders_sudo.try_lock_for_update(allow_referencing=True):
            try:
                order._check_may_import_again()
                if order.account_id not in silent and not order._read_again():
                    silent.add(order.account_id)
                with self.env.cr.savepoint():
                    sentences.append(order._import_again())
            except UserError as error:
                sentences.append(str(error))
                refused += 1
        for account in silent:
            sentences.append(
                self.env._(
                    "%s does not answer: what Lengow gave before was used.",
                    account.name,
                )
            )
        self.env["lengow.account"]._trigger_crons("mark_orders")
        return self._report(
            self.env._("Cancel and Import Again"),
            sentences
            or [self.env._("Another worker is at it. Try again in a moment.")],
            is_warning=bool(refused or silent or not sentences),
        )

    # === BUSINESS METHODS === #

    def _check_may_import_again(self):
        """Refuse where goods or an invoice have left already.

        :raise UserError: with a sentence for the user.
        """
        number = self.marketplace_order_id
        if self.state != "imported":
            raise UserError(
                self.env._("Order %s is not imported: choose Retry instead.", number)
            )
        lines = self.sale_order_ids.order_line
        if any(lines.mapped("qty_delivered")):
            raise UserError(
                self.env._(
                    "Order %(order)s: something of %(sales)s is delivered already. Return "
                    "it, and correct the sales order by hand.",
                    order=number,
                    sales=", ".join(self._get_names()),
                )
            )
        invoices = self.sale_order_ids.invoice_ids.filtered(
            lambda move: move.state == "posted"
        )
        if invoices:
            raise UserError(
                self.env._(
                    "Order %(order)s: its invoice %(invoices)s is posted. Credit it, and "
                    "correct the sales order by hand.",
                    order=number,
                    invoices=", ".join(invoices.mapped("name")),
                )
            )

    def _read_again(self):
        """Take the order as it is at Lengow now.

        :return: whether Lengow answered.
        """
        if self.account_id.state == "draft":
            return False
        try:
            payload = self.account_id._get_client().get_order(
                self._view().marketplace, self.marketplace_order_id
            )
        except LengowError:
            return False
        if payload is not None:
            self._store_page(self.account_id, [payload])
        return True

    def _import_again(self):
        """Cancel the sale orders, and make new ones.

        :return: sentence about what was done.
        :raise UserError: when the order cannot be imported now.
        """
        old = self.sale_order_ids
        self.decision = "import"
        state, reason = self._get_state(self.account_id, self.channel_id, self._view())
        if state != "pending":
            raise UserError(
                self.env._(
                    "Order %(order)s stays as it is, since it could not be imported again: "
                    "%(reason)s.",
                    order=self.marketplace_order_id,
                    reason=self._get_reason_label(reason),
                )
            )
        self._let_go_of_sale_orders()
        self.write({**self._prepare_anew_vals(), "state": "pending"})
        self._make_due()
        self._import_guarded()
        if self.state != "imported":
            raise UserError(
                self.env._(
                    "Nothing was cancelled, since the order could not be imported again. %s",
                    self.error_message,
                )
            )
        self.is_being_imported = False
        return self._log_import_again(old)

    def _prepare_anew_vals(self):
        """:return: values that forget the first import."""
        return {
            **self._prepare_no_change_vals(),
            "error_code": False,
            "error_message": False,
            "merchant_id_state": "none",
            "merchant_id_error": False,
            "invoice_state": "none",
            "invoice_error": False,
            "invoice_attempts": 0,
            "invoice_next_attempt": False,
        }

    def _let_go_of_sale_orders(self):
        """Cancel the sale orders without telling the buyer, and make room for new ones."""
        sales = self.sale_order_ids
        sales.filtered("locked").locked = False
        sales.filtered(lambda sale: sale.state != "cancel").with_context(
            disable_cancel_warning=True, lengow_told=True
        ).action_cancel()
        sales.order_line.lengow_line_id = False
        sales.write({"lengow_order_id": False, "lengow_hold_reason": False})

    def _log_import_again(self, old):
        """Keep the way from the new sale orders to the cancelled ones, and back.

        :param sale.order old: the cancelled sale orders.
        :return: sentence for the user.
        """
        new = self.sale_order_ids
        old._message_log_batch(
            bodies=dict.fromkeys(
                old.ids,
                Markup(self.env._("Cancelled, and imported again as %s."))
                % _links(new),
            )
        )
        body = Markup(self.env._("Imported again in place of %s.")) % _links(old)
        new._message_log_batch(bodies=dict.fromkeys(new.ids, body))
        self._message_log(body=body)
        return self.env._(
            "Order %(order)s: %(old)s is cancelled, %(new)s is in its place.",
            order=self.marketplace_order_id,
            old=", ".join(old.mapped("name")),
            new=", ".join(new.mapped("name")),
        )


def _links(records):
    return Markup(", ").join(record._get_html_link() for record in records)
