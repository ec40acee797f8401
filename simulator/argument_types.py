"""What an argument's type and list of values let through."""

from .conditions import to_decimal
from .dates import parse_date
from .money import get_lines


def find_fault(description, value, order, line):
    """Say what is wrong with the value of an argument.

    :param dict description: its `args_description`
    :param value: what was given
    :param dict order: the order
    :param dict line: the line that the action is about, or None
    :return: `type` or `value` and the rest of a sentence, or None when all is well
    :rtype: tuple or None
    :source: 002, "Detail of orders.actions"; lengow_api, "Actions"
    """
    if isinstance(value, (list, dict)):
        return "type", "takes a single value"
    kind = description.get("type")
    if kind == "line_number":
        known = [line] if line else get_lines(order)
        ids = {str(known_line.get("marketplace_order_line_id")) for known_line in known}
        return None if str(value) in ids else ("value", "is no line of this order")
    test, wanted = _TYPES.get(kind, (None, None))
    if test and not test(value):
        return "type", f"must be {wanted}"
    if description.get("accept_free_values", True):
        return None
    codes = [str(code) for code in description.get("valid_values") or ()]
    if str(value) in codes:
        return None
    return "value", f"is not one of {', '.join(codes) or 'no values at all'}"


def _is_text(value):
    return not isinstance(value, bool)


def _is_whole(value):
    number = to_decimal(value)
    return number is not None and number == number.to_integral_value()


def _is_quantity(value):
    return _is_whole(value) and to_decimal(value) > 0


def _is_price(value):
    number = to_decimal(value)
    return number is not None and number >= 0


def _is_boolean(value):
    return str(value).lower() in ("true", "false")


# A type that is not among them lets anything through.
_TYPES = {
    "string": (_is_text, "a text"),
    "list": (_is_text, "a code"),
    "date": (lambda value: parse_date(value) is not None, "a date in ISO 8601"),
    "quantity": (_is_quantity, "a whole number above zero"),
    "integer": (_is_whole, "a whole number"),
    "price": (_is_price, "an amount, not below zero"),
    "decimal": (lambda value: to_decimal(value) is not None, "a number"),
    "boolean": (_is_boolean, "true or false"),
}
