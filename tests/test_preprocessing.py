"""Lengow is told to fetch a feed that changed."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_feed import FeedCommon

PATH = "/v3.0/preprocessing/job/"


@tagged("post_install", "-at_install", "lengow")
class TestPreprocessing(FeedCommon):
    def setUp(self):
        super().setUp()
        self.product = self.create_marked("P1")
        self.connect()
        self.feed = self.create_feed(catalog_ref="501", fetch_after_build=True)
        self.simulator.requests.clear()

    def test_lengow_is_told_after_a_build_that_changed_something(self):
        self.build(self.feed)
        [request] = self.get_requests(PATH)
        self.assertEqual(request.args["account_id"], self.account.lengow_account_id)
        self.assertEqual(request.args["catalog"], "501")
        self.assertEqual(self.simulator.preprocessing_jobs[0]["catalog_id"], 501)
        self.assertTrue(self.feed.fetch_requested_at)
        self.build(self.feed)
        self.assertEqual(len(self.get_requests(PATH)), 1, "nothing changed")
        self.product.name = "Renamed"
        self.build(self.feed)
        self.assertEqual(len(self.get_requests(PATH)), 2)

    def test_nobody_is_told_who_does_not_want_to_be(self):
        self.feed.fetch_after_build = False
        self.build(self.feed)
        self.assertFalse(self.get_requests(PATH))

    def test_feeds_of_one_catalogue_are_told_of_once(self):
        other = self.create_feed(catalog_ref="501", fetch_after_build=True)
        other.checked_at = False
        self.build(self.feed)
        self.assertEqual(len(self.get_requests(PATH)), 1)
        self.assertFalse(self.feed.fetch_pending or other.fetch_pending)

    def test_a_button_tells_lengow(self):
        with self.assertRaisesRegex(UserError, "has not been built"):
            self.feed.action_fetch_now()
        self.feed.fetch_after_build = False
        self.build(self.feed)
        with self.enter_registry_test_mode():
            self.feed.action_fetch_now()
        self.assertEqual(len(self.simulator.preprocessing_jobs), 1)
        self.feed.catalog_ref = False
        with self.assertRaisesRegex(UserError, "number of the catalogue"):
            self.feed.action_fetch_now()

    def test_an_unknown_catalogue_is_said_and_not_asked_for_again(self):
        self.feed.catalog_ref = "999"
        self.build(self.feed)
        self.assertIn("Catalog 999 does not exist", self.feed.fetch_error)
        self.assertFalse(self.feed.fetch_pending)
        self.assertEqual(self.feed.state, "ready")
        with (
            self.assertRaisesRegex(UserError, "Catalog 999"),
            self.enter_registry_test_mode(),
        ):
            self.feed.action_fetch_now()

    def test_what_lengow_did_not_hear_is_told_again(self):
        self.simulator.faults.set_rate("500", 1.0, path=PATH)
        self.build(self.feed)
        self.assertTrue(self.feed.fetch_pending)
        self.assertTrue(self.feed.fetch_error)
        self.simulator.faults.clear()
        self.build(self.feed)
        self.assertFalse(self.feed.fetch_pending or self.feed.fetch_error)
        self.assertEqual(len(self.simulator.preprocessing_jobs), 1)

    def test_a_paused_account_asks_nothing(self):
        self.account.paused_at = "2026-01-01 00:00:00"
        self.build(self.feed)
        self.assertTrue(self.feed.fetch_pending)
        self.assertEqual(self.get_requests(PATH), [])

    def test_a_request_without_a_catalogue_is_refused(self):
        client = self.account._get_client()
        with self.enter_registry_test_mode():
            for catalog in ("", "abc"):
                with self.assertRaisesRegex(Exception, "catalog_id"):
                    client.create_preprocessing_job(catalog)
