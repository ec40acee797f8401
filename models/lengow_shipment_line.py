"""What has left of one line of a marketplace order."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from ..lengow.action import LinePart
from ..lengow.money import ZERO
from ..lengow.order import CANCELLED_STATUSES
from .lengow_action_job import ActionJob


@dataclass(eq=False)
class ShipmentJob(ActionJob):
    """A delivery to report, with all the deliveries whose parcels it names.

    :param pickings: ``stock.picking`` in which the pieces left
    """

    pickings: Any = None


@dataclass(eq=False)
class LineShipment:
    """What has left of one line of a marketplace order.

    :param record: the ``lengow.order.line``
    :param sale_lines: the ``sale.order.line`` that it became
    :param Decimal ordered: pieces that the buyer ordered
    :param Decimal delivered: pieces that left and did not come back
    :param dict leavings: ``stock.picking`` -> pieces that left with it, the oldest first;
        None where only all of them together can be counted, such as a kit's
    :param bool is_closed: whether no more of it will leave
    """

    record: Any
    sale_lines: Any
    ordered: Decimal
    delivered: Decimal = ZERO
    leavings: dict = field(default_factory=dict)
    is_closed: bool = False

    @cached_property
    def key(self):
        """:return: the line's number, unique within its order."""
        return self.record.line_key

    @cached_property
    def status(self):
        """:return: Lengow's status of the line, the order's where the line has none."""
        return self.record.lengow_status or self.record.order_id.lengow_status or ""

    @cached_property
    def is_service(self):
        """:return: whether it is nothing that could leave."""
        types = self.sale_lines.product_id.mapped("type")
        return bool(types) and set(types) == {"service"}

    @property
    def is_settled(self):
        """:return: whether nothing of it is still to leave."""
        return self.is_closed or self.delivered >= self.ordered

    @property
    def is_open(self):
        """:return: whether the buyer waits for it, or has got it."""
        return self.ordered > 0 and self.status not in CANCELLED_STATUSES

    @property
    def is_countable(self):
        """:return: whether whole pieces left with each delivery."""
        return all(
            pieces is not None and pieces == pieces.to_integral_value()
            for pieces in self.leavings.values()
        )

    @property
    def part(self):
        """:return: :class:`LinePart` of what left of it, as far as it was ordered."""
        return LinePart(self.key, min(self.delivered, self.ordered))
