"""How much can be given back: no more than the buyer paid and has not got back."""

from .order import CANCELLED_STATUSES
from .parsing import decimal
from .problems import Problem
from .refunds import refunded_amounts, round_cents

#: Argument -> whether it is about the goods; else about the shipping.
_AMOUNTS = {"refund_price": True, "refund_shipping_price": False}


def check_refund(rule, order, line, arguments):
    """Tell which amounts of a request are above what the buyer paid.

    :param ActionRule rule: what the marketplace wants of the action
    :param Order order: the order
    :param Line line: the line that it is about, None for the order
    :param dict arguments: the arguments
    :return: list of :class:`.problems.Problem`
    """
    problems = []
    for name, is_goods in _AMOUNTS.items():
        amount = decimal(arguments.get(name))
        if amount is None or name not in rule.arguments:
            continue
        limit = get_goods_limit(order, line) if is_goods else _get_shipping(order)
        problems += _compare(rule, name, amount, limit)
    if line is None and not problems:
        # The order's limit is that of goods and shipping together.
        given = [name for name in _AMOUNTS if name in rule.arguments]
        amount = sum(decimal(arguments.get(name)) or 0 for name in given)
        if len(given) > 1:
            problems += _compare(rule, given[-1], amount, get_goods_limit(order))
    return problems


def check_refunds(rule, order, requests):
    """Tell when several requests give more shipping back than the buyer paid.

    :param ActionRule rule: what the marketplace wants of the action
    :param Order order: the order
    :param list requests: the arguments of each
    :return: list of :class:`.problems.Problem`
    """
    problems = []
    for name, is_goods in _AMOUNTS.items():
        amounts = [decimal(arguments.get(name)) or 0 for arguments in requests]
        if not is_goods and len(amounts) > 1 and name in rule.arguments:
            problems += _compare(rule, name, sum(amounts), _get_shipping(order))
    return problems


def _compare(rule, name, amount, limit):
    if limit is None or amount <= limit:
        return []
    values = {
        "argument": rule.arguments[name].label,
        "value": format(amount, "f"),
        "limit": format(limit, "f"),
    }
    return [Problem("above_paid", name, values=values)]


def get_goods_limit(order, line=None):
    """Tell how much can still be given back.

    :param Order order: the order
    :param Line line: a line of it, None for the whole order
    :return: Decimal in the marketplace's currency, None when the order does not tell
    """
    refunded = refunded_amounts(order)
    if line is not None:
        paid = _read(order, line.payload, "amount")
        return None if paid is None else max(paid - refunded.get(line.key, 0), 0)
    paid = _read(order, order.payload, "total_order")
    if paid is None or paid < 0:
        # -1: Lengow had no exchange rate.
        return None
    # The total leaves cancelled lines out, which the buyer may have paid for.
    cancelled = [
        _read(order, entry.payload, "amount")
        for entry in order.lines
        if entry.lengow_status in CANCELLED_STATUSES
    ]
    paid += sum(amount for amount in cancelled if amount is not None)
    return max(paid - sum(refunded.values()), 0)


def _get_shipping(order):
    shipping = _read(order, order.payload, "shipping")
    return None if shipping is None else abs(shipping)


def _read(order, payload, name):
    value = decimal(payload.get(f"original_{name}"))
    is_same = order.marketplace_currency in ("", order.account_currency)
    if value is None and is_same:
        value = decimal(payload.get(name))
    # A float may fall short of the cents that it stands for.
    return None if value is None else round_cents(value)
