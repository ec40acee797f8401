import logging

from odoo import api, models

from ..lengow.money import order_amounts, order_currency
from ..lengow.order import Order
from ..lengow.payload import read_payload
from .bulk import insert_rows
from .conflicts import CONFLICTS
from .private_log import log_failure, no_sql_errors_logged

_logger = logging.getLogger(__name__)


class LengowOrder(models.Model):
    """Storing what Lengow gives, before anything can fail."""

    _inherit = "lengow.order"

    def init(self):
        """Spare payloads PostgreSQL's own compression: it takes an eighth of the storing."""
        self.env.cr.execute(
            "SELECT 1 FROM pg_settings "
            "WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
        )
        has_lz4 = self.env.cr.fetchone()
        self.env.cr.execute(
            "ALTER TABLE lengow_order ALTER payload SET COMPRESSION lz4"
            if has_lz4
            else "ALTER TABLE lengow_order ALTER payload SET STORAGE EXTERNAL"
        )

    # === BUSINESS METHODS === #

    @api.model
    def _store_page(self, account, payloads):
        """Store a page of orders, each once, whatever is in it.

        :param lengow.account account: the account they were fetched for.
        :param list payloads: order payloads.
        :return: how many are new and how many have changed.
        """
        try:
            # The database's own error log would show the buyers' data.
            with no_sql_errors_logged(), self.env.cr.savepoint():
                return self._store_payloads(account, payloads)
        except CONFLICTS:
            raise
        except Exception as error:  # noqa: BLE001 the orders are stored one by one
            if len(payloads) == 1:
                return self._store_unreadable(account, payloads[0], error)
        counts = [self._store_page(account, [payload]) for payload in payloads]
        created, updated = map(sum, zip(*counts, strict=True))
        return created, updated

    @api.model
    def _store_unreadable(self, account, payload, error):
        """Store an order that nobody foresaw: its payload, and that it is in error.

        It has no fingerprint, so that it is read anew whenever it comes again.
        """
        log_failure(
            _logger, error, "Lengow account %s, an order cannot be read", account.id
        )
        _storable, view, number = self._identify(payload)
        code = view.marketplace
        channel = self._find_channels_by_code(account, {code}).get(code)
        key = {
            "account_id": account.id,
            "marketplace_code": channel.marketplace_code if channel else code,
            "marketplace_order_id": number,
        }
        order = self.search([(name, "=", value) for name, value in key.items()])
        vals = {"payload": view.payload, "fingerprint": False}
        if order.state != "imported":
            vals["channel_id"] = channel.id if channel else False
        else:
            vals = order._prepare_change_vals(vals)
        if order:
            order.write(vals)
        else:
            order = self.create({**key, **vals})
        if order.state != "imported":
            order._set_problem(order._make_unexpected_problem(error))
        self.env.flush_all()
        return 0, 1

    @api.model
    def _identify(self, payload):
        """:return: :class:`StorablePayload`, :class:`Order`, number of the order."""
        storable = read_payload(payload)
        view = Order(storable.value)
        number = view.marketplace_order_id or f"missing-{storable.fingerprint[:12]}"
        return storable, view, number

    @api.model
    def _store_payloads(self, account, payloads):
        orders = {}
        for payload in payloads:
            storable, view, number = self._identify(payload)
            orders[view.marketplace, number] = storable, view
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
            for order in self.search_fetch(
                [
                    ("account_id", "=", account.id),
                    (
                        "marketplace_order_id",
                        "in",
                        [number for _code, number in orders],
                    ),
                ],
                ["marketplace_code", "marketplace_order_id", "fingerprint", "state"],
            )
        }
        new, updated = [], 0
        for (code, number), (storable, view) in orders.items():
            order = known.get((code, number), self)
            if order.fingerprint == storable.fingerprint:
                continue
            channel = channels.get(view.marketplace, self.env["lengow.channel"])
            vals, lines = order._read_payload(account, channel, view, order.state)
            vals["fingerprint"] = storable.fingerprint
            if order:
                order._update_stored(vals, lines)
                updated += 1
            else:
                key = {"marketplace_code": code, "marketplace_order_id": number}
                new.append(({**key, **vals, "payload": storable.text}, lines))
        self._insert_stored(account, new)
        return len(new), updated

    @api.model
    def _insert_stored(self, account, new):
        """Insert new orders with their lines.

        :param list new: values of an order, and list of values of its lines, for each.
        """
        company = account.company_id
        channels = self.env["lengow.channel"].browse(
            {vals["channel_id"] for vals, _lines in new} - {False}
        )
        marketplace_ids = {
            channel.id: channel.marketplace_id.id for channel in channels
        }
        orders = insert_rows(
            self,
            [
                {
                    "account_id": account.id,
                    "company_id": company.id,
                    "marketplace_id": marketplace_ids.get(vals["channel_id"]),
                    **vals,
                }
                for vals, _lines in new
            ],
        )
        insert_rows(
            self.env["lengow.order.line"],
            [
                {"order_id": order_id, **line}
                for order_id, (_vals, lines) in zip(orders._ids, new, strict=True)
                for line in lines
            ],
        )
        account.invalidate_recordset(["order_ids"])
        channels.invalidate_model(["order_ids"])

    @api.model
    def _find_channels_by_code(self, account, codes):
        """:return: dict of code to the account's channel, without the unknown ones."""
        marketplaces = self.env["lengow.marketplace"]._find_by_codes(codes)
        channels = (
            self.env["lengow.channel"]
            .with_context(active_test=False)
            .search([("account_id", "=", account.id)], order="id")
        )
        by_marketplace = channels.grouped("marketplace_id")
        return {
            code: by_marketplace[marketplace]
            for code, marketplace in marketplaces.items()
            if marketplace in by_marketplace
        }

    @api.model
    def _read_payload(self, account, channel, view, current=None):
        """Read what is stored of an order beside its payload.

        :param str current: the state it is in, or None when it is new.
        :return: values of the order, and list of values of its lines.
        """
        currency, amounts = self._read_amounts(account, view)
        vals = {
            **self._prepare_stored_vals(channel, view, currency, amounts),
            **self._prepare_state_vals(account, channel, view, current),
        }
        return vals, self._prepare_line_vals(view, amounts)

    @api.model
    def _prepare_stored_vals(self, channel, view, currency, amounts):
        delivery = view.packages[0].delivery if view.packages else view.billing
        return {
            "channel_id": channel.id,
            "payload": view.payload,
            "lengow_status": view.lengow_status,
            "marketplace_status": view.marketplace_status,
            "order_date": view.ordered_at and view.ordered_at.replace(microsecond=0),
            "updated_at": view.updated_at and view.updated_at.replace(microsecond=0),
            "buyer_name": view.billing.name or delivery.name or delivery.company,
            "total_order": float(amounts.total or 0),
            "commission": float(amounts.commission),
            "currency_id": currency.id,
            "is_fulfilled_by_marketplace": view.is_fulfilled_by_marketplace,
        }

    @api.model
    def _read_amounts(self, account, view):
        """:return: the order's currency, empty when unknown, and its amounts."""
        original = self._is_read_in_original(account, view)
        code = order_currency(view, original)
        currency = self.env["res.currency"]._lengow_find(code)
        digits = currency.decimal_places if currency else 2
        return currency, order_amounts(view, original, digits)

    def _is_read_in_original(self, account, view):
        """Tell whether amounts are read in the currency that the buyer paid in.

        An order keeps the currency it was imported in, whatever the account says now.
        """
        if self and self.sale_order_ids:
            return order_currency(view) == self.currency_id.name
        return account.order_currency == "marketplace"

    @api.model
    def _prepare_line_vals(self, view, amounts):
        vals = []
        for number, (package, costs) in enumerate(
            zip(view.packages, amounts.packages, strict=True), start=1
        ):
            package_key = package.key
            for line in package.lines:
                vals.append(
                    {
                        "sequence": len(vals),
                        "line_key": line.key,
                        "marketplace_order_line_id": line.line_id,
                        "package_key": package_key,
                        "package_number": number,
                        "external_id": line.product_id,
                        "title": line.title,
                        "lengow_status": line.lengow_status,
                        "quantity": float(line.quantity),
                        "amount": float(costs.lines.get(line.key, 0)),
                    }
                )
        return vals

    def _update_stored(self, vals, lines):
        """Write what Lengow now says of a known order.

        Of an imported one it is only noted that something may have changed: whatever comes
        of applying it, it is stored.
        """
        self.ensure_one()
        vals = {**vals, **self._prepare_mark_vals(Order(vals["payload"]))}
        if self.state == "imported":
            vals = self._prepare_change_vals(vals)
        self.with_context(tracking_disable=True).write(vals)
        known = {line.line_key: line for line in self.line_ids}
        for line_vals in lines:
            line = known.pop(line_vals["line_key"], None)
            if line:
                line.write(line_vals)
            else:
                line = self.line_ids.create({**line_vals, "order_id": self.id})
        for line in known.values():
            if not line.sale_line_id:
                line.unlink()
