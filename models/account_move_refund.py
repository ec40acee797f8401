from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lengow.action import LinePart
from ..lengow.money import ZERO
from ..lengow.parsing import decimal, text
from ..lengow.refunds import round_cents


class AccountMove(models.Model):
    """Refunding at the marketplace what a credit note gives back."""

    _inherit = "account.move"

    lengow_order_ids = fields.Many2many(
        "lengow.order",
        string="Marketplace Orders",
        compute="_compute_lengow_order_ids",
        compute_sudo=True,
    )
    lengow_action_count = fields.Integer(
        "Marketplace Actions", compute="_compute_lengow_action_count", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("move_type", "reversed_entry_id")
    def _compute_lengow_order_ids(self):
        for move in self:
            orders = self.env["lengow.order"]
            if move.move_type == "out_refund":
                lines = move.invoice_line_ids | move.reversed_entry_id.invoice_line_ids
                orders = lines.sale_line_ids.order_id.lengow_order_id
            move.lengow_order_ids = orders

    def _compute_lengow_action_count(self):
        counts = dict(
            self.env["lengow.action"]._read_group(
                [("move_id", "in", self.ids)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.lengow_action_count = counts.get(move, 0)

    # === ACTION METHODS === #

    def action_lengow_refund(self):
        """:return: action that opens the refund wizard with the credit note's amounts.

        :raise UserError: when the credit note is of several marketplace orders, or the
            marketplace takes no refund now.
        """
        self.ensure_one()
        order = self.lengow_order_ids
        if len(order) != 1:
            raise UserError(
                self.env._(
                    "The credit note %s is not of exactly one marketplace order. Refund "
                    "each of them from its own form.",
                    self.name or self.ref or "",
                )
            )
        if "refund" not in order._get_allowed_actions():
            raise UserError(
                self.env._(
                    "%(marketplace)s takes no refund of order %(order)s while it is "
                    "“%(status)s”. Refresh the order if that is old; else refund it at the "
                    "marketplace.",
                    marketplace=order.channel_id.marketplace_id.name
                    or order.marketplace_code,
                    order=order.marketplace_order_id,
                    status=order.lengow_status or "?",
                )
            )
        return order._open_action_wizard("refund", move_id=self.id)

    def action_view_lengow_actions(self):
        """:return: action that lists what the marketplace was asked for."""
        return self.env["lengow.action"]._open_list([("move_id", "in", self.ids)])

    # === BUSINESS METHODS === #

    def _lengow_get_parts(self):
        """Read what a credit note gives back of each marketplace line.

        Shipping is told where the marketplace tells it apart; other charges and discounts
        are spread over the goods.

        :return: list of :class:`LinePart`, with amounts in the marketplace's currency.
        """
        order = self.lengow_order_ids
        goods, pieces, others, shipping = {}, {}, ZERO, ZERO
        for line in self.invoice_line_ids:
            if line.display_type != "product":
                continue
            amount = decimal(line.price_total)
            sale_line = (
                line.sale_line_ids or line.lengow_credited_line_id.sale_line_ids
            )[:1]
            key = sale_line.lengow_line_id.line_key
            if key:
                goods[key] = goods.get(key, ZERO) + amount
                counted = (line.sale_line_ids and decimal(line.quantity)) or ZERO
                pieces[key] = pieces.get(key, ZERO) + counted
            elif sale_line.is_delivery:
                shipping += amount
            else:
                others += amount
        rate = self._lengow_get_rate(order)
        amounts = _spread(goods, others)
        parts = [
            LinePart(
                key,
                text(min(pieces[key], _count(order, key))),
                {"refund_price": format(round_cents(amount * rate), "f")},
            )
            for key, amount in amounts.items()
            if amount or pieces[key]
        ]
        if parts and shipping:
            told = format(round_cents(shipping * rate), "f")
            parts[0].values["refund_shipping_price"] = told
        return parts

    def _lengow_get_rate(self, order):
        """:return: what the marketplace's currency counts for one of the credit note's."""
        view = order._view()
        if view.marketplace_currency in ("", self.currency_id.name):
            return Decimal(1)
        original = decimal(view.payload.get("original_total_order"))
        total = decimal(view.payload.get("total_order"))
        return original / total if original and total and total > 0 else Decimal(1)


def _count(order, key):
    quantities = order.line_ids.filtered(lambda line: line.line_key == key)
    return decimal(sum(quantities.mapped("quantity")))


def _spread(goods, others):
    """Add an amount to others in proportion, to the cent."""
    total = sum(goods.values(), ZERO)
    if not others or not total:
        return goods
    spread, left = {}, others
    for key, amount in goods.items():
        share = round_cents(others * amount / total)
        spread[key] = amount + share
        left -= share
    last = next(reversed(spread))
    spread[last] += left
    return spread
