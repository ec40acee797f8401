"""Invoices and payments, where the channel has them made at the import."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .common_invoices import LengowInvoiceCommon


@tagged("post_install", "-at_install", "lengow")
class TestInvoices(LengowInvoiceCommon):
    def test_an_imported_order_is_invoiced_and_paid(self):
        order = self.import_order(shipping=499, discount=100)
        self.assertEqual(order.invoice_state, "pending")
        invoice = self.invoice(order)
        self.assertEqual(order.invoice_state, "done")
        self.assertEqual((len(invoice), invoice.state), (1, "posted"))
        self.assertEqual(invoice.journal_id, self.sales_journal)
        self.assert_same(order, invoice.amount_total)
        self.assertEqual(order.sale_order_ids.invoice_status, "invoiced")
        payment = self.get_payments(invoice)
        self.assertEqual(payment.journal_id, self.bank)
        self.assertEqual(payment.amount, invoice.amount_total)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertIn(order.marketplace_order_id, payment.memo)

    def test_the_import_itself_makes_no_invoice(self):
        order = self.import_order()
        self.assertFalse(order.sale_order_ids.invoice_ids)

    def test_a_delivery_afterwards_asks_for_no_further_invoice(self):
        order = self.import_order()
        self.invoice(order)
        sale = order.sale_order_ids
        self.deliver(sale, 3)
        self.assertEqual(sale.invoice_status, "invoiced")
        self.assertEqual(len(self.invoice(order)), 1)

    def test_the_payment_has_the_day_of_the_order(self):
        payload = self.make_payload([("IN", 1, 1000)])
        ordered = fields.Datetime.now() - timedelta(days=5)
        payload["marketplace_order_date"] = ordered.isoformat()
        invoice = self.invoice(self.import_payloads(payload))
        payment = self.get_payments(invoice)
        self.assertEqual(payment.date, ordered.date())
        self.assertEqual(invoice.invoice_date, fields.Date.today())

    def test_the_day_of_the_order_is_that_of_the_responsible_user(self):
        self.account.user_id = new_test_user(self.env, "boss", tz="Pacific/Auckland")
        payload = self.make_payload([("IN", 1, 1000)])
        ordered = fields.Datetime.now() - timedelta(days=3)
        ordered = ordered.replace(hour=22, minute=30)
        payload["marketplace_order_date"] = ordered.isoformat()
        invoice = self.invoice(self.import_payloads(payload))
        payment = self.get_payments(invoice)
        self.assertEqual(payment.date, ordered.date() + timedelta(days=1))

    def test_a_locked_day_gives_way_to_the_next_open_one(self):
        locked = fields.Date.today() - timedelta(days=2)
        payload = self.make_payload([("IN", 1, 1000)])
        ordered = fields.Datetime.now() - timedelta(days=5)
        payload["marketplace_order_date"] = ordered.isoformat()
        order = self.import_payloads(payload)
        self.company.fiscalyear_lock_date = locked
        invoice = self.invoice(order)
        self.assertEqual(order.invoice_state, "done", order.invoice_error)
        payment = self.get_payments(invoice)
        self.assertEqual(payment.date, locked + timedelta(days=1))

    def test_without_a_journal_for_payments_none_is_registered(self):
        self.channel.payment_journal_id = False
        invoice = self.invoice(self.import_order())
        self.assertEqual((invoice.state, invoice.payment_state), ("posted", "not_paid"))

    def test_payment_terms_do_not_keep_the_buyer_from_having_paid(self):
        self.channel.payment_term_id = self.env["account.payment.term"].create(
            {
                "name": "Half now, half later, less for haste",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )
        invoice = self.invoice(self.import_order())
        self.assertEqual(self.get_payments(invoice).amount, 10.0)
        self.assertEqual(invoice.amount_residual, 0)

    def test_a_foreign_currency_is_paid_in_it(self):
        order = self.import_order([("EX", 3, 1000), ("IN", 1, 333)], currency="GBP")
        invoice = self.invoice(order)
        self.assert_same(order, invoice.amount_total)
        payment = self.get_payments(invoice)
        self.assertEqual(payment.currency_id.name, "GBP")
        self.assertEqual(payment.amount, 13.33)
        self.assertEqual(invoice.amount_residual, 0)

    def test_each_package_has_its_invoice_and_payment(self):
        order = self.import_order([("IN", 1, 1000)], [("EX", 3, 2000)])
        invoices = self.invoice(order)
        self.assertEqual(sorted(invoices.mapped("amount_total")), [10.0, 20.0])
        self.assertEqual(len(self.get_payments(invoices)), 2)

    def test_a_gift_alone_is_invoiced_and_needs_no_payment(self):
        order = self.import_order([("IN", 1, 0)])
        invoice = self.invoice(order)
        self.assertEqual((order.invoice_state, invoice.state), ("done", "posted"))
        self.assertFalse(self.get_payments(invoice))

    def test_the_buyer_gets_no_mail(self):
        """Pitfall 30."""
        payload = self.make_payload([("IN", 1, 1000)])
        payload["billing_address"]["email"] = "buyer@example.com"
        order = self.import_payloads(payload)
        mails = self.env["mail.mail"].search_count([])
        invoice = self.invoice(order)
        self.assertEqual(
            invoice.partner_id.commercial_partner_id.email, "buyer@example.com"
        )
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        buyer = (
            order.sale_order_ids.partner_id | order.sale_order_ids.partner_invoice_id
        )
        messages = invoice.message_ids | order.sale_order_ids.message_ids
        self.assertFalse(messages.notified_partner_ids & buyer)
        self.assertFalse(invoice.message_partner_ids & buyer)

    def test_by_hand_means_that_nothing_is_invoiced(self):
        self.channel.invoice_policy = "manual"
        order = self.import_order([("IN", 1, 1000)])
        self.assertEqual(order.invoice_state, "none")
        self.assertFalse(self.invoice(order))

    def test_what_was_sold_before_the_channel_invoiced_is_left_alone(self):
        self.channel.invoice_policy = "manual"
        order = self.import_order([("IN", 1, 1000)])
        self.channel.invoice_policy = "import"
        self.assertFalse(self.invoice(order))

    # Only what is confirmed

    def test_a_held_order_is_not_invoiced_before_a_person_confirms_it(self):
        order = self.import_order([("IN", 1, 1000)], total_order=1500)
        self.assertEqual(order.error_code, "total_mismatch")
        self.assertFalse(self.invoice(order))
        self.assertEqual(order.invoice_state, "none")
        order.sale_order_ids.action_confirm()
        self.assertEqual(order.invoice_state, "pending")
        self.assertEqual(self.invoice(order).amount_total, 10.0)

    def test_a_quotation_is_invoiced_once_it_is_confirmed(self):
        self.channel.auto_confirm = False
        order = self.import_order([("IN", 1, 1000)])
        self.assertFalse(self.invoice(order))
        salesman = new_test_user(
            self.env, "salesman", "sales_team.group_sale_salesman_all_leads"
        )
        order.sale_order_ids.with_user(salesman).action_confirm()
        self.assertEqual(self.invoice(order).state, "posted")

    def test_an_order_that_was_cancelled_meanwhile_is_not_invoiced(self):
        order = self.import_order()
        order.sale_order_ids._action_cancel()
        self.assertFalse(self.invoice(order))
        self.assertEqual(order.invoice_state, "done")
