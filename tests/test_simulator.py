"""The simulated world is reproducible, adds up, and is as odd as live orders are."""

import json
import logging
import time
from datetime import datetime, timedelta

from odoo.tests import tagged

from ..simulator import generate_world
from ..simulator.generator import CASES
from ..simulator.money import compute_total, get_lines, to_cents
from ..simulator.oddities_money import MONEY_CASES
from .common_simulator import NOW, SimulatorCase

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorWorld(SimulatorCase):
    def test_the_same_seed_makes_the_same_world(self):
        def write(**arguments):
            world = generate_world(orders=80, now=NOW, errors=3, **arguments)
            return json.dumps([world.orders, world.marketplaces, world.products])

        self.assertEqual(write(seed=5), write(seed=5))
        self.assertNotEqual(write(seed=5), write(seed=6))

    def test_every_total_adds_up_in_both_currencies(self):
        for seed in range(1, 6):
            world = generate_world(orders=400, seed=seed, now=NOW, errors=5)
            for order in world.orders:
                cases = world.cases[order["marketplace_order_id"]]
                where = f"seed {seed}, {order['marketplace_order_id']}, {cases}"
                if cases & {case.tag for case in MONEY_CASES}:
                    continue
                total = to_cents(order["original_total_order"])
                self.assertEqual(total, compute_total(order, "original_"), where)
                if "no_exchange_rate" in cases:
                    self.assertEqual(order["total_order"], -1)
                else:
                    total = to_cents(order["total_order"])
                    self.assertEqual(total, compute_total(order), where)

    def test_every_oddity_is_among_two_hundred_orders(self):
        for seed in (1, 2, 3):
            world = generate_world(orders=200, seed=seed, now=NOW)
            seen = set().union(*world.cases.values())
            self.assertLessEqual({case.tag for case in CASES}, seen)
            self.assertLessEqual({"commission", "no_discount_in_amounts"}, seen)
            self.assertNotIn("unknown_product", seen)
            currencies = {o["original_currency"]["iso_a3"] for o in world.orders}
            self.assertEqual(currencies, {"EUR", "GBP", "PLN", "SEK"})
            statuses = [order["lengow_status"] for order in world.orders]
            self.assertGreater(statuses.count("waiting_shipment"), 170)

    def test_dates_are_consistent_and_some_are_fresh(self):
        world = generate_world(orders=200, now=NOW, days=5)
        names = ("marketplace_order_date", "imported_at", "updated_at")
        dates = [
            [datetime.fromisoformat(_to_iso(order[name])) for name in names]
            for order in world.orders
        ]
        for ordered, imported, updated in dates:
            self.assertLessEqual(NOW - timedelta(days=5, seconds=1), ordered)
            self.assertTrue(ordered <= imported <= updated <= NOW)
        fresh = [row for row in dates if row[0] > NOW - timedelta(minutes=10)]
        self.assertGreater(len(fresh), 5)

    def test_plain_worlds_are_fast_and_importable(self):
        started = time.perf_counter()
        world = generate_world(orders=2000, oddities=False, lines=3, now=NOW)
        _logger.info("2,000 orders in %.2f s", time.perf_counter() - started)
        self.assertEqual(len({o["marketplace_order_id"] for o in world.orders}), 2000)
        self.assertEqual(
            len({o["marketplace_customer_id"] for o in world.orders}), 2000
        )
        skus = {product["sku"] for product in world.products}
        eans = {product["ean"] for product in world.products}
        for order in world.orders:
            self.assertEqual(order["lengow_status"], "waiting_shipment")
            self.assertEqual(order["original_currency"]["iso_a3"], "EUR")
            (package,) = order["packages"]
            self.assertEqual(len(package["cart"]), 3)
            for line in package["cart"]:
                self.assertIn(line["merchant_product_id"]["id"], skus | eans)

    def test_errors_are_orders_further(self):
        world = generate_world(orders=10, now=NOW, errors=4)
        skus = {product["sku"] for product in world.products}
        unknown = [o for o in world.orders if "unknown_product" in self._tags(world, o)]
        self.assertEqual((len(world.orders), len(unknown)), (14, 4))
        for order in unknown:
            (line,) = get_lines(order)
            self.assertNotIn(line["merchant_product_id"]["id"], skus)

    def test_marketplaces_describe_what_their_orders_say(self):
        world = generate_world(orders=200, now=NOW)
        self.assertGreaterEqual(len(world.marketplaces), 12)
        for order in world.orders:
            spec = world.marketplaces[order["marketplace"]]["orders"]
            words = spec["status"][order["lengow_status"]]
            self.assertIn(order["marketplace_status"], words)
        for spec in world.marketplaces.values():
            for action in spec["orders"]["actions"].values():
                names = {*action["args"], *action["optional_args"]}
                self.assertLessEqual(set(action["args_description"]), names)
                self.assertLessEqual(
                    set(action["status"]), set(spec["orders"]["status"])
                )

    def test_added_orders_follow_their_overrides(self):
        order = self.world.add_order(
            "amazon_uk",
            lines=[("MG-SPK", 2), ("PC-TRN", 1)],
            shipping=5,
            discount=1.5,
            order_meta={"is_gift": True},
        )
        self.assertEqual(order["lengow_status"], "waiting_shipment")
        self.assertEqual([line["quantity"] for line in get_lines(order)], [2, 1])
        self.assertTrue(order["order_meta"]["is_gift"])
        self.assertIn("checksum", order["order_meta"])
        for prefix in ("", "original_"):
            total = to_cents(order[f"{prefix}total_order"])
            self.assertEqual(total, compute_total(order, prefix))
        self.assertLess(order["original_shipping"], 5)
        wrong = self.world.add_order(total_order=1.23)
        self.assertEqual(wrong["total_order"], 1.23)

    def test_touched_orders_are_updated(self):
        order = self.world.add_order(marketplace_order_id="A", lines=2)
        stamps = [order["updated_at"]]
        self.world.touch("A", lengow_status="shipped")
        stamps.append(order["updated_at"])
        self.assertEqual(order["marketplace_status"], "Shipped")
        self.assertEqual({o["lengow_status"] for o in get_lines(order)}, {"shipped"})
        self.world.touch("A", lengow_status="canceled", shipping=0)
        stamps.append(order["updated_at"])
        self.assertEqual(order["total_order"], 0)
        self.assertEqual(len(set(stamps)), 3)
        self.assertEqual(stamps, sorted(stamps))
        self.assertRaises(KeyError, self.world.touch, "B")

    def test_a_page_of_a_hundred_orders_is_quick(self):
        self.simulator.world = generate_world(orders=2000, now=NOW, oddities=False)
        self.login()
        self.get_orders()
        started = time.perf_counter()
        for page in range(1, 6):
            self.get_orders(page=page)
        elapsed = (time.perf_counter() - started) / 5
        _logger.info("One page of 100 orders in %.1f ms", elapsed * 1000)
        self.assertLess(elapsed, 1)

    @staticmethod
    def _tags(world, order):
        return world.cases[order["marketplace_order_id"]]


def _to_iso(text):
    """Make any of Lengow's dates one that Python 3.10 reads."""
    text = text.replace("Z", "+00:00")
    return text if text[-6] in "+-" else f"{text}+00:00"
