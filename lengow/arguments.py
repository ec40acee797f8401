"""One argument of an action: what it takes, and how it is written."""

import json
import re
from datetime import date
from decimal import Decimal
from functools import cached_property

from . import const
from .choices import find_choice, read_choices
from .conditions import describe_value
from .parsing import as_dict, decimal, iso, plain_decimal, text, timestamp
from .problems import Problem

# Types as descriptions name them (lengow_api, "Actions"; API reference, "API types").
_KINDS = {
    "": "text",
    "string": "text",
    "text": "text",
    "list": "text",
    "country": "text",
    "currency": "text",
    "date": "date",
    "datetime": "date",
    "quantity": "quantity",
    "line_number": "line",
    "price": "amount",
    "amount": "amount",
    "decimal": "number",
    "float": "number",
    "number": "number",
    "integer": "integer",
    "int": "integer",
    "boolean": "boolean",
    "bool": "boolean",
}
_BOOLEANS = {
    "true": True,
    "1": True,
    "yes": True,
    "false": False,
    "0": False,
    "no": False,
}


# As it is sent; people's dates are read more kindly (API reference, "API types").
_ISO_DATE = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?", re.ASCII
)


class Argument:
    """One argument of an action of a marketplace.

    :param str name: its name, such as `tracking_number`
    :param dict spec: its description, null when there is none
    :param bool is_listed_as_required: whether it stands among the mandatory ones
    :param dict choices: values to take where the description lists none
    """

    def __init__(self, name, spec, *, is_listed_as_required=False, choices=None):
        self.name = name
        self.spec = as_dict(spec)
        self.is_listed_as_required = is_listed_as_required
        self._marketplace_choices = choices or {}

    def __repr__(self):
        return f"{type(self).__name__}({self.name!r})"

    @property
    def label(self):
        """:return: its name for people."""
        given = text(self.spec.get("label"))
        return given or self.name.replace("_", " ").strip().capitalize()

    @property
    def description(self):
        """:return: what the marketplace says about it, "" for nothing."""
        return text(self.spec.get("description"))

    @property
    def type(self):
        """:return: its type as described, "" when not told."""
        return text(self.spec.get("type")).lower()

    @cached_property
    def kind(self):
        """:return: how it is read: text, date, quantity, line, amount, number, integer,
        boolean or, for a type that is not known, "other".
        """
        if self.name in const.LINE_ARGUMENTS:
            return "line"
        if self.name in const.QUANTITY_ARGUMENTS:
            return "quantity"
        is_listed = bool(self.spec.get("valid_values"))
        if not self.type and not is_listed and self.name.endswith("_date"):
            return "date"
        return _KINDS.get(self.type, "other")

    @cached_property
    def accepts_free_values(self):
        """:return: whether values beside the listed ones are taken; true if not told."""
        value = self.spec.get("accept_free_values")
        return value is None or text(value).lower() not in ("false", "0")

    @cached_property
    def valid_values(self):
        """:return: dict of code to :class:`.choices.Choice`."""
        own = read_choices(self.spec.get("valid_values"))
        return own or self._marketplace_choices

    @property
    def default_value(self):
        """:return: what the marketplace proposes, None for nothing; 0 is a value.

        Which line it is, and how many pieces, nobody can propose.
        """
        value = self.spec.get("default_value")
        is_proposed = self.kind not in ("line", "quantity") and self.is_given(value)
        return value if is_proposed else None

    @cached_property
    def depends_on(self):
        """:return: the rule that says when it is asked for, None when it always is."""
        rule = self.spec.get("depends_on") or None
        return None if as_dict(rule).get("conditions") == [] else rule

    @property
    def is_conditional(self):
        """:return: whether a rule says when it is asked for."""
        return self.depends_on is not None

    def is_given(self, value):
        """Tell whether a value says something; 0 does, and False where it means "no".

        :param value: anything
        :rtype: bool
        """
        if value is False and self.kind not in ("boolean", "other"):
            # Odoo's empty field.
            return False
        return not is_empty(value)

    def prepare(self, value):
        """Write a value as it is sent.

        :param value: a value that is not empty
        :return: the value, None if it is refused; and what is wrong with it, or None
        :rtype: tuple[object, Problem | None]
        """
        choice = find_choice(self.valid_values, value)
        if choice is not None:
            # What is listed is right, whatever the type says.
            return choice.code, None
        prepare = _PREPARE.get(self.kind, _prepare_other)
        prepared, code = prepare(value)
        if code is None and self.valid_values:
            choice = find_choice(self.valid_values, prepared)
            if choice is not None:
                return choice.code, None
            if not self.accepts_free_values:
                code = "not_listed"
        if code is None:
            return prepared, None
        return None, self._make_problem(code, value)

    def check(self, value):
        """Tell what is wrong with a value as it is to be sent.

        A value that a person may give, such as "12,50", can be another one when sent.

        :param value: a value that is not empty
        :return: :class:`.problems.Problem`, None when it is right
        """
        prepared, problem = self.prepare(value)
        if problem is not None or self._is_written(value):
            return problem
        if isinstance(value, bool):
            return self._make_problem("not_text", value)
        written = describe_value(prepared)
        return self._make_problem("badly_written", value, written=written)

    def _is_written(self, value):
        code = value if isinstance(value, str) else text(value)
        if code in self.valid_values:
            return True
        if self.valid_values and not self.accepts_free_values:
            return False
        if isinstance(value, bool) and self.kind == "text":
            # Nobody has told that it must be a text.
            return not self.type
        is_written = _IS_WRITTEN.get(self.kind)
        return is_written is None or is_written(value)

    def _make_problem(self, code, value, **values):
        labels = [_tell(choice) for choice in self.valid_values.values()]
        return Problem(
            code,
            self.name,
            values={
                "argument": self.label,
                "value": describe_value(_plain(value)),
                "choices": describe_value(labels),
                **values,
            },
        )


def is_empty(value):
    """Tell whether a value says nothing; 0 says something.

    :param value: anything
    :rtype: bool
    """
    if isinstance(value, str):
        return not value.strip()
    return value is None or value in ([], {}, ())


def _tell(choice):
    if choice.label == choice.code:
        return choice.code
    return f"{choice.label} ({choice.code})"


def _plain(value):
    return iso(value) if isinstance(value, date) else value


# === HOW EACH KIND IS WRITTEN: value -> what is sent, code of a problem or None === #


def _prepare_text(value):
    prepared = text(_leave_out_noise(_plain(value)))
    return (prepared, None) if prepared else (None, "not_text")


def _prepare_date(value):
    moment = timestamp(value)
    if moment is None:
        return None, "not_date"
    return iso(moment), None


def _prepare_number(value):
    number = _read_number(value)
    return (None, "not_number") if number is None else (_write(number), None)


def _prepare_amount(value):
    number = _read_number(value)
    if number is None:
        return None, "not_number"
    return (None, "negative") if number < 0 else (_write(number), None)


def _prepare_integer(value):
    number = _read_number(value)
    if number is None:
        return None, "not_number"
    whole = number.to_integral_value()
    return (int(whole), None) if number == whole else (None, "not_whole")


def _prepare_quantity(value):
    number, code = _prepare_integer(value)
    return (None, "not_positive") if code is None and number < 1 else (number, code)


def _prepare_boolean(value):
    found = _BOOLEANS.get(text(value).lower())
    return (None, "not_boolean") if found is None else (found, None)


def _prepare_other(value):
    value = _write(value) if isinstance(value, Decimal) else _plain(value)
    try:
        words = json.dumps(value, allow_nan=False, sort_keys=True, ensure_ascii=False)
        # Neither lone surrogates nor NUL can be stored.
        is_storable = "\\u0000" not in words and words.encode()
    except (TypeError, ValueError, RecursionError):
        is_storable = False
    return (value, None) if is_storable else (None, "not_json")


def _read_number(value):
    return decimal(_leave_out_noise(value))


def _leave_out_noise(value):
    """Round what floats cannot hold: 0.1 + 0.2 is 0.3."""
    return round(value, const.FLOAT_DIGITS) if isinstance(value, float) else value


def _write(number):
    return format(number, "f")


_PREPARE = {
    "text": _prepare_text,
    "line": _prepare_text,
    "date": _prepare_date,
    "amount": _prepare_amount,
    "number": _prepare_number,
    "integer": _prepare_integer,
    "quantity": _prepare_quantity,
    "boolean": _prepare_boolean,
}


# === WHETHER A VALUE THAT CAN BE READ IS WRITTEN AS IT IS SENT === #


def _is_text_or_number(value):
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _is_plain_number(value):
    return _is_text_or_number(value) and plain_decimal(value) is not None


def _is_iso_date(value):
    return isinstance(value, str) and bool(_ISO_DATE.fullmatch(value))


def _is_true_or_false(value):
    return isinstance(value, bool) or text(value).lower() in ("true", "false")


_IS_WRITTEN = {
    "text": _is_text_or_number,
    "line": _is_text_or_number,
    "date": _is_iso_date,
    "amount": _is_plain_number,
    "number": _is_plain_number,
    "integer": _is_plain_number,
    "quantity": _is_plain_number,
    "boolean": _is_true_or_false,
}
