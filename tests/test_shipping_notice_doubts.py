from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..simulator.feeds import OTHER_FEED, PLAIN_FEED
from .common_fulfilment import NOTICES, FulfilmentCommon


@tagged("post_install", "-at_install")
class TestNoticesInDoubt(FulfilmentCommon):
    """Answers that are lost, and states that change behind our back."""

    def lose(self, kind, path=NOTICES, method="POST", times=1):
        self.simulator.faults.once(kind, path=path, method=method, times=times)

    def test_a_notice_whose_answer_was_lost_is_found_again(self):
        notice = self.create_notice()
        self.lose("reset_after")
        self.do(notice, "action_create_at_lengow")
        self.assertEqual(notice.state, "new")
        self.assertEqual(len(self.logistics.notices), 1)

    def test_a_notice_that_failed_after_it_was_made_is_found_again(self):
        notice = self.create_notice()
        self.logistics.settings.creation_fault = "after"
        self.do(notice, "action_create_at_lengow")
        self.assertEqual(notice.state, "new")
        self.assertEqual(len(self.logistics.notices), 1)

    def test_a_notice_that_did_not_arrive_can_be_created_again(self):
        notice = self.create_notice()
        self.logistics.settings.creation_fault = "before"
        words = self.click(notice, "action_create_at_lengow")
        self.assertIn("did not reach Lengow. Click it again", words)
        self.assertEqual((notice.state, notice.problem), ("draft", words))
        self.do(notice, "action_create_at_lengow")
        self.assertEqual(len(self.logistics.notices), 1)
        self.assertFalse(notice.problem)

    def test_while_lengow_is_silent_nothing_is_sent_twice(self):
        notice = self.create_notice()
        self.lose("reset_after", method=None, times=100)
        words = self.click(notice, "action_create_at_lengow")
        self.assertIn("It is not known whether Lengow did", words)
        self.assertEqual(notice.pending_step, "create")
        with self.assertRaisesRegex(UserError, "not known yet whether"):
            self.click(notice, "action_create_at_lengow")
        self.assertIn("just being sent", self.click(notice, "action_refresh"))
        self.simulator.faults.clear()
        notice.pending_since = fields.Datetime.now() - timedelta(minutes=5)
        self.do(notice, "action_refresh")
        self.assertEqual((notice.state, notice.pending_step), ("new", False))
        self.assertEqual(len(self.logistics.notices), 1)

    def test_the_cron_finds_out_about_a_step_whose_worker_was_lost(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow", "action_announce")
        notice.write(
            {
                "pending_step": "confirm_announcement",
                "pending_since": fields.Datetime.now() - timedelta(hours=1),
            }
        )
        (record,) = self.logistics.notices.values()
        record.do("confirm_announcement", {}, self.simulator.now())
        self.run_cron("sync_notices")
        self.assertEqual((notice.state, notice.pending_step), ("confirmed", False))

    def test_the_cron_leaves_a_step_that_is_just_being_sent_alone(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow")
        vals = {
            "pending_step": "create_announced_item_set",
            "pending_since": fields.Datetime.now(),
        }
        notice.write(vals)
        self.run_cron("sync_notices")
        self.assertEqual(notice.pending_step, "create_announced_item_set")

    def test_each_step_whose_answer_was_lost_is_done_once(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow")
        for method in ("action_announce", "action_confirm_announcement"):
            self.lose("reset_after", path=f"{NOTICES}*")
            self.do(notice, method)
        self.wait(minutes=2)
        self.run_cron("sync_notices")
        notice.action_fill_dispatched()
        for method in ("action_dispatch", "action_confirm_dispatch"):
            self.lose("504_after", path=f"{NOTICES}*")
            self.do(notice, method)
        self.assertEqual(notice.state, "shipped")

    def test_a_changed_announcement_whose_answer_was_lost_is_recognised(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow", "action_announce")
        notice.line_ids[0].announced_quantity = 9
        self.lose("reset_after", path=f"{NOTICES}*")
        self.do(notice, "action_update_announced")
        self.assertFalse(notice.is_announcement_changed)
        notice.line_ids[0].announced_quantity = 4
        self.lose("503", path=f"{NOTICES}*")
        words = self.click(notice, "action_update_announced")
        self.assertIn("did not reach Lengow", words)
        self.assertTrue(notice.is_announcement_changed)

    def test_a_step_that_somebody_else_did_already_is_refused_in_words(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow", "action_announce")
        (record,) = self.logistics.notices.values()
        record.do("confirm_announcement", {}, self.simulator.now())
        words = self.click(notice, "action_confirm_announcement")
        self.assertIn(
            "Action confirm_announcement is not available from status "
            "ready_for_delivery_date",
            words,
        )
        self.assertIn("It now stands at ready_for_delivery_date", words)
        self.assertEqual(notice.state, "confirmed")
        self.assertFalse(notice.pending_step)

    def test_a_notice_that_lengow_no_longer_has_says_so(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow")
        self.logistics.notices.clear()
        words = self.click(notice, "action_announce")
        self.assertIn("does not exist or does not belong to that feed", words)
        self.assertFalse(notice.pending_step)

    def test_a_feed_of_another_account_is_named(self):
        self.channel.feed_ref = str(OTHER_FEED)
        notice = self.create_notice()
        words = self.click(notice, "action_create_at_lengow")
        self.assertIn(f"feed {OTHER_FEED}", words)
        self.assertIn("Account and Feed don't match", words)
        self.assertIn("Check the feed number", words)
        self.assertEqual(notice.state, "draft")
        self.run_cron("sync_notices")
        self.assertIn("don't match", self.channel.logistics_problem)
        self.assertEqual(self.account.state, "connected")

    def test_a_marketplace_without_notices_is_named(self):
        self.channel.feed_ref = str(PLAIN_FEED)
        words = self.click(self.create_notice(), "action_create_at_lengow")
        self.assertIn("Shipping notices are not available for Amazon FR", words)

    def test_one_bad_feed_stops_no_other(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow")
        bad = self.get_channel("amazon_fr")
        bad.feed_ref = "999"
        (record,) = self.logistics.notices.values()
        record.do(
            "create_announced_item_set",
            {"items": [{"ean": self.first.barcode, "quantity": 1}]},
            self.simulator.now(),
        )
        self.run_cron("sync_notices")
        self.assertEqual(notice.state, "announced")
        self.assertIn("Unknown feed id", bad.logistics_problem)
        self.assertFalse(self.channel.logistics_problem)
        bad.feed_ref = False
        self.assertFalse(bad.logistics_problem)

    def test_without_a_feed_or_a_connection_nothing_is_asked(self):
        notice = self.create_notice()
        self.channel.feed_ref = False
        with self.assertRaisesRegex(UserError, "has no feed number"):
            notice.action_create_at_lengow()
        self.channel.feed_ref = "1"
        self.account.state = "draft"
        with self.assertRaisesRegex(UserError, "Connect the account"):
            notice.action_create_at_lengow()
        self.assertEqual(len(self.simulator.requests), 0)
