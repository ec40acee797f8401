"""The simulator finds orders, and pages them, as Lengow's documents say."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from odoo.tests import tagged

from ..simulator import ACCOUNT_ID
from ..simulator.money import get_lines
from .common_simulator import NOW, SimulatorCase


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorOrders(SimulatorCase):
    def setUp(self):
        super().setUp()
        self.login()

    def test_account_is_mandatory_and_must_be_ours(self):
        statuses = {"": 400, "abc": 400, "1002": 403, "7": 403, str(ACCOUNT_ID): 200}
        for account_id, status in statuses.items():
            response = self.get("/v3.0/orders/", account_id=account_id)
            self.assertEqual(response.status_code, status, account_id)
        self.assertEqual(self.get("/v3.0/orders/").status_code, 400)

    def test_seven_days_unless_a_valid_date_is_given(self):
        old, new = NOW - timedelta(days=10), NOW - timedelta(days=6)
        for name, date in (("OLD", old), ("NEW", new)):
            self.world.add_order(
                marketplace_order_id=name,
                marketplace_order_date=date,
                imported_at=date,
            )
        since = (NOW - timedelta(days=30)).isoformat()
        couple = {"marketplace": "amazon_fr", "marketplace_order_id": "OLD"}
        self.assertEqual(self.get_ids(), ["NEW"])
        self.assertEqual(self.get_ids(marketplace_order_date_from="soon"), ["NEW"])
        # What becomes of an offset whose + was not quoted is no date.
        self.assertEqual(self.get_ids(updated_from="2025-03-01T10:00 01:00"), ["NEW"])
        self.assertEqual(self.get_ids(marketplace_order_id="OLD"), [])
        self.assertEqual(self.get_ids(**couple), ["OLD"])
        for name in ("marketplace_order_date_from", "imported_from", "updated_from"):
            self.assertEqual(self.get_ids(**{name: since}), ["NEW", "OLD"], name)
        self.assertEqual(self.get_ids(imported_to=old.isoformat()), ["OLD"])
        self.assertEqual(
            self.get_ids(updated_to="2025-03-14T17:00+01:00"), ["NEW", "OLD"]
        )

    def test_seven_days_stay_beside_other_dates_for_some_accounts(self):
        self.world.accounts[0]["always_default_days"] = True
        old = NOW - timedelta(days=10)
        self.world.add_order(marketplace_order_id="OLD", marketplace_order_date=old)
        since = old.isoformat()
        self.assertEqual(self.get_ids(updated_from=since), [])
        self.assertEqual(self.get_ids(marketplace_order_date_from=since), ["OLD"])

    def test_exact_dates(self):
        for name in ("marketplace_order_date", "imported_at", "updated_at"):
            date = NOW - timedelta(hours=len(name))
            self.world.add_order(**{"marketplace_order_id": name, name: date})
            self.assertEqual(self.get_ids(**{name: date.isoformat()}), [name])

    def test_merchant_order_id_none_finds_unmarked_orders(self):
        for name, number in (("A", None), ("B", ""), ("C", []), ("D", "S1")):
            self.world.add_order(marketplace_order_id=name, merchant_order_id=number)
        self.world.add_order(marketplace_order_id="E", merchant_order_id=["S2", "S3"])
        self.assertCountEqual(self.get_ids(merchant_order_id="None"), "ABC")
        self.assertEqual(self.get_ids(merchant_order_id="S1"), ["D"])
        self.assertEqual(self.get_ids(merchant_order_id="S3"), ["E"])

    def test_comma_lists(self):
        for code, status, types in (
            ("amazon_fr", "shipped", [{"type": "is_express", "label": "Express"}]),
            ("amazon_uk", "waiting_shipment", [{"type": "is_prime", "label": "Prime"}]),
            ("otto_de", "canceled", []),
        ):
            self.world.add_order(
                code,
                marketplace_order_id=code,
                lengow_status=status,
                order_types=types,
            )
        expected = ["amazon_fr", "amazon_uk"]
        self.assertEqual(self.get_ids(marketplace="amazon_uk,amazon_fr"), expected)
        self.assertEqual(
            self.get_ids(lengow_status="shipped, waiting_shipment"), expected
        )
        self.assertEqual(self.get_ids(order_type="is_express,is_prime"), expected)
        self.assertEqual(self.get_ids(marketplace_status="Shipped"), ["amazon_fr"])
        self.assertEqual(len(self.get_ids(is_delivered_by_marketplace="true")), 3)

    def test_line_status_finds_orders_with_one_such_line(self):
        order = self.world.add_order(lines=2, marketplace_order_id="A")
        self.world.add_order(marketplace_order_id="B")
        get_lines(order)[1]["lengow_status"] = "refunded"
        self.assertEqual(self.get_ids(lengow_line_status="refunded"), ["A"])

    def test_orderings(self):
        for hours, (name, code) in enumerate(
            (("A", "otto_de"), ("B", "amazon_fr"), ("C", "amazon_fr"), ("D", "bol_nl")),
        ):
            self.world.add_order(
                code,
                marketplace_order_id=name,
                marketplace_order_date=NOW - timedelta(hours=hours),
                updated_at=NOW - timedelta(minutes=10 * (hours % 2)),
                merchant_order_id=[f"S{hours}"] if hours else None,
            )
        for ordering, expected in {
            "": "BCDA",
            "nonsense": "BCDA",
            "marketplace_order_id": "ABCD",
            "-marketplace_order_id": "DCBA",
            "marketplace_order_date": "DCBA",
            "-marketplace,marketplace_order_date": "ADCB",
            "updated_at,-marketplace_order_id": "DBCA",
            "-merchant_order_id": "DCBA",
            "imported_at,lengow_status,-marketplace_order_id": "DCBA",
        }.items():
            ids = "".join(self.get_ids(ordering=ordering))
            self.assertEqual(ids, expected, ordering)

    def test_pages_are_linked_under_another_prefix(self):
        for _ in range(7):
            self.world.add_order()
        params = {"page_size": 3, "lengow_status": "waiting_shipment,shipped"}
        page, seen = self.get_orders(**params), []
        self.assertIsNone(page["previous"])
        while True:
            self.assertEqual(page["count"], 7)
            seen += [order["marketplace_order_id"] for order in page["results"]]
            if page["next"] is None:
                break
            url = urlsplit(page["next"])
            self.assertEqual(url.netloc + url.path, "api.lengow.io/api/v3.0/orders/")
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            self.assertEqual(query["lengow_status"], params["lengow_status"])
            page = self.get_orders(**query)
        self.assertEqual(len(set(seen)), 7)
        self.assertIn("page=2", page["previous"])

    def test_pages_follow_what_happens_meanwhile(self):
        for number in range(4):
            self.world.add_order(marketplace_order_id=str(number))
        params = {
            "merchant_order_id": "None",
            "ordering": "marketplace_order_id",
            "page_size": 2,
        }
        self.assertEqual(self.get_ids(**params), ["0", "1"])
        self.assertEqual(self.get_ids(**params, page=2), ["2", "3"])
        self.mark("0", ["S1"])
        self.assertEqual(self.get_ids(**params, page=2), ["3"])

    def test_page_beyond_the_end_is_not_found(self):
        self.assertEqual(self.get_orders(page=1)["results"], [])
        for page in ("2", "0", "-1", "x"):
            response = self.get("/v3.0/orders/", account_id=ACCOUNT_ID, page=page)
            self.assertEqual(response.status_code, 404, page)

    def test_page_size_is_at_most_a_hundred(self):
        for _ in range(101):
            self.world.add_order()
        for page_size in ("100", "101", "5000", "many"):
            page = self.get_orders(page_size=page_size)
            self.assertEqual((page["count"], len(page["results"])), (101, 100))
