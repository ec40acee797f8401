"""What an effect has at hand while it carries out an action."""

from dataclasses import dataclass
from datetime import datetime

from .action_record import Action
from .conditions import to_decimal
from .errors import Refusal
from .ledger import Ledger
from .order_edit import OrderEdit, get_quantity


@dataclass
class ActionTask:
    """An action on its way through a marketplace that has found it right.

    :param Action action: the action
    :param dict arguments: its arguments, but for those without a value
    :param tuple statuses: Lengow statuses in which it is allowed, None for all
    :param OrderEdit edit: the order
    :param Ledger ledger: where it is noted
    :param datetime moment: when it happens
    :param bool takes_doubles: what has been shipped may be shipped again
    :param tuple next_step: pair of statuses: what comes of the lines after a while
    """

    action: Action
    arguments: dict
    statuses: tuple | None
    edit: OrderEdit
    ledger: Ledger
    moment: datetime
    takes_doubles: bool = False
    next_step: tuple = ()

    def find_targets(self):
        """Find the lines that the action is about, in a status that allows it.

        :return: the lines
        :rtype: list of dict
        :raise Refusal: when there is none
        """
        lines = self.edit.find_lines(self.arguments.get("line"))
        targets = [
            line
            for line in lines
            if self.statuses is None or self.edit.get_status(line) in self.statuses
        ]
        if not targets:
            raise Refusal(f"No line of the order is left to {self.action.action_type}.")
        return targets

    def get_quantity(self, *names):
        """Read how many pieces the action is about.

        :param names: arguments that may say so
        :return: how many, None when nothing says so
        :rtype: int or None
        """
        for name in names:
            number = to_decimal(self.arguments.get(name))
            if number is not None:
                return int(number)
        return None

    def get_account(self, line):
        """Open the ledger at a line.

        :param dict line: the line
        :return: its account
        :rtype: LineAccount
        """
        return self.ledger.line(self.edit.order, line)

    def count_left(self, line):
        """Count the pieces of a line that have not been shipped.

        :param dict line: the line
        :return: how many
        :rtype: int
        """
        return max(0, get_quantity(line) - self.get_account(line).shipped)

    def share_out(self, lines, *names):
        """Say how many pieces of each line the action is about.

        :param list lines: the lines
        :param names: arguments that may say how many
        :return: pairs of line and pieces; all that is left when nothing says how many
        :rtype: list of tuple
        :raise Refusal: when there are not so many
        """
        quantity = self.get_quantity(*names)
        if quantity is None:
            return [(line, self.count_left(line)) for line in lines]
        if len(lines) > 1:
            raise Refusal("A quantity needs the line that it is of.")
        (line,) = lines
        left = self.count_left(line)
        if quantity > left:
            number = line["marketplace_order_line_id"]
            raise Refusal(
                f"Line {number}: {quantity} is more than the {left} that are left.",
            )
        return [(line, quantity)]
