"""Names of a feed's columns that no reader of it chokes on."""

import re

from .const import HEADER_LENGTH

_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_NOT_IN_TAG = re.compile(r"[^\w.-]+")
_TAG_START = re.compile(r"[^\W\d]")


def clean_headers(names):
    """Give every column a name that is there, fits, and is its own.

    :param list names: what the columns are called, as users typed it
    :return: the names to write, and the numbers (from 0) of those that were changed
    :rtype: tuple[list, list]
    """
    headers, changed, seen = [], [], set()
    for number, name in enumerate(names):
        wanted = _BREAKS.sub(" ", str(name or "")).strip()[:HEADER_LENGTH].strip()
        header = _make_unique(wanted or f"COLUMN_{number + 1}", seen)
        if header != name:
            changed.append(number)
        headers.append(header)
    return headers, changed


def make_tags(headers):
    """Turn names of columns into names of XML elements.

    :param list headers: names as :func:`clean_headers` returns them
    :return: a name for each that XML allows, all different
    :rtype: list
    """
    tags, seen = [], set()
    for header in headers:
        tag = _NOT_IN_TAG.sub("_", header)
        if not _TAG_START.match(tag) or tag.lower().startswith("xml"):
            tag = f"_{tag}"
        tags.append(_make_unique(tag, seen))
    return tags


def _make_unique(name, seen):
    unique, number = name, 1
    while unique.lower() in seen:
        number += 1
        suffix = f"_{number}"
        unique = name[: HEADER_LENGTH - len(suffix)] + suffix
    seen.add(unique.lower())
    return unique
