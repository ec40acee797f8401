"""Phone numbers in international form."""

import re
from functools import lru_cache

import phonenumbers

# Several numbers in one field: "06 12 34 56 78 ou 01 23 45 67 89".
_SEVERAL = re.compile(r"[/;|,]|\s(?:ou|or|oder|o|und|et)\s", re.IGNORECASE)
_MINIMUM_DIGITS = 5
# "0600000000" is nobody's number, though the numbering plan has it.
_ZEROS = "0000000"


def read_phones(values, country_code):
    """Read the phone numbers of an address.

    :param values: texts, the most wanted first.
    :param str country_code: ISO code of the country, "" when unknown.
    :return: list of different numbers: those that the numbering plan knows, in
        international form, before the others, as they are given.
    """
    numbers = [number for value in values for number in _read(value, country_code)]
    numbers.sort(key=lambda number: not number[1])
    return list(dict.fromkeys(number for number, _is_valid in numbers))


@lru_cache(maxsize=1000)
def _read(value, country_code):
    """:return: list of pairs of a number, and whether the numbering plan knows it."""
    if _is_placeholder(value):
        return []
    for pieces in ([value], _SEVERAL.split(value)):
        numbers = [_parse(piece, country_code) for piece in pieces]
        if any(numbers):
            return [
                (_format(number), True)
                for number in numbers
                if number and not _is_placeholder(str(number.national_number))
            ]
    return [(value, False)]


def _is_placeholder(value):
    digits = "".join(filter(str.isdigit, value))
    return (
        len(digits) < _MINIMUM_DIGITS
        or len(set(digits.lstrip("0"))) <= 1
        or _ZEROS in digits
    )


def _parse(value, country_code):
    """:return: the number, or None when the numbering plan does not know it."""
    # The international prefix of Europe is also written where another one is dialled.
    for given in (value, re.sub(r"^\D*00", "+", value)):
        try:
            number = phonenumbers.parse(given, country_code or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return number
    return None


def _format(number):
    return phonenumbers.format_number(
        number, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
