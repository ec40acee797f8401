"""When an argument is called for: `depends_on`, evaluated as its table says.

What the table leaves open is decided here, and only here:

- a rule without conditions always holds, one of an unknown operator needs them all;
- a path that leads nowhere gives nothing, which is equal to nothing but `null`, in no
  list, and neither lower nor greater than anything;
- a number equals its text (`10` and `"10.00"`), two texts must be the same to the
  letter (`"10"` is not `"10.00"`, both may be codes);
- a list is in a list when it is not empty and all that it holds is;
- `regex` is searched for anywhere in the text, `contains` is a part of the text or a
  member of the list.
"""

import re
from decimal import Decimal, InvalidOperation

_UNLIMITED = re.compile(r"[*+]|\{\d+,\}")
# A longer text is not what an argument or a status looks like (ours).
_MAX_TEXT = 1_000


def holds(rule, order, action_data):
    """Tell whether the conditions of an argument are met.

    :param dict rule: the `depends_on`, or None
    :param dict order: what the root `order` stands for
    :param dict action_data: what the root `action_data` stands for
    :return: whether the argument is called for
    :rtype: bool
    :source: 002, "Detail of depends_on fields"
    """
    conditions = (rule or {}).get("conditions") or ()
    if not conditions:
        return True
    roots = {"order": order, "action_data": action_data}
    met = sum(_is_met(condition, roots) for condition in conditions)
    operator = rule.get("operator")
    if operator == "oneOf":
        return met == 1
    if operator == "anyOf":
        return met > 0
    return met == len(conditions)


def find(data, path):
    """Follow a dotted path.

    :param data: an order, or the arguments of an action
    :param str path: names between dots; a number picks from a list, a name collects
        from all its members
    :return: what stands there, or None
    """
    for name in str(path).split("."):
        if isinstance(data, dict):
            data = data.get(name)
        elif isinstance(data, list) and name.isdecimal():
            data = data[int(name)] if int(name) < len(data) else None
        elif isinstance(data, list):
            members = [find(member, name) for member in data]
            data = [member for member in members if member is not None]
        else:
            return None
    return data


def to_decimal(value):
    """Read a number, whether it is written as one or as text.

    :param value: anything
    :return: the number, or None when it is none
    :rtype: Decimal or None
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def is_same(left, right):
    """Compare two values whose types are loose.

    :param left: a value
    :param right: another one
    :return: whether they mean the same
    :rtype: bool
    """
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(is_same, left, right))
    if isinstance(left, (list, dict)) or isinstance(right, (list, dict)):
        return left == right
    if left is None or right is None:
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        return str(left).lower() == str(right).lower()
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    number = to_decimal(left)
    return number is not None and number == to_decimal(right)


def _is_met(condition, roots):
    key_path = condition.get("key_path") or {}
    data = find(roots.get(key_path.get("root")), key_path.get("path"))
    function = _FUNCTIONS.get(condition.get("function"))
    return function is not None and function(data, condition.get("value"))


def _is_in(data, values):
    values = values if isinstance(values, list) else [values]
    if isinstance(data, list):
        return bool(data) and all(_is_in(member, values) for member in data)
    return any(is_same(data, value) for value in values)


def _is_out(data, values):
    if isinstance(data, list):
        return not any(_is_in(member, values) for member in data)
    return not _is_in(data, values)


def _compare(test):
    def compare(data, value):
        data, value = to_decimal(data), to_decimal(value)
        return data is not None and value is not None and test(data, value)

    return compare


def _matches(data, pattern):
    if data is None or isinstance(data, (list, dict)) or not isinstance(pattern, str):
        return False
    try:
        if _is_hostile(pattern):
            return False
        return re.search(pattern, str(data)[:_MAX_TEXT]) is not None
    except (re.error, OverflowError, RecursionError):
        return False


def _is_hostile(pattern):
    """Find a repetition of what can itself be repeated or chosen in several ways.

    Such patterns take a time that doubles with every letter: nobody waits for them.
    """
    pattern = re.sub(r"\\.", "x", pattern, flags=re.DOTALL)
    pattern = re.sub(r"\[\^?\]?[^\]]*\]", "x", pattern)
    is_manifold = [False]
    for position, mark in enumerate(pattern):
        if mark == "(":
            is_manifold.append(False)
        elif mark == ")" and len(is_manifold) > 1:
            inner = is_manifold.pop()
            if inner and _UNLIMITED.match(pattern, position + 1):
                return True
            is_manifold[-1] |= inner
        elif mark == "|" or _UNLIMITED.match(pattern, position):
            is_manifold[-1] = True
    return False


def _contains(data, value):
    if isinstance(data, list):
        return any(is_same(member, value) for member in data)
    if data is None or value is None or isinstance(data, dict):
        return False
    return str(value) in str(data)


# 002, "Detail of depends_on functions"
_FUNCTIONS = {
    "equals": is_same,
    "not_equals": lambda data, value: not is_same(data, value),
    "in_list": _is_in,
    "not_in_list": _is_out,
    "lower_than": _compare(lambda data, value: data < value),
    "lower_than_or_equals": _compare(lambda data, value: data <= value),
    "greater_than": _compare(lambda data, value: data > value),
    "greater_than_or_equals": _compare(lambda data, value: data >= value),
    "regex": _matches,
    "contains": _contains,
}
