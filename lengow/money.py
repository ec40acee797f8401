"""What an order costs, in exact decimals, shared out over its packages."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal

from .parsing import decimal

ZERO = Decimal(0)
NO_EXCHANGE_RATE = Decimal(-1)
# Room for every number that can be read, so that rounding never raises.
_ROUNDING = Context(prec=200, rounding=ROUND_HALF_UP)


@dataclass
class PackageAmounts:
    """What one package costs, taxes included, in the order's currency."""

    lines: dict = field(default_factory=dict)
    shipping: Decimal = ZERO
    processing_fee: Decimal = ZERO
    discount: Decimal = ZERO

    @property
    def total(self):
        """:return: what the sale order of the package must add up to."""
        goods = sum(self.lines.values(), ZERO)
        return goods + self.shipping + self.processing_fee - self.discount


@dataclass
class OrderAmounts:
    """What an order costs, and what its parts leave unexplained."""

    currency: str
    total: Decimal | None
    packages: list
    has_no_rate: bool = False

    @property
    def parts_total(self):
        """:return: sum of the packages."""
        return sum((package.total for package in self.packages), ZERO)

    @property
    def difference(self):
        """:return: the marketplace's total less the sum of its parts."""
        return ZERO if self.total is None else self.total - self.parts_total


def order_currency(order, original=True):
    """Tell which currency an order is read in.

    :param Order order: the order.
    :param bool original: as in :func:`order_amounts`.
    :return: the ISO 4217 code, "" when the order names none.
    """
    return (original and order.marketplace_currency) or order.account_currency


def order_amounts(order, original=True, digits=2):
    """Read the amounts of an order.

    :param Order order: the order.
    :param bool original: in the marketplace's currency, where the order gives it; else in
        the account's currency.
    :param int digits: decimal places of the currency.
    :return: :class:`OrderAmounts`; ``total`` is None when Lengow had no exchange rate or
        gave no total.
    """
    original = original and bool(order.marketplace_currency)
    prefix = "original_" if original else ""
    # A value that is the same in both currencies may be given once.
    same_currency = order.marketplace_currency in ("", order.account_currency)
    quantum = Decimal(1).scaleb(-digits)

    def amount(payload, name):
        value = decimal(payload.get(prefix + name))
        if value is None and (same_currency or not decimal(payload.get(name))):
            value = decimal(payload.get(name))
        return None if value is None else value.quantize(quantum, context=_ROUNDING)

    total = amount(order.payload, "total_order")
    has_no_rate = total == NO_EXCHANGE_RATE
    packages = [
        PackageAmounts(
            lines={
                line.key: amount(line.payload, "amount") or ZERO
                for line in package.lines
                if line.is_counted
            }
        )
        for package in order.packages
    ]
    amounts = OrderAmounts(
        order_currency(order, original),
        None if has_no_rate else total,
        packages,
        has_no_rate,
    )
    _share_out(order, amounts, "shipping", amount)
    _share_out(order, amounts, "processing_fee", amount)
    _share_out(order, amounts, "discount", amount)
    _drop_discount_already_deducted(amounts)
    return amounts


def _share_out(order, amounts, name, amount):
    """Give each package what its own lines carry, and the first one the rest.

    A package whose lines are all cancelled is not delivered, so it gets nothing.
    """
    left = abs(amount(order.payload, name) or ZERO)
    if not left:
        return
    for package, shares in zip(order.packages, amounts.packages, strict=True):
        own = sum(
            (
                abs(amount(line.payload, name) or ZERO)
                for line in package.lines
                if line.is_counted
            ),
            ZERO,
        )
        own = min(own, left)
        setattr(shares, name, own)
        left -= own
    if left and amounts.packages:
        first = next(
            (shares for shares in amounts.packages if shares.lines), amounts.packages[0]
        )
        setattr(first, name, getattr(first, name) + left)


def _drop_discount_already_deducted(amounts):
    """Leave the discount out where the lines' amounts are already net of it.

    Marketplaces differ; the total tells which of the two it is.
    """
    discount = sum((package.discount for package in amounts.packages), ZERO)
    if discount and amounts.difference == discount:
        for package in amounts.packages:
            package.discount = ZERO
