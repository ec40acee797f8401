"""Read-only view over a stock movement of any kind."""

import hashlib
import json
from functools import cached_property

from .parsing import as_dict, as_list, integer, text, timestamp

RECEIVED = "received_items"
RETURNED = "returned_items"
RELOCATED = "intra_community_movements"
LIQUIDATED = "liquidated_items"
KINDS = (RECEIVED, RETURNED, RELOCATED, LIQUIDATED)

# When a thing happened, by the names that the kinds give it.
_MOMENTS = (
    "received_timestamp",
    "shipped_timestamp",
    "liquidation_date",
    "report_date",
    "consumed_timestamp",
    "reporting_date",
)
# A row that comes again may say later when it was read, or be packed otherwise: it is
# the same movement. Who gets it back is a person's data, which may be erased.
_CHANGING = frozenset({"consumed_timestamp", "parent", "destination"})


def read_rows(data):
    """Give each movement a row of its own.

    Relocations come by report, and take its date along.

    :param list data: ``data`` of an answer
    :return: list of dicts; what is no object is left out
    """
    rows = []
    for entry in data:
        if not isinstance(entry, dict):
            continue
        if "movements" not in entry:
            rows.append(entry)
            continue
        shared = {name: value for name, value in entry.items() if name != "movements"}
        rows += [
            {**shared, **row}
            for row in as_list(entry["movements"])
            if isinstance(row, dict)
        ]
    return rows


class Movement:
    """One movement.

    :param str kind: name of the resource that it comes from
    :param dict payload: a row of :func:`read_rows`
    :source: API reference, "Received items" to "Liquidated items"
    """

    def __init__(self, kind, payload):
        self.kind = kind
        self.payload = as_dict(payload)

    @cached_property
    def fingerprint(self):
        """:return: tells it apart from others, in hexadecimal."""
        stable = {
            name: value for name, value in self.payload.items() if name not in _CHANGING
        }
        content = json.dumps([self.kind, stable], sort_keys=True)
        # Short, since every stored movement has it in an index.
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()

    @property
    def ean(self):
        """:return: the EAN, "" when missing."""
        return text(self.payload.get("ean"))

    @property
    def sku(self):
        """:return: the marketplace's article number, "" when missing."""
        return text(self.payload.get("product_sku")) or text(
            self.payload.get("sku_simple")
        )

    @property
    def quantity(self):
        """:return: pieces; a row without a quantity is one, None for nonsense."""
        if self.payload.get("quantity") is None:
            return 1
        return integer(self.payload["quantity"])

    @cached_property
    def moved_at(self):
        """:return: naive UTC datetime without microseconds, or None."""
        for name in _MOMENTS:
            moment = timestamp(self.payload.get(name))
            if moment is not None:
                return moment.replace(microsecond=0)
        return None

    @property
    def reference(self):
        """:return: the merchant's own reference of the notice, "" when missing."""
        return text(self.payload.get("merchant_b2b_reference"))

    @property
    def advice_id(self):
        """:return: the marketplace's short number of the notice, "" when missing.

        Zero, as a piece has that came without any notice, is none.
        """
        number = text(self.payload.get("zalando_advice_id"))
        return "" if number == "0" else number

    @property
    def quality_label(self):
        """:return: the number of the single piece, "" when missing."""
        return text(self.payload.get("quality_label"))

    @property
    def quality(self):
        """:return: such as ``A``, the best; "" when missing."""
        return text(self.payload.get("quality_category"))

    @property
    def number(self):
        """:return: number of the tour, shipment, relocation or purchase, or ""."""
        names = (
            "tour_number",
            "zalando_shipment_number",
            "order_number",
            "purchase_order_number",
        )
        return next(filter(None, (text(self.payload.get(name)) for name in names)), "")

    @cached_property
    def source(self):
        """:return: :class:`Place` that it leaves, or None."""
        if self.kind == RELOCATED:
            return _read_place(self.payload.get("source_stock_location"))
        if self.kind == RECEIVED:
            return None
        return self._own_place

    @cached_property
    def destination(self):
        """:return: :class:`Place` that it reaches, or None."""
        if self.kind == RELOCATED:
            return _read_place(self.payload.get("destination_stock_location"))
        return self._own_place if self.kind == RECEIVED else None

    @property
    def _own_place(self):
        code = self.payload.get("location_id", self.payload.get("stock_location_id"))
        code = text(code)
        return Place(code) if code else None


class Place:
    """A warehouse of the marketplace.

    :param str code: the marketplace's number of it
    :param str name: "" when missing
    :param str country_code: "" when missing
    """

    def __init__(self, code, name="", country_code=""):
        self.code = code
        self.name = name
        self.country_code = country_code


def _read_place(value):
    value = as_dict(value)
    code = text(value.get("location_id"))
    if not code:
        return None
    return Place(code, text(value.get("name")), text(value.get("country_code")))
