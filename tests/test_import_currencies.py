"""Currencies and totals of orders: what is missing is told, and heals."""

from odoo import Command
from odoo.tests import tagged

from .common_imports import ImportOrdersCommon


@tagged("post_install", "-at_install", "lengow")
class TestImportCurrencies(ImportOrdersCommon):
    def test_inactive_currency_is_told_and_heals_once_it_is_active(self):
        pln = self.env.ref("base.PLN")
        pln.active = False
        shirt_id = str(self.world.products[0]["id"])
        self.env["lengow.product.mapping"].create(
            {
                "account_id": self.account.id,
                "external_id": shirt_id,
                "product_id": self.shirt.id,
            }
        )
        order = self.import_stored(self.add(marketplace="allegro_pl"))
        self.assert_problem(order, "inactive_currency", "PLN")
        pln.active = True
        self.let_pause_pass(order)
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertEqual(order.sale_order_ids.currency_id, pln)
        self.assertEqual(
            order.sale_order_ids.amount_total, order.payload["original_total_order"]
        )

    def test_currency_without_a_rate_is_told_and_heals(self):
        usd = self.env.ref("base.USD")
        usd.rate_ids.unlink()
        payload = self.add()
        payload["original_currency"] = {"iso_a3": "USD"}
        order = self.import_stored(payload)
        self.assert_problem(order, "no_exchange_rate", "USD")
        usd.rate_ids = [Command.create({"name": "2020-01-01", "rate": 1.1})]
        order.action_retry()
        self.assertEqual(order.state, "imported", order.error_message)

    def test_currency_that_nobody_knows_is_told(self):
        payload = self.add()
        payload["original_currency"] = {"iso_a3": "XXL"}
        self.assert_problem(self.import_stored(payload), "inactive_currency", "XXL")

    def test_order_that_names_no_currency_is_told(self):
        payload = self.add()
        payload["original_currency"] = payload["currency"] = None
        self.assert_problem(self.import_stored(payload), "no_currency")

    def test_total_of_minus_one_is_a_missing_rate(self):
        self.account.order_currency = "account"
        payload = self.add()
        payload["total_order"] = -1
        order = self.import_stored(payload)
        self.assert_problem(order, "no_exchange_rate", "EUR")
        payload["total_order"] = payload["original_total_order"]
        self.import_stored(payload)
        self.assertEqual(order.state, "imported")

    def test_total_that_does_not_add_up_is_imported_but_held(self):
        payload = self.add()
        payload["total_order"] = payload["original_total_order"] = 25
        order = self.import_stored(payload)
        self.assertEqual(
            (order.state, order.error_code), ("imported", "total_mismatch")
        )
        sale = order.sale_order_ids
        self.assertEqual(sale.state, "draft")
        self.assertIn("25", sale.lengow_hold_reason)
