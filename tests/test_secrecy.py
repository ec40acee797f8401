import json
import logging

from werkzeug.wrappers import Response

from odoo.tests import tagged

from ..lengow.errors import (
    LengowError,
    LengowRequestError,
)
from ..lengow.parsing import as_dict
from ..lengow.token_store import Token
from ..lengow.transport import Transport
from ..simulator import (
    ACCESS_TOKEN,
    ACCOUNT_ID,
    SECRET,
)
from ..simulator.faults import KINDS
from .common_client import NOW, ORDERS, ClientCase


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
        self.assertIn(self.number, str(page.entries))
        token = Token("the-value", NOW, "1")
        shown = repr([self.client, self.transport, page, token, self.transport.request])
        self.assert_no_secret_in(shown)
        self.assertNotIn("the-value", shown)
        self.assertIn("api.lengow.io", shown)
