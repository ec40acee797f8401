"""What a marketplace is to be asked for, before its rules made requests of it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..lengow.action import LinePart, Parcel


@dataclass(eq=False)
class ActionJob:
    """What somebody wants a marketplace to do with an order.

    The fields typed ``Any`` are Odoo's records.

    :param order: the ``lengow.order``
    :param str action_type: such as ``ship``
    :param lines: list of :class:`LinePart` that it is about; None for the whole order
    :param dict values: argument -> value, what a person or a document says
    :param list parcels: of :class:`Parcel` in which the lines left
    :param dict done: line number -> pieces that it was done with before; None for none
    :param list closed: of a delivery: numbers of the lines of which no more will leave
    :param picking: the ``stock.picking`` that it comes from
    :param move: the credit note (``account.move``) that it comes from
    :param mapping: the ``lengow.carrier.mapping`` of the delivery, once it was looked for
    """

    order: Any
    action_type: str
    lines: list | None = None
    values: dict = field(default_factory=dict)
    parcels: list = field(default_factory=list)
    done: dict | None = None
    closed: list = field(default_factory=list)
    picking: Any = None
    move: Any = None
    mapping: Any = None

    @cached_property
    def rules(self):
        """:return: :class:`Marketplace`, what the order's marketplace allows."""
        return self.order._get_rules()

    @property
    def rule(self):
        """:return: :class:`ActionRule`, None for an action that it does not offer."""
        return self.rules.get_action(self.action_type)

    def to_json(self):
        """:return: dict that :meth:`from_json` makes the job of again."""
        return {
            "lines": None
            if self.lines is None
            else [
                {**vars(part), "quantity": _to_text(part.quantity)}
                for part in self.lines
            ],
            "values": self.values,
            "parcels": [
                {**vars(parcel), "weight": _to_text(parcel.weight)}
                for parcel in self.parcels
            ],
            "closed": list(self.closed),
        }

    @classmethod
    def from_json(cls, order, action_type, source, **records):
        """Make the job again of which :meth:`to_json` told.

        :param order: the ``lengow.order``
        :param str action_type: such as ``ship``
        :param dict source: what :meth:`to_json` returned
        :param records: `picking` and `move`
        """
        lines = source["lines"]
        return cls(
            order,
            action_type,
            None if lines is None else [LinePart(**part) for part in lines],
            source["values"],
            [Parcel(**parcel) for parcel in source["parcels"]],
            closed=source["closed"],
            **records,
        )


def _to_text(number):
    return None if number is None else str(number)
