"""Refunds are asked for in parts or in whole, and never for more than was paid."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_wizard import WizardCommon, get_rows


@tagged("post_install", "-at_install", "lengow")
class TestRefundWizard(WizardCommon):
    def import_shipped(self, marketplace="amazon_fr", **values):
        lines = values.pop("lines", [("MG-SPK", 2), ("BO-NVL", 1)])
        values.setdefault("shipping", 0)
        payload, order = self.import_one(
            marketplace, lines, lengow_status="shipped", **values
        )
        self.assertEqual(order.state, "imported", order.error_message)
        return payload, order

    def get_line(self, payload, index=0):
        return payload["packages"][0]["cart"][index]

    def test_one_of_two_lines_is_refunded_to_the_cent(self):
        payload, order = self.import_shipped()
        form = self.open(order.action_refund())
        self.assertEqual(form.type_id.code, "refund")
        with form.line_ids.edit(1) as line:
            line.is_chosen = False
        amount = self.get_line(payload)["amount"]
        self.assertEqual(form.refund_total, float(amount))
        (action,) = self.send(form)
        self.assertEqual(action.line_id, order.line_ids[0])
        self.assertEqual(action.arguments["refund_price"], f"{float(amount):.2f}")
        self.send_all()
        self.assertEqual(action.state, "done", action.error_message)
        self.import_stored(payload)
        self.assertEqual(order.refunded_amount, float(amount))

    def test_pieces_are_refunded_at_their_price(self):
        payload, order = self.import_shipped("decathlon_fr")
        form = self.open(order.action_refund())
        with form.line_ids.edit(0) as line:
            line.quantity = 1
            self.assertEqual(
                line.refund_price, round(float(self.get_line(payload)["amount"]) / 2, 2)
            )
        with form.line_ids.edit(1) as line:
            line.is_chosen = False
        self.fill_in(form, reason="25")
        (action,) = self.send(form)
        self.assertEqual(action.arguments["refund_quantity"], 1)
        self.assertEqual(action.quantity, 1)

    def test_money_alone_is_refunded_without_any_piece(self):
        _payload, order = self.import_shipped("decathlon_fr")
        form = self.open(order.action_refund())
        for index in range(2):
            with form.line_ids.edit(index) as line:
                line.quantity = 0
                line.refund_price = 1.5
                line.is_chosen = index == 0
        self.fill_in(form, reason="25")
        (action,) = self.send(form)
        self.assertEqual(action.arguments["refund_price"], "1.50")
        self.assertNotIn("refund_quantity", action.arguments)

    def test_shipping_is_refunded_where_the_marketplace_takes_it(self):
        _payload, order = self.import_shipped(shipping=4.9)
        form = self.open(order.action_refund())
        with form.line_ids.edit(0) as line:
            line.refund_price = 0
            line.refund_shipping_price = 4.9
        with form.line_ids.edit(1) as line:
            line.is_chosen = False
        (action,) = self.send(form)
        self.assertEqual(action.arguments["refund_shipping_price"], "4.90")
        self.assertEqual(action.arguments["refund_price"], "0.00")

    def test_shipping_is_no_field_where_none_was_paid(self):
        for shipping, is_asked_for in ((4.9, True), (0, False)):
            _payload, order = self.import_shipped("decathlon_fr", shipping=shipping)
            form = self.open(order.action_refund())
            self.assertEqual(form.takes_refund_shipping_price, is_asked_for)

    def test_more_than_the_line_is_refused_in_words(self):
        payload, order = self.import_shipped()
        form = self.open(order.action_refund())
        with form.line_ids.edit(0) as line:
            line.refund_price = float(self.get_line(payload)["amount"]) + 0.01
        self.assertIn("that the buyer paid and has not got back", form.problem)
        with self.assertRaises(UserError):
            form.save().action_send()
        self.assertFalse(order.action_ids)

    def test_what_is_under_way_counts_as_refunded(self):
        payload, order = self.import_shipped(lines=[("MG-SPK", 2)])
        amount = float(self.get_line(payload)["amount"])
        form = self.open(order.action_refund())
        with form.line_ids.edit(0) as line:
            line.refund_price = 5
        self.send(form)
        form = self.open(order.action_refund())
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.refund_price, round(amount - 5, 2))
            line.refund_price = amount - 4.99
        self.assertIn("is under way or done", form.problem)

    def test_what_lengow_shows_as_refunded_is_not_counted_twice(self):
        payload, order = self.import_shipped(lines=[("MG-SPK", 2)])
        amount = float(self.get_line(payload)["amount"])
        form = self.open(order.action_refund())
        with form.line_ids.edit(0) as line:
            line.refund_price = 5
        self.send(form)
        self.send_all()
        self.import_stored(payload)
        self.assertEqual(order.refunded_amount, 5)
        form = self.open(order.action_refund())
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.refund_price, round(amount - 5, 2))
        self.assertFalse(form.problem)

    def test_more_than_the_total_is_refused_though_no_line_is(self):
        payload, order = self.import_shipped(discount=3)
        lines = [float(self.get_line(payload, index)["amount"]) for index in range(2)]
        form = self.open(order.action_refund())
        self.assertEqual(form.refund_total, order.total_order)
        for index in range(2):
            with form.line_ids.edit(index) as line:
                line.refund_price = lines[index]
        self.assertIn("more than the", form.problem)

    def test_nothing_is_not_refunded(self):
        _payload, order = self.import_shipped()
        form = self.open(order.action_refund())
        for index in range(2):
            with form.line_ids.edit(index) as line:
                line.refund_price = 0
        self.assertIn("it is 0 now", form.problem)

    def test_a_refund_of_the_whole_order_says_no_amount(self):
        _payload, order = self.import_shipped("cdiscount_fr")
        form = self.open(order.action_refund())
        self.assertEqual((form.scope, form.has_scope), ("order", True))
        self.fill_in(form, reason="130")
        (action,) = self.send(form)
        self.assertEqual(action.arguments, {"reason": "130"})
        self.assertFalse(action.line_key)

    def test_lines_of_an_order_are_refunded_as_one_amount(self):
        payload, order = self.import_shipped("cdiscount_fr")
        form = self.open(order.action_refund())
        form.scope = "lines"
        self.fill_in(form, reason="130")
        with form.line_ids.edit(1) as line:
            line.refund_price = 1
        (action,) = self.send(form)
        amount = float(self.get_line(payload)["amount"]) + 1
        self.assertEqual(action.arguments["refund_price"], f"{amount:.2f}")

    def test_details_that_depend_on_the_amount_follow_it(self):
        _payload, order = self.import_shipped("cdiscount_fr")
        form = self.open(order.action_refund())
        self.assertEqual(self.get_statuses(form)["refund_mode"], "off")
        self.fill_in(form, refund_price="10")
        self.assertEqual(self.get_statuses(form)["refund_mode"], "optional")
        self.fill_in(form, refund_price="50,01")
        self.assertEqual(self.get_statuses(form)["refund_mode"], "off")

    def test_a_marketplace_without_amounts_takes_lines(self):
        _payload, order = self.import_shipped("zalando_zfs_de", order_types=[])
        form = self.open(order.action_refund())
        self.assertFalse(form.takes_refund_price)
        actions = self.send(form)
        self.assertEqual([action.arguments["reason"] for action in actions], ["0", "0"])

    def test_amounts_are_in_the_marketplaces_currency(self):
        payload, order = self.import_shipped("amazon_uk")
        form = self.open(order.action_refund())
        self.assertEqual(form.currency_id.name, "GBP")
        rows = get_rows(form.line_ids)
        self.assertEqual(
            rows[0]["refund_price"], float(self.get_line(payload)["original_amount"])
        )


@tagged("post_install", "-at_install", "lengow")
class TestRefundOfCreditNote(WizardCommon):
    def invoice(self, order):
        """:return: the posted invoice of an imported order."""
        invoice = order.sale_order_ids._create_invoices()
        invoice.action_post()
        return invoice

    def credit(self, invoice, quantities=None):
        """:return: the credit note that Odoo makes of an invoice."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create({"journal_id": invoice.journal_id.id})
        note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        for line in note.invoice_line_ids:
            if quantities is not None:
                sku = line.product_id.default_code
                line.quantity = quantities.get(sku, 0)
        return note

    def import_invoiced(self, marketplace="decathlon_fr", **values):
        values.setdefault("shipping", 0)
        payload, order = self.import_one(
            marketplace,
            [("MG-SPK", 2), ("BO-NVL", 1)],
            lengow_status="shipped",
            **values,
        )
        sales = order.sale_order_ids
        sales.order_line.product_id.invoice_policy = "order"
        return payload, order, self.invoice(order)

    def test_amounts_and_pieces_are_those_of_the_credit_note(self):
        payload, order, invoice = self.import_invoiced()
        note = self.credit(invoice, {"MG-SPK": 1})
        self.assertEqual(note.lengow_order_ids, order)
        form = self.open(note.action_lengow_refund())
        rows = get_rows(form.line_ids)
        self.assertEqual([row["is_chosen"] for row in rows], [True, False])
        self.assertEqual(rows[0]["quantity"], 1)
        self.assertEqual(form.refund_total, note.amount_total)
        self.fill_in(form, reason="25")
        (action,) = self.send(form)
        self.assertEqual(action.move_id, note)
        self.assertEqual(note.lengow_action_count, 1)
        amount = float(payload["packages"][0]["cart"][0]["amount"])
        self.assertEqual(action.arguments["refund_price"], f"{amount / 2:.2f}")

    def test_shipping_of_the_credit_note_is_told_apart(self):
        _payload, _order, invoice = self.import_invoiced(shipping=4.9)
        note = self.credit(invoice)
        form = self.open(note.action_lengow_refund())
        self.assertEqual(form.refund_total, note.amount_total)
        self.assertEqual(get_rows(form.line_ids)[0]["refund_shipping_price"], 4.9)
        self.assertFalse([p for p in form.problem.split("\n") if "Reason" not in p])

    def test_a_discount_is_spread_over_the_lines(self):
        _payload, _order, invoice = self.import_invoiced(discount=3)
        note = self.credit(invoice)
        form = self.open(note.action_lengow_refund())
        self.assertEqual(form.refund_total, note.amount_total)

    def test_one_amount_for_the_order_holds_its_shipping(self):
        _payload, _order, invoice = self.import_invoiced("cdiscount_fr", shipping=4.9)
        note = self.credit(invoice)
        form = self.open(note.action_lengow_refund())
        self.fill_in(form, reason="130")
        (action,) = self.send(form)
        self.assertEqual(action.arguments["refund_price"], f"{note.amount_total:.2f}")

    def test_a_credit_note_that_refunds_nothing_of_a_marketplace_has_no_button(self):
        _payload, _order, invoice = self.import_invoiced()
        self.assertFalse(invoice.lengow_order_ids)
        with self.assertRaisesRegex(UserError, "not of exactly one"):
            invoice.action_lengow_refund()

    def test_a_marketplace_that_takes_no_refund_says_so(self):
        payload, order, invoice = self.import_invoiced("ebay_de")
        note = self.credit(invoice)
        self.assertEqual(note.lengow_order_ids, order)
        with self.assertRaisesRegex(UserError, "takes no refund of order"):
            note.action_lengow_refund()
        self.assertTrue(payload)

    def test_posting_a_credit_note_sends_nothing_by_itself(self):
        _payload, order, invoice = self.import_invoiced()
        self.credit(invoice).action_post()
        self.assertFalse(order.action_ids)
