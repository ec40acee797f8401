"""One argument of an action: what it takes, and how it is written."""

import json
from datetime import date
from decimal import Decimal
from functools import cached_property

from . import const
from .choices import find_choice, read_choices
from .conditions import describe_value
from .parsing import as_dict, decimal, iso, text, timestamp
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
        if not self.type and self.name.endswith("_date"):
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

    @property
    def depends_on(self):
        """:return: the rule that says when it is asked for, None when it always is."""
        return self.spec.get("depends_on") or None

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
        if self.kind == "other":
            prepared, code = _prepare_other(value)
        else:
            prepared, code = _PREPARE[self.kind](value)
        if code is None and self.valid_values:
            choice = find_choice(self.valid_values, prepared)
            if choice is not None:
                return choice.code, None
            if not self.accepts_free_values:
                code = "not_listed"
        if code is None:
            return prepared, None
        labels = [_tell(choice) for choice in self.valid_values.values()]
        return None, Problem(
            code,
            self.name,
            values={
                "argument": self.label,
                "value": describe_value(_plain(value)),
                "choices": describe_value(labels),
            },
        )


def is_empty(value):
    """Tell whether a value says nothing; 0 says something.

    :param value: anything
    :rtype: bool
    """
    return (
        value is None
        or (isinstance(value, str) and not value.strip())
        or value
        in (
            [],
            {},
            (),
        )
    )


def _tell(choice):
    if choice.label == choice.code:
        return choice.code
    return f"{choice.label} ({choice.code})"


def _plain(value):
    return iso(value) if isinstance(value, date) else value


# === HOW EACH KIND IS WRITTEN: value -> what is sent, code of a problem or None === #


def _prepare_text(value):
    prepared = text(_plain(value))
    return (prepared, None) if prepared else (None, "not_text")


def _prepare_date(value):
    moment = timestamp(value)
    if moment is None:
        return None, "not_date"
    return iso(moment), None


def _prepare_number(value):
    number = decimal(value)
    return (None, "not_number") if number is None else (_write(number), None)


def _prepare_amount(value):
    number = decimal(value)
    if number is None:
        return None, "not_number"
    return (None, "negative") if number < 0 else (_write(number), None)


def _prepare_integer(value):
    number = decimal(value)
    if number is None:
        return None, "not_number"
    whole = number.to_integral_value()
    return (int(whole), None) if number == whole else (None, "not_whole")


def _prepare_quantity(value):
    number, code = _prepare_integer(value)
    return (None, "negative") if code is None and number < 0 else (number, code)


def _prepare_boolean(value):
    found = _BOOLEANS.get(text(value).lower())
    return (None, "not_boolean") if found is None else (found, None)


def _prepare_other(value):
    value = _write(value) if isinstance(value, Decimal) else _plain(value)
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return None, "not_json"
    return value, None


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
