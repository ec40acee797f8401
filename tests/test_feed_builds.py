"""Feeds are built a part at a time, and only what changed is computed again."""

import errno
from contextlib import closing
from datetime import timedelta
from unittest.mock import patch

from odoo import fields, sql_db
from odoo.tests import tagged

from .. import const
from ..lengow import feed_file
from ..models.lengow_feed_build import LengowFeed
from ..models.lengow_feed_changes import LengowFeed as LengowFeedChanges
from ..models.lengow_feed_cron import LOCK
from ..models.lengow_feed_products import LengowFeed as LengowFeedProducts
from .common_feed import LONG_AGO, FeedCommon


@tagged("post_install", "-at_install", "lengow")
class TestFeedBuilds(FeedCommon):
    def setUp(self):
        super().setUp()
        self.products = [self.create_marked(f"P{number}") for number in range(4)]
        self.shirt = self.create_shirt()
        self.feed = self.create_feed()

    def names(self):
        return [row["ID_PRODUCT"] for row in self.read_rows(self.feed)]

    def get_computed(self, **vals):
        """:return: how many rows the next build computes, 0 if there is none."""
        build = self.build(self.feed)
        self.assertFalse(self.feed.last_error)
        return build.computed_count if build else 0

    # Builds

    def test_a_new_feed_is_built_by_the_cron(self):
        self.assertEqual(self.feed.state, "draft")
        build = self.build(self.feed)
        self.assertEqual((build.kind, build.state), ("full", "done"))
        self.assertEqual(self.feed.state, "ready")
        self.assertEqual(self.feed.row_count, 8)
        self.assertEqual(
            self.names(),
            [
                "P0",
                "P1",
                "P2",
                "P3",
                f"parent-{self.shirt.id}",
                "TS-S",
                "TS-M",
                "TS-L",
            ],
        )

    def test_nothing_is_written_when_nothing_changed(self):
        self.build(self.feed)
        version = self.feed.file_version
        self.assertFalse(self.build(self.feed))
        self.assertEqual(self.feed.file_version, version)

    def test_a_complete_build_with_the_same_rows_keeps_the_file(self):
        self.build(self.feed)
        served = self.feed.etag, self.feed.built_at, self.read_bytes(self.feed)
        self.feed.full_requested = True
        build = self.build(self.feed)
        self.assertEqual((build.kind, build.changed), ("full", False))
        self.assertEqual(
            (self.feed.etag, self.feed.built_at, self.read_bytes(self.feed)), served
        )

    def test_problems_are_known_that_change_no_row(self):
        self.build(self.feed)
        twin = self.create_product("P0")
        self.products[0].name = self.products[0].name
        self.assertFalse(self.build(self.feed).changed)
        self.assertEqual(self.get_warnings(self.feed)["not_found"], 1)
        self.products[1].name = "Renamed"
        self.assertTrue(self.build(self.feed).changed)
        self.assertEqual(self.get_warnings(self.feed)["not_found"], 1)
        twin.unlink()
        self.products[0].name = "Alone"
        self.build(self.feed)
        self.assertNotIn("not_found", self.get_warnings(self.feed))

    def test_a_build_goes_on_where_it_stopped(self):
        self.patch(const, "FEED_BATCH_SIZE", 1)
        self.patch(const, "FEED_SAVE_SECONDS", -1)
        saves = []

        def save(feed, *args):
            saves.append(args[3])
            super_save(feed, *args)
            return len(saves) != 2  # as if the time were up

        super_save = LengowFeed._save
        with patch.object(LengowFeed, "_save", save):
            self.build_once(self.feed)
            self.assertEqual(self.feed.state, "building")
            self.assertEqual(self.feed.progress, 40.0)
            self.assertFalse(self.feed.file_version)
            self.build_once(self.feed)
        self.assertEqual(saves, [1, 2, 3, 4, 5])
        self.assertEqual((self.feed.state, len(self.names())), ("ready", 8))
        self.assertEqual(len(self.feed.build_ids), 1)

    def test_what_a_killed_build_left_is_cut_off(self):
        self.patch(const, "FEED_BATCH_SIZE", 1)
        self.patch(const, "FEED_SAVE_SECONDS", -1)
        super_save = LengowFeed._save
        with patch.object(
            LengowFeed, "_save", lambda feed, *args: super_save(feed, *args) and False
        ):
            self.build_once(self.feed)
        part = self.feed._get_part(self.feed.build_id)
        for path in (part.path, part.index_path):
            with path.open("ab") as file:
                file.write(b"half a row")
        self.build(self.feed)
        self.assertEqual(len(self.names()), 8)

    def test_a_build_whose_files_are_lost_begins_again(self):
        self.patch(const, "FEED_BATCH_SIZE", 1)
        self.patch(const, "FEED_SAVE_SECONDS", -1)
        super_save = LengowFeed._save
        with patch.object(
            LengowFeed, "_save", lambda feed, *args: super_save(feed, *args) and False
        ):
            self.build_once(self.feed)
        self.feed._get_part(self.feed.build_id).remove()
        self.build(self.feed)
        self.assertEqual(self.feed.build_ids.mapped("state"), ["done", "dropped"])
        self.assertEqual(len(self.names()), 8)

    def test_a_feed_that_is_edited_while_it_is_built_is_begun_again(self):
        self.patch(const, "FEED_BATCH_SIZE", 1)
        self.patch(const, "FEED_SAVE_SECONDS", -1)
        edited = []

        def save(feed, *args):
            if not edited:
                edited.append(True)
                column = feed.column_ids.filtered(lambda c: c.value == "brand")
                column.with_env(feed.env).unlink()
            return super_save(feed, *args)

        super_save = LengowFeed._save
        with patch.object(LengowFeed, "_save", save):
            self.build_once(self.feed)
        self.build(self.feed)
        self.assertNotIn("MANUFACTURER", self.read_rows(self.feed)[0])
        self.assertEqual(len(self.names()), 8)

    def test_a_build_in_a_week_is_complete(self):
        self.build(self.feed)
        self.feed.full_built_at -= timedelta(days=const.FEED_FULL_BUILD_DAYS, hours=1)
        self.assertEqual(self.build(self.feed).kind, "full")

    # What changed

    def test_only_what_was_written_is_computed_again(self):
        self.build(self.feed)
        self.products[1].name = "Renamed"
        self.assertEqual(self.get_computed(), 1)
        self.assertEqual(self.read_by_id(self.feed)["P1"]["NAME_PRODUCT"], "Renamed")
        self.assertEqual(len(self.names()), 8)
        self.assertEqual(self.get_computed(), 0)

    def test_a_variant_brings_its_parent_and_its_siblings(self):
        self.build(self.feed)
        self.shirt.product_variant_ids[0].barcode = "4006381333931"
        self.assertEqual(self.get_computed(), 4)
        self.assertEqual(self.read_by_id(self.feed)["TS-S"]["EAN"], "4006381333931")

    def test_stock_is_followed(self):
        self.build(self.feed)
        self.set_stock(self.products[2], 7)
        self.assertEqual(self.get_computed(), 1)
        self.assertEqual(self.read_by_id(self.feed)["P2"]["QUANTITY"], "7")

    def test_products_are_listed_only_when_some_came_or_went(self):
        self.build(self.feed)
        self.products[1].name = "Renamed"
        with patch.object(LengowFeedProducts, "_list_keys", side_effect=AssertionError):
            self.assertEqual(self.get_computed(), 1)
        self.create_marked("NEW")
        self.assertEqual(self.get_computed(), 1)
        self.assertIn("NEW", self.names())

    def test_products_that_come_and_go_are_followed(self):
        self.build(self.feed)
        self.products[0].lengow_published = False
        self.products[1].active = False
        self.products[2].unlink()
        self.create_marked("NEW")
        self.assertEqual(self.get_computed(), 1)
        self.assertEqual(
            {name for name in self.names() if "parent" not in name},
            {"P3", "NEW", "TS-S", "TS-M", "TS-L"},
        )

    def test_names_of_attributes_and_categories_are_followed(self):
        category = self.env["product.category"].create({"name": "Tops"})
        below = self.env["product.category"].create(
            {"name": "Shirts", "parent_id": category.id}
        )
        self.shirt.categ_id = below
        self.build(self.feed)
        self.size.value_ids[0].name = "Small"
        self.assertEqual(self.get_computed(), 4)
        self.assertEqual(self.read_by_id(self.feed)["TS-S"]["SIZE"], "Small")
        category.name = "Clothes"
        self.assertEqual(self.get_computed(), 4)
        self.assertEqual(
            self.read_by_id(self.feed)["TS-S"]["CATEGORY"], "Clothes > Shirts"
        )

    def test_what_columns_lead_to_is_followed(self):
        partner = self.env["res.partner"].create({"name": "Maker"})
        self.products[3].seller_ids = [
            fields.Command.create({"partner_id": partner.id, "product_code": "M1"})
        ]
        self.add_column(
            self.feed, "SUPPLIER", "field", path="seller_ids.partner_id.name"
        )
        self.build(self.feed)
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET write_date = %s", (LONG_AGO,))
        self.env.cr.execute(
            "UPDATE product_supplierinfo SET write_date = %s", (LONG_AGO,)
        )
        self.env.invalidate_all()
        self.assertEqual(self.get_computed(), 0)
        partner.name = "Other maker"
        self.assertEqual(self.get_computed(), 1)
        self.assertEqual(self.read_by_id(self.feed)["P3"]["SUPPLIER"], "Other maker")

    def test_columns_that_change_are_computed_for_all(self):
        self.build(self.feed)
        self.add_column(self.feed, "SHOP", "text", text="La Boutique")
        self.assertEqual(self.build(self.feed).kind, "full")
        self.assertEqual(
            {row["SHOP"] for row in self.read_rows(self.feed)}, {"La Boutique"}
        )

    def test_a_translation_is_followed(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.feed.lang = "fr_FR"
        self.build(self.feed)
        self.products[0].with_context(lang="fr_FR").name = "Produit"
        self.assertEqual(self.get_computed(), 1)
        self.assertEqual(self.read_by_id(self.feed)["P0"]["NAME_PRODUCT"], "Produit")
        self.assertEqual(self.read_by_id(self.feed)["P1"]["NAME_PRODUCT"], "Product P1")

    def test_the_horizon_is_the_oldest_open_transaction(self):
        with closing(sql_db.db_connect(self.env.cr.dbname).cursor()) as other:
            other.execute("SELECT now() AT TIME ZONE 'UTC'")
            [began] = other.fetchone()
            horizon = self.feed._get_transaction_horizon()
            self.assertLessEqual(horizon, began)

    # Prices

    def create_pricelist(self, **rule):
        pricelist = self.env["product.pricelist"].create({"name": "Lengow"})
        self.feed.pricelist_id = pricelist
        item = {"pricelist_id": pricelist.id, "compute_price": "percentage", **rule}
        return self.env["product.pricelist.item"].create({"percent_price": 50, **item})

    def get_price(self, name):
        return self.read_by_id(self.feed)[name]["PRICE_REDUCTION"]

    def test_a_rule_is_followed_for_its_products_alone(self):
        item = self.create_pricelist(
            applied_on="1_product", product_tmpl_id=self.products[0].product_tmpl_id.id
        )
        self.build(self.feed)
        self.assertEqual((self.get_price("P0"), self.get_price("P1")), ("5.50", ""))
        item.percent_price = 10
        self.assertEqual(self.get_computed(), 1)
        self.assertEqual(self.get_price("P0"), "9.90")
        item.product_tmpl_id = self.products[1].product_tmpl_id
        self.assertEqual(self.get_computed(), 2)
        self.assertEqual((self.get_price("P0"), self.get_price("P1")), ("", "9.90"))
        item.unlink()
        self.assertEqual(self.get_computed(), 1)
        self.assertEqual(self.get_price("P1"), "")

    def test_a_rule_begins_and_ends_by_its_dates(self):
        now = fields.Datetime.now()
        item = self.create_pricelist(
            applied_on="1_product",
            product_tmpl_id=self.products[0].product_tmpl_id.id,
            date_start=now + timedelta(hours=1),
            date_end=now + timedelta(hours=2),
        )
        self.build(self.feed)
        self.assertEqual(self.get_price("P0"), "")
        self.feed.changes_from = self.feed.built_at = now
        item.date_start = now - timedelta(minutes=1)
        self.age()
        self.feed.changes_from = self.feed.built_at = now - timedelta(minutes=5)
        self.assertEqual(self.get_computed(), 1)
        self.assertEqual(self.get_price("P0"), "5.50")
        item.date_end = now - timedelta(seconds=30)
        self.age()
        self.feed.changes_from = self.feed.built_at = now - timedelta(seconds=50)
        self.assertEqual(self.get_computed(), 1)
        self.assertEqual(self.get_price("P0"), "")

    def test_a_rate_is_followed_for_all(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": self.env.ref("base.USD").id}
        )
        self.feed.pricelist_id = pricelist
        self.build(self.feed)
        rate = self.env.ref("base.USD").rate_ids[:1]
        rate.rate = 2.2
        self.assertEqual(self.build(self.feed).computed_count, 8)
        self.assertEqual(self.read_by_id(self.feed)["P0"]["PRICE_PRODUCT"], "24.20")

    # Trouble

    def fail(self, error):
        """Let the next build fail; the row of a product was changed before."""
        self.build(self.feed)
        before = self.read_bytes(self.feed)
        self.products[0].name = "Renamed"
        with patch.object(feed_file._Assembly, "run", side_effect=error):
            self.build(self.feed, age=False)
        self.assertEqual(self.feed.state, "error")
        self.assertEqual(self.read_bytes(self.feed), before)
        return self.feed.last_error

    def test_a_full_disk_keeps_the_last_good_file_and_tells_the_user(self):
        message = self.fail(OSError(errno.ENOSPC, "No space left on device"))
        self.assertIn("the disk of the server is full", message)
        activity = self.feed.activity_ids
        self.assertEqual(activity.user_id, self.account.user_id)
        self.assertIn("disk", activity.note)
        self.build(self.feed)
        self.assertEqual((self.feed.state, self.feed.last_error), ("ready", False))
        self.assertFalse(self.feed.activity_ids)
        self.assertEqual(self.read_by_id(self.feed)["P0"]["NAME_PRODUCT"], "Renamed")

    def test_an_unexpected_problem_tells_no_secret(self):
        with self.assertLogs("odoo.addons.sale_lengow", "ERROR") as logs:
            message = self.fail(RuntimeError("s3cret"))
        self.assertIn("RuntimeError", message)
        self.assertNotIn("s3cret", message + "".join(logs.output))

    def test_a_domain_that_fails_after_an_upgrade_is_said(self):
        self.build(self.feed)
        before = self.read_bytes(self.feed)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lengow_feed SET domain = %s", ("[('x_gone', '=', True)]",)
        )
        self.env.invalidate_all()
        self.build(self.feed, age=False)
        self.assertEqual(self.feed.state, "error")
        self.assertIn("choose its products again", self.feed.last_error)
        self.assertIn("choose its products again", self.feed.preview)
        self.assertEqual(self.read_bytes(self.feed), before)

    def test_one_feed_that_fails_does_not_stop_the_others(self):
        other = self.create_feed(name="Other")
        self.feed.flush_recordset()
        self.env.cr.execute(
            "UPDATE lengow_feed SET domain = '[(' WHERE id = %s", (self.feed.id,)
        )
        self.env.invalidate_all()
        self.build(other)
        self.assertEqual((self.feed.state, other.state), ("error", "ready"))

    def test_two_builds_at_once_do_not_meet(self):
        with closing(sql_db.db_connect(self.env.cr.dbname).cursor()) as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", (LOCK, self.feed.id))
            self.assertFalse(self.build(self.feed))
            self.assertEqual(self.feed.state, "draft")
            other.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCK, self.feed.id))
        self.build(self.feed)
        self.assertEqual(self.feed.state, "ready")

    def test_lost_files_are_built_anew(self):
        self.build(self.feed)
        self.feed._get_files().remove()
        self.assertEqual(self.build(self.feed).kind, "full")
        self.assertEqual(len(self.names()), 8)

    def test_damaged_files_are_built_anew(self):
        self.build(self.feed)
        keys = self.feed._get_files().keys.read_bytes()
        for content in (
            b"",
            b"x" * 50,
            b"\xff" * 50,
            keys[:50],
            keys[:-9] + b"123456789",
        ):
            self.feed._get_files().keys.write_bytes(content)
            self.assertEqual(self.build(self.feed).kind, "full")
            self.assertEqual(len(self.names()), 8)

    def test_files_that_are_lost_while_changes_are_built(self):
        self.build(self.feed)
        self.products[0].name = "Renamed"
        self.feed.checked_at = False
        files, super_compute = self.feed._get_files(), LengowFeed._compute_build

        def compute(feed, *args):
            files.remove()
            return super_compute(feed, *args)

        with patch.object(LengowFeed, "_compute_build", compute):
            self.build_once(self.feed)
        self.assertTrue(self.feed.full_requested)
        self.assertEqual(self.build(self.feed).kind, "full")
        self.assertEqual(len(self.names()), 8)

    def test_a_rule_that_changes_no_row_is_looked_at_once(self):
        item = self.create_pricelist(min_quantity=10)
        self.build(self.feed)
        now = fields.Datetime.now()
        item.date_start = now - timedelta(minutes=2)
        self.age()
        self.feed.built_at = now - timedelta(minutes=9)
        self.feed.changes_from = now - timedelta(minutes=5)
        self.assertFalse(self.build(self.feed, age=False).changed)
        self.assertFalse(self.build(self.feed, age=False))

    def test_old_files_are_deleted(self):
        self.build(self.feed)
        for number in range(4):
            self.products[0].name = f"Name {number}"
            self.build(self.feed)
        self.feed._remove_files_but({self.feed.file_version})
        names = {path.name for path in self.feed._get_folder().iterdir()}
        files = self.feed._get_files()
        self.assertEqual(names, {path.name for path in files.get_all()})

    def test_the_unseen_traces_of_rules_are_kept(self):
        item = self.create_pricelist()
        self.build(self.feed)
        item.unlink()
        self.assertEqual(self.env["lengow.feed.change"].search_count([]), 1)
        self.patch(
            LengowFeedChanges,
            "_get_transaction_horizon",
            lambda feed: fields.Datetime.now() + timedelta(minutes=1),
        )
        self.build(self.feed, age=False)
        self.env["lengow.feed"]._forget_seen_changes()
        self.assertFalse(self.env["lengow.feed.change"].search_count([]))

    def test_first_rows_of_json_follow_whatever_went_before(self):
        self.feed.format = "json"
        self.build(self.feed)
        self.products[0].unlink()
        self.build(self.feed)
        self.assertEqual(self.names()[:2], ["P1", "P2"])
        first = self.create_marked("P-1")
        self.products[1].lengow_published = False
        self.build(self.feed)
        self.assertEqual(self.names()[0], "P2")
        self.assertEqual(self.names()[-1], first.default_code)
        self.products[1].lengow_published = True
        self.build(self.feed)
        self.assertEqual(self.names()[:3], ["P1", "P2", "P3"])
