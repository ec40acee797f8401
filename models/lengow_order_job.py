"""What is known of an order while it is imported, from the payload to Odoo's records."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..lengow.money import OrderAmounts, PackageAmounts
from ..lengow.order import Line, Order, Package


class OrderProblem(Exception):
    """An order cannot be imported until a person or Lengow changes something.

    :param str code: one of the codes of ``lengow.order.error_code``.
    :param str message: a sentence naming the thing.
    """

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(eq=False)
class OrderJob:
    """An order that is being imported.

    The fields typed ``Any`` are Odoo's records.
    """

    record: Any
    view: Order
    amounts: OrderAmounts
    currency: Any
    pricelist: Any
    partner: Any = None
    invoice_partner: Any = None
    packages: list = field(default_factory=list)


@dataclass(eq=False)
class PackageJob:
    """A package that becomes one sale order."""

    order: OrderJob
    view: Package
    amounts: PackageAmounts
    lines: list = field(default_factory=list)
    delivery_partner: Any = None
    fiscal_position: Any = None
    name: str = ""


@dataclass(eq=False)
class LineJob:
    """A marketplace line that becomes one line of a sale order."""

    package: PackageJob
    view: Line
    amount: Decimal
    product: Any
    record: Any
