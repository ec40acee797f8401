"""Who may see and do what, and what never reaches a log."""

import logging
import shutil
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..simulator import ACCESS_TOKEN, SECRET
from .common import LengowCommon

MODELS = (
    "lengow.account",
    "lengow.action",
    "lengow.buyer",
    "lengow.channel",
    "lengow.feed",
    "lengow.feed.build",
    "lengow.feed.column",
    "lengow.feed.warning",
    "lengow.marketplace",
    "lengow.marketplace.carrier",
    "lengow.order",
    "lengow.order.line",
    "lengow.product.mapping",
    "lengow.sync",
)
TECHNICAL_MODELS = ("lengow.api.token", "lengow.api.quota")
SHARED_MODELS = ("lengow.marketplace", "lengow.marketplace.carrier")


@tagged("post_install", "-at_install", "lengow")
class TestSecurity(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = "base.group_allow_export"
        cls.user, cls.manager, cls.salesman, cls.employee, cls.bookkeeper = (
            new_test_user(cls.env, login, groups, company_id=cls.company.id)
            for login, groups in (
                ("lengow user", f"sale_lengow.group_lengow_user,{export}"),
                ("lengow manager", f"sale_lengow.group_lengow_manager,{export}"),
                ("salesman", "sales_team.group_sale_salesman"),
                ("employee", "base.group_user"),
                ("bookkeeper", "account.group_account_invoice"),
            )
        )
        cls.administrator = cls.env.ref("base.user_admin")

    # Secrets

    def test_secrets_are_read_by_administrators_alone(self):
        self.connect()
        for user in (self.user, self.manager):
            account = self.account.with_user(user)
            for name in ("access_token", "secret"):
                with self.subTest(user=user.login, name=name):
                    with self.assertRaises(AccessError):
                        account.read([name])
                    with self.assertRaises(AccessError):
                        account.search([(name, "=like", "a%")])
                    with self.assertRaises(AccessError):
                        account.export_data([name])
                    with self.assertRaises(AccessError):
                        account.write({name: "other"})
                    self.assertNotIn(name, account.read()[0])
                    self.assertNotIn(name, account.fields_get())
                    self.assertNotIn(name, account.copy_data()[0])
            with self.assertRaises(AccessError):
                account.env["lengow.api.token"].search([]).read(["value"])
        account = self.account.with_user(self.administrator)
        self.assertEqual(account.access_token, ACCESS_TOKEN)
        self.assertEqual(account.secret, SECRET)
        token = account.env["lengow.api.token"].search(
            [("account_id", "=", self.account.id)]
        )
        self.assertTrue(token.value)

    def test_a_manager_knows_whether_there_are_keys_and_connects(self):
        account = self.account.with_user(self.manager)
        self.assertTrue(account.has_keys)
        with self.enter_registry_test_mode():
            account.action_connect()
        self.assertEqual(account.state, "connected")

    def test_a_manager_cannot_have_the_keys_sent_elsewhere(self):
        account = self.account.with_user(self.manager)
        with self.assertRaises(AccessError):
            account.base_url = "https://elsewhere.example.com"
        account.write({"base_url": account.base_url, "name": "Renamed"})
        self.assertEqual(account.name, "Renamed")
        self.account.with_user(self.administrator).base_url = "https://api.lengow.net"

    def test_a_refusal_does_not_tell_the_keys(self):
        self.account.secret = "S3cret-that-nobody-knows"
        with self.assertRaises(UserError) as refusal, self.enter_registry_test_mode():
            self.account.action_connect()
        self.assertIn("refuses the keys", str(refusal.exception))
        self.assertNotIn("S3cret", str(refusal.exception))
        self.assertNotIn(ACCESS_TOKEN, str(refusal.exception))

    # Groups

    def test_a_user_sees_orders_retries_and_maps_products(self):
        imported, failed = self.import_two()
        failed = failed.with_user(self.user)
        self.assertTrue(failed.payload)
        self.env["lengow.product.mapping"].with_user(self.user).create(
            {
                "account_id": self.account.id,
                "external_id": failed.line_ids.external_id,
                "product_id": imported.line_ids.product_id.id,
            }
        )
        failed.action_retry()
        self.assertEqual(failed.state, "imported")
        sale = failed.sale_order_ids
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.action_view_lengow_order()["res_id"], failed.id)

    def test_a_user_changes_neither_accounts_nor_channels(self):
        self.import_two()
        account = self.account.with_user(self.user)
        channel = account.channel_ids[0]
        for attempt in (
            lambda: account.write({"name": "x"}),
            lambda: account.create({"name": "x"}),
            account.unlink,
            account.action_connect,
            lambda: channel.write({"auto_confirm": False}),
            channel.unlink,
            lambda: channel.marketplace_id.write({"name": "x"}),
            account.order_ids.unlink,
            lambda: account.order_ids.create(
                {"account_id": account.id, "marketplace_order_id": "1"}
            ),
            account.sync_ids.unlink,
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_a_manager_changes_channels(self):
        self.import_two()
        channel = self.account.channel_ids[0].with_user(self.manager)
        with Form(channel) as form:
            form.auto_confirm = False
        self.assertFalse(channel.auto_confirm)

    def test_a_salesman_sees_sale_orders_and_no_marketplace_orders(self):
        imported, failed = self.import_two()
        order = failed.with_user(self.salesman)
        for attempt in (
            lambda: order.read(["error_message"]),
            order.action_retry,
            lambda: order.write({"state": "pending"}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        imported.sale_order_ids.user_id = self.salesman
        sale = imported.sale_order_ids.with_user(self.salesman)
        self.assert_opens(sale)
        sale.order_line[:1].product_uom_qty += 1

    def test_a_user_cannot_edit_what_lengow_gave(self):
        _imported, failed = self.import_two()
        order = failed.with_user(self.user)
        with self.assertRaises(AccessError):
            order.write({"state": "pending"})
        order.message_post(body="The buyer has called.")
        order.activity_schedule("mail.mail_activity_data_todo")

    def test_whoever_opens_sale_orders_opens_marketplace_ones(self):
        imported, _failed = self.import_two()
        sale = imported.sale_order_ids.with_user(self.bookkeeper)
        self.assert_opens(sale)
        arch = sale.get_view(view_type="form")["arch"]
        self.assertNotIn("action_view_lengow_order", arch)

    def assert_opens(self, record):
        """Read all that a form shows, as the web client does."""
        self.env.invalidate_all()
        with Form(record, view=None):
            pass

    def test_an_employee_sees_nothing(self):
        self.import_two()
        for name in (*MODELS, *TECHNICAL_MODELS):
            with self.subTest(model=name), self.assertRaises(AccessError):
                self.env[name].with_user(self.employee).search([])

    # Companies

    def test_another_company_sees_nothing(self):
        imported, _failed = self.import_two()
        self.env["lengow.action"].create(
            {"lengow_order_id": imported.id, "action_type": "ship"}
        )
        product = self.env["product.product"].search([], limit=1)
        self.env["lengow.product.mapping"].create(
            {
                "account_id": self.account.id,
                "external_id": "x",
                "product_id": product.id,
            }
        )
        feed = self.env["lengow.feed"].create(
            {"name": "Feed", "account_id": self.account.id}
        )
        self.addCleanup(shutil.rmtree, feed._get_folder(), ignore_errors=True)
        self.run_cron("build_feeds")
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "sale_lengow.group_lengow_manager",
            company_id=other.id,
            company_ids=[fields.Command.set(other.ids)],
        )
        for name in MODELS:
            with self.subTest(model=name):
                ours = self.env[name].search([])
                self.assertTrue(ours)
                theirs = ours.with_user(stranger)
                if name in SHARED_MODELS:
                    self.assertEqual(theirs.search([]), theirs)
                    continue
                self.assertFalse(theirs.search([]))
                with self.assertRaises(AccessError):
                    theirs.read(["display_name"])
                if name == "lengow.order":
                    with self.assertRaises(AccessError):
                        theirs.action_retry()

    def test_a_mapping_stays_within_its_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        product = self.create_product("THEIRS", company_id=other.id, taxes_id=False)
        with self.assertRaises(UserError):
            self.env["lengow.product.mapping"].create(
                {
                    "account_id": self.account.id,
                    "external_id": "x",
                    "product_id": product.id,
                }
            )


class _Everything(logging.Handler):
    """Keeps all that is logged, as a log file would show it."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@tagged("post_install", "-at_install", "lengow")
class TestLogs(LengowCommon):
    def capture_logs(self):
        """Note all that is logged until the end of the test."""
        handler, root = _Everything(), logging.getLogger()
        root.addHandler(handler)
        self.addCleanup(root.removeHandler, handler)
        for logger in (root, *map(logging.getLogger, list(root.manager.loggerDict))):
            if logger.level > logging.DEBUG:
                self.addCleanup(logger.setLevel, logger.level)
                logger.setLevel(logging.DEBUG)
        # Whoever asks Odoo to log every query (--log-sql) gets what they ask for.
        sql_logger = logging.getLogger("odoo.sql_db")
        self.addCleanup(sql_logger.setLevel, sql_logger.level)
        sql_logger.setLevel(logging.INFO)
        return handler.lines

    def get_secrets(self, payload):
        """:return: what of an order and of the account must stay private."""
        secrets = {ACCESS_TOKEN, SECRET}
        secrets |= set(self.env["lengow.api.token"].search([]).mapped("value"))
        deliveries = [package["delivery"] for package in payload["packages"]]
        for address in (payload["billing_address"], *deliveries):
            secrets |= {
                str(address[name])
                for name in ("email", "last_name", "first_line", "phone_home")
                if address.get(name)
            }
        return secrets

    def assert_private(self, lines, payloads):
        """Check that no line tells a secret."""
        for payload in payloads:
            secrets = self.get_secrets(payload)
            self.assertGreater(len(secrets), 4)
            for line in lines:
                told = [secret for secret in secrets if secret in line]
                self.assertFalse(told, line)

    def add_order(self):
        """Add an order whose product is known."""
        sku = self.world.products[0]["sku"]
        if not self.env["product.product"].search([("default_code", "=", sku)]):
            self.create_product(sku)
        return self.world.add_order(
            lines=[(sku, 1)],
            billing_address={
                "last_name": "Zzyzxbuyer",
                "first_line": "12 Xyzzystreet",
                "email": "zzyzx@buyers.example",
                "phone_home": "+33 1 99 88 77 66",
            },
        )

    def test_an_import_logs_neither_keys_nor_buyers(self):
        payload = self.add_order()
        lines = self.capture_logs()
        self.import_all()
        self.assertEqual(self.find(payload).state, "imported")
        self.assertTrue(any("sale_lengow" in line for line in lines), lines)
        self.assert_private(lines, [payload])

    def test_an_unexpected_error_does_not_log_what_it_says(self):
        payloads = [self.add_order(), self.add_order()]
        guilty = payloads[0]["marketplace_order_id"]
        order_class = type(self.env["lengow.order"])
        create_sale_orders = order_class._create_sale_orders

        def fail(orders, jobs):
            for job in jobs:
                if job.view.marketplace_order_id == guilty:
                    raise ValueError(f"no good: {job.view.payload}")
            return create_sale_orders(orders, jobs)

        lines = self.capture_logs()
        with patch.object(order_class, "_create_sale_orders", fail):
            self.import_all()
        self.assertEqual(self.find(payloads[0]).error_code, "unexpected")
        self.assertEqual(self.find(payloads[1]).state, "imported")
        self.assertTrue(any("ValueError" in line for line in lines))
        self.assert_private(lines, payloads)

    def test_a_refusal_of_the_database_does_not_log_the_row(self):
        payload = self.add_order()
        self.connect()
        self.run_cron("sync_marketplaces", "fetch_orders")
        order = self.find(payload)
        self.env["sale.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "lengow_order_id": order.id,
                "lengow_package_key": order.line_ids.package_key,
            }
        )
        lines = self.capture_logs()
        self.run_cron("import_orders")
        self.assertEqual(order.error_code, "unexpected")
        self.assertTrue(any("UniqueViolation" in line for line in lines))
        self.assertFalse([line for line in lines if "bad query" in line])
        self.assert_private(lines, [payload])

    def test_an_order_stored_twice_at_once_does_not_log_the_row(self):
        payload = self.add_order()
        self.connect()
        self.run_cron("sync_marketplaces", "fetch_orders")
        empty = self.env["lengow.order"]
        lines = self.capture_logs()
        with (
            # As another worker's order is, before it is committed.
            patch.object(type(empty), "search_fetch", lambda orders, *_a, **_k: empty),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            empty._store_page(self.account, [payload])
        self.assert_private(lines, [payload])
