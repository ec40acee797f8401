"""What a strict marketplace says to an action, by nothing but its own description.

Written from Lengow's documents, and apart from the rules that the addon goes by: the two
can disagree, and a test makes them try.
"""

from typing import NamedTuple

from .argument_types import find_fault
from .conditions import holds


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
    those with a condition only when it holds. An argument that must be given and has a
    default need not be. Conditions on `action_data` see the arguments given, and the
    defaults of those that must be given whatever else is.

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
    action = _as_dict(actions[action_type])
    arguments = drop_empty(arguments)
    return [
        *_check_status(action, order, line, action_type),
        *_check_names(action, arguments, action_type),
        *_check_arguments(action, order, line, arguments),
    ]


def drop_empty(arguments):
    """Leave out the arguments that are given without a value.

    :param dict arguments: argument -> value
    :return: those whose value is something; `0` and `False` are
    :rtype: dict
    """
    return {
        name: value
        for name, value in arguments.items()
        if value is not None and value not in ("", [], {})
    }


def find_missing(action, arguments):
    """Collect the arguments that must be given whatever the order is.

    :param dict action: the action's description
    :param dict arguments: argument -> value
    :return: those that are neither given nor have a default
    :rtype: list of str
    """
    return [
        name
        for name in action.get("args") or ()
        if name not in drop_empty(arguments)
        and not _describe(action, name).get("depends_on")
        and _get_default(action, name) is None
    ]


def fill_defaults(action, order, arguments):
    """Complete an action with the defaults of the arguments that must be given.

    :param dict action: the action's description
    :param dict order: the order
    :param dict arguments: argument -> value
    :return: the arguments that the marketplace works with
    :rtype: dict
    """
    data = _prepare_action_data(action, drop_empty(arguments))
    filled = dict(data)
    for name in action.get("args") or ():
        default = _get_default(action, name)
        rule = _describe(action, name).get("depends_on")
        if name not in filled and default is not None and holds(rule, order, data):
            filled[name] = default
    return filled


def _check_status(action, order, line, action_type):
    allowed = action.get("status")
    status = (line or {}).get("lengow_status") or order.get("lengow_status")
    if allowed is None or status in allowed:
        return
    where = "line" if (line or {}).get("lengow_status") else "order"
    yield Problem(
        "status",
        None,
        f"Action {action_type} is not available from status {status} of the {where}. "
        f"It is from {', '.join(allowed) or 'none'}.",
    )


def _check_names(action, arguments, action_type):
    known = {*(action.get("args") or ()), *(action.get("optional_args") or ())}
    for name in arguments:
        if name not in known:
            message = f"Action {action_type} does not take {name}."
            yield Problem("unknown", name, message)


def _check_arguments(action, order, line, arguments):
    mandatory = list(action.get("args") or ())
    data = _prepare_action_data(action, arguments)
    for name in dict.fromkeys([*mandatory, *(action.get("optional_args") or ())]):
        description = _describe(action, name)
        is_called_for = holds(description.get("depends_on"), order, data)
        if name not in arguments:
            is_filled = _get_default(action, name) is not None
            if name in mandatory and is_called_for and not is_filled:
                yield Problem("missing", name, f"{name} is mandatory.")
        elif not is_called_for:
            message = f"{name} is not accepted here: its conditions are not met."
            yield Problem("condition", name, message)
        else:
            fault = find_fault(description, arguments[name], order, line)
            if fault:
                code, what = fault
                yield Problem(code, name, f"{name} {what}: {arguments[name]!r}.")


def _prepare_action_data(action, arguments):
    """Complete the arguments with the defaults that hang on no condition."""
    data = dict(arguments)
    for name in action.get("args") or ():
        default = _get_default(action, name)
        if default is not None and not _describe(action, name).get("depends_on"):
            data.setdefault(name, default)
    return data


def _describe(action, name):
    return _as_dict(_as_dict(action.get("args_description")).get(name))


def _get_default(action, name):
    default = _describe(action, name).get("default_value")
    return None if default in ("", [], {}) else default


def _as_dict(value):
    """Read an object; PHP writes an empty one as a list."""
    return value if isinstance(value, dict) else {}
