"""Read-only views over shipping notices, their items, and the tours that bring them."""

from functools import cached_property

from .parsing import as_dict, as_list, integer, text, timestamp

CLOSED = "closed"
# From here on the date of an ``extra`` is the one that the marketplace confirmed.
_AWAITED = ("SHIPMENT_AWAITED", "SHIPMENT_PREPARATION", "SHIPMENT_SHIPPED")


class ShippingNotice:
    """One shipping notice.

    :param dict payload: the notice, or an answer that holds it as ``notice``
    :source: API reference, "Shipping notice object"
    """

    def __init__(self, payload):
        payload = as_dict(payload)
        self.payload = as_dict(payload.get("notice")) or payload

    @property
    def notice_id(self):
        """:return: Lengow's number, "" when missing; an example calls it ``id``."""
        return text(self.payload.get("shipping_notice_id")) or text(
            self.payload.get("id")
        )

    @property
    def marketplace_id(self):
        """:return: the marketplace's number of the notice, "" when missing."""
        return text(self.payload.get("marketplace_shipping_notice_id"))

    @property
    def lengow_status(self):
        """:return: Lengow's status, known or not; "" when missing."""
        return text(self.payload.get("lengow_status"))

    @property
    def marketplace_status(self):
        """:return: the marketplace's own status, "" when missing."""
        return text(self.payload.get("marketplace_status"))

    @cached_property
    def actions(self):
        """:return: list of the actions offered now, None where the answer has none."""
        if "actions" not in self.payload:
            return None
        return [text(name) for name in as_list(self.payload["actions"]) if text(name)]

    @cached_property
    def resources(self):
        """:return: set of the names of what else can be read of it.

        One example calls them in the singular.
        """
        names = as_dict(self.payload.get("resources"))
        return {f"{name}s" if name.endswith("_set") else name for name in names}

    @property
    def extra(self):
        """:return: dict of what only this marketplace says."""
        return as_dict(self.payload.get("extra"))

    @property
    def reference(self):
        """:return: the merchant's own reference, "" when missing."""
        return text(self.extra.get("merchant_b2b_reference"))

    @property
    def advice_id(self):
        """:return: the number that movements and tours name, "" when missing."""
        return text(self.extra.get("zalando_advice_id"))

    @property
    def confirmed_delivery_date(self):
        """:return: the day that the marketplace confirmed, or None."""
        value = self.extra.get("confirmed_delivery_date")
        if timestamp(value) is None and self.lengow_status in _AWAITED:
            value = self.extra.get("delivery_date")
        moment = timestamp(value)
        return moment and moment.date()


class Item:
    """One EAN of an item set.

    :param dict payload: an entry of ``items``
    """

    def __init__(self, payload):
        self.payload = as_dict(payload)

    @property
    def ean(self):
        """:return: the EAN as it was given, "" when missing."""
        return text(self.payload.get("ean"))

    @property
    def quantity(self):
        """:return: whole number, 0 when missing."""
        return integer(self.payload.get("quantity")) or 0

    @property
    def sku(self):
        """:return: the marketplace's own article number, "" when missing."""
        return text(self.payload.get("sku"))

    @property
    def validation_state(self):
        """:return: what the marketplace makes of it, "" when missing."""
        return text(self.payload.get("validation_state"))


class ItemSet:
    """What a notice announces, or what of it was sent.

    :param dict payload: an entry of ``data``
    """

    def __init__(self, payload):
        self.payload = as_dict(payload)

    @cached_property
    def items(self):
        """:return: list of :class:`Item`."""
        entries = as_list(self.payload.get("items"))
        return [Item(entry) for entry in entries if isinstance(entry, dict)]

    @property
    def validation_state(self):
        """:return: what the marketplace makes of the whole, "" when missing."""
        return text(self.payload.get("validation_state"))

    @property
    def validation_description(self):
        """:return: the marketplace's words about it, "" when missing."""
        return text(self.payload.get("validation_description"))

    @property
    def created_at(self):
        """:return: naive UTC datetime, or None."""
        return timestamp(self.payload.get("created"))


def latest(item_sets):
    """Choose the set that counts: each new one replaces those before it.

    :param list item_sets: :class:`ItemSet` of one kind
    :return: the latest, None when there is none
    """
    dated = [entry for entry in item_sets if entry.created_at]
    if dated:
        return max(dated, key=lambda entry: entry.created_at)
    return item_sets[-1] if item_sets else None


class Tour:
    """One transport of a notice's shipment.

    :param dict payload: an entry of ``data``
    :source: API reference, "Shipment tracking"
    """

    def __init__(self, payload):
        self.payload = as_dict(payload)

    @property
    def number(self):
        """:return: the tour's number, "" when missing."""
        return text(self.payload.get("tour_number"))

    @property
    def advice_id(self):
        """:return: the marketplace's short number of the notice, "" when missing."""
        return text(self.payload.get("zalando_advice_id"))

    @property
    def status(self):
        """:return: such as ``unloading``, "" when missing."""
        return text(self._current.get("status_text")) or text(
            self._current.get("status")
        )

    @property
    def details(self):
        """:return: the marketplace's words about the status, "" when missing."""
        return text(self._current.get("status_details"))

    @property
    def updated_at(self):
        """:return: naive UTC datetime of the status, or None."""
        return timestamp(self._current.get("last_updated"))

    @property
    def from_location(self):
        """:return: where it comes from, "" when missing."""
        return text(self.payload.get("from_location"))

    @property
    def to_location(self):
        """:return: where it goes to, "" when missing."""
        return text(self.payload.get("to_location"))

    @property
    def planned_arrival(self):
        """:return: naive UTC datetime at the dock, or else at the yard, or None."""
        return timestamp(self.payload.get("planned_arrival_time_at_dock")) or (
            timestamp(self.payload.get("planned_arrival_time_at_yard"))
        )

    @property
    def planned_units(self):
        """:return: dict of kind of loading unit to their planned number."""
        return self._read_units("planned_amount_of_loading_units")

    @property
    def actual_units(self):
        """:return: dict of kind of loading unit to their number on arrival."""
        return self._read_units("actual_amount_of_loading_units")

    @property
    def _current(self):
        return as_dict(self.payload.get("current_status"))

    def _read_units(self, name):
        units = as_dict(self.payload.get(name))
        return {kind: integer(count) or 0 for kind, count in units.items()}
