"""Whatever is wrong with an order, it is imported right or says what is wrong."""

import copy
import random
from collections import Counter

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lengow.order import Order
from .common import LengowCommon

ORDERS = 2000
PAGE = 100
SEED = 20260101
# How many things are wrong with one order at most.
DAMAGES = 4

SCALARS = (
    None,
    "",
    "0",
    0,
    -1,
    1,
    True,
    False,
    "nonsense",
    "NaN",
    "12,50",
    "1.234,56",
    1e400,
    -(10**30),
    0.1 + 0.2,
    "\x00",
    "\ud800",
    "😀" * 300,
    "x" * 20000,
    "<script>alert(1)</script>",
    "'; DROP TABLE lengow_order; --",
    "2026-02-30T25:61:00Z",
    "9999-12-31T23:59:59+14:00",
    "0001-01-01",
)
CONTAINERS = ([], {}, [[]], [None], [{}], {"id": {}}, [1, "a", None], {"": None})
# The marketplace whose orders are confirmed.
CONFIRMED = "otto_de"
# What a damaged order is found by: without it there is one more row, not a lost one.
KEPT = ("marketplace_order_id",)


@tagged("post_install", "-at_install", "lengow")
class TestDamagedPayloads(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()

    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.create_catalogue()
        # Confirming takes most of the time, and the payload has no say in it any more.
        channels = self.account.channel_ids
        (channels - self.get_channel(CONFIRMED)).auto_confirm = False

    # Damage

    def find_places(self, value, path=()):
        """:return: list of the ways to every value within a payload."""
        places = [path] if path else []
        if isinstance(value, dict):
            children = value.items()
        elif isinstance(value, list):
            children = enumerate(value)
        else:
            children = ()
        for key, child in children:
            if key not in KEPT:
                places += self.find_places(child, (*path, key))
        return places

    def damage(self, payload):
        """Break some things in a payload, rather the large ones than the small ones."""
        for _damage in range(self.random.randint(1, DAMAGES)):
            places = self.find_places(payload)
            *path, last = min(self.random.choices(places, k=2), key=len)
            parent = payload
            for key in path:
                parent = parent[key]
            self.random.choice((self.remove, self.retype, self.nest))(parent, last)

    def remove(self, parent, key):
        del parent[key]

    def retype(self, parent, key):
        value = parent[key]
        if isinstance(value, (int, float)) and self.random.random() < 0.5:
            parent[key] = self.random.choice(
                (str(value), [value], -value, value * 1.01)
            )
        else:
            parent[key] = copy.deepcopy(self.random.choice((*SCALARS, *CONTAINERS)))

    def nest(self, parent, key):
        value = parent[key]
        parent[key] = self.random.choice(
            ([value], {"value": value}, [value, value], [[value]], {key: {key: value}})
        )

    # The test

    def test_every_damaged_order_is_imported_right_or_says_what_is_wrong(self):
        payloads = []
        codes = sorted({*self.world.marketplaces} - {"admarkt"})  # it sells nothing
        for number in range(ORDERS):
            code = self.random.choice(codes)
            payload = copy.deepcopy(
                self.world.add_order(code, lines=self.random.randint(1, 2))
            )
            self.damage(payload)
            payload["marketplace_order_id"] = f"D{number}"
            payloads.append(payload)
        with mute_logger(
            "odoo.addons.sale_lengow.models.lengow_order_store",
            "odoo.addons.sale_lengow.models.lengow_order_import",
        ):
            for start in range(0, ORDERS, PAGE):
                with self.enter_registry_test_mode():
                    self.account._store_orders(payloads[start : start + PAGE])
                self.run_cron("import_orders")
                self.env.invalidate_all()
        orders = self.account.order_ids
        numbers = Counter(orders.mapped("marketplace_order_id"))
        self.assertEqual(numbers, Counter(f"D{number}" for number in range(ORDERS)))
        for order in orders:
            self.check(order)
        outcomes = Counter((order.state, order.error_code or "") for order in orders)
        self.assertFalse(outcomes["pending", ""], "none is left untried")
        self.assertGreater(outcomes["imported", ""], ORDERS / 10, outcomes)
        self.assertGreater(
            sum(count for (state, _c), count in outcomes.items() if state == "error"),
            ORDERS / 20,
            outcomes,
        )
        self.assertEqual(self.account.state, "connected")

    def check(self, order):
        """An order is imported right, or waits with a reason, or says what is wrong."""
        number = order.marketplace_order_id
        if order.state == "error":
            self.assertTrue(order.error_code, number)
            self.assertIn(number, order.error_message)
            self.assertTrue(order.remedy, number)
            self.assertFalse(order.sale_order_ids, number)
        elif order.state in ("waiting", "ignored"):
            self.assertTrue(order.error_code, number)
            self.assertFalse(order.sale_order_ids, number)
        elif order.error_code:
            self.assertEqual(order.state, "imported")
            self.assertIn(number, order.error_message)
            self.assertEqual(set(order.sale_order_ids.mapped("state")), {"draft"})
        else:
            self.check_imported(order)

    def check_imported(self, order):
        number = order.marketplace_order_id
        self.assertEqual(order.state, "imported", number)
        sales = order.sale_order_ids
        is_confirmed = order.channel_id.marketplace_code == CONFIRMED
        state = "sale" if is_confirmed else "draft"
        self.assertEqual(set(sales.mapped("state")), {state}, number)
        self.assertEqual(
            order.currency_id.compare_amounts(
                sum(sales.mapped("amount_total")), order.total_order
            ),
            0,
            number,
        )
        counted = [line for line in Order(order.payload).lines if line.is_counted]
        lines = sales.order_line.filtered(lambda line: line.lengow_kind == "product")
        self.assertEqual(len(lines), len(counted), number)
        self.assertEqual(
            sorted(lines.mapped("product_uom_qty")),
            sorted(float(line.quantity) for line in counted),
            number,
        )
        self.assertTrue(all(sale.partner_shipping_id.country_id for sale in sales))
        self.assertTrue(all(sale.partner_id.name for sale in sales), number)
