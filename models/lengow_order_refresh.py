from odoo import models
from odoo.exceptions import UserError

from ..const import IMPORT_BATCH_SIZE
from ..lengow.errors import LengowAuthError, LengowError
from .notification import make_notification


class LengowOrder(models.Model):
    """Fetching single orders again, at once, when a user wants to be sure."""

    _inherit = "lengow.order"

    # === ACTION METHODS === #

    def action_retry(self):
        """Retry, too, to apply changes and to validate deliveries."""
        stuck = self.filtered(
            lambda order: order.error_code in ("change_failed", "not_delivered")
        )
        if not stuck:
            return super().action_retry()
        self.check_access("write")
        if others := self - stuck:
            super(LengowOrder, others).action_retry()
        stuck_sudo = stuck.sudo()  # users may not write what the connector does
        stuck_sudo.filtered("change_state")._make_change_due()
        stuck_sudo.sale_order_ids._lengow_deliver_fulfilled()
        return stuck_sudo._apply_and_tell(self.env._("Tried Again"))

    def action_refresh(self):
        """Fetch the orders from Lengow, apply what changed, and say what it was.

        :return: notification.
        :raise UserError: when Lengow does not answer, or does not know an order.
        """
        self.check_access("write")
        if len(self) > IMPORT_BATCH_SIZE:
            raise UserError(
                self.env._("Choose at most %s orders at a time.", IMPORT_BATCH_SIZE)
            )
        orders_sudo = self.sudo()  # users may not write what Lengow says
        for account, orders in orders_sudo.grouped("account_id").items():
            orders._refresh(account)
        return orders_sudo._apply_and_tell(self.env._("Refreshed from Lengow"))

    # === BUSINESS METHODS === #

    def _refresh(self, account):
        """Store the orders as they are at Lengow now.

        :param lengow.account account: their account.
        :raise UserError: when Lengow does not answer, or does not know an order.
        """
        account._check_connected()
        client = account._get_client()
        payloads = [order._fetch_payload(client) for order in self]
        self.browse()._store_page(account, payloads)

    def _fetch_payload(self, client):
        """:return: the order as it is at Lengow now."""
        number = self.marketplace_order_id
        try:
            payload = client.get_order(self._view().marketplace, number)
        except LengowAuthError as error:
            raise UserError(self.account_id._explain(error)) from error
        except LengowError as error:
            raise UserError(
                self.env._(
                    "Order %(order)s could not be fetched. %(error)s Try again later.",
                    order=number,
                    error=error,
                )
            ) from error
        if payload is None:
            raise UserError(
                self.env._(
                    "Lengow does not know order %s any more. Look for it at the "
                    "marketplace.",
                    number,
                )
            )
        return payload

    def _apply_and_tell(self, title):
        """Apply the changes that wait, import what can be imported, and say what was done.

        :param str title: title of the notification.
        :return: notification that reloads the view.
        """
        orders = self.try_lock_for_update(allow_referencing=True)
        reports = orders.filtered("change_state")._apply_changes_guarded()
        orders.filtered(lambda order: order.state == "pending")._import_guarded()
        self.env["lengow.account"]._trigger_crons("import_orders", "mark_orders")
        sentences = [
            sentence
            for report in reports.values()
            for sentence in (*report.done, *report.to_do)
        ]
        problems = [
            order.error_message
            for order in self
            if order.error_message and order.state in ("error", "imported")
        ]
        if self - orders:
            sentences.append(
                self.env._("Another worker is at it: it is applied in the background.")
            )
        message = "\n".join((*problems, *sentences)) or self.env._(
            "Nothing has changed."
        )
        return make_notification(
            title,
            message,
            "danger" if problems else "success",
            sticky=bool(problems or sentences),
        )
