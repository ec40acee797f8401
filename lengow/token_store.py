"""The session token of an account, and where all its workers share it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Token:
    """A session token; two are equal when their value is.

    :param str value: what goes into the `Authorization` header
    :param float issued_at: when it was asked for, in seconds since the epoch
    :param str account_id: Lengow's number of the account it belongs to
    """

    value: str = field(repr=False)
    issued_at: float = field(compare=False)
    account_id: str = field(compare=False)


class TokenStore(Protocol):
    """Where all workers of an account share its token."""

    def load(self) -> Token | None:
        """Read the token.

        :return: the stored token, None if there is none
        """

    def renew(self, stale: Token | None, request_token: Callable[[], Token]) -> Token:
        """Replace a token, one worker at a time.

        Under the store's lock: when the stored token is no longer the stale one, it is
        returned; otherwise a new one is asked for, stored and returned.

        :param stale: the token to replace, None if there was none
        :param request_token: asks Lengow for a token
        :return: a token other than the stale one
        """


class MemoryTokenStore:
    """A `TokenStore` for the threads of one process."""

    def __init__(self):
        self._lock = threading.Lock()
        self._token = None

    def load(self):
        """See `TokenStore.load`."""
        return self._token

    def renew(self, stale, request_token):
        """See `TokenStore.renew`."""
        with self._lock:
            if self._token is None or self._token == stale:
                self._token = request_token()
            return self._token
