"""What strict readers get back from a feed is exactly what Odoo holds."""

import random

from odoo.models import BaseModel
from odoo.tests import tagged

from ..lengow.feed_expression import Expression, ExpressionError
from ..lengow.feed_headers import clean_headers, make_tags
from .common_feed import FeedCommon

HOSTILE = (
    ";,|\t delimiters",
    'quotes " and "" and \' there',
    "two\nlines and\r\nthree\rmore",
    '=HYPERLINK("http://x")',
    "+1-1@SUM(A1)",
    "emoji 👩‍👩‍👧 🧵 and \U0001d518 beyond the first plane",
    "\u202eright to left \u05e9\u05dc\u05d5\u05dd \u202c",
    "<p>&amp; <![CDATA[ ]]> &#13; </product>",
    'back\\slash \\n \\u0041 \\"',
    "\ufefbom \u2028 lines \u2029 \u0085 \xa0",
    '"',
    ";",
    "0012",
    "1e5",
    "NULL",
    "{} {0} %s %(x)s",
)
NOT_IN_XML = "bell \x07 tab \x0b and \x1f"


@tagged("post_install", "-at_install", "lengow")
class TestFeedFormats(FeedCommon):
    def create_hostile(self, count):
        """:return: dict of reference to what the product is called and described."""
        draw = random.Random(1)

        def make():
            texts = draw.choices(HOSTILE, k=draw.randint(1, 3))
            return draw.choice(("", " ", "x")) + " ".join(texts)

        texts = {f'H{number};"{number}': (make(), make()) for number in range(count)}
        # What Odoo's modules add to each new product takes minutes, and no part in feeds.
        BaseModel.create(
            self.env["product.product"].with_context(create_product_product=False),
            [
                {
                    "name": name,
                    "description_sale": description,
                    "default_code": reference,
                    "lengow_published": True,
                    "list_price": 1.0,
                }
                for reference, (name, description) in texts.items()
            ],
        )
        return texts

    def assert_reads_back(self, feed):
        """Compare every cell with what Odoo holds."""
        rows = self.read_by_id(feed)
        products = self.env["product.product"].search([("lengow_published", "=", True)])
        self.assertEqual(len(rows), len(products))
        for product in products:
            row = rows[product.default_code]
            self.assertEqual(row["NAME_PRODUCT"], product.name)
            self.assertEqual(row["DESCRIPTION"], product.description_sale)
            self.assertEqual(row["DESCRIPTION_SHORT"], product.description_sale)
            self.assertEqual(row["REFERENCE_PRODUCT"], product.default_code)
            self.assertEqual(row["WEIGHT"], "0")
            self.assertEqual(row["PRICE_PRODUCT"], "1.00")

    def test_every_cell_of_5000_hostile_products_reads_back(self):
        """Pitfall 70: quotes that were not escaped."""
        self.create_hostile(5000)
        feed = self.create_feed()
        self.build(feed, age=False)
        self.assert_reads_back(feed)
        for form in ("json", "xml"):
            feed.format = form
            self.build(feed, age=False)
            self.assert_reads_back(feed)

    def test_every_delimiter_reads_back(self):
        self.create_hostile(50)
        feed = self.create_feed()
        for delimiter in (";", ",", "|", "\t"):
            feed.delimiter = delimiter
            self.build(feed, age=False)
            self.assert_reads_back(feed)

    def test_what_xml_cannot_hold_is_left_out_and_said(self):
        self.create_marked("P1", name=NOT_IN_XML)
        feed = self.create_feed()
        for form in ("csv", "json"):
            feed.format = form
            self.build(feed, age=False)
            self.assertEqual(self.read_rows(feed)[0]["NAME_PRODUCT"], NOT_IN_XML)
            self.assertNotIn("unwritable", self.get_warnings(feed))
        feed.format = "xml"
        self.build(feed, age=False)
        self.assertEqual(self.read_rows(feed)[0]["NAME_PRODUCT"], "bell  tab  and ")
        self.assertEqual(self.get_warnings(feed)["unwritable"], 1)

    def test_a_null_character_is_left_out(self):
        self.create_marked("P1")
        feed = self.create_feed()
        self.add_column(feed, "ODD", "expression", expression='"a\\x00b"')
        self.build(feed, age=False)
        self.assertEqual(self.read_rows(feed)[0]["ODD"], "ab")
        self.assertEqual(self.get_warnings(feed)["unwritable"], 1)

    def test_names_of_columns_are_mended_and_the_user_is_told(self):
        """Pitfall 69: a header that was empty, null or there twice killed the feed."""
        self.create_marked("P1")
        feed = self.create_feed()
        for name in (False, " ", "COLOR", "color", "X" * 80, "a\nb;c", "2 € <b>"):
            self.add_column(feed, name, "text", text="t")
        for form in ("csv", "json", "xml"):
            with self.subTest(form=form):
                feed.format = form
                self.build(feed, age=False)
                [row] = self.read_rows(feed)
                self.assertEqual(len(row), len(feed.column_ids))
                self.assertEqual(len({name.lower() for name in row}), len(row))
                self.assertTrue(all(0 < len(name) <= 59 for name in row))
        messages = feed.warning_ids.filtered(lambda w: w.code == "header")
        self.assertEqual(len(messages), 5)
        self.assertIn("color_2", "".join(messages.mapped("message")))
        column = feed.column_ids.filtered(lambda c: c.name == "color")
        self.assertEqual(column.header_warning, "Is written as color_2")

    def test_headers_are_cleaned(self):
        headers, changed = clean_headers(["A", None, "", "a", "B" * 80, "B" * 79])
        self.assertEqual(headers[:4], ["A", "COLUMN_2", "COLUMN_3", "a_2"])
        self.assertEqual(headers[4], "B" * 58)
        self.assertEqual(headers[5], "B" * 56 + "_2")
        self.assertEqual(changed, [1, 2, 3, 4, 5])
        self.assertEqual(
            make_tags(["1 a", "xmlx", "é-b", "a b", "a_b"]),
            ["_1_a", "_xmlx", "é-b", "a_b", "a_b_2"],
        )

    def test_expressions_are_worked_out(self):
        values = {
            "name": "Mug",
            "barcode": False,
            "list_price": 12.5,
            "categ_id.name": "A",
        }
        for source, result in (
            ('name + " " + (barcode or "none")', "Mug none"),
            ("name + barcode", "Mug"),
            ("round(list_price * 1.1, 2)", 13.75),
            ('"cheap" if list_price < 10 else "dear"', "dear"),
            ("upper(cut(categ_id.name, 3))", "A"),
            ('replace(name, "u", "o")', "Mog"),
            ('name in ("Mug", "Cup") and not barcode', True),
            ("-list_price", -12.5),
        ):
            with self.subTest(source=source):
                self.assertEqual(Expression(source).evaluate(values), result)

    def test_expressions_hold_nothing_else(self):
        for source in (
            "__import__('os')",
            "name.__class__",
            "().__class__",
            "name[0]",
            "[x for x in name]",
            "(lambda: 1)()",
            "name.upper()",
            "open('/etc/passwd')",
            "2 ** 99999",
            "f'{name}'",
            "round(ndigits=2)",
            "x := 1",
            "1 +",
            '"\\ud800"',
            "1" * 501,
        ):
            with self.subTest(source=source), self.assertRaises(ExpressionError):
                Expression(source)
        for source in ('"a" * 1000000000', '"%999999999d" % 1'):
            with self.subTest(source=source), self.assertRaises(TypeError):
                Expression(source).evaluate({})
        grown = "name"
        for _round in range(4):
            grown = f'replace({grown}, "", "{"x" * 80}")'
        with self.assertRaises(ValueError):
            Expression(grown).evaluate({"name": "Mug"})
