"""Relay points: shops where buyers fetch their parcels."""

from dataclasses import dataclass

from .parsing import as_dict, text
from .texts import fold


@dataclass(frozen=True)
class RelayPoint:
    """A relay point as a tracking names it; "0" is a legal id.

    :param str id: the carrier's number of it, or "".
    :param str name: its name, or "".
    :param str type: its network, or "".
    """

    id: str
    name: str
    type: str

    def is_at(self, delivery, billing):
        """Tell whether a delivery address is the relay point's own.

        Some marketplaces give the buyer's home beside the relay point.

        :param Address delivery: the delivery address as given.
        :param Address billing: the billing address as given, maybe empty.
        """
        return self._is_named_in(delivery) or (
            delivery.has_place and not delivery.is_same_place(billing)
        )

    def _is_named_in(self, delivery):
        name = fold(self.name)
        lines = (
            delivery.company,
            delivery.get_name("full"),
            delivery.street,
            delivery.street2,
        )
        return bool(name) and any(f" {name} " in f" {fold(line)} " for line in lines)

    def leave_out(self, delivery):
        """Keep of the delivery address what is the buyer's.

        :param Address delivery: the delivery address as given.
        :return: :class:`Address` without the relay point's name, the place is kept.
        """
        delivery = delivery.without("company")
        name = fold(self.name)
        if name and name in fold(delivery.get_name("full")):
            # Whoever wrote it there has written it over the buyer's name.
            delivery = delivery.without("full_name")
        return delivery


def find_relay_point(trackings):
    """Find the relay point of a package.

    :param trackings: dicts of the package's trackings.
    :return: :class:`RelayPoint`, or None.
    """
    for tracking in trackings:
        relay = as_dict(tracking.get("relay"))
        point = RelayPoint(*(text(relay.get(name)) for name in ("id", "name", "type")))
        if point.id or point.name:
            return point
    return None
