"""Money that goes back: whole orders, lines, pieces, parts, shipping fees.

Prices are those the buyer paid, tax included; the taxes named beside them are a part of
them. All are in the marketplace's currency.
"""

from .const import ACCOUNT_CURRENCY, RATES
from .errors import Refusal
from .money import convert, to_cents, to_text
from .order_edit import get_quantity
from .world import write_like

_QUANTITIES = ("refund_quantity", "quantity")
# A cancelled line counts for nothing: were it called refunded, the order's total would
# have it again.
_STAYING = ("canceled", "refused")


def refund(task):
    """Refund lines, and the shipping fees where they are named or all is refunded."""
    lines = task.find_targets()
    line_id = task.arguments.get("line")
    price = _read_price(task, "refund_price", "refund_taxes")
    shipping = _read_price(task, "refund_shipping_price", "refund_shipping_taxes")
    quantity = task.get_quantity(*_QUANTITIES)
    free_shipping = _get_refundable_shipping(task)
    if shipping is None:
        is_whole = line_id is None and price is None and quantity is None
        shipping = free_shipping if is_whole else 0
    if shipping > free_shipping:
        raise Refusal(
            (
                "refund_shipping_price",
                f"{to_text(shipping)} of shipping is more than the"
                f" {to_text(free_shipping)} that can be refunded.",
            ),
        )
    if quantity is not None:
        price = _price_pieces(task, lines, quantity, price)
    if price == shipping == 0:
        raise Refusal("Nothing to refund: neither a price nor shipping.")
    shares = _share_out(lines, price)
    for line, cents in shares:
        _refund_line(task.edit, line, cents)
    if quantity is not None:
        task.get_account(lines[0]).refunded_quantity += quantity
    task.ledger.refund_shipping(task.edit.order, shipping)


def _read_price(task, name, tax_name):
    """Read an amount in cents, None when it is not given; its tax is a part of it."""
    if task.arguments.get(name) is None:
        return None
    cents, tax = (to_cents(task.arguments.get(key)) for key in (name, tax_name))
    if tax > cents:
        message = f"{to_text(tax)} of taxes is more than the price of {to_text(cents)}."
        raise Refusal((tax_name, message))
    return cents


def _price_pieces(task, lines, quantity, price):
    if len(lines) > 1:
        raise Refusal("A quantity needs the line that it is of.")
    line = lines[0]
    pieces = get_quantity(line)
    left = pieces - task.get_account(line).refunded_quantity
    if quantity > left:
        message = f"{quantity} is more than the {left} that can be refunded."
        raise Refusal(("refund_quantity", message))
    if price is not None:
        return price
    if quantity == left:
        return _get_refundable(line)
    return min(_get_refundable(line), _get_amount(line) * quantity // pieces)


def _share_out(lines, price):
    """Spread an amount over lines, from the first on; None refunds all there is."""
    refundable = [(line, _get_refundable(line)) for line in lines]
    total = sum(cents for _line, cents in refundable)
    if price is None:
        if not total and any(_get_amount(line) for line in lines):
            raise Refusal("Everything has already been refunded.")
        return refundable
    if price > total:
        raise Refusal(
            (
                "refund_price",
                f"{to_text(price)} is more than the {to_text(total)} that can be"
                " refunded.",
            ),
        )
    shares = []
    for line, cents in refundable:
        shares.append((line, min(cents, price)))
        price -= shares[-1][1]
    return [(line, cents) for line, cents in shares if cents]


def _refund_line(edit, line, cents):
    amount = _get_amount(line)
    refunded = amount - _get_refundable(line) + cents
    is_whole = refunded == amount
    # Two amounts that were converted one by one must not differ at the end.
    own = to_cents(line.get("amount")) if is_whole else _exchange(edit.order, refunded)
    for name, value in (
        ("original_refunded_amount", refunded),
        ("refunded_amount", own),
    ):
        line[name] = write_like(line.get("amount"), value)
    status = "refunded" if is_whole else "partial_refunded"
    if edit.knows(status) and edit.get_status(line) not in _STAYING:
        edit.set_status(line, status)


def _get_amount(line):
    name = "original_amount" if line.get("original_amount") is not None else "amount"
    return to_cents(line.get(name))


def _get_refundable(line):
    return max(0, _get_amount(line) - to_cents(line.get("original_refunded_amount")))


def _get_refundable_shipping(task):
    order = task.edit.order
    name = "original_shipping" if "original_shipping" in order else "shipping"
    refunded = task.ledger.get_refunded_shipping(order)
    return max(0, to_cents(order.get(name)) - refunded)


def _exchange(order, cents):
    currency = order.get("original_currency")
    code = currency.get("iso_a3") if isinstance(currency, dict) else currency
    return convert(cents, code, ACCOUNT_CURRENCY) if code in RATES else cents
