"""An invoice or payment that fails says so, and is tried again."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_invoices import LengowInvoiceCommon


@tagged("post_install", "-at_install", "lengow")
class TestInvoiceProblems(LengowInvoiceCommon):
    def fail_for(self, order):
        """Let posting fail for an order, as a check of another module does."""
        number = order.marketplace_order_id
        post = type(self.env["account.move"])._post

        def fail(moves, soft=True):
            if number in moves.mapped("ref"):
                raise UserError(self.env._("No posting of %s.", number))
            return post(moves, soft)

        return patch.object(type(self.env["account.move"]), "_post", fail)

    def test_one_that_fails_says_so_and_harms_no_other(self):
        orders = self.import_payloads(
            *(self.make_payload([("IN", 1, 1000)]) for _order in range(3))
        )
        bad = orders[1]
        with self.fail_for(bad):
            self.invoice(orders)
        self.assertEqual(orders.mapped("invoice_state"), ["done", "error", "done"])
        self.assertEqual(orders.mapped("state"), ["imported"] * 3)
        self.assertEqual(bad.error_code, "invoice_failed")
        self.assertIn(f"No posting of {bad.marketplace_order_id}.", bad.error_message)
        self.assertTrue(bad.remedy)
        self.assertFalse(bad.sale_order_ids.invoice_ids)
        to_fix = self.env["lengow.order"].search(
            self.env["lengow.order"]._get_to_fix_domain()
        )
        self.assertIn(bad, to_fix)
        self.assertNotIn(orders[0], to_fix)

    def test_it_is_tried_again_after_pauses_that_grow_and_by_a_person(self):
        order = self.import_order([("IN", 1, 1000)])
        with self.fail_for(order):
            self.invoice(order)
            first = order.invoice_next_attempt
            self.assertGreater(first, fields.Datetime.now())
            order.invoice_next_attempt = fields.Datetime.now()
            self.invoice(order)
        self.assertGreater(order.invoice_next_attempt, first)
        self.assertFalse(self.invoice(order), "it is not due yet")
        action = order.action_retry()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(order.invoice_state, "done")
        self.assertFalse(order.error_code or order.error_message or order.invoice_error)
        self.assertEqual(order.sale_order_ids.invoice_ids.state, "posted")

    def test_after_the_last_pause_a_person_must(self):
        order = self.import_order([("IN", 1, 1000)])
        with self.fail_for(order):
            for _attempt in range(6):
                order.invoice_next_attempt = fields.Datetime.now()
                self.invoice(order)
        self.assertFalse(order.invoice_next_attempt)
        self.assertEqual(order.invoice_state, "error")

    def test_a_payment_that_fails_keeps_the_invoice(self):
        self.bank.inbound_payment_method_line_ids.unlink()
        order = self.import_order([("IN", 1, 1000)])
        invoice = self.invoice(order)
        self.assertEqual((invoice.state, invoice.payment_state), ("posted", "not_paid"))
        self.assertEqual(order.error_code, "invoice_failed")
        self.assertIn("payment", order.error_message)
        self.channel.payment_journal_id = self.env["account.journal"].create(
            {"name": "Others", "code": "OTH", "type": "bank"}
        )
        order.action_retry()
        self.assertEqual(order.invoice_state, "done", order.invoice_error)
        self.assertEqual(len(order.sale_order_ids.invoice_ids), 1)
        self.assertEqual(invoice.amount_residual, 0)

    def test_a_total_below_zero_is_told(self):
        order = self.import_order([("IN", 1, 100)], discount=300)
        self.assertEqual(order.total_order, -2.0)
        self.invoice(order)
        self.assertEqual(order.error_code, "invoice_failed")
        self.assertIn(order.marketplace_order_id, order.error_message)
