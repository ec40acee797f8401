"""Whatever happens, an order is invoiced and paid once."""

from unittest.mock import patch

from odoo.tests import tagged

from ..models.lengow_order_invoice import LengowOrder
from .common_invoices import LengowInvoiceCommon


@tagged("post_install", "-at_install", "lengow")
class TestInvoiceOnce(LengowInvoiceCommon):
    def test_one_invoice_of_several_orders_is_paid_once(self):
        payloads = [
            {**self.make_payload([("IN", 1, 1000)]), "marketplace_customer_id": "C-1"}
            for _order in range(3)
        ]
        street = payloads[0]["billing_address"]
        for payload in payloads:
            payload["billing_address"] = payload["packages"][0]["delivery"] = street
        orders = self.import_payloads(*payloads)
        by_hand = orders.sale_order_ids._create_invoices()
        by_hand.action_post()
        self.assertEqual((len(by_hand), by_hand.amount_total), (1, 30.0))
        self.assertEqual(self.invoice(orders), by_hand)
        payment = self.get_payments(by_hand)
        self.assertEqual((len(payment), payment.amount), (1, 30.0))
        self.assertEqual(by_hand.amount_residual, 0)
        self.assertEqual(
            self.env["account.payment"].search_count(
                [("journal_id", "=", self.bank.id)]
            ),
            1,
        )
        self.assertEqual(set(orders.mapped("invoice_state")), {"done"})

    def test_running_again_invoices_nothing_twice(self):
        order = self.import_order()
        self.invoice(order)
        order._request_invoices()
        invoice = self.invoice(order)
        self.assertEqual((len(invoice), len(self.get_payments(invoice))), (1, 1))

    def test_an_invoice_by_hand_is_not_made_again_but_its_payment_is_registered(self):
        order = self.import_order()
        by_hand = order.sale_order_ids._create_invoices()
        by_hand.action_post()
        self.assertEqual(self.invoice(order), by_hand)
        self.assertEqual(by_hand.amount_residual, 0)

    def test_a_draft_of_a_person_is_left_alone(self):
        order = self.import_order()
        draft = order.sale_order_ids._create_invoices()
        self.assertEqual(self.invoice(order), draft)
        self.assertEqual(draft.state, "draft")

    def test_a_worker_that_is_killed_in_between_leaves_nothing_behind(self):
        order = self.import_order()

        def die(_orders):
            raise KeyboardInterrupt

        with (
            patch.object(LengowOrder, "_register_payments", die),
            self.assertRaises(KeyboardInterrupt),
            self.env.cr.savepoint(),
        ):
            order._invoice_guarded()
        self.assertFalse(order.sale_order_ids.invoice_ids)
        invoice = self.invoice(order)
        self.assertEqual((len(invoice), len(self.get_payments(invoice))), (1, 1))
