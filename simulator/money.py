"""Amounts in integer cents, so that every simulated total truly adds up."""

from decimal import ROUND_HALF_UP, Decimal

from .const import CURRENCIES, RATES, UNCOUNTED_STATUSES

_ORDER_AMOUNTS = (
    "total_order",
    "total_tax",
    "shipping",
    "discount",
    "commission",
    "processing_fee",
)
_LINE_AMOUNTS = ("amount", "tax", "discount", "shipping", "refunded_amount")


def to_cents(value):
    """Read an amount of a payload.

    :param value: a number, a string, or None
    :return: the amount in cents, 0 for None
    :rtype: int
    """
    if value is None or value == "":
        return 0
    cents = Decimal(str(value)) * 100
    return int(cents.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_text(cents):
    """Write cents the way lines do, as text with two decimals.

    :param int cents: the amount in cents
    :return: the amount, such as "806.69"
    :rtype: str
    """
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def to_number(cents):
    """Write cents the way orders do, as a number.

    :param int cents: the amount in cents
    :return: the amount in units, an integer when it is whole
    :rtype: float or int
    """
    return cents / 100 if cents % 100 else cents // 100


def convert(cents, source, target):
    """Convert an amount, rounded half away from zero.

    :param int cents: the amount in cents of `source`
    :param str source: ISO code of the currency of the amount
    :param str target: ISO code of the currency wanted
    :return: the amount in cents of `target`
    :rtype: int
    """
    if source == target:
        return cents
    worth, divisor = abs(cents) * RATES[source], RATES[target]
    converted = (2 * worth + divisor) // (2 * divisor)
    return converted if cents >= 0 else -converted


def get_lines(payload):
    """Collect the lines of every package.

    :param dict payload: an order
    :return: the lines, in the order of the cart
    :rtype: list of dict
    """
    return [
        line
        for package in payload.get("packages") or ()
        for line in package.get("cart") or ()
    ]


def compute_total(payload, prefix=""):
    """Add up an order: counting lines, shipping and fee, less the discount.

    :param dict payload: an order
    :param str prefix: `original_` for the marketplace's currency
    :return: what `total_order` must be, in cents
    :rtype: int
    :source: lengow_api, "Orders"
    """
    lines = sum(
        to_cents(line.get(f"{prefix}amount"))
        for line in get_lines(payload)
        if line.get("lengow_status") not in UNCOUNTED_STATUSES
    )
    return (
        lines
        + to_cents(payload.get(f"{prefix}shipping"))
        + to_cents(payload.get(f"{prefix}processing_fee"))
        - to_cents(payload.get(f"{prefix}discount"))
    )


def in_currency(payload, code):
    """Show an order in another currency, from the marketplace's own amounts.

    :param dict payload: an order
    :param str code: ISO code of the currency, or None for the marketplace's own
    :return: a copy whose total is -1 when there is no exchange rate
    :rtype: dict
    :source: 002, "Changing the currency"; lengow_api, "Orders"
    """
    source = (payload.get("original_currency") or {}).get("iso_a3")
    code = code or source
    shown = {**payload, "currency": CURRENCIES.get(code, {"iso_a3": code})}
    if source not in RATES or code not in RATES:
        return {**shown, "total_order": -1}

    def change(record, fields):
        for field in fields:
            original = record.get(f"original_{field}")
            if original is None:
                record[field] = None
                continue
            cents = convert(to_cents(original), source, code)
            is_text = isinstance(record.get(field), str)
            record[field] = to_text(cents) if is_text else to_number(cents)

    change(shown, _ORDER_AMOUNTS)
    shown["packages"] = [
        {**package, "cart": [dict(line) for line in package.get("cart") or ()]}
        for package in payload.get("packages") or ()
    ]
    for line in get_lines(shown):
        change(line, _LINE_AMOUNTS)
    # Each amount was rounded on its own: only their sum is the total.
    shown["total_order"] = to_number(compute_total(shown))
    return shown
