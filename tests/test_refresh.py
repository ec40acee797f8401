"""A user fetches one order again, at once, and reads what changed."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..simulator import changes
from .common_changes import MUG, SHIRT, ChangesCommon

ORDERS = "/v3.0/orders/"


@tagged("post_install", "-at_install", "lengow")
class TestRefresh(ChangesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "refresher",
            "sale_lengow.group_lengow_user",
            company_id=cls.company.id,
        )

    def refresh(self, record, action="action_refresh"):
        """:return: the message that the user reads."""
        result = getattr(record.with_user(self.user), action)()
        self.assertEqual(result["tag"], "display_notification")
        return result["params"]["message"]

    def test_order_edited_in_lengow_is_read_again_before_it_is_confirmed(self):
        """Pitfall 33."""
        self.get_channel().auto_confirm = False
        payload, order = self.import_one((SHIRT, 3))
        changes.set_quantity(self.world, payload, 2)
        changes.readdress(self.world, payload, first_line="3 rue Neuve")
        message = self.refresh(order)
        self.assertIn("2 instead of 3", message)
        self.assertIn("3 rue Neuve", message)
        sale = order.sale_order_ids
        self.assertEqual(sale.order_line.product_uom_qty, 2)
        self.assertEqual(sale.partner_shipping_id.street, "3 rue Neuve")
        self.assertFalse(order.change_state)
        sale.action_confirm()
        self.assertEqual(self.get_demand(sale), {SHIRT: 2})

    def test_only_that_order_is_asked_for(self):
        payload, order = self.import_one()
        self.refresh(order)
        (request,) = self.get_requests(ORDERS)
        self.assertEqual(
            (request.args["marketplace"], request.args["marketplace_order_id"]),
            ("amazon_fr", payload["marketplace_order_id"]),
        )

    def test_unchanged_order_says_so(self):
        _payload, order = self.import_one()
        count = len(order.message_ids)
        self.assertIn("Nothing has changed", self.refresh(order))
        self.assertIn("Nothing has changed", self.refresh(order))
        self.assertEqual(len(order.message_ids), count)

    def test_sale_order_has_the_same_button(self):
        payload, order = self.import_one()
        changes.cancel(self.world, payload)
        message = self.refresh(order.sale_order_ids, "action_lengow_refresh")
        self.assertIn("cancelled", message)
        self.assertEqual(order.sale_order_ids.state, "cancel")

    def test_waiting_order_that_was_released_is_imported_at_once(self):
        payload = self.world.add_order(
            lines=[(SHIRT, 1)], lengow_status="waiting_acceptance"
        )
        order = self.import_stored(payload)
        self.assertEqual(order.state, "waiting")
        changes.set_status(self.world, payload, "waiting_shipment")
        self.refresh(order)
        self.assertEqual(order.state, "imported")

    def test_order_in_error_says_what_is_still_wrong(self):
        payload = self.world.add_order(lines=[("PC-TRN", 1)])
        order = self.import_stored(payload)
        self.assertEqual(order.state, "error")
        self.world.change(payload, comments="Please")
        result = order.with_user(self.user).action_refresh()
        self.assertEqual(result["params"]["type"], "danger")
        self.assertIn(order.marketplace_order_id, result["params"]["message"])

    def test_several_orders_are_refreshed_together_but_not_hundreds(self):
        first, one = self.import_one((SHIRT, 3))
        second, two = self.import_one((MUG, 3))
        for payload in (first, second):
            changes.set_quantity(self.world, payload, 1)
        self.refresh(one + two)
        quantities = (one + two).sale_order_ids.order_line.mapped("product_uom_qty")
        self.assertEqual(quantities, [1, 1])
        orders = self.env["lengow.order"].browse(range(1, 102))
        with self.assertRaisesRegex(UserError, "at most"):
            orders.sudo().action_refresh()

    def test_order_that_lengow_does_not_know_is_told_and_kept(self):
        payload, order = self.import_one()
        self.world._index.pop(payload["marketplace_order_id"])
        self.world.orders.remove(payload)
        with self.assertRaisesRegex(UserError, payload["marketplace_order_id"]):
            self.refresh(order)
        self.assertEqual(order.state, "imported")

    def test_lengow_that_does_not_answer_is_told_in_words(self):
        _payload, order = self.import_one()
        self.simulator.faults.set_rate("500", 1)
        with self.assertRaisesRegex(UserError, "could not be fetched.*Try again"):
            self.refresh(order)

    def test_refused_keys_are_told_in_words(self):
        _payload, order = self.import_one()
        self.world.accounts[0]["secret"] = "new"
        with self.assertRaisesRegex(UserError, "refuses the keys"):
            self.refresh(order)

    def test_account_that_is_not_connected_is_named(self):
        _payload, order = self.import_one()
        self.account.state = "draft"
        with self.assertRaisesRegex(UserError, self.account.name):
            self.refresh(order)
        self.assertFalse(self.get_requests(ORDERS))

    def test_others_than_users_of_lengow_may_not(self):
        _payload, order = self.import_one()
        salesman = new_test_user(
            self.env, "salesman", "sales_team.group_sale_salesman_all_leads"
        )
        with self.assertRaises(AccessError):
            order.with_user(salesman).action_refresh()
        with self.assertRaises(AccessError):
            order.sale_order_ids.with_user(salesman).action_lengow_refresh()
