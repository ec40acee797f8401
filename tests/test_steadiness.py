"""Settings that change, quotations that go, numbers without end: nothing comes apart."""

import copy
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.sql import column_exists

from ..models import lengow_order_state
from .common import LengowCommon


@tagged("post_install", "-at_install", "lengow")
class TestSteadiness(LengowCommon):
    def setUp(self):
        super().setUp()
        self.open_channels()
        self.sku = self.world.products[0]["sku"]
        self.create_product(self.sku)

    def add(self, **vals):
        return self.world.add_order(lines=[(self.sku, 1)], **vals)

    def test_many_orders_are_read_again_by_the_cron_and_few_at_once(self):
        channel = self.get_channel()
        channel.import_orders = False
        orders = self.store(*(self.add(marketplace="amazon_fr") for _i in range(5)))
        self.assertEqual(set(orders.mapped("state")), {"ignored"})
        with patch.object(lengow_order_state, "REREAD_AT_ONCE", 2):
            channel.import_orders = True
        states = orders.mapped("state")
        self.assertEqual((states.count("pending"), states.count("ignored")), (2, 3))
        self.run_cron("import_orders")
        self.assertEqual(set(orders.mapped("state")), {"imported"})
        self.assertFalse(self.env["lengow.order.retry"].search([]))

    def test_a_deleted_quotation_leaves_an_order_that_can_be_imported_anyway(self):
        self.get_channel().auto_confirm = False
        order = self.import_stored(self.add(marketplace="amazon_fr"))
        order.sale_order_ids.unlink()
        self.assertEqual((order.state, order.error_code), ("ignored", "by_person"))
        self.assertEqual(order.merchant_id_state, "none")
        order.action_import_anyway()
        self.assertEqual(order.state, "imported")
        self.assertEqual(len(order.sale_order_ids), 1)

    def test_one_deleted_package_leaves_the_order_imported(self):
        self.get_channel().auto_confirm = False
        payload = self.add(marketplace="amazon_fr")
        second = copy.deepcopy(payload["packages"][0])
        second["cart"][0]["marketplace_order_line_id"] = "another"
        payload["packages"].append(second)
        payload["total_order"] *= 2
        order = self.import_stored(payload)
        self.assertEqual(len(order.sale_order_ids), 2)
        order.sale_order_ids[:1].unlink()
        self.assertEqual(order.state, "imported")

    def test_an_imported_order_keeps_its_currency_when_the_account_takes_another(self):
        payload = self.add(marketplace="amazon_fr", original_currency={"iso_a3": "GBP"})
        order = self.import_stored(payload)
        total = order.total_order
        self.assertEqual((order.state, order.currency_id.name), ("imported", "GBP"))
        self.account.order_currency = "account"
        payload["marketplace_status"] = "another"
        self.import_stored(payload)
        self.assertEqual(order.marketplace_status, "another")
        self.assertEqual((order.currency_id.name, order.total_order), ("GBP", total))

    def test_an_endless_number_is_no_number(self):
        payload, other = self.add(), self.add()
        payload["marketplace_order_id"] = "9" * 10_000
        with self.enter_registry_test_mode():
            self.account._store_orders([payload, other])
        orders = self.account.order_ids
        self.assertEqual(len(orders), 2)
        self.run_cron("import_orders")
        self.assertEqual(self.find(other).state, "imported")
        endless = orders - self.find(other)
        self.assertEqual((endless.state, endless.error_code), ("error", "no_order_id"))

    def test_stored_fields_of_sale_orders_are_added_without_computing_them(self):
        sale = self.env["sale.order"].create(
            {"partner_id": self.env.user.partner_id.id}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE sale_order DROP COLUMN lengow_commission CASCADE"
        )
        self.env.registry.init_models(
            self.env.cr, ["sale.order"], {"module": "sale_lengow"}
        )
        self.assertTrue(column_exists(self.env.cr, "sale_order", "lengow_commission"))
        self.env.cr.execute(
            "SELECT lengow_commission FROM sale_order WHERE id = %s", (sale.id,)
        )
        self.assertEqual(self.env.cr.fetchone(), (None,))
