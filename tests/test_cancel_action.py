"""A sales order that a person cancels is cancelled at the marketplace, too."""

from odoo.tests import new_test_user, tagged

from ..simulator import changes
from .common_wizard import WizardCommon, get_rows


@tagged("post_install", "-at_install", "lengow")
class TestCancelAction(WizardCommon):
    def deliver(self, sale, quantity):
        """Deliver some pieces of each line, and leave the rest in a backorder."""
        picking = sale.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        for move in picking.move_ids:
            move.quantity = quantity
            move.picked = True
        picking._action_done()

    def get_cancels(self, order):
        return order.action_ids.filtered(lambda action: "cancel" in action.action_type)

    def split(self, payload):
        """Let the last line of an order travel in a package of its own."""
        cart = payload["packages"][0]["cart"]
        payload["packages"].append({**payload["packages"][0], "cart": [cart.pop()]})

    def test_the_marketplace_is_told_where_it_asks_for_nothing(self):
        _payload, order = self.import_one("cdiscount_fr", lines=2)
        sale = order.sale_order_ids
        sale.action_cancel()
        self.assertEqual(sale.state, "cancel")
        (action,) = self.get_cancels(order)
        self.assertEqual((action.action_type, action.state), ("cancel", "pending"))
        self.assertFalse(action.line_key)
        self.send_all()
        self.assertEqual(action.state, "done", action.error_message)

    def test_the_reason_is_asked_for_where_the_marketplace_wants_one(self):
        # pitfall 57
        for marketplace, reason in (
            ("amazon_fr", "CustomerExchange"),
            ("ebay_de", "OUT_OF_STOCK"),
            ("bol_nl", "BAD_CONDITION"),
        ):
            _payload, order = self.import_one(marketplace)
            sale = order.sale_order_ids
            form = self.open(sale.action_cancel())
            self.assertEqual(sale.state, "sale", "nothing is cancelled before")
            self.fill_in(form, reason=reason)
            (action,) = self.send(form)
            self.assertEqual(sale.state, "cancel")
            self.assertEqual(action.arguments["reason"], reason)
            self.assertEqual(len(self.get_cancels(order)), 1, "it is told once")
            self.send_all()
            self.assertEqual(action.state, "done", action.error_message)

    def test_the_button_lets_one_cancel_in_odoo_only(self):
        _payload, order = self.import_one("cdiscount_fr")
        sale = order.sale_order_ids
        self.assertTrue(sale.lengow_may_cancel)
        form = self.open(sale.action_lengow_cancel())
        self.assertTrue(form.cancels_sale)
        form.save().action_cancel_in_odoo()
        self.assertEqual(sale.state, "cancel")
        self.assertFalse(order.action_ids)

    def test_what_the_marketplace_has_cancelled_is_not_sent_back(self):
        for marketplace in ("amazon_fr", "cdiscount_fr"):
            payload, order = self.import_one(marketplace)
            changes.cancel(self.world, payload)
            self.import_stored(payload)
            self.assertEqual(order.sale_order_ids.state, "cancel")
            self.assertFalse(order.action_ids)

    def test_importing_again_cancels_nothing_at_the_marketplace(self):
        _payload, order = self.import_one("cdiscount_fr")
        order.action_import_again()
        self.assertFalse(order.action_ids)

    def test_only_the_lines_of_the_package_are_cancelled(self):
        payload = self.world.add_order("amazon_fr", lines=2)
        self.split(payload)
        order = self.import_stored(payload)
        sale = order.sale_order_ids[0]
        form = self.open(sale.action_cancel())
        self.fill_in(form, reason="NoInventory")
        (action,) = self.send(form)
        self.assertEqual(action.line_key, sale.lengow_package_key)

    def test_an_order_of_two_packages_is_cancelled_with_its_last_one(self):
        payload = self.world.add_order("cdiscount_fr", lines=2)
        self.split(payload)
        order = self.import_stored(payload)
        first, last = order.sale_order_ids
        self.assertFalse(first.lengow_may_cancel)
        first.action_cancel()
        self.assertFalse(order.action_ids)
        self.assertIn("for the whole order only", first.message_ids[0].body)
        last.action_cancel()
        self.assertEqual(len(self.get_cancels(order)), 1)

    def test_both_packages_at_once_are_told_of_once(self):
        payload = self.world.add_order("cdiscount_fr", lines=2)
        self.split(payload)
        order = self.import_stored(payload)
        order.sale_order_ids._action_cancel()
        self.assertEqual(len(self.get_cancels(order)), 1)

    def test_what_has_left_is_not_cancelled(self):
        mug = self.env["product.product"].search([("default_code", "=", "MG-SPK")])
        self.get_channel("allegro_pl").fallback_product_id = mug
        _payload, order = self.import_one("allegro_pl", lines=[("MG-SPK", 5)])
        sale = order.sale_order_ids
        self.deliver(sale, 2)
        order.action_ids.sudo().unlink()
        sale.action_cancel()
        (action,) = self.get_cancels(order)
        self.assertEqual(action.action_type, "partial_cancel")
        self.assertEqual(action.arguments["quantity"], 3)

    def test_an_order_that_has_left_is_cancelled_in_odoo_alone(self):
        _payload, order = self.import_one("cdiscount_fr")
        sale = order.sale_order_ids
        self.deliver(sale, 1)
        sale.action_cancel()
        self.assertEqual(sale.state, "cancel")
        self.assertFalse(self.get_cancels(order))

    def test_a_marketplace_that_takes_no_cancellation_keeps_nobody_from_it(self):
        _payload, order = self.import_one("elcorteingles_es", lengow_status="shipped")
        sale = order.sale_order_ids
        self.assertFalse(sale.lengow_may_cancel)
        sale.action_cancel()
        self.assertEqual(sale.state, "cancel")
        self.assertFalse(order.action_ids)
        self.assertIn("not told of the cancellation", sale.message_ids[0].body)

    def test_it_is_told_once_however_often_it_is_cancelled(self):
        _payload, order = self.import_one("cdiscount_fr")
        sale = order.sale_order_ids
        sale.action_cancel()
        sale.action_draft()
        sale.action_cancel()
        self.assertEqual(len(self.get_cancels(order)), 1)

    def test_salespeople_cancel_and_lengows_users_complete_it(self):
        salesman = new_test_user(
            self.env, "salesman", "sales_team.group_sale_salesman_all_leads"
        )
        _payload, order = self.import_one("ebay_de")
        sale = order.sale_order_ids.with_user(salesman)
        self.assertTrue(sale.lengow_may_cancel)
        sale.action_cancel()
        self.assertEqual(sale.state, "cancel")
        (action,) = self.get_cancels(order)
        self.assertEqual(action.error_code, "not_ready")
        form = self.open(action.action_edit())
        self.fill_in(form, reason="OUT_OF_STOCK")
        (renewed,) = self.send(form)
        self.assertEqual((renewed.state, action.state), ("pending", "cancelled"))

    def test_many_orders_are_cancelled_at_once(self):
        _payload, order = self.import_one("cdiscount_fr")
        _payload, other = self.import_one("ebay_de")
        plain = order.sale_order_ids.copy({"lengow_order_id": False})
        sales = order.sale_order_ids | other.sale_order_ids | plain
        wizard = self.env["sale.mass.cancel.orders"].create(
            {"sale_order_ids": sales.ids}
        )
        wizard.action_mass_cancel()
        self.assertEqual(set(sales.mapped("state")), {"cancel"})
        self.assertEqual(self.get_cancels(order).state, "pending")
        self.assertEqual(self.get_cancels(other).error_code, "not_ready")

    def test_a_failed_cancellation_is_sent_again(self):
        # pitfall 61
        _payload, order = self.import_one("cdiscount_fr")
        order.sale_order_ids.action_cancel()
        (action,) = self.get_cancels(order)
        action.sudo().write({"state": "error", "error_code": "failed"})
        form = self.open(action.action_edit())
        (renewed,) = self.send(form)
        self.send_all()
        self.assertEqual((action.state, renewed.state), ("cancelled", "done"))

    def test_a_wizard_begins_with_what_is_cancelled(self):
        _payload, order = self.import_one("bol_nl", lines=2)
        form = self.open(order.sale_order_ids.action_cancel())
        self.assertTrue(all(row["is_chosen"] for row in get_rows(form.line_ids)))
        self.assertEqual(form.type_id.code, "cancel")
