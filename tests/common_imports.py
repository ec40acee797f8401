"""Orders of one piece of each product, and what became of their import."""

from datetime import timedelta

from odoo import fields

from .common import LengowCommon

SHIRT, MUG, NOVEL = "TS-WHT-S", "MG-SPK", "BO-NVL"


class ImportOrdersCommon(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.shirt = cls.create_product(SHIRT)
        cls.mug = cls.create_product(MUG)

    def add(self, *skus, **overrides):
        """Add an order of one piece of each product, without charges, to the world."""
        overrides.setdefault("shipping", 0)
        skus = skus or (SHIRT,)
        return self.world.add_order(lines=[(sku, 1) for sku in skus], **overrides)

    def import_one(self, *skus, **overrides):
        """:return: the order of a new payload, and its sale order."""
        order = self.import_stored(self.add(*skus, **overrides))
        self.assertEqual(order.state, "imported", order.error_message)
        return order, order.sale_order_ids

    def assert_problem(self, order, code, *words):
        self.assertEqual((order.state, order.error_code), ("error", code))
        for word in (order.marketplace_order_id, *words):
            self.assertIn(word, order.error_message)
        self.assertTrue(order.remedy)
        self.assertFalse(order.sale_order_ids)

    def let_pause_pass(self, orders):
        orders.next_attempt = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron("import_orders")
