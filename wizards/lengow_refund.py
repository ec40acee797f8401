from decimal import Decimal

from odoo import api, fields, models

from ..lengow.marketplace import PER_ORDER
from ..lengow.money import ZERO
from ..lengow.parsing import decimal
from ..lengow.refund_limits import get_goods_limit
from ..lengow.refunds import refunded_amounts, round_cents
from ..models.lengow_order_act import ACTIONS_IN_FORCE

# Amounts that each line has of its own, as marketplaces name them (actions as the help
# centre shows them); others are filled in once for all lines.
AMOUNTS = (
    "refund_price",
    "refund_taxes",
    "refund_shipping_price",
    "refund_shipping_taxes",
)


class LengowActionWizard(models.TransientModel):
    """Refunds: amounts by line, and no more than the buyer paid and has not got back."""

    _inherit = "lengow.action.wizard"

    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    takes_refund_price = fields.Boolean(compute="_compute_takes_amounts")
    takes_refund_taxes = fields.Boolean(compute="_compute_takes_amounts")
    takes_refund_shipping_price = fields.Boolean(compute="_compute_takes_amounts")
    takes_refund_shipping_taxes = fields.Boolean(compute="_compute_takes_amounts")
    refund_total = fields.Monetary(compute="_compute_refund_total")

    # === COMPUTE METHODS === #

    @api.depends("lengow_order_id")
    def _compute_currency_id(self):
        for wizard in self:
            code = _get_currency_code(wizard.lengow_order_id)
            wizard.currency_id = self.env["res.currency"]._lengow_find(code)

    @api.depends("type_id", "argument_ids.choice_id", "argument_ids.text_value")
    def _compute_takes_amounts(self):
        for wizard in self:
            rule = wizard._get_rule()
            names = self._get_line_arguments(rule) if rule else ()
            states = wizard._get_argument_states() if names else {}
            for name in AMOUNTS:
                is_asked_for = name in names and states[name].applies is not False
                wizard[f"takes_{name}"] = is_asked_for

    @api.depends(
        "scope", "line_ids.is_chosen", *(f"line_ids.{name}" for name in AMOUNTS)
    )
    def _compute_refund_total(self):
        for wizard in self:
            amounts = [
                row[name]
                for row in wizard._get_chosen()
                for name in AMOUNTS
                if wizard[f"takes_{name}"]
            ]
            wizard.refund_total = sum(amounts)

    @api.depends(*(f"line_ids.{name}" for name in AMOUNTS))
    def _compute_problem(self):
        return super()._compute_problem()

    # === BUSINESS METHODS: DRAWING === #

    def _find_parts(self, vals):
        move = self.env["account.move"].browse(vals.get("move_id"))
        return move._lengow_get_parts() if move else super()._find_parts(vals)

    @api.model
    def _get_line_arguments(self, rule):
        return tuple(name for name in AMOUNTS if name in rule.arguments)

    @api.model
    def _prepare_part_vals(self, rule, job, line, part, done):
        vals = super()._prepare_part_vals(rule, job, line, part, done)
        if rule is None or not self._get_line_arguments(rule):
            return vals
        given = {} if part is None else dict(part.values)
        if self.env.context.get("default_action_id") and job.lines is not None:
            given = {**{name: job.values.get(name) for name in AMOUNTS}, **given}
        left = self._get_left(job.order, line)
        unit = left / line.quantity if line.quantity else ZERO
        vals["unit_price"] = float(unit)
        amount = decimal(given.get("refund_price"))
        if amount is not None and self._is_one_amount(rule):
            amount += decimal(given.get("refund_shipping_price")) or ZERO
        if amount is None:
            amount = round_cents(min(unit * decimal(vals["quantity"]), left))
        vals["refund_price"] = float(amount)
        for name in AMOUNTS[1:]:
            vals[name] = float(decimal(given.get(name)) or 0)
        return vals

    @api.model
    def _is_one_amount(self, rule):
        """Tell whether one amount of the order is all that a marketplace asks for."""
        is_apart = "refund_shipping_price" in rule.arguments
        return rule.granularity == PER_ORDER and not is_apart

    @api.model
    def _propose(self, rule, job, argument):
        is_amount = argument.name == "refund_price"
        if is_amount and argument.is_listed_as_required and job.lines is None:
            left = self._get_left(job.order)
            return None if left is None else format(round_cents(left), "f")
        return super()._propose(rule, job, argument)

    # === BUSINESS METHODS: LIMITS === #

    @api.model
    def _get_left(self, order, line=None):
        """Tell what the buyer paid and has not got back, nor is about to.

        :param Line line: a line of the order, None for the order.
        :return: Decimal in the marketplace's currency; of a line without its share of the
            order's discount; None when the order does not tell.
        """
        view = order._view()
        shown = refunded_amounts(view)
        ours = self._get_asked_for(order)
        if line is None:
            limit = get_goods_limit(view)
            if limit is None:
                return None
            beyond = sum(ours.values(), ZERO) - sum(shown.values(), ZERO)
            return max(limit - max(beyond, ZERO), ZERO)
        limit = get_goods_limit(view, line)
        if limit is None:
            return ZERO
        beyond = ours.get(line.key, ZERO) - shown.get(line.key, ZERO)
        left = max(limit - max(beyond, ZERO), ZERO)
        return round_cents(left * self._get_paid_share(view))

    @api.model
    def _get_paid_share(self, view):
        """:return: the part of the lines' amounts that is left by the order's discount."""
        discount = _read(view, "discount") or ZERO
        total = sum(
            (_read_line(view, line) or ZERO for line in view.lines if line.is_counted),
            ZERO,
        )
        if not total or not 0 < abs(discount) < total:
            return Decimal(1)
        return 1 - abs(discount) / total

    @api.model
    def _get_asked_for(self, order):
        """:return: dict of line number, "" for the order, to what we asked to refund.

        Shipping is told apart, under `None`.
        """
        amounts = {}
        for action in order.action_ids - self.action_id:
            if action.state not in ACTIONS_IN_FORCE:
                continue
            arguments = action.arguments or {}
            for name, key in (
                ("refund_price", action.line_key or ""),
                ("refund_shipping_price", None),
            ):
                amount = decimal(arguments.get(name))
                if amount is not None:
                    amounts[key] = amounts.get(key, ZERO) + amount
        return amounts

    def _check_more(self, job):
        problems = super()._check_more(job)
        rule = self._get_rule()
        if rule is None or "refund" not in rule.name:
            return problems
        parts = job.lines or []
        lines = {line.key: line for line in job.order._view().lines}
        goods, shipping = ZERO, ZERO
        is_told = False
        for values in [part.values for part in parts] or [job.values]:
            is_told = is_told or "refund_price" in values
            goods += decimal(values.get("refund_price")) or ZERO
            shipping += decimal(values.get("refund_shipping_price")) or ZERO
        if is_told and not goods + shipping:
            problems.append(self.env._("Enter what is to be refunded: it is 0 now."))
        if rule.line_argument is not None:
            for part in parts:
                amount = decimal(part.values.get("refund_price")) or ZERO
                problems += self._check_line_limit(lines[part.line_id], amount)
        return problems + self._check_order_limit(job.order, goods, shipping)

    def _check_line_limit(self, line, amount):
        view = self.lengow_order_id._view()
        limit = get_goods_limit(view, line)
        if limit is None:
            return []
        ours = self._get_asked_for(self.lengow_order_id).get(line.key, ZERO)
        shown = refunded_amounts(view).get(line.key, ZERO)
        left = max(limit - max(ours - shown, ZERO), ZERO)
        # More than the line itself is told by the marketplace's rules.
        if amount <= left or amount > limit:
            return []
        return [
            self.env._(
                "“%(line)s”: %(amount)s is more than the %(left)s that are left: a refund "
                "of %(asked)s is under way or done.",
                line=line.title or line.key,
                amount=self._format(amount),
                left=self._format(left),
                asked=self._format(ours),
            )
        ]

    def _check_order_limit(self, order, goods, shipping):
        left = self._get_left(order)
        if left is None or goods + shipping <= left:
            return []
        return [
            self.env._(
                "The refund of %(amount)s is more than the %(left)s that the buyer paid "
                "for order %(order)s and has not got back.",
                amount=self._format(goods + shipping),
                left=self._format(left),
                order=order.marketplace_order_id,
            )
        ]

    def _format(self, amount):
        currency = self.currency_id
        return currency.format(float(amount)) if currency else format(amount, "f")


class LengowActionWizardLine(models.TransientModel):
    _inherit = "lengow.action.wizard.line"

    currency_id = fields.Many2one(related="wizard_id.currency_id")
    unit_price = fields.Float(help="What a piece costs that is left.")
    refund_price = fields.Monetary("Refund", help="Of the goods, taxes included.")
    refund_taxes = fields.Monetary("Refunded Taxes", help="Where told apart.")
    refund_shipping_price = fields.Monetary("Refunded Shipping")
    refund_shipping_taxes = fields.Monetary(
        "Taxes of Shipping", help="Where told apart."
    )

    @api.onchange("quantity")
    def _onchange_quantity(self):
        """Refund the price of the chosen pieces."""
        if self.unit_price:
            amount = decimal(self.unit_price) * decimal(self.quantity)
            self.refund_price = float(round_cents(amount))

    # === BUSINESS METHODS === #

    def _get_quantity(self):
        # Money alone can be given back, and no piece.
        wizard = self.wizard_id
        if wizard.takes_refund_price and not self.quantity:
            return None
        return super()._get_quantity()

    def _get_values(self, rule):
        """Tell the amounts of the line, those of optional ones only if there are any."""
        values = super()._get_values(rule)
        if rule is None:
            return values
        wizard = self.wizard_id
        for name in wizard._get_line_arguments(rule):
            argument = rule.arguments[name]
            is_told = name == "refund_price" or argument.is_listed_as_required
            if is_told or self[name]:
                values[name] = format(round_cents(decimal(self[name])), "f")
        return values


def _get_currency_code(order):
    if not order:
        return ""
    view = order._view()
    return view.marketplace_currency or view.account_currency


def _read(view, name):
    return _read_payload(view, view.payload, name)


def _read_line(view, line):
    return _read_payload(view, line.payload, "amount")


def _read_payload(view, payload, name):
    value = decimal(payload.get(f"original_{name}"))
    is_same = view.marketplace_currency in ("", view.account_currency)
    return decimal(payload.get(name)) if value is None and is_same else value
