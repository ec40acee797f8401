import json
import logging
import random
import threading
import time
import weakref
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import HTTPAdapter
from werkzeug.wrappers import Response

from odoo.tests import BaseCase, tagged

from ..lengow import const
from ..lengow.client import LengowClient
from ..lengow.errors import (
    LengowAuthError,
    LengowConnectionError,
    LengowError,
    LengowForbiddenError,
    LengowNotFoundError,
    LengowRateLimitError,
    LengowRequestError,
    LengowResponseError,
    LengowServerError,
    error_from_answer,
    read_vendor_error,
)
from ..lengow.parsing import as_dict, as_list, decimal, integer, iso, text, timestamp
from ..lengow.rate_limiter import MemoryRateLimiter, reserve_place
from ..lengow.token_store import MemoryTokenStore, Token
from ..lengow.transport import Transport
from ..simulator import (
    ACCESS_TOKEN,
    ACCOUNT_ID,
    SECRET,
    Simulator,
    generate_world,
    respond,
)
from ..simulator.faults import KINDS

NOW = 1_700_000_000.0
LONG_AGO = datetime(2000, 1, 1)
ORDERS = "/v3.0/orders/"
MOI = "/v3.0/orders/moi/"
TOKEN = "/access/get_token"

# Odoo's test cases replace it; nothing of ours leaves the machine anyway.
_session_send = requests.Session.send


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self, now=NOW):
        self.now = now
        self.naps = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.now += seconds


class Wire(HTTPAdapter):
    """Leads a real session to the simulator, unless `answer` has another answer."""

    def __init__(self, simulator, session):
        super().__init__()
        self.simulator = simulator
        self.session = session
        self.sent = []
        self.timeouts = []
        self.answer = lambda request: None

    def send(self, request, timeout=None, **kwargs):
        self.sent.append(request)
        self.timeouts.append(timeout)
        # As urllib3 does.
        logging.getLogger("urllib3.connectionpool").debug(
            '"%s %s HTTP/1.1"', request.method, request.path_url
        )
        answer = self.answer(request)
        if isinstance(answer, Exception):
            raise answer
        app = self.simulator if answer is None else answer
        return respond(app, self.session, request, timeout=timeout, **kwargs)

    def paths(self):
        return [urlsplit(request.url).path for request in self.sent]


def is_path(request, path):
    return urlsplit(request.url).path == path


def make_json(content, status=200, **headers):
    return Response(
        json.dumps(content),
        status=status,
        headers=headers,
        content_type="application/json",
    )


class ClientCase(BaseCase):
    """A real client, a real session, and a Lengow that runs in this process."""

    orders = 60

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        return _session_send(session, request, **kwargs)

    def setUp(self):
        super().setUp()
        self.clock = Clock()
        now = datetime.fromtimestamp(NOW, timezone.utc)
        self.world = generate_world(orders=self.orders, seed=7, now=now)
        self.simulator = Simulator(self.world, clock=self.clock, sleep=self.clock.sleep)
        self.transport, self.wire = self.make_transport()
        self.client = LengowClient(self.transport)

    def make_transport(self, **options):
        session = requests.Session()
        wire = Wire(self.simulator, session)
        session.mount("https://", wire)
        session.mount("http://", wire)
        transport = Transport(
            **{
                "access_token": ACCESS_TOKEN,
                "secret": SECRET,
                "session": session,
                "clock": self.clock,
                "sleep": self.clock.sleep,
                "random": lambda: 1.0,
                **options,
            }
        )
        return transport, wire

    def make_client(self, **options):
        transport, wire = self.make_transport(**options)
        return LengowClient(transport), wire

    def read_orders(self, client=None, **filters):
        """Read one page, from the beginning of time unless told otherwise."""
        filters.setdefault("marketplace_order_date_from", LONG_AGO)
        return next((client or self.client).iter_order_pages(**filters))

    def count_requests(self, path):
        return sum(request.path == path for request in self.simulator.requests)

    def assert_no_more_than(self, limit, times, window=60.0):
        times = sorted(times)
        for first, last in zip(times, times[limit:], strict=False):
            self.assertGreaterEqual(last - first, window)


@tagged("post_install", "-at_install", "lengow")
class TestToken(ClientCase):
    def test_one_token_serves_all_requests(self):
        self.client.get_me()
        self.client.get_marketplaces()
        self.read_orders()
        self.assertEqual(self.wire.paths().count(TOKEN), 1)
        login = self.simulator.requests[0]
        self.assertEqual(login.form, {"access_token": ACCESS_TOKEN, "secret": SECRET})
        header = self.wire.sent[1].headers["Authorization"]
        self.assertIn(header, self.simulator.tokens)

    def test_a_token_is_renewed_at_fifty_minutes(self):
        self.client.get_me()
        self.clock.now += 50 * 60 - 1
        self.client.get_me()
        self.assertEqual(self.count_requests(TOKEN), 1)
        self.clock.now += 1
        self.client.get_me()
        self.assertEqual(self.count_requests(TOKEN), 2)
        statuses = {request.status for request in self.simulator.requests}
        self.assertEqual(statuses, {200})

    def test_an_unknown_token_is_renewed_and_the_request_replayed(self):
        self.client.get_me()
        self.simulator.revoke_tokens()
        self.assertEqual(self.client.get_me()["account_id"], ACCOUNT_ID)
        self.assertEqual(
            [(request.path, request.status) for request in self.simulator.requests],
            [(TOKEN, 200), ("/me", 200), ("/me", 401), (TOKEN, 200), ("/me", 200)],
        )

    def test_an_expired_token_answered_with_403_is_renewed_too(self):
        self.client.get_me()
        for session in self.simulator.tokens.values():
            session["expire_at"] = self.clock.now
        self.assertEqual(self.client.get_me()["account_id"], ACCOUNT_ID)
        statuses = [request.status for request in self.simulator.requests]
        self.assertEqual(statuses, [200, 200, 403, 200, 200])

    def test_a_token_is_renewed_only_once_for_a_request(self):
        self.simulator.faults.once("401", path="/me", times=99)
        with self.assertRaises(LengowAuthError) as caught:
            self.client.get_me()
        self.assertNotIsInstance(caught.exception, LengowForbiddenError)
        self.assertEqual(caught.exception.message, "Access not granted")
        self.assertEqual(self.count_requests(TOKEN), 2)
        self.assertEqual(self.count_requests("/me"), 2)

    def test_a_foreign_account_is_forbidden(self):
        client = LengowClient(self.transport, account_id=ACCOUNT_ID + 1)
        with self.assertRaises(LengowForbiddenError) as caught:
            self.read_orders(client)
        self.assertEqual(caught.exception.status, 403)
        self.assertFalse(caught.exception.retryable)

    def test_wrong_keys_are_an_error_of_access_that_is_not_tried_again(self):
        client, wire = self.make_client(secret="wrong")
        with self.assertRaises(LengowAuthError) as caught:
            client.get_me()
        self.assertEqual(caught.exception.status, 400)
        self.assertIn("Invalid access_token or secret", str(caught.exception))
        self.assertEqual(wire.paths(), [TOKEN])

    def test_logging_in_survives_a_failing_server(self):
        self.simulator.faults.once("503", path=TOKEN, times=2)
        self.assertEqual(self.client.get_me()["account_id"], ACCOUNT_ID)

    def test_an_answer_without_a_token_is_unreadable(self):
        self.wire.answer = lambda request: make_json({"account_id": 1})
        with self.assertRaises(LengowResponseError):
            self.client.get_me()

    def test_the_account_of_the_keys_is_asked_about(self):
        self.read_orders()
        self.assertEqual(self.simulator.requests[-1].args["account_id"], "1001")

    def test_an_account_0_is_an_account(self):
        self.assertEqual(LengowClient(None, account_id=0).get_account_id(), "0")
        for unknown in (None, False, ""):
            client = LengowClient(self.transport, account_id=unknown)
            self.assertEqual(client.get_account_id(), str(ACCOUNT_ID))

    def test_two_workers_renew_one_token_together(self):  # pylint: disable=missing-return
        barrier = threading.Barrier(2, timeout=10)

        class Store(MemoryTokenStore):
            def load(self):
                token = super().load()
                # Both have seen that there is none before one asks for it.
                barrier.wait()
                return token

        def answer_slowly(request):
            if is_path(request, TOKEN):
                time.sleep(0.05)  # time enough for the other one to ask as well

        store = Store()
        clients = []
        for _ in range(2):
            client, wire = self.make_client(token_store=store)
            wire.answer = answer_slowly
            clients.append(client)
        answers = []
        threads = [
            threading.Thread(target=lambda c=client: answers.append(c.get_me()))
            for client in clients
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        self.assertEqual(len(answers), 2)
        self.assertEqual(answers[0]["token"], answers[1]["token"])
        self.assertEqual(self.count_requests(TOKEN), 1)

    def test_a_token_renewed_by_another_worker_is_taken(self):
        store = MemoryTokenStore()
        stale = store.renew(None, lambda: Token("old", NOW, "1"))
        fresh = store.renew(stale, lambda: Token("new", NOW, "1"))
        again = store.renew(stale, lambda: self.fail("renewed twice"))
        self.assertEqual([fresh.value, again.value], ["new", "new"])


@tagged("post_install", "-at_install", "lengow")
class TestRetries(ClientCase):
    def test_every_passing_fault_is_survived(self):
        passing = set(KINDS) - {"400", "404", "530"}
        for kind in sorted(passing):
            with self.subTest(kind=kind):
                self.simulator.faults.clear()
                self.simulator.faults.once(kind, path=ORDERS)
                before = self.count_requests(ORDERS)
                self.assertTrue(self.read_orders().orders)
                sent = self.count_requests(ORDERS) - before
                self.assertEqual(sent, 1 if kind == "slow" else 2)

    def test_every_lasting_fault_has_its_error_within_the_budget(self):
        expected = {
            "400": LengowRequestError,
            "401": LengowAuthError,
            "403": LengowForbiddenError,
            "404": LengowNotFoundError,
            "408": LengowServerError,
            "429": LengowRateLimitError,
            "500": LengowServerError,
            "502": LengowServerError,
            "503": LengowServerError,
            "504": LengowServerError,
            "530": LengowRequestError,
            "540": LengowServerError,
            "slow": LengowConnectionError,
            "reset_before": LengowConnectionError,
            "reset_after": LengowConnectionError,
            "truncated": LengowResponseError,
            "html": LengowResponseError,
            "html_502": LengowServerError,
            "empty": LengowResponseError,
            "not_json": LengowResponseError,
            "token_revoked": LengowAuthError,
        }
        self.assertEqual(set(expected), set(KINDS))
        for kind, error_class in expected.items():
            with self.subTest(kind=kind):
                self.simulator.faults.clear()
                options = {"seconds": 300} if kind == "slow" else {}
                self.simulator.faults.once(kind, path=ORDERS, times=99, **options)
                started = self.clock.now
                with self.assertRaises(LengowError) as caught:
                    self.read_orders()
                self.assertIs(type(caught.exception), error_class)
                self.assertLessEqual(self.clock.now - started, const.TIME_BUDGET)

    def test_a_refused_request_is_not_sent_again(self):
        for kind in ("400", "404", "530"):
            with self.subTest(kind=kind):
                self.simulator.faults.once(kind, path=ORDERS, times=99)
                before = self.count_requests(ORDERS)
                with self.assertRaises(LengowRequestError):
                    self.read_orders()
                self.assertEqual(self.count_requests(ORDERS) - before, 1)
                self.simulator.faults.clear()
        self.assertEqual(self.clock.naps, [])

    def test_retry_after_comes_before_our_own_pauses(self):
        self.simulator.faults.once("429", path="/me", retry_after=17)
        self.client.get_me()
        self.assertEqual(self.clock.naps, [17])

    def test_retry_after_may_be_a_date(self):
        later = formatdate(NOW + 23, usegmt=True)
        answers = [Response(status=503, headers={"Retry-After": later})]
        self.wire.answer = lambda request: (
            answers.pop() if answers and is_path(request, "/me") else None
        )
        self.client.get_me()
        self.assertEqual(self.clock.naps, [23])

    def test_a_useless_retry_after_leaves_it_to_our_pauses(self):
        for value in ("", "0", "-5", "soon", formatdate(NOW - 60, usegmt=True)):
            with self.subTest(value=value):
                answers = [Response(status=429, headers={"Retry-After": value})]
                self.wire.answer = lambda request, answers=answers: (
                    answers.pop() if answers and is_path(request, "/me") else None
                )
                self.clock.naps.clear()
                self.client.get_me()
                self.assertEqual(self.clock.naps, [1.0])

    def test_a_retry_after_beyond_the_budget_is_told_at_once(self):
        self.simulator.faults.once("429", path="/me", times=99, retry_after=91)
        with self.assertRaises(LengowRateLimitError) as caught:
            self.client.get_me()
        self.assertEqual(caught.exception.retry_after, 91)
        self.assertEqual(self.clock.naps, [])
        self.assertTrue(caught.exception.retryable)

    def test_pauses_double_up_to_a_cap_until_the_budget_is_spent(self):
        self.simulator.faults.once("500", path="/me", times=99)
        with self.assertRaises(LengowServerError):
            self.client.get_me()
        self.assertEqual(self.clock.naps, [1, 2, 4, 8, 16, 30])

    def test_pauses_are_drawn_over_their_whole_length(self):
        draw = random.Random(3).random
        client, _wire = self.make_client(random=draw, time_budget=1000)
        self.simulator.faults.once("reset_before", path="/me", times=99)
        with self.assertRaises(LengowConnectionError):
            client.get_me()
        expected = random.Random(3)
        caps = (1, 2, 4, 8, 16, 30, 30, 30, 30)
        self.assertEqual(self.clock.naps, [expected.random() * cap for cap in caps])

    def test_luck_without_pauses_ends_too(self):
        client, _wire = self.make_client(random=lambda: 0.0)
        self.simulator.faults.once("500", path="/me", times=99)
        with self.assertRaises(LengowServerError):
            client.get_me()
        self.assertEqual(self.count_requests("/me"), const.MAX_ATTEMPTS)

    def test_a_late_attempt_waits_no_longer_than_the_budget(self):
        self.simulator.faults.once("slow", path="/me", times=99, seconds=300)
        with self.assertRaises(LengowConnectionError):
            self.client.get_me()
        self.assertEqual(self.wire.timeouts[1:], [(10.0, 60.0), (10.0, 29.0)])

    def test_what_must_not_be_done_twice_is_not_sent_twice(self):
        doubtful = {
            "reset_before": {},
            "reset_after": {},
            "500": {},
            "408": {},
            "truncated": {},
            "html": {},
            "slow": {"seconds": 300},
        }
        for kind, options in doubtful.items():
            with self.subTest(kind=kind):
                self.simulator.faults.clear()
                self.simulator.faults.once(kind, path=MOI, times=99, **options)
                before = self.count_requests(MOI)
                with self.assertRaises(LengowError):
                    self.mark_one_order(retry=False)
                self.assertEqual(self.count_requests(MOI) - before, 1)

    def test_what_surely_did_nothing_is_sent_again(self):
        for kind in ("401", "403", "429", "token_revoked"):
            with self.subTest(kind=kind):
                self.simulator.faults.once(kind, path=MOI)
                answer = self.mark_one_order(retry=False)
                self.assertEqual(answer["merchant_order_id"], ["S1"])

    def test_a_connection_never_made_may_be_tried_again(self):
        failures = [requests.exceptions.ConnectTimeout("no route")]
        self.wire.answer = lambda request: (
            failures.pop() if failures and is_path(request, MOI) else None
        )
        answer = self.mark_one_order(retry=False)
        self.assertEqual(answer["merchant_order_id"], ["S1"])

    def mark_one_order(self, retry):
        order = self.world.orders[0]
        return self.transport.request(
            "PATCH",
            MOI,
            json={
                "account_id": ACCOUNT_ID,
                "marketplace": order["marketplace"],
                "marketplace_order_id": order["marketplace_order_id"],
                "merchant_order_id": ["S1"],
            },
            retry=retry,
        )

    def test_failures_without_details_are_told_in_words(self):
        # requests' ConnectionError has no `reason`, and may have no argument at all.
        failures = {
            requests.exceptions.ConnectionError(): "failed or was lost",
            requests.exceptions.SSLError(): "secure connection failed",
            requests.exceptions.ReadTimeout(): "no answer came in time",
            ConnectionResetError(): "failed or was lost",
        }
        for failure, words in failures.items():
            with self.subTest(failure=failure):
                self.wire.answer = lambda request, failure=failure: failure
                with self.assertRaises(LengowConnectionError) as caught:
                    self.client.get_me()
                self.assertIn(words, str(caught.exception))
                self.assertIsNone(caught.exception.status)

    def test_an_invalid_address_is_told_at_once(self):
        client, wire = self.make_client(base_url="nonsense")
        with self.assertRaises(LengowRequestError) as caught:
            client.get_me()
        self.assertIn("check the address", str(caught.exception))
        self.assertEqual(wire.sent, [])

    def test_any_2xx_is_a_success(self):
        for status in (200, 201, 202, 203, 206, 299):
            with self.subTest(status=status):
                self.wire.answer = lambda request, status=status: (
                    make_json({"id": 0}, status) if is_path(request, MOI) else None
                )
                answer = self.transport.request("POST", MOI, json={})
                self.assertEqual(answer, {"id": 0})

    def test_no_content_is_a_success(self):
        self.wire.answer = lambda request: (
            Response(status=204) if is_path(request, MOI) else None
        )
        self.assertEqual(self.client.set_merchant_order_id("m", 0, ["S1"]), {})

    def test_a_broken_byte_does_not_cost_a_page(self):
        self.wire.answer = lambda request: (
            Response(b'\xef\xbb\xbf{"name": "Andr\xe9"}')
            if is_path(request, "/me")
            else None
        )
        self.assertEqual(self.client.get_me(), {"name": "Andr\ufffd"})

    def test_a_document_is_handed_over_unread(self):
        self.wire.answer = lambda request: (
            Response(b"%PDF") if is_path(request, "/v3.0/document/0") else None
        )
        with self.transport.request_raw("GET", "/v3.0/document/0") as answer:
            self.assertEqual(answer.raw.read(), b"%PDF")
        with self.transport.request("GET", "/v3.0/document/0", stream=True) as answer:
            self.assertEqual(answer.content, b"%PDF")
        with self.assertRaises(LengowNotFoundError):
            self.transport.request_raw("GET", "/v3.0/document/1")


@tagged("post_install", "-at_install", "lengow")
class TestRedirects(ClientCase):
    def redirect(self, path, status, location):
        self.wire.answer = lambda request: (
            Response(status=status, headers={"Location": location})
            if is_path(request, path) and "elsewhere" not in request.url
            else make_json({"moved": True})
            if "elsewhere" in request.url
            else None
        )

    def test_a_token_stays_with_its_host(self):
        self.redirect("/me", 302, "https://elsewhere.example/me")
        self.assertEqual(self.client.get_me(), {"moved": True})
        self.assertIn("Authorization", self.wire.sent[-2].headers)
        self.assertEqual(self.wire.sent[-1].url, "https://elsewhere.example/me")
        self.assertNotIn("Authorization", self.wire.sent[-1].headers)

    def test_a_token_goes_along_on_its_host(self):
        self.redirect("/me", 308, "https://api.lengow.io/elsewhere/me")
        self.assertEqual(self.client.get_me(), {"moved": True})
        tokens = {sent.headers["Authorization"] for sent in self.wire.sent[1:]}
        self.assertEqual(len(tokens), 1)

    def test_keys_are_not_carried_to_another_host(self):
        self.redirect(TOKEN, 307, "https://elsewhere.example/")
        with self.assertRaises(LengowRequestError) as caught:
            self.client.get_me()
        self.assertIn("check the address", str(caught.exception))
        self.assertEqual(self.wire.paths(), [TOKEN])

    def test_a_redirect_does_not_turn_a_post_into_a_get(self):
        self.redirect(MOI, 301, "https://api.lengow.io/elsewhere")
        with self.assertRaises(LengowRequestError) as caught:
            self.transport.request("POST", MOI, json={})
        self.assertEqual(caught.exception.status, 301)
        self.assertEqual(self.wire.paths(), [TOKEN, MOI])

    def test_a_circle_of_redirects_ends_and_each_counts_as_a_request(self):
        places = []

        class Limiter:
            def reserve(self):
                places.append(1)
                return 0.0

        transport, wire = self.make_transport(rate_limiter=Limiter())
        wire.answer = lambda request: (
            Response(status=302, headers={"Location": "/me"})
            if is_path(request, "/me")
            else None
        )
        with self.assertRaises(LengowRequestError):
            transport.request("GET", "/me")
        self.assertGreaterEqual(len(places), len(wire.sent))
        self.assertEqual(len(wire.sent), 1 + const.MAX_REDIRECTS)


@tagged("post_install", "-at_install", "lengow")
class TestRateLimit(ClientCase):
    def test_no_window_ever_holds_more_places_than_allowed(self):
        for seed in range(60):
            rng = random.Random(seed)
            limit = rng.randint(1, 6)
            newest = now = rng.choice((0.0, 0.1, NOW + rng.random()))
            times, places = [], []
            for _ in range(120):
                now += rng.choice((0, 1e-7, rng.random(), rng.expovariate(1 / 40)))
                newest = max(newest, now)
                # Another worker's clock may be behind by up to one window.
                local = newest - rng.choice((0, 0, 0, rng.uniform(0, 60)))
                wait, times = reserve_place(times, local, limit)
                self.assertGreaterEqual(wait, 0)
                places.append(local + wait)
                self.assertLessEqual(len(times), limit)
            with self.subTest(seed=seed):
                places.sort()
                for first, last in zip(places, places[limit:], strict=False):
                    # The sum above may differ from the place by its rounding.
                    self.assertGreaterEqual(last - first, 60.0 - 1e-6)

    def test_places_are_as_early_as_allowed(self):
        times, waits = [], []
        for _ in range(5):
            wait, times = reserve_place(times, 1000.0, 2, window=60.0)
            waits.append(wait)
        self.assertEqual(waits, [0.0, 0.0, 60.0, 60.0, 120.0])
        self.assertEqual(times, [1060.0, 1120.0])
        self.assertEqual(reserve_place(times, 1119.0, 2)[0], 1.0)
        self.assertEqual(reserve_place(times, 5000.0, 2), (0.0, [5000.0]))

    def test_places_are_exact_however_the_sum_is_rounded(self):
        rng = random.Random(5)
        for _ in range(2000):
            first = rng.random() * rng.choice((1, 100, NOW))
            _wait, (place,) = reserve_place([first], first, 1)
            self.assertGreaterEqual(place - first, 60.0)
            self.assertAlmostEqual(place - first, 60.0, places=6)

    def test_a_limit_of_none_at_all_is_refused(self):
        with self.assertRaises(ValueError):
            reserve_place([], 0.0, 0)

    def test_two_threads_do_not_take_one_place(self):
        def clock():
            time.sleep(0.0005)  # let the other thread in
            return 0.0

        limiter = MemoryRateLimiter(5, clock)
        places = []

        def reserve():
            for _ in range(40):
                places.append(limiter.reserve())

        threads = [threading.Thread(target=reserve) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        expected = [60.0 * (index // 5) for index in range(80)]
        self.assertEqual(sorted(places), expected)

    def test_all_workers_together_stay_below_the_limit(self):
        limiter = MemoryRateLimiter(5, self.clock)
        clients = [self.make_client(rate_limiter=limiter)[0] for _ in range(2)]
        self.simulator.faults.once("500", path="/me", times=3, skip=4)
        for _ in range(8):
            for client in clients:
                client.get_me()
        times = [request.time for request in self.simulator.requests]
        # Two logins, sixteen answers and three retries: each is a request.
        self.assertEqual(len(times), 21)
        self.assert_no_more_than(5, times)
        self.assertGreater(max(times) - min(times), 180)

    def test_the_limit_is_450_unless_told_otherwise(self):
        self.assertEqual(const.REQUESTS_PER_MINUTE, 450)
        limiter = MemoryRateLimiter(clock=self.clock)
        waits = [limiter.reserve() for _ in range(451)]
        self.assertEqual((waits[449], waits[450]), (0.0, 60.0))

    def test_a_place_beyond_the_budget_is_told_and_kept(self):
        waits = [0.0, 0.0, 100.0]

        class Limiter:
            def reserve(self):
                return waits.pop(0)

        client, wire = self.make_client(rate_limiter=Limiter())
        client.get_me()
        for _ in range(3):
            with self.assertRaises(LengowRateLimitError) as caught:
                client.get_me()
            self.assertEqual(caught.exception.retry_after, 100)
        self.clock.now += 70
        client.get_me()
        self.assertEqual(self.clock.naps, [30])
        self.assertEqual(len(wire.sent), 3)


@tagged("post_install", "-at_install", "lengow")
class TestPaging(ClientCase):
    def read_pages(self, **filters):
        filters.setdefault("marketplace_order_date_from", LONG_AGO)
        filters.setdefault("page_size", 10)
        filters.setdefault("ordering", "marketplace_order_id")
        return list(self.client.iter_order_pages(**filters))

    def own_orders(self):
        return sorted(
            str(order["marketplace_order_id"])
            for order in self.world.orders
            if str(order["account_id"]) == str(ACCOUNT_ID)
        )

    @staticmethod
    def numbers(pages):
        return [
            str(order["marketplace_order_id"])
            for page in pages
            for order in page.orders
        ]

    def garble(self, pages, answer):
        def get_page(request):
            query = parse_qs(urlsplit(request.url).query)
            return int(query.get("page", ["1"])[0])

        self.wire.answer = lambda request: (
            answer()
            if is_path(request, ORDERS) and get_page(request) in pages
            else None
        )

    def test_every_order_comes_once_by_the_links(self):
        pages = self.read_pages()
        self.assertGreater(len(pages), 4)
        self.assertEqual(self.numbers(pages), self.own_orders())
        self.assertEqual([page.number for page in pages], [*range(1, len(pages) + 1)])
        self.assertEqual({page.count for page in pages}, {len(self.own_orders())})
        # No page is asked for in vain, and the links' other prefix is not ours.
        self.assertEqual(self.wire.paths(), [TOKEN, *[ORDERS] * len(pages)])

    def test_one_page_is_asked_for_at_a_time(self):
        pages = self.client.iter_order_pages(
            marketplace_order_date_from=LONG_AGO, page_size=10
        )
        self.assertEqual(self.wire.sent, [])
        next(pages)
        self.assertEqual(self.count_requests(ORDERS), 1)
        next(pages)
        self.assertEqual(self.count_requests(ORDERS), 2)

    def test_reading_can_go_on_at_a_later_page(self):
        pages = self.read_pages(page=4)
        self.assertEqual(pages[0].number, 4)
        self.assertEqual(self.numbers(pages), self.own_orders()[30:])
        self.assertEqual(self.read_pages(page=1000), [])
        self.garble({4}, lambda: Response("garbage"))
        with self.assertRaises(LengowResponseError):
            self.read_pages(page=4)

    def test_a_page_is_forgotten_before_the_next_one_is_fetched(self):
        pages = self.client.iter_order_pages(
            marketplace_order_date_from=LONG_AGO, page_size=10
        )
        kept = weakref.ref(next(pages))
        found = []
        self.wire.answer = lambda request: found.append(kept())
        next(pages)
        self.assertEqual(found, [None])

    def test_filters_survive_a_link_that_forgets_or_breaks_them(self):
        orders = [{"marketplace_order_id": "1"}]
        dates = "marketplace_order_date_from=2000-01-01T00:00:00+00:00"
        links = [
            None,
            f"https://api.lengow.io/api/v3.0/orders/?page=2&cursor=x&{dates}",
        ]
        self.wire.answer = lambda request: (
            make_json({"count": 2, "next": links.pop(), "results": orders})
            if is_path(request, ORDERS)
            else None
        )
        self.read_pages(marketplace="amazon_fr")
        first, second = (
            parse_qs(urlsplit(request.url).query) for request in self.wire.sent[1:]
        )
        self.assertEqual(second, {**first, "page": ["2"], "cursor": ["x"]})
        self.assertEqual(
            first["marketplace_order_date_from"], ["2000-01-01T00:00:00+00:00"]
        )

    def test_an_empty_page_ends_it_whatever_its_link_says(self):
        answer = {"count": 0, "next": "https://x/?page=2", "results": []}
        self.garble({1}, lambda: make_json(answer))
        (page,) = self.read_pages()
        self.assertEqual((page.orders, page.count), ([], 0))
        self.assertEqual(self.wire.paths(), [TOKEN, ORDERS])

    def test_a_link_in_a_circle_ends_it(self):
        answer = {"count": 99, "next": "?page=1", "results": [{"id": 0}]}
        self.garble({1, 2}, lambda: make_json(answer))
        for link, count in (("?page=1", 1), ("?page=2", 2)):
            answer["next"] = link
            with self.assertLogs(LengowClient.__module__, level="WARNING"):
                self.assertEqual(len(self.read_pages()), count)

    def test_an_unreadable_page_does_not_cost_the_next_ones(self):
        for garbage, error in (
            (lambda: Response("<html>Back soon</html>"), LengowResponseError),
            (lambda: Response('{"count": 50, "resul'), LengowResponseError),
            (lambda: make_json({"results": None}), LengowResponseError),
            (lambda: make_json([]), LengowResponseError),
            (lambda: Response(status=502), LengowServerError),
        ):
            with self.subTest(error=error):
                self.garble({3}, garbage)
                pages = self.read_pages()
                self.assertEqual(
                    [page.number for page in pages], [*range(1, len(pages) + 1)]
                )
                self.assertIs(type(pages[2].error), error)
                self.assertEqual(pages[2].orders, [])
                self.assertTrue(
                    all(page.error is None for page in pages if page.number != 3)
                )
                wanted = self.own_orders()
                self.assertEqual(self.numbers(pages), wanted[:20] + wanted[30:])

    def test_an_unreadable_last_page_is_not_gone_beyond(self):
        answer = {"count": 20, "next": "?page=2", "results": [{"id": 0}]}
        self.garble({1}, lambda: make_json(answer))
        self.simulator.faults.once("not_json", path=ORDERS, times=99)
        pages = self.read_pages(page_size=10)
        self.assertEqual([page.number for page in pages], [1, 2])
        self.assertIsInstance(pages[1].error, LengowResponseError)
        self.assertFalse([sent for sent in self.wire.sent if "page=3" in sent.url])

    def test_an_unreadable_first_page_is_raised(self):
        self.garble({1}, lambda: Response(""))
        with self.assertRaises(LengowResponseError):
            self.read_pages()

    def test_a_lost_connection_or_access_on_a_later_page_is_raised(self):
        for answer, error in (
            (requests.exceptions.ConnectionError, LengowConnectionError),
            (lambda: Response(status=401), LengowAuthError),
            (
                lambda: Response(status=429, headers={"Retry-After": 600}),
                LengowRateLimitError,
            ),
            (lambda: Response(status=400), LengowRequestError),
        ):
            with self.subTest(error=error):
                self.garble({2}, answer)
                with self.assertRaises(error):
                    self.read_pages()

    def test_a_later_page_that_is_gone_ends_it_quietly(self):
        self.garble({3}, lambda: make_json({"detail": "Invalid page."}, 404))
        pages = self.read_pages()
        self.assertEqual([page.error for page in pages], [None, None])
        self.garble({1}, lambda: make_json({"detail": "Not found."}, 404))
        with self.assertRaises(LengowNotFoundError):
            self.read_pages()

    def test_entries_that_are_no_orders_are_left_out_and_counted(self):
        answer = {"count": "4", "next": None, "results": [None, {"id": 0}, "x", []]}
        self.garble({1}, lambda: make_json(answer))
        (page,) = self.read_pages()
        self.assertEqual((page.orders, page.damaged, page.count), ([{"id": 0}], 3, 4))


@tagged("post_install", "-at_install", "lengow")
class TestEndpoints(ClientCase):
    def test_every_endpoint_has_its_verb_and_its_slashes(self):
        order = self.world.orders[0]
        number = order["marketplace_order_id"]
        self.client.get_me()
        self.client.get_rate_limits()
        self.read_orders()
        self.client.get_order(order["marketplace"], number)
        self.client.set_merchant_order_id(order["marketplace"], number, ["S1"])
        self.client.get_marketplaces()
        self.assertEqual(
            [
                (request.method, request.path, request.status)
                for request in self.simulator.requests
            ],
            [
                ("POST", "/access/get_token", 200),
                ("GET", "/me", 200),
                ("GET", "/rate-limits", 200),
                ("GET", "/v3.0/orders/", 200),
                ("GET", "/v3.0/orders/", 200),
                ("PATCH", "/v3.0/orders/moi/", 200),
                ("GET", "/v3.0/marketplaces/", 200),
            ],
        )

    def test_every_filter_is_sent_as_documented(self):
        moment = datetime(2024, 3, 1, 12, 30, 15, 999999)
        self.read_orders(
            marketplace=["amazon_uk", "darty"],
            marketplace_order_id="0",
            merchant_order_id="S1",
            lengow_status=("shipped", "waiting_shipment"),
            marketplace_status="Shipped",
            lengow_line_status="refunded",
            marketplace_order_date_from=moment,
            marketplace_order_date_to=date(2024, 3, 2),
            imported_from="2024-03-01T00:00:00Z",
            imported_to=moment.replace(tzinfo=timezone(timedelta(hours=2))),
            updated_from=moment - timedelta(days=0.25),
            updated_to=moment,
            order_type=["is_business", "is_express"],
            set_currency="USD",
            ordering=["marketplace", "-updated_at"],
            page_size=500,
        )
        self.assertEqual(
            self.simulator.requests[-1].args,
            {
                "account_id": "1001",
                "marketplace": "amazon_uk,darty",
                "marketplace_order_id": "0",
                "merchant_order_id": "S1",
                "lengow_status": "shipped,waiting_shipment",
                "marketplace_status": "Shipped",
                "lengow_line_status": "refunded",
                "marketplace_order_date_from": "2024-03-01T12:30:15+00:00",
                "marketplace_order_date_to": "2024-03-02T00:00:00+00:00",
                "imported_from": "2024-03-01T00:00:00Z",
                "imported_to": "2024-03-01T10:30:15+00:00",
                "updated_from": "2024-03-01T06:30:15+00:00",
                "updated_to": "2024-03-01T12:30:15+00:00",
                "order_type": "is_business,is_express",
                "set_currency": "USD",
                "ordering": "marketplace,-updated_at",
                "page_size": "100",
            },
        )

    def test_nothing_is_sent_that_was_not_asked_for(self):
        next(self.client.iter_order_pages(marketplace=[]))
        self.assertEqual(
            self.simulator.requests[-1].args,
            {"account_id": "1001", "page_size": "100"},
        )

    def test_orders_not_yet_marked_are_asked_for_as_none(self):
        order = self.read_orders(merchant_order_id=None).orders[0]
        self.assertEqual(self.simulator.requests[-1].args["merchant_order_id"], "None")
        number = order["marketplace_order_id"]
        self.client.set_merchant_order_id(order["marketplace"], number, ["S1", "S2"])
        body = self.simulator.requests[-1].json
        self.assertEqual(
            body,
            {
                "account_id": ACCOUNT_ID,
                "marketplace": order["marketplace"],
                "marketplace_order_id": number,
                "merchant_order_id": ["S1", "S2"],
            },
        )
        found = self.client.get_order(order["marketplace"], number)
        self.assertEqual(found["merchant_order_id"], ["S1", "S2"])

    def test_an_order_number_0_is_a_number(self):
        answer = {"count": 1, "next": None, "results": [{"marketplace_order_id": 0}]}
        self.wire.answer = lambda request: (
            make_json(answer) if is_path(request, ORDERS) else None
        )
        order = self.client.get_order("darty", 0)
        self.assertEqual(order, {"marketplace_order_id": 0})
        self.assertIn("marketplace_order_id=0", self.wire.sent[-1].url)

    def test_an_unknown_order_is_none_and_never_another_one(self):
        self.assertIsNone(self.client.get_order("darty", "no such order"))
        order = self.world.orders[0]
        answer = {"count": 1, "next": None, "results": [order, None]}
        self.wire.answer = lambda request: (
            make_json(answer) if is_path(request, ORDERS) else None
        )
        self.assertIsNone(self.client.get_order(order["marketplace"], "another"))

    def test_marking_an_order_that_lengow_lacks_says_so_in_its_words(self):
        with self.assertRaises(LengowNotFoundError) as caught:
            self.client.set_merchant_order_id("darty", "no such order", ["S1"])
        self.assertEqual(caught.exception.message, "Pas trouvé.")
        self.assertIn("Pas trouvé.", str(caught.exception))

    def test_marketplaces_come_by_their_codes(self):
        marketplaces = self.client.get_marketplaces()
        self.assertGreater(len(marketplaces), 1)
        self.assertEqual(self.simulator.requests[-1].args, {"account_id": "1001"})
        code, spec = next(iter(marketplaces.items()))
        self.assertEqual(self.client.get_marketplaces(code), {code: spec})
        self.assertEqual(self.simulator.requests[-1].args["marketplace"], code)
        # The reference shows a single one without its code, too.
        self.wire.answer = lambda request: make_json(spec)
        self.assertEqual(self.client.get_marketplaces(code), {code: spec})

    def test_rate_limits_are_optional(self):
        quotas = self.client.get_rate_limits()
        self.assertIn("/v3.0/orders", {quota["url_base"] for quota in quotas})
        for kind in ("404", "500", "html", "reset_before", "403"):
            with self.subTest(kind=kind):
                self.simulator.faults.once(kind, path="/rate-limits", times=9)
                self.assertEqual(self.client.get_rate_limits(), [])
                self.assertEqual(self.clock.naps, [])
                self.simulator.faults.clear()


@tagged("post_install", "-at_install", "lengow")
class TestSecrecy(ClientCase):
    def setUp(self):
        super().setUp()
        self.order = next(
            order
            for order in self.world.orders
            if str(order["account_id"]) == str(ACCOUNT_ID)
            and as_dict(order["billing_address"]).get("email")
        )
        self.number = str(self.order["marketplace_order_id"])
        self.email = self.order["billing_address"]["email"]
        # Odoo sets a level on its own loggers, which the root's would not lower.
        logger = logging.getLogger(Transport.__module__)
        self.addCleanup(logger.setLevel, logger.level)
        logger.setLevel(logging.DEBUG)

    def secrets(self):
        return {
            ACCESS_TOKEN,
            SECRET,
            self.number,
            self.email,
            *self.simulator.tokens,
            *(sent.headers.get("Authorization", SECRET) for sent in self.wire.sent),
        }

    def assert_no_secret_in(self, words):
        for secret in self.secrets():
            self.assertNotIn(secret, words)

    def chain(self, error):
        while error is not None:
            yield f"{error} {error!r} {error.args} {vars(error)}"
            error = error.__cause__ or error.__context__

    def test_no_fault_writes_a_secret_to_the_log_or_into_an_error(self):
        for kind in (None, *KINDS):
            with self.subTest(kind=kind), self.assertLogs(level="DEBUG") as logs:
                self.simulator.faults.clear()
                self.simulator.revoke_tokens()
                if kind:
                    options = {"seconds": 300} if kind == "slow" else {}
                    self.simulator.faults.once(kind, times=99, **options)
                try:
                    order = self.client.get_order(
                        self.order["marketplace"], self.number
                    )
                    self.assertTrue(order is None or kind is None)
                except LengowError as error:
                    for words in self.chain(error):
                        self.assert_no_secret_in(words)
                for record in logs.records:
                    self.assert_no_secret_in(f"{record.getMessage()} {vars(record)}")

    def test_faults_between_login_and_answer_keep_the_secret_too(self):
        for kind in KINDS:
            with self.subTest(kind=kind), self.assertLogs(level="DEBUG") as logs:
                self.simulator.faults.clear()
                options = {"seconds": 300} if kind == "slow" else {}
                self.simulator.faults.once(kind, path=ORDERS, times=99, **options)
                try:
                    self.client.get_order(self.order["marketplace"], self.number)
                except LengowError as error:
                    for words in self.chain(error):
                        self.assert_no_secret_in(words)
                self.assertIn("GET /v3.0/orders/", "\n".join(logs.output))
                for record in logs.records:
                    self.assert_no_secret_in(f"{record.getMessage()} {vars(record)}")

    def test_the_log_tells_verb_path_status_and_attempt(self):
        self.simulator.faults.once("500", path="/me")
        with self.assertLogs(Transport.__module__, level="DEBUG") as logs:
            self.client.get_me()
        lines = [record.getMessage() for record in logs.records]
        self.assertIn("GET /me: 500 in 0.000 s (attempt 1)", lines)
        self.assertIn("GET /me: 200 in 0.000 s (attempt 2)", lines)

    def test_other_requests_keep_their_log(self):
        with self.assertLogs("urllib3.connectionpool", level="DEBUG") as logs:
            logging.getLogger("urllib3.connectionpool").debug("GET /x?y=z")
        self.assertEqual(len(logs.records), 1)

    def test_a_vendor_that_repeats_a_secret_is_masked(self):
        self.client.get_me()
        token = next(iter(self.simulator.tokens))
        echo = f"Bad {ACCESS_TOKEN} {SECRET} {token} {self.email} /me?id={self.number}"
        for body in (echo, json.dumps({"error": {"message": echo}})):
            self.wire.answer = lambda request, body=body: Response(body, status=400)
            with self.assertRaises(LengowRequestError) as caught:
                self.client.get_me()
            self.assert_no_secret_in(f"{caught.exception} {caught.exception!r}")
            self.assertTrue(caught.exception.message.startswith("Bad ***"))

    def test_nothing_shows_a_secret_of_its_own(self):
        self.client.get_me()
        page = self.read_orders()
        self.assertIn(self.number, str(page.orders))
        token = Token("the-value", NOW, "1")
        shown = repr([self.client, self.transport, page, token, self.transport.request])
        self.assert_no_secret_in(shown)
        self.assertNotIn("the-value", shown)
        self.assertIn("api.lengow.io", shown)


@tagged("post_install", "-at_install", "lengow")
class TestErrors(BaseCase):
    def test_the_vendors_message_is_found_in_every_form(self):
        long = "x" * 5000
        for body, expected in {
            '{"error": {"message": "No.", "code": 403}}': ("No.", 403),
            '{"error": {"message": "No.", "code": 0}}': ("No.", 0),
            '{"error": "No.", "code": "E1"}': ("No.", "E1"),
            '{"error": null, "detail": "No."}': ("No.", None),
            '{"detail": "Pas trouvé."}': ("Pas trouvé.", None),
            '{"message": "No.", "code": 7}': ("No.", 7),
            '{"carrier": ["Required.", "Short."], "line": "Bad."}': (
                "carrier: Required., Short.; line: Bad.",
                None,
            ),
            '{"error": {"carrier": ["Required."]}}': ("carrier: Required.", None),
            '["One.", {"two": 2}]': ("One., two: 2", None),
            '"No."': ("No.", None),
            "plain\n  text": ("plain text", None),
            "": ("", None),
            "{}": ("", None),
            "null": ("", None),
            "<html><head><title>\n502 Bad &amp; Gateway</title></head>x": (
                "502 Bad & Gateway",
                None,
            ),
            "<style>a{}</style><h1>Server <b>Error</b></h1><script>x": (
                "Server Error",
                None,
            ),
            "<broken": ("<broken", None),
            "[" * 100_000: ("[" * (const.MESSAGE_LENGTH - 1) + "…", None),
            long: (long[: const.MESSAGE_LENGTH - 1] + "…", None),
        }.items():
            with self.subTest(body=body[:80]):
                self.assertEqual(read_vendor_error(body), expected)

    def test_an_error_is_a_sentence(self):
        error = error_from_answer(404, '{"detail": "Pas trouvé"}')
        self.assertEqual(
            str(error), "Lengow did not find what was asked for (HTTP 404): Pas trouvé."
        )
        error = LengowConnectionError("the connection failed or was lost")
        self.assertEqual(
            str(error),
            "Lengow could not be reached: the connection failed or was lost.",
        )
        error = LengowAuthError("Wrong keys!", status=400)
        self.assertEqual(
            str(error),
            "Lengow did not accept the access (HTTP 400): Wrong keys! "
            "Check the access token and the secret of the Lengow account.",
        )
        self.assertEqual(str(LengowError()), "The exchange with Lengow failed.")

    def test_only_what_passes_by_itself_is_retryable(self):
        for status, retryable in {
            400: False,
            401: False,
            403: False,
            404: False,
            408: True,
            422: False,
            429: True,
            500: True,
            530: False,
            540: True,
        }.items():
            with self.subTest(status=status):
                self.assertIs(error_from_answer(status, "").retryable, retryable)


@tagged("post_install", "-at_install", "lengow")
class TestParsing(BaseCase):
    def assert_reads(self, reader, cases):
        for value, expected in cases:
            with self.subTest(value=value):
                result = reader(value)
                self.assertEqual(result, expected)
                self.assertIs(type(result), type(expected))

    def test_texts(self):
        self.assert_reads(
            text,
            [
                (None, ""),
                (0, "0"),
                (44, "44"),
                (44.0, "44"),
                (44.5, "44.5"),
                (1e22, "10000000000000000000000"),
                (float("nan"), ""),
                (Decimal("12.50"), "12.50"),
                (True, "true"),
                ("  Jean \x00Dupont\t", "Jean Dupont"),
                ("one\r\ntwo\nthree", "one two three"),
                ("\ufeffL'Ha\u00ff\u200b \ud800", "L'Ha\u00ff"),
                ("null", "null"),
                ({}, ""),
                (["x"], ""),
            ],
        )

    def test_amounts(self):
        self.assert_reads(
            decimal,
            [
                (0, Decimal(0)),
                ("0", Decimal(0)),
                (809.2900000000001, Decimal("809.2900000000001")),
                (2.6, Decimal("2.6")),
                ("134.45", Decimal("134.45")),
                ("134,45", Decimal("134.45")),
                ("1.234,56", Decimal("1234.56")),
                ("1,234.56", Decimal("1234.56")),
                ("1 234\u00a0567,5", Decimal("1234567.5")),
                ("1.234.567", Decimal(1234567)),
                ("-56.47", Decimal("-56.47")),
                ("\u22125", Decimal(-5)),
                ("1E+2", Decimal(100)),
                (None, None),
                ("", None),
                ("null", None),
                ("NaN", None),
                ("Infinity", None),
                ("1e999999", None),
                (float("nan"), None),
                (float("inf"), None),
                (Decimal("NaN"), None),
                ("12 EUR", None),
                ("1_000", None),
                (True, None),
                ([], None),
            ],
        )

    def test_whole_numbers(self):
        self.assert_reads(
            integer,
            [
                (0, 0),
                ("0", 0),
                ("2.00", 2),
                (2.0, 2),
                ("1.5", None),
                (None, None),
                (False, None),
                ("two", None),
            ],
        )

    def test_dates_in_every_form_become_naive_utc(self):
        noon = datetime(2022, 12, 21, 12, 0)
        self.assert_reads(
            timestamp,
            [
                ("2022-12-21T12:00:00Z", noon),
                ("2022-12-21T12:00:00", noon),
                ("2022-12-21 12:00", noon),
                ("2022-12-21T13:00:00+01:00", noon),
                ("2022-12-21T13:00:00+0100", noon),
                ("2022-12-21T08:30:00.000-03:30", noon),
                ("2022-12-21T14:00:00+02", noon),
                ("2022-12-21T12:00:00.353491Z", noon.replace(microsecond=353491)),
                ("2022-12-21T12:00:00.35Z", noon.replace(microsecond=350000)),
                ("2022-12-21T12:00:00.3534919Z", noon.replace(microsecond=353491)),
                ("2022-12-21", datetime(2022, 12, 21)),
                (date(2022, 12, 21), datetime(2022, 12, 21)),
                (noon, noon),
                (noon.replace(tzinfo=timezone.utc), noon),
                ("0001-01-01T00:00:00+01:00", None),
                ("0000-00-00 00:00:00", None),
                ("2022-13-01", None),
                ("yesterday", None),
                ("", None),
                (None, None),
                (1671620400, None),
            ],
        )

    def test_a_moment_is_sent_with_its_offset_and_no_fraction_of_it_is_lost(self):
        noon = datetime(2022, 12, 21, 12, 0, 0, 999999)
        self.assertEqual(iso(noon), "2022-12-21T12:00:00+00:00")
        self.assertEqual(
            iso(noon.replace(tzinfo=timezone(timedelta(hours=-5)))),
            "2022-12-21T17:00:00+00:00",
        )
        # A third of a day is eight hours, not none.
        self.assertEqual(iso(noon - timedelta(days=1 / 3)), "2022-12-21T04:00:00+00:00")
        self.assertEqual(timestamp(iso(noon)), noon.replace(microsecond=0))

    def test_what_may_be_a_list_or_an_object(self):
        self.assert_reads(
            as_list,
            [
                (None, []),
                ("", []),
                ({}, []),
                ([], []),
                ([0], [0]),
                (("a",), ["a"]),
                ("a", ["a"]),
                (0, [0]),
                ({"a": 1}, [{"a": 1}]),
            ],
        )
        self.assert_reads(
            as_dict, [({"a": 1}, {"a": 1}), ([], {}), (None, {}), ("EUR", {})]
        )
