"""Addresses and VAT numbers follow the marketplace, while there is time."""

from odoo.tests import tagged

from ..simulator import changes
from .common_changes import SHIRT, ChangesCommon


@tagged("post_install", "-at_install", "lengow")
class TestAddressChanges(ChangesCommon):
    def test_other_address_is_that_of_the_order_and_its_delivery(self):
        payload, order = self.import_one()
        sale = order.sale_order_ids
        old = sale.partner_shipping_id
        kept = old.street, old.city
        self.change(payload, "readdress", first_line="3 rue Neuve", city="Lille")
        address = sale.partner_shipping_id
        self.assertNotEqual(address, old)
        self.assertEqual((address.street, address.city), ("3 rue Neuve", "Lille"))
        self.assertEqual(address.commercial_partner_id, sale.partner_id)
        self.assertEqual(sale.picking_ids.partner_id, address)
        self.assertEqual((old.street, old.city), kept, "never written over")
        self.assert_told(order, "3 rue Neuve")
        self.assert_nothing_to_do(order)

    def test_delivery_that_followed_asks_nobody_to_follow(self):
        """Odoo's own activity on the delivery would be a false alarm."""
        payload, order = self.import_one()
        sale = order.sale_order_ids
        self.change(payload, "readdress", first_line="3 rue Neuve")
        self.assertEqual(sale.picking_ids.partner_id, sale.partner_shipping_id)
        self.assertFalse(sale.picking_ids.activity_ids)
        self.assertFalse(sale.activity_ids)

    def test_other_phone_reaches_the_carrier(self):
        payload, order = self.import_one()
        self.change(payload, "readdress", phone_mobile="+33 6 12 34 56 78")
        self.assertEqual(
            order.sale_order_ids.picking_ids.partner_id.phone, "+33 6 12 34 56 78"
        )

    def test_address_that_is_known_is_used_again(self):
        payload, order = self.import_one()
        old = order.sale_order_ids.partner_shipping_id
        street = payload["packages"][0]["delivery"]["first_line"]
        self.change(payload, "readdress", first_line="3 rue Neuve")
        count = len(order.sale_order_ids.partner_id.child_ids)
        self.change(payload, "readdress", first_line=street)
        self.assertEqual(order.sale_order_ids.partner_shipping_id, old)
        self.assertEqual(len(order.sale_order_ids.partner_id.child_ids), count)

    def test_address_of_another_order_of_the_buyer_stays(self):
        first, first_order = self.import_one()
        second = self.world.add_order(lines=[(SHIRT, 1)], shipping=0)
        for name in ("marketplace_customer_id", "billing_address", "packages"):
            if name != "packages":
                second[name] = first[name]
        second["packages"][0]["delivery"] = dict(first["packages"][0]["delivery"])
        order = self.import_stored(second)
        address = first_order.sale_order_ids.partner_shipping_id
        self.assertEqual(order.sale_order_ids.partner_shipping_id, address)
        self.change(second, "readdress", first_line="3 rue Neuve")
        self.assertEqual(first_order.sale_order_ids.partner_shipping_id, address)
        self.assertNotEqual(address.street, "3 rue Neuve")

    def test_address_after_the_delivery_is_only_told(self):
        payload, order = self.import_one()
        sale = order.sale_order_ids
        self.deliver(sale)
        old = sale.partner_shipping_id
        self.change(payload, "readdress", first_line="3 rue Neuve")
        self.assertEqual(sale.partner_shipping_id, old)
        self.assertEqual(sale.picking_ids.partner_id, old)
        self.assert_told(order, "has left already")

    def test_rest_of_a_delivery_goes_to_the_new_address(self):
        payload, order = self.import_one((SHIRT, 3))
        sale = order.sale_order_ids
        old = sale.partner_shipping_id
        done = self.deliver(sale, TS_WHT_S=1)
        self.change(payload, "readdress", first_line="3 rue Neuve")
        rest = sale.picking_ids - done
        self.assertEqual(done.partner_id, old)
        self.assertEqual(rest.partner_id.street, "3 rue Neuve")

    def test_address_after_the_label_is_given_to_a_person(self):
        payload, order = self.import_one()
        order.sale_order_ids.picking_ids.carrier_tracking_ref = "6C123"
        self.change(payload, "readdress", first_line="3 rue Neuve")
        self.assert_to_do(order, "label")

    def test_other_country_keeps_the_taxes_and_is_given_to_a_person(self):
        payload, order = self.import_one()
        sale = order.sale_order_ids
        before = sale.fiscal_position_id, sale.order_line.tax_ids, sale.amount_total
        self.change(payload, "readdress", common_country_iso_a2="BE", zipcode="1000")
        self.assertEqual(
            (sale.fiscal_position_id, sale.order_line.tax_ids, sale.amount_total),
            before,
        )
        self.assert_to_do(order, "Belgium")

    def test_invoice_address_follows_until_the_invoice(self):
        payload, order = self.import_one()
        sale = order.sale_order_ids
        self.world.change(payload, billing_address={"first_line": "5 rue Haute"})
        self.follow(payload)
        self.assertEqual(sale.partner_invoice_id.street, "5 rue Haute")
        invoice = self.invoice(sale)
        self.world.change(payload, billing_address={"first_line": "7 rue Basse"})
        self.follow(payload)
        self.assertEqual(sale.partner_invoice_id.street, "5 rue Haute")
        self.assertEqual(invoice.partner_id.street, "5 rue Haute")
        self.assert_told(order, "invoiced already")

    def test_erased_data_overwrites_nothing(self):
        """Pitfalls 21 and 54."""
        payload, order = self.import_one()
        sale = order.sale_order_ids
        partners = sale.partner_id | sale.partner_shipping_id | sale.partner_invoice_id
        names = ("name", "street", "city", "phone", "email", "vat")
        before = [[partner[name] for name in names] for partner in partners]
        used = sale.partner_id, sale.partner_shipping_id, sale.partner_invoice_id
        buyer = order.buyer_name
        self.change(payload, "erase")
        self.assertEqual(
            (sale.partner_id, sale.partner_shipping_id, sale.partner_invoice_id), used
        )
        self.assertEqual(
            [[partner[name] for name in names] for partner in partners], before
        )
        self.assertEqual((order.state, order.buyer_name), ("imported", buyer))
        self.assertEqual(sale.state, "sale")

    def test_names_that_vanish_without_a_word_overwrite_nothing(self):
        payload, order = self.import_one()
        used = order.sale_order_ids.partner_shipping_id
        self.change(
            payload,
            "readdress",
            **dict.fromkeys(("first_name", "last_name", "full_name", "first_line")),
        )
        self.assertEqual(order.sale_order_ids.partner_shipping_id, used)

    def test_erased_order_still_follows_its_status(self):
        payload, order = self.import_one()
        changes.erase(self.world, payload)
        self.change(payload, "cancel")
        self.assertEqual(order.sale_order_ids.state, "cancel")

    def test_vat_number_that_arrives_is_the_buyers(self):
        """Pitfall 52."""
        payload, order = self.import_one()
        self.change(payload, "tell_vat_number", "FR40303265045")
        self.assertEqual(order.sale_order_ids.partner_id.vat, "FR40303265045")
        self.assert_told(order, "FR40303265045")
        self.change(payload, "tell_vat_number", "FR23334175221")
        self.assertEqual(order.sale_order_ids.partner_id.vat, "FR23334175221")

    def test_vat_number_after_the_invoice_is_given_to_a_person(self):
        payload, order = self.import_one()
        self.invoice(order.sale_order_ids)
        self.change(payload, "tell_vat_number", "FR40303265045")
        self.assertFalse(order.sale_order_ids.partner_id.vat)
        self.assert_to_do(order, "FR40303265045")

    def test_vat_number_that_a_person_entered_stays(self):
        payload, order = self.import_one()
        partner = order.sale_order_ids.partner_id
        partner.with_context(no_vat_validation=True).vat = "FR23334175221"
        self.change(payload, "tell_vat_number", "FR40303265045")
        self.assertEqual(partner.vat, "FR23334175221")
        self.assert_to_do(order, "FR40303265045")
