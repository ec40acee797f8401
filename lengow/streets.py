"""Streets of one to many lines, of which nothing is lost."""

import re

from .parsing import text
from .texts import fold, meaningful

_BREAKS = re.compile(r"[\r\n\v\f\x85\u2028\u2029]+|<br\s*/?>", re.IGNORECASE)
_HOUSE_NUMBER = re.compile(
    r"\d+\s?[a-z]?(?:\s?(?:bis|ter|quater))?\.?,?", re.IGNORECASE
)


def read_street(lines, full_address, elsewhere):
    """Read the lines of a street.

    :param lines: the lines as the address gives them, any of them of several lines.
    :param full_address: the address as one text, used when there is no line.
    :param tuple elsewhere: texts that the address has fields of their own for.
    :return: pair of the first line and of the others, joined by commas.
    """
    read = _read_lines(lines) or _read_full_address(full_address, elsewhere)
    first, *others = _join_house_number(read) or [""]
    return first, ", ".join(others)


def _read_lines(values):
    """:return: list of the different lines that say something."""
    lines = [
        meaningful(text(line))
        for value in values
        for line in (_BREAKS.split(value) if isinstance(value, str) else [value])
    ]
    return list(dict.fromkeys(filter(None, lines)))


def _read_full_address(value, elsewhere):
    """Leave out the name above the street, and postcode, city and country below it."""
    zipcode = elsewhere[0]
    taken = {fold(each) for each in elsewhere if each}
    lines = []
    for line in _read_lines([value]):
        if zipcode and zipcode in line:
            line = line.partition(zipcode)[0].strip(" ,;-")
        if line and fold(line) not in taken:
            lines.append(line)
    return lines


def _join_house_number(lines):
    """Put a house number that stands alone beside its street."""
    if len(lines) < 2:
        return lines
    first, second, *others = lines
    if _HOUSE_NUMBER.fullmatch(first):
        return [f"{first} {second}", *others]
    if _HOUSE_NUMBER.fullmatch(second) and not re.search(r"\d", first):
        return [f"{first} {second}", *others]
    return lines
