from odoo.tests import BaseCase, tagged

from ..lengow import const
from ..lengow.errors import (
    LengowAuthError,
    LengowConnectionError,
    LengowError,
    error_from_answer,
    read_vendor_error,
)


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
