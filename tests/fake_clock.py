"""Time as tests want it."""

from datetime import datetime, timezone


class FakeClock:
    """A clock that only moves when somebody sleeps or the test says so.

    :param float now: seconds since the epoch, default the present.
    """

    def __init__(self, now=None):
        self.now = datetime.now(timezone.utc).timestamp() if now is None else now
        self.slept = []

    def time(self):
        """:return: seconds since the epoch."""
        return self.now

    def sleep(self, seconds):
        """Let time pass at once."""
        self.slept.append(seconds)
        self.now += seconds
