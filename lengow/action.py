"""From "ship these lines with this parcel" to requests as the marketplace takes them."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

from . import const
from .action_deliveries import DeliveryPlanner
from .action_lines import LinePart, LinePlanner, names_goods, status_problem
from .argument_rules import check_arguments, select_arguments
from .arguments import is_empty
from .conditions import Conditions
from .parsing import as_dict, decimal, text
from .problems import Problem
from .refund_limits import check_refund, check_refunds

__all__ = [
    "ActionPlan",
    "ActionRequest",
    "LinePart",
    "Parcel",
    "Problem",
    "build_requests",
    "check_request",
]


@dataclass(frozen=True)
class Parcel:
    """What is known of a parcel.

    :param str tracking_number: its number; several in one text are told apart by commas
    :param str tracking_url: where the buyer can follow it
    :param str return_tracking_number: number of the label to send it back with
    :param weight: its weight, None when not known
    """

    tracking_number: str = ""
    tracking_url: str = ""
    return_tracking_number: str = ""
    weight: Any = None


@dataclass(frozen=True)
class ActionRequest:
    """One request to a marketplace, ready to be sent.

    :param str marketplace: code of the marketplace, as the order names it
    :param str marketplace_order_id: the marketplace's number of the order
    :param str action_type: such as `ship`
    :param dict arguments: what the marketplace wants to know
    :param str line_id: number of the line that it is about, "" for the order
    :param Decimal quantity: pieces of the line, None for the line or the order
    """

    marketplace: str
    marketplace_order_id: str
    action_type: str
    arguments: dict
    line_id: str = ""
    quantity: Any = None

    @property
    def body(self):
        """:return: dict as it is posted, but for the account.

        :source: API reference, "Create an action on an order"
        """
        return {
            **as_dict(self.arguments),
            "marketplace": self.marketplace,
            "marketplace_order_id": self.marketplace_order_id,
            "action_type": self.action_type,
        }

    @property
    def fingerprint(self):
        """:return: hexadecimal text, the same for requests that say the same."""
        words = json.dumps(self.body, sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True)
class ActionPlan:
    """What an action comes to.

    A line with a problem has no request; it does not keep the others from having one.

    :param list requests: of :class:`ActionRequest`, valid as far as the rules tell
    :param list problems: of :class:`.problems.Problem`: what is missing or wrong
    :param list notices: of :class:`.problems.Problem`: what is worth telling
    :param list waiting: numbers of the lines that are reported once they are complete
    """

    requests: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    notices: list = field(default_factory=list)
    waiting: list = field(default_factory=list)


def build_requests(
    marketplace,
    action_type,
    order,
    lines=None,
    values=None,
    *,
    parcels=(),
    done=None,
    closed=(),
):
    """Turn an action into the requests that the marketplace takes.

    Deliveries (`ship`) are reported as they become complete: by quantity, by line, or
    once for the order, as the marketplace wants it. For a tracking number that is
    corrected later, leave `done` out.

    :param Marketplace marketplace: what the marketplace allows
    :param str action_type: such as `ship`
    :param Order order: the order
    :param lines: list of :class:`LinePart` that it is about; None for the whole order
    :param dict values: argument -> value, all that is known: what the marketplace does
        not ask for is left out
    :param parcels: list of :class:`Parcel` in which the lines left; `values` come first
    :param dict done: line number -> pieces that it was done with before
    :param closed: of a delivery: numbers of the lines of which no more will leave
    :rtype: ActionPlan
    """
    rule = marketplace.get_action(action_type)
    if rule is None:
        return ActionPlan(problems=[_unknown_action(marketplace, action_type)])
    known = {**_join(parcels), **_drop_empty(as_dict(values))}
    if lines is None:
        lines = _find_named_part(rule, known)
    planner = _make_planner(rule, order, lines, known, done, closed)
    planner.plan()
    conditions = Conditions(order.payload)
    requests, problems = [], list(planner.problems)
    for target in planner.targets:
        arguments, found = select_arguments(
            rule, conditions, _target_values(rule, known, target)
        )
        line = target.line
        if line is not None:
            found += _check_aim(rule, target, arguments)
            found += _check_quantity(rule, line, arguments)
        if target.is_part and not names_goods(rule, arguments):
            found.append(_whole_only(rule, line))
        found += _check(rule, conditions, order, line, arguments)
        problems += found
        if all(problem.is_notice for problem in found):
            requests.append(_make_request(order, rule, target, arguments))
    found = check_refunds(rule, order, [request.arguments for request in requests])
    if found:
        requests, problems = [], problems + found
    return ActionPlan(
        requests,
        [problem for problem in problems if not problem.is_notice],
        [problem for problem in problems if problem.is_notice],
        planner.waiting,
    )


def check_request(marketplace, action_type, order, arguments):
    """Tell what is wrong with a request, such as one that was built a while ago.

    :param Marketplace marketplace: what the marketplace allows now
    :param str action_type: such as `ship`
    :param Order order: the order as it is now
    :param dict arguments: the arguments as they are to be sent
    :return: list of :class:`.problems.Problem`, notices among them; without any but
        notices, the request is valid
    """
    rule = marketplace.get_action(action_type)
    if rule is None:
        return [_unknown_action(marketplace, action_type)]
    arguments = as_dict(arguments)
    line, problems = _find_named_line(rule, order, arguments)
    if not problems and line is None and not rule.is_allowed(order):
        problems.append(status_problem(rule, order))
    conditions = Conditions(order.payload)
    return problems + _check(rule, conditions, order, line, arguments)


def _make_planner(rule, order, lines, values, done, closed):
    if rule.name in const.PARTIAL_ACTION_TYPES:
        return DeliveryPlanner(
            rule, order, lines, values=values, done=done, closed=closed
        )
    return LinePlanner(rule, order, lines, values=values, done=done)


def _check(rule, conditions, order, line, arguments):
    problems = check_arguments(rule, conditions, arguments)
    problems += check_refund(rule, order, line, arguments)
    if line is None:
        return problems
    return [replace(problem, line_id=line.key) for problem in problems]


def _check_aim(rule, target, arguments):
    """Tell when a request for a part would be read as one for more than that."""
    line, quantity = target.line, target.quantity
    is_named = rule.line_argument.name in arguments
    is_counted = (
        quantity is None
        or quantity == line.quantity
        or rule.quantity_argument.name in arguments
    )
    if is_named and is_counted:
        return []
    values = {"action": rule.name, "marketplace": rule.marketplace.name}
    return [Problem("aimless", line_id=line.key, values={**values, "line": line.key})]


def _whole_only(rule, line):
    """Tell that the amount which made it a part cannot be told here."""
    values = {"action": rule.name, "marketplace": rule.marketplace.name}
    if line is None:
        return Problem("whole_order_only", values=values)
    values["line"] = line.key
    return Problem("whole_line_only", line_id=line.key, values=values)


def _find_named_part(rule, known):
    """Read which line the values name, and how many pieces of it.

    :return: list of :class:`LinePart`, None for the whole order
    """
    argument, counted = rule.line_argument, rule.quantity_argument
    if argument is None or not argument.is_given(known.get(argument.name)):
        return None
    quantity = known.get(counted.name) if counted else None
    return [LinePart(text(known[argument.name]), quantity)]


def _find_named_line(rule, order, arguments):
    """Find the line that a request names, and tell what speaks against it.

    :return: the line or None, and the problems with it
    """
    argument = rule.line_argument
    value = arguments.get(argument.name) if argument else None
    if argument is None or not argument.is_given(value):
        return None, []
    number = value if isinstance(value, str) else text(value)
    found = [line for line in order.lines if line.line_id == number]
    if not found:
        values = {"line": text(value)}
        return None, [Problem("unknown_line", line_id=text(value), values=values)]
    line, problems = found[0], []
    if not rule.is_allowed(order, line):
        problems.append(status_problem(rule, order, line))
    return line, problems + _check_quantity(rule, line, arguments)


def _check_quantity(rule, line, arguments):
    """Tell when a request is about more pieces than the line has."""
    quantity = _read_quantity(rule, arguments)
    if quantity is None or quantity <= line.quantity:
        return []
    values = {
        "line": line.key,
        "quantity": text(quantity),
        "left": text(line.quantity),
    }
    return [Problem("too_much", line_id=line.key, values=values)]


def _read_quantity(rule, arguments):
    argument = rule.quantity_argument
    return decimal(arguments.get(argument.name)) if argument else None


def _target_values(rule, known, target):
    values = {**known, **_drop_empty(target.values)}
    if target.line is not None:
        values[rule.line_argument.name] = target.line.line_id
    if target.quantity is not None and rule.quantity_argument is not None:
        values[rule.quantity_argument.name] = target.quantity
    return values


def _make_request(order, rule, target, arguments):
    line_id, quantity = "", target.quantity
    if target.line is not None:
        line_id = target.line.key
        # The values may name the pieces as well.
        quantity = _read_quantity(rule, arguments) if quantity is None else quantity
    return ActionRequest(
        order.marketplace,
        order.marketplace_order_id,
        rule.name,
        arguments,
        line_id,
        quantity,
    )


def _join(parcels):
    """Say of several parcels what a request has one argument for."""
    urls = [text(parcel.tracking_url) for parcel in parcels]
    weights = [decimal(parcel.weight) for parcel in parcels]
    known = [weight for weight in weights if weight is not None]
    values = {
        "tracking_number": _join_numbers(parcel.tracking_number for parcel in parcels),
        # Two addresses joined are none.
        "tracking_url": next(filter(None, urls), None),
        "return_tracking_number": _join_numbers(
            parcel.return_tracking_number for parcel in parcels
        ),
        "weight": sum(known) if known else None,
    }
    return _drop_empty(values)


def _join_numbers(numbers):
    """Join tracking numbers, each once: "A,B"."""
    entries = (entry.strip() for number in numbers for entry in text(number).split(","))
    return ",".join(dict.fromkeys(filter(None, entries)))


def _drop_empty(values):
    return {
        name: value
        for name, value in values.items()
        if value is False or not is_empty(value)
    }


def _unknown_action(marketplace, action_type):
    values = {"marketplace": marketplace.name, "action": text(action_type)}
    return Problem("unknown_action", values=values)
