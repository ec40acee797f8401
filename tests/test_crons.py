"""The crons do what they are named after, start when they should, and never raise."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_open

from ..models.lengow_account_digest import LengowAccount as LengowAccountDigest
from ..models.lengow_account_sync import LengowAccount
from ..models.lengow_action_send import LengowAction as LengowActionSend
from ..models.lengow_action_settle import LengowAction as LengowActionSettle
from ..models.lengow_feed_cron import LengowFeed
from ..models.lengow_order_import import LengowOrder as LengowOrderImport
from ..models.lengow_order_invoice import LengowOrder as LengowOrderInvoice
from ..models.lengow_order_mark import LengowOrder as LengowOrderMark
from ..models.lengow_shipping_notice_read import LengowChannel as LengowChannelNotices
from ..models.lengow_stock_movement_fetch import LengowChannel as LengowChannelMovements
from ..models.lengow_stock_movement_move import LengowStockMovement
from ..models.lengow_stock_report_fetch import LengowChannel as LengowChannelReports
from .common import LengowCommon

CRONS = (
    "sync_marketplaces",
    "fetch_orders",
    "import_orders",
    "mark_orders",
    "send_actions",
    "settle_actions",
    "invoice_orders",
    "send_digests",
    "sync_notices",
    "fetch_movements",
    "fetch_stock_reports",
    "move_stock",
    "build_feeds",
)


@tagged("post_install", "-at_install", "lengow")
class TestCrons(LengowCommon):
    def get_triggered(self):
        """:return: set of the names of our crons that are to start at once."""
        triggers = self.env["ir.cron.trigger"].search([])
        return {
            name
            for name in CRONS
            if self.env.ref(f"sale_lengow.ir_cron_{name}") in triggers.cron_id
        }

    def test_each_cron_runs_its_own_method(self):
        methods = {
            "sync_marketplaces": (LengowAccount, "_cron_sync_marketplaces"),
            "fetch_orders": (LengowAccount, "_cron_fetch_orders"),
            "import_orders": (LengowOrderImport, "_cron_import_orders"),
            "mark_orders": (LengowOrderMark, "_cron_mark_orders"),
            "send_actions": (LengowActionSend, "_cron_send_actions"),
            "settle_actions": (LengowActionSettle, "_cron_settle_actions"),
            "invoice_orders": (LengowOrderInvoice, "_cron_invoice_orders"),
            "send_digests": (LengowAccountDigest, "_cron_send_digests"),
            "sync_notices": (LengowChannelNotices, "_cron_sync_notices"),
            "fetch_movements": (LengowChannelMovements, "_cron_fetch_movements"),
            "fetch_stock_reports": (LengowChannelReports, "_cron_fetch_stock_reports"),
            "move_stock": (LengowStockMovement, "_cron_move_stock"),
            "build_feeds": (LengowFeed, "_cron_build_feeds"),
        }
        called = []
        for name, (model, method) in methods.items():
            self.patch(model, method, lambda records, name=name: called.append(name))
        for name in CRONS:
            self.run_cron(name)
        self.assertEqual(called, list(CRONS))

    def test_upgrade_leaves_the_schedule_of_the_administrator_alone(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "sale_lengow"), ("model", "=", "ir.cron")]
        )
        self.assertEqual(len(data), len(CRONS))
        self.assertTrue(all(data.mapped("noupdate")))

    def test_crons_are_active_and_run_as_the_system(self):
        for name in CRONS:
            cron = self.env.ref(f"sale_lengow.ir_cron_{name}")
            self.assertTrue(cron.active)
            self.assertEqual(cron.user_id, self.env.ref("base.user_root"))

    def test_nothing_raises_without_an_account(self):
        self.account.unlink()
        self.run_cron(*CRONS)
        self.assertFalse(self.simulator.requests)

    def test_account_that_is_not_connected_is_left_alone(self):
        self.run_cron(*CRONS)
        self.assertFalse(self.simulator.requests)
        self.assertEqual(self.account.state, "draft")

    def test_archived_account_is_left_alone(self):
        self.account.write({"state": "connected", "active": False})
        self.run_cron(*CRONS)
        self.assertFalse(self.simulator.requests)

    def test_connecting_starts_the_crons(self):
        self.env["ir.cron.trigger"].search([]).unlink()
        self.connect()
        self.assertEqual(self.get_triggered(), {"fetch_orders"})

    def test_connecting_in_vain_starts_nothing(self):
        self.env["ir.cron.trigger"].search([]).unlink()
        self.account.secret = "wrong"
        with self.assertRaisesRegex(UserError, "Enter the current keys"):
            self.connect()
        self.assertFalse(self.get_triggered())
        self.assertEqual(self.account.state, "draft")

    def test_import_now_starts_fetch_and_import(self):
        with self.assertRaisesRegex(UserError, "Connect the account"):
            self.account.action_import_now()
        self.connect()
        self.env["ir.cron.trigger"].search([]).unlink()
        self.account.action_import_now()
        self.assertEqual(self.get_triggered(), {"fetch_orders", "import_orders"})

    def test_fetched_orders_start_the_import(self):
        self.open_channels()
        self.world.add_order()
        self.env["ir.cron.trigger"].search([]).unlink()
        self.run_cron("fetch_orders")
        self.assertIn("import_orders", self.get_triggered())

    def test_whole_way_from_connect_to_mark_by_the_crons_alone(self):
        self.create_product("TS-WHT-S")
        payload = self.world.add_order(lines=[("TS-WHT-S", 1)])
        self.connect()
        self.run_cron(*CRONS)
        order = self.find(payload)
        self.assertEqual((order.state, order.merchant_id_state), ("imported", "done"))

    def test_copy_of_the_database_speaks_to_nobody(self):
        self.create_product("TS-WHT-S")
        payload = self.world.add_order(lines=[("TS-WHT-S", 1)])
        self.connect()
        self.run_cron("sync_marketplaces", "fetch_orders", "import_orders")
        self.assertEqual(self.find(payload).merchant_id_state, "pending")
        self.assertTrue(self.env["lengow.api.token"].sudo().search([]))
        self.simulator.requests.clear()
        with file_open("sale_lengow/data/neutralize.sql") as script:
            self.env.flush_all()
            self.env.cr.execute(script.read())
            self.env.invalidate_all()
        self.assertEqual(self.account.state, "draft")
        self.assertFalse(self.account.has_keys)
        self.assertFalse(self.env["lengow.api.token"].sudo().search([]))
        self.run_cron(*CRONS)
        self.assertFalse(self.simulator.requests, "a copy must not speak to Lengow")
        self.assertEqual(self.account.state, "draft")
        with self.assertRaises(UserError):
            self.account.action_connect()
