"""Feeds over a small catalogue, built by the cron, and read by strict readers."""

import csv
import gzip
import io
import json
import shutil
from datetime import datetime

from lxml import etree

from .common import LengowCommon

LONG_AGO = datetime(2020, 1, 1)
# Tables whose write dates a build looks at.
SOURCES = (
    "product_template",
    "product_product",
    "product_template_attribute_line",
    "product_template_attribute_value",
    "product_attribute_value",
    "product_attribute",
    "product_category",
    "product_pricelist_item",
    "account_tax",
    "res_currency_rate",
    "stock_quant",
    "stock_move",
    "uom_uom",
)


class FeedCommon(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.size = cls.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [(0, 0, {"name": name}) for name in ("S", "M", "L")],
            }
        )

    def create_feed(self, **vals):
        """Create a feed of the products that are marked for Lengow."""
        feed = self.env["lengow.feed"].create(
            {
                "name": "Feed",
                "account_id": self.account.id,
                "only_marked": True,
                "tax_included": False,
                **vals,
            }
        )
        self.addCleanup(shutil.rmtree, feed._get_folder(), ignore_errors=True)
        return feed

    def create_marked(self, sku, **vals):
        """Create a product that is marked for Lengow."""
        return self.create_product(sku, lengow_published=True, **vals)

    def create_shirt(self, skus=("TS-S", "TS-M", "TS-L"), **vals):
        """Create a template with a variant per size; variants without a SKU are archived."""
        template = self.env["product.template"].create(
            {
                "name": "T-shirt",
                "is_storable": True,
                "list_price": 20.0,
                "lengow_published": True,
                "taxes_id": [(6, 0, self.tax_20.ids)],
                "attribute_line_ids": [
                    (
                        0,
                        0,
                        {
                            "attribute_id": self.size.id,
                            "value_ids": [(6, 0, self.size.value_ids[: len(skus)].ids)],
                        },
                    )
                ],
                **vals,
            }
        )
        for product, sku in zip(template.product_variant_ids, skus, strict=True):
            product.default_code = sku
        return template

    def set_stock(self, product, quantity, warehouse=None):
        """Have so many of a product in a warehouse."""
        location = (warehouse or self.warehouse).lot_stock_id
        quants = self.env["stock.quant"]
        there = quants._get_available_quantity(product, location)
        if quantity != there:
            quants._update_available_quantity(product, location, quantity - there)

    def keep_columns(self, feed, *values):
        """Leave a feed only these standard columns."""
        feed.column_ids.filtered(lambda c: c.value not in values).unlink()

    def add_column(self, feed, name, kind, **vals):
        """Append a column to a feed."""
        return self.env["lengow.feed.column"].create(
            {"feed_id": feed.id, "name": name, "kind": kind, **vals}
        )

    def build(self, feed, age=True):
        """Build a feed by its cron.

        :param bool age: let everything be written long ago, so that the next build sees
            only what is changed after this one.
        :return: the build, or none if nothing changed.
        """
        known = feed.build_ids
        feed.checked_at = False
        self.env.flush_all()
        self.run_cron("build_feeds")
        self.env.invalidate_all()
        if age:
            self.age()
            feed.changes_from = LONG_AGO.replace(month=2)
        return feed.build_ids - known

    def build_once(self, feed):
        """Build a feed as one call of the cron's method does, which may leave work."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            feed.with_env(self.env(cr=cr))._build_guarded()
        self.env.invalidate_all()

    def age(self):
        """Let everything be written long ago."""
        self.env.flush_all()
        for table in SOURCES:
            self.env.cr.execute(f"UPDATE {table} SET write_date = %s", (LONG_AGO,))
        self.env.cr.execute(
            "UPDATE lengow_feed_change SET changed_at = %s", (LONG_AGO,)
        )
        self.env.invalidate_all()

    def read_bytes(self, feed):
        """:return: the served file; its compressed twin holds the same."""
        files = feed._get_files()
        data = files.rows.read_bytes()
        self.assertEqual(gzip.decompress(files.zipped.read_bytes()), data)
        return data

    def read_rows(self, feed):
        """:return: rows of the feed's file as dicts, read by a strict reader."""
        return read_feed(self.read_bytes(feed), feed.format, feed.delimiter)

    def read_by_id(self, feed):
        """:return: dict of the id in the feed to the row."""
        return {row["ID_PRODUCT"]: row for row in self.read_rows(feed)}

    def get_warnings(self, feed):
        """:return: dict of code to number of rows of the feed's warnings."""
        return {warning.code: warning.count for warning in feed.warning_ids}


def read_feed(data, form="csv", delimiter=";"):
    """:return: rows as dicts, in the order of the feed."""
    if form == "csv":
        text = io.StringIO(data.decode(), newline="")
        head, *rows = csv.reader(text, delimiter=delimiter, strict=True)
        return [dict(zip(head, row, strict=True)) for row in rows]
    if form == "json":
        return json.loads(data)["products"]["product"]
    root = etree.fromstring(data, etree.XMLParser(huge_tree=True))
    return [{cell.tag: cell.text or "" for cell in node} for node in root]
