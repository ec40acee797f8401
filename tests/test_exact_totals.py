"""What the buyer paid is what Odoo says, to the cent, on orders and on invoices."""

import html
from itertools import product

from odoo import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common_money import MODES, LengowMoneyCommon


@tagged("post_install", "-at_install", "lengow")
class TestExactTotals(LengowMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.included, cls.excluded = (cls.get_tax(20, mode) for mode in MODES)
        cls.create_service("IN", cls.included)
        cls.create_service("EX", cls.excluded)

    def create_position(self, *taxes, country="DE"):
        """Create a fiscal position that maps 20 % to the taxes."""
        position = self.env["account.fiscal.position"].create(
            {
                "name": f"To {country}",
                "auto_apply": True,
                "country_id": self.env.ref(f"base.{country.lower()}").id,
            }
        )
        for tax in taxes:
            tax.write(
                {
                    "fiscal_position_ids": [Command.link(position.id)],
                    "original_tax_ids": [
                        Command.set((self.included + self.excluded).ids)
                    ],
                }
            )
        return position

    def assert_exact_to_the_invoice(self, orders):
        """Check the orders, then their invoices."""
        self.assert_exact(orders)
        self.assert_invoiced_exactly(orders)

    # Taxes

    def test_several_taxes_on_one_line(self):
        for number, rates in enumerate(
            (
                [(20, "tax_excluded"), (5.5, "tax_excluded")],
                [(20, "tax_included"), (5.5, "tax_included")],
                [(20, "tax_included"), (5.5, "tax_excluded")],
            )
        ):
            taxes = self.env["account.tax"].union(*(self.get_tax(*r) for r in rates))
            self.create_service(f"MANY{number}", taxes)
        self.assert_exact_to_the_invoice(
            self.import_payloads(
                self.make_payload(
                    [(f"MANY{number}", 7, 9999) for number in range(3)], shipping=499
                ),
                *(
                    self.make_payload([(f"MANY{number}", 3, cents)])
                    for number in range(3)
                    for cents in (1, 1000, 12345)
                ),
            )
        )

    def test_an_eco_tax_of_a_fixed_amount_beside_a_percentage(self):
        skus = []
        for mode, percentage in product(MODES, (self.included, self.excluded)):
            eco = self.env["account.tax"].create(
                {
                    "name": f"Eco {mode} {percentage.name}",
                    "amount_type": "fixed",
                    "amount": 0.37,
                    "price_include_override": mode,
                    "include_base_amount": True,
                    "sequence": 0,
                }
            )
            sku = f"ECO {mode} {percentage.name}"
            self.create_service(sku, eco + percentage)
            skus.append(sku)
        orders = self.import_payloads(
            self.make_payload([(sku, 3, 4999) for sku in skus], discount=500),
            *(self.make_payload([(sku, 7, 1234)]) for sku in skus),
        )
        self.assert_exact_to_the_invoice(orders)
        eco_amounts = [
            tax["tax_amount_currency"]
            for line in orders[1:].sale_order_ids.order_line
            for tax in line.extra_tax_data["manual_tax_amounts"].values()
        ]
        self.assertEqual(eco_amounts.count(2.59), 4)  # 7 times 0.37

    def test_a_group_of_taxes(self):
        group = self.env["account.tax"].create(
            {
                "name": "Group",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [
                    Command.set((self.excluded + self.get_tax(2.1, "tax_excluded")).ids)
                ],
            }
        )
        self.create_service("GROUP", group)
        self.assert_exact_to_the_invoice(
            self.import_payloads(self.make_payload([("GROUP", 3, 1000)], shipping=333))
        )

    def test_a_product_without_taxes_beside_one_with(self):
        self.create_service("FREE", self.env["account.tax"])
        orders = self.import_payloads(
            self.make_payload([("FREE", 3, 1000), ("EX", 3, 1000), ("IN", 3, 1000)])
        )
        self.assert_exact_to_the_invoice(orders)
        self.assertFalse(orders.sale_order_ids.order_line[0].tax_ids)

    # Fiscal positions

    def test_another_rate_by_country_keeps_what_the_buyer_paid(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                position = self.create_position(self.get_tax(19, mode))
                orders = self.import_payloads(
                    self.make_payload(
                        [("IN", 3, 1000), ("EX", 7, 9999)], country="DE", shipping=499
                    )
                )
                sale = orders.sale_order_ids
                self.assertEqual(sale.fiscal_position_id, position)
                self.assertEqual(sale.order_line.tax_ids.amount, 19)
                self.assert_exact_to_the_invoice(orders)
                position.active = False

    def test_the_delivery_not_the_invoice_decides_the_country(self):
        position = self.create_position(self.get_tax(19, "tax_included"))
        payload = self.make_payload([("IN", 1, 1000)], country="DE")
        payload["billing_address"] = {
            **payload["billing_address"],
            "common_country_iso_a2": "FR",
        }
        orders = self.import_payloads(payload)
        self.assertEqual(orders.sale_order_ids.fiscal_position_id, position)
        self.assert_exact(orders)

    def test_the_channel_may_force_a_fiscal_position(self):
        self.create_position(self.get_tax(19, "tax_included"))
        forced = self.create_position(self.get_tax(21, "tax_excluded"), country="BE")
        self.channel.fiscal_position_id = forced
        orders = self.import_payloads(
            self.make_payload([("IN", 3, 1000)], country="DE", shipping=499)
        )
        sale = orders.sale_order_ids
        self.assertEqual(sale.fiscal_position_id, forced)
        self.assertEqual(sale.order_line.tax_ids.amount, 21)
        self.assert_exact_to_the_invoice(orders)

    def test_a_fiscal_position_that_removes_all_taxes_keeps_the_price(self):
        self.channel.fiscal_position_id = self.create_position(country="CH")
        orders = self.import_payloads(
            self.make_payload([("IN", 3, 1000), ("EX", 3, 1000)], shipping=499)
        )
        self.assertFalse(orders.sale_order_ids.order_line.tax_ids)
        self.assert_exact_to_the_invoice(orders)

    # Currencies

    def test_a_foreign_currency_is_valued_at_its_rate(self):
        self.env.ref("base.GBP").rate_ids.rate = 0.5
        orders = self.import_payloads(
            self.make_payload([("EX", 3, 1000), ("IN", 3, 1000)], currency="GBP")
        )
        sale = orders.sale_order_ids
        self.assertEqual(sale.currency_id.name, "GBP")
        self.assertEqual(sale.currency_rate, 0.5)
        self.assert_exact_to_the_invoice(orders)
        receivable = sale.invoice_ids.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertAlmostEqual(receivable.balance, 40.0)

    def test_currencies_with_no_and_with_three_decimals(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        for code, total in (("JPY", 1001.0), ("KWD", 10.005)):
            with self.subTest(code=code):
                currency = currencies.search([("name", "=", code)])
                currency.active = True
                currency.rate_ids.unlink()
                currency.rate_ids = [Command.create({"rate": 3, "name": "2020-01-01"})]
                payload = self.make_payload([("EX", 3, 1000)], currency=code)
                payload["packages"][0]["cart"][0]["original_amount"] = total
                payload["original_total_order"] = total
                order = self.import_payloads(payload)
                self.assertEqual(order.state, "imported", order.error_message)
                self.assertFalse(order.error_message)
                self.assertAlmostEqual(order.total_order, total, 3)
                self.assertAlmostEqual(order.line_ids.amount, total, 3)
                self.assertAlmostEqual(order.sale_order_ids.amount_total, total, 3)

    # Totals that do not add up

    def import_mismatch(self):
        """:return: an order whose lines and shipping are 3 euros short of its total."""
        payload = self.make_payload([("EX", 1, 1000)], shipping=200, total_order=1500)
        return self.import_payloads(payload)

    def to_fix(self):
        """:return: the orders that the filter shows."""
        action = self.env.ref("sale_lengow.action_lengow_order_to_fix")
        view = self.env["lengow.order"].get_view(view_type="search")
        self.assertIn("'search_default_to_fix': 1", action.context)
        domain = view["arch"].split('name="to_fix"')[1].split('domain="')[1]
        domain = safe_eval(html.unescape(domain.split('"')[0]))
        return self.env["lengow.order"].search(domain)

    def test_a_total_that_does_not_add_up_is_held_and_says_both_sums(self):
        order = self.import_mismatch()
        sale = order.sale_order_ids
        self.assertEqual((order.state, sale.state), ("imported", "draft"))
        self.assertEqual(order.error_code, "total_mismatch")
        self.assertEqual(sale.amount_total, 12.0)
        for message in (order.error_message, sale.lengow_hold_reason):
            self.assertIn(order.marketplace_order_id, message)
            self.assertRegex(message, "15.00.*12.00")
        self.assertIn("confirm", order.remedy)
        self.assertIn(order, self.to_fix())

    def test_confirming_a_held_order_by_hand_settles_it(self):
        order = self.import_mismatch()
        sale = order.sale_order_ids
        ordered = sale.date_order
        sale.with_user(
            new_test_user(
                self.env, "salesman", "sales_team.group_sale_salesman_all_leads"
            )
        ).action_confirm()
        self.assertEqual((sale.state, sale.date_order), ("sale", ordered))
        self.assertFalse(sale.lengow_hold_reason)
        self.assertFalse(order.error_code or order.error_message)
        self.assertNotIn(order, self.to_fix())

    def test_a_held_order_of_two_packages_is_settled_by_the_last_decision(self):
        order = self.import_payloads(
            self.make_payload([("IN", 1, 1000)], [("IN", 1, 500)], total_order=1600)
        )
        first, second = order.sale_order_ids
        first.action_confirm()
        self.assertIn(order, self.to_fix())
        second._action_cancel()
        self.assertNotIn(order, self.to_fix())

    def test_an_order_that_adds_up_does_not_wait_for_one_that_does_not(self):
        payloads = [
            self.make_payload([("IN", 1, 1000)]),
            self.make_payload([("IN", 1, 1000)], total_order=900),
            self.make_payload([("IN", 1, 1000)]),
        ]
        orders = self.import_payloads(*payloads)
        self.assertEqual(
            orders.sale_order_ids.sorted("lengow_order_id").mapped("state"),
            ["sale", "draft", "sale"],
        )

    # Packages

    def test_each_package_is_a_sale_order_with_its_own_delivery(self):
        self.create_product("BOX")
        payload = self.make_payload(
            [("BOX", 2, 1000)], [("BOX", 3, 2000)], shipping=499, discount=100
        )
        street = {**payload["packages"][1]["delivery"], "first_line": "2 other street"}
        payload["packages"][1]["delivery"] = street
        order = self.import_payloads(payload)
        self.assert_exact(order)
        sales = order.sale_order_ids.sorted("id")
        self.assertEqual(sales.mapped("amount_total"), [13.99, 20.0])
        pickings = sales.picking_ids.sorted("id")
        self.assertEqual(pickings.mapped("move_ids.product_uom_qty"), [2, 3])
        self.assertEqual(pickings.partner_id.mapped("street")[1], "2 other street")
        self.assertEqual(len(set(sales.mapped("lengow_package_key"))), 2)

    def test_a_cancelled_package_is_not_a_sale_order_and_its_shipping_is_kept(self):
        payload = self.make_payload(
            [("IN", 1, 1000)], [("IN", 1, 2000)], shipping=499, total_order=2499
        )
        payload["packages"][0]["cart"][0]["lengow_status"] = "canceled"
        order = self.import_payloads(payload)
        self.assert_exact(order)
        self.assertEqual(len(order.sale_order_ids), 1)

    # After the import

    def test_a_reduced_quantity_keeps_the_unit_price(self):
        mixed = self.included + self.get_tax(5.5, "tax_excluded")
        self.create_service("MIXED", mixed)
        for sku in ("IN", "EX", "MIXED"):
            with self.subTest(sku=sku):
                order = self.import_payloads(self.make_payload([(sku, 4, 10000)]))
                line = order.sale_order_ids.order_line
                price = line.price_unit
                with (
                    Form(order.sale_order_ids) as form,
                    form.order_line.edit(0) as form_line,
                ):
                    form_line.product_uom_qty = 3
                self.assertAlmostEqual(line.price_unit, price)
                self.assertAlmostEqual(line.price_total, 75.0)

    def test_prices_are_never_updated_from_a_pricelist(self):
        order = self.import_payloads(self.make_payload([("EX", 4, 10000)]))
        sale = order.sale_order_ids
        sale.action_update_prices()
        self.assertEqual(sale.amount_total, 100.0)

    def test_a_marketplace_line_without_a_number_is_imported_too(self):
        payload = self.make_payload([("EX", 1, 1000), ("IN", 1, 500)], [("IN", 1, 1)])
        for package in payload["packages"]:
            for line in package["cart"]:
                line["marketplace_order_line_id"] = None
        self.assert_exact(self.import_payloads(payload))
