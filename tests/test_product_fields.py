"""Lengow may name the field that a product's number is of: it is obeyed where it can be."""

from odoo.tests import tagged

from ..lengow.order import Order
from .common_products import MUG, NOVEL, SHIRT, FindProductsCommon


@tagged("post_install", "-at_install", "lengow")
class TestProductFields(FindProductsCommon):
    def test_id_is_the_databases(self):
        mug = self.create_product(MUG)
        self.create_product(str(mug.id), name="Named by chance")
        self.assert_found(mug, ("id", mug.id), ("id", str(mug.id)))

    def test_number_under_another_name_is_no_id(self):
        self.assert_unknown(
            ("ID_PRODUCT", self.shirt.id), ("", self.shirt.id), (None, self.shirt.id)
        )

    def test_id_that_is_no_number_of_a_record_harms_nothing(self):
        # Neither an error of the database, nor another record.
        numbers = (
            "0",
            "-1",
            f"0{self.shirt.id}",
            f"{self.shirt.id}.5",
            "1_0",
            "١٢",
            "²",
            2**31,
            10**30,
            "9" * 5000,
            "NaN",
            True,
        )
        self.assert_unknown(*(("id", number) for number in numbers))

    def test_reference_and_barcode_under_their_usual_names(self):
        mug = self.create_product(MUG, barcode=SHIRT)
        self.assert_found(
            self.shirt,
            ("default_code", SHIRT),
            ("sku", SHIRT),
            ("SKU", SHIRT),
            ("reference", SHIRT),
        )
        self.assert_found(
            mug, ("barcode", SHIRT), ("ean", SHIRT), ("EAN13", SHIRT), ("gtin", SHIRT)
        )

    def test_fields_of_products_and_of_templates(self):
        self.create_field("x_shop_number")
        self.create_field("x_legacy_id", "integer")
        self.create_field("x_family", model="product.template")
        mug = self.create_product(
            MUG, x_shop_number="M", x_legacy_id=77, x_family="Mugs"
        )
        self.assert_found(
            mug,
            ("x_shop_number", "M"),
            ("x_legacy_id", 77),
            ("x_legacy_id", "77"),
            ("x_family", "Mugs"),
            ("name", mug.name),
            ("product_tmpl_id", mug.product_tmpl_id.id),
        )
        self.assert_unknown(
            ("x_legacy_id", 0),
            ("x_legacy_id", "many"),
            ("x_legacy_id", 10**20),
            ("x_shop_number", "m7"),
        )

    def test_field_that_cannot_identify_a_product_is_left_aside(self):
        self.create_field("x_secret")
        self.create_field("x_note", "text")
        mug = self.create_product(MUG, x_secret="open", x_note="open")
        field = type(mug)._fields["x_secret"]
        self.assertEqual(self.find_products(("x_secret", "open")), [mug])
        self.patch(field, "groups", "base.group_system")
        names = (
            "x_secret",  # for administrators
            "x_note",  # a text
            "image_1920",
            "image_variant_1920",
            "list_price",
            "taxes_id",
            "display_name",
            "partner_ref",  # neither stored nor searchable
            "active",
            "create_date",
            "create_uid",
            "seller_ids",
            "nothing_of_the_kind",
            "__class__",
            "default_code; DROP TABLE product_product",
            "barcode.id",
            ["id"],
            {"id": 1},
            12,
        )
        for name in names:
            with self.subTest(name=name):
                self.assertEqual(self.find_products((name, MUG)), [mug])
                self.assert_unknown((name, "open"))

    def test_fields_may_differ_from_line_to_line(self):
        mug = self.create_product(MUG, barcode="3760012340019")
        novel = self.create_product(NOVEL)
        # One number, which is a reference for one line and an id for another.
        self.shirt.default_code = str(novel.id)
        found = self.find_products(
            ("id", novel.id), ("sku", novel.id), ("ean", mug.barcode), ("ean", NOVEL)
        )
        self.assertEqual(found, [novel, self.shirt, mug, novel])

    def test_field_and_number_are_read_from_the_line(self):
        (line,) = Order(self.add(("sku", 12))).lines
        self.assertEqual((line.product_field, line.product_id), ("sku", "12"))
