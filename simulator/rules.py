"""What a strict marketplace says to an action, by nothing but its own description.

Written from Lengow's documents, and apart from the rules that the addon goes by: the two
can disagree, and a test makes them try.
"""

from typing import NamedTuple

from .argument_types import describe, find_fault
from .conditions import holds
from .const import WORKFLOW_RANKS

# What every request says, whatever the action (002, "Create an action on an order").
_ENVELOPE = ("account_id", "marketplace", "marketplace_order_id", "action_type")


class Problem(NamedTuple):
    """One reason to refuse an action.

    :param str code: `action`, `status`, `missing`, `unknown`, `condition`, `type` or
        `value`
    :param str argument: the argument it is about, or None
    :param str message: a sentence
    """

    code: str
    argument: str | None
    message: str


def check(spec, order, line, action_type, arguments):
    """Hold an action against the rules of its marketplace.

    The status that counts is the line's, or the order's where there is no line.
    `args` must be given, those with a condition when it holds; `optional_args` may be,
    those with a condition only when it holds. A condition that nobody can read neither
    asks for its argument nor keeps it out. A default is for whoever sends the action:
    what must be given is missing without it. Conditions on `action_data` see the
    arguments given.

    :param dict spec: the marketplace, as `/v3.0/marketplaces/` describes it
    :param dict order: the order, as `/v3.0/orders/` shows it
    :param dict line: the line that the action is about, None for the whole order
    :param str action_type: such as `ship`
    :param dict arguments: argument -> value
    :return: the problems, none when the action is right
    :rtype: list of Problem
    :source: 002, "Detail of orders.actions" and "Detail of depends_on fields"
    """
    actions = _as_dict(_as_dict(spec.get("orders")).get("actions"))
    if action_type not in actions:
        available = ", ".join(actions) or "none"
        message = (
            f"Action {action_type} does not exist. Available actions: {available}."
        )
        return [Problem("action", None, message)]
    action = _read_action(actions[action_type])
    arguments = drop_empty(arguments)
    return [
        *_check_status(spec, action, order, line, action_type),
        *_check_names(action, arguments, action_type),
        *_check_arguments(spec, action, order, line, arguments),
    ]


def drop_empty(arguments):
    """Leave out the arguments that are given without a value.

    :param dict arguments: argument -> value
    :return: those whose value is something; `0` and `False` are
    :rtype: dict
    """
    return {name: value for name, value in arguments.items() if not _is_empty(value)}


def find_missing(action, arguments):
    """Collect the arguments that must be given whatever the order is.

    :param dict action: the action's description
    :param dict arguments: argument -> value
    :return: those that are not given
    :rtype: list of str
    """
    action, given = _read_action(action), drop_empty(arguments)
    return [
        name
        for name in action["args"]
        if name not in given and not describe(action, name).get("depends_on")
    ]


def _read_action(action):
    """Complete an action's description, without what every request says anyway."""
    action = _as_dict(action)
    names = {key: action.get(key) or () for key in ("args", "optional_args")}
    return {
        **action,
        **{
            key: [name for name in listed if name not in _ENVELOPE]
            for key, listed in names.items()
        },
    }


def _check_status(spec, action, order, line, action_type):
    """Hold the status against the allowed ones: Lengow's, or the marketplace's own."""
    allowed = action.get("status")
    if allowed is None:
        return
    allowed = [allowed] if isinstance(allowed, str) else allowed
    shown = line if line and line.get("lengow_status") else order
    status, own = shown.get("lengow_status"), shown.get("marketplace_status")
    lengow_statuses = {*WORKFLOW_RANKS, *_as_dict(spec["orders"].get("status"))}
    if status in allowed or (own in allowed and own not in lengow_statuses):
        return
    yield Problem(
        "status",
        None,
        f"Action {action_type} is not available from status {status} of the "
        f"{'order' if shown is order else 'line'}. "
        f"It is from {', '.join(allowed) or 'none'}.",
    )


def _check_names(action, arguments, action_type):
    known = {*action["args"], *action["optional_args"]}
    for name in arguments:
        if name not in known:
            message = f"Action {action_type} does not take {name}."
            yield Problem("unknown", name, message)


def _check_arguments(spec, action, order, line, arguments):
    mandatory = action["args"]
    for name in dict.fromkeys([*mandatory, *action["optional_args"]]):
        is_called_for = holds(
            describe(action, name).get("depends_on"), order, arguments
        )
        if name not in arguments:
            if name in mandatory and is_called_for:
                yield Problem("missing", name, f"{name} is mandatory.")
        elif is_called_for is False:
            message = f"{name} is not accepted here: its conditions are not met."
            yield Problem("condition", name, message)
        else:
            fault = find_fault(spec, action, name, arguments[name], order, line)
            if fault:
                code, what = fault
                yield Problem(code, name, f"{name} {what}: {arguments[name]!r}.")


def _is_empty(value):
    is_blank = isinstance(value, str) and not value.strip()
    return is_blank or value is None or value in ([], {})


def _as_dict(value):
    """Read an object; PHP writes an empty one as a list."""
    return value if isinstance(value, dict) else {}
