"""The product that a marketplace line means is found, or the order says why not."""

from odoo.tests import tagged

from ..simulator.money import get_lines
from .common_products import MUG, SHIRT, FindProductsCommon


@tagged("post_install", "-at_install", "lengow")
class TestFindProducts(FindProductsCommon):
    # The order of the steps

    def test_each_step_outweighs_those_after_it(self):
        self.create_field("x_shop_number")
        products = [
            self.create_product(f"other-{number}", name=f"Product {number}")
            for number in range(6)
        ]
        mapped, named, reference, barcode, packed, supplied = products
        name = ("x_shop_number", "N-1")
        self.create_supplier_code("N-1", product_id=supplied.id)
        self.assert_found(supplied, name)
        packaging = self.create_packaging("N-1", packed)
        self.assert_found(packed, name)
        packaging.unlink()
        barcode.barcode = "N-1"
        self.assert_found(barcode, name)
        reference.default_code = "N-1"
        self.assert_found(reference, name)
        named.x_shop_number = "N-1"
        self.assert_found(named, name)
        self.map_product("N-1", mapped)
        self.assert_found(mapped, name)

    def test_mapping_is_the_accounts_own(self):
        other = self.account.copy({"name": "Other"})
        mapping = self.map_product("N-1", self.shirt)
        mapping.account_id = other
        self.assert_unknown("N-1")

    # Archived products

    def test_archived_product_is_found_and_its_order_confirmed(self):
        self.shirt.action_archive()
        self.assertFalse(self.shirt.active)
        order = self.import_stored(self.add(SHIRT))
        sale = order.sale_order_ids
        self.assertEqual(sale.order_line.product_id, self.shirt)
        self.assertEqual((sale.state, sale.amount_total), ("sale", order.total_order))
        self.assertEqual(sale.picking_ids.move_ids.product_id, self.shirt)

    def test_archived_product_is_found_by_every_step(self):
        self.shirt.barcode = "3760012340019"
        self.map_product("mapped", self.shirt)
        self.create_packaging("packed", self.shirt)
        self.create_supplier_code("supplied", product_id=self.shirt.id)
        self.shirt.product_tmpl_id.action_archive()
        self.assert_found(
            self.shirt,
            "mapped",
            ("id", self.shirt.id),
            SHIRT,
            self.shirt.barcode,
            "packed",
            "supplied",
            SHIRT.lower(),
        )

    def test_product_that_is_not_archived_goes_first(self):
        self.shirt.action_archive()
        successor = self.create_product(SHIRT)
        self.assert_found(successor, SHIRT)

    def test_archived_taxes_of_the_product_are_left_out(self):
        self.shirt.taxes_id += self.tax_5
        self.tax_5.active = False
        order = self.import_stored(self.add(SHIRT))
        self.assertEqual(order.sale_order_ids.order_line.tax_ids, self.tax_20)

    # Suppliers' codes

    def test_suppliers_prices_for_several_quantities_are_one_product(self):
        for quantity in (1, 10):
            self.create_supplier_code("F-1", product_id=self.shirt.id, min_qty=quantity)
        self.assert_found(self.shirt, "F-1")

    def test_suppliers_code_of_a_template_is_that_of_its_only_variant(self):
        self.create_supplier_code("F-1", product_tmpl_id=self.shirt.product_tmpl_id.id)
        self.assert_found(self.shirt, "F-1")

    def test_suppliers_code_of_two_products_is_told(self):
        mug = self.create_product(MUG)
        self.create_supplier_code("F-1", product_id=self.shirt.id)
        self.create_supplier_code("F-1", product_id=mug.id)
        self.assert_problem(
            "ambiguous_product", "F-1", "F-1", self.shirt.name, mug.name
        )

    # Spelling

    def test_fba_suffix_is_dropped(self):
        self.assert_found(self.shirt, f"{SHIRT}_FBA", ("sku", f"{SHIRT}_FBA"))
        self.map_product("N-1", self.shirt)
        self.assert_found(self.shirt, "N-1_FBA", ("id", f"{self.shirt.id}_FBA"))
        self.assert_unknown("_FBA", "GONE_FBA", f"{SHIRT}_FBM")

    def test_reference_that_ends_with_the_suffix_is_found_first(self):
        fba = self.create_product(f"{SHIRT}_FBA")
        self.assert_found(fba, f"{SHIRT}_FBA")
        self.assert_found(self.shirt, SHIRT)

    def test_case_and_blanks_do_not_matter_where_nothing_else_is_found(self):
        mug = self.create_product(" Mg-Spk ", barcode=" AB12 ")
        self.assert_found(mug, "MG-SPK", "mg-spk", "mg-spk_fba", "ab12", " Ab12  ")
        self.assert_unknown("MG SPK", "MG%SPK", "MG_SPK", "%", "\\", "MG-SP")

    def test_exact_spelling_outweighs_the_other(self):
        lower = self.create_product("ab-1")
        upper = self.create_product("AB-1")
        self.assert_found(lower, "ab-1")
        self.assert_found(upper, "AB-1")
        self.assert_problem(
            "ambiguous_product", "Ab-1", "2 products", "[ab-1]", "[AB-1]"
        )

    def test_order_that_names_no_product_is_told(self):
        for product in (None, {}, {"id": None}, {"id": ""}, {"id": "  "}, "text", []):
            payload = self.add(SHIRT)
            get_lines(payload)[0]["merchant_product_id"] = product
            order = self.import_stored(payload)
            self.assertEqual(order.error_code, "unknown_product", product)
            self.assertIn("gives no number", order.error_message)
            self.assertIn(get_lines(payload)[0]["title"], order.error_message)

    def test_reference_zero_is_one(self):
        zero = self.create_product("0")
        self.assert_found(zero, 0, "0", ("id", 0), ("x_nothing", "0"))

    # Companies

    def test_products_are_those_of_the_accounts_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        vals = {"taxes": self.env["account.tax"], "company_id": other.id}
        theirs = self.create_product("T-1", barcode="3760012340033", **vals)
        self.create_supplier_code("T-2", product_id=theirs.id, company_id=False)
        self.create_packaging("T-3", theirs, company_id=False)
        self.create_packaging("T-4", self.shirt, company_id=other.id)
        self.create_supplier_code("T-5", product_id=self.shirt.id, company_id=other.id)
        template = self.create_template("S", "M", company_id=other.id, taxes_id=False)
        template.default_code = "T-6"
        self.assert_unknown(
            "T-1",
            theirs.barcode,
            ("id", theirs.id),
            ("product_tmpl_id", template.id),
            "T-2",
            "T-3",
            "T-4",
            "T-5",
            "T-6",
            "t-1",
        )
        ours = self.create_product("T-1", company_id=self.company.id)
        self.assert_found(ours, "T-1")
