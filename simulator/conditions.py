"""When an argument is called for: `depends_on`, evaluated as its table says.

What the table leaves open is decided here, and only here:

- a rule without conditions always holds;
- what cannot be read (an unknown function, operator or root, a value that the function
  does not compare with) may hold or not: nobody can tell;
- groups may stand within groups, and a condition may stand alone;
- a path that leads nowhere gives nothing, which is equal to `null` and to the empty
  text, and neither lower nor greater than anything; names lead nowhere in a list;
- a number equals its text (`10` and `"10.00"`), two texts must be the same to the
  letter (`"10"` is not `"10.00"`, both may be codes);
- a list is in a list when one of its members is the very same list;
- `regex` is searched for anywhere in the text, `contains` is a part of the text or a
  member of the list.
"""

import json
import re
from decimal import Decimal

_NUMBER = re.compile(
    r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE
)
_UNLIMITED = re.compile(r"[*+]|\{\d+,\}")
# A longer text is not what an argument or a status looks like (ours).
_MAX_TEXT = 1_000
# No list is so long that its place in it has more digits (ours).
_MAX_DIGITS = 9


def holds(rule, order, action_data):
    """Tell whether the conditions of an argument are met.

    :param dict rule: the `depends_on`, or None
    :param dict order: what the root `order` stands for
    :param dict action_data: what the root `action_data` stands for
    :return: whether the argument is called for, None when nobody can tell
    :rtype: bool or None
    :source: 002, "Detail of depends_on fields"
    """
    if not rule:
        return True
    return _evaluate(rule, {"order": order, "action_data": action_data})


def find(data, path):
    """Follow a dotted path.

    :param data: an order, or the arguments of an action
    :param str path: names between dots; a number picks from a list
    :return: what stands there, or None
    """
    for name in path.split("."):
        if isinstance(data, dict):
            data = data.get(name)
        elif isinstance(data, list) and name.isdecimal() and len(name) <= _MAX_DIGITS:
            data = data[int(name)] if int(name) < len(data) else None
        else:
            return None
    return data


def to_decimal(value):
    """Read a number, whether it is written as one or as text.

    :param value: anything
    :return: the number, or None when it is none
    :rtype: Decimal or None
    :source: 002, "API types": decimals are written with a point
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    if isinstance(value, str):
        value = value.strip()
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def to_text(value):
    """Write a single value as JSON does, but for the quotes.

    :param value: a text, a number or a boolean
    :return: the text; whole numbers without a fraction
    :rtype: str
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value)


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
    if left in (None, "") or right in (None, ""):
        return left in (None, "") and right in (None, "")
    if isinstance(left, bool) or isinstance(right, bool):
        return _to_bit(left) == _to_bit(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    number = to_decimal(left)
    return number is not None and number == to_decimal(right)


def _to_bit(value):
    """Write yes and no, which forms send as words or digits, as digits."""
    word = to_text(value).lower()
    return {"true": "1", "false": "0"}.get(word, word)


def _evaluate(rule, roots):
    """Tell whether a condition or a group of them holds, None when nobody can tell."""
    if not isinstance(rule, dict):
        return None
    if "conditions" in rule:
        return _evaluate_group(rule, roots)
    key_path = rule.get("key_path")
    if not isinstance(key_path, dict):
        return None
    root, path = key_path.get("root"), key_path.get("path")
    function = rule.get("function")
    if (
        root not in tuple(roots)
        or not isinstance(path, str)
        or not path
        or function not in tuple(_FUNCTIONS)
    ):
        return None
    return _FUNCTIONS[function](find(roots[root], path), rule.get("value"))


def _evaluate_group(rule, roots):
    conditions, operator = rule["conditions"], rule.get("operator")
    if conditions == []:
        return True
    if not isinstance(conditions, list):
        return None
    results = [_evaluate(condition, roots) for condition in conditions]
    if len(results) == 1:
        return results[0]
    sure = results.count(True)
    possible = sure + results.count(None)
    if operator == "allOf":
        return _agree(sure == len(results), possible == len(results))
    if operator == "anyOf":
        return _agree(sure > 0, possible > 0)
    if operator == "oneOf":
        if sure > 1:
            return False
        return sure == 1 if sure == possible else None
    return None


def _agree(at_least, at_most):
    return at_least if at_least == at_most else None


def _not(result):
    return None if result is None else not result


def _is_in(data, values):
    if not isinstance(values, list):
        return None
    return any(is_same(data, value) for value in values)


def _compare(test):
    def compare(data, value):
        limit = to_decimal(value)
        if limit is None:
            return None
        number = to_decimal(data)
        return number is not None and test(number, limit)

    return compare


def _matches(data, pattern):
    if not isinstance(pattern, str):
        return None
    if data is None or isinstance(data, (list, dict)):
        return False
    try:
        if _is_hostile(pattern):
            return None
        return re.search(pattern, to_text(data)[:_MAX_TEXT]) is not None
    except (re.error, OverflowError, RecursionError):
        return None


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
    if value is None or isinstance(value, (list, dict)):
        return None
    if isinstance(data, list):
        return any(is_same(member, value) for member in data)
    if data is None or isinstance(data, dict):
        return False
    return to_text(value) in to_text(data)


# 002, "Detail of depends_on functions"
_FUNCTIONS = {
    "equals": is_same,
    "not_equals": lambda data, value: not is_same(data, value),
    "in_list": _is_in,
    "not_in_list": lambda data, values: _not(_is_in(data, values)),
    "lower_than": _compare(lambda data, value: data < value),
    "lower_than_or_equals": _compare(lambda data, value: data <= value),
    "greater_than": _compare(lambda data, value: data > value),
    "greater_than_or_equals": _compare(lambda data, value: data >= value),
    "regex": _matches,
    "contains": _contains,
}
