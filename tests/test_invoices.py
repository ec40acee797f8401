"""Invoices and payments, where the channel has them made; exact in parts, too."""

import random
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..models.lengow_order_invoice import LengowOrder
from .common_money import MODES, LengowMoneyCommon


class LengowInvoiceCommon(LengowMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_service("IN", cls.get_tax(20, "tax_included"))
        cls.create_service("EX", cls.get_tax(20, "tax_excluded"))
        # Whatever a product's own policy says: the channel's counts.
        cls.box = cls.create_product(
            "BOX", cls.get_tax(20, "tax_excluded"), invoice_policy="delivery"
        )
        cls.sales_journal = cls.env["account.journal"].create(
            {"name": "Marketplaces", "code": "MKT", "type": "sale"}
        )
        cls.bank = cls.env["account.journal"].create(
            {"name": "Payouts", "code": "PAY", "type": "bank"}
        )
        cls.channel.write(
            {
                "invoice_policy": "import",
                "invoice_journal_id": cls.sales_journal.id,
                "payment_journal_id": cls.bank.id,
            }
        )

    def import_order(self, *carts, **amounts):
        """:return: an imported order for three boxes, or for what is given."""
        carts = carts or ([("BOX", 3, 1000)],)
        return self.import_payloads(self.make_payload(*carts, **amounts))

    def invoice(self, orders):
        """Run the cron that invoices.

        :return: the invoices.
        """
        self.run_cron("invoice_orders")
        return orders.sale_order_ids.invoice_ids

    def get_payments(self, invoices):
        """:return: the payments of invoices."""
        return invoices.matched_payment_ids

    def deliver(self, sale, quantity):
        """Deliver so many pieces of the first line, the rest later."""
        picking = sale.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        picking.move_ids[0].write({"quantity": quantity, "picked": True})
        action = picking.button_validate()
        if isinstance(action, dict):
            wizard = self.env[action["res_model"]].with_context(**action["context"])
            wizard.create({}).process()


@tagged("post_install", "-at_install", "lengow")
class TestInvoices(LengowInvoiceCommon):
    # At the import

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

    # At the delivery

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

    # By hand, where the channel leaves it to people

    def import_delivered_by_marketplace(self, **amounts):
        """:return: the sale order of three boxes that the marketplace delivers."""
        self.channel.write(
            {"invoice_policy": "manual", "fulfilled_by_marketplace": "no_delivery"}
        )
        payload = self.make_payload([("BOX", 3, 1000)], **amounts)
        payload["order_types"] = [{"type": "is_delivered_by_marketplace"}]
        order = self.import_payloads(payload)
        self.assertEqual(self.box.invoice_policy, "delivery")
        self.assertFalse(order.sale_order_ids.picking_ids)
        return order.sale_order_ids

    def test_goods_that_the_marketplace_delivers_are_invoiced_by_hand(self):
        sale = self.import_delivered_by_marketplace(shipping=499)
        self.assertEqual(sale.invoice_status, "to invoice")
        invoice = sale._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 14.99)
        self.assertEqual(sale.invoice_status, "invoiced")
        self.assertFalse(any(sale.order_line.mapped("qty_to_invoice")))

    def test_goods_that_we_deliver_wait_for_it_where_their_product_says_so(self):
        self.channel.invoice_policy = "manual"
        sale = self.import_order().sale_order_ids
        self.assertEqual(sale.invoice_status, "no")
        self.deliver(sale, 3)
        self.assertEqual(sale._create_invoices().amount_total, 10.0)

    def test_charges_are_not_offered_for_an_invoice_before_the_goods(self):
        self.channel.invoice_policy = "manual"
        for amounts in (
            {"shipping": 499},
            {"processing_fee": 250},
            {"shipping": 499, "processing_fee": 250, "discount": 100},
            {"total_order": 1003},  # an adjustment, which the channel tolerates
        ):
            with self.subTest(**amounts):
                order = self.import_order(**amounts)
                sale = order.sale_order_ids
                charges = sale.order_line.filtered(
                    lambda line: line.lengow_kind != "product"
                )
                self.assertIn("to invoice", charges.mapped("invoice_status"))
                self.assertEqual(sale.invoice_status, "no")
                self.deliver(sale, 3)
                self.assertEqual(sale.invoice_status, "to invoice")
                self.assert_same(order, sale._create_invoices().amount_total)

    # Once, whatever happens

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

    # Once, whatever happens

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

    # Problems

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

    # Exact by hand, too

    def test_one_invoice_for_several_orders_of_a_buyer_is_exact(self):
        self.channel.invoice_policy = "manual"
        payloads = [
            {
                **self.make_payload([("EX", 3, 1000), ("IN", 7, 999)], shipping=333),
                "marketplace_customer_id": "C-1",
            }
            for _order in range(3)
        ]
        street = payloads[0]["billing_address"]
        for payload in payloads:
            payload["billing_address"] = payload["packages"][0]["delivery"] = street
        orders = self.import_payloads(*payloads)
        invoice = orders.sale_order_ids._create_invoices()
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.amount_total, 69.96)

    def test_random_parts_of_random_lines_add_up(self):
        self.channel.invoice_policy = "manual"
        rng = random.Random(7)
        skus = ["untaxed"]
        self.create_service("untaxed", self.env["account.tax"])
        for mode in MODES:
            for rate in (5.5, 20):
                skus.append(f"{rate} {mode}")
                self.create_service(skus[-1], self.get_tax(rate, mode))
        both = self.get_tax(20, MODES[0]) + self.get_tax(5.5, MODES[1])
        skus.append("both")
        self.create_service("both", both)
        self.env["product.product"].search(
            [("default_code", "in", skus)]
        ).invoice_policy = "delivery"
        orders = self.import_payloads(
            *(
                self.make_payload(
                    [
                        (rng.choice(skus), rng.randint(2, 9), rng.randint(1, 9999))
                        for _line in range(rng.randint(1, 3))
                    ],
                    currency=rng.choice(("EUR", "PLN")),
                    shipping=rng.choice((0, 333)),
                )
                for _order in range(20)
            )
        )
        sales = orders.sale_order_ids
        goods = sales.order_line.filtered(lambda line: line.lengow_kind == "product")
        for share in (0.3, 0.7, 1):
            for line in goods:
                line.qty_delivered = max(1, round(line.product_uom_qty * share))
            sales.with_context(raise_if_nothing_to_invoice=False)._create_invoices(
                grouped=True
            )
        for order in orders:
            invoices = order.sale_order_ids.invoice_ids
            self.assert_same(order, sum(invoices.mapped("amount_total")))
        for line in goods:
            parts = line.invoice_lines.mapped("price_total")
            self.assertAlmostEqual(sum(parts), line.price_total)
