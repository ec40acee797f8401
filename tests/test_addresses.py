"""Streets, regions, phones and places of buyers: nothing lost, nothing twice."""

from odoo.tests import BaseCase, tagged

from ..lengow.phones import read_phones
from ..lengow.regions import get_postcode_codes
from ..lengow.streets import read_street
from .common_buyers import BLANK, JEANNE, LengowBuyersCommon

ELSEWHERE = {
    "first_line": "7 quai de la Loire",
    "zipcode": "44200",
    "city": "Nantes",
}


@tagged("post_install", "-at_install", "lengow")
class TestReadStreets(BaseCase):
    def read_lines(self, *lines, full_address=None, elsewhere=("", "")):
        return read_street(lines, full_address, elsewhere)

    def test_one_to_four_lines_keep_everything(self):
        """Pitfall 46."""
        long = "Résidence Les Jardins de la Fontaine Saint-Martin, bâtiment C, " * 3
        for lines, expected in (
            (("1 rue A",), ("1 rue A", "")),
            (("1 rue A", "Bât B"), ("1 rue A", "Bât B")),
            (("1 rue A", "Bât B", "Digicode 12"), ("1 rue A", "Bât B, Digicode 12")),
            (
                ("c/o Krause\nHinterhaus", "Weg 7", "3. OG"),
                ("c/o Krause", "Hinterhaus, Weg 7, 3. OG"),
            ),
            ((None, "", "1 rue A"), ("1 rue A", "")),
            (("1 rue A", long), ("1 rue A", long.strip())),
            (("1 rue A", "1 rue A", "-"), ("1 rue A", "")),
            (("1 rue A", "null", "N/A"), ("1 rue A", "")),
            ((), ("", "")),
            ((12, None, ["x"]), ("12", "")),
        ):
            with self.subTest(lines=lines):
                self.assertEqual(self.read_lines(*lines), expected)

    def test_a_house_number_that_stands_alone_joins_its_street(self):
        self.assertEqual(
            self.read_lines("Hauptstraße", "12 a"), ("Hauptstraße 12 a", "")
        )
        self.assertEqual(
            self.read_lines("12 bis", "rue A", "Bât B"), ("12 bis rue A", "Bât B")
        )
        self.assertEqual(self.read_lines("Flat 4", "12"), ("Flat 4", "12"))

    def test_a_full_address_serves_where_there_is_no_line(self):
        full = "Jeanne Dupont\n25, allée des Paix\nBât B\n38000 GRENOBLE\nFR"
        elsewhere = ("38000", "Grenoble", "FR", "Jeanne Dupont")
        for given in (full, full.replace("\n", "<br/>"), full.replace("\n", "\r\n")):
            street = self.read_lines(None, full_address=given, elsewhere=elsewhere)
            self.assertEqual(street, ("25, allée des Paix", "Bât B"))
        one_line = "25, allée des Paix, 38000 GRENOBLE"
        street = self.read_lines("", full_address=one_line, elsewhere=elsewhere)
        self.assertEqual(street, ("25, allée des Paix", ""))
        self.assertEqual(self.read_lines("1 rue A", full_address=full)[0], "1 rue A")


@tagged("post_install", "-at_install", "lengow")
class TestReadPhones(BaseCase):
    def test_numbers_become_international(self):
        for given, country, expected in (
            ("0612345678", "FR", "+33 6 12 34 56 78"),
            ("06.12.34.56.78", "FR", "+33 6 12 34 56 78"),
            ("0033 6 12 34 56 78", "FR", "+33 6 12 34 56 78"),
            ("0033612345678", "US", "+33 6 12 34 56 78"),
            ("Tel: 0612345678", "FR", "+33 6 12 34 56 78"),
            ("0044 (0)7911 123456", "GB", "+44 7911 123456"),
            ("030/1234567", "DE", "+49 30 1234567"),
            ("+34 612 345 678", "FR", "+34 612 34 56 78"),
            ("+1 213-442-1463 ext. 12345", "US", "+1 213-442-1463 ext. 12345"),
        ):
            with self.subTest(given=given):
                self.assertEqual(read_phones([given], country), [expected])

    def test_placeholders_are_no_numbers(self):
        """Pitfall 44."""
        for given in (
            "",
            "__",
            "0000000000",
            "0600000000",
            "+33 000000000",
            "n/a",
            "-",
        ):
            with self.subTest(given=given):
                self.assertEqual(read_phones([given], "FR"), [])
        self.assertEqual(
            read_phones(["1111111111", "+33 1 11 11 11 11", "00", "x"], "FR"), []
        )

    def test_a_number_of_many_same_digits_may_be_true(self):
        self.assertEqual(read_phones(["0144444444"], "FR"), ["+33 1 44 44 44 44"])

    def test_a_number_that_no_plan_knows_stays_as_it_is_behind_those_that_are_known(
        self,
    ):
        phones = read_phones(["12345 intern", "0144556677"], "FR")
        self.assertEqual(phones, ["+33 1 44 55 66 77", "12345 intern"])

    def test_two_numbers_in_one_field_are_two(self):
        for given in ("06 12 34 56 78 / 01 44 55 66 77", "0612345678 ou 0144556677"):
            phones = read_phones([given, "0144556677"], "FR")
            self.assertEqual(phones, ["+33 6 12 34 56 78", "+33 1 44 55 66 77"])


@tagged("post_install", "-at_install", "lengow")
class TestImportAddresses(LengowBuyersCommon):
    # Regions

    def find_states(self, *places):
        """Import an order to each of some places.

        :param places: triples of country, region and postcode.
        :return: list of the codes of their states.
        """
        names = ("common_country_iso_a2", "state_region", "zipcode")
        payloads = [self.add(dict(zip(names, place, strict=True))) for place in places]
        return [sale.partner_id.state_id.code for sale in self.import_sales(*payloads)]

    def test_regions_are_found_by_code_name_accents_and_both_languages(self):
        """Pitfall 47."""
        cases = (
            ("ES", "A", "A"),
            ("ES", "ES-A", "A"),
            ("ES", "Alicante/Alacant", "A"),
            ("ES", "ALICANTE", "A"),
            ("ES", "Vizcaya/Bizkaia", "BI"),
            ("ES", "la coruna", "C"),
            ("ES", "Comunidad de Madrid", "M"),
            ("ES", "Provincia de Ávila", "AV"),
            ("IT", "Forli-Cesena", "FC"),
            ("IT", "Provincia di Milano", "MI"),
            ("IT", "Naples", "NA"),
            ("IT", "Bolzano/Bozen", "BZ"),
            ("DE", "Bayern", "DE-BY"),
            ("DE", "BY", "DE-BY"),
            ("DE", "North Rhine-Westphalia", "DE-NW"),
            ("BE", "Oost-Vlaanderen", "VOV"),
            ("SE", "Stockholm", "SE-AB"),
            ("SE", "Skåne län", "SE-M"),
            ("PL", "woj. małopolskie", "MP"),
            ("IE", "Co. Cork", "C"),
        )
        found = self.find_states(
            *((country, name, "") for country, name, _code in cases)
        )
        self.assertEqual(found, [code for _country, _name, code in cases])

    def test_a_postcode_tells_the_region_that_no_name_does(self):
        cases = (
            ("ES", "", "03001", "A"),
            ("ES", "Euskadi", "48005", "BI"),
            ("ES", "Barcelona", "28013", "B"),
            ("IT", "Lombardia", "20900", "MB"),
            ("IT", None, "34170", "GO"),
            ("IT", None, "00184", "RM"),
        )
        found = self.find_states(*(place for *place, _code in cases))
        self.assertEqual(found, [code for *_place, code in cases])

    def test_a_region_that_nobody_knows_blocks_nothing(self):
        places = [(code, "Atlantis", "99999") for code in ("ES", "FR", "DE", "CH")]
        self.assertEqual(self.find_states(*places), [False] * len(places))

    def test_french_departments_and_regions_are_found_once_odoo_has_them(self):
        isere, corsica = ("FR", "ISERE", "38000"), ("FR", "", "20137")
        self.assertEqual(self.find_states(isere, corsica), [False, False])
        _region, department, _island = self.env["res.country.state"].create(
            [
                {"name": name, "code": code, "country_id": self.ref("base.fr")}
                for name, code in (
                    ("Auvergne-Rhône-Alpes", "ARA"),
                    ("Isère", "38"),
                    ("Corse-du-Sud", "FR-2A"),
                )
            ]
        )
        self.assertEqual(self.find_states(isere, corsica), ["38", "FR-2A"])
        self.assertEqual(self.find_states(("FR", "", "38000")), ["38"])
        department.write({"code": "X", "name": "X"})
        self.assertEqual(self.find_states(isere), ["ARA"])
        buyers = self.env["res.partner"].search([("state_id", "=", department.id)])
        buyers.state_id = False
        department.unlink()
        self.assertEqual(self.find_states(("FR", "X", "")), [False])

    def test_every_spanish_and_italian_postcode_names_a_state_that_odoo_has(self):
        for country in ("ES", "IT"):
            states = self.env.ref(f"base.{country.lower()}").state_ids.mapped("code")
            zipcodes = (f"{number:05}" for number in range(0, 99000, 10))
            codes = {
                code
                for zipcode in zipcodes
                for code in get_postcode_codes(country, zipcode)
            }
            self.assertLessEqual(codes, set(states))
            self.assertGreater(len(codes), 50)

    # What is missing in one address is in the other

    def test_company_is_copied_to_the_delivery_of_the_same_place_or_person(self):
        """Pitfall 53."""
        self.get_channel().customer_policy = "marketplace"
        company = {"company": "Garnier SARL"}
        for delivery, name in (
            ({}, "Garnier SARL, Jeanne Dupont"),
            (ELSEWHERE, "Garnier SARL, Jeanne Dupont"),
            ({"first_name": "Paul", "last_name": "Petit"}, "Garnier SARL, Paul Petit"),
            ({**ELSEWHERE, "first_name": "Paul", "last_name": "Petit"}, "Paul Petit"),
            ({"company": "Hôtel Ibis"}, "Hôtel Ibis, Jeanne Dupont"),
        ):
            with self.subTest(delivery=delivery):
                sale = self.import_sale(company, {"company": None, **delivery})
                self.assertEqual(sale.partner_shipping_id.name, name)

    def test_another_company_of_the_delivery_is_not_lost(self):
        sale = self.import_sale(
            {"company": "Garnier SARL"}, {**ELSEWHERE, "company": "Hôtel Ibis"}
        )
        self.assertEqual(sale.partner_id.name, "Garnier SARL")
        self.assertEqual(sale.partner_shipping_id.name, "Hôtel Ibis, Jeanne Dupont")
        self.assertEqual(sale.partner_shipping_id.parent_id, sale.partner_id)

    def test_what_says_that_there_is_no_company_is_none(self):
        for company in (
            "N/A",
            "-",
            "Particulier",
            "aucune",
            "null",
            "Jeanne DUPONT",
            "x",
        ):
            sale = self.import_sale({"company": company})
            self.assertEqual(sale.partner_id.name, "Jeanne Dupont", company)
            self.assertFalse(sale.partner_id.is_company)

    def test_billing_address_of_a_name_alone_has_the_place_of_the_delivery(self):
        payload = self.add()
        payload["billing_address"].update(
            {**BLANK, "first_name": "Paul", "last_name": "Petit"}
        )
        sale = self.import_sales(payload)
        invoiced = sale.partner_invoice_id
        self.assertEqual(invoiced.name, "Paul Petit")
        self.assertEqual(
            (invoiced.street, invoiced.zip), ("25 allée des Paix", "38000")
        )
        self.assertEqual(sale.partner_shipping_id.name, "Jeanne Dupont")

    def test_billing_address_that_is_missing_is_the_delivery(self):
        """Pitfall 42."""
        payload = self.add()
        payload["billing_address"] = None
        sale = self.import_sales(payload)
        self.assertEqual(sale.partner_invoice_id, sale.partner_shipping_id)
        self.assertEqual(sale.partner_id.name, "Jeanne Dupont")

    def test_phone_and_email_of_the_other_address_serve_the_same_person_alone(self):
        nothing = {"phone_mobile": "0000000000", "email": None}
        sale = self.import_sale(None, {**ELSEWHERE, **nothing})
        self.assertEqual(sale.partner_shipping_id.phone, "+33 6 12 34 56 78")
        self.assertEqual(sale.partner_shipping_id.email, "jeanne@example.com")
        friend = {**ELSEWHERE, **nothing, "first_name": "Paul", "last_name": "Petit"}
        delivered = self.import_sale(None, friend).partner_shipping_id
        self.assertEqual((delivered.phone, delivered.email), (False, False))

    def test_texts_for_nothing_and_nulls_become_nothing(self):
        """Pitfall 43."""
        nothing = {
            "second_line": "null",
            "complement": None,
            "state_region": "NULL",
            "company": "undefined",
            "civility": {},
            "phone_home": ["x"],
        }
        buyer = self.import_sale(nothing).partner_id
        self.assertEqual((buyer.street2, buyer.name), (False, "Jeanne Dupont"))

    def test_invisible_characters_are_cleaned_and_odd_letters_are_kept(self):
        """Pitfall 50."""
        buyer = self.import_sale({"city": "L\u200b'Ha\x00ÿ-les-\tRoses\x1f"}).partner_id
        self.assertEqual(buyer.city, "L'Haÿ-les- Roses")

    def test_further_phones_are_in_the_note(self):
        buyer = self.import_sale({"phone_home": "0144556677"}).partner_id
        self.assertEqual(buyer.phone, "+33 6 12 34 56 78")
        self.assertIn("+33 1 44 55 66 77", buyer.comment)

    def test_what_is_no_email_address_is_none(self):
        for email in ("n/a", "jeanne", "@example.com", "jeanne@", "a b@c.fr"):
            self.assertFalse(self.import_sale({"email": email}).partner_id.email, email)

    # Nothing twice

    def test_an_order_to_where_it_is_invoiced_is_one_contact(self):
        before = self.count_partners()
        sale = self.import_sale()
        self.assertEqual(self.count_partners(), before + 1)
        self.assertEqual(sale.partner_shipping_id, sale.partner_id)

    def test_identical_addresses_are_one_whatever_their_capitals_and_spaces(self):
        first = self.import_sale(None, ELSEWHERE, marketplace_customer_id="1")
        before = self.count_partners()
        for change in (
            {},
            {"first_line": "7  QUAI de la Loire"},
            {"city": "NANTES", "zipcode": "44 200"},
            {"phone_mobile": "+33612345678"},
            {"phone_mobile": None},
            {"state_region": "Loire-Atlantique"},
            {"civility": "Mme"},
        ):
            with self.subTest(change=change):
                sale = self.import_sale(
                    None, {**ELSEWHERE, **change}, marketplace_customer_id="1"
                )
                self.assertEqual(sale.partner_shipping_id, first.partner_shipping_id)
        self.assertEqual(self.count_partners(), before)

    def test_identical_addresses_within_a_batch_are_one(self):
        before = self.count_partners()
        payloads = [
            self.add(None, ELSEWHERE, marketplace_customer_id="1")
            for _number in range(3)
        ]
        sales = self.import_sales(*payloads)
        self.assertEqual(len(sales.partner_shipping_id), 1)
        self.assertEqual(self.count_partners(), before + 2)

    def test_another_address_is_another_contact_and_the_old_one_stays(self):
        """Pitfall 49."""
        first = self.import_sale(marketplace_customer_id="1")
        second = self.import_sale(
            {"second_line": "Bât C", "phone_mobile": "0698765432"},
            marketplace_customer_id="1",
        )
        buyer = first.partner_id
        self.assertEqual(second.partner_id, buyer)
        self.assertNotIn(buyer, second.partner_invoice_id | second.partner_shipping_id)
        self.assertEqual(second.partner_shipping_id.street2, "Bât C")
        self.assertEqual(second.partner_shipping_id.parent_id, buyer)
        self.assertEqual((buyer.street2, buyer.phone), (False, "+33 6 12 34 56 78"))
        self.assertEqual(first.partner_invoice_id, buyer)

    def test_an_address_that_a_person_archived_is_not_used_again(self):
        first = self.import_sale(None, ELSEWHERE, marketplace_customer_id="1")
        first.partner_shipping_id.active = False
        second = self.import_sale(None, ELSEWHERE, marketplace_customer_id="1")
        self.assertNotEqual(first.partner_shipping_id, second.partner_shipping_id)

    # Erased

    def test_what_a_known_buyers_addresses_say_outlives_an_erased_payload(self):
        """Pitfall 54."""
        first = self.import_sale(None, ELSEWHERE, marketplace_customer_id="1")
        contacts = first.partner_id | first.partner_shipping_id
        names = ("name", "street", "zip", "city", "phone", "email")
        before = contacts.read(names)
        erased = {**BLANK, "zipcode": "44200", "city": "Nantes"}
        second = self.import_sale(erased, marketplace_customer_id="1")
        self.assertEqual(contacts.read(names), before)
        self.assertEqual(second.partner_id, first.partner_id)
        self.assertEqual(second.partner_shipping_id.name, "Jeanne Dupont")
        self.assertEqual(second.partner_shipping_id, first.partner_shipping_id)

    def test_an_erased_address_elsewhere_is_not_taken_for_a_known_one(self):
        first = self.import_sale(marketplace_customer_id="1")
        erased = {**BLANK, "zipcode": "75001", "city": "Paris"}
        second = self.import_sale(erased, marketplace_customer_id="1")
        self.assertNotEqual(second.partner_shipping_id, first.partner_id)
        self.assertEqual(second.partner_shipping_id.name, "Jeanne Dupont")
        self.assertEqual(second.partner_shipping_id.city, "Paris")

    def test_an_order_without_any_address_changes_no_known_contact(self):
        sale = self.import_sale(marketplace_customer_id="1")
        before = self.count_partners()
        payload = self.add(BLANK, marketplace_customer_id="1")
        self.assertEqual(self.import_stored(payload).error_code, "no_address")
        self.assertEqual(self.count_partners(), before)
        self.assertEqual(sale.partner_id.street, JEANNE["first_line"])
