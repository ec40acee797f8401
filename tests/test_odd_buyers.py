"""The odd buyers of the simulated world are imported right."""

from odoo.tests import tagged

from ..simulator.oddities_buyers import BUYER_CASES
from .common_buyers import LengowBuyersCommon


@tagged("post_install", "-at_install", "lengow")
class TestOddBuyers(LengowBuyersCommon):
    world_options = {"orders": 200}

    def setUp(self):
        super().setUp()
        self.shirt.active = False
        products = self.create_catalogue()
        self.env["lengow.product.mapping"].create(
            [
                {
                    "account_id": self.account.id,
                    "external_id": str(ours["id"]),
                    "product_id": product.id,
                }
                for ours, product in zip(self.world.products, products, strict=True)
            ]
        )
        tags = {case.tag for case in BUYER_CASES} | {"shared_email"}
        payloads = [
            order
            for order in self.world.orders
            if tags & self.world.cases[order["marketplace_order_id"]]
        ]
        self.import_sales(*payloads)
        self.sales = {
            tag: [
                (payload, self.find(payload).sale_order_ids)
                for payload in payloads
                if tag in self.world.cases[payload["marketplace_order_id"]]
            ]
            for tag in tags
        }

    def test_every_odd_buyer_is_imported_right(self):
        self.assertTrue(all(self.sales.values()))
        for tag, pairs in self.sales.items():
            with self.subTest(tag=tag):
                getattr(self, f"check_{tag}")(pairs)

    def check_buyer_again(self, pairs):
        (_first, one), (_second, other) = pairs
        self.assertEqual(one.partner_id, other.partner_id)
        self.assertEqual(one.partner_shipping_id, other.partner_shipping_id)

    def check_mailbox_of_several(self, pairs):
        partners = [sale.partner_id for _payload, sale in pairs]
        self.assertEqual(len(set(partners)), 2)
        self.assertEqual(len({partner.email for partner in partners}), 1)

    def check_shared_email(self, pairs):
        self.assertEqual(len({sale.partner_id for _payload, sale in pairs}), len(pairs))

    def check_relay(self, pairs):
        for payload, sale in pairs:
            delivery = payload["packages"][0]["delivery"]
            relay = delivery["trackings"][0]["relay"]
            pickup = sale.partner_shipping_id
            self.assertEqual(sale.lengow_relay_point_id, relay["id"])
            self.assertTrue(pickup.is_pickup_location)
            self.assertEqual(
                (pickup.name, pickup.zip), (relay["name"], delivery["zipcode"])
            )
            self.assertEqual(pickup.parent_id.name, self.get_name(delivery))
            self.assertFalse(sale.partner_id.is_company)

    check_name_of_carrier = check_relay

    def check_relay_beside_home(self, pairs):
        ((payload, sale),) = pairs
        home = payload["packages"][0]["delivery"]["first_line"]
        self.assertTrue(sale.lengow_relay_point_id)
        self.assertEqual(sale.partner_shipping_id.street, home)
        self.assertFalse(sale.partner_shipping_id.is_pickup_location)

    def check_civility_in_name(self, pairs):
        for payload, sale in pairs:
            title, _blank, name = payload["billing_address"]["last_name"].partition(" ")
            self.assertIn(title, ("Herr", "Mme"))
            self.assertEqual(sale.partner_id.name, name)

    def check_four_street_lines(self, pairs):
        address = pairs[0][1].partner_shipping_id
        self.assertEqual(address.street, "c/o Familie Krause")
        self.assertEqual(address.street2, "Hinterhaus, Hauptstraße 7, 3. Stock links")

    def check_no_texts(self, pairs):
        buyer = pairs[0][1].partner_id
        self.assertEqual((buyer.street2, buyer.is_company), (False, False))

    def check_dirty_vat(self, pairs):
        buyer = pairs[0][1].partner_id
        self.assertEqual((buyer.vat, buyer.is_company), (False, True))
        self.assertIn("B-00.000.00X", buyer.comment)

    def check_company_of_invoice(self, pairs):
        for _payload, sale in pairs:
            self.assertEqual(sale.partner_id.name, "Garnier & Co")
            self.assertEqual(sale.partner_shipping_id.parent_id, sale.partner_id)

    def check_invoice_without_place(self, pairs):
        ((payload, sale),) = pairs
        delivery = payload["packages"][0]["delivery"]
        self.assertEqual(sale.partner_invoice_id.street, delivery["first_line"])

    def get_name(self, address):
        return f"{address['first_name']} {address['last_name']}"
