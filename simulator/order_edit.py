"""Changes of an order's lines that are made together or not at all."""

from .conditions import to_decimal
from .const import UNCOUNTED_STATUSES, WORKFLOW_RANKS
from .dates import parse_date
from .money import get_lines, to_cents
from .world import write_like

_CURRENCIES = ("", "original_")
# What nobody pays any more once every line is cancelled.
_ORDER_CHARGES = ("shipping", "discount", "processing_fee", "total_tax")
_REFUNDED = ("refunded", "partial_refunded")


class OrderEdit:
    """A copy of an order's packages to work on, until it is saved.

    :param World world: the world
    :param dict order: the order, untouched before `save`
    """

    def __init__(self, world, order):
        self.world = world
        self.order = order
        self.packages = [_copy(package) for package in order.get("packages") or ()]
        self.lines = get_lines({"packages": self.packages})
        # Keys of the order that change besides its packages.
        self.changes = {}
        spec = world.marketplaces[order["marketplace"]]
        self._statuses = spec["orders"].get("status") or {}
        self._freed_tax = dict.fromkeys(_CURRENCIES, 0)

    def find_lines(self, line_id=None):
        """Find the lines with an id.

        :param line_id: the marketplace's id of the line, None for every line
        :return: the lines
        :rtype: list of dict
        """
        return [
            line
            for line in self.lines
            if line_id is None or str(line["marketplace_order_line_id"]) == str(line_id)
        ]

    def knows(self, status):
        """Tell whether the marketplace has a word for a status.

        :param str status: Lengow status
        :return: whether it has
        :rtype: bool
        """
        return status in self._statuses

    def get_status(self, line):
        """Read the status of a line.

        :param dict line: the line
        :return: its Lengow status, or the order's when it has none
        :rtype: str
        """
        return line.get("lengow_status") or self.order["lengow_status"]

    def set_status(self, line, status):
        """Give a line another status, in Lengow's words and the marketplace's.

        :param dict line: the line
        :param str status: Lengow status
        """
        if status in UNCOUNTED_STATUSES:
            self._free_tax(line, 1, 1)
        line["lengow_status"] = status
        line["marketplace_status"] = self._statuses.get(status, [status])[0]

    def take_away(self, line, quantity):
        """Let a line have fewer pieces, at the same price each.

        :param dict line: the line
        :param int quantity: how many fewer
        """
        before = get_quantity(line)
        self._free_tax(line, quantity, before)
        for prefix in _CURRENCIES:
            for name in (f"{prefix}amount", f"{prefix}tax"):
                if line.get(name) is not None:
                    cents = to_cents(line[name])
                    cents -= _share(cents, quantity, before)
                    line[name] = write_like(line[name], cents)
        line["quantity"] = type(line["quantity"])(before - quantity)

    def save(self, moment):
        """Write the changes into the order; its own status follows its lines'.

        :param datetime moment: when it happened
        """
        order, changes = self.order, {**self.changes, "packages": self.packages}
        status = self._derive_status()
        if status != order["lengow_status"]:
            changes["lengow_status"] = status
            changes["workflow_rank"] = WORKFLOW_RANKS.get(status, 0)
        self._change_charges(changes)
        before = parse_date(order["updated_at"])
        if before and before >= moment:
            # The world's clock never lets two changes look like one.
            self.world.change(order, **changes)
        else:
            self.world.change(order, **changes, updated_at=moment)

    def _free_tax(self, line, part, whole):
        for prefix in _CURRENCIES:
            cents = to_cents(line.get(f"{prefix}tax"))
            self._freed_tax[prefix] += _share(cents, part, whole)

    def _change_charges(self, changes):
        if not any(self._freed_tax.values()) and "lengow_status" not in changes:
            return
        statuses = map(self.get_status, self.lines)
        is_void = all(status in UNCOUNTED_STATUSES for status in statuses)
        for prefix in _CURRENCIES:
            for name in _ORDER_CHARGES:
                key = f"{prefix}{name}"
                value = self.order.get(key)
                if value is None:
                    continue
                if is_void:
                    changes[key] = write_like(value, 0)
                elif name == "total_tax":
                    cents = max(0, to_cents(value) - self._freed_tax[prefix])
                    changes[key] = write_like(value, cents)

    def _derive_status(self):
        """Let the order stand where the last of its lines does."""
        statuses = [self.get_status(line) for line in self.lines]
        if not statuses:
            return self.order["lengow_status"]
        counted = [status for status in statuses if status not in UNCOUNTED_STATUSES]
        if not counted:
            return "refused" if {*statuses} == {"refused"} else "canceled"
        if {*counted} == {"refunded"}:
            return "refunded"
        last = min(counted, key=lambda status: WORKFLOW_RANKS.get(status, 0))
        if (
            any(status in _REFUNDED for status in counted)
            and WORKFLOW_RANKS.get(last, 0) >= WORKFLOW_RANKS["shipped"]
            and self.knows("partial_refunded")
        ):
            return "partial_refunded"
        return last


def get_quantity(line):
    """Read the pieces of a line, whatever the type.

    :param dict line: the line
    :return: how many
    :rtype: int
    """
    return int(to_decimal(line.get("quantity")) or 0)


def _copy(package):
    """Copy a package as deep as effects reach: its lines, and its trackings' list."""
    copied = {**package, "cart": [dict(line) for line in package.get("cart") or ()]}
    if package.get("delivery"):
        copied["delivery"] = dict(package["delivery"])
    return copied


def _share(cents, part, whole):
    """Take a part of an amount, rounded half up."""
    return (2 * cents * part + whole) // (2 * whole) if whole else 0
