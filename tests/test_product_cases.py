"""Every way of naming products in the simulated world is understood."""

from odoo.tests import tagged

from ..simulator.oddities_products import PRODUCT_CASES
from .common import LengowCommon


@tagged("post_install", "-at_install", "lengow")
class TestProductCases(LengowCommon):
    world_options = {"orders": 200}

    def test_every_way_of_naming_products_in_the_world_is_understood(self):
        self.open_channels()
        products = {
            product.default_code: product for product in self.create_catalogue()
        }
        tags = {case.tag for case in PRODUCT_CASES}
        payloads = [
            order
            for order in self.world.orders
            if self.world.cases[order["marketplace_order_id"]] & tags
        ]
        self.assertGreaterEqual(len(payloads), len(tags))
        orders = self.import_stored(*payloads)
        self.assertEqual(
            set(orders.mapped("state")), {"imported"}, orders.mapped("error_message")
        )
        by_title = {
            product["name"]: products[product["sku"]] for product in self.world.products
        }
        for line in orders.line_ids:
            title, _comma, pack = line.title.partition(", pack of ")
            with self.subTest(external_id=line.external_id):
                self.assertEqual(line.product_id, by_title[title])
                unit = f"uom.product_uom_{'pack_6' if pack else 'unit'}"
                self.assertEqual(line.sale_line_id.product_uom_id, self.env.ref(unit))
        for order in orders:
            total = sum(order.sale_order_ids.mapped("amount_total"))
            self.assertEqual(
                order.currency_id.compare_amounts(total, order.total_order), 0
            )
