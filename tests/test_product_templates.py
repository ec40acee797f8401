"""A template is found by its only variant; one with several is refused by name."""

from odoo.tests import tagged

from .common_products import FindProductsCommon


@tagged("post_install", "-at_install", "lengow")
class TestProductTemplates(FindProductsCommon):
    def test_template_with_variants_is_refused_by_name(self):
        self.create_field("x_family", model="product.template")
        template = self.create_template("S", "M", x_family="HATS")
        # As an import of a file does.
        template.default_code = "HAT"
        template.flush_recordset()
        self.assertEqual(template.default_code, "HAT")
        self.create_supplier_code("F-HAT", product_tmpl_id=template.id)
        number = self.number_without_product(template)
        for name in (
            "HAT",
            ("default_code", "HAT"),
            ("x_family", "HATS"),
            ("name", "Hat"),
            ("product_tmpl_id", template.id),
            ("id", number),
            "F-HAT",
        ):
            with self.subTest(name=name):
                self.assert_problem(
                    "ambiguous_product",
                    name,
                    "“Hat”",
                    "2 variants",
                    "Hat (S)",
                    "Hat (M)",
                )

    def number_without_product(self, template):
        """Let no product have the template's number, as products have been deleted."""
        taken = self.env["product.product"].browse(template.id).exists()
        if taken:
            self.env.cr.execute(
                "SELECT setval(pg_get_serial_sequence('product_template', 'id'), 1000000)"
            )
            template = template.copy()
        return template.id

    def test_template_with_one_variant_is_that_variant(self):
        template = self.shirt.product_tmpl_id
        self.assert_found(self.shirt, ("product_tmpl_id", template.id))
        hat = self.create_template("S", "M")
        small, medium = hat.product_variant_ids
        medium.action_archive()
        self.assert_found(small, ("product_tmpl_id", hat.id), ("name", "Hat"))

    def test_number_of_a_template_does_not_pick_its_only_variant(self):
        self.env.cr.execute(
            "SELECT setval(pg_get_serial_sequence('product_template', 'id'), 1000000)"
        )
        template = self.create_product("single").product_tmpl_id
        self.assertEqual(len(template.product_variant_ids), 1)
        self.assert_unknown(("id", template.id))

    def test_variants_are_found_by_what_is_their_own(self):
        template = self.create_template("S", "M")
        small, medium = template.product_variant_ids
        small.default_code, medium.barcode = "HAT-S", "3760012340026"
        self.assert_found(small, "HAT-S", ("id", small.id))
        self.assert_found(medium, "3760012340026")
        # The supplier's code of one variant alone.
        self.create_supplier_code(
            "F-S", product_tmpl_id=template.id, product_id=small.id
        )
        self.assert_found(small, "F-S")

    def test_only_the_first_of_many_names_are_shown(self):
        template = self.create_template(*map(str, range(1, 21)))
        order = self.import_stored(self.add(("product_tmpl_id", template.id)))
        self.assertIn("20 variants", order.error_message)
        self.assertEqual(order.error_message.count("Hat ("), 5)
        self.assertIn("…", order.error_message)
