"""The product that a marketplace line means is found, or the order says why not."""

from unittest import SkipTest

from odoo import Command
from odoo.tests import tagged

from ..lengow.order import Order
from ..models.lengow_order_product_search import ProductKey
from ..simulator.money import get_lines
from ..simulator.oddities_products import PRODUCT_CASES
from .common import LengowCommon

SHIRT, MUG, NOVEL = "TS-WHT-S", "MG-SPK", "BO-NVL"


class FindProductsCommon(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.shirt = cls.create_product(SHIRT)

    @classmethod
    def create_combo(cls, sku):
        """Create a combo, of which whoever buys it chooses one product or the other."""
        choices = cls.env["product.combo"].create(
            {
                "name": "Drinks",
                "combo_item_ids": [
                    Command.create({"product_id": cls.create_product(name).id})
                    for name in (f"{sku}-1", f"{sku}-2")
                ],
            }
        )
        return cls.create_product(
            sku,
            type="combo",
            is_storable=False,
            combo_ids=[Command.set(choices.ids)],
        )

    def add(self, *names, quantity=1, **overrides):
        """Add an order whose lines name products as given, without charges.

        :param names: ids, or pairs of field and id.
        """
        overrides.setdefault("shipping", 0)
        payload = self.world.add_order(
            lines=[(SHIRT, quantity)] * len(names), **overrides
        )
        for line, name in zip(get_lines(payload), names, strict=True):
            field, product_id = name if isinstance(name, tuple) else ("old_shop", name)
            line["merchant_product_id"] = {"field": field, "id": product_id}
        return payload

    def find_products(self, *names, **overrides):
        """:return: the products of the lines of a new order, in their order."""
        order = self.import_stored(self.add(*names, **overrides))
        self.assertEqual(order.state, "imported", order.error_message)
        return [line.product_id for line in order.line_ids]

    def assert_found(self, product, *names):
        for name in names:
            with self.subTest(name=name):
                self.assertEqual(self.find_products(name), [product])

    def assert_unknown(self, *names):
        for name in names:
            with self.subTest(name=name):
                self.assert_problem("unknown_product", name)

    def assert_problem(self, code, name, *words):
        order = self.import_stored(self.add(name))
        self.assertEqual(
            (order.state, order.error_code), ("error", code), order.error_message
        )
        for word in (order.marketplace_order_id, *words):
            self.assertIn(word, order.error_message)
        self.assertFalse(order.sale_order_ids)

    def map_product(self, external_id, product, **vals):
        return self.env["lengow.product.mapping"].create(
            {
                "account_id": self.account.id,
                "external_id": external_id,
                "product_id": product.id,
                **vals,
            }
        )

    def create_field(self, name, ttype="char", model="product.product"):
        """Add a field, as Studio does."""
        return self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get(model).id,
                "name": name,
                "ttype": ttype,
                "state": "manual",
            }
        )

    def create_template(self, *values, **vals):
        """:return: a template with one variant for each value of its size."""
        attribute = self.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [Command.create({"name": value}) for value in values],
            }
        )
        return self.env["product.template"].create(
            {
                "name": "Hat",
                "taxes_id": [Command.set(self.tax_20.ids)],
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                ],
                **vals,
            }
        )

    def create_supplier_code(self, code, **vals):
        supplier = self.env["res.partner"].create({"name": "Supplier"})
        return self.env["product.supplierinfo"].create(
            {"partner_id": supplier.id, "product_code": code, **vals}
        )

    def create_packaging(self, barcode, product, unit="product_uom_pack_6", **vals):
        return self.env["product.uom"].create(
            {
                "product_id": product.id,
                "uom_id": self.env.ref(f"uom.{unit}").id,
                "barcode": barcode,
                **vals,
            }
        )


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

    # The field that Lengow names

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

    # Packagings

    def test_packaging_is_sold_and_delivered_as_such(self):
        self.create_packaging("3760012349999", self.shirt)
        payload = self.add("3760012349999", quantity=2)
        order = self.import_stored(payload)
        sale = order.sale_order_ids
        line = sale.order_line
        self.assertEqual(line.product_uom_id, self.env.ref("uom.product_uom_pack_6"))
        self.assertEqual((line.product_uom_qty, line.price_total), (2, 39.8))
        self.assertAlmostEqual(line.price_unit, 19.9)
        self.assertEqual((sale.state, sale.amount_total), ("sale", order.total_order))
        self.assertEqual(sale.picking_ids.move_ids.product_qty, 12)

    def test_packaging_is_invoiced_to_the_cent(self):
        tax = self.create_tax(20, "tax_excluded")
        product = self.create_product("x", taxes=tax, invoice_policy="order")
        self.create_packaging("3760012349999", product)
        payload = self.add("3760012349999", quantity=3)
        get_lines(payload)[0].update(amount="10.00", original_amount="10.00")
        payload.update(total_order=10, original_total_order=10)
        sale = self.import_stored(payload).sale_order_ids
        self.assertEqual((sale.state, sale.amount_total), ("sale", 10))
        invoice = sale._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 10)
        line = invoice.invoice_line_ids
        self.assertEqual(line.product_uom_id, self.env.ref("uom.product_uom_pack_6"))
        self.assertEqual(line.quantity, 3)

    def test_line_beside_a_packaging_counts_units(self):
        self.create_packaging("3760012349999", self.shirt)
        order = self.import_stored(self.add("3760012349999", SHIRT))
        self.assertEqual(
            order.sale_order_ids.order_line.product_uom_id.ids,
            [self.env.ref(f"uom.product_uom_{name}").id for name in ("pack_6", "unit")],
        )

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

    # Templates

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

    # Combos

    def test_combo_is_refused_by_name(self):
        combo = self.create_combo("MENU")
        self.map_product("N-1", combo)
        for name in ("MENU", ("id", combo.id), "N-1"):
            with self.subTest(name=name):
                self.assert_problem("combo_product", name, f"“{combo.display_name}”")
        order = self.env["lengow.order"].search([], limit=1)
        self.assertIn("Map", order.remedy)

    def test_combo_is_no_product_for_unknown_ones(self):
        self.get_channel().fallback_product_id = self.create_combo("MENU")
        self.assert_problem("combo_product", "NOBODY", "MENU")

    def test_combo_harms_no_other_order_of_its_batch(self):
        self.create_combo("MENU")
        orders = self.import_stored(*map(self.add, (SHIRT, "MENU", SHIRT)))
        self.assertEqual(orders.mapped("state"), ["imported", "error", "imported"])

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

    # The fallback product

    def set_fallback(self):
        fallback = self.create_product("ANY", name="Any article")
        self.get_channel().fallback_product_id = fallback
        return fallback

    def test_fallback_product_keeps_title_and_number(self):
        fallback = self.set_fallback()
        order = self.import_stored(self.add("GONE-1", SHIRT, quantity=2))
        self.assertEqual((order.state, order.error_code), ("imported", False))
        sale = order.sale_order_ids
        line, known = sale.order_line
        self.assertEqual((line.product_id, known.product_id), (fallback, self.shirt))
        self.assertEqual(line.name, f"[GONE-1] {order.line_ids[0].title}")
        self.assertNotIn("GONE-1", known.name)
        self.assertEqual((sale.state, sale.amount_total), ("sale", order.total_order))
        self.assertEqual((line.product_uom_qty, line.price_total), (2, 39.8))
        sale._create_invoices()
        self.assertIn("GONE-1", sale.invoice_ids.invoice_line_ids[0].name)

    def test_fallback_product_is_the_channels(self):
        self.set_fallback()
        order = self.import_stored(self.add("GONE-1", marketplace="decathlon_fr"))
        self.assertEqual(order.error_code, "unknown_product")

    def test_fallback_product_takes_lines_without_number_or_title(self):
        fallback = self.set_fallback()
        payload = self.add("GONE-1", "GONE-2", "GONE-3")
        first, second, third = get_lines(payload)
        first["merchant_product_id"] = None
        second["title"] = None
        third.update(title=None, merchant_product_id=None)
        order = self.import_stored(payload)
        lines = order.sale_order_ids.order_line
        self.assertEqual(lines.product_id, fallback)
        self.assertEqual(
            lines.mapped("name"),
            [first["title"], "[GONE-2]", "[ANY] Any article"],
        )

    def test_fallback_product_does_not_decide_between_several(self):
        self.set_fallback()
        self.create_product(SHIRT, name="Second")
        self.assert_problem("ambiguous_product", SHIRT, "Second")

    # Speed

    def read_what_is_needed_anyway(self, orders):
        """Read the batch, its account and company, and the user."""
        self.assertTrue(orders.account_id.company_id.parent_path)
        self.assertTrue(self.env.user.login)

    def test_batch_is_looked_up_at_once(self):
        products = [self.create_product(f"B-{number}") for number in range(30)]
        for product in products[:10]:
            self.map_product(f"M-{product.id}", product)
        names = [
            *(("old_shop", f"M-{product.id}") for product in products[:10]),
            *(("sku", product.default_code) for product in products[10:20]),
            *(("id", product.id) for product in products[20:]),
        ]
        orders = self.store(*(self.add(name, name) for name in names))
        self.env.invalidate_all()
        keys = orders._get_product_keys()
        self.read_what_is_needed_anyway(orders)
        # Mappings, and one search for each of the two fields; then the products' own
        # fields, their taxes, and the taxes' fields, at once for all.
        with self.assertQueryCount(6):
            found = orders._find_products(keys)
            for match in found.values():
                match.products.taxes_id.mapped("amount")
        self.assertEqual(
            [found[key].products for key in sorted(keys, key=lambda key: key.id)],
            [
                product
                for _id, product in sorted(
                    (str(name[1]), product)
                    for name, product in zip(names, products, strict=True)
                )
            ],
        )

    def test_unknown_ids_cost_each_step_one_query(self):
        orders = self.store(*(self.add(f"GONE-{number}") for number in range(25)))
        keys = orders._get_product_keys()
        self.assertEqual(len(keys), 25)
        orders._find_products(keys)
        self.read_what_is_needed_anyway(orders)
        with self.assertQueryCount(7):
            self.assertFalse(orders._find_products(keys))

    def test_lines_are_not_looked_up_one_by_one(self):
        self.create_packaging("3760012349999", self.shirt)
        orders = self.store(*(self.add(SHIRT, "3760012349999") for _number in range(3)))
        calls = []
        find_products = type(orders)._find_products

        def count(records, keys):
            calls.append(keys)
            return find_products(records, keys)

        self.patch(type(orders), "_find_products", count)
        self.run_cron("import_orders")
        self.assertEqual(set(orders.mapped("state")), {"imported"})
        self.assertEqual(
            calls,
            [{ProductKey(None, SHIRT), ProductKey(None, "3760012349999")}],
        )

    def test_cancelled_line_is_not_looked_up(self):
        payload = self.add(SHIRT, "GONE")
        get_lines(payload)[1]["lengow_status"] = "canceled"
        order = self.store(payload)
        self.assertEqual(order._get_product_keys(), {ProductKey(None, SHIRT)})

    def test_field_and_number_are_read_from_the_line(self):
        (line,) = Order(self.add(("sku", 12))).lines
        self.assertEqual((line.product_field, line.product_id), ("sku", "12"))


@tagged("post_install", "-at_install", "lengow")
class TestProductCases(LengowCommon):
    world_options = {"orders": 200}

    def test_every_way_of_naming_products_in_the_world_is_understood(self):
        self.open_channels()
        products = {
            product.default_code: product for product in self.create_catalogue()
        }
        tags = {case.tag for case in PRODUCT_CASES}
        payloads = [
            order
            for order in self.world.orders
            if self.world.cases[order["marketplace_order_id"]] & tags
        ]
        self.assertGreaterEqual(len(payloads), len(tags))
        orders = self.import_stored(*payloads)
        self.assertEqual(
            set(orders.mapped("state")), {"imported"}, orders.mapped("error_message")
        )
        by_title = {
            product["name"]: products[product["sku"]] for product in self.world.products
        }
        for line in orders.line_ids:
            title, _comma, pack = line.title.partition(", pack of ")
            with self.subTest(external_id=line.external_id):
                self.assertEqual(line.product_id, by_title[title])
                unit = f"uom.product_uom_{'pack_6' if pack else 'unit'}"
                self.assertEqual(line.sale_line_id.product_uom_id, self.env.ref(unit))
        for order in orders:
            total = sum(order.sale_order_ids.mapped("amount_total"))
            self.assertEqual(
                order.currency_id.compare_amounts(total, order.total_order), 0
            )


@tagged("post_install", "-at_install", "lengow")
class TestKits(FindProductsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "sale_mrp" not in cls.env["ir.module.module"]._installed():
            raise SkipTest("Kits need the module sale_mrp.")

    def test_kit_delivers_its_components(self):
        mug = self.create_product(MUG)
        kit = self.create_product("KIT", is_storable=False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": product.id, "product_qty": quantity})
                    for product, quantity in ((self.shirt, 1), (mug, 2))
                ],
            }
        )
        order = self.import_stored(self.add("KIT", quantity=3))
        sale = order.sale_order_ids
        self.assertEqual((sale.state, sale.amount_total), ("sale", order.total_order))
        self.assertEqual(sale.order_line.product_id, kit)
        moves = sale.picking_ids.move_ids
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in moves},
            {self.shirt: 3, mug: 6},
        )
        moves.write({"quantity": 0})
        for move in moves:
            move.quantity = move.product_uom_qty
        moves.picked = True
        sale.picking_ids.button_validate()
        self.assertEqual(sale.order_line.qty_delivered, 3)
