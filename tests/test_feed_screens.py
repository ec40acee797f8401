"""Feeds on the screen, in a real browser where there is one."""

from odoo.tests import new_test_user, tagged

from .common_browser import BrowserCase
from .common_feed import FeedCommon


@tagged("post_install", "-at_install", "lengow")
class TestFeedScreens(FeedCommon, BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(
            cls.env,
            "feed_manager",
            "sale_lengow.group_lengow_manager,product.group_product_manager",
            company_id=cls.company.id,
        )

    def setUp(self):
        super().setUp()
        self.mug = self.create_marked("MUG", name="<b>Mug</b>")
        self.feed = self.create_feed(name="Catalogue")
        self.build(self.feed)

    def test_a_manager_looks_after_a_feed(self):
        version = self.feed.file_version
        self.start_tour(
            "/odoo/lengow-feeds", "lengow_look_after_a_feed", login="feed_manager"
        )
        self.env.invalidate_all()
        self.assertTrue(self.feed.full_requested)
        self.build(self.feed)
        self.assertNotEqual(self.feed.file_version, version)
        self.assertEqual(self.read_by_id(self.feed)["MUG"]["EAN"], "4006381333931")
        self.assertNotIn("no_ean", self.get_warnings(self.feed))

    def test_a_manager_changes_columns(self):
        self.start_tour(
            "/odoo/lengow-feeds", "lengow_add_a_column", login="feed_manager"
        )
        self.env.invalidate_all()
        self.build(self.feed)
        [row] = self.read_rows(self.feed)
        self.assertEqual(
            (next(iter(row.items())), row["SHOP"]), (("SKU", "MUG"), "Mine")
        )
