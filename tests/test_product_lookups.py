"""The products of a batch are looked up together, in few queries."""

from odoo.tests import tagged

from ..models.lengow_order_product_search import ProductKey
from ..simulator.money import get_lines
from .common_products import SHIRT, FindProductsCommon


@tagged("post_install", "-at_install", "lengow")
class TestProductLookups(FindProductsCommon):
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
        # Mappings, and for each of the two fields one search and the templates found;
        # then the products' own fields, their taxes, and the taxes' fields, for all.
        with self.assertQueryCount(8):
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
