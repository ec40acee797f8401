"""What the marketplace refunds is offered as a draft credit note, to the cent."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..simulator import changes
from .common_changes import MUG, NOVEL, SHIRT, ChangesCommon


@tagged("post_install", "-at_install", "lengow")
class TestCreditNotes(ChangesCommon):
    def credit(self, order):
        """:return: the draft credit note that the button makes."""
        before = order._get_credit_notes()
        order.action_create_credit_note()
        note = order._get_credit_notes() - before
        self.assertEqual(set(note.mapped("state")), {"draft"})
        self.assertEqual(set(note.mapped("move_type")), {"out_refund"})
        return note

    def test_refund_is_shown_and_credited_exactly(self):
        payload, order = self.import_one((MUG, 3), (NOVEL, 2))
        invoice = self.invoice(order.sale_order_ids)
        self.change(payload, "refund", 1007)
        self.assertEqual(
            (order.refunded_amount, order.refund_to_credit), (10.07, 10.07)
        )
        self.assertIn("10.07", order.alert)
        self.assertEqual(order.sale_order_ids.lengow_alert, order.alert)
        self.assert_told(order, "Partially Refunded", "10.07")
        note = self.credit(order)
        self.assertEqual(note.amount_total, 10.07)
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertEqual(note.partner_id, invoice.partner_id)
        (line,) = note.invoice_line_ids
        self.assertEqual(line.product_id, self.mug)
        self.assertEqual(line.tax_ids, invoice.invoice_line_ids[0].tax_ids)
        self.assertFalse(order.refund_to_credit)
        self.assertFalse(order.alert)
        note.action_post()
        self.assertEqual(note.amount_total, 10.07)
        self.assertEqual(order.sale_order_ids.invoice_status, "invoiced")

    def test_every_amount_is_exact_whatever_the_tax_and_currency(self):
        for marketplace in ("amazon_fr", "amazon_uk"):
            payload, order = self.import_one(
                (MUG, 3), (NOVEL, 2), (SHIRT, 1), marketplace=marketplace
            )
            self.invoice(order.sale_order_ids)
            expected = 0
            for line, cents in ((0, 1), (1, 333), (2, 777), (0, 1999), (1, 1001)):
                changes.refund(self.world, payload, cents, line)
            self.follow(payload)
            expected = round(7.77 + 19.99 + 10.01, 2)
            note = self.credit(order)
            self.assertEqual(note.amount_total, expected)
            self.assertEqual(note.currency_id, order.currency_id)
            note.action_post()
            self.assertEqual(note.amount_total, expected)

    def test_whole_refund_is_the_invoice_reversed(self):
        payload, order = self.import_one((MUG, 3), (NOVEL, 7))
        invoice = self.invoice(order.sale_order_ids)
        changes.refund(self.world, payload, line=0)
        self.change(payload, "refund", line=1)
        self.assertEqual(order.lengow_status, "refunded")
        note = self.credit(order)
        self.assertEqual(
            (note.amount_total, note.amount_tax, note.amount_untaxed),
            (invoice.amount_total, invoice.amount_tax, invoice.amount_untaxed),
        )

    def test_second_refund_credits_only_what_is_new(self):
        payload, order = self.import_one((MUG, 3))
        self.invoice(order.sale_order_ids)
        self.change(payload, "refund", 500)
        self.credit(order)
        with self.assertRaisesRegex(UserError, "nothing is left"):
            order.action_create_credit_note()
        self.change(payload, "refund", 700)
        self.assertEqual(order.refund_to_credit, 2)
        self.assertEqual(self.credit(order).amount_total, 2)

    def test_credit_note_that_is_cancelled_or_deleted_is_offered_again(self):
        payload, order = self.import_one((MUG, 3))
        self.invoice(order.sale_order_ids)
        self.change(payload, "refund", 500)
        note = self.credit(order)
        note.button_cancel()
        self.assertEqual(order.refund_to_credit, 5)
        second = self.credit(order)
        second.unlink()
        self.assertEqual(order.refund_to_credit, 5)

    def test_credit_note_made_by_hand_counts(self):
        payload, order = self.import_one((MUG, 3))
        invoice = self.invoice(order.sale_order_ids)
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": invoice.ids, "journal_id": invoice.journal_id.id}
        )
        wizard.refund_moves()
        self.change(payload, "refund")
        self.assertFalse(order.refund_to_credit)
        self.assertFalse(order.alert)

    def test_refund_beyond_the_line_is_taken_from_shipping(self):
        payload, order = self.import_one((SHIRT, 1), (NOVEL, 1), shipping=4.9)
        self.invoice(order.sale_order_ids)
        self.change(payload, "refund", 1990 + 490)
        note = self.credit(order)
        self.assertEqual(note.amount_total, 24.8)
        self.assertEqual(
            note.invoice_line_ids.product_id,
            self.shirt + self.account.shipping_product_id,
        )

    def test_refund_that_the_invoice_does_not_allow_is_told(self):
        payload, order = self.import_one((SHIRT, 1))
        self.invoice(order.sale_order_ids)
        self.change(payload, "refund", 5000)
        with self.assertRaisesRegex(UserError, "by hand"):
            order.action_create_credit_note()
        self.assertFalse(order._get_credit_notes())

    def test_refund_without_an_invoice_says_so(self):
        payload, order = self.import_one((SHIRT, 2))
        self.change(payload, "refund", 500)
        self.assertIn("5.00", order.alert)
        self.assertIn("Nothing is invoiced yet", order.alert)
        with self.assertRaisesRegex(UserError, "no posted invoice"):
            order.action_create_credit_note()
        order.sale_order_ids.order_line.product_id.invoice_policy = "order"
        draft = order.sale_order_ids._create_invoices()
        with self.assertRaisesRegex(UserError, "no posted invoice"):
            order.action_create_credit_note()
        draft.action_post()
        self.assertEqual(self.credit(order).amount_total, 5)

    def test_order_imported_with_a_refund_offers_it_too(self):
        _payload, order = self.import_one((MUG, 2), lengow_status="partial_refunded")
        self.assertTrue(order.refunded_amount)
        self.invoice(order.sale_order_ids)
        self.assertEqual(self.credit(order).amount_total, order.refunded_amount)

    def test_refund_of_an_unknown_amount_is_told(self):
        payload, order = self.import_one()
        self.change(payload, "set_status", "refunded")
        self.assertIn("does not say how much", order.alert)
        self.assertFalse(order.refund_to_credit)

    def test_refund_leaves_sale_order_and_delivery_as_they_are(self):
        payload, order = self.import_one((SHIRT, 2), (NOVEL, 1))
        sale = order.sale_order_ids
        total = sale.amount_total
        self.change(payload, "refund", line=1)
        self.assertEqual(sale.amount_total, total)
        self.assertEqual(self.get_demand(sale), {SHIRT: 2, NOVEL: 1})
        self.assert_to_do(order, NOVEL, "before it has left")

    def test_refund_after_the_delivery_gives_nobody_something_to_do(self):
        payload, order = self.import_one((SHIRT, 2), (NOVEL, 1))
        self.deliver(order.sale_order_ids)
        self.change(payload, "refund", line=1)
        self.assert_nothing_to_do(order)

    def test_refund_of_what_was_cancelled_before_the_invoice_needs_no_credit_note(self):
        payload, order = self.import_one((SHIRT, 2), (NOVEL, 1))
        changes.cancel_line(self.world, payload, 1)
        self.change(payload, "refund", line=1)
        self.assertTrue(order.refunded_amount)
        self.assertFalse(order.refund_to_credit)
        self.assertFalse(order.alert)
        changes.refund(self.world, payload, line=0)
        self.change(payload, "cancel")
        self.assertFalse(order.refund_to_credit)

    def test_refund_that_a_marketplace_takes_out_of_the_total_is_no_mismatch(self):
        payload, order = self.import_one((SHIRT, 2), (NOVEL, 1))
        sale = order.sale_order_ids
        self.deliver(sale)
        changes.refund(self.world, payload, line=1)
        total = 39.8
        self.world.change(payload, total_order=total, original_total_order=total)
        before = sale.amount_total
        self.follow(payload)
        self.assertEqual(sale.amount_total, before)
        self.assert_nothing_to_do(order)

    def test_cancelled_line_that_is_refunded_comes_off_what_was_invoiced(self):
        payload, order = self.import_one((SHIRT, 2), (NOVEL, 3))
        sale = order.sale_order_ids
        self.invoice(sale)
        changes.cancel_line(self.world, payload, 1)
        self.change(payload, "refund", line=1)
        note = self.credit(order)
        novel = sale.order_line.filtered(lambda line: line.product_id == self.novel)
        self.assertEqual((novel.qty_invoiced, novel.qty_to_invoice), (0, 0))
        self.assertEqual(note.invoice_line_ids.quantity, 3)

    def test_several_invoices_get_a_credit_note_each(self):
        payload, order = self.import_one((SHIRT, 1))
        self.change(payload, "add_line", NOVEL, 2, is_package=True)
        invoices = self.env["account.move"]
        for sale in order.sale_order_ids:
            invoices |= self.invoice(sale)
        changes.refund(self.world, payload, 300, 0)
        self.change(payload, "refund", 200, 1)
        notes = self.credit(order)
        self.assertEqual(notes.reversed_entry_id, invoices)
        self.assertEqual(sorted(notes.mapped("amount_total")), [2, 3])

    def test_users_of_lengow_may_without_rights_on_invoices(self):
        user = new_test_user(
            self.env,
            "crediting",
            "sale_lengow.group_lengow_user",
            company_id=self.company.id,
        )
        payload, order = self.import_one((MUG, 3))
        self.invoice(order.sale_order_ids)
        self.change(payload, "refund", 500)
        self.assertTrue(order.with_user(user).alert)
        self.assertTrue(order.with_user(user).action_create_credit_note())
        self.assertEqual(order._get_credit_notes().amount_total, 5)
