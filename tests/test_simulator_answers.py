"""The simulator shows, marks and describes as Lengow's documents say."""

from odoo.tests import tagged

from ..simulator import ACCOUNT_ID
from ..simulator.money import compute_total, to_cents
from .common_simulator import BASE, SimulatorCase


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorAnswers(SimulatorCase):
    def setUp(self):
        super().setUp()
        self.login()

    def test_answers_are_gzipped_and_in_unicode(self):
        order = self.world.add_order()
        order["billing_address"]["last_name"] = "王 🌸"
        url = f"{BASE}/v3.0/orders/?account_id={ACCOUNT_ID}"
        response = self.session.get(url)
        self.assertEqual(response.headers["Content-Encoding"], "gzip")
        address = response.json()["results"][0]["billing_address"]
        self.assertEqual(address["last_name"], "王 🌸")
        plain = self.session.get(url, headers={"Accept-Encoding": "identity"})
        self.assertNotIn("Content-Encoding", plain.headers)
        self.assertIn("王 🌸", plain.content.decode())

    def test_delivery_id_changes_between_calls(self):
        self.world.add_order()
        first, second = (self.get_orders()["results"][0] for _ in range(2))
        for order in (first, second):
            order["delivery_id"] = order["packages"][0]["delivery"].pop("id")
        self.assertNotEqual(first.pop("delivery_id"), second.pop("delivery_id"))
        self.assertEqual(first, second)

    def test_set_currency(self):
        stored = self.world.add_order("amazon_uk", lines=3, shipping=3.33)
        for code in ("GBP", "USD", "PLN", "EUR"):
            (order,) = self.get_orders(set_currency=code)["results"]
            self.assertEqual(order["currency"]["iso_a3"], code)
            self.assertEqual(order["original_currency"]["iso_a3"], "GBP")
            self.assertEqual(to_cents(order["total_order"]), compute_total(order))
        self.assertEqual(order["total_order"], stored["total_order"])
        (own,) = self.get_orders(no_currency_conversion="1")["results"]
        self.assertEqual(own["total_order"], own["original_total_order"])
        (unknown,) = self.get_orders(set_currency="XTS")["results"]
        self.assertEqual(unknown["total_order"], -1)

    def test_orders_of_another_account_stay_hidden(self):
        self.world.add_order(account_id=1002)
        self.assertEqual(self.get_ids(), [])

    def test_marking_an_order(self):
        self.world.add_order(marketplace_order_id="A")
        before = self.get_orders()["results"][0]["updated_at"]
        response = self.mark("A", ["S00007", 8])
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json()["marketplace_order_id"], "A")
        self.assertEqual(response.json()["merchant_order_id"], ["S00007", "8"])
        self.assertEqual(self.get_ids(merchant_order_id="None"), [])
        self.assertGreater(self.world.order("A")["updated_at"], before)

    def test_marking_can_be_refused(self):
        self.world.add_order(marketplace_order_id="A")
        response = self.mark("B", ["S1"])
        self.assertEqual(response.status_code, 404)
        self.assertEqual(response.json(), {"detail": "Pas trouvé."})
        self.assertEqual(self.mark("A", ["S1"], "otto_de").status_code, 404)
        self.assertEqual(self.mark("A", ["S1"], account_id=1002).status_code, 403)
        self.assertEqual(self.mark("A", ["S1"], account_id=None).status_code, 400)
        self.assertEqual(self.mark("A", "S1").status_code, 400)
        self.assertEqual(self.mark("A", None).status_code, 400)
        url = f"{BASE}/v3.0/orders/moi/"
        for method in ("get", "post", "put", "delete"):
            response = getattr(self.session, method)(url)
            self.assertEqual(response.status_code, 405, method)
        self.assertIsNone(self.world.order("A")["merchant_order_id"])

    def test_marketplaces(self):
        everything = self.get("/v3.0/marketplaces/").json()
        self.assertEqual(everything, self.world.marketplaces)
        own = self.get("/v3.0/marketplaces/", account_id=ACCOUNT_ID).json()
        self.assertEqual(set(everything) - set(own), {"admarkt"})
        one = self.get("/v3.0/marketplaces/", marketplace="amazon_fr").json()
        self.assertEqual(one["amazon_fr"]["legacy_code"], "amazon")
        self.assertEqual(self.get("/v3.0/marketplaces/", marketplace="x").json(), {})
        response = self.get("/v3.0/marketplaces/", account_id=1002)
        self.assertEqual(response.status_code, 403)
