from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import OLDEST_ORDER_DAYS, REREAD_AT_ONCE
from ..lengow import order as lengow_order
from ..lengow.changes import is_cancelled, is_waiting
from ..lengow.parsing import as_dict, as_list
from .private_log import no_sql_errors_logged

SETTLED_REASONS = ("anonymized", "too_old", "cancelled", "refunded")


class LengowOrder(models.Model):
    """What becomes of an order that is not imported yet."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_state_vals(self, account, channel, view, current=None):
        """Decide what becomes of an order; called on the order itself once it is stored.

        :param str current: the state it is in, or None when it is new.
        :return: values of ``state`` and of what goes with it; once it is imported only of
            what a person is shown.
        """
        vals = self._prepare_refund_vals(account, view)
        if current == "imported":
            return vals
        state, reason = self._get_state(account, channel, view)
        return {
            **vals,
            "state": state,
            "error_code": reason,
            "error_message": False,
            "attempts": 0,
            "next_attempt": fields.Datetime.now(),
        }

    @api.model
    def _get_state(self, account, channel, view):
        """:return: the state of an order that is not imported, and the reason or False."""
        status = view.lengow_status
        decision = self.decision if self else False
        is_wanted = decision == "import"
        if decision == "ignore":
            return "ignored", "by_person"
        if view.is_anonymized:
            return "ignored", "anonymized"
        if not is_wanted and channel and not (channel.active and channel.import_orders):
            return "ignored", "channel_off"
        reason = not is_wanted and self._get_age_reason(account, channel, view)
        if reason:
            return "ignored", reason
        if is_cancelled(view):
            return "ignored", "cancelled"
        if status in lengow_order.REFUNDED_STATUSES:
            return "ignored", "refunded"
        if (
            not is_wanted
            and channel
            and view.is_fulfilled_by_marketplace
            and channel.fulfilled_by_marketplace == "skip"
        ):
            return "ignored", "fulfilled_by_marketplace"
        if any(is_waiting(line) for line in view.lines if line.is_counted):
            return "waiting", "not_accepted"
        if status in lengow_order.IMPORTABLE_STATUSES:
            return "pending", False
        if status not in lengow_order.WAITING_STATUSES:
            return "waiting", "unknown_status"
        if status == "pickup_to_prepare" and self._is_prepared_by_us(channel):
            return "pending", False
        return "waiting", "not_accepted"

    @api.model
    def _get_age_reason(self, account, channel, view):
        """:return: why an order is too old to be imported, or False."""
        placed, now = view.ordered_at, fields.Datetime.now()
        if not placed:
            return False
        if account.import_from and placed.date() < account.import_from:
            return "before_cut_off"
        if placed < now - timedelta(days=OLDEST_ORDER_DAYS):
            return "too_old"
        days = timedelta(days=channel.import_days or OLDEST_ORDER_DAYS)
        # An order that we had in time may wait as long as its marketplace takes.
        if placed < now - days and placed < (self.create_date or now) - days:
            return "past_import_days"
        return False

    @api.model
    def _is_prepared_by_us(self, channel):
        """Tell whether a marketplace hands pick-ups over to the merchant to prepare.

        It does where it lets the merchant say that one is ready; elsewhere the order waits
        until it can be picked up.
        """
        orders = as_dict(as_dict(channel.marketplace_id.spec).get("orders"))
        action = as_dict(as_dict(orders.get("actions")).get("pickup_ready"))
        return "pickup_to_prepare" in as_list(action.get("status"))

    def _reconsider(self):
        """Read again, with the settings of now, orders that are not imported.

        Those that no setting can bring back are left alone. Many are left to the cron.
        """
        domain = [
            ("id", "in", self.ids),
            ("state", "!=", "imported"),
            ("error_code", "not in", SETTLED_REASONS),
        ]
        orders_sudo = self.sudo().search(domain)  # nobody writes them by hand
        orders_sudo[:REREAD_AT_ONCE]._reread()
        self.env["lengow.order.retry"].sudo().create(
            [
                {"order_id": order.id, "is_reread": True}
                for order in orders_sudo[REREAD_AT_ONCE:]
            ]
        )
        self.env["lengow.account"]._trigger_crons("import_orders")

    def _reread(self):
        """Decide anew what becomes of orders; one that cannot be read harms no other."""
        for order in self.filtered(lambda order: order.state != "imported"):
            try:
                with no_sql_errors_logged(), self.env.cr.savepoint():
                    order._update_stored(
                        *order._read_payload(
                            order.account_id,
                            order.channel_id,
                            order._view(),
                            order.state,
                        )
                    )
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:  # noqa: BLE001 it harms no other order
                order._set_unexpected_error(error)

    def _find_channels(self):
        """Give orders of marketplaces that were unknown their channel."""
        for account, orders in self.grouped("account_id").items():
            channels = self._find_channels_by_code(
                account, set(orders.mapped("marketplace_code"))
            )
            for code, channel in channels.items():
                found = orders.filtered(
                    lambda order, c=code: order.marketplace_code == c
                )
                found.channel_id = channel
                found._set_marketplace_code(channel.marketplace_code)
            orders.exists().filtered("channel_id")._reconsider()

    def _set_marketplace_code(self, code):
        """Name orders after the current code of their marketplace.

        Where Lengow gave an order under both codes before it listed the marketplace,
        only one of the two rows stays.
        """
        for order in self.filtered(lambda order: order.marketplace_code != code):
            twin = self.search(
                [
                    ("account_id", "=", order.account_id.id),
                    ("marketplace_code", "=", code),
                    ("marketplace_order_id", "=", order.marketplace_order_id),
                ]
            )
            if twin.sale_order_ids:
                order.unlink()
            else:
                twin.unlink()
                order.marketplace_code = code
