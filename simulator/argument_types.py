"""What an argument's type and list of values let through."""

from .conditions import to_decimal, to_text
from .dates import parse_date
from .money import get_lines

# What the lists of a marketplace are for, where an argument has none of its own.
_LISTS = {
    "carrier": "carriers",
    "return_carrier": "carriers",
    "shipping_method": "shipping_methods",
}
_PIECES = ("quantity", "shipped_quantity", "refund_quantity")


def find_fault(spec, action, name, value, order, line):
    """Say what is wrong with the value of an argument.

    A listed value is right whatever the type is. Where only listed ones are taken but
    none is listed, nobody can tell a wrong one.

    :param dict spec: the marketplace
    :param dict action: the action's description
    :param str name: the argument
    :param value: what was given
    :param dict order: the order
    :param dict line: the line that the action is about, or None
    :return: `type` or `value` and the rest of a sentence, or None when all is well
    :rtype: tuple or None
    :source: 002, "Detail of orders.actions" and "API types"; lengow_api, "Actions"
    """
    description = describe(action, name)
    kind = get_type(action, name)
    if kind == "line_number":
        known = [line] if line else get_lines(order)
        ids = {str(known_line.get("marketplace_order_line_id")) for known_line in known}
        return None if str(value) in ids else ("value", "is no line of this order")
    if line and name == _find_pieces(action):
        pieces, wanted = (
            to_decimal(number) for number in (line.get("quantity"), value)
        )
        if pieces is not None and wanted is not None and wanted > pieces:
            return "value", f"is more than the {pieces} of the line"
    is_single = not isinstance(value, (list, dict))
    codes = _list_codes(spec, description, name)
    if is_single and to_text(value) in codes:
        return None
    test, wanted = _TYPES.get(kind, (None, None))
    if test and not (is_single and test(value)):
        return "type", f"must be {wanted}"
    if codes and not _accepts_free_values(description):
        return "value", f"is not one of {', '.join(codes)}"
    return None


def describe(action, name):
    """Read the description of an argument.

    :param dict action: the action's description
    :param str name: the argument
    :return: its description, empty when there is none
    :rtype: dict
    """
    descriptions = action.get("args_description")
    description = descriptions.get(name) if isinstance(descriptions, dict) else None
    return description if isinstance(description, dict) else {}


def get_type(action, name):
    """Tell the type of an argument, by its name where that says more.

    :param dict action: the action's description
    :param str name: the argument
    :return: the type, "" for one that nobody has told
    :rtype: str
    :source: lengow_api, "Actions": what `line`, `quantity` and `shipped_quantity` do
    """
    if name == "line":
        return "line_number"
    if name in _PIECES:
        return "quantity"
    description = describe(action, name)
    kind = description.get("type") or ""
    if not kind and name.endswith("_date") and not description.get("valid_values"):
        return "date"
    return kind


def _list_codes(spec, description, name):
    values = description.get("valid_values")
    if not values and name in _LISTS:
        values = (spec.get("orders") or {}).get(_LISTS[name])
    return [to_text(code) for code in values or ()]


def _accepts_free_values(description):
    free = description.get("accept_free_values")
    return free is None or to_text(free).lower() not in ("false", "0")


def _find_pieces(action):
    """Find the argument that tells how many pieces of the line it is about."""
    names = [*(action.get("args") or ()), *(action.get("optional_args") or ())]
    named = [name for name in names if name in _PIECES]
    typed = [name for name in names if get_type(action, name) == "quantity"]
    return next(iter(named or typed), None)


def _is_any(_value):
    return True


def _is_text(value):
    return not isinstance(value, bool)


def _is_number(value):
    return to_decimal(value) is not None


def _is_whole(value):
    number = to_decimal(value)
    return number is not None and number == number.to_integral_value()


def _is_quantity(value):
    return _is_whole(value) and to_decimal(value) > 0


def _is_price(value):
    return _is_number(value) and to_decimal(value) >= 0


def _is_boolean(value):
    return to_text(value).lower() in ("true", "false")


# A type that is not among them lets anything through.
_TYPES = {
    "": (_is_any, "a single value"),
    "string": (_is_text, "a text"),
    "list": (_is_text, "a code"),
    "country": (_is_text, "a code"),
    "currency": (_is_text, "a code"),
    "date": (lambda value: parse_date(value) is not None, "a date in ISO 8601"),
    "quantity": (_is_quantity, "a whole number above zero"),
    "integer": (_is_whole, "a whole number"),
    "price": (_is_price, "an amount, not below zero"),
    "decimal": (_is_number, "a number"),
    "float": (_is_number, "a number"),
    "boolean": (_is_boolean, "true or false"),
}
