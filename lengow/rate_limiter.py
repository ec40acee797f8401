"""The allowance of requests that all workers of an account share."""

import math
import threading
import time
from typing import Protocol

from . import const


class RateLimiter(Protocol):
    """Where all workers of an account share its allowance of requests."""

    def reserve(self) -> float:
        """Take the next free place for one request.

        :return: seconds to wait before the request may be sent, 0.0 for none
        """


def reserve_place(times, now, limit, window=const.RATE_WINDOW):
    """Find the next place in a sliding window.

    With the new place, no span of `window` seconds (its end not included) holds more
    than `limit` places, whatever order the calls come in.

    :param list times: places taken so far, past and future, in seconds
    :param float now: the caller's clock, in the same seconds
    :param int limit: how many places a window may hold, at least 1
    :param float window: length of the window in seconds
    :return: the seconds to wait, and the new, pruned list
    :rtype: tuple[float, list[float]]
    :raise ValueError: for a limit below 1
    """
    if limit < 1:
        raise ValueError("At least one request per window must be allowed.")
    # The last `limit` places decide. Those of one more window are kept, because the
    # clock of another worker may be behind this one.
    kept = sorted(moment for moment in times if moment > now - 2 * window)[-limit:]
    place = now
    if len(kept) == limit:
        place = max(now, kept[0] + window)
        while place - kept[0] < window:  # the sum was rounded down
            place = math.nextafter(place, math.inf)
    return place - now, sorted([*kept, place])[-limit:]


class MemoryRateLimiter:
    """A `RateLimiter` for the threads of one process.

    :param int limit: requests per window
    :param clock: tells the time in seconds
    :param float window: length of the window in seconds
    """

    def __init__(
        self,
        limit=const.REQUESTS_PER_MINUTE,
        clock=time.time,
        window=const.RATE_WINDOW,
    ):
        self._limit = limit
        self._clock = clock
        self._window = window
        self._lock = threading.Lock()
        self._times = []

    def reserve(self):
        """See `RateLimiter.reserve`."""
        with self._lock:
            wait, self._times = reserve_place(
                self._times, self._clock(), self._limit, self._window
            )
        return wait
