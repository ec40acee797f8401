from werkzeug.wrappers import Response

from odoo.tests import tagged

from ..lengow import const
from ..lengow.errors import LengowRequestError
from .common_client import MOI, TOKEN, ClientCase, is_path, make_json


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
