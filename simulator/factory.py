"""Plain drafts: one order of a new buyer, as most orders are."""

from .builder import Draft, Line, make_line_id
from .buyers import make_address, make_email
from .const import ACCOUNT_CURRENCY, ACCOUNT_ID, UNCOUNTED_STATUSES
from .money import convert
from .profiles import PROFILES, fill

# Shipping fees in cents of a euro; most marketplaces' parcels go free (ours).
_SHIPPING_FEES = (0, 0, 290, 499, 590)
_REFUNDED_STATUSES = ("refunded", "refunding", "to_refund")


class DraftFactory:
    """Makes drafts that differ, the same ones for the same seed.

    :param random.Random rng: the source of chance
    :param list products: the catalogue
    """

    def __init__(self, rng, products):
        self.rng = rng
        self.products = products
        self.by_sku = {product["sku"]: product for product in products}
        self.number = 0
        # Marketplace code -> a draft whose buyer orders again.
        self.buyers = {}
        self._used_ids = set()

    def make(self, code, dates, status="waiting_shipment", lines=1, **more):
        """Draft an order.

        :param str code: marketplace code
        :param tuple dates: ordered, imported and updated at
        :param str status: Lengow status
        :param lines: how many, or a list of pairs of SKU and quantity
        :param more: `order_id`, `account_id`
        :return: the draft
        :rtype: Draft
        """
        profile = PROFILES[code]
        rng = self.rng
        self.number += 1
        order_id = more.get("order_id") or self._make_order_id(profile)
        customer_id = 500_000 + self.number
        country = rng.choice(profile.buyers)
        email = make_email(rng, profile, customer_id)
        billing = make_address(rng, country, email, self.number * 10 + 9)
        draft = Draft(
            profile=profile,
            order_id=order_id,
            status=status,
            order_date=dates[0],
            imported_at=dates[1],
            updated_at=dates[2],
            lines=[],
            billing=billing,
            deliveries=[dict(billing)],
            customer_id=customer_id,
            account_id=more.get("account_id", ACCOUNT_ID),
            number=self.number,
            shipping=self.to_currency(profile, rng.choice(_SHIPPING_FEES)),
            order_meta={"checksum": fill("@@@@@@@@", rng).lower()},
        )
        if isinstance(lines, int):
            for product in rng.sample(self.products, lines):
                self.add_line(draft, product, rng.choice((1, 1, 1, 2, 3)))
        else:
            for sku, quantity in lines:
                self.add_line(draft, self.by_sku[sku], quantity)
        self._settle(draft)
        return draft

    def add_line(self, draft, product, quantity=1):
        """Put a product into the cart.

        :param Draft draft: the order
        :param dict product: the product
        :param int quantity: how many of it
        :return: the line
        :rtype: Line
        """
        line = Line(
            product=product,
            quantity=quantity,
            unit=self.to_currency(draft.profile, round(product["price"] * 100)),
            line_id=make_line_id(
                draft.profile,
                draft.order_id,
                len(draft.lines) + 1,
                self.rng,
            ),
        )
        draft.lines.append(line)
        return line

    def make_other_address(self, draft, country=None):
        """Invent another address of the same buyer.

        :param Draft draft: the order
        :param str country: ISO code of its country, default that of the first address
        :return: the address
        :rtype: dict
        """
        country = country or draft.billing["common_country_iso_a2"]
        return make_address(self.rng, country, draft.billing["email"], draft.number)

    @staticmethod
    def to_currency(profile, cents):
        """Put a price into a marketplace's currency.

        :param Profile profile: the marketplace
        :param int cents: the price in cents of a euro
        :return: the price in cents of the marketplace's currency
        :rtype: int
        """
        return convert(cents, ACCOUNT_CURRENCY, profile.currency)

    def _make_order_id(self, profile):
        order_id = fill(profile.order_id, self.rng)
        while order_id in self._used_ids:
            order_id = fill(profile.order_id, self.rng)
        self._used_ids.add(order_id)
        return order_id

    @staticmethod
    def _settle(draft):
        """Let the amounts say what the status says."""
        if draft.status in UNCOUNTED_STATUSES:
            draft.shipping = 0
        elif draft.status in _REFUNDED_STATUSES:
            for line in draft.lines:
                line.refunded = line.unit * line.quantity
        elif draft.status == "partial_refunded":
            draft.lines[0].refunded = draft.lines[0].unit
