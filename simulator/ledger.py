"""What the marketplaces really got: a count per line, whatever Lengow says of it."""

from dataclasses import dataclass, field

from .dates import format_date
from .money import get_lines, to_text


@dataclass
class LineAccount:
    """What one line has been through.

    :param int shipped: pieces confirmed as shipped
    :param int canceled: pieces cancelled
    :param int refunded_quantity: pieces refunded, where pieces were named
    :param list confirmations: every `ship` that was done: action, pieces, tracking
    :param list updates: every `ship` that only brought another tracking
    :param list refusals: every try that was refused, of any action
    """

    shipped: int = 0
    canceled: int = 0
    refunded_quantity: int = 0
    confirmations: list = field(default_factory=list)
    updates: list = field(default_factory=list)
    refusals: list = field(default_factory=list)

    def describe(self):
        """Copy the account.

        :return: its fields by name
        :rtype: dict
        """
        return {
            name: list(value) if isinstance(value, list) else value
            for name, value in vars(self).items()
        }


class Ledger:
    """The accounts of all lines, and the shipping fees refunded by order."""

    def __init__(self):
        self._lines = {}
        self._refunded_shipping = {}

    def line(self, order, line):
        """Open the account of a line.

        :param dict order: the order
        :param dict line: the line
        :return: its account
        :rtype: LineAccount
        """
        key = (*_identify(order), str(line.get("marketplace_order_line_id")))
        return self._lines.setdefault(key, LineAccount())

    def confirm(self, order, line, action, quantity, parcel, moment):
        """Note that pieces of a line have left.

        :param dict order: the order
        :param dict line: the line
        :param Action action: what brought the news
        :param int quantity: how many pieces, 0 when only the tracking is new
        :param dict parcel: `numbers` and `carrier`
        :param datetime moment: when
        """
        account = self.line(order, line)
        account.shipped += quantity
        entry = {"action_id": action.id, **parcel, "at": format_date(moment)}
        if quantity:
            account.confirmations.append({**entry, "quantity": quantity})
        else:
            account.updates.append(entry)

    def refuse(self, order, line, action, message):
        """Note that a marketplace said no.

        :param dict order: the order
        :param dict line: the line that it was about, None for all
        :param Action action: the action
        :param str message: what the marketplace said
        """
        for one in [line] if line else get_lines(order):
            self.line(order, one).refusals.append(
                {
                    "action_id": action.id,
                    "action_type": action.action_type,
                    "message": message,
                },
            )

    def get_refunded_shipping(self, order):
        """Read the shipping fees that were refunded.

        :param dict order: the order
        :return: cents of the marketplace's currency
        :rtype: int
        """
        return self._refunded_shipping.get(_identify(order), 0)

    def refund_shipping(self, order, cents):
        """Note that shipping fees were refunded.

        :param dict order: the order
        :param int cents: how much, in the marketplace's currency
        """
        total = self.get_refunded_shipping(order) + cents
        self._refunded_shipping[_identify(order)] = total

    def report(self, orders):
        """List every line of some orders with what became of it.

        :param orders: the orders
        :return: a dict by line: where it stands, its pieces, status and account
        :rtype: list of dict
        """
        return [
            {
                "marketplace": order["marketplace"],
                "marketplace_order_id": order["marketplace_order_id"],
                "marketplace_order_line_id": line["marketplace_order_line_id"],
                "lengow_status": line["lengow_status"],
                "quantity": line["quantity"],
                "refunded_amount": line.get("original_refunded_amount"),
                "refunded_shipping": to_text(self.get_refunded_shipping(order)),
                **self.line(order, line).describe(),
            }
            for order in orders
            for line in get_lines(order)
        ]


def _identify(order):
    return order["marketplace"], str(order["marketplace_order_id"])
