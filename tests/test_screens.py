"""What a user sees and clicks, in a real browser where there is one."""

from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from .common import LengowCommon
from .common_browser import BrowserCase

ACTIONS = (
    "action_lengow_order",
    "action_lengow_order_to_fix",
    "action_lengow_action",
    "action_lengow_action_to_fix",
    "action_lengow_channel",
    "action_lengow_marketplace",
    "action_lengow_carrier_mapping",
    "action_lengow_product_mapping",
    "action_lengow_sync",
    "action_lengow_feed",
    "action_lengow_product",
    "action_lengow_shipping_notice",
    "action_lengow_shipping_notice_line",
    "action_lengow_stock_movement",
    "action_lengow_stock_movement_unmatched",
    "action_lengow_stock_report",
    "action_lengow_stock_report_line",
    "action_lengow_account",
)
WIZARDS = (
    "action_lengow_import_orders",
    "action_lengow_create_notice",
    "action_lengow_documents",
)


class LengowScreensCommon(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user, cls.manager = (
            new_test_user(
                cls.env,
                login,
                f"sale_lengow.group_{login}",
                company_id=cls.company.id,
            )
            for login in ("lengow_user", "lengow_manager")
        )


@tagged("post_install", "-at_install", "lengow")
class TestViews(LengowScreensCommon):
    def open_records(self, user):
        """Open what each action of ours shows, as the web client does.

        :return: the models that were opened.
        """
        opened = []
        for name in ACTIONS:
            action = self.env.ref(f"sale_lengow.{name}")
            with self.subTest(user=user.login, action=name):
                model = self.env[action.res_model].with_user(user)
                views = model.get_views(
                    [(False, "list"), (False, "form"), (False, "search")]
                )
                self.assertEqual(set(views["views"]), {"list", "form", "search"})
                record = model.search([], limit=1)
                self.assertTrue(record, "nothing to open")
                with Form(record):
                    opened.append(action.res_model)
        return opened

    def test_every_action_opens_for_users_and_managers(self):
        imported, _failed = self.import_two()
        self.env["lengow.action"].create(
            {"lengow_order_id": imported.id, "action_type": "ship"}
        )
        self.env["lengow.product.mapping"].create(
            {
                "account_id": self.account.id,
                "external_id": "x",
                "product_id": self.env["product.product"].search([], limit=1).id,
            }
        )
        self.env["lengow.feed"].create({"name": "Feed", "account_id": self.account.id})
        self.create_carrier_mapping(imported.channel_id)
        self.create_fulfilment(imported.channel_id)
        self.env.invalidate_all()
        for user in (self.user, self.manager, self.env.ref("base.user_admin")):
            self.assertEqual(len(self.open_records(user)), len(ACTIONS))

    def create_carrier_mapping(self, channel):
        """Say that a carrier has to be mapped on a channel."""
        product = self.env["product.product"].create({"name": "DPD", "type": "service"})
        carrier = self.env["delivery.carrier"].create(
            {"name": "DPD", "product_id": product.id}
        )
        self.env["lengow.carrier.mapping"].create(
            {"channel_id": channel.id, "delivery_carrier_id": carrier.id}
        )

    def create_fulfilment(self, channel):
        """Create one of each record of a marketplace's warehouse."""
        self.env["lengow.shipping.notice"].create(
            {"channel_id": channel.id, "line_ids": [Command.create({"ean": "1"})]}
        )
        self.env["lengow.stock.movement"].create(
            {
                "channel_id": channel.id,
                "account_id": self.account.id,
                "company_id": self.company.id,
                "kind": "other",
                "fingerprint": "x",
                "state": "unmatched",
            }
        )
        report = self.env["lengow.stock.report"].create(
            {"channel_id": channel.id, "state": "done"}
        )
        self.env["lengow.stock.report.line"].create(
            {"report_id": report.id, "ean": "1"}
        )

    def test_no_action_of_ours_is_forgotten_here(self):
        actions = self.env["ir.model.data"].search(
            [
                ("module", "=", "sale_lengow"),
                ("model", "=", "ir.actions.act_window"),
            ]
        )
        self.assertEqual(set(actions.mapped("name")), {*ACTIONS, *WIZARDS})

    def test_every_wizard_opens(self):
        self.open_channels()
        for name in WIZARDS:
            action = self.env.ref(f"sale_lengow.{name}")
            for user in (self.user, self.manager):
                with self.subTest(user=user.login, action=name):
                    Form(self.env[action.res_model].with_user(user))

    def test_menus_are_those_of_the_group(self):
        employee = new_test_user(self.env, "employee", "base.group_user")
        menus = {
            user: self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for user in (self.user, self.manager, employee)
        }
        root = self.env.ref("sale_lengow.menu_lengow_root").id
        accounts = self.env.ref("sale_lengow.menu_lengow_account").id
        self.assertEqual(
            [(root in seen, accounts in seen) for seen in menus.values()],
            [(True, False), (True, True), (False, False)],
        )

    def test_the_settings_of_sales_lead_to_the_accounts(self):
        arch = self.env["res.config.settings"].get_view(view_type="form")["arch"]
        self.assertIn("lengow_connector", arch)
        action = self.env.ref("sale_lengow.action_lengow_account")
        self.assertIn(f'name="{action.id}"', arch)

    def test_two_sale_orders_open_as_a_list_and_one_as_a_form(self):
        imported, failed = self.import_two()
        action = imported.action_view_sale_orders()
        self.assertEqual(action["res_id"], imported.sale_order_ids.id)
        other = imported.sale_order_ids.copy({"lengow_order_id": failed.id})
        action = (imported + failed).action_view_sale_orders()
        self.assertEqual(
            self.env["sale.order"].search(action["domain"]),
            (imported.sale_order_ids + other).sorted(),
        )

    def test_the_accounts_buttons_lead_to_their_own_records(self):
        _imported, failed = self.import_two()
        account = self.account.with_user(self.manager)
        self.assertEqual((account.order_count, account.to_fix_count), (2, 1))
        orders = self.env["lengow.order"].search(
            account.action_view_orders_to_fix()["domain"]
        )
        self.assertIn(failed, orders)
        channels = self.env["lengow.channel"].search(
            account.action_view_channels()["domain"]
        )
        self.assertEqual(len(channels), account.channel_count)
        channel = failed.channel_id.with_user(self.user)
        orders = self.env["lengow.order"].search(channel.action_view_orders()["domain"])
        self.assertEqual(len(orders), channel.order_count)


@tagged("post_install", "-at_install", "lengow")
class TestScreens(LengowScreensCommon, BrowserCase):
    def test_a_user_repairs_an_order(self):
        imported, failed = self.import_two()
        self.env["lengow.product.mapping"].create(
            {
                "account_id": self.account.id,
                "external_id": failed.line_ids.external_id,
                "product_id": imported.line_ids.product_id.id,
            }
        )
        self.start_tour("/odoo", "lengow_repair_order", login="lengow_user")
        self.env.invalidate_all()
        self.assertEqual(failed.state, "imported")

    def test_a_user_ignores_orders_of_the_list_to_fix(self):
        _imported, failed = self.import_two()
        self.start_tour(
            "/odoo/lengow-orders-to-fix", "lengow_ignore_orders", login="lengow_user"
        )
        self.env.invalidate_all()
        self.assertEqual((failed.state, failed.error_code), ("ignored", "by_person"))

    def test_a_user_imports_an_order_by_its_number(self):
        self.open_channels()
        self.create_product("TS-WHT-S")
        payload = self.world.add_order(
            lines=[("TS-WHT-S", 1)], marketplace_order_id="T-1"
        )
        self.start_tour(
            "/odoo/lengow-orders", "lengow_import_by_number", login="lengow_user"
        )
        self.env.invalidate_all()
        self.assertEqual(self.find(payload).state, "imported")

    def test_a_manager_connects_without_seeing_the_keys(self):
        self.start_tour(
            "/odoo/lengow-accounts",
            "lengow_connect_as_manager",
            login="lengow_manager",
        )
        self.env.invalidate_all()
        self.assertEqual(self.account.state, "connected")

    def test_an_administrator_sees_masked_keys(self):
        self.start_tour(
            "/odoo/lengow-accounts", "lengow_connect_as_administrator", login="admin"
        )
        self.env.invalidate_all()
        self.assertEqual(self.account.state, "connected")
