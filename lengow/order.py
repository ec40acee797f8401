"""Read-only views over an order payload of ``GET /v3.0/orders/``.

The payload is never changed: a view only reads it, and is tolerant of every form that
live orders take (null, a string for a number, an object for a code).
"""

from functools import cached_property

from .address import Address, complete_billing, complete_delivery
from .const import MAXIMUM_NUMBER_LENGTH
from .parsing import as_dict, as_list, decimal, text, timestamp
from .relay import find_relay_point
from .texts import meaningful

WAITING_STATUSES = frozenset(
    {"new", "waiting_acceptance", "accepted", "pickup_to_prepare"},
)
IMPORTABLE_STATUSES = frozenset(
    {
        "waiting_shipment",
        "shipped",
        "closed",
        "partial_refunded",
        "to_pickup",
        "pickup_completed",
    },
)
CANCELLED_STATUSES = frozenset({"canceled", "refused", "pickup_canceled"})
REFUNDED_STATUSES = frozenset({"to_refund", "refunding", "refunded"})


class Order:
    """One marketplace order as Lengow gives it.

    :param dict payload: an entry of ``results``.
    """

    def __init__(self, payload):
        self.payload = as_dict(payload)

    @cached_property
    def marketplace(self):
        """:return: code of the marketplace, "" when missing."""
        return text(self.payload.get("marketplace"))

    @cached_property
    def marketplace_order_id(self):
        """:return: the marketplace's number of the order, "" when missing or endless."""
        number = text(self.payload.get("marketplace_order_id"))
        return number if len(number) <= MAXIMUM_NUMBER_LENGTH else ""

    @cached_property
    def lengow_status(self):
        """:return: Lengow's status, known or not; "" when missing."""
        return text(self.payload.get("lengow_status"))

    @property
    def marketplace_status(self):
        """:return: the marketplace's own status, "" when missing."""
        return text(self.payload.get("marketplace_status"))

    @cached_property
    def ordered_at(self):
        """:return: naive UTC datetime of the order, or None."""
        return timestamp(self.payload.get("marketplace_order_date"))

    @cached_property
    def updated_at(self):
        """:return: naive UTC datetime of Lengow's last change, or None."""
        return timestamp(self.payload.get("updated_at"))

    @property
    def is_anonymized(self):
        """:return: True when the buyer's data has been erased."""
        return self.payload.get("anonymized") in (True, "true", "True", 1)

    @cached_property
    def order_types(self):
        """:return: set of codes such as ``is_express`` or ``is_business``."""
        types = as_list(self.payload.get("order_types"))
        return {text(as_dict(entry).get("type")) for entry in types}

    @cached_property
    def is_fulfilled_by_marketplace(self):
        """:return: True when the marketplace delivers from its own warehouse."""
        return "is_delivered_by_marketplace" in self.order_types or any(
            tracking.get("is_delivered_by_marketplace") is True
            for package in self.packages
            for tracking in package.trackings
        )

    @cached_property
    def account_currency(self):
        """:return: ISO code of the currency of the Lengow account, "" when missing."""
        return currency_code(self.payload.get("currency"))

    @cached_property
    def marketplace_currency(self):
        """:return: ISO code of the currency the buyer paid in, "" when missing."""
        return currency_code(self.payload.get("original_currency"))

    @property
    def customer_id(self):
        """:return: the marketplace's number of the buyer, "" when missing."""
        number = text(self.payload.get("marketplace_customer_id"))
        return number if number == "0" else meaningful(number)

    @property
    def merchant_order_ids(self):
        """:return: set of the merchant's own numbers of the order, as Lengow shows them."""
        shown = self.payload.get("merchant_order_id")
        entries = [text(entry) for entry in as_list(shown)]
        # Several numbers in one text are separated by commas.
        parts = text(shown).split(",")
        return {entry.strip() for entry in (*entries, *parts)} - {""}

    @property
    def comments(self):
        """:return: list of the buyer's comments."""
        comments = as_list(self.payload.get("comments"))
        return [comment for comment in map(text, comments) if comment]

    @cached_property
    def billing(self):
        """:return: :class:`Address` of the invoice, empty when missing."""
        return Address(as_dict(self.payload.get("billing_address")))

    @cached_property
    def invoice_address(self):
        """:return: :class:`Address` of the invoice; the delivery's fills what is missing."""
        if not self.packages:
            return self.billing
        return complete_billing(self.billing, self.packages[0].recipient)

    @property
    def vat_number(self):
        """:return: the buyer's VAT number from wherever it is given, or ""."""
        return next(iter(self.vat_numbers), "")

    @property
    def vat_numbers(self):
        """:return: list of all that may be the buyer's VAT number, the likeliest first."""
        candidates = [
            as_dict(as_dict(self.payload.get("tax")).get("buyer_tax")).get("id"),
            self.billing.vat_number,
            *(package.delivery.vat_number for package in self.packages),
        ]
        for payment in as_list(self.payload.get("payments")):
            terms = as_dict(as_dict(payment).get("payment_terms"))
            candidates += [terms.get("vat_number"), terms.get("fiscalnb")]
        return list(dict.fromkeys(filter(None, map(text, candidates))))

    @cached_property
    def packages(self):
        """:return: list of :class:`Package`."""
        entries = as_list(self.payload.get("packages"))
        packages = [
            Package(self, as_dict(entry))
            for entry in entries
            if isinstance(entry, dict)
        ]
        taken = set()
        for package in packages:
            for line in package.lines:
                repeated = 1
                while line.key in taken:
                    repeated += 1
                    line.key = f"{line.line_id}#{repeated}"
                taken.add(line.key)
        return packages

    @cached_property
    def lines(self):
        """:return: list of every :class:`Line` of every package."""
        return [line for package in self.packages for line in package.lines]


class Package:
    """Lines that go to one address.

    ``delivery.id`` changes between calls, so a package is known by its lines.

    :param Order order: the order that it is a part of.
    :param dict payload: an entry of ``packages``.
    """

    def __init__(self, order, payload):
        self.order = order
        self.payload = payload

    @cached_property
    def lines(self):
        """:return: list of :class:`Line`, cancelled ones included."""
        cart = as_list(self.payload.get("cart"))
        return [Line(self, entry) for entry in cart if isinstance(entry, dict)]

    @property
    def key(self):
        """:return: the sorted keys of its lines, as one string."""
        return ",".join(sorted(line.key for line in self.lines))

    @cached_property
    def delivery(self):
        """:return: :class:`Address` of the delivery, empty when missing."""
        return Address(as_dict(self.payload.get("delivery")))

    @cached_property
    def relay_point(self):
        """:return: :class:`RelayPoint` where the buyer fetches the package, or None."""
        return find_relay_point(self.trackings)

    @cached_property
    def recipient(self):
        """:return: :class:`Address` of the delivery, without a relay point's own name."""
        if self.is_at_relay_point:
            return self.relay_point.leave_out(self.delivery)
        return self.delivery

    @cached_property
    def delivery_address(self):
        """:return: :class:`Address` of the delivery; the billing's fills what is missing."""
        return complete_delivery(self.recipient, self.order.billing)

    @cached_property
    def is_at_relay_point(self):
        """:return: True when the delivery address is the relay point's own."""
        relay = self.relay_point
        return bool(relay) and relay.is_at(self.delivery, self.order.billing)

    @property
    def trackings(self):
        """:return: list of the tracking dicts of the package."""
        delivery = as_dict(self.payload.get("delivery"))
        return [
            entry
            for entry in as_list(delivery.get("trackings"))
            if isinstance(entry, dict)
        ]


class Line:
    """One line of the marketplace order.

    :param Package package: the package that it is a part of.
    :param dict payload: an entry of ``cart``.
    """

    def __init__(self, package, payload):
        self.package = package
        self.payload = payload
        self.key = self.line_id

    @cached_property
    def line_id(self):
        """:return: the marketplace's number of the line; "0" is a legal one."""
        return text(self.payload.get("marketplace_order_line_id"))

    @property
    def product_id(self):
        """:return: the merchant's number of the product; "0" is a legal one."""
        return text(as_dict(self.payload.get("merchant_product_id")).get("id"))

    @property
    def product_field(self):
        """:return: where that number comes from in the merchant's catalogue, or ""."""
        return text(as_dict(self.payload.get("merchant_product_id")).get("field"))

    @property
    def title(self):
        """:return: the product's title on the marketplace."""
        return text(self.payload.get("title"))

    @cached_property
    def lengow_status(self):
        """:return: Lengow's status of the line, "" when missing."""
        return text(self.payload.get("lengow_status"))

    @cached_property
    def quantity(self):
        """:return: ordered quantity as Decimal; 1 when missing, 0 is a legal one."""
        quantity = decimal(self.payload.get("quantity"))
        return decimal(1) if quantity is None else quantity

    @cached_property
    def is_counted(self):
        """:return: True when the line is a part of the order's total."""
        return self.lengow_status not in CANCELLED_STATUSES and self.quantity > 0


def currency_code(value):
    """Read a currency, which is an object in most accounts and a string in some.

    :param value: ``{"iso_a3": "EUR", ...}``, ``"EUR"`` or null.
    :return: the ISO 4217 code in capitals, or "".
    """
    code = value.get("iso_a3") if isinstance(value, dict) else value
    return text(code).upper()
