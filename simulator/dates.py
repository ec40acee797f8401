"""Dates as Lengow reads and writes them."""

import functools
import re
from datetime import datetime, timedelta, timezone

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?(Z|[+-]\d\d:?\d\d)?)?",
)
_PARIS_WINTER = timezone(timedelta(hours=1))


@functools.lru_cache(maxsize=65_536)
def parse_date(text):
    """Read an ISO 8601 date, with or without time, microseconds and offset.

    :param str text: the date; without an offset it is in UTC
    :return: the date, or None when it is none
    :rtype: aware datetime or None
    """
    match = _ISO.fullmatch(text) if isinstance(text, str) else None
    if not match:
        return None
    *numbers, fraction, offset = match.groups()
    try:
        moment = datetime(
            *(int(number or 0) for number in numbers),
            int((fraction or "0").ljust(6, "0")),
            tzinfo=timezone.utc,
        )
        if offset and offset != "Z":
            digits = offset[1:].replace(":", "")
            delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
            moment += delta if offset[0] == "-" else -delta
    except (ValueError, OverflowError):
        return None
    return moment


def format_date(moment, style="micro"):
    """Write a date in one of the ways that live orders show.

    :param datetime moment: an aware datetime
    :param str style: `micro` (microseconds and Z), `seconds` (Z), `offset` (+01:00)
        or `naive` (UTC without saying so)
    :return: the date in ISO 8601
    :rtype: str
    """
    if style == "offset":
        return moment.astimezone(_PARIS_WINTER).isoformat(timespec="seconds")
    utc = moment.astimezone(timezone.utc).replace(tzinfo=None)
    if style == "micro":
        return utc.isoformat(timespec="microseconds") + "Z"
    return utc.isoformat(timespec="seconds") + ("Z" if style == "seconds" else "")
