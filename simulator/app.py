"""The application: faults, authentication, rate limit and routing of every request."""

import math
import random
import threading
import time
import uuid
from collections import Counter, deque
from datetime import datetime, timezone

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.wrappers import Request, Response

from . import (
    access,
    actions,
    control,
    control_actions,
    control_logistics,
    documents,
    marketplaces,
    movements,
    notices,
    orders,
    preprocessing,
)
from .action_desk import ActionDesk
from .answers import answer_fault, compress, limit_message, make_json, read_json
from .const import (
    MAX_RECORDED_REQUESTS,
    RATE_LIMIT,
    RATE_WINDOW,
    TOKEN_LIFETIME,
)
from .errors import ApiError
from .exchange import EFFECTS, Effects, RecordedRequest
from .faults import AFTER, ANSWERS, Fault, Faults
from .logistics import Logistics

CONTROL_PREFIX = "/_simulator/"

# Every room of Lengow lists its routes as (method, path, view); a view takes the
# simulator, the request and the values of the path, and returns JSON, a pair of status
# and JSON, or a Response.
ROUTES = (
    *access.ROUTES,
    *orders.ROUTES,
    *actions.ROUTES,
    *marketplaces.ROUTES,
    *documents.ROUTES,
    *notices.ROUTES,
    *movements.ROUTES,
    *preprocessing.ROUTES,
)
CONTROL_ROUTES = (
    *control.ROUTES,
    *control_actions.ROUTES,
    *control_logistics.ROUTES,
)
# Compiled once: that takes longer than all the rest of a simulator.
_URLS = Map(
    [
        Rule(path, methods=[method], endpoint=(path, view))
        for method, path, view in (*ROUTES, *CONTROL_ROUTES)
    ],
    merge_slashes=False,
)


class Simulator:
    """A Lengow that runs on this machine, as a WSGI application.

    :param World world: accounts, marketplaces, products and orders
    :param clock: returns the time in seconds since the epoch
    :param sleep: waits for a number of seconds
    :param int token_lifetime: seconds a session token lives
    :param int rate_limit: requests a minute, by account and route
    :param int seed: makes tokens and random faults the same on every run
    """

    def __init__(
        self,
        world,
        clock=time.time,
        sleep=time.sleep,
        token_lifetime=TOKEN_LIFETIME,
        rate_limit=RATE_LIMIT,
        seed=0,
    ):
        self.world = world
        self.clock = clock
        self.sleep = sleep
        self.token_lifetime = token_lifetime
        self.rate_limit = rate_limit
        self.routes = ROUTES
        self.faults = Faults(seed)
        self.actions = ActionDesk(self, seed)
        self.logistics = Logistics(self)
        # What was asked to be fetched: account_id, catalog_id and id of each.
        self.preprocessing_jobs = []
        # Session token -> {"account_id": int, "expire_at": seconds since the epoch}
        self.tokens = {}
        self.requests = deque(maxlen=MAX_RECORDED_REQUESTS)
        self.request_counts = Counter()
        # (account or key, method, route) -> [start of the window, requests in it]
        self.windows = {}
        # Lengow gives the same address another id on every call.
        self.next_delivery_id = 900_000
        self._random = random.Random(f"tokens-{seed}")
        self._lock = threading.RLock()
        self._urls = _URLS.bind("api.lengow.io")
        world.clock = self.now

    def now(self):
        """Read the simulator's clock.

        :return: the present
        :rtype: aware datetime
        """
        return datetime.fromtimestamp(self.clock(), timezone.utc)

    def issue_token(self, account):
        """Open a session; those already open stay so until they expire.

        :param dict account: one of the world's accounts
        :return: the token
        :rtype: str
        """
        token = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        self.tokens[token] = {
            "account_id": account["account_id"],
            "expire_at": self.clock() + self.token_lifetime,
        }
        return token

    def revoke_tokens(self):
        """Close every session, as new keys made in Lengow's interface do."""
        self.tokens.clear()

    def check_account(self, request, account_id):
        """Make sure that a request speaks of the account whose token it carries.

        :param Request request: the authenticated request
        :param account_id: what it gave as `account_id`, or None
        :return: the account's id
        :rtype: int
        :raise ApiError: 400 when it is missing or no number, 403 when it is foreign
        """
        if account_id is None or account_id == "":
            raise ApiError(400, "account_id is mandatory")
        try:
            number = int(account_id)
        except (TypeError, ValueError):
            raise ApiError(400, "account_id must be an integer") from None
        if number != request.account["account_id"]:
            raise ApiError(403, "Forbidden: account and token don't match")
        return number

    def count_request(self, client, method, route):
        """Count a request in its window and refuse it when the window is full.

        :param client: the account, or the key of one that asks for a token
        :param str method: HTTP verb
        :param str route: path of the route
        :raise ApiError: 429, with the seconds to wait
        :source: 004, "Request limitation"; lengow_api, "Transport"
        """
        now = self.clock()
        window = self.windows.setdefault((client, method, route), [now, 0])
        if not 0 <= now - window[0] < RATE_WINDOW:
            window[:] = [now, 0]
        if window[1] >= self.rate_limit:
            raise ApiError(
                429,
                limit_message(self.rate_limit, route),
                headers={"Retry-After": math.ceil(window[0] + RATE_WINDOW - now)},
            )
        window[1] += 1

    def __call__(self, environ, start_response):
        """Answer a request (WSGI)."""
        effects = environ.setdefault(EFFECTS, Effects())
        request = Request(environ)
        request.account = None
        if request.path.startswith(CONTROL_PREFIX):
            with self._lock:
                response = self._route(request)
            return response(environ, start_response)
        with self._lock:
            fault = self.faults.pick(request.method, request.path)
            record = self._record(request, fault)
        response = self._respond(request, fault, effects)
        if not effects.reset:
            record.status = response.status_code
        with self._lock:
            outcome = "reset" if effects.reset else str(response.status_code)
            self.request_counts[request.path, outcome] += 1
        return response(environ, start_response)

    def _respond(self, request, fault, effects):
        kind = fault.kind if fault else None
        if kind == "reset_before":
            effects.reset = True
            return Response(status=503)
        if kind in ANSWERS:
            return compress(request, answer_fault(fault, request.path))
        if kind == "token_revoked":
            self.tokens.pop(request.headers.get("Authorization"), None)
        if kind == "slow":
            self._wait(fault.options["seconds"], effects)
        with self._lock:
            response = self._route(request)
        if response.is_sequence:  # a stream is neither held nor compressed
            response = compress(request, response)
        if kind == "reset_after":
            effects.reset = True
        elif kind in AFTER:
            response = answer_fault(Fault(AFTER[kind]), request.path)
        elif kind == "truncated":
            body = response.get_data()
            response.headers["Content-Length"] = len(body)
            response.response = [body[: len(body) // 2]]
        return response

    def _wait(self, seconds, effects):
        if effects.read_timeout is not None and seconds > effects.read_timeout:
            # The caller leaves, yet the work will be done.
            effects.timed_out = True
            seconds = effects.read_timeout
        self.sleep(seconds)

    def _route(self, request):
        self.actions.advance()
        try:
            if request.method == "OPTIONS":
                return self._describe_route(request)
            (path, view), values = self._urls.match(request.path, request.method)
            if not path.startswith(CONTROL_PREFIX):
                access.authenticate(self, request, path)
            result = view(self, request, **values)
        except ApiError as error:
            return make_json(error.body, error.status, error.headers)
        except MethodNotAllowed as error:
            headers = {"Allow": ", ".join(sorted(error.valid_methods or ()))}
            body = {"detail": f'Method "{request.method}" not allowed.'}
            return make_json(body, 405, headers)
        except (NotFound, RequestRedirect):
            # A redirect would forgive a missing slash at the end of the path.
            return make_json(ApiError(404, "Not found.").body, 404)
        if isinstance(result, Response):
            return result
        status, body = result if isinstance(result, tuple) else (200, result)
        return make_json(body, status)

    def _describe_route(self, request):
        methods = self._urls.allowed_methods(request.path)
        if not methods:
            raise ApiError(404, "Not found.")
        formats = {"renders": ["application/json"], "parses": ["application/json"]}
        return make_json(formats, headers={"Allow": ", ".join(sorted(methods))})

    def _record(self, request, fault):
        record = RecordedRequest(
            method=request.method,
            path=request.path,
            args=request.args.to_dict(),
            json=read_json(request),
            form=request.form.to_dict(),
            status=None,
            time=self.clock(),
            fault=fault and fault.kind,
        )
        self.requests.append(record)
        return record
