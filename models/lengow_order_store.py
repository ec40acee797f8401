from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import mute_logger

from ..const import OLDEST_ORDER_DAYS
from ..lengow import order as lengow_order
from ..lengow.money import order_amounts
from ..lengow.order import Order
from ..lengow.payload import payload_fingerprint, storable


class LengowOrder(models.Model):
    """Storing what Lengow gives, before anything can fail."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    @api.model
    def _store_page(self, account, payloads):
        """Store a page of orders, each once, whatever is in it.

        :param lengow.account account: the account they were fetched for.
        :param list payloads: order payloads.
        :return: how many are new and how many have changed.
        """
        orders = {}
        for payload in payloads:
            view = Order(storable(payload))
            fingerprint = payload_fingerprint(view.payload)
            number = view.marketplace_order_id or f"missing-{fingerprint[:12]}"
            orders[view.marketplace, number] = view, fingerprint
        channels = self._find_channels_by_code(account, {code for code, _n in orders})
        orders = {
            (
                channels[code].marketplace_code if code in channels else code,
                number,
            ): order
            for (code, number), order in orders.items()
        }
        known = {
            (order.marketplace_code, order.marketplace_order_id): order
            for order in self.search(
                [
                    ("account_id", "=", account.id),
                    (
                        "marketplace_order_id",
                        "in",
                        [number for _code, number in orders],
                    ),
                ]
            )
        }
        missing, updated = [], 0
        for (code, number), (view, fingerprint) in orders.items():
            order = known.get((code, number), self)
            if order.fingerprint == fingerprint:
                continue
            vals = {
                "fingerprint": fingerprint,
                **self._prepare_stored_vals(
                    account, channels.get(view.marketplace), view
                ),
                **self._prepare_state_vals(
                    account, channels.get(view.marketplace), view, order.state
                ),
            }
            if order:
                order._update_stored(view, vals)
                updated += 1
            else:
                lines = self._prepare_line_vals(account, view)
                missing.append(
                    {
                        **vals,
                        "account_id": account.id,
                        "marketplace_code": code,
                        "marketplace_order_id": number,
                        "line_ids": [Command.create(line) for line in lines],
                    }
                )
        # The database's own error log would show the buyers' data.
        with mute_logger("odoo.sql_db"):
            self.with_context(
                tracking_disable=True, mail_create_nosubscribe=True
            ).create(missing)
            self.env.flush_all()
        return len(missing), updated

    @api.model
    def _find_channels_by_code(self, account, codes):
        """:return: dict of code to the account's channel, without the unknown ones."""
        marketplaces = self.env["lengow.marketplace"]._find_by_codes(codes)
        channels = {
            channel.marketplace_id: channel
            for channel in account.with_context(active_test=False).channel_ids
        }
        return {
            code: channels[marketplace]
            for code, marketplace in marketplaces.items()
            if marketplace in channels
        }

    @api.model
    def _prepare_stored_vals(self, account, channel, view):
        amounts = order_amounts(view, account.order_currency == "marketplace")
        currency = self.env["res.currency"]._lengow_find(amounts.currency)
        delivery = view.packages[0].delivery if view.packages else view.billing
        return {
            "channel_id": channel.id if channel else False,
            "payload": view.payload,
            "lengow_status": view.lengow_status,
            "marketplace_status": view.marketplace_status,
            "order_date": view.ordered_at,
            "updated_at": view.updated_at,
            "buyer_name": view.billing.name or delivery.name or delivery.company,
            "total_order": float(amounts.total or 0),
            "currency_id": currency.id,
            "is_fulfilled_by_marketplace": view.is_fulfilled_by_marketplace,
        }

    @api.model
    def _prepare_line_vals(self, account, view):
        amounts = order_amounts(view, account.order_currency == "marketplace")
        vals = []
        for number, (package, costs) in enumerate(
            zip(view.packages, amounts.packages, strict=True), start=1
        ):
            for line in package.lines:
                vals.append(
                    {
                        "sequence": len(vals),
                        "line_key": line.key,
                        "marketplace_order_line_id": line.line_id,
                        "package_key": package.key,
                        "package_number": number,
                        "external_id": line.product_id,
                        "title": line.title,
                        "lengow_status": line.lengow_status,
                        "quantity": float(line.quantity),
                        "amount": float(costs.lines.get(line.key, 0)),
                    }
                )
        return vals

    def _update_stored(self, view, vals):
        """Write what Lengow now says of a known order."""
        self.ensure_one()
        with mute_logger("odoo.sql_db"):
            self.with_context(tracking_disable=True).write(vals)
            known = {line.line_key: line for line in self.line_ids}
            for line_vals in self._prepare_line_vals(self.account_id, view):
                line = known.pop(line_vals["line_key"], None)
                if line:
                    line.write(line_vals)
                else:
                    line = self.line_ids.create({**line_vals, "order_id": self.id})
            for line in known.values():
                if not line.sale_line_id:
                    line.unlink()

    # === BUSINESS METHODS: STATE === #

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
        """Decide again what becomes of orders that are not imported."""
        for order in self:
            if order.state != "imported":
                order.write(
                    self._prepare_state_vals(
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
            for order in orders:
                channel = channels.get(order.marketplace_code)
                if channel:
                    order.write(
                        {
                            "channel_id": channel.id,
                            "marketplace_code": channel.marketplace_code,
                        }
                    )
            orders.filtered("channel_id")._reconsider()
