"""What Lengow gives is a row at once, whatever is in it, and only once."""

import copy
import json
import uuid
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..simulator.money import get_lines
from .common import LengowCommon

SHIRT, MUG, NOVEL = "TS-WHT-S", "MG-SPK", "BO-NVL"


@tagged("post_install", "-at_install", "lengow")
class TestStoreOrders(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        for sku in (SHIRT, MUG, NOVEL):
            cls.create_product(sku)

    def add(self, *skus, **overrides):
        """Add an order of one piece of each product to the world."""
        skus = skus or (SHIRT,)
        return self.world.add_order(lines=[(sku, 1) for sku in skus], **overrides)

    def add_two_packages(self, **overrides):
        """Add an order of two lines that go to two addresses."""
        order = self.add(SHIRT, MUG, **overrides)
        (package,) = order["packages"]
        second = copy.deepcopy(package)
        package["cart"], second["cart"] = package["cart"][:1], package["cart"][1:]
        second["delivery"].update(id=2, first_line="2 rue de l'Autre Maison")
        order["packages"].append(second)
        return order

    def assert_reason(self, order, state, code):
        self.assertEqual((order.state, order.error_code), (state, code))

    # Once

    def test_delivery_id_that_changes_rewrites_nothing(self):
        payload = self.add_two_packages()
        order = self.import_stored(payload)
        lines, sales = order.line_ids, order.sale_order_ids
        written = order.write_date
        for package in payload["packages"]:
            package["delivery"]["id"] += 100_000
        with self.enter_registry_test_mode():
            counts = self.account._store_orders(json.loads(json.dumps([payload])))
        self.assertEqual(counts, (0, 0))
        self.run_cron("import_orders")
        self.assertEqual(order.line_ids, lines)
        self.assertEqual(order.sale_order_ids, sales)
        self.assertEqual(order.write_date, written)

    def test_two_packages_are_two_sale_orders_with_every_line(self):
        payload = self.add_two_packages()
        order = self.import_stored(payload)
        self.assertEqual(len(order.sale_order_ids), 2)
        goods = order.sale_order_ids.order_line.filtered("lengow_line_id")
        self.assertEqual(goods.lengow_line_id, order.line_ids)
        self.assertEqual(set(goods.mapped("product_id.default_code")), {SHIRT, MUG})
        streets = order.sale_order_ids.partner_shipping_id.mapped("street")
        self.assertIn("2 rue de l'Autre Maison", streets)
        self.assertEqual(len(set(streets)), 2)
        self.assertEqual(order.sale_order_ids.mapped("state"), ["sale", "sale"])
        self.assertAlmostEqual(
            sum(order.sale_order_ids.mapped("amount_total")), payload["total_order"], 2
        )

    def test_packages_in_another_order_are_the_same_packages(self):
        payload = self.add_two_packages()
        order = self.import_stored(payload)
        keys = set(order.sale_order_ids.mapped("lengow_package_key"))
        payload["packages"].reverse()
        self.assertEqual(self.import_stored(payload), order)
        self.assertEqual(set(order.line_ids.mapped("package_key")), keys)
        self.assertEqual(len(order.sale_order_ids), 2)

    def test_same_order_twice_on_a_page_is_one_row(self):
        payload = self.add()
        orders = self.store(payload, payload)
        self.assertEqual(len(orders), 1)

    def test_legacy_code_of_a_marketplace_finds_its_channel(self):
        channel = self.get_channel("amazon_fr")
        channel.marketplace_id.legacy_code = "amazon"
        payload = self.add()
        payload["marketplace"] = "amazon"
        order = self.store(payload)
        self.assertEqual((order.channel_id, order.state), (channel, "pending"))
        payload["marketplace"] = "amazon_fr"
        self.assertEqual(self.store(payload), order, "the same order by its new name")

    def test_marketplace_that_is_renamed_keeps_its_channel_and_orders(self):
        channel = self.get_channel("amazon_fr")
        marketplace = channel.marketplace_id
        payload = self.add()
        order = self.import_stored(payload)
        spec = {**marketplace.spec, "name": "Amazon", "legacy_code": "amazon_fr"}
        stored = marketplace._store({"amazon_france": spec})
        self.account._open_channels(stored)
        self.assertEqual(stored, marketplace)
        self.assertEqual(marketplace.name, "Amazon")
        payload["marketplace"] = "amazon_france"
        self.import_stored(payload)
        self.assertEqual(self.find(payload), order, "no second row, no second sale")
        self.assertEqual(order.channel_id, channel)
        self.assertEqual(order.marketplace_code, "amazon_france")

    def test_same_number_on_two_marketplaces_is_two_orders(self):
        first, second = self.add(), self.add()
        second["marketplace_order_id"] = first["marketplace_order_id"]
        second["marketplace"] = "amazon_it"
        self.store(first, second)
        self.assertEqual(len(self.find(first)), 2)

    # What waits, what is left out

    def test_erased_old_and_early_orders_are_left_out_with_the_reason(self):
        now = self.simulator.now()
        self.account.import_from = fields.Date.today() - timedelta(days=10)
        anonymized, early = self.add(), self.add()
        anonymized["anonymized"] = True
        early["marketplace_order_date"] = (now - timedelta(days=11)).isoformat()
        self.import_stored(anonymized, early)
        self.assert_reason(self.find(anonymized), "ignored", "anonymized")
        self.assert_reason(self.find(early), "ignored", "before_cut_off")
        self.account.import_from = False
        old, young = self.add(), self.add()
        old["marketplace_order_date"] = (now - timedelta(days=91)).isoformat()
        young["marketplace_order_date"] = (now - timedelta(days=89)).isoformat()
        self.import_stored(old, young)
        self.assert_reason(self.find(old), "ignored", "too_old")
        self.assertEqual(self.find(young).state, "imported")
        self.assertFalse(self.find(old).sale_order_ids)

    def test_order_that_is_erased_after_its_import_keeps_buyer_and_sale(self):
        payload = self.add()
        order = self.import_stored(payload)
        partner = order.sale_order_ids.partner_id
        kept = partner.name, partner.street, order.sale_order_ids.amount_total
        payload["anonymized"] = True
        for address in (payload["billing_address"], payload["packages"][0]["delivery"]):
            address.update(
                first_name=None, last_name=None, full_name=None, first_line=None
            )
        self.import_stored(payload)
        self.assertEqual(order.state, "imported")
        self.assertEqual(
            (partner.name, partner.street, order.sale_order_ids.amount_total), kept
        )

    def test_line_in_waiting_acceptance_waits_and_imports_when_accepted(self):
        payload = self.add(SHIRT, MUG)
        line = get_lines(payload)[1]
        line["lengow_status"] = "waiting_acceptance"
        order = self.import_stored(payload)
        self.assert_reason(order, "waiting", "not_accepted")
        self.assertFalse(order.sale_order_ids)
        line["lengow_status"] = "waiting_shipment"
        self.import_stored(payload)
        self.assertEqual(order.state, "imported")
        self.assertEqual(
            len(order.sale_order_ids.order_line.filtered("lengow_line_id")), 2
        )

    def test_every_status_has_its_state(self):
        states = {
            "new": ("waiting", "not_accepted"),
            "waiting_acceptance": ("waiting", "not_accepted"),
            "accepted": ("waiting", "not_accepted"),
            "waiting_shipment": ("pending", False),
            "shipped": ("pending", False),
            "closed": ("pending", False),
            "partial_refunded": ("pending", False),
            "refunded": ("ignored", "refunded"),
            "canceled": ("ignored", "cancelled"),
            "refused": ("ignored", "cancelled"),
            "on_hold_customs": ("waiting", "unknown_status"),
        }
        payloads = [self.add(lengow_status=status) for status in states]
        for order, expected in zip(self.store(*payloads), states.values(), strict=True):
            with self.subTest(status=order.lengow_status):
                self.assert_reason(order, *expected)

    def test_future_status_waits_and_imports_once_it_is_a_known_one(self):
        payload = self.add(lengow_status="on_hold_customs")
        order = self.import_stored(payload)
        self.assert_reason(order, "waiting", "unknown_status")
        self.assertIn("new to the connector", order.remedy)
        self.world.change(payload, lengow_status="waiting_shipment")
        self.import_stored(payload)
        self.assertEqual(order.state, "imported")

    def test_imported_order_that_gets_a_future_status_stays_imported(self):
        payload = self.add()
        order = self.import_stored(payload)
        self.world.change(payload, lengow_status="partially_teleported")
        self.import_stored(payload)
        self.assertEqual(order.state, "imported")
        self.assertEqual(order.lengow_status, "partially_teleported")
        self.assertEqual(len(order.sale_order_ids), 1)

    # Whatever is in it

    def test_zero_is_a_number_like_any_other(self):
        zero = self.create_product("0")
        payloads = []
        for _number in range(2):
            payload = self.add(SHIRT, MUG)
            payload["marketplace_customer_id"] = 0
            for number, line in enumerate(get_lines(payload)):
                line["marketplace_order_line_id"] = number
            get_lines(payload)[0]["merchant_product_id"]["id"] = 0
            payloads.append(payload)
        orders = self.import_stored(*payloads)
        self.assertEqual(orders.mapped("state"), ["imported", "imported"])
        for order in orders:
            self.assertEqual(
                order.line_ids.mapped("marketplace_order_line_id"), ["0", "1"]
            )
            self.assertEqual(order.sale_order_ids.lengow_package_key, "0,1")
            self.assertEqual(order.line_ids[0].product_id, zero)
        buyer = orders.sale_order_ids.partner_id.lengow_buyer_ids
        self.assertEqual(buyer.customer_number, "0")

    def test_order_number_zero_is_a_number(self):
        payload = self.add()
        payload["marketplace_order_id"] = 0
        order = self.import_stored(payload)
        self.assertEqual((order.marketplace_order_id, order.state), ("0", "imported"))

    def test_any_key_may_be_null_or_missing(self):
        self.get_channel().auto_confirm = False  # that depends on no key
        payload = self.add()
        variants = {}
        for path in sorted(_iter_paths(payload), key=str):
            for is_missing in (False, True):
                variant = copy.deepcopy(payload)
                variant["marketplace_order_id"] = f"{path}-{is_missing}"
                _blank(variant, path, is_missing)
                variants.setdefault(path, []).append(variant)
        self.store(*(variant for pair in variants.values() for variant in pair))
        orders = {
            path: self.env["lengow.order"].union(*map(self.find, pair))
            for path, pair in variants.items()
        }
        orders["marketplace_order_id",] = self.env["lengow.order"].search(
            [("marketplace_order_id", "like", "missing-%")]
        )
        self.assertGreater(len(orders), 100)
        everything = self.env["lengow.order"].union(*orders.values())
        # Both forms are read alike, so one of the two is enough for the import.
        for path, found in orders.items():
            self.assertEqual(len(found), 2, path)
            for name in ("state", "error_code", "buyer_name", "total_order"):
                self.assertEqual(found[0][name], found[1][name])
            found[1].next_attempt = False
        self.run_cron("import_orders")
        for path, found in orders.items():
            with self.subTest(path=path):
                self.assert_imported_or_told(found[0])
        broken = everything.filtered(lambda order: order.error_code)
        self.assertEqual(
            set(broken.mapped("error_code")),
            {
                "no_address",
                "no_country",
                "no_line",
                "no_order_id",
                "no_package",
                "unknown_marketplace",
                "unknown_product",
                "unknown_status",
            },
        )

    def assert_imported_or_told(self, orders):
        for order in orders:
            if order.state == "imported":
                self.assertTrue(order.sale_order_ids)
                continue
            self.assertIn(order.state, ("error", "waiting"))
            self.assertTrue(order.remedy)
            self.assertFalse(order.sale_order_ids)
            self.assertNotEqual(order.error_code, "unexpected", order.error_message)
            if order.state == "error":
                self.assertTrue(order.error_message)

    def test_any_key_may_be_of_another_type(self):
        payload = self.add(SHIRT, MUG)
        variants = []
        for path in sorted(_iter_paths(payload), key=str):
            for odd in ("odd", [None], {"odd": 1}, 7, True):
                variant = copy.deepcopy(payload)
                _blank(variant, path, odd=odd)
                if path != ("marketplace_order_id",):
                    variant["marketplace_order_id"] = f"T{len(variants)}"
                variants.append(variant)
        before = self.env["lengow.order"].search_count([])
        self.store(*variants)
        stored = self.env["lengow.order"].search_count([]) - before
        numbers = {str(variant["marketplace_order_id"])[:9] for variant in variants}
        self.assertGreaterEqual(stored, len(numbers) - 4)
        unexpected = self.env["lengow.order"].search(
            [("error_code", "=", "unexpected")]
        )
        self.assertFalse(unexpected.mapped("error_message"))

    def test_number_that_is_too_large_for_anything_is_an_error_of_its_order(self):
        good, bad = self.add(), self.add()
        get_lines(bad)[0]["original_amount"] = 1e300
        with mute_logger("odoo.addons.sale_lengow.models.lengow_order_store"):
            self.import_stored(good, bad)
        self.assertEqual(self.find(good).state, "imported")
        self.assert_reason(self.find(bad), "error", "unexpected")
        self.assertIn(bad["marketplace_order_id"], self.find(bad).error_message)
        self.assertTrue(self.find(bad).payload["packages"])
        get_lines(bad)[0]["original_amount"] = get_lines(bad)[0]["amount"]
        self.import_stored(bad)
        self.assertEqual(self.find(bad).state, "imported")

    def test_package_of_a_hundred_lines_is_imported(self):
        payload = self.add()
        (line,) = get_lines(payload)
        payload["packages"][0]["cart"] = [
            {**line, "marketplace_order_line_id": str(uuid.UUID(int=number * 3**70))}
            for number in range(1, 91)
        ]
        total = sum(float(line["amount"]) for line in get_lines(payload))
        total += payload["shipping"]
        payload.update(total_order=total, original_total_order=total)
        order = self.import_stored(payload)
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertEqual(order.sale_order_ids.state, "sale")

    def test_what_the_database_cannot_hold_is_stored_without_it(self):
        payload = self.add()
        payload["billing_address"]["first_name"] = "Zo\x00é"
        payload["comments"] = "half an emoji \ud83d here"
        payload["commission"] = float("nan")
        payload["total_tax"] = float("inf")
        get_lines(payload)[0]["title"] = "T-shirt\x00 \udc00"
        order = self.import_stored(payload)
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertEqual(order.payload["billing_address"]["first_name"], "Zoé")
        self.assertEqual(order.payload["comments"], "half an emoji  here")
        self.assertIsNone(order.payload["commission"])
        self.assertIn("Zoé", order.sale_order_ids.partner_id.name)

    def test_order_without_a_number_is_still_a_row(self):
        first, second = self.add(), self.add(MUG)
        first["marketplace_order_id"] = None
        second.pop("marketplace_order_id")
        self.store(first, second)
        orders = self.env["lengow.order"].search([])
        self.assertEqual(len(orders), 2)
        self.run_cron("import_orders")
        for order in orders:
            self.assert_reason(order, "error", "no_order_id")
            self.assertTrue(order.payload["packages"])
        self.store(first, second)
        self.assertEqual(self.env["lengow.order"].search([]), orders)


def _iter_paths(payload, path=()):
    """Yield the path of every key of a payload, lists by their first entry."""
    entries = payload.items() if isinstance(payload, dict) else enumerate(payload[:1])
    for key, value in entries:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from _iter_paths(value, (*path, key))


def _blank(payload, path, is_missing=False, odd=None):
    """Take a value out of a payload, or put an odd one in its place."""
    for key in path[:-1]:
        payload = payload[key]
    if is_missing:
        del payload[path[-1]]
    else:
        payload[path[-1]] = odd
