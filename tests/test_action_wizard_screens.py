"""Marketplace actions as a user clicks them, in a real browser where there is one."""

from odoo.tests import new_test_user, tagged

from .common_browser import BrowserCase
from .common_wizard import WizardCommon


@tagged("post_install", "-at_install", "lengow")
class TestActionScreens(WizardCommon, BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(
            cls.env,
            "operator",
            "sale_lengow.group_lengow_user,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
        )

    def test_a_user_refunds_one_of_two_lines(self):
        _payload, order = self.import_one(
            "amazon_fr", [("MG-SPK", 2), ("BO-NVL", 1)], lengow_status="shipped"
        )
        titles = order.line_ids.mapped("title")
        self.assertIn("mug", titles[0])
        self.assertIn("ovel", titles[1])
        self.start_tour(
            f"/odoo/lengow-orders/{order.id}", "lengow_refund_a_line", login="operator"
        )
        self.env.invalidate_all()
        (action,) = order.action_ids
        self.assertEqual(action.line_id, order.line_ids[0])
        self.assertEqual(action.arguments["reason"], "DifferentItem")

    def test_a_user_ships_and_the_form_follows(self):
        _payload, order = self.import_one("amazon_fr")
        sale = order.sale_order_ids
        self.start_tour(
            f"/odoo/sales/{sale.id}", "lengow_ship_with_conditions", login="operator"
        )
        self.env.invalidate_all()
        (action,) = order.action_ids
        self.assertEqual(action.arguments["carrier_name"], "Our van")

    def test_a_user_cancels_with_a_reason(self):
        _payload, order = self.import_one("ebay_de")
        sale = order.sale_order_ids
        self.start_tour(
            f"/odoo/sales/{sale.id}", "lengow_cancel_with_a_reason", login="operator"
        )
        self.env.invalidate_all()
        self.assertEqual(sale.state, "cancel")
        self.assertEqual(order.action_ids.arguments["reason"], "OUT_OF_STOCK")
