"""A channel's fallback product stands for those that are unknown."""

from odoo.tests import tagged

from ..simulator.money import get_lines
from .common_products import SHIRT, FindProductsCommon


@tagged("post_install", "-at_install", "lengow")
class TestProductFallback(FindProductsCommon):
    def set_fallback(self):
        fallback = self.create_product("ANY", name="Any article")
        self.get_channel().fallback_product_id = fallback
        return fallback

    def test_fallback_product_keeps_title_and_number(self):
        fallback = self.set_fallback()
        order = self.import_stored(self.add("GONE-1", SHIRT, quantity=2))
        self.assertEqual((order.state, order.error_code), ("imported", False))
        sale = order.sale_order_ids
        line, known = sale.order_line
        self.assertEqual((line.product_id, known.product_id), (fallback, self.shirt))
        self.assertEqual(line.name, f"[GONE-1] {order.line_ids[0].title}")
        self.assertNotIn("GONE-1", known.name)
        self.assertEqual((sale.state, sale.amount_total), ("sale", order.total_order))
        self.assertEqual((line.product_uom_qty, line.price_total), (2, 39.8))
        sale._create_invoices()
        self.assertIn("GONE-1", sale.invoice_ids.invoice_line_ids[0].name)

    def test_fallback_product_is_the_channels(self):
        self.set_fallback()
        order = self.import_stored(self.add("GONE-1", marketplace="decathlon_fr"))
        self.assertEqual(order.error_code, "unknown_product")

    def test_fallback_product_takes_lines_without_number_or_title(self):
        fallback = self.set_fallback()
        payload = self.add("GONE-1", "GONE-2", "GONE-3")
        first, second, third = get_lines(payload)
        first["merchant_product_id"] = None
        second["title"] = None
        third.update(title=None, merchant_product_id=None)
        order = self.import_stored(payload)
        lines = order.sale_order_ids.order_line
        self.assertEqual(lines.product_id, fallback)
        self.assertEqual(
            lines.mapped("name"),
            [first["title"], "[GONE-2]", "[ANY] Any article"],
        )

    def test_fallback_product_does_not_decide_between_several(self):
        self.set_fallback()
        self.create_product(SHIRT, name="Second")
        self.assert_problem("ambiguous_product", SHIRT, "Second")
