"""An account that fails for days pauses by itself, is told about once, and resumes."""

from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, new_test_user, tagged

from ..const import PAUSE_AFTER_DAYS
from ..lengow import const as client_const
from ..simulator.const import OTHER_ACCESS_TOKEN, OTHER_SECRET
from .common import LengowCommon

ORDERS = "/v3.0/orders/"
MORNING = fields.Datetime.now().replace(hour=9)


@tagged("post_install", "-at_install", "lengow")
class TestPausing(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.user = new_test_user(
            cls.env,
            "responsible",
            "sale_lengow.group_lengow_manager",
            email="responsible@example.com",
        )
        cls.account.user_id = cls.user

    def fetch_on_day(self, number, times=1):
        """Run the fetch on some day, as often as told."""
        for _time in range(times):
            self.clock.now += 3600
            with freeze_time(MORNING + timedelta(days=number)):
                self.run_cron("fetch_orders")

    def fail_for_days(self, days):
        self.simulator.faults.set_rate("500", 1)
        for number in range(days):
            self.fetch_on_day(number)

    def get_mails(self):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "lengow.account"),
                ("res_id", "=", self.account.id),
                ("subject", "like", "no more orders"),
            ]
        )

    def get_activities(self, words):
        return self.account.activity_ids.filtered(
            lambda activity: words in (activity.summary or "")
        )

    def test_failing_for_days_pauses_and_is_told_once(self):
        self.fail_for_days(PAUSE_AFTER_DAYS)
        self.assertFalse(self.account.paused_at)
        self.assertFalse(self.get_mails())
        self.fetch_on_day(PAUSE_AFTER_DAYS)
        self.assertTrue(self.account.paused_at)
        self.assertEqual(self.account.state, "error")
        (activity,) = self.get_activities("paused")
        self.assertEqual(activity.user_id, self.user)
        mail = self.get_mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.user.partner_id)
        self.assertIn("500", mail.body_html)
        self.assertIn(f"/odoo/lengow-accounts/{self.account.id}", mail.body_html)
        self.simulator.requests.clear()
        self.fetch_on_day(PAUSE_AFTER_DAYS + 1, times=2)
        self.run_cron("sync_marketplaces", "mark_orders")
        self.assertFalse(self.simulator.requests, "Lengow is left in peace")
        self.assertEqual(len(self.get_mails()), 1)
        self.assertEqual(len(self.get_activities("paused")), 1)

    def test_many_failures_of_one_day_do_not_pause(self):
        self.simulator.faults.set_rate("500", 1)
        self.fetch_on_day(0, times=10)
        self.assertEqual(self.account.failing_days, 1)
        self.assertFalse(self.account.paused_at)

    def test_a_day_that_goes_well_begins_anew(self):
        self.fail_for_days(PAUSE_AFTER_DAYS)
        self.simulator.faults.clear()
        self.fetch_on_day(PAUSE_AFTER_DAYS)
        self.assertEqual(
            (self.account.failing_days, self.account.state), (0, "connected")
        )
        self.simulator.faults.set_rate("500", 1)
        self.fetch_on_day(PAUSE_AFTER_DAYS + 1)
        self.assertFalse(self.account.paused_at)

    def test_names_that_cannot_be_sent_do_not_stop_the_orders(self):
        self.create_product("TS-WHT-S")
        order = self.import_stored(self.world.add_order(lines=[("TS-WHT-S", 1)]))
        self.simulator.faults.once("500", path="/v3.0/orders/moi/", times=1000)
        for number in range(PAUSE_AFTER_DAYS + 3):
            self.clock.now += 3600
            with freeze_time(MORNING + timedelta(days=number)):
                self.run_cron("fetch_orders", "mark_orders")
        self.assertEqual(order.merchant_id_state, "pending")
        self.assertEqual(self.account.state, "error")
        self.assertFalse(self.account.paused_at)

    def test_orders_of_which_some_arrive_do_not_pause(self):
        self.patch(client_const, "PAGE_SIZE", 2)
        moments = [self.simulator.now() - timedelta(hours=n) for n in range(4)]
        for moment in moments:
            self.world.add_order(imported_at=moment, updated_at=moment)
        for number in range(PAUSE_AFTER_DAYS + 3):
            self.simulator.faults.clear()
            self.simulator.faults.once("500", path=ORDERS, skip=1, times=1000)
            self.fetch_on_day(number)
            self.assertEqual(self.account.state, "error")
            self.assertIn("500", self.account.last_error)
        self.assertEqual(len(self.account.order_ids), 2, "the first page arrives")
        self.assertEqual(self.account.failing_days, 0)
        self.assertFalse(self.account.paused_at)
        self.assertFalse(self.get_mails())

    def test_the_others_go_on(self):
        other = self.env["lengow.account"].create(
            {
                "name": "Other",
                "access_token": OTHER_ACCESS_TOKEN,
                "secret": OTHER_SECRET,
                "user_id": self.user.id,
            }
        )
        with self.enter_registry_test_mode():
            other.action_connect()
        self.world.accounts[0]["secret"] = "new"
        for number in range(PAUSE_AFTER_DAYS + 2):
            self.fetch_on_day(number)
        self.assertTrue(self.account.paused_at)
        self.assertFalse(other.paused_at)
        self.assertEqual(other.state, "connected")
        self.assertTrue(other.fetched_until)
        last = MORNING + timedelta(days=PAUSE_AFTER_DAYS + 1)
        self.assertEqual(other.fetched_until.date(), last.date())

    def test_resume_import_now_and_new_keys_begin_anew(self):
        for name in ("action_resume", "action_import_now", "action_connect"):
            with self.subTest(button=name):
                self.simulator.faults.clear()
                self.account._resume()
                self.fail_for_days(PAUSE_AFTER_DAYS + 1)
                self.assertTrue(self.account.paused_at)
                self.simulator.faults.clear()
                self.env["ir.cron.trigger"].search([]).unlink()
                with self.enter_registry_test_mode():
                    getattr(self.account.with_user(self.user), name)()
                self.assertEqual(
                    (self.account.paused_at, self.account.failing_days), (False, 0)
                )
                cron = self.env.ref("sale_lengow.ir_cron_fetch_orders")
                self.assertIn(cron, self.env["ir.cron.trigger"].search([]).cron_id)
                self.fetch_on_day(PAUSE_AFTER_DAYS + 1)
                self.assertEqual(self.account.state, "connected")
                self.assertFalse(self.account.activity_ids)

    def test_orders_that_came_before_the_pause_are_imported(self):
        self.create_product("TS-WHT-S")
        order = self.store(self.world.add_order(lines=[("TS-WHT-S", 1)]))
        self.account.paused_at = fields.Datetime.now()
        self.run_cron("import_orders")
        self.assertEqual(order.state, "imported")

    def test_account_without_a_responsible_person_pauses_without_a_mail(self):
        self.account.user_id = False
        self.fail_for_days(PAUSE_AFTER_DAYS + 1)
        self.assertTrue(self.account.paused_at)
        self.assertFalse(self.get_mails())
        self.assertTrue(self.get_activities("paused"))
