"""What a marketplace has given back to the buyer."""

from decimal import ROUND_HALF_UP, Context, Decimal

from .parsing import decimal

_ROUNDING = Context(prec=200, rounding=ROUND_HALF_UP)
# A number of more digits is no amount, and rounding it would raise.
_MAX_DIGITS = 150


def refunded_amounts(order, original=True, digits=2):
    """Read what was refunded of each line, taxes included.

    :param Order order: the order.
    :param bool original: in the marketplace's currency, where the order gives it; else in
        the account's currency.
    :param int digits: decimal places of the currency.
    :return: dict of line key to Decimal, without lines of which nothing was refunded.
    """
    original = original and bool(order.marketplace_currency)
    # A value that is the same in both currencies may be given once.
    is_same = order.marketplace_currency in ("", order.account_currency)
    amounts = {}
    for line in order.lines:
        value = decimal(line.payload.get("refunded_amount"))
        if original:
            own = decimal(line.payload.get("original_refunded_amount"))
            value = own if own is not None else value if is_same else None
        if value:
            amounts[line.key] = round_cents(abs(value), digits)
    return {key: amount for key, amount in amounts.items() if amount}


def round_cents(amount, digits=2):
    """Round an amount, half up.

    :param Decimal amount: any that can be read.
    :param int digits: decimal places of the currency.
    :rtype: Decimal
    """
    if amount.adjusted() > _MAX_DIGITS:
        return amount
    return amount.quantize(Decimal(1).scaleb(-digits), context=_ROUNDING)
