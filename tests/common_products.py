"""Orders whose lines name products as a test says."""

from odoo import Command

from ..simulator.money import get_lines
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
