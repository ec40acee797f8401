import random
from email.utils import formatdate

import requests
from werkzeug.wrappers import Response

from odoo.tests import tagged

from ..lengow import const
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
)
from ..simulator import ACCOUNT_ID
from ..simulator.faults import AFTER, KINDS
from .common_client import MOI, NOW, ORDERS, ClientCase, is_path, make_json


@tagged("post_install", "-at_install", "lengow")
class TestRetries(ClientCase):
    def test_every_passing_fault_is_survived(self):
        passing = set(KINDS) - {"400", "404", "530"}
        for kind in sorted(passing):
            with self.subTest(kind=kind):
                self.simulator.faults.clear()
                self.simulator.faults.once(kind, path=ORDERS)
                before = self.count_requests(ORDERS)
                self.assertTrue(self.read_orders().entries)
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
        expected.update({kind: expected[base] for kind, base in AFTER.items()})
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
        self.assertEqual(self.clock.slept, [])

    def test_retry_after_comes_before_our_own_pauses(self):
        self.simulator.faults.once("429", path="/me", retry_after=17)
        self.client.get_me()
        self.assertEqual(self.clock.slept, [17])

    def test_retry_after_may_be_a_date(self):
        later = formatdate(NOW + 23, usegmt=True)
        answers = [Response(status=503, headers={"Retry-After": later})]
        self.wire.answer = lambda request: (
            answers.pop() if answers and is_path(request, "/me") else None
        )
        self.client.get_me()
        self.assertEqual(self.clock.slept, [23])

    def test_a_useless_retry_after_leaves_it_to_our_pauses(self):
        for value in ("", "0", "-5", "soon", formatdate(NOW - 60, usegmt=True)):
            with self.subTest(value=value):
                answers = [Response(status=429, headers={"Retry-After": value})]
                self.wire.answer = lambda request, answers=answers: (
                    answers.pop() if answers and is_path(request, "/me") else None
                )
                self.clock.slept.clear()
                self.client.get_me()
                self.assertEqual(self.clock.slept, [1.0])

    def test_a_retry_after_beyond_the_budget_is_told_at_once(self):
        self.simulator.faults.once("429", path="/me", times=99, retry_after=91)
        with self.assertRaises(LengowRateLimitError) as caught:
            self.client.get_me()
        self.assertEqual(caught.exception.retry_after, 91)
        self.assertEqual(self.clock.slept, [])
        self.assertTrue(caught.exception.retryable)

    def test_pauses_double_up_to_a_cap_until_the_budget_is_spent(self):
        self.simulator.faults.once("500", path="/me", times=99)
        with self.assertRaises(LengowServerError):
            self.client.get_me()
        self.assertEqual(self.clock.slept, [1, 2, 4, 8, 16, 30])

    def test_pauses_are_drawn_over_their_whole_length(self):
        draw = random.Random(3).random
        client, _wire = self.make_client(random=draw, time_budget=1000)
        self.simulator.faults.once("reset_before", path="/me", times=99)
        with self.assertRaises(LengowConnectionError):
            client.get_me()
        expected = random.Random(3)
        caps = (1, 2, 4, 8, 16, 30, 30, 30, 30)
        self.assertEqual(self.clock.slept, [expected.random() * cap for cap in caps])

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
