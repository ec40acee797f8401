"""Buyers and addresses of imported orders become contacts."""

import copy

from odoo.tests import tagged

from .common_imports import ImportOrdersCommon


@tagged("post_install", "-at_install", "lengow")
class TestImportBuyers(ImportOrdersCommon):
    def test_billing_that_is_missing_is_the_delivery(self):
        payload = self.add()
        payload["billing_address"] = None
        delivery = payload["packages"][0]["delivery"]
        order = self.import_stored(payload)
        sale = order.sale_order_ids
        self.assertEqual(sale.partner_invoice_id.street, delivery["first_line"])
        self.assertEqual(sale.partner_id.city, delivery["city"])

    def test_no_address_at_all_is_told_and_nothing_half_made_stays(self):
        partners = self.env["res.partner"].search_count([])
        payload = self.add()
        payload["billing_address"] = payload["packages"][0]["delivery"] = None
        order = self.import_stored(payload)
        self.assert_problem(order, "no_address")
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_address_of_a_street_alone_still_makes_a_contact(self):
        payload = self.add()
        kept = ("first_line", "common_country_iso_a2", "trackings")
        for address in (payload["billing_address"], payload["packages"][0]["delivery"]):
            for name in address.keys() - set(kept):
                address[name] = None
        order = self.import_stored(payload)
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertTrue(order.sale_order_ids.partner_id.name)

    def test_names_keep_the_spelling_of_the_marketplace(self):
        spellings = (
            ("Ronald", "McDONALD", "L'Haÿ-les-Roses"),
            ("Jan", "van der Berg", "'s-Hertogenbosch"),
            ("ANNE-SOPHIE", "d'ORMESSON", "SAINT-MALO"),
        )
        payloads = []
        for first, last, city in spellings:
            payload = self.add()
            for address in (
                payload["billing_address"],
                payload["packages"][0]["delivery"],
            ):
                address.update(first_name=first, last_name=last, city=city)
            payloads.append(payload)
        orders = self.import_stored(*payloads)
        for order, (first, last, city) in zip(orders, spellings, strict=True):
            for partner in (
                order.sale_order_ids.partner_id,
                order.sale_order_ids.partner_shipping_id,
            ):
                self.assertEqual(
                    (partner.name, partner.city), (f"{first} {last}", city)
                )

    def test_same_marketplace_customer_is_one_partner(self):
        first, second, other = self.add(), self.add(), self.add()
        for payload in (second, other):
            payload["billing_address"] = copy.deepcopy(first["billing_address"])
            payload["packages"][0]["delivery"].update(
                {
                    name: value
                    for name, value in first["billing_address"].items()
                    if name != "id"
                }
            )
        second["marketplace_customer_id"] = first["marketplace_customer_id"]
        partners = self.import_stored(first, other).sale_order_ids.partner_id
        self.assertEqual(len(partners), 2, "one e-mail and one name, yet two customers")
        before = self.env["res.partner"].search_count([])
        again = self.import_stored(second).sale_order_ids
        self.assertEqual(again.partner_id, self.find(first).sale_order_ids.partner_id)
        self.assertEqual(
            again.partner_shipping_id,
            self.find(first).sale_order_ids.partner_shipping_id,
        )
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_customers_of_one_batch_with_one_number_are_one_partner(self):
        first, second = self.add(), self.add()
        second["marketplace_customer_id"] = first["marketplace_customer_id"]
        sales = self.import_stored(first, second).sale_order_ids
        self.assertEqual(len(sales.partner_id), 1)
        self.assertEqual(len(sales.partner_shipping_id), 2, "each to its own address")

    def test_customers_without_a_number_are_never_the_same(self):
        first, second = self.add(), self.add()
        for payload in (first, second):
            payload["marketplace_customer_id"] = None
        self.assertEqual(
            len(self.import_stored(first, second).sale_order_ids.partner_id), 2
        )

    def test_same_number_on_two_marketplaces_is_two_customers(self):
        first, second = self.add(), self.add(marketplace="decathlon_fr")
        second["marketplace_customer_id"] = first["marketplace_customer_id"]
        self.assertEqual(
            len(self.import_stored(first, second).sale_order_ids.partner_id), 2
        )

    def test_business_has_its_company_and_its_vat_number(self):
        payload = self.add()
        payload["billing_address"].update(
            company="Dupont SARL", vat_number="FR23334175221"
        )
        sale = self.import_stored(payload).sale_order_ids
        self.assertEqual(sale.partner_id.name, "Dupont SARL")
        self.assertTrue(sale.partner_id.is_company)
        self.assertEqual(sale.partner_id.vat, "FR23334175221")
        self.assertEqual(
            sale.partner_invoice_id.commercial_partner_id,
            sale.partner_id,
            "one company",
        )

    def test_dirty_vat_number_does_not_block(self):
        payloads = []
        for vat in ("N/A", "FR 00 000", "-", "123", "FR23334175221 / TVA intra"):
            payload = self.add()
            payload["billing_address"].update(company="Dirty & Co", vat_number=vat)
            payloads.append(payload)
        orders = self.import_stored(*payloads)
        self.assertEqual(set(orders.mapped("state")), {"imported"})
