"""What the columns of a feed hold."""

import random

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models.lengow_feed_prices import LengowFeed as LengowFeedPrices
from ..models.lengow_feed_values import LengowFeed as LengowFeedValues
from .common_feed import FeedCommon


@tagged("post_install", "-at_install", "lengow")
class TestFeedColumns(FeedCommon):
    def get_rows(self, feed=None, **vals):
        feed = feed or self.create_feed(**vals)
        self.build(feed, age=False)
        self.assertFalse(feed.last_error)
        return self.read_by_id(feed)

    def test_a_new_feed_has_the_columns_of_lengows_example_in_its_order(self):
        feed = self.create_feed()
        self.assertEqual(
            ";".join(feed.column_ids.sorted().mapped("name")[:20]),
            "ID_PRODUCT;NAME_PRODUCT;REFERENCE_PRODUCT;MANUFACTURER;CATEGORY;DESCRIPTION;"
            "PRICE_PRODUCT;PRICE_REDUCTION;POURCENTAGE_REDUCTION;QUANTITY;EAN;URL_PRODUCT;"
            "IMAGE_PRODUCT;DELIVERY_PRICE;PARENT_ID;REDUCTION_FROM;REDUCTION_TO;"
            "PRODUCT_TYPE;PRODUCT_VARIATION;CURRENCY",
        )
        self.assertIn("SIZE", feed.column_ids.mapped("name"))

    def test_variants_have_a_parent_row(self):
        shirt = self.create_shirt()
        for product, quantity in zip(shirt.product_variant_ids, (2, 0, 5), strict=True):
            self.set_stock(product, quantity)
        parent_id = f"parent-{shirt.id}"
        rows = self.get_rows()
        self.assertEqual(list(rows), [parent_id, "TS-S", "TS-M", "TS-L"])
        wanted = {
            "PARENT_ID": [parent_id] * 4,
            "PRODUCT_TYPE": ["parent", "child", "child", "child"],
            "PRODUCT_VARIATION": ["Size"] * 4,
            "QUANTITY": ["7", "2", "0", "5"],
            "PRICE_PRODUCT": ["20.00"] * 4,
            "SIZE": ["S,M,L", "S", "M", "L"],
        }
        for name, values in wanted.items():
            self.assertEqual([row[name] for row in rows.values()], values, name)

    def test_variants_may_do_without_parent_rows(self):
        self.create_shirt()
        self.create_marked("P1")
        rows = self.get_rows(variant_mode="variants")
        self.assertEqual(set(rows), {"TS-S", "TS-M", "TS-L", "P1"})
        self.assertTrue(rows["TS-S"]["PARENT_ID"])
        self.assertEqual(
            (rows["P1"]["PARENT_ID"], rows["P1"]["PRODUCT_TYPE"]), ("", "simple")
        )

    def test_prices_are_those_of_the_pricelist(self):
        plain, reduced, raised = (
            self.create_marked(f"P{n}", list_price=20) for n in range(3)
        )
        shirt = self.create_shirt()
        extra = shirt.attribute_line_ids.product_template_value_ids[2]
        extra.price_extra = 4
        rules = [
            ({"product_tmpl_id": reduced.product_tmpl_id.id}, "percentage", 25),
            ({"product_tmpl_id": raised.product_tmpl_id.id}, "percentage", -10),
            ({"product_id": shirt.product_variant_ids[0].id}, "fixed", 9),
            ({"product_tmpl_id": shirt.id}, "percentage", 50),
        ]
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Lengow",
                "item_ids": [
                    Command.create(
                        {
                            **scope,
                            "compute_price": kind,
                            "percent_price": amount,
                            "fixed_price": amount,
                            "date_start": "2020-01-01 10:00:00",
                        }
                    )
                    for scope, kind, amount in rules
                ],
            }
        )
        rows = self.get_rows(pricelist_id=pricelist.id)
        names = ("PRICE_PRODUCT", "PRICE_REDUCTION", "POURCENTAGE_REDUCTION")
        self.assertEqual(
            {key: tuple(row[name] for name in names) for key, row in rows.items()},
            {
                "P0": ("20.00", "", ""),
                "P1": ("20.00", "15.00", "25.00"),
                "P2": ("22.00", "", ""),
                f"parent-{shirt.id}": ("20.00", "9.00", "55.00"),
                "TS-S": ("20.00", "9.00", "55.00"),
                "TS-M": ("20.00", "10.00", "50.00"),
                "TS-L": ("24.00", "12.00", "50.00"),
            },
        )
        self.assertEqual(rows["P1"]["REDUCTION_FROM"], "01/01/2020 10:00")
        self.assertEqual(rows["P0"]["REDUCTION_FROM"], "")
        self.assertEqual(plain.default_code, "P0")

    def test_a_rule_for_one_variant_is_not_for_the_archived_ones(self):
        shirt = self.create_shirt()
        small, *others = shirt.product_variant_ids
        small.browse([other.id for other in others]).active = False
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Lengow",
                "item_ids": [
                    Command.create(
                        {
                            "product_id": small.id,
                            "compute_price": "fixed",
                            "fixed_price": 9,
                        }
                    )
                ],
            }
        )
        rows = self.get_rows(pricelist_id=pricelist.id, include_archived=True)
        prices = {key: row["PRICE_REDUCTION"] for key, row in rows.items()}
        self.assertEqual(
            (prices["TS-S"], prices["TS-M"], prices["TS-L"]), ("9.00", "", "")
        )

    def test_a_thousand_prices_with_taxes_are_those_of_odoo(self):
        draw = random.Random(2)
        taxes = [
            self.create_tax(amount, included)
            for amount in (7, 19, 19.6)
            for included in ("tax_included", "tax_excluded")
        ]
        sets = [
            self.env["account.tax"].union(*draw.sample(taxes, k=n))
            for n in (0, 1, 1, 2)
        ]
        products = self.env["product.product"].create(
            [
                {
                    "name": "P",
                    "default_code": f"P{number}",
                    "lengow_published": True,
                    "list_price": draw.randint(1, 99999) / draw.choice((100, 1000)),
                    "taxes_id": [Command.set(draw.choice(sets + list(taxes)).ids)],
                }
                for number in range(1000)
            ]
        )
        feed = self.create_feed(tax_included=True)
        for method in ("round_globally", "round_per_line"):
            self.company.tax_calculation_rounding_method = method
            feed.full_requested = True
            rows = self.get_rows(feed)
            for product in products:
                wanted = product.taxes_id.compute_all(
                    product.list_price, self.company.currency_id, product=product
                )["total_included"]
                price = rows[product.default_code]["PRICE_PRODUCT"]
                self.assertEqual(price, f"{wanted:.2f}")

    def test_prices_without_a_rate_are_left_empty_and_said(self):
        self.create_marked("P1")
        currency = self.env["res.currency"].create({"name": "XQX", "symbol": "X"})
        pricelist = self.env["product.pricelist"].create(
            {"name": "X", "currency_id": currency.id}
        )
        feed = self.create_feed(pricelist_id=pricelist.id)
        rows = self.get_rows(feed)
        self.assertEqual(
            (rows["P1"]["PRICE_PRODUCT"], rows["P1"]["CURRENCY"]), ("", "XQX")
        )
        self.assertIn("no_rate", self.get_warnings(feed))
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2, "name": "2020-01-01"}
        )
        self.assertEqual(self.get_rows(feed)["P1"]["PRICE_PRODUCT"], "22.00")
        self.assertNotIn("no_rate", self.get_warnings(feed))

    def test_stock_is_that_of_the_warehouses_minus_the_margin(self):
        product = self.create_marked("P1")
        service = self.create_marked("S1", is_storable=False)
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        self.set_stock(product, 10)
        self.set_stock(product, 5, second)
        self.env["stock.quant"]._update_reserved_quantity(
            product, self.warehouse.lot_stock_id, 3
        )
        feed = self.create_feed()
        self.add_column(feed, "SECOND", "stock", warehouse_id=second.id)
        for vals, wanted in (
            ({}, "12"),
            ({"stock_kind": "on_hand"}, "15"),
            ({"stock_kind": "forecast"}, "15"),
            ({"warehouse_ids": [Command.set(self.warehouse.ids)]}, "10"),
            ({"stock_kind": "free", "safety_margin": 2}, "5"),
            ({"safety_margin": 99}, "0"),
        ):
            feed.write(vals)
            self.assertEqual(self.get_rows(feed)["P1"]["QUANTITY"], wanted, vals)
        feed.write({"safety_margin": 0, "untracked_quantity": 42})
        rows = self.get_rows(feed)
        self.assertEqual(rows["P1"]["SECOND"], "5")
        self.assertEqual(rows[service.default_code]["QUANTITY"], "42")

    def test_products_out_of_stock_can_be_left_out(self):
        product = self.create_marked("P1")
        self.set_stock(self.create_marked("P2"), 1)
        feed = self.create_feed(include_out_of_stock=False)
        self.assertEqual(set(self.get_rows(feed)), {"P2"})
        self.set_stock(product, 1)
        self.assertEqual(set(self.get_rows(feed)), {"P1", "P2"})

    def test_archived_products_can_be_had(self):
        self.create_marked("P1").active = False
        feed = self.create_feed()
        self.assertFalse(self.get_rows(feed))
        feed.include_archived = True
        self.assertEqual(set(self.get_rows(feed)), {"P1"})

    def test_categories_and_brands_are_named_without_the_root(self):
        """Pitfall 72 and 74: breadcrumbs with Root, or in another language; brands."""
        self.env["res.lang"]._activate_lang("fr_FR")
        top = self.env["product.category"].create({"name": "Clothes"})
        category = self.env["product.category"].create(
            {"name": "Shirts", "parent_id": top.id}
        )
        brand = self.env["product.attribute"].create(
            {"name": "Marque", "value_ids": [Command.create({"name": "Tricot"})]}
        )
        shirt = self.create_shirt(categ_id=category.id)
        shirt.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": brand.id,
                    "value_ids": [Command.set(brand.value_ids.ids)],
                }
            )
        ]
        shirt.with_context(lang="fr_FR").name = "Maillot"
        row = self.get_rows(lang="fr_FR")["TS-S"]
        self.assertEqual(row["CATEGORY"], "Clothes > Shirts")
        self.assertEqual(row["MANUFACTURER"], "Tricot")
        self.assertEqual(row["NAME_PRODUCT"], "Maillot")

    def test_delivery_prices_are_those_of_the_method(self):
        product = self.env["product.product"].create(
            {"name": "Delivery", "type": "service"}
        )
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Post",
                "product_id": product.id,
                "delivery_type": "fixed",
                "fixed_price": 4.9,
                "free_over": True,
                "amount": 50,
            }
        )
        self.create_marked("P1", list_price=10, weight=1)
        self.create_marked("P2", list_price=60, weight=9)
        feed = self.create_feed(carrier_id=carrier.id)
        rows = self.get_rows(feed)
        self.assertEqual(
            [rows[n]["DELIVERY_PRICE"] for n in ("P1", "P2")], ["4.90", "0.00"]
        )
        carrier.write(
            {
                "delivery_type": "base_on_rule",
                "free_over": False,
                "price_rule_ids": [
                    Command.create(
                        {
                            "variable": "weight",
                            "operator": "<=",
                            "max_value": 5,
                            "list_base_price": 7,
                        }
                    )
                ],
            }
        )
        rows = self.get_rows(feed)
        self.assertEqual(
            [rows[n]["DELIVERY_PRICE"] for n in ("P1", "P2")], ["7.00", ""]
        )

    def test_any_field_text_and_expression_can_be_a_column(self):
        product = self.create_marked("P1", barcode="4006381333931")
        feed = self.create_feed()
        self.add_column(feed, "UNIT", "field", path="uom_id.name")
        self.add_column(feed, "TAXES", "field", path="taxes_id.name")
        self.add_column(feed, "SALE", "field", path="sale_ok")
        self.add_column(feed, "SHOP", "text", text="La Boutique; 'x'")
        self.add_column(
            feed, "TITLE", "expression", expression='name + " " + (barcode or "")'
        )
        row = self.get_rows(feed)["P1"]
        self.assertEqual(
            [row[name] for name in ("UNIT", "TAXES", "SALE", "SHOP", "TITLE")],
            [
                product.uom_id.name,
                self.tax_20.name,
                "true",
                "La Boutique; 'x'",
                "Product P1 4006381333931",
            ],
        )

    def test_missing_related_records_leave_a_cell_empty(self):
        """Pitfall 71: a missing supplier, reference or tax broke the whole feed."""
        self.create_marked("P1", taxes=self.env["account.tax"])
        feed = self.create_feed(tax_included=True)
        for name, path in (
            ("SUPPLIER", "seller_ids.product_code"),
            ("TAX", "taxes_id.tax_group_id.name"),
            ("OWNER", "responsible_id.partner_id.name"),
        ):
            self.add_column(feed, name, "field", path=path)
        row = self.get_rows(feed)["P1"]
        self.assertEqual((row["SUPPLIER"], row["TAX"]), ("", ""))
        self.assertEqual(row["PRICE_PRODUCT"], "11.00")

    def test_a_column_that_fails_is_empty_for_the_products_it_fails_for(self):
        self.create_marked("P1", list_price=0)
        other = self.create_marked("P2", list_price=10)
        feed = self.create_feed()
        self.add_column(feed, "ODD", "expression", expression="1 / list_price")
        rows = self.get_rows(feed)
        self.assertEqual((rows["P1"]["ODD"], rows["P2"]["ODD"]), ("", "0.1"))
        self.assertEqual(self.get_warnings(feed)["failed"], 1)
        self.build(feed)
        other.name = "Renamed"
        self.assertEqual(self.build(feed).computed_count, 1)
        self.assertEqual(self.get_warnings(feed)["failed"], 1)
        message = feed.warning_ids.filtered(lambda w: w.code == "failed_column").message
        self.assertIn("division by zero", message)

    def test_a_standard_value_that_fails_breaks_nothing(self):
        self.create_marked("P1")
        feed = self.create_feed()

        def fail(*_args):
            raise ValueError("odd")

        self.patch(LengowFeedValues, "_get_weight_values", fail)
        row = self.get_rows(feed)["P1"]
        self.assertEqual((row["WEIGHT"], row["NAME_PRODUCT"]), ("", "Product P1"))

    def test_other_modules_fill_columns_through_the_seam(self):
        self.create_marked("P1")
        feed = self.create_feed()
        column = self.add_column(feed, "MINE", "text", text="x")
        get_values = LengowFeedValues._get_column_values

        def get(feed, products, column_):
            values = get_values(feed, products, column_)
            if column_ == column:
                values = {key: value * 3 for key, value in values.items()}
            return values

        self.patch(LengowFeedValues, "_get_column_values", get)
        self.assertEqual(self.get_rows(feed)["P1"]["MINE"], "xxx")

    def test_prices_that_another_module_writes_its_own_way_break_nothing(self):
        self.create_marked("P1")
        feed = self.create_feed()
        for text, is_missing in (("12,50 €", False), ("0,00", True), ("", True)):
            with self.subTest(text=text):
                self.patch(
                    LengowFeedPrices,
                    "_get_price_values",
                    lambda _feed, records, _column, text=text: dict.fromkeys(
                        records.ids, text
                    ),
                )
                feed.full_requested = True
                self.assertEqual(self.get_rows(feed)["P1"]["PRICE_PRODUCT"], text)
                warnings = self.get_warnings(feed)
                self.assertEqual("no_price" in warnings, is_missing)

    def test_missing_columns_are_appended(self):
        feed = self.create_feed()
        count = len(feed.column_ids)
        feed.column_ids.filtered(lambda c: c.value == "weight").unlink()
        self.env["product.attribute"].create({"name": "Material"})
        feed.action_add_columns()
        self.assertEqual(len(feed.column_ids), count + 1)
        self.assertEqual(
            feed.column_ids.sorted().mapped("name")[-2:], ["WEIGHT", "MATERIAL"]
        )

    def test_columns_must_say_something_that_there_is(self):
        feed = self.create_feed()
        for kind, vals in (
            ("field", {"path": "x_none"}),
            ("field", {"path": "categ_id.none"}),
            ("field", {"path": "image_1920"}),
            ("field", {}),
            ("standard", {}),
            ("attribute", {}),
            ("stock", {}),
            ("expression", {"expression": "x_none + 1"}),
            ("expression", {"expression": "__import__('os')"}),
        ):
            with self.subTest(kind=kind, **vals), self.assertRaises(ValidationError):
                self.add_column(feed, "C", kind, **vals)

    def test_a_manager_cannot_publish_what_he_may_not_read(self):
        manager = new_test_user(
            self.env, "feed manager", "sale_lengow.group_lengow_manager"
        )
        users = self.env["res.users"].with_user(manager)
        secret = next(
            name
            for name, field in users._fields.items()
            if field.store and not users._has_field_access(field, "read")
        )
        columns = self.env["lengow.feed.column"].with_user(manager)
        vals = {"feed_id": self.create_feed().id, "name": "X", "kind": "field"}
        with self.assertRaisesRegex(ValidationError, "may not read"):
            columns.create({**vals, "path": f"create_uid.{secret}"})
        columns.create({**vals, "path": "create_uid.name"})

    def test_links_lead_to_the_merchants_shop(self):
        product = self.create_marked("P1")
        feed = self.create_feed(
            product_url="https://shop.example.com/p/{reference}?i={id}"
        )
        self.assertEqual(
            self.get_rows(feed)["P1"]["URL_PRODUCT"],
            f"https://shop.example.com/p/P1?i={product.id}",
        )
        for pattern in (
            "https://x/{nothing}",
            "https://x/{",
            "https://x/{id.__class__.x}",
        ):
            with self.assertRaises(ValidationError):
                feed.product_url = pattern
