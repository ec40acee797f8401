"""A feed says what may keep its products from being sold."""

import os
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..models.lengow_feed_ids import LengowFeed
from ..models.lengow_order_product_search import ProductKey
from .common_feed import FeedCommon
from .test_feed_serving import PIXEL


@tagged("post_install", "-at_install", "lengow")
class TestFeedWarnings(FeedCommon):
    def get_products(self, feed, code):
        warning = feed.warning_ids.filtered(lambda w: w.code == code)
        action = warning.action_view_products()
        return self.env["product.product"].search(action["domain"])

    def test_missing_ids_barcodes_images_and_prices_are_named(self):
        good = self.create_marked("P1", barcode="4006381333931", image_1920=PIXEL)
        bad = self.create_marked(False, name="No reference", list_price=0)
        feed = self.create_feed()
        self.build(feed)
        self.assertEqual(
            self.get_warnings(feed),
            {"no_id": 1, "no_price": 1, "no_ean": 1, "no_image": 1},
        )
        for code in ("no_id", "no_ean", "no_image", "no_price"):
            self.assertEqual(self.get_products(feed, code), bad)
        bad.write(
            {
                "default_code": "P2",
                "barcode": "4006381333948",
                "list_price": 3,
                "image_1920": PIXEL,
            }
        )
        self.build(feed)
        self.assertFalse(feed.warning_ids)
        self.assertTrue(good.exists())

    def test_products_with_one_id_are_named(self):
        twins = self.create_marked("P1") + self.create_marked("P1")
        self.create_marked("P2")
        feed = self.create_feed()
        self.build(feed)
        warnings = self.get_warnings(feed)
        self.assertEqual((warnings["duplicate_id"], warnings["not_found"]), (2, 2))
        self.assertEqual(self.get_products(feed, "duplicate_id"), twins)
        self.assertEqual(len(self.read_rows(feed)), 3)

    def test_ids_are_those_by_which_orders_find_their_products(self):
        product = self.create_marked("TS-WHT-S")
        feed = self.create_feed()
        self.build(feed)
        self.assertNotIn("not_found", self.get_warnings(feed))
        [row] = self.read_rows(feed)
        self.open_channels()
        payload = self.world.add_order(lines=[("TS-WHT-S", 1)])
        line = payload["packages"][0]["cart"][0]
        line["merchant_product_id"]["id"] = row["ID_PRODUCT"]
        order = self.import_stored(payload)
        self.assertEqual(order.line_ids.product_id, product)

    def test_ids_that_orders_would_not_find_are_named(self):
        product = self.create_marked("P1")
        feed = self.create_feed(id_source="id")
        self.build(feed)
        self.assertEqual(self.get_warnings(feed)["not_found"], 1)
        self.assertEqual(self.get_products(feed, "not_found"), product)
        self.env["lengow.product.mapping"].create(
            {
                "account_id": self.account.id,
                "external_id": str(product.id),
                "product_id": product.id,
            }
        )
        feed.full_requested = True
        self.build(feed)
        self.assertNotIn("not_found", self.get_warnings(feed))

    def test_ids_are_looked_up_as_the_import_does(self):
        """Most ids are not searched for in all ways; the outcome must be the same."""
        products = [
            self.create_marked("P1"),
            self.create_marked("TWIN"),
            self.create_marked("MAPPED"),
            self.create_marked("4006381333931", barcode="4006381333948"),
            self.create_marked("P2", barcode="4006381333931"),
            self.create_marked(False, barcode="4006381333955"),
            *self.create_shirt().product_variant_ids,
        ]
        products.append(self.create_marked(str(products[0].id)))
        self.create_product("TWIN").active = False
        self.env["lengow.product.mapping"].create(
            {
                "account_id": self.account.id,
                "external_id": "MAPPED",
                "product_id": products[0].id,
            }
        )
        feed = self.create_feed()._for_building()
        pairs = [(product.product_tmpl_id.id, product.id) for product in products]
        header = feed.column_ids.filtered(lambda column: column.value == "id")
        order = self.env["lengow.order"].new({"account_id": self.account.id})
        keys = {ProductKey(None, product.default_code) for product in products[:5]}
        self.assertEqual(
            {key.id for key in feed._find_doubtful(order, None, keys)},
            {"TWIN", "MAPPED"},
        )
        unsure = set()
        for source in ("default_code", "barcode", "id"):
            for name in ("ID_PRODUCT", "id", "sku", "ean", "product_tmpl_id", "name"):
                feed.id_source, header.name = source, name
                batch = feed._make_batch(pairs, set())
                with self.subTest(source=source, header=name):
                    found = feed._find_unknown(batch, batch.ids)
                    with patch.object(
                        LengowFeed,
                        "_find_doubtful",
                        lambda _feed, _order, _field, keys: keys,
                    ):
                        self.assertEqual(found, feed._find_unknown(batch, batch.ids))
                    unsure.add(len(found))
        self.assertGreater(len(unsure), 3)

    def test_a_feed_without_a_column_for_ids_says_so(self):
        feed = self.create_feed()
        feed.column_ids.filtered(lambda c: c.value == "id").unlink()
        self.build(feed)
        self.assertIn("no_id_column", self.get_warnings(feed))

    def test_an_image_whose_file_is_missing_is_left_out_and_said(self):
        product = self.create_marked("P1", image_1920=PIXEL)
        self.env.flush_all()
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "product.template"),
                ("res_id", "=", product.product_tmpl_id.id),
                ("res_field", "=", "image_1920"),
            ]
        )
        path = attachment._full_path(attachment.store_fname)
        os.rename(path, f"{path}.away")
        self.addCleanup(os.rename, f"{path}.away", path)
        feed = self.create_feed()
        self.build(feed)
        self.assertEqual(self.read_rows(feed)[0]["IMAGE_PRODUCT"], "")
        self.assertEqual(self.get_warnings(feed)["lost_image"], 1)

    def test_every_image_is_named_and_a_new_one_has_a_new_address(self):
        shirt = self.create_shirt(image_1920=PIXEL)
        variant = shirt.product_variant_ids[1]
        variant.image_variant_1920 = PIXEL
        feed = self.create_feed()
        self.build(feed)
        rows = self.read_by_id(feed)
        self.assertIn(f"/product.template/{shirt.id}/", rows["TS-S"]["IMAGE_PRODUCT"])
        self.assertIn(f"/product.product/{variant.id}/", rows["TS-M"]["IMAGE_PRODUCT"])
        self.assertIn(f"/product.template/{shirt.id}/", rows["TS-M"]["IMAGE_PRODUCT_2"])
        before = rows["TS-S"]["IMAGE_PRODUCT"]
        gif = "R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="
        shirt.image_1920 = gif
        self.build(feed)
        self.assertNotEqual(self.read_by_id(feed)["TS-S"]["IMAGE_PRODUCT"], before)

    # The form

    def test_the_preview_shows_the_first_rows_without_running_what_is_in_them(self):
        """Pitfall 78: names of products are not markup."""
        self.create_marked("P1", name="<script>alert(1)</script>")
        feed = self.create_feed()
        self.assertIn("&lt;script&gt;", feed.preview)
        self.assertNotIn("<script>", feed.preview)
        self.assertIn("ID_PRODUCT", feed.preview)
        self.assertIn("/odoo/action-product.product_normal_action/", feed.preview)
        shirt = self.create_shirt()
        feed.invalidate_recordset()
        self.assertIn(f"parent-{shirt.id}", feed.preview)

    def test_a_manager_makes_a_feed_on_the_form(self):
        manager = new_test_user(
            self.env, "feed manager", "sale_lengow.group_lengow_manager"
        )
        with Form(self.env["lengow.feed"].with_user(manager)) as form:
            form.name = "Catalogue"
            form.account_id = self.account
        feed = form.record
        self.assertTrue(feed.url)
        with Form(feed) as form, form.column_ids.new() as column:
            column.name = "SHOP"
            column.kind = "text"
            column.text = "Mine"
        self.assertIn("SHOP", feed.column_ids.mapped("name"))
        self.assertTrue(feed.full_requested)

    def test_the_form_counts_the_products_that_are_chosen(self):
        self.create_marked("P1")
        self.create_marked("P2", active=False)
        self.create_product("P3")
        feed = self.create_feed(domain="[('default_code', 'in', ('P1', 'P2', 'P3'))]")
        with Form(feed) as form:
            self.assertEqual(form.product_count, 1)
            form.include_archived = True
            self.assertEqual(form.product_count, 2)
            form.only_marked = False
            self.assertEqual(form.product_count, 3)
            form.domain = "[('default_code', '=', 'P3')]"
            self.assertEqual(form.product_count, 1)
        self.env.cr.execute("UPDATE lengow_feed SET domain = '[(''gone'', ''='', 1)]'")
        feed.invalidate_recordset()
        self.assertEqual(feed.product_count, 0)

    def test_a_user_sees_feeds_but_neither_secrets_nor_buttons(self):
        user = new_test_user(self.env, "feed user", "sale_lengow.group_lengow_user")
        feed = self.create_feed(basic_login="a", basic_password="b").with_user(user)
        self.assertEqual(feed.read(["name"])[0]["name"], "Feed")
        for name in ("access_token", "url", "basic_password"):
            with self.assertRaises(AccessError):
                feed.read([name])
        for attempt in (
            feed.action_build,
            feed.action_update,
            feed.action_renew_token,
            feed.action_fetch_now,
            feed.action_add_columns,
            feed.unlink,
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_a_copy_has_an_address_of_its_own(self):
        feed = self.create_feed()
        self.build(feed)
        copy = feed.copy()
        self.assertNotEqual(copy.access_token, feed.access_token)
        self.assertEqual(len(copy.column_ids), len(feed.column_ids))
        self.assertEqual((copy.state, copy.name), ("draft", "Feed (copy)"))

    def test_a_domain_must_be_one(self):
        feed = self.create_feed()
        for domain in ("[('none', '=', 1)]", "[(", "__import__('os')", "1"):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                feed.domain = domain

    def test_products_are_marked_in_the_list(self):
        template = self.create_product("P1").product_tmpl_id
        action = self.env.ref("sale_lengow.action_mark_products")
        context = {"active_model": template._name, "active_ids": template.ids}
        action.with_context(**context).run()
        self.assertTrue(template.lengow_published)
        feed = self.create_feed()
        self.assertEqual(
            self.env["product.product"].search(feed.action_view_products()["domain"]),
            template.product_variant_ids,
        )
