import threading
import time

from odoo.tests import tagged

from ..lengow.client import LengowClient
from ..lengow.errors import (
    LengowAuthError,
    LengowForbiddenError,
    LengowResponseError,
)
from ..lengow.token_store import MemoryTokenStore, Token
from ..simulator import (
    ACCESS_TOKEN,
    ACCOUNT_ID,
    SECRET,
)
from .common_client import NOW, TOKEN, ClientCase, is_path, make_json


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
