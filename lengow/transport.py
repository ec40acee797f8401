"""The one seam through which requests reach Lengow.

It knows tokens, retries, time budgets and the limit of requests; it does not know what
an order is. It raises no exception of `requests`, and nothing that it logs or raises
holds a key, a token, a body or the value of a query.
"""

import json
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from . import const
from .errors import (
    LengowAuthError,
    LengowConnectionError,
    LengowRateLimitError,
    LengowRequestError,
    LengowResponseError,
    error_from_answer,
)
from .parsing import as_dict, decimal, text
from .rate_limiter import MemoryRateLimiter
from .token_store import MemoryTokenStore, Token

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, repr=False)
class _Call:
    """One logical request, however often it is sent."""

    method: str
    path: str
    params: Any = None
    json: Any = None
    data: Any = None
    retry: bool = True
    raw: bool = False
    accept: Callable[[Any], bool] | None = None


class _TokenAuth(requests.auth.AuthBase):
    """Sets the header, and keeps `requests` from putting a netrc entry in its place."""

    def __init__(self, token):
        self._token = token

    def __call__(self, request):
        if self._token is not None:
            request.headers["Authorization"] = self._token.value
        return request


class _QueryFilter(logging.Filter):
    """Drops the lines in which urllib3 writes the query of a request of ours."""

    def __init__(self):
        super().__init__()
        self.sending = threading.local()

    def filter(self, record):
        """Tell whether a record may be written."""
        return not getattr(self.sending, "active", False) or (
            "?" not in record.getMessage()
        )


_query_filter = _QueryFilter()
for _name in ("urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_query_filter)


class Transport:
    """Sends requests to one Lengow account.

    :param str base_url: scheme and host of the API
    :param str access_token: the account's access token
    :param str secret: the account's secret
    :param TokenStore token_store: shares the token; in memory if not given
    :param RateLimiter rate_limiter: shares the allowance; in memory if not given
    :param requests.Session session: sends; a new one if not given
    :param clock: tells the time in seconds since the epoch
    :param sleep: waits for a number of seconds
    :param random: draws from 0 to 1
    :param float time_budget: seconds for one logical request with all its retries
    :param tuple timeout: seconds to connect, and between two pieces of an answer
    :param str user_agent: how we introduce ourselves
    """

    def __init__(
        self,
        *,
        base_url=const.BASE_URL,
        access_token,
        secret,
        token_store=None,
        rate_limiter=None,
        session=None,
        clock=time.time,
        sleep=time.sleep,
        random=random.random,
        time_budget=const.TIME_BUDGET,
        timeout=const.TIMEOUT,
        user_agent=const.USER_AGENT,
    ):
        self.base_url = base_url.rstrip("/")
        self._access_token = access_token
        self._secret = secret
        self._token_store = MemoryTokenStore() if token_store is None else token_store
        self._rate_limiter = (
            MemoryRateLimiter(clock=clock) if rate_limiter is None else rate_limiter
        )
        self._session = requests.Session() if session is None else session
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._time_budget = time_budget
        self._timeout = timeout
        self._user_agent = user_agent
        self._place_lock = threading.Lock()
        self._unused_place = None

    def __repr__(self):
        return f"{type(self).__name__}({self.base_url!r})"

    def request(
        self,
        method,
        path,
        *,
        params=None,
        json=None,
        retry=True,
        stream=False,
        accept=None,
    ):
        """Send a request and read its JSON.

        :param str method: HTTP verb
        :param str path: path below the host, with its slashes as documented
        :param params: query, a dict or a list of pairs
        :param json: body, anything that JSON can hold
        :param bool retry: False for what must not be done twice: it is not sent again
            once it may have reached Lengow, except after 401, 403 and 429, which
            surely did nothing
        :param bool stream: return the open answer instead, see `request_raw`
        :param accept: says of an answer's JSON whether it has the documented form; one
            that has not counts as unreadable
        :return: the JSON of the answer; None for 204
        :raise LengowError: one of its kinds, when the request failed for good
        """
        if stream:
            return self.request_raw(method, path, params=params, json=json, retry=retry)
        call = _Call(method, path, params, json, retry=retry, accept=accept)
        return self._perform(call)

    def request_raw(self, method, path, *, params=None, json=None, retry=True):
        """Send a request whose answer is no JSON, such as a document.

        :param str method: HTTP verb
        :param str path: path below the host, with its slashes as documented
        :param params: query, a dict or a list of pairs
        :param json: body, anything that JSON can hold
        :param bool retry: see `request`
        :return: the answer, its body not yet read: to be closed by the caller, who may
            meet exceptions of `requests` while reading
        :rtype: requests.Response
        :raise LengowError: one of its kinds, when the request failed for good
        """
        return self._perform(_Call(method, path, params, json, retry=retry, raw=True))

    def get_account_id(self):
        """Tell which account the keys belong to.

        :return: Lengow's number of the account
        :rtype: str
        :raise LengowError: when no token can be had
        """
        return self._get_token(self._clock() + self._time_budget).account_id

    # === TOKEN === #

    def _perform(self, call):
        deadline = self._clock() + self._time_budget
        token = self._get_token(deadline)
        try:
            return self._exchange(call, deadline, token)
        except LengowAuthError as error:
            _logger.info("Lengow refused a token (%s), renewing it", error.status)
        token = self._renew_token(token, deadline)
        return self._exchange(call, deadline, token)

    def _get_token(self, deadline):
        token = self._token_store.load()
        if token is None or self._clock() - token.issued_at >= const.TOKEN_RENEW_AFTER:
            token = self._renew_token(token, deadline)
        return token

    def _renew_token(self, stale, deadline):
        return self._token_store.renew(stale, lambda: self._request_token(deadline))

    def _request_token(self, deadline):
        """Log in (API reference, "Get a token")."""
        issued_at = self._clock()
        call = _Call(
            "POST",
            "/access/get_token",
            data={"access_token": self._access_token, "secret": self._secret},
            accept=_is_token_answer,
        )
        refusal = None
        try:
            answer = self._exchange(call, deadline)
        except (LengowAuthError, LengowRequestError) as error:
            # Wrong keys are answered with 400.
            if error.status not in (400, 401, 403):
                raise
            refusal = LengowAuthError(
                error.message, status=error.status, code=error.code
            )
        if refusal is not None:
            raise refusal
        return Token(text(answer["token"]), issued_at, text(answer["account_id"]))

    # === RETRIES === #

    def _exchange(self, call, deadline, token=None):
        """Send a call with one token until it is answered or its time is up."""
        attempt = 0
        while True:
            attempt += 1
            self._take_place(deadline)
            result, error = self._attempt(call, deadline, token, attempt)
            if error is None:
                return result
            wait = error.retry_after
            if wait is None:
                wait = self._draw_pause(attempt)
            if (
                not self._may_repeat(call, error)
                or attempt >= const.MAX_ATTEMPTS
                or self._clock() + wait > deadline
            ):
                raise error
            _logger.info("Retrying %s %s in %.1f s", call.method, _path(call), wait)
            self._sleep(wait)

    @staticmethod
    def _may_repeat(call, error):
        if call.retry:
            return error.retryable
        if isinstance(error, LengowConnectionError):
            return not error.sent
        return isinstance(error, LengowRateLimitError)

    def _draw_pause(self, attempt):
        """Draw a pause: full jitter keeps workers from coming back together."""
        cap = min(const.BACKOFF_CAP, const.BACKOFF_BASE * 2 ** (attempt - 1))
        return self._random() * cap

    def _take_place(self, deadline):
        """Wait for a place under the limit of requests.

        A place that lies beyond the deadline is kept for the next call: given away, it
        would push everybody's next place further into the future.
        """
        with self._place_lock:
            now = self._clock()
            place, self._unused_place = self._unused_place, None
            if place is None or place < now:
                place = now + self._rate_limiter.reserve()
            wait = place - now
            if wait > 0 and place > deadline:
                self._unused_place = place
        if wait <= 0:
            return
        if place > deadline:
            raise LengowRateLimitError(
                "the account's own limit is reached", retry_after=wait
            )
        _logger.info("Waiting %.1f s for the limit of requests", wait)
        self._sleep(wait)

    # === ONE HTTP REQUEST === #

    def _attempt(self, call, deadline, token, attempt):
        """Send a call once.

        :return: what it answered, and the error that it stands for or None
        """
        started = self._clock()
        result = None
        response, error = self._send(call, deadline, token)
        if response is not None:
            result, error = self._read(call, response, token)
        _logger.debug(
            "%s %s: %s in %.3f s (attempt %d)",
            call.method,
            _path(call),
            error.summary if response is None else response.status_code,
            self._clock() - started,
            attempt,
        )
        return result, error

    def _send(self, call, deadline, token):
        """Send a call and follow its redirects.

        Exceptions become values here, and are raised by the caller outside of any
        handler: those of `requests` hold the URL with its query, and would be
        carried along as the context of ours.
        """
        _query_filter.sending.active = True
        try:
            request = self._session.prepare_request(
                requests.Request(
                    call.method,
                    self.base_url + call.path,
                    params=call.params,
                    json=call.json,
                    data=call.data,
                    headers={
                        "Accept": "*/*" if call.raw else "application/json",
                        "User-Agent": self._user_agent,
                    },
                    auth=_TokenAuth(token),
                )
            )
            for _ in range(const.MAX_REDIRECTS):
                response = self._send_prepared(request, deadline)
                following = self._get_redirect(response)
                if following is None:
                    return response, None
                request = following
                self._take_place(deadline)
            return None, LengowRequestError("it redirected the request too often")
        except LengowRateLimitError as error:
            return None, error
        except requests.exceptions.ConnectTimeout:
            return None, LengowConnectionError("connecting took too long", sent=False)
        except requests.exceptions.Timeout:
            return None, LengowConnectionError("no answer came in time")
        except requests.exceptions.SSLError:
            return None, LengowConnectionError("the secure connection failed")
        except (ValueError, requests.exceptions.InvalidJSONError):
            # requests: the URL, a header or the body is invalid.
            return None, LengowRequestError(
                "it cannot be sent; check the address of the Lengow account"
            )
        except OSError:
            # requests: everything else, from name resolution to a lost connection.
            return None, LengowConnectionError("the connection failed or was lost")
        finally:
            _query_filter.sending.active = False

    def _send_prepared(self, request, deadline):
        left = max(deadline - self._clock(), const.TIMEOUT_FLOOR)
        settings = self._session.merge_environment_settings(
            request.url, {}, True, None, None
        )
        return self._session.send(
            request,
            timeout=tuple(min(seconds, left) for seconds in self._timeout),
            # Each hop is a request that counts, so we take them one by one.
            allow_redirects=False,
            **settings,
        )

    def _get_redirect(self, response):
        """Find where to go on, if the request may be repeated there.

        `requests` drops the token where the host changes, but neither keeps the verb
        on 301 and 302 nor the body (keys, order ids) from a foreign host.
        """
        following = response.next
        if following is None or following.method != response.request.method:
            return None
        if following.body and self._session.should_strip_auth(
            response.request.url, following.url
        ):
            return None
        return following

    def _read(self, call, response, token):
        """Turn an answer into a result, or into the error that it stands for."""
        success = 200 <= response.status_code < 300
        if success and call.raw:
            return response, None
        try:
            body = response.content
        except OSError:
            # requests: the body ended early, or could not be unpacked.
            body = None
        if success:
            return self._read_json(call, response.status_code, body)
        if 300 <= response.status_code < 400:
            return None, LengowRequestError(
                "it redirected the request; check the address of the Lengow account",
                status=response.status_code,
            )
        secrets = (self._access_token, self._secret, token and token.value)
        return None, error_from_answer(
            response.status_code,
            _decode(body or b""),
            retry_after=self._read_retry_after(response),
            hide=secrets,
        )

    @staticmethod
    def _read_json(call, status, body):
        result = None
        problem = None
        if body is None:
            problem = "it was cut short"
        elif body.strip():
            try:
                result = json.loads(_decode(body))
            except (ValueError, RecursionError):
                problem = "it was cut short, or is no JSON"
                if body.lstrip().startswith(b"<"):
                    problem = "it is a web page"
        elif status not in (204, 205):
            problem = "it is empty"
        if problem is None and call.accept is not None and not call.accept(result):
            problem = "it does not have the documented form"
        error = problem and LengowResponseError(problem, status=status)
        return result, error

    def _read_retry_after(self, response):
        """Read `Retry-After`, seconds or a date.

        :return: seconds from now, None when missing, past or unreadable
        """
        value = text(response.headers.get("Retry-After"))
        seconds = decimal(value)
        if seconds is None:
            try:
                moment = parsedate_to_datetime(value)
            except (TypeError, ValueError):
                return None
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=timezone.utc)
            seconds = moment.timestamp() - self._clock()
        return float(seconds) if seconds > 0 else None


def _is_token_answer(answer):
    answer = as_dict(answer)
    return bool(text(answer.get("token")) and text(answer.get("account_id")))


def _decode(body):
    # One broken byte in a name must not make a page of orders unreadable.
    return body.decode("utf-8-sig", "replace")


def _path(call):
    """A path fit for the log."""
    return call.path.partition("?")[0]
