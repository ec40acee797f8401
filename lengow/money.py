"""What an order costs, in exact decimals, shared out over its packages."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import product

from .order import REFUNDED_STATUSES
from .parsing import decimal

ZERO = Decimal(0)
NO_EXCHANGE_RATE = Decimal(-1)
# Room for every number that can be read, so that rounding never raises.
_ROUNDING = Context(prec=200, rounding=ROUND_HALF_UP)
_CHARGES = ("shipping", "processing_fee", "discount")


@dataclass
class PackageAmounts:
    """What one package costs, taxes included, in the order's currency.

    The adjustment is what the parts of an order leave unexplained, where it is tolerated.
    """

    lines: dict = field(default_factory=dict)
    shipping: Decimal = ZERO
    processing_fee: Decimal = ZERO
    discount: Decimal = ZERO
    adjustment: Decimal = ZERO

    @property
    def total(self):
        """:return: what the sale order of the package must add up to."""
        return (
            self.goods
            + self.shipping
            + self.processing_fee
            - self.discount
            + self.adjustment
        )

    @property
    def goods(self):
        """:return: sum of the lines."""
        return sum(self.lines.values(), ZERO)


@dataclass
class OrderAmounts:
    """What an order costs, and what its parts leave unexplained.

    The commission is what the marketplace keeps: a positive figure, whatever its sign in
    the payload.
    """

    currency: str
    total: Decimal | None
    packages: list
    has_no_rate: bool = False
    commission: Decimal = ZERO

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
        abs(amount(order.payload, "commission") or ZERO),
    )
    for name in _CHARGES:
        charge = abs(amount(order.payload, name) or ZERO)
        if charge:
            _share_out(order, amounts, name, charge, amount)
    if amounts.difference:
        _read_otherwise(order, amounts, amount)
    return amounts


def _share_out(order, amounts, name, charge, amount):
    """Give each package what its own lines carry, and the first one the rest.

    A package whose lines are all cancelled is not delivered, so it gets nothing.
    """
    left = charge
    for package, shares in zip(order.packages, amounts.packages, strict=True):
        own = min(_sum_of_lines(package, shares, name, amount), left) if left else ZERO
        setattr(shares, name, own)
        left -= own
    if left and amounts.packages:
        first = next(
            (shares for shares in amounts.packages if shares.lines), amounts.packages[0]
        )
        setattr(first, name, getattr(first, name) + left)


def _sum_of_lines(package, shares, name, amount):
    """:return: what the counted lines of a package carry of a charge."""
    return sum(
        (
            abs(amount(line.payload, name) or ZERO)
            for line in package.lines
            if line.key in shares.lines
        ),
        ZERO,
    )


def _read_otherwise(order, amounts, amount):
    """Let the total tell what the marketplace means by its other figures.

    Marketplaces differ: the amounts of the lines may be net of the discount already; the
    discount or the shipping may be given on the lines alone, the discount of the lines
    beside that of the order; lines that were refunded may be out of the total.
    """

    def of_lines(name):
        pairs = zip(order.packages, amounts.packages, strict=True)
        return sum((_sum_of_lines(*pair, name, amount) for pair in pairs), ZERO)

    goods, fee, shipping, discount = (
        sum((getattr(package, name) for package in amounts.packages), ZERO)
        for name in ("goods", "processing_fee", "shipping", "discount")
    )
    refunded = _refunded_lines(order)
    without = goods - sum(
        (
            package.lines[key]
            for package in amounts.packages
            for key in refunded & package.lines.keys()
        ),
        ZERO,
    )
    line_discount = of_lines("discount")
    readings = product(
        (goods, without),
        (shipping or ZERO, shipping or of_lines("shipping")),
        (ZERO, discount, line_discount, discount + line_discount),
    )
    for kept, shipping, discount in readings:
        if kept + fee + shipping - discount == amounts.total:
            if kept != goods:
                _leave_out(amounts, refunded)
            _share_out(order, amounts, "shipping", shipping, amount)
            _share_out(order, amounts, "discount", discount, amount)
            return


def _refunded_lines(order):
    """:return: set of keys of the refunded lines, empty when all of them are."""
    counted = [line for line in order.lines if line.is_counted]
    refunded = {line.key for line in counted if line.lengow_status in REFUNDED_STATUSES}
    return refunded if len(refunded) < len(counted) else set()


def _leave_out(amounts, keys):
    for package in amounts.packages:
        for key in keys & package.lines.keys():
            del package.lines[key]
