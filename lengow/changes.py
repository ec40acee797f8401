"""What differs between two views of one order: what we acted on, and what it is now."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .order import CANCELLED_STATUSES, REFUNDED_STATUSES
from .parsing import as_dict, decimal, text

# Our own marking of an order, and when it came about: nothing to act on.
_BOOKKEEPING = ("updated_at", "merchant_order_id", "imported_at", "workflow_rank")
# Not written on a parcel. The id is another one at each call.
_RELAY_KEYS = ("id", "name", "type")
_NO_PART_OF_ADDRESS = ("id", "type", "trackings", "metas", "vat_number")


def is_bookkeeping(old, new):
    """Tell whether two payloads differ only in what nobody acts on.

    :param dict old: an order's payload.
    :param dict new: another payload of the same order.
    :return: True when nothing else differs.
    """
    names = (old.keys() | new.keys()) - {*_BOOKKEEPING, "packages"}
    return all(old.get(name) == new.get(name) for name in names) and (
        _without_delivery_ids(old) == _without_delivery_ids(new)
    )


def _without_delivery_ids(payload):
    packages = payload.get("packages")
    if not isinstance(packages, list):
        return packages
    return [
        {**package, "delivery": {**package["delivery"], "id": None}}
        if isinstance(package, dict) and isinstance(package.get("delivery"), dict)
        else package
        for package in packages
    ]


def is_cancelled(view):
    """Tell whether nothing of an order is to be delivered any more.

    :param Order view: the order.
    :return: True when the whole order, or every line of it, is cancelled or refused.
    """
    return view.lengow_status in CANCELLED_STATUSES or (
        bool(view.lines) and not any(line.is_counted for line in view.lines)
    )


def is_waiting(line):
    """Tell whether a line is still to be accepted.

    :param Line line: a line of an order.
    :return: True while nobody knows whether it will be delivered.
    """
    return line.lengow_status == "waiting_acceptance"


def is_active(line):
    """Tell whether a line is to be delivered, or was.

    :param Line line: a line of an order.
    :return: False for cancelled, refused and not yet accepted ones.
    """
    return line.is_counted and not is_waiting(line)


def _is_settled(line):
    return is_active(line) and not any(
        is_waiting(other) for other in line.package.lines if other.is_counted
    )


def address_words(address):
    """Read what a change of an address is told by.

    :param Address address: an address.
    :return: dict of its words, without empty ones.
    """
    words = {
        name: text(value)
        for name, value in address.payload.items()
        if name not in _NO_PART_OF_ADDRESS
    }
    return {name: word for name, word in words.items() if word}


def is_other_address(old, new):
    """Tell whether an address was changed, rather than erased.

    :param Address old: the address as it was.
    :param Address new: the address as it is.
    :return: True when the new one is complete and another one.
    """
    if address_words(old) == address_words(new):
        return False
    known = (
        (old.name or old.company, new.name or new.company),
        (old.street, new.street),
        (old.city, new.city),
        (old.country_code, new.country_code),
    )
    return not new.is_empty and all(after for before, after in known if before)


@dataclass(frozen=True)
class QuantityChange:
    """A line of which more or less is to be delivered than before."""

    line: Any
    old: Any
    new: Any


class OrderChanges:
    """What differs between two views of the same order.

    :param Order old: what we acted on.
    :param Order new: the order as it is now.
    """

    def __init__(self, old, new):
        self.old = old
        self.new = new

    def __bool__(self):
        return not is_bookkeeping(self.old.payload, self.new.payload)

    @property
    def has_other_status(self):
        """:return: True when Lengow's status is another one."""
        return self.old.lengow_status != self.new.lengow_status

    @property
    def is_cancelled(self):
        """:return: True when the whole order has been cancelled or refused."""
        return is_cancelled(self.new) and not is_cancelled(self.old)

    @property
    def is_revived(self):
        """:return: True when the order had been cancelled, and no longer is."""
        return is_cancelled(self.old) and not is_cancelled(self.new)

    @cached_property
    def _old_lines(self):
        return {line.key: line for line in self.old.lines}

    @cached_property
    def quantities(self):
        """:return: list of :class:`QuantityChange` of the lines that both views show.

        A quantity that the payload no longer gives is no change.
        """
        changes = []
        for line in self.new.lines:
            before = self._old_lines.get(line.key)
            if before is None or (
                line.is_counted and decimal(line.payload.get("quantity")) is None
            ):
                continue
            old = before.quantity if is_active(before) else decimal(0)
            new = line.quantity if is_active(line) else decimal(0)
            if old != new and not is_waiting(line):
                changes.append(QuantityChange(line, old, new))
        return changes

    @cached_property
    def new_lines(self):
        """:return: list of the lines that are to be delivered and were not before.

        Those of a package that is not accepted as a whole yet are still to come.
        """
        return [
            line
            for line in self.new.lines
            if _is_settled(line)
            and (
                line.key not in self._old_lines
                or not _is_settled(self._old_lines[line.key])
            )
        ]

    @cached_property
    def gone_lines(self):
        """:return: list of the lines that the order no longer shows at all."""
        keys = {line.key for line in self.new.lines}
        return [
            line for line in self.old.lines if is_active(line) and line.key not in keys
        ]

    @property
    def newly_refunded_lines(self):
        """:return: list of the lines that were refunded as a whole since, or came so."""
        return [
            line
            for line in self.new.lines
            if line.lengow_status in REFUNDED_STATUSES
            and (
                line.key not in self._old_lines
                or self._old_lines[line.key].lengow_status not in REFUNDED_STATUSES
            )
        ]

    @property
    def moved_packages(self):
        """:return: list of the packages that go to another address than before."""
        if self.new.is_anonymized:
            return []
        return [
            package
            for package in self.new.packages
            for before in [self._find_old_package(package)]
            if before is not None
            and (
                is_other_address(before.delivery, package.delivery)
                or _relays(package) - _relays(before)
            )
        ]

    def _find_old_package(self, package):
        for line in package.lines:
            if line.key in self._old_lines:
                return self._old_lines[line.key].package
        return None

    @property
    def has_other_billing(self):
        """:return: True when the invoice goes to another address than before."""
        return not self.new.is_anonymized and is_other_address(
            self.old.invoice_address, self.new.invoice_address
        )

    @property
    def has_other_vat_number(self):
        """:return: True when a VAT number arrived, or another one than before."""
        number = self.new.vat_number
        return (
            bool(number)
            and not self.new.is_anonymized
            and (number != self.old.vat_number)
        )

    @property
    def new_comments(self):
        """:return: list of what the buyer has written since."""
        return [
            comment for comment in self.new.comments if comment not in self.old.comments
        ]


def _relays(package):
    """Read which relay points a package goes to; an erased one is as good as none."""
    relays = (as_dict(tracking.get("relay")) for tracking in package.trackings)
    known = (tuple(text(relay.get(name)) for name in _RELAY_KEYS) for relay in relays)
    return {relay for relay in known if relay[0]}
