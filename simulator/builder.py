"""From the draft of an order, in cents, to the payload that Lengow shows."""

from dataclasses import dataclass, field
from datetime import timedelta

from .const import (
    ACCOUNT_CURRENCY,
    CURRENCIES,
    UNCOUNTED_STATUSES,
    VAT_RATES,
    WORKFLOW_RANKS,
)
from .dates import format_date
from .money import convert, to_number, to_text
from .profiles import Profile, fill

_STANDARD_RATE = "20.0"
# Share of its price that a marketplace keeps, in percent (ours).
COMMISSION = 12
# Days a merchant has to ship (ours).
_SHIPPING_DAYS = 2


@dataclass
class Line:
    """One line of a draft; amounts in cents of the marketplace's currency."""

    product: dict
    quantity: int
    unit: int
    line_id: object
    status: str | None = None
    package: int = 0
    discount: int = 0
    shipping: int = 0
    refunded: int = 0
    # Field and id of `merchant_product_id`, where they are not the marketplace's usual.
    named: tuple | None = None


@dataclass
class Draft:
    """An order before it is written down; amounts as in Line."""

    profile: Profile
    order_id: str
    status: str
    order_date: object
    imported_at: object
    updated_at: object
    lines: list
    billing: dict
    deliveries: list
    customer_id: object
    account_id: int
    number: int
    date_style: str = "micro"
    shipping: int = 0
    discount: int = 0
    fee: int | None = None
    order_types: list = field(default_factory=list)
    relay: tuple = (None, None, None)
    method: str = "Standard"
    is_delivered_by_marketplace: bool = False
    is_untaxed: bool = False
    tax: dict | None = None
    order_meta: dict | None = None
    comments: object = None
    merchant_order_id: object = None
    cases: set = field(default_factory=set)


def build_payload(draft, statuses):
    """Write an order down.

    :param Draft draft: the order
    :param dict statuses: `orders.status` of its marketplace
    :return: the order as `/v3.0/orders/` shows it
    :rtype: dict
    :source: 002, "Get orders"; lengow_api, "Orders"
    """
    profile = draft.profile
    shipping = draft.shipping + sum(line.shipping for line in draft.lines)
    discount = draft.discount + sum(line.discount for line in draft.lines)
    rates = VAT_RATES[draft.deliveries[0]["common_country_iso_a2"]]
    shipping_tax = 0 if draft.is_untaxed else _included_tax(shipping, rates[0])
    cart, total, account_total, tax = [], 0, 0, shipping_tax
    account_tax = _exchange(shipping_tax, profile)
    for number, line in enumerate(draft.lines):
        line_total = line.unit * line.quantity
        rate = rates[0 if line.product["tax_rate"] == _STANDARD_RATE else 1]
        line_tax = 0 if draft.is_untaxed else _included_tax(line_total, rate)
        status = line.status or draft.status
        cart.append(_build_line(draft, number, line_total, line_tax, status, statuses))
        if status not in UNCOUNTED_STATUSES:
            total += line_total
            account_total += _exchange(line_total, profile)
            tax += line_tax
            account_tax += _exchange(line_tax, profile)
    commission = -(total * COMMISSION // 100)
    fee = draft.fee
    total += shipping + (fee or 0) - discount
    account_total += _exchange(shipping, profile) - _exchange(discount, profile)
    account_total += _exchange(fee or 0, profile)

    def write_date(moment):
        return format_date(moment, draft.date_style)

    return {
        "marketplace": profile.code,
        "account_id": draft.account_id,
        "marketplace_country_iso2": profile.country,
        "marketplace_order_id": draft.order_id,
        "marketplace_customer_id": draft.customer_id,
        "merchant_order_id": draft.merchant_order_id,
        "marketplace_status": translate_status(draft.status, statuses),
        "lengow_status": draft.status,
        "workflow_rank": WORKFLOW_RANKS.get(draft.status, 0),
        "marketplace_order_date": write_date(draft.order_date),
        "total_order": to_number(account_total),
        "total_tax": to_text(account_tax),
        "shipping": to_number(_exchange(shipping, profile)),
        "discount": to_number(_exchange(discount, profile)),
        "commission": to_text(_exchange(commission, profile)),
        "processing_fee": None if fee is None else to_number(_exchange(fee, profile)),
        "currency": dict(CURRENCIES[ACCOUNT_CURRENCY]),
        "original_currency": dict(CURRENCIES[profile.currency]),
        "original_total_order": to_number(total),
        "original_total_tax": to_text(tax),
        "original_shipping": to_number(shipping),
        "original_discount": to_number(discount),
        "original_commission": to_text(commission),
        "original_processing_fee": None if fee is None else to_number(fee),
        "original_total_buyer_amount": None,
        "original_total_buyer_tax": None,
        "original_buyer_currency": None,
        "comments": draft.comments,
        "invoice_number": None,
        "invoice_url": None,
        "payments": [
            {
                "id": draft.number,
                "checkout": None,
                "status": None,
                "type": "Other: Standard",
                "settled_at": None,
                "payment_terms": None,
                "channel_order_marketplace": draft.number,
            },
        ],
        "packages": _build_packages(draft, cart),
        "billing_address": draft.billing,
        "contact_address": None,
        "imported_at": write_date(draft.imported_at),
        "updated_at": write_date(draft.updated_at),
        "order_meta": draft.order_meta,
        "order_types": draft.order_types,
        "documents": [],
        "tax": draft.tax,
        "anonymized": False,
    }


def translate_status(status, statuses):
    """Find the marketplace's word for a Lengow status.

    :param str status: Lengow status
    :param dict statuses: `orders.status` of the marketplace
    :return: its first word for it, or the status itself
    :rtype: str
    """
    return statuses.get(status, [status])[0]


def _included_tax(cents, rate):
    """Take the tax out of an amount; the rate is in tenths of a percent."""
    return (2 * cents * rate + 1000 + rate) // (2 * (1000 + rate))


def _exchange(cents, profile):
    return convert(cents, profile.currency, ACCOUNT_CURRENCY)


def _build_line(draft, number, total, tax, status, statuses):
    line = draft.lines[number]
    profile = draft.profile
    field_name, key = profile.product
    field_name, product_id = line.named or (field_name, line.product[key])

    def both(name, cents):
        return {
            name: to_text(_exchange(cents, profile)),
            f"original_{name}": to_text(cents),
        }

    none = {"discount": None, "original_discount": None}
    return {
        "id": draft.number * 100 + number,
        "marketplace_order_line_id": line.line_id,
        "marketplace_product_id": f"B0{line.product['ean'][-8:]}",
        "merchant_product_id": {"field": field_name, "id": product_id},
        "feed_id": 1,
        "marketplace_package_id": None,
        "marketplace_status": translate_status(status, statuses),
        "lengow_status": status,
        "title": line.product["name"],
        "category": None,
        "url_product": None,
        "url_image": None,
        "order_line_meta": {},
        "orderline_types": [],
        "documents": [],
        **both("amount", total),
        **both("tax", tax),
        **(both("discount", line.discount) if line.discount else none),
        **both("shipping", line.shipping),
        **both("refunded_amount", line.refunded),
        "quantity": line.quantity,
        "max_shipping_date": format_date(
            draft.order_date + timedelta(days=_SHIPPING_DAYS),
            draft.date_style,
        ),
        "created_at": None,
        "updated_at": None,
        "original_buyer_tax": None,
        "original_buyer_amount": None,
    }


def _build_packages(draft, cart):
    packages = []
    for number in sorted({line.package for line in draft.lines}):
        lines = [
            record
            for record, line in zip(cart, draft.lines, strict=True)
            if line.package == number
        ]
        name, relay_id, relay_type = draft.relay
        tracking = {
            "number": None,
            "method": draft.method,
            "carrier": None,
            "url": None,
            "is_delivered_by_marketplace": draft.is_delivered_by_marketplace,
            "parcel_weight": None,
            "shipped_at": None,
            "relay": {"name": name, "id": relay_id, "type": relay_type},
            "marketplace_order_line_ids": [
                line["marketplace_order_line_id"] for line in lines
            ],
        }
        if draft.status in ("shipped", "closed", "partial_refunded", "refunded"):
            tracking["number"] = f"6C{draft.number:011d}"
            tracking["carrier"] = "Colissimo"
            tracking["shipped_at"] = format_date(draft.updated_at, "naive")
        delivery = {
            **draft.deliveries[number],
            "id": draft.number * 10 + number,
            "type": "delivery",
            "trackings": [tracking],
        }
        packages.append({"cart": lines, "delivery": delivery})
    return packages


def make_line_id(profile, order_id, number, rng):
    """Give a line the number that its marketplace would.

    :param Profile profile: the marketplace
    :param str order_id: the order's id
    :param int number: 1 for the first line
    :param random.Random rng: the source of chance
    :return: the id, a string or a whole number
    :rtype: str or int
    """
    if profile.line_id == "int":
        return int(fill("4########", rng))
    return fill(profile.line_id.format(order=order_id, number=number), rng)
