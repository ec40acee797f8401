"""`depends_on`: on which conditions a marketplace asks for an argument.

A rule is met, not met, or unclear: a rule that nobody can read is no reason to stop,
nor to send something else than what was given.
"""

import time
from dataclasses import dataclass, field

from . import const, patterns
from .parsing import as_dict, plain_decimal, text

_TRUE = {"true": "1", "false": "0"}


@dataclass(frozen=True)
class Verdict:
    """Whether a rule is met.

    :param bool is_met: None when that is unclear
    :param str doubt: why it is unclear, a key of :data:`.problems.NOTICES`
    :param str name: what in the rule is unclear
    """

    is_met: bool | None
    doubt: str = ""
    name: str = ""


_MET = Verdict(True)


class _UnclearError(Exception):
    def __init__(self, doubt, name=""):
        super().__init__(doubt)
        self.verdict = Verdict(None, doubt, name)


@dataclass
class Conditions:
    """Judges rules about one order.

    :param dict order: the order's payload
    :param float seconds: as long as all patterns together may take
    :source: API reference, "Detail of depends_on fields / Conditional order action
        arguments"
    """

    order: dict
    seconds: float = const.PATTERNS_SECONDS
    _left: int = field(default=const.RULE_JUDGEMENTS, init=False, repr=False)
    _found: dict = field(default_factory=dict, init=False, repr=False)

    def judge(self, rule, action_data):
        """Tell whether a rule is met.

        :param rule: an argument's `depends_on`; null and {} are always met
        :param dict action_data: what the request says
        :rtype: Verdict
        """
        if not rule:
            return _MET
        count = count_conditions(rule) if self._left > 0 else 0
        self._left -= count
        if count > const.RULE_CONDITIONS or self._left <= 0:
            return Verdict(None, "rule_long")
        roots = {"order": self.order, "action_data": action_data}
        return self._judge(rule, roots, const.RULE_DEPTH)

    def _judge(self, rule, roots, depth):
        rule = as_dict(rule)
        if "conditions" in rule:
            return self._judge_group(rule, roots, depth)
        try:
            return Verdict(self._is_met(rule, roots))
        except _UnclearError as error:
            return error.verdict
        except RecursionError:
            return Verdict(None, "rule_long")

    def _judge_group(self, rule, roots, depth):
        conditions = rule["conditions"]
        if conditions == []:
            # None of them is against it, whatever the operator.
            return _MET
        if depth == 0 or not isinstance(conditions, list):
            return Verdict(None, "rule_form")
        verdicts = [self._judge(entry, roots, depth - 1) for entry in conditions]
        if len(verdicts) == 1:
            # One condition is the same to every operator.
            return verdicts[0]
        name = text(rule.get("operator"))
        combine = OPERATORS.get(name)
        if combine is None:
            return Verdict(None, "rule_operator", name)
        met = sum(verdict.is_met is True for verdict in verdicts)
        unclear = [verdict for verdict in verdicts if verdict.is_met is None]
        # What is unclear can be either; where both lead to the same, it is clear.
        outcomes = {
            combine(met + more, len(verdicts)) for more in range(len(unclear) + 1)
        }
        return unclear[0] if len(outcomes) == 2 else Verdict(outcomes.pop())

    def _is_met(self, condition, roots):
        name = text(condition.get("function"))
        key_path = as_dict(condition.get("key_path"))
        root, path = text(key_path.get("root")), key_path.get("path")
        if not name or not isinstance(path, str) or not path:
            raise _UnclearError("rule_form")
        if root not in roots:
            raise _UnclearError("rule_root", root)
        actual, expected = get_at(roots[root], path), condition.get("value")
        if name == "regex":
            return self._search(actual, expected)
        function = FUNCTIONS.get(name)
        if function is None:
            raise _UnclearError("rule_function", name)
        return function(actual, expected)

    def _search(self, actual, pattern):
        if not isinstance(pattern, str):
            raise _UnclearError("rule_value", "regex")
        if actual is None or isinstance(actual, dict | list):
            return False
        key = (pattern, _raw(actual))
        if key not in self._found:
            started = time.thread_time()  # a busy machine is not the pattern's fault
            seconds = min(self.seconds, const.PATTERN_SECONDS)
            try:
                self._found[key] = patterns.search(*key, seconds=seconds)
            except patterns.InvalidPatternError:
                raise _UnclearError("rule_pattern") from None
            except patterns.PatternError:
                raise _UnclearError("rule_slow") from None
            finally:
                self.seconds -= time.thread_time() - started
        return self._found[key]


def get_at(data, path):
    """Read what a dotted path leads to.

    :param data: parsed JSON
    :param str path: such as `order_meta.delivery_type`; numbers count entries of lists
    :return: the value, None when there is none
    """
    for name in path.split("."):
        if isinstance(data, dict):
            data = data.get(name)
        elif isinstance(data, list) and _is_index(name, data):
            data = data[int(name)]
        else:
            return None
    return data


def _is_index(name, entries):
    is_number = name.isdecimal() and len(name) <= const.INDEX_DIGITS
    return is_number and int(name) < len(entries)


def count_conditions(rule):
    """Count the parts of a rule, up to what we read.

    :param rule: a rule
    :return: number of its groups and conditions; beyond the limit, any number above it
    :rtype: int
    """
    count, waiting = 0, [rule]
    while waiting and count <= const.RULE_CONDITIONS:
        conditions = as_dict(waiting.pop()).get("conditions")
        count += 1
        if isinstance(conditions, list):
            waiting += conditions[: const.RULE_CONDITIONS + 1]
    return count


def describe(rule):
    """Say a rule in words.

    :param rule: an argument's `depends_on`
    :return: such as "carrier equals Other"
    :rtype: str
    """
    if count_conditions(rule) > const.CHOICES_TOLD:
        return "…"
    return _describe(as_dict(rule), const.RULE_DEPTH)


def _describe(rule, depth):
    conditions = rule.get("conditions")
    if depth == 0:
        return "…"
    if isinstance(conditions, list):
        word = {"anyOf": " or ", "oneOf": " or else "}.get(
            text(rule.get("operator")), " and "
        )
        return word.join(_describe(as_dict(entry), depth - 1) for entry in conditions)
    path = text(as_dict(rule.get("key_path")).get("path"))
    function = text(rule.get("function")).replace("_", " ")
    return f"{path} {function} {describe_value(rule.get('value'))}".strip()


def describe_value(value):
    """Say a value in words.

    :param value: parsed JSON
    :return: the texts in it, "…" for more than a person reads
    :rtype: str
    """
    if isinstance(value, list):
        told = [text(entry) or "…" for entry in value[: const.CHOICES_TOLD]]
        return ", ".join(told + ["…"] * (len(value) > const.CHOICES_TOLD))
    if isinstance(value, dict):
        return "…"
    words = text(value)
    limit = const.MESSAGE_LENGTH // 3
    return words if len(words) <= limit else words[:limit] + "…"


# === FUNCTIONS === #


def equals(actual, expected):
    """Compare two values of loose types: 5, 5.0 and "5.00" are the same number.

    Two texts are the same only to the letter: "01000" is not "1000". Null and the empty
    text are both nothing.

    :param actual: what the data says
    :param expected: what the rule says
    :rtype: bool
    """
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(equals, actual, expected))
    if isinstance(actual, dict | list) or isinstance(expected, dict | list):
        return actual == expected
    if isinstance(actual, bool) or isinstance(expected, bool):
        words = (text(value).lower() for value in (actual, expected))
        one, other = (_TRUE.get(word, word) for word in words)
        return one == other
    if actual in (None, "") or expected in (None, ""):
        return actual in (None, "") and expected in (None, "")
    if isinstance(actual, str) and isinstance(expected, str):
        return actual == expected
    number = plain_decimal(actual)
    return number is not None and number == plain_decimal(expected)


def _in_list(actual, expected):
    if not isinstance(expected, list):
        raise _UnclearError("rule_value", "in_list")
    return any(equals(actual, entry) for entry in expected)


def _contains(actual, expected):
    if isinstance(expected, dict | list) or expected is None:
        raise _UnclearError("rule_value", "contains")
    if isinstance(actual, list):
        return any(equals(entry, expected) for entry in actual)
    if isinstance(actual, dict) or actual is None:
        return False
    return _raw(expected) in _raw(actual)


def _compare(name, is_right):
    def compare(actual, expected):
        limit = plain_decimal(expected)
        if limit is None:
            raise _UnclearError("rule_value", name)
        number = plain_decimal(actual)
        return number is not None and is_right(number, limit)

    return compare


def _raw(value):
    return value if isinstance(value, str) else text(value)


#: How many of the conditions must be met: (met, all) -> bool.
OPERATORS = {
    "allOf": lambda met, total: met == total,
    "anyOf": lambda met, total: met > 0,
    "oneOf": lambda met, total: met == 1,
}

#: API reference, "Detail of depends_on functions"; `regex` has its own bounds.
FUNCTIONS = {
    "equals": equals,
    "not_equals": lambda actual, expected: not equals(actual, expected),
    "in_list": _in_list,
    "not_in_list": lambda actual, expected: not _in_list(actual, expected),
    "lower_than": _compare("lower_than", lambda one, other: one < other),
    "lower_than_or_equals": _compare(
        "lower_than_or_equals", lambda one, other: one <= other
    ),
    "greater_than": _compare("greater_than", lambda one, other: one > other),
    "greater_than_or_equals": _compare(
        "greater_than_or_equals", lambda one, other: one >= other
    ),
    "contains": _contains,
}
