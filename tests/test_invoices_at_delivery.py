"""Invoices of what was delivered, where the channel waits for it."""

from odoo.tests import new_test_user, tagged

from .common_invoices import LengowInvoiceCommon


@tagged("post_install", "-at_install", "lengow")
class TestInvoicesAtDelivery(LengowInvoiceCommon):
    def test_what_was_delivered_is_invoiced(self):
        self.channel.invoice_policy = "delivery"
        order = self.import_order([("BOX", 3, 1000)], shipping=499)
        self.assertEqual(order.invoice_state, "none")
        self.assertFalse(self.invoice(order))
        self.deliver(order.sale_order_ids, 3)
        self.assertEqual(order.invoice_state, "pending")
        self.assertFalse(order.sale_order_ids.invoice_ids, "not by the warehouse")
        invoice = self.invoice(order)
        self.assert_same(order, invoice.amount_total)
        self.assertEqual(invoice.amount_residual, 0)

    def test_invoices_of_parts_add_up(self):
        self.channel.invoice_policy = "delivery"
        order = self.import_order([("BOX", 3, 1000)], shipping=499, discount=100)
        sale = order.sale_order_ids
        for delivered in (1, 2, 3):
            self.deliver(sale, 1)
            invoices = self.invoice(order)
            self.assertEqual(len(invoices), delivered)
        self.assert_same(order, sum(invoices.mapped("amount_total")))
        payments = self.get_payments(invoices)
        self.assert_same(order, sum(payments.mapped("amount")))
        self.assertEqual(sale.invoice_status, "invoiced")

    def test_a_product_invoiced_as_ordered_waits_for_its_delivery_too(self):
        self.channel.invoice_policy = "delivery"
        self.box.invoice_policy = "order"
        order = self.import_order()
        self.assertFalse(self.invoice(order))
        self.deliver(order.sale_order_ids, 3)
        self.assertTrue(self.invoice(order))

    def test_no_more_is_invoiced_than_was_sold(self):
        self.channel.invoice_policy = "delivery"
        order = self.import_order()
        self.deliver(order.sale_order_ids, 5)
        self.assert_same(order, self.invoice(order).amount_total)

    def test_services_need_no_delivery(self):
        self.channel.invoice_policy = "delivery"
        order = self.import_order([("IN", 1, 1000)], shipping=499)
        self.assert_same(order, self.invoice(order).amount_total)

    def test_what_the_marketplace_delivers_counts_as_delivered(self):
        self.channel.write(
            {"invoice_policy": "delivery", "fulfilled_by_marketplace": "no_delivery"}
        )
        payload = self.make_payload([("BOX", 3, 1000)], shipping=499)
        payload["order_types"] = [{"type": "is_delivered_by_marketplace"}]
        order = self.import_payloads(payload)
        self.assertFalse(order.sale_order_ids.picking_ids)
        self.assert_same(order, self.invoice(order).amount_total)

    def test_the_warehouse_may_validate_without_rights_on_invoices(self):
        self.channel.invoice_policy = "delivery"
        order = self.import_order()
        picking = order.sale_order_ids.picking_ids
        picking.move_ids.write({"quantity": 3, "picked": True})
        worker = new_test_user(self.env, "worker", "stock.group_stock_user")
        picking.with_user(worker).button_validate()
        self.assertEqual(picking.state, "done")
        self.assert_same(order, self.invoice(order).amount_total)
