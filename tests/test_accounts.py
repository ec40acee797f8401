from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..const import PRODUCTION_URL
from ..simulator import ACCESS_TOKEN, SECRET
from .common import LengowCommon


@tagged("post_install", "-at_install", "lengow")
class TestAccounts(LengowCommon):
    def add_order(self, **overrides):
        payload = self.world.add_order(**overrides)
        sku = payload["packages"][0]["cart"][0]["merchant_product_id"]["id"]
        if not self.env["product.product"].search([("default_code", "=", sku)]):
            self.create_product(sku)
        return payload

    def test_address_has_one_spelling(self):
        self.account.base_url = "https://API.lengow.io/ "
        self.assertEqual(self.account.base_url, PRODUCTION_URL)
        self.assertTrue(self.account.is_production)
        with self.assertRaises(ValidationError):
            self.account.base_url = "http://localhost.example.com"

    def test_same_lengow_account_cannot_be_connected_twice_even_when_archived(self):
        self.connect()
        self.account.active = False
        again = self.account.create(
            {"name": "Again", "access_token": ACCESS_TOKEN, "secret": SECRET}
        )
        with self.assertRaisesRegex(Exception, "lengow_account_uniq"):
            again.action_connect()
            self.env.flush_all()

    def test_other_lengow_account_begins_anew(self):
        self.import_all()
        self.assertTrue(self.account.fetched_until)
        self.account.write(
            {"access_token": "other-access-token", "secret": "other-secret"}
        )
        self.assertTrue(
            self.account.fetched_until, "the same account may have new keys"
        )
        self.connect()
        self.assertEqual(self.account.lengow_account_id, "1002")
        self.assertFalse(self.account.fetched_until)
        self.assertFalse(self.account.marketplaces_synced_at)

    def test_token_of_old_keys_is_not_used_with_new_ones(self):
        self.connect()
        self.account.secret = "wrong"
        with self.assertRaisesRegex(UserError, "Enter the current keys"):
            self.connect()

    def test_account_with_orders_cannot_be_deleted(self):
        self.add_order()
        self.import_all()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.account.unlink()

    def test_responsible_user_is_told_once_until_it_heals(self):
        self.connect()
        self.account.user_id = new_test_user(
            self.env, "responsible", "sale_lengow.group_lengow_manager"
        )
        self.simulator.faults.set_rate("html", 1.0)
        self.run_cron("fetch_orders")
        self.run_cron("fetch_orders")
        self.assertEqual(self.account.state, "error")
        activity = self.account.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.account.user_id)
        self.simulator.faults.clear()
        self.run_cron("fetch_orders")
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(self.account.activity_ids)

    def test_orders_since_an_earlier_day_are_fetched(self):
        self.connect()
        now = self.simulator.now()
        self.account.import_from = now.date()
        payload = self.add_order(marketplace_order_date=now - timedelta(days=3))
        self.import_all()
        order = self.find(payload)
        self.assertFalse(order.state == "imported", "it was placed before that day")
        self.account.import_from = (now - timedelta(days=4)).date()
        self.run_cron("fetch_orders", "import_orders")
        self.assertEqual(self.find(payload).state, "imported")

    def test_currency_of_orders_reaches_those_that_wait(self):
        self.connect()
        self.env.ref("base.GBP").active = False
        self.open_channels()
        payload = self.add_order(marketplace="amazon_uk")
        self.import_all()
        order = self.find(payload)
        self.assertEqual(order.error_code, "inactive_currency")
        self.account.order_currency = "account"
        self.assertEqual(order.currency_id, self.env.ref("base.EUR"))
        self.assertAlmostEqual(order.total_order, float(payload["total_order"]))
        self.run_cron("import_orders")
        self.assertEqual(order.state, "imported")
        self.assertAlmostEqual(order.sale_order_ids.amount_total, order.total_order)

    def test_account_that_waited_longest_comes_first(self):
        self.connect()
        other = self.account.create(
            {
                "name": "A",
                "access_token": "other-access-token",
                "secret": "other-secret",
            }
        )
        with self.enter_registry_test_mode():
            other.action_connect()
        accounts = self.account | other
        self.assertEqual(accounts._get_connected()[:1], other)
        self.run_cron("fetch_orders")
        self.env["lengow.sync"].create({"account_id": other.id, "kind": "fetch"})
        self.assertEqual(accounts._get_connected()[:1], self.account)
