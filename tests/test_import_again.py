"""Imported orders are cancelled and imported anew, when nothing has left yet."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..const import IMPORT_BATCH_SIZE
from .common import LengowCommon

SHIRT, MUG = "TS-WHT-S", "MG-SPK"
ORDERS = "/v3.0/orders/"
MOI = "/v3.0/orders/moi/"


@tagged("post_install", "-at_install", "lengow")
class TestImportAgain(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.shirt = cls.create_product(SHIRT, invoice_policy="order")
        cls.mug = cls.create_product(MUG)

    def add_imported(self, **overrides):
        """:return: an imported and marked order."""
        payload = self.world.add_order(lines=[(SHIRT, 2)], shipping=0, **overrides)
        order = self.import_stored(payload)
        self.run_cron("mark_orders")
        self.assertEqual(order.merchant_id_state, "done", order.error_message)
        self.simulator.requests.clear()
        return order

    def import_again(self, orders):
        """:return: type and message of the notification."""
        params = orders.action_import_again()["params"]
        return params["type"], params["message"]

    def assert_refused(self, order, *words):
        before = order.sale_order_ids
        states = before.mapped("state")
        kind, message = self.import_again(order)
        self.assertEqual(kind, "warning")
        for word in (order.marketplace_order_id, *words):
            self.assertIn(word, message)
        self.assertEqual(order.sale_order_ids, before)
        self.assertEqual(before.mapped("state"), states)
        self.assertEqual(order.state, "imported")

    def test_sale_order_is_cancelled_and_a_new_one_is_in_its_place(self):
        order = self.add_imported()
        old = order.sale_order_ids
        mails = self.env["mail.mail"].search_count([])
        kind, message = self.import_again(order)
        new = order.sale_order_ids
        self.assertEqual(kind, "success", message)
        self.assertIn(old.name, message)
        self.assertIn(new.name, message)
        self.assertEqual((old.state, old.picking_ids.state), ("cancel", "cancel"))
        self.assertEqual((new.state, len(new)), ("sale", 1))
        self.assertNotEqual(new, old)
        self.assertEqual(new.amount_total, old.amount_total)
        self.assertEqual(order.line_ids.sale_line_id, new.order_line)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_way_to_the_cancelled_order_stays(self):
        order = self.add_imported()
        old = order.sale_order_ids
        self.import_again(order)
        new = order.sale_order_ids
        link = f'data-oe-id="{old.id}"'
        self.assertIn(link, "".join(order.message_ids.mapped("body")))
        self.assertIn(link, "".join(new.message_ids.mapped("body")))
        self.assertIn(f'data-oe-id="{new.id}"', "".join(old.message_ids.mapped("body")))
        self.assertEqual(old.client_order_ref, order.marketplace_order_id)
        self.assertFalse(old.lengow_order_id)

    def test_new_name_is_sent_to_lengow(self):
        order = self.add_imported()
        self.import_again(order)
        self.run_cron("mark_orders")
        (request,) = self.get_requests(MOI)
        self.assertEqual(
            request.json["merchant_order_id"], order.sale_order_ids.mapped("name")
        )
        self.assertEqual(order.merchant_id_state, "done")

    def test_order_is_read_from_lengow_again(self):
        """An order that was edited in Lengow is made of what it is there now."""
        order = self.add_imported()
        payload = self.world.order(order.marketplace_order_id)
        payload["packages"][0]["cart"][0]["merchant_product_id"]["id"] = MUG
        payload["packages"][0]["delivery"]["city"] = "Lyon"
        self.import_again(order)
        sale = order.sale_order_ids
        self.assertEqual(sale.order_line.product_id, self.mug)
        self.assertEqual(sale.partner_shipping_id.city, "Lyon")
        self.assertEqual(len(self.get_requests(ORDERS, "GET")), 1)

    def test_without_an_answer_of_lengow_what_we_hold_is_used(self):
        order = self.add_imported()
        old = order.sale_order_ids
        self.simulator.faults.set_rate("500", 1)
        kind, message = self.import_again(order)
        self.assertEqual(kind, "warning")
        self.assertIn("does not answer", message)
        self.assertEqual(order.sale_order_ids.state, "sale")
        self.assertEqual(old.state, "cancel")

    def test_account_that_is_not_connected_is_not_spoken_for(self):
        order = self.add_imported()
        self.account.state = "draft"
        self.import_again(order)
        self.assertFalse(self.simulator.requests)
        self.assertEqual(order.sale_order_ids.state, "sale")

    def test_mapping_that_was_wrong_is_mended(self):
        order = self.add_imported()
        self.env["lengow.product.mapping"].create(
            {
                "account_id": self.account.id,
                "external_id": SHIRT,
                "product_id": self.mug.id,
            }
        )
        self.import_again(order)
        self.assertEqual(order.sale_order_ids.order_line.product_id, self.mug)

    def test_two_packages_are_two_new_orders(self):
        payload = self.world.add_order(lines=[(SHIRT, 1), (MUG, 1)], shipping=0)
        package = payload["packages"][0]
        first, second = package["cart"]
        package["cart"] = [first]
        payload["packages"].append({**package, "cart": [second]})
        order = self.import_stored(payload)
        old = order.sale_order_ids
        self.assertEqual(len(old), 2)
        self.import_again(order)
        self.assertEqual(len(order.sale_order_ids - old), 2)
        self.assertEqual(set(old.mapped("state")), {"cancel"})

    def test_locked_order_is_cancelled_too(self):
        order = self.add_imported()
        old = order.sale_order_ids
        old.action_lock()
        kind, message = self.import_again(order)
        self.assertEqual((kind, old.state), ("success", "cancel"), message)

    def test_held_order_is_held_no_more(self):
        payload = self.world.add_order(lines=[(SHIRT, 1)], shipping=0)
        right = payload["total_order"]
        payload["total_order"] = payload["original_total_order"] = 99
        order = self.import_stored(payload)
        self.assertEqual(order.error_code, "total_mismatch")
        payload["total_order"] = payload["original_total_order"] = right
        self.import_again(order)
        self.assertEqual((order.state, order.error_code), ("imported", False))
        self.assertEqual(order.sale_order_ids.state, "sale")

    def test_problem_of_the_old_invoice_is_not_that_of_the_new_order(self):
        order = self.add_imported()
        channel = self.get_channel()
        channel.invoice_policy = "import"
        order._request_invoices()
        post = type(self.env["account.move"])._post

        def fail(moves, soft=True):
            if order.marketplace_order_id in moves.mapped("ref"):
                raise UserError(self.env._("Not now."))
            return post(moves, soft)

        with patch.object(type(self.env["account.move"]), "_post", fail):
            self.run_cron("invoice_orders")
        self.assertEqual((order.invoice_state, order.invoice_attempts), ("error", 1))
        self.assertTrue(order.invoice_error and order.invoice_next_attempt)
        channel.invoice_policy = "manual"
        self.import_again(order)
        self.assertEqual((order.invoice_state, order.invoice_attempts), ("none", 0))
        self.assertFalse(order.invoice_error or order.invoice_next_attempt)
        self.assertFalse(order.error_code or order.error_message)
        order.invoice_next_attempt = fields.Datetime.now()
        self.run_cron("invoice_orders")
        self.assertFalse(order.sale_order_ids.invoice_ids, "it is left to people now")

    # Refusals

    # Refusals

    def test_delivered_order_is_refused(self):
        order = self.add_imported()
        picking = order.sale_order_ids.picking_ids
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking._action_done()
        self.assert_refused(order, "delivered already", order.sale_order_ids.name)
        self.assertFalse(self.simulator.requests)

    def test_invoiced_order_is_refused(self):
        order = self.add_imported()
        invoice = order.sale_order_ids._create_invoices()
        invoice.action_post()
        self.assert_refused(order, "posted", invoice.name)

    def test_draft_invoice_goes_with_the_order(self):
        order = self.add_imported()
        invoice = order.sale_order_ids._create_invoices()
        self.import_again(order)
        self.assertEqual(invoice.state, "cancel")
        self.assertEqual(order.sale_order_ids.state, "sale")

    def test_nothing_is_cancelled_when_the_import_would_fail(self):
        order = self.add_imported()
        self.shirt.default_code = "other"
        self.assert_refused(order, "Nothing was cancelled", SHIRT)
        self.assertFalse(order.error_code)
        self.assertEqual(order.merchant_id_state, "done")

    def test_order_that_is_cancelled_at_the_marketplace_stays(self):
        order = self.add_imported()
        self.world.touch(order.marketplace_order_id, lengow_status="canceled")
        self.assert_refused(order, "Cancelled at the marketplace")

    def test_erased_order_stays(self):
        order = self.add_imported()
        self.world.touch(order.marketplace_order_id, anonymized=True)
        self.assert_refused(order, "erased")

    def test_order_that_is_not_imported_is_refused(self):
        self.shirt.default_code = "other"
        order = self.import_stored(self.world.add_order(lines=[(SHIRT, 1)], shipping=0))
        kind, message = self.import_again(order)
        self.assertEqual((kind, order.state), ("warning", "error"))
        self.assertIn("choose Retry", message)

    def test_one_refused_order_does_not_keep_the_others(self):
        first, second = self.add_imported(), self.add_imported()
        invoice = first.sale_order_ids._create_invoices()
        invoice.action_post()
        old = second.sale_order_ids
        self.import_again(first + second)
        self.assertEqual(first.sale_order_ids.state, "sale")
        self.assertEqual(old.state, "cancel")
        self.assertEqual(second.sale_order_ids.state, "sale")

    def test_too_many_at_once_are_refused(self):
        orders = self.env["lengow.order"].browse(range(1, IMPORT_BATCH_SIZE + 2))
        with self.assertRaisesRegex(UserError, "at most"):
            orders.sudo().action_import_again()

    def test_user_of_lengow_may_do_it(self):
        order = self.add_imported()
        user = new_test_user(self.env, "user", "sale_lengow.group_lengow_user")
        kind, message = self.import_again(order.with_user(user))
        self.assertEqual(kind, "success", message)
