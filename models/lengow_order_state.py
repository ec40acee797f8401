from datetime import timedelta

from odoo import api, fields, models

from ..const import OLDEST_ORDER_DAYS
from ..lengow import order as lengow_order

SETTLED_REASONS = ("anonymized", "too_old", "cancelled", "refunded")


class LengowOrder(models.Model):
    """What becomes of an order that is not imported yet."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_state_vals(self, account, channel, view, current=None):
        """Decide what becomes of an order.

        :param str current: the state it is in, or None when it is new.
        :return: values of ``state`` and of what goes with it; nothing once it is imported.
        """
        if current == "imported":
            return {}
        state, reason = self._get_state(account, channel, view)
        return {
            "state": state,
            "error_code": reason,
            "error_message": False,
            "attempts": 0,
            "next_attempt": fields.Datetime.now(),
        }

    @api.model
    def _get_state(self, account, channel, view):
        """:return: the state of an order that is not imported, and the reason or False."""
        oldest = fields.Datetime.now() - timedelta(days=OLDEST_ORDER_DAYS)
        counted = [line for line in view.lines if line.is_counted]
        status = view.lengow_status
        if view.is_anonymized:
            return "ignored", "anonymized"
        if channel and not (channel.active and channel.import_orders):
            return "ignored", "channel_off"
        if (
            view.ordered_at
            and account.import_from
            and view.ordered_at.date() < account.import_from
        ):
            return "ignored", "before_cut_off"
        if view.ordered_at and view.ordered_at < oldest:
            return "ignored", "too_old"
        if status in lengow_order.CANCELLED_STATUSES or (view.lines and not counted):
            return "ignored", "cancelled"
        if status in lengow_order.REFUNDED_STATUSES:
            return "ignored", "refunded"
        if (
            channel
            and view.is_fulfilled_by_marketplace
            and channel.fulfilled_by_marketplace == "skip"
        ):
            return "ignored", "fulfilled_by_marketplace"
        if status in lengow_order.WAITING_STATUSES or any(
            line.lengow_status == "waiting_acceptance" for line in counted
        ):
            return "waiting", "not_accepted"
        if status not in lengow_order.IMPORTABLE_STATUSES:
            return "waiting", "unknown_status"
        return "pending", False

    def _reconsider(self):
        """Read again, with the settings of now, orders that are not imported.

        Those that no setting can bring back are left alone.
        """
        domain = [
            ("id", "in", self.ids),
            ("state", "!=", "imported"),
            ("error_code", "not in", SETTLED_REASONS),
        ]
        orders_sudo = self.sudo().search(domain)  # nobody writes them by hand
        for order in orders_sudo:
            order._update_stored(
                *self._read_payload(
                    order.account_id, order.channel_id, order._view(), order.state
                )
            )
        self.env["lengow.account"]._trigger_crons("import_orders")

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
