"""Relay points: known to carriers, and a pickup location of Odoo's own."""

from odoo.tests import BaseCase, Form, tagged

from ..lengow.order import Order
from .common_buyers import JEANNE, LengowBuyersCommon

RELAY = {"id": "012345", "name": "Tabac de la Gare", "type": "MONDIAL_RELAY"}
AT_RELAY = {
    "company": "Tabac de la Gare",
    "first_line": "2 place de la Gare",
    "zipcode": "38100",
}


@tagged("post_install", "-at_install", "lengow")
class TestReadRelayPoints(BaseCase):
    def read_package(self, relay, delivery=None, billing=JEANNE):
        payload = {**JEANNE, **(delivery or {}), "trackings": [{"relay": relay}]}
        order = Order({"billing_address": billing, "packages": [{"delivery": payload}]})
        return order.packages[0]

    def test_a_relay_point_has_a_number_or_a_name(self):
        for relay, number in ((RELAY, "012345"), ({"id": 0}, "0"), ({"name": "T"}, "")):
            self.assertEqual(self.read_package(relay).relay_point.id, number)
        for relay in (None, {}, [], "x", {"id": None, "name": ""}, {"type": "X"}):
            self.assertIsNone(self.read_package(relay).relay_point)
            self.assertFalse(self.read_package(relay).is_at_relay_point)

    def test_the_address_is_the_relay_points_unless_it_is_the_buyers_home(self):
        for relay, delivery, billing, is_at in (
            (RELAY, AT_RELAY, JEANNE, True),
            (RELAY, {**AT_RELAY, "company": None}, JEANNE, True),
            (RELAY, {"company": "Tabac de la Gare"}, JEANNE, True),
            (RELAY, {"full_name": "DUPONT TABAC DE LA GARE"}, JEANNE, True),
            (RELAY, {"second_line": "Tabac de la gare"}, JEANNE, True),
            (RELAY, {}, None, True),
            (RELAY, {}, JEANNE, False),
            ({"id": "1"}, {"company": "Garnier"}, JEANNE, False),
        ):
            with self.subTest(delivery=delivery, billing=billing):
                package = self.read_package(relay, delivery, billing)
                self.assertEqual(package.is_at_relay_point, is_at)

    def test_the_recipient_is_the_buyer_and_not_the_relay_point(self):
        package = self.read_package(
            RELAY, {**AT_RELAY, "full_name": "Dupont TABAC DE LA GARE"}
        )
        self.assertEqual(package.recipient.company, "")
        self.assertEqual(package.recipient.get_name("full"), "Jeanne Dupont")
        self.assertEqual(package.recipient.street, AT_RELAY["first_line"])


@tagged("post_install", "-at_install", "lengow")
class TestImportRelayPoints(LengowBuyersCommon):
    def assert_at_relay(self, sale, recipient):
        """See that a sale order and its delivery go to the relay point."""
        pickup = sale.partner_shipping_id
        self.assertTrue(pickup.is_pickup_location)
        self.assertEqual(pickup.name, "Tabac de la Gare")
        self.assertEqual((pickup.street, pickup.zip), ("2 place de la Gare", "38100"))
        self.assertEqual(pickup.parent_id, recipient)
        self.assertEqual(sale.picking_ids.partner_id, pickup)

    def test_relay_point_is_on_order_and_delivery_and_is_odoos_pickup_location(self):
        """Pitfall 51."""
        sale = self.import_sale(None, AT_RELAY, RELAY)
        self.assertEqual(sale.state, "sale")
        for record in (sale, sale.picking_ids):
            self.assertEqual(record.lengow_relay_point_id, "012345")
            self.assertEqual(record.lengow_relay_point_name, "Tabac de la Gare")
            self.assertEqual(record.lengow_relay_point_type, "MONDIAL_RELAY")
        self.assertEqual(
            sale.pickup_location_data,
            {
                "id": "012345",
                "name": "Tabac de la Gare",
                "street": "2 place de la Gare",
                "city": "Grenoble",
                "zip_code": "38100",
                "state": False,
                "country_code": "FR",
            },
        )
        self.assert_at_relay(sale, sale.partner_id)
        self.assertEqual(sale.partner_id.name, "Jeanne Dupont")
        self.assertFalse(sale.partner_id.is_company, "the shop is not the buyer")
        self.assertEqual(sale.partner_id.street, JEANNE["first_line"])
        self.assertEqual(sale.partner_shipping_id.phone, "+33 6 12 34 56 78")

    def test_one_relay_point_of_one_buyer_is_one_contact(self):
        first = self.import_sale(None, AT_RELAY, RELAY, marketplace_customer_id=7)
        before = self.count_partners()
        payloads = [
            self.add(None, AT_RELAY, RELAY, marketplace_customer_id=7)
            for _number in range(2)
        ]
        later = self.import_sales(*payloads)
        self.assertEqual(later.partner_shipping_id, first.partner_shipping_id)
        self.assertEqual(later.picking_ids.partner_id, first.partner_shipping_id)
        self.assertEqual(self.count_partners(), before)

    def test_two_buyers_at_one_relay_point_stay_apart(self):
        one = self.import_sale(None, AT_RELAY, RELAY)
        other = self.import_sale(None, AT_RELAY, RELAY)
        self.assertNotEqual(one.partner_shipping_id, other.partner_shipping_id)
        self.assert_at_relay(one, one.partner_id)
        self.assert_at_relay(other, other.partner_id)

    def test_the_later_phone_is_the_one_that_the_relay_point_writes_to(self):
        first = self.import_sale(None, AT_RELAY, RELAY, marketplace_customer_id=7)
        other = {**AT_RELAY, "phone_mobile": "0698765432"}
        second = self.import_sale(None, other, RELAY, marketplace_customer_id=7)
        self.assertEqual(first.partner_shipping_id, second.partner_shipping_id)
        self.assertEqual(second.partner_shipping_id.phone, "+33 6 98 76 54 32")
        self.assertEqual(first.partner_id.phone, "+33 6 12 34 56 78")

    def test_who_fetches_for_somebody_else_is_named(self):
        friend = {**AT_RELAY, "first_name": "Paul", "last_name": "Petit"}
        sale = self.import_sale(None, friend, RELAY)
        recipient = sale.partner_shipping_id.parent_id
        self.assert_at_relay(sale, recipient)
        self.assertEqual(recipient.name, "Paul Petit")
        self.assertFalse(recipient.street, "nobody lives at a relay point")
        self.assertEqual(recipient.parent_id, sale.partner_id)
        self.assertEqual(sale.partner_invoice_id, sale.partner_id)

    def test_company_at_a_relay_point_keeps_company_and_person(self):
        sale = self.import_sale({"company": "Garnier SARL"}, AT_RELAY, RELAY)
        self.assertEqual(sale.partner_id.name, "Garnier SARL")
        self.assertEqual(sale.partner_invoice_id.name, "Jeanne Dupont")
        self.assert_at_relay(sale, sale.partner_invoice_id)

    def test_home_beside_a_relay_point_stays_the_address(self):
        sale = self.import_sale(relay=RELAY)
        self.assertEqual(sale.lengow_relay_point_id, "012345")
        self.assertFalse(sale.pickup_location_data)
        self.assertEqual(sale.partner_shipping_id, sale.partner_id)
        self.assertEqual(sale.picking_ids.lengow_relay_point_name, "Tabac de la Gare")

    def test_relay_point_without_a_name_is_called_by_its_number(self):
        delivery = {**AT_RELAY, "company": None}
        sale = self.import_sale(None, delivery, {"id": 0})
        self.assertEqual(sale.lengow_relay_point_id, "0")
        self.assertEqual(sale.lengow_relay_point_name, "Relay point 0")
        self.assertTrue(sale.partner_shipping_id.is_pickup_location)

    def test_billing_that_is_missing_does_not_make_the_shop_a_customer(self):
        payload = self.add(None, AT_RELAY, RELAY)
        payload["billing_address"] = None
        sale = self.import_sales(payload)
        self.assertEqual(sale.partner_id.name, "Jeanne Dupont")
        self.assertFalse(sale.partner_id.is_company)
        self.assertEqual(sale.partner_invoice_id, sale.partner_id)
        self.assert_at_relay(sale, sale.partner_id)

    def test_country_of_the_relay_point_decides_the_taxes(self):
        """Pitfall 48."""
        belgium = self.env["account.fiscal.position"].create(
            {
                "name": "Belgium",
                "auto_apply": True,
                "country_id": self.ref("base.be"),
                "company_id": self.company.id,
            }
        )
        delivery = {**AT_RELAY, "common_country_iso_a2": "BE", "zipcode": "1000"}
        sale = self.import_sale(None, delivery, RELAY)
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.fiscal_position_id, belgium)
        self.assertEqual(sale.partner_shipping_id.country_id.code, "BE")

    def test_fiscal_position_of_the_channel_outlives_the_pickup_location(self):
        forced = self.env["account.fiscal.position"].create({"name": "Forced"})
        self.get_channel().fiscal_position_id = forced
        sale = self.import_sale(None, AT_RELAY, RELAY)
        self.env.flush_all()
        self.assertEqual((sale.state, sale.fiscal_position_id), ("sale", forced))

    def test_quotation_goes_to_the_relay_point_once_it_is_confirmed(self):
        self.get_channel().auto_confirm = False
        sale = self.import_sale(None, AT_RELAY, RELAY)
        self.assertEqual(sale.lengow_relay_point_id, "012345")
        self.assertEqual(sale.partner_shipping_id, sale.partner_id)
        before = self.count_partners()
        sale.action_confirm()
        self.assertEqual(self.count_partners(), before, "Odoo finds what we made")
        self.assert_at_relay(sale, sale.partner_id)

    def test_order_that_is_confirmed_again_keeps_its_pickup_location(self):
        sale = self.import_sale(None, AT_RELAY, RELAY)
        pickup = sale.partner_shipping_id
        before = self.count_partners()
        sale._action_cancel()
        sale.action_draft()
        sale.action_confirm()
        self.assertEqual(sale.partner_shipping_id, pickup)
        self.assertEqual(self.count_partners(), before)
        self.assertEqual(sale.picking_ids.partner_id, pickup)
        again = sale.copy()
        again.action_confirm()
        self.assertEqual(again.partner_shipping_id, pickup)
        self.assertEqual(again.picking_ids.lengow_relay_point_id, "012345")

    def test_order_follows_to_another_relay_point_and_home_again(self):
        payload = self.add(None, AT_RELAY, RELAY)
        sale = self.import_sales(payload)
        delivery = payload["packages"][0]["delivery"]
        delivery["trackings"][0]["relay"] = {"id": "99", "name": "Épicerie"}
        delivery.update(company="Épicerie", first_line="9 rue Haute")
        self.import_stored(payload)
        pickup = sale.partner_shipping_id
        self.assertEqual(sale.lengow_relay_point_id, "99")
        self.assertEqual((pickup.name, pickup.street), ("Épicerie", "9 rue Haute"))
        self.assertTrue(pickup.is_pickup_location)
        self.assertEqual(pickup.parent_id, sale.partner_id)
        self.assertEqual(sale.pickup_location_data["street"], "9 rue Haute")
        self.assertEqual(sale.picking_ids.partner_id, pickup)
        delivery["trackings"][0]["relay"] = None
        delivery.update(JEANNE)
        self.import_stored(payload)
        self.assertEqual(sale.partner_shipping_id, sale.partner_id)
        self.assertEqual(sale.picking_ids.partner_id, sale.partner_id)
        self.assertFalse(sale.lengow_relay_point_id or sale.pickup_location_data)

    def test_order_follows_to_another_relay_point_in_the_same_street(self):
        for auto_confirm in (True, False):
            with self.subTest(auto_confirm=auto_confirm):
                self.get_channel().auto_confirm = auto_confirm
                payload = self.add(None, AT_RELAY, RELAY)
                sale = self.import_sales(payload)
                tracking = payload["packages"][0]["delivery"]["trackings"][0]
                tracking["relay"] = {**RELAY, "id": "99", "type": "CHRONOPOST"}
                self.import_stored(payload)
                for record in (sale, *sale.picking_ids):
                    self.assertEqual(record.lengow_relay_point_id, "99")
                    self.assertEqual(record.lengow_relay_point_type, "CHRONOPOST")
                self.assertEqual(sale.pickup_location_data["id"], "99")
                if not auto_confirm:
                    sale.action_confirm()
                self.assert_at_relay(sale, sale.partner_id)

    def test_relay_point_that_has_another_name_now_is_called_by_it(self):
        payload = self.add(None, AT_RELAY, RELAY)
        sale = self.import_sales(payload)
        pickup = sale.partner_shipping_id
        tracking = payload["packages"][0]["delivery"]["trackings"][0]
        tracking["relay"] = {**RELAY, "name": "Épicerie"}
        self.import_stored(payload)
        self.assertEqual(sale.lengow_relay_point_name, "Épicerie")
        self.assertEqual(sale.pickup_location_data["name"], "Épicerie")
        self.assertEqual((sale.partner_shipping_id, pickup.name), (pickup, "Épicerie"))

    def test_relay_point_beside_the_buyers_home_is_followed(self):
        payload = self.add(relay=RELAY)
        sale = self.import_sales(payload)
        tracking = payload["packages"][0]["delivery"]["trackings"][0]
        tracking["relay"] = {**RELAY, "id": "99"}
        self.import_stored(payload)
        self.assertEqual(sale.lengow_relay_point_id, "99")
        self.assertEqual(sale.picking_ids.lengow_relay_point_id, "99")
        self.assertEqual(sale.partner_shipping_id, sale.partner_id)

    def test_forms_show_the_relay_point(self):
        sale = self.import_sale(None, AT_RELAY, RELAY)
        for record, view in (
            (sale, "sale.view_order_form"),
            (sale.picking_ids, "stock.view_picking_form"),
        ):
            form = Form(record, view)
            self.assertEqual(form.lengow_relay_point_id, "012345")
            self.assertEqual(form.lengow_relay_point_name, "Tabac de la Gare")
            self.assertEqual(form.lengow_relay_point_type, "MONDIAL_RELAY")

    def test_odoos_own_orders_choose_their_pickup_location_as_before(self):
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Ours"}).id,
                "pickup_location_data": {
                    "name": "Locker",
                    "street": "1 Main Street",
                    "city": "Lyon",
                    "zip_code": "69001",
                    "country_code": "FR",
                },
            }
        )
        sale.action_confirm()
        self.assertEqual(sale.partner_shipping_id.name, "Locker")
        self.assertFalse(sale.lengow_relay_point_name)

    def test_one_customer_for_the_marketplace_has_buyers_and_their_relay_points(self):
        self.get_channel().customer_policy = "marketplace"
        sale = self.import_sale(None, AT_RELAY, RELAY)
        person = sale.partner_invoice_id
        self.assertEqual(
            (person.name, person.parent_id), ("Jeanne Dupont", sale.partner_id)
        )
        self.assert_at_relay(sale, person)
        again = self.import_sale(None, AT_RELAY, RELAY)
        self.assertEqual(again.partner_shipping_id, sale.partner_shipping_id)
