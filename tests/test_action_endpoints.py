"""Actions are posted once, and read with the documented filters."""

import json
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

import requests

from odoo.tests import tagged

from ..lengow.action_result import may_have_been_done
from ..lengow.errors import (
    LengowConnectionError,
    LengowError,
    LengowRequestError,
    LengowResponseError,
    LengowServerError,
)
from .common_client import TOKEN, ClientCase, is_path, make_json

ACTIONS = "/v3.0/orders/actions/"
BODY = {
    "marketplace": "menlook",
    "marketplace_order_id": "1234-ABC",
    "action_type": "ship",
    "tracking_number": "123456",
    "carrier": "ups",
}


class ActionClientCase(ClientCase):
    def setUp(self):
        super().setUp()
        self.answers = []
        self.wire.answer = self.answer

    def answer(self, request):
        if is_path(request, TOKEN):
            return None
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def sent(self):
        return [request for request in self.wire.sent if is_path(request, ACTIONS)]

    def query(self, number=-1):
        return dict(parse_qsl(urlsplit(self.sent[number].url).query))


@tagged("post_install", "-at_install", "lengow")
class TestPostAction(ActionClientCase):
    def test_an_action_is_posted_with_its_account(self):
        for status, answer in ((201, {"id": 7}), (202, {"id": "7"}), (200, {"id": 7})):
            self.answers = [make_json(answer, status)]
            self.assertEqual(self.client.post_action({**BODY, "account_id": 5}), "7")
        request = self.sent[-1]
        self.assertEqual(request.method, "POST")
        self.assertEqual(json.loads(request.body), {**BODY, "account_id": 1001})

    def test_an_action_0_is_an_action(self):
        self.answers = [make_json({"id": 0}, 202)]
        self.assertEqual(self.client.post_action(BODY), "0")

    def test_a_doubtful_post_is_not_repeated_and_known_as_doubtful(self):
        for failure, kind in (
            (make_json({"error": "Oops"}, 500), LengowServerError),
            (make_json({}, 504), LengowServerError),
            (requests.exceptions.ReadTimeout("x"), LengowConnectionError),
            (requests.exceptions.ConnectionError("reset"), LengowConnectionError),
            (make_json({"message": "ok"}, 202), LengowResponseError),
            (make_json([], 201), LengowResponseError),
        ):
            with self.subTest(failure=failure):
                self.answers = [failure]
                before = len(self.sent)
                with self.assertRaises(kind) as caught:
                    self.client.post_action(BODY)
                self.assertTrue(may_have_been_done(caught.exception))
                self.assertEqual(len(self.sent) - before, 1)

    def test_a_refusal_comes_with_the_vendors_words(self):
        self.answers = [
            make_json({"error": {"message": "Unknown carrier", "code": 400}}, 400)
        ]
        with self.assertRaises(LengowRequestError) as caught:
            self.client.post_action(BODY)
        self.assertIn("Unknown carrier", str(caught.exception))
        self.assertFalse(may_have_been_done(caught.exception))

    def test_what_surely_did_nothing_is_posted_again(self):
        done = make_json({"id": 7}, 202)
        for failure in (
            make_json({"error": "token"}, 401),
            make_json({"error": "slow"}, 429, **{"Retry-After": "2"}),
            requests.exceptions.ConnectTimeout("x"),
        ):
            with self.subTest(failure=failure):
                self.answers = [failure, done]
                self.assertEqual(self.client.post_action(BODY), "7")


@tagged("post_install", "-at_install", "lengow")
class TestReadActions(ActionClientCase):
    def test_every_documented_filter_is_sent(self):
        self.answers = [make_json({"count": 0, "next": None, "results": []})]
        moment = datetime(2024, 3, 1, 12, 30)
        list(
            self.client.iter_action_pages(
                lengow_id=0,
                marketplace=["a", "b"],
                marketplace_order_id="0",
                action_type="ship",
                processed=False,
                queued=True,
                tracking_number="1",
                carrier="dpd",
                line=0,
                created_from=moment,
                created_to=moment,
                updated_from=moment,
                updated_to=moment,
                errors="Rate limit exceeded.",
                page_size=500,
            )
        )
        stamp = "2024-03-01T12:30:00+00:00"
        self.assertEqual(
            self.query(),
            {
                "account_id": "1001",
                "id": "0",
                "marketplace": "a,b",
                "marketplace_order_id": "0",
                "action_type": "ship",
                "processed": "False",
                "queued": "True",
                "tracking_number": "1",
                "carrier": "dpd",
                "line": "0",
                "created_from": stamp,
                "created_to": stamp,
                "updated_from": stamp,
                "updated_to": stamp,
                "errors": "Rate limit exceeded.",
                "page_size": "100",
            },
        )

    def test_nothing_is_sent_that_was_not_asked_for(self):
        self.answers = [make_json({"results": []})]
        (page,) = self.client.iter_action_pages()
        self.assertEqual((page.number, page.entries, page.error), (1, [], None))
        self.assertEqual(set(self.query()), {"account_id", "page_size"})

    def test_pages_are_read_by_their_links_with_our_filters(self):
        link = "https://api.lengow.io/api/v3.0/orders/actions/?account_id=1&page=2"
        self.answers = [
            make_json({"count": 3, "next": link, "results": [{"id": 1}, "garbage"]}),
            make_json({"count": 3, "next": None, "results": [{"id": 2}]}),
        ]
        pages = list(self.client.iter_action_pages(processed=False, queued=False))
        self.assertEqual([page.entries for page in pages], [[{"id": 1}], [{"id": 2}]])
        self.assertEqual([page.damaged for page in pages], [1, 0])
        self.assertEqual(self.query()["page"], "2")
        self.assertEqual(self.query()["processed"], "False")
        self.assertEqual(self.query()["account_id"], "1001")

    def test_an_unreadable_page_is_told_and_costs_no_other(self):
        link = f"https://api.lengow.io{ACTIONS}?page=2"
        pages = {
            None: {"count": 201, "next": link, "results": [{"id": 1}]},
            "3": {"count": 201, "next": None, "results": [{"id": 3}]},
        }

        def answer(request):
            if is_path(request, TOKEN):
                return None
            number = dict(parse_qsl(urlsplit(request.url).query)).get("page")
            return make_json(pages.get(number, {}), 200 if number in pages else 500)

        self.wire.answer = answer
        found = list(self.client.iter_action_pages())
        self.assertEqual([page.number for page in found], [1, 2, 3])
        self.assertIsInstance(found[1].error, LengowError)
        self.assertEqual(found[2].entries, [{"id": 3}])

    def test_one_action_is_read_by_its_number_and_never_another_one(self):
        self.answers = [make_json({"results": [{"id": 5}, {"id": 81982959}]})]
        self.assertEqual(self.client.get_action("81982959"), {"id": 81982959})
        self.assertEqual(self.query(), {"account_id": "1001", "id": "81982959"})
        self.assertIsNone(self.client.get_action(7))
        self.answers = [make_json({"detail": "Pas trouvé."}, 404)]
        self.assertIsNone(self.client.get_action(7))
