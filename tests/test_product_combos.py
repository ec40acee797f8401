"""Combos are refused by name: who buys one chooses its products."""

from odoo.tests import tagged

from .common_products import SHIRT, FindProductsCommon


@tagged("post_install", "-at_install", "lengow")
class TestProductCombos(FindProductsCommon):
    def test_combo_is_refused_by_name(self):
        combo = self.create_combo("MENU")
        self.map_product("N-1", combo)
        for name in ("MENU", ("id", combo.id), "N-1"):
            with self.subTest(name=name):
                self.assert_problem("combo_product", name, f"“{combo.display_name}”")
        order = self.env["lengow.order"].search([], limit=1)
        self.assertIn("Map", order.remedy)

    def test_combo_is_no_product_for_unknown_ones(self):
        self.get_channel().fallback_product_id = self.create_combo("MENU")
        self.assert_problem("combo_product", "NOBODY", "MENU")

    def test_combo_harms_no_other_order_of_its_batch(self):
        self.create_combo("MENU")
        orders = self.import_stored(*map(self.add, (SHIRT, "MENU", SHIRT)))
        self.assertEqual(orders.mapped("state"), ["imported", "error", "imported"])
