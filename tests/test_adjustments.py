"""Small differences become a line of their own; larger ones hold the order."""

from odoo.tests import tagged

from .common_money import LengowMoneyCommon


@tagged("post_install", "-at_install", "lengow")
class TestAdjustments(LengowMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_service("IN", cls.get_tax(20, "tax_included"))
        cls.create_service("EX", cls.get_tax(20, "tax_excluded"))

    def import_with_difference(self, cents, *carts, **amounts):
        """:return: an order whose total differs from its parts."""
        carts = carts or ([("EX", 3, 1000)],)
        payload = self.make_payload(*carts, **amounts)
        total = payload["original_total_order"] + cents / 100
        return self.import_payloads({**payload, "original_total_order": total})

    def get_adjustments(self, order):
        """:return: the lines that settle a difference."""
        return order.sale_order_ids.order_line.filtered(
            lambda line: line.lengow_kind == "adjustment"
        )

    def test_a_tolerated_difference_is_one_line_in_either_direction(self):
        for cents in (5, -5, 1):
            with self.subTest(cents=cents):
                order = self.import_with_difference(cents, shipping=499, discount=100)
                line = self.get_adjustments(order)
                self.assertEqual(line.product_id, self.account.adjustment_product_id)
                self.assertAlmostEqual(line.price_total, cents / 100)
                self.assert_exact(order)
                self.assert_invoiced_exactly(order)

    def test_an_order_that_adds_up_has_no_such_line(self):
        order = self.import_with_difference(0)
        self.assertFalse(self.get_adjustments(order))

    def test_a_larger_difference_holds_the_order_and_says_both_sums(self):
        order = self.import_with_difference(6)
        self.assertFalse(self.get_adjustments(order))
        self.assertEqual(order.error_code, "total_mismatch")
        self.assertEqual(order.sale_order_ids.state, "draft")
        self.assertRegex(order.error_message, "10.06.*10.00")

    def test_each_channel_has_a_tolerance_of_its_own(self):
        self.channel.tolerance = 1.5
        self.assert_exact(self.import_with_difference(-150))
        self.channel.tolerance = 0
        order = self.import_with_difference(1)
        self.assertEqual(order.error_code, "total_mismatch")

    def test_the_product_may_be_another_one_with_its_own_taxes(self):
        product = self.create_service("ROUNDING", self.env["account.tax"])
        self.account.adjustment_product_id = product
        order = self.import_with_difference(-3)
        self.assertEqual(self.get_adjustments(order).product_id, product)
        self.assertFalse(self.get_adjustments(order).tax_ids)
        self.assert_exact(order)

    def test_without_a_product_the_order_is_held(self):
        self.account.adjustment_product_id = False
        order = self.import_with_difference(1)
        self.assertEqual(order.error_code, "total_mismatch")
        self.assertEqual(order.state, "imported")

    def test_two_packages_share_one_line(self):
        order = self.import_with_difference(4, [("EX", 3, 1000)], [("IN", 3, 1000)])
        self.assertEqual(len(self.get_adjustments(order)), 1)
        self.assertEqual(
            order.sale_order_ids.sorted("id").mapped("amount_total"), [10.04, 10.0]
        )
        self.assert_exact(order)

    def test_a_difference_in_a_foreign_currency_counts_in_that_currency(self):
        order = self.import_with_difference(5, currency="GBP")
        self.assertEqual(order.sale_order_ids.currency_id.name, "GBP")
        self.assert_exact(order)

    # What is odd in the amounts themselves

    def import_line(self, amounts, **line):
        """Import an order of two lines, of which the second one is odd."""
        payload = self.make_payload([("EX", 3, 1000), ("IN", 1, 500)], **amounts)
        payload["packages"][0]["cart"][1].update(line)
        return self.import_payloads(payload)

    def test_a_gift_stays_and_costs_nothing(self):
        """Pitfall 39."""
        order = self.import_line({"total_order": 1000}, original_amount="0.00")
        self.assertEqual(
            order.sale_order_ids.order_line.mapped("price_total"), [10.0, 0.0]
        )
        self.assert_exact(order)
        self.assert_invoiced_exactly(order)

    def test_a_line_of_no_quantity_is_left_out(self):
        order = self.import_line({"total_order": 1000}, quantity=0)
        self.assertEqual(len(order.sale_order_ids.order_line), 1)
        self.assert_exact(order)

    def test_an_amount_is_that_of_the_line_not_of_one_piece(self):
        """Pitfall 40."""
        order = self.import_line({"total_order": 1500}, quantity=5)
        self.assertEqual(order.sale_order_ids.order_line[1].price_unit, 1.0)
        self.assert_exact(order)

    def test_a_refunded_line_that_the_total_leaves_out_is_not_sold(self):
        order = self.import_line({"total_order": 1000}, lengow_status="refunded")
        self.assertEqual(len(order.sale_order_ids.order_line), 1)
        self.assert_exact(order)

    def test_a_refunded_line_that_the_total_holds_is_sold(self):
        order = self.import_line({"total_order": 1500}, lengow_status="refunded")
        self.assertEqual(len(order.sale_order_ids.order_line), 2)
        self.assert_exact(order)

    def test_a_discount_is_taken_off_or_not_as_the_total_says(self):
        """Pitfall 36."""
        for total, lines in ((1200, 3), (1500, 2)):
            with self.subTest(total=total):
                order = self.import_line({"total_order": total, "discount": 300})
                self.assertEqual(len(order.sale_order_ids.order_line), lines)
                self.assert_exact(order)
                self.assert_invoiced_exactly(order)

    def test_a_discount_of_the_lines_is_one_line_of_the_order(self):
        order = self.import_line({"total_order": 1400}, original_discount="1.00")
        line = order.sale_order_ids.order_line[-1]
        self.assertEqual((line.lengow_kind, line.price_total), ("discount", -1.0))
        self.assert_exact(order)

    def test_taxes_that_the_marketplace_names_change_no_amount(self):
        """Pitfall 35: the lines' taxes do not hold that of the shipping."""
        order = self.import_line(
            {"total_order": 1999, "shipping": 499, "total_tax": 333},
            original_tax="0.83",
        )
        self.assert_exact(order)

    # What the marketplace keeps

    def test_the_commission_is_kept_in_the_currency_of_the_order(self):
        order = self.import_with_difference(0, currency="GBP", commission=-120)
        self.assertEqual(order.commission, 1.2)
        self.assertEqual(order.sale_order_ids.lengow_commission, 1.2)
        self.assert_exact(order)

    def test_two_packages_share_the_commission_by_what_they_cost(self):
        order = self.import_with_difference(
            0, [("EX", 1, 1000)], [("EX", 1, 2000)], commission=-100
        )
        sales = order.sale_order_ids.sorted("id")
        self.assertEqual(sales.mapped("lengow_commission"), [0.33, 0.67])

    def test_a_commission_that_comes_later_is_taken_over(self):
        payload = self.make_payload([("EX", 1, 1000)])
        order = self.import_payloads(payload)
        self.assertEqual(order.sale_order_ids.lengow_commission, 0)
        payload = {**payload, "original_commission": -1.5}
        self.env["lengow.order"]._store_page(self.account, [payload])
        self.assertEqual(order.commission, 1.5)
        self.assertEqual(order.sale_order_ids.lengow_commission, 1.5)

    def test_the_commission_can_be_analysed(self):
        self.import_with_difference(0, commission=-120)
        self.import_with_difference(0, commission=-30)
        for model, measure in (
            ("lengow.order", "commission"),
            ("sale.order", "lengow_commission"),
        ):
            groups = self.env[model]._read_group([], [], [f"{measure}:sum"])
            self.assertAlmostEqual(groups[0][0], 1.5)
        arch = self.env["lengow.order"].get_view(view_type="pivot")["arch"]
        self.assertIn('name="commission"', arch)
