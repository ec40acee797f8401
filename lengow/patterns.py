"""Regular expressions that others wrote: none may take longer than it is given.

`re` of the standard library cannot be stopped, and holds every thread while it tries.
"""

from collections import OrderedDict

import regex

from . import const

_slow = OrderedDict()


class PatternError(Exception):
    """A pattern cannot be used."""


class InvalidPatternError(PatternError):
    """It is no regular expression."""


class SlowPatternError(PatternError):
    """It, or what it is to be found in, is too long or takes too long."""


def search(pattern, subject, seconds=const.PATTERN_SECONDS):
    """Tell whether a pattern is found anywhere in a text.

    :param str pattern: a regular expression of unknown origin
    :param str subject: the text
    :param float seconds: as long as it may take
    :rtype: bool
    :raise PatternError: when that cannot be told
    """
    if (
        seconds <= 0
        or pattern in _slow
        or len(pattern) > const.PATTERN_LENGTH
        or len(subject) > const.PATTERN_SUBJECT_LENGTH
    ):
        raise SlowPatternError
    try:
        compiled = regex.compile(pattern)
        return compiled.search(subject, timeout=seconds) is not None
    except TimeoutError:
        _remember_slow(pattern)
        raise SlowPatternError from None
    except (regex.error, RecursionError, OverflowError, ValueError, KeyError):
        raise InvalidPatternError from None
    except MemoryError:
        _remember_slow(pattern)
        raise SlowPatternError from None


def _remember_slow(pattern):
    _slow[pattern] = True
    while len(_slow) > const.SLOW_PATTERNS:
        _slow.popitem(last=False)
