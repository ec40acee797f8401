"""Packagings are sold, delivered and invoiced as such."""

from odoo.tests import tagged

from ..simulator.money import get_lines
from .common_products import SHIRT, FindProductsCommon


@tagged("post_install", "-at_install", "lengow")
class TestProductPackagings(FindProductsCommon):
    def test_packaging_is_sold_and_delivered_as_such(self):
        self.create_packaging("3760012349999", self.shirt)
        payload = self.add("3760012349999", quantity=2)
        order = self.import_stored(payload)
        sale = order.sale_order_ids
        line = sale.order_line
        self.assertEqual(line.product_uom_id, self.env.ref("uom.product_uom_pack_6"))
        self.assertEqual((line.product_uom_qty, line.price_total), (2, 39.8))
        self.assertAlmostEqual(line.price_unit, 19.9)
        self.assertEqual((sale.state, sale.amount_total), ("sale", order.total_order))
        self.assertEqual(sale.picking_ids.move_ids.product_qty, 12)

    def test_packaging_is_invoiced_to_the_cent(self):
        tax = self.create_tax(20, "tax_excluded")
        product = self.create_product("x", taxes=tax, invoice_policy="order")
        self.create_packaging("3760012349999", product)
        payload = self.add("3760012349999", quantity=3)
        get_lines(payload)[0].update(amount="10.00", original_amount="10.00")
        payload.update(total_order=10, original_total_order=10)
        sale = self.import_stored(payload).sale_order_ids
        self.assertEqual((sale.state, sale.amount_total), ("sale", 10))
        invoice = sale._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 10)
        line = invoice.invoice_line_ids
        self.assertEqual(line.product_uom_id, self.env.ref("uom.product_uom_pack_6"))
        self.assertEqual(line.quantity, 3)

    def test_line_beside_a_packaging_counts_units(self):
        self.create_packaging("3760012349999", self.shirt)
        order = self.import_stored(self.add("3760012349999", SHIRT))
        self.assertEqual(
            order.sale_order_ids.order_line.product_uom_id.ids,
            [self.env.ref(f"uom.product_uom_{name}").id for name in ("pack_6", "unit")],
        )
