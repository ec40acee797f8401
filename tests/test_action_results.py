"""What became of an action is told by its own answer, whatever form its errors take."""

from datetime import datetime

from odoo.tests import BaseCase, tagged

from ..lengow.action_result import (
    DONE,
    ERROR,
    QUEUED,
    ActionResult,
    may_have_been_done,
    read_errors,
)
from ..lengow.errors import (
    LengowConnectionError,
    LengowForbiddenError,
    LengowRateLimitError,
    LengowRequestError,
    LengowResponseError,
    LengowServerError,
)

# Help centre, "Get all actions on orders", shortened.
AMAZON = {
    "id": 123456789,
    "marketplace_order_id": "306-1234567-1234567",
    "account_id": 1,
    "marketplace": "amazon_de",
    "action_type": "ship",
    "processed": True,
    "queued": False,
    "tracking_number": "05348000966072J",
    "tracking_url": None,
    "carrier": "DPD",
    "line": "39751459711155",
    "shipping_date": "2020-10-28T14:35:07+01:00",
    "created_at": "2020-10-28T13:35:07.301140Z",
    "updated_at": "2020-10-28T13:38:19.909097Z",
    "errors": "The tracking ID 05348000966072J for DPD does not map the expected format"
    " of the carrier. Please verify that you have entered the tracking ID and carrier"
    " name correctly.",
    "refund_price": None,
    "refund_quantity": None,
}
# Advice on the Orders API, "Actions on orders", shortened.
VEEPEE = {
    "id": 81982959,
    "marketplace_order_id": "221219V2102418423",
    "marketplace": "veepee_pink_fr",
    "action_type": "ship",
    "processed": True,
    "queued": False,
    "tracking_number": "8G48609462340",
    "carrier": "La Poste",
    "updated_at": "2022-12-21T11:17:48.408401Z",
}


@tagged("lengow")
class TestResults(BaseCase):
    def test_the_documented_answers_are_read(self):
        result = ActionResult(AMAZON)
        self.assertEqual(result.lengow_id, "123456789")
        self.assertEqual(result.marketplace, "amazon_de")
        self.assertEqual(result.marketplace_order_id, "306-1234567-1234567")
        self.assertEqual(result.line_id, "39751459711155")
        self.assertEqual(result.created_at, datetime(2020, 10, 28, 13, 35, 7, 301140))
        self.assertEqual(result.updated_at, datetime(2020, 10, 28, 13, 38, 19, 909097))
        self.assertEqual(result.state, ERROR)
        self.assertIn("does not map the expected format", result.error_message)
        result = ActionResult(VEEPEE)
        self.assertEqual((result.state, result.error_message), (DONE, ""))
        failed = {**VEEPEE, "processed": False, "errors": "Rate limit exceeded."}
        result = ActionResult(failed)
        self.assertEqual(
            (result.state, result.error_message), (ERROR, "Rate limit exceeded.")
        )

    def test_the_state_is_what_queued_processed_and_errors_come_to(self):
        for queued, processed, errors, state in (
            (True, False, None, QUEUED),
            (True, False, "Not yet", QUEUED),
            ("True", "False", None, QUEUED),
            (1, 0, None, QUEUED),
            (False, True, None, DONE),
            (False, True, "", DONE),
            (False, True, [], DONE),
            (False, True, [None, ""], DONE),
            (False, True, "None", DONE),
            (False, True, False, DONE),
            ("false", "true", None, DONE),
            (False, True, "Wrong", ERROR),
            (False, True, ["Wrong"], ERROR),
            (False, False, None, ERROR),
            (False, False, "Wrong", ERROR),
            (None, True, None, DONE),
            (None, None, None, QUEUED),
            (None, None, "Wrong", ERROR),
            (False, None, None, QUEUED),
        ):
            with self.subTest(queued=queued, processed=processed, errors=errors):
                payload = {"queued": queued, "processed": processed, "errors": errors}
                self.assertEqual(ActionResult(payload).state, state)
        self.assertEqual(ActionResult(None).state, QUEUED)

    def test_errors_of_every_form_become_one_line(self):
        for errors, words in (
            (None, ""),
            ("", ""),
            ([], ""),
            ({}, ""),
            (True, ""),
            ("Wrong\ncarrier", "Wrong carrier"),
            (["Wrong carrier", None, "No stock"], "Wrong carrier, No stock"),
            ({"carrier": ["unknown"]}, "carrier: unknown"),
            ({"non_field_errors": ["Too late"]}, "Too late"),
            ([{"message": "No stock", "code": 3}], "message: No stock; code: 3"),
            ('{"error": {"message": "No stock"}}', "No stock"),
            ("<html><title>Bad gateway</title></html>", "Bad gateway"),
            (0, "0"),
            ("Ask bob@example.com", "Ask ***"),
        ):
            with self.subTest(errors=errors):
                self.assertEqual(read_errors(errors), words)
        self.assertLessEqual(len(read_errors("x" * 99_999)), 300)

    def test_a_lost_action_is_known_by_what_it_says(self):
        request = {
            "marketplace_order_id": "221219V2102418423",
            "action_type": "ship",
            "tracking_number": "8G48609462340",
            "carrier": "La Poste",
        }
        self.assertTrue(ActionResult(VEEPEE).is_same(request))
        for name, value in (
            ("marketplace_order_id", "other"),
            ("action_type", "cancel"),
            ("tracking_number", "8G0"),
            ("tracking_number", None),
            ("carrier", "DPD"),
        ):
            with self.subTest(name=name, value=value):
                self.assertFalse(ActionResult(VEEPEE).is_same({**request, name: value}))
        for shown, sent, is_same in (
            ({"line": None}, {}, True),
            ({"line": 7}, {"line": "7"}, True),
            ({"line": "07"}, {"line": "7"}, False),
            ({"line": "7"}, {}, False),
            ({"line": None}, {"line": "0"}, False),
            ({"quantity": "2"}, {"quantity": 2}, True),
            ({"quantity": 1}, {"quantity": 2}, False),
            ({"refund_price": 12.5}, {"refund_price": "12.50"}, True),
            ({"refund_price": None}, {"refund_price": "0"}, False),
            ({"comment": "x"}, {}, True),
        ):
            with self.subTest(shown=shown, sent=sent):
                result = ActionResult({**VEEPEE, **shown})
                self.assertIs(result.is_same({**request, **sent}), is_same)

    def test_doubtful_failures_are_told_from_plain_ones(self):
        for error, is_doubtful in (
            (LengowConnectionError(), True),
            (LengowConnectionError(sent=False), False),
            (LengowServerError(status=500), True),
            (LengowResponseError(status=201), True),
            (LengowRateLimitError(status=429), False),
            (LengowForbiddenError(status=403), False),
            (LengowRequestError(status=400), False),
        ):
            with self.subTest(error=type(error).__name__):
                self.assertIs(may_have_been_done(error), is_doubtful)
