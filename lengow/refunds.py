"""What a marketplace has given back to the buyer."""

from decimal import ROUND_HALF_UP, Context, Decimal

from .parsing import decimal

# Room for every number that can be read, so that rounding never raises.
_ROUNDING = Context(prec=200, rounding=ROUND_HALF_UP)


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
    quantum = Decimal(1).scaleb(-digits)
    amounts = {}
    for line in order.lines:
        value = decimal(line.payload.get("refunded_amount"))
        if original:
            own = decimal(line.payload.get("original_refunded_amount"))
            value = own if own is not None else value if is_same else None
        if value:
            amounts[line.key] = abs(value).quantize(quantum, context=_ROUNDING)
    return {key: amount for key, amount in amounts.items() if amount}
