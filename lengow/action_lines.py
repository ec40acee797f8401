"""Which requests an action comes to: one per part of a line, per line, or per order."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import const
from .arguments import is_empty
from .marketplace import PER_ORDER
from .money import ZERO
from .parsing import as_dict, decimal, text
from .problems import Problem


@dataclass(frozen=True)
class LinePart:
    """What an action is about: a line of the order, or a part of it.

    :param str line_id: the marketplace's number of the line
    :param quantity: pieces; None for as many as there are
    :param dict values: arguments of this line alone, such as `refund_price`
    """

    line_id: str
    quantity: Any = None
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """What one request is about.

    :param Line line: the line, None for the whole order
    :param Decimal quantity: pieces of the line to name, None for none
    :param dict values: arguments of this request alone
    :param bool is_part: only the amount that it names makes it less than the whole
    """

    line: Any = None
    quantity: Decimal | None = None
    values: dict = field(default_factory=dict)
    is_part: bool = False


class LinePlanner:
    """Tells which requests an action comes to.

    :param ActionRule rule: what the marketplace wants of the action
    :param Order order: the order
    :param parts: list of :class:`LinePart`; None for the whole order
    :param dict values: arguments for every request
    :param dict done: line number -> pieces that it was done with before
    """

    def __init__(self, rule, order, parts, *, values=None, done=None):
        self._rule = rule
        self._order = order
        self._lines = {line.key: line for line in order.lines}
        self._parts = None if parts is None else _merge(parts)
        self._values = as_dict(values)
        self._done = {
            text(key): decimal(quantity) or ZERO
            for key, quantity in as_dict(done).items()
        }
        self.targets = []
        self.problems = []
        #: Numbers of the lines that are not complete yet.
        self.waiting = []

    def plan(self):
        """Fill `targets`, `problems` and `waiting`."""
        if self._rule.statuses == []:
            self._refuse_status()
        elif self._rule.granularity == PER_ORDER:
            self._plan_order()
        elif self._parts is None:
            self._plan_all_lines()
        else:
            self._plan_parts()

    # === PER ORDER === #

    def _plan_order(self):
        if not self._rule.is_allowed(self._order):
            self._refuse_status()
            return
        if self._parts is None:
            self.targets.append(Target())
            return
        for part in self._parts:
            self._find_line(part)
        open_lines = self._find_open_lines()
        if self.problems:
            return
        if not open_lines or not self._parts:
            self._tell("no_lines")
        else:
            self._plan_open_order(open_lines)

    def _plan_open_order(self, open_lines):
        is_whole = self._covers(open_lines)
        if is_whole or self._names_amount():
            values = self._sum_values()
            self.targets.append(Target(values=values, is_part=not is_whole))
        else:
            self._tell("whole_order_only")

    def _covers(self, open_lines):
        given = {part.line_id: part for part in self._parts}
        return all(
            line.key in given
            and self._get_quantity(line, given[line.key]) >= self._get_rest(line)
            for line in open_lines
        )

    def _sum_values(self):
        """Make the values of the parts those of one request, their amounts added up."""
        values = {}
        for part in self._parts:
            for name, value in part.values.items():
                if value is False or is_empty(value):
                    continue
                number = decimal(value) if self._is_amount(name) else None
                before = decimal(values.get(name))
                if number is not None and before is not None:
                    values[name] = before + number
                else:
                    values.setdefault(name, value)
        return values

    # === PER LINE === #

    def _plan_all_lines(self):
        is_named = self._rule.line_argument.is_listed_as_required or (
            self._rule.quantity_argument is not None
            and self._rule.quantity_argument.is_listed_as_required
        )
        if not is_named and self._rule.is_allowed(self._order):
            self.targets.append(Target())
            return
        self._parts = [LinePart(line.key) for line in self._find_open_lines()]
        if self._parts:
            self._plan_parts()
        elif self._rule.is_allowed(self._order):
            self._tell("no_lines")
        else:
            self._refuse_status()

    def _plan_parts(self):
        if not self._parts:
            self._tell("no_lines")
        for part in self._parts:
            line = self._find_line(part)
            if line is None:
                continue
            if self._rule.is_allowed(self._order, line):
                self._plan_line(line, part)
            else:
                self._refuse_status(line)

    def _plan_line(self, line, part):
        argument = self._rule.quantity_argument
        rest = self._get_rest(line)
        quantity = decimal(part.quantity)
        if quantity is None and argument is not None and argument.is_listed_as_required:
            quantity = rest
            if rest <= 0:
                self._tell("nothing_left", line, ordered=text(line.quantity))
                return
        if quantity is not None and quantity > rest:
            self._tell("too_much", line, quantity=text(quantity), left=text(rest))
        elif argument is not None and not self._is_money_alone(part, quantity):
            self.targets.append(Target(line, quantity, part.values))
        elif quantity is None or quantity == line.quantity:
            self.targets.append(Target(line, None, part.values))
        elif self._names_amount(part):
            self.targets.append(Target(line, None, part.values, is_part=True))
        else:
            self._tell("whole_line_only", line)

    # === HELPERS === #

    def _find_line(self, part):
        line = self._lines.get(part.line_id)
        if line is None:
            self.problems.append(
                Problem(
                    "unknown_line",
                    line_id=part.line_id,
                    values={"line": part.line_id},
                )
            )
        return line

    def _find_open_lines(self):
        return [
            line
            for line in self._lines.values()
            if line.quantity > 0 and self._rule.is_allowed(self._order, line)
        ]

    def _get_done(self, line):
        return self._done.get(line.key, ZERO)

    def _get_rest(self, line):
        return max(line.quantity - self._get_done(line), ZERO)

    def _get_quantity(self, line, part):
        quantity = decimal(part.quantity)
        return self._get_rest(line) if quantity is None else max(quantity, ZERO)

    def _is_amount(self, name):
        argument = self._rule.arguments.get(name)
        return argument is not None and argument.kind == "amount"

    def _names_amount(self, *parts):
        """Tell whether requests, or those of some parts, say what the goods come to."""
        given = [self._values, *(part.values for part in parts or self._parts)]
        return any(names_goods(self._rule, values) for values in given)

    def _is_money_alone(self, part, quantity):
        """Tell whether money is about to go back, and no piece."""
        argument = self._rule.quantity_argument
        is_free = not argument.is_listed_as_required
        return quantity == 0 and is_free and self._names_amount(part)

    def _tell(self, code, line=None, **values):
        line_id = "" if line is None else line.key
        values = {
            "action": self._rule.name,
            "marketplace": self._rule.marketplace.name,
            "line": line_id,
            **values,
        }
        self.problems.append(Problem(code, line_id=line_id, values=values))

    def _refuse_status(self, line=None):
        self.problems.append(status_problem(self._rule, self._order, line))


def names_goods(rule, values):
    """Tell whether values say what the goods come to, not only taxes or shipping.

    :param ActionRule rule: what the marketplace wants of the action
    :param dict values: argument -> value
    :rtype: bool
    """
    amounts = {
        name: argument
        for name, argument in rule.arguments.items()
        if argument.kind == "amount"
        and not any(word in name for word in const.CHARGE_WORDS)
    }
    return any(
        argument.is_given(values.get(name)) for name, argument in amounts.items()
    )


def status_problem(rule, order, line=None):
    """Say that an action is not possible now.

    :param ActionRule rule: what the marketplace wants of the action
    :param Order order: the order
    :param Line line: the line that it is about, None for the order
    :rtype: Problem
    """
    status = order.lengow_status or order.marketplace_status
    if line is not None:
        status = line.lengow_status or status
    values = {
        "action": rule.name,
        "marketplace": rule.marketplace.name,
        "status": status,
        "allowed": ", ".join(rule.statuses or ()),
    }
    if not rule.statuses:
        return Problem("never_allowed", values=values)
    if line is None:
        return Problem("status", values=values)
    return Problem("line_status", line_id=line.key, values={**values, "line": line.key})


def _merge(parts):
    """Make parts of the same line one part."""
    merged = {}
    for part in parts:
        key = text(part.line_id)
        before = merged.get(key)
        quantity, values = part.quantity, as_dict(part.values)
        if before is not None:
            values = {**before.values, **values}
            numbers = decimal(before.quantity), decimal(quantity)
            quantity = None if None in numbers else sum(numbers)
        merged[key] = LinePart(key, quantity, values)
    return list(merged.values())
