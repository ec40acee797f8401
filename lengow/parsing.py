"""Tolerant readers of the loose types in Lengow's answers; `0` is always a value."""

import math
import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?"
    r"\s?(?:(Z|UTC)|([+-])([0-9]{2})(?::?([0-9]{2}))?)?)?",
    re.IGNORECASE,
)
# Line breaks and their kin; plain and no-break spaces stay as they are.
_BREAKS = re.compile(r"[^\S \xa0]+")
# Neither shown nor storable: control characters, lone surrogates (PostgreSQL refuses
# some of both) and the marks that copy and paste leaves behind.
_INVISIBLE_CATEGORIES = ("Cc", "Cs")
_INVISIBLE_MARKS = "\ufeff\u200b"


def text(value):
    """Read a text.

    :param value: a string, a number, null, or something that is no text
    :return: one clean line; "" for null, objects and lists
    :rtype: str
    """
    if not isinstance(value, str):
        return _text_of_other(value)
    if value.isascii() and value.isprintable():
        return value.strip()
    return "".join(
        char
        for char in _BREAKS.sub(" ", value)
        if char not in _INVISIBLE_MARKS
        and unicodedata.category(char) not in _INVISIBLE_CATEGORIES
    ).strip()


def _text_of_other(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    number = decimal(value)
    if number is None:
        return ""
    if number == number.to_integral_value():
        number = number.to_integral_value()
    return format(number, "f")


def decimal(value):
    """Read an amount or another number exactly.

    :param value: a number, or a string with a comma or a point
    :return: the number; None for null, booleans, NaN, infinity and anything else
    :rtype: Decimal | None
    """
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else _loose_decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    return None


def plain_decimal(value):
    """Read a number that is written as the API writes it: "12.5", not "12,5".

    :param value: anything
    :return: the number; None for anything else
    :rtype: Decimal | None
    :source: API reference, "API types"
    """
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        return None
    return decimal(value)


def _loose_decimal(value):
    digits = re.sub(r"[\s'\u2019]", "", value).replace("\u2212", "-")
    marks = re.findall(r"[.,]", digits)
    if len(set(marks)) == 2:
        # Both marks: the last one is the decimal one, the other groups thousands.
        digits = digits.replace("," if marks[-1] == "." else ".", "")
    elif len(marks) > 1:
        digits = digits.replace(marks[0], "")
    digits = digits.replace(",", ".")
    return Decimal(digits) if _NUMBER.fullmatch(digits) else None


def integer(value):
    """Read a whole number.

    :param value: a number, or a string such as "2" or "2.00"
    :return: the number; None where there is none, or one with a fraction
    :rtype: int | None
    """
    number = decimal(value)
    if number is None or number != number.to_integral_value():
        return None
    return int(number)


def timestamp(value):
    """Read a date and time in any ISO 8601 form that Lengow uses.

    :param value: a string with or without time, microseconds and offset (none means
        UTC), or a `datetime` or `date`
    :return: naive UTC; None for null and garbage
    :rtype: datetime | None
    """
    if isinstance(value, datetime):
        return _naive_utc(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    match = _TIMESTAMP.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        return None
    *day_and_time, fraction, _utc, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        local = datetime(
            *(int(part or 0) for part in day_and_time),
            int((fraction or "0")[:6].ljust(6, "0")),
        )
        return local + offset if sign == "-" else local - offset
    except (ValueError, OverflowError):
        return None


def iso(value):
    """Write a date and time as Lengow's filters want it.

    :param value: `datetime` (naive means UTC) or `date` (its first moment in UTC)
    :return: UTC, truncated to seconds, always with its offset
    :rtype: str
    :source: conventions, "Date and Time fields"
    """
    moment = timestamp(value).replace(microsecond=0, tzinfo=timezone.utc)
    return moment.isoformat()


def iso_utc(value):
    """Write a date and time as the documents of logistics do: with a `Z`.

    :param value: `datetime` (naive means UTC) or `date` (its first moment in UTC)
    :return: UTC, truncated to seconds
    :rtype: str
    :source: API reference, "Retrieve stock movements informations"
    """
    return timestamp(value).replace(microsecond=0).isoformat() + "Z"


def _naive_utc(value):
    if value.tzinfo is None:
        return value
    return value.astimezone(timezone.utc).replace(tzinfo=None)


def as_list(value):
    """Read what may be a list, a single entry or nothing.

    :param value: anything
    :return: the list; [] for null, "" and {}; otherwise a list of the one value
    :rtype: list
    """
    if isinstance(value, list):
        return value
    if isinstance(value, tuple):
        return list(value)
    if value is None or value == "" or value == {}:
        return []
    return [value]


def as_dict(value):
    """Read what should be an object.

    :param value: anything
    :return: the object; {} for everything else, such as the empty list that stands for
        an empty object
    :rtype: dict
    """
    return value if isinstance(value, dict) else {}
