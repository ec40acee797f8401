from datetime import date, datetime, timedelta, timezone

from odoo.tests import tagged

from ..lengow.errors import LengowNotFoundError
from ..simulator import ACCOUNT_ID
from .common_client import ORDERS, ClientCase, is_path, make_json


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
        order = self.read_orders(merchant_order_id=None).entries[0]
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
                self.assertEqual(self.clock.slept, [])
                self.simulator.faults.clear()
