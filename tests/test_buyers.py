"""Who buys: strangers stay apart, a known buyer is known again."""

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.tests import BaseCase, tagged

from ..lengow.emails import is_relay_email, normalize_email
from ..lengow.languages import pick_language
from ..lengow.order import Order
from ..lengow.vat import read_vat_number
from ..models.lengow_buyer import LengowBuyer
from ..simulator.oddities_buyers import BUYER_CASES
from .common_buyers import JEANNE, SHIRT, LengowBuyersCommon

PAUL = {
    **JEANNE,
    "first_name": "Paul",
    "last_name": "Petit",
    "first_line": "1 rue Basse",
}
# No marketplace forwards these.
MAILBOX = {"email": "orders@agency.example"}
VAT = "FR23334175221"


@tagged("post_install", "-at_install", "lengow")
class TestReadBuyers(BaseCase):
    def test_mailboxes_that_marketplaces_put_in_between_are_known(self):
        for email in (
            "abc123@marketplace.amazon.fr",
            "abc123@marketplace.amazon.co.uk",
            "relay@octopia-messages.com",
            "x@mail.cdiscount.com",
            "x@members.ebay.de",
            "x@allegromail.pl",
            "x@verkopen.bol.com",
            "no-reply@shop.example",
            "Ne_Pas.Repondre@shop.example",
        ):
            with self.subTest(email=email):
                self.assertTrue(is_relay_email(normalize_email(email)))
        for email in ("jeanne@gmail.com", "jeanne@orange.fr", "x@amazon-fans.example"):
            self.assertFalse(is_relay_email(email), email)

    def test_a_marketplaces_own_domain_is_no_buyers(self):
        self.assertTrue(is_relay_email("x@mail.shop.fr", "https://www.shop.fr/"))
        self.assertFalse(is_relay_email("x@workshop.fr", "https://www.shop.fr/"))

    def test_email_addresses_are_compared_without_capitals_and_names(self):
        for given in (
            "Jeanne@Example.com",
            " jeanne@example.com ",
            "J <jeanne@example.com>",
        ):
            self.assertEqual(normalize_email(given), "jeanne@example.com")
        for given in ("", "n/a", "jeanne@", "jeanne@example", "a b"):
            self.assertEqual(normalize_email(given), "")

    def test_words_for_nothing_are_no_number(self):
        for given in (
            "null",
            "NULL",
            "None",
            "undefined",
            "n/a",
            "nil",
            "-",
            " ",
            None,
        ):
            with self.subTest(given=given):
                self.assertEqual(
                    Order({"marketplace_customer_id": given}).customer_id, ""
                )
        for given, number in (
            (0, "0"),
            ("0", "0"),
            (7, "7"),
            (" 7 ", "7"),
            ("C-0", "C-0"),
        ):
            with self.subTest(given=given):
                order = Order({"marketplace_customer_id": given})
                self.assertEqual(order.customer_id, number)

    def test_vat_numbers_are_cleaned_and_checked(self):
        for given, country, number in (
            ("FR 23 334 175 221", "FR", VAT),
            ("fr-23.334.175.221", "", VAT),
            ("FR23334175221 / TVA intra", "FR", VAT),
            ("12345670017", "IT", "IT12345670017"),
            ("A12345674", "ES", "ESA12345674"),
            ("CHE-100.155.212 MWST", "CH", "CHE100155212MWST"),
        ):
            with self.subTest(given=given):
                self.assertEqual(read_vat_number(given, country), number)
        for given in ("N/A", "FR 00 000", "-", "123", "RSSMRA85T10A562S", "no vat", ""):
            with self.subTest(given=given):
                self.assertEqual(read_vat_number(given, "IT"), "")

    def test_language_is_the_countrys_among_the_installed_ones(self):
        installed = ("en_US", "fr_FR", "nl_BE", "de_DE", "pt_BR")
        for country, marketplace, lang in (
            ("FR", "", "fr_FR"),
            ("BE", "FR", "fr_FR"),
            ("BE", "NL", "nl_BE"),
            ("BE", "", "nl_BE"),
            ("NL", "", "nl_BE"),
            ("AT", "FR", "de_DE"),
            ("LU", "DE", "de_DE"),
            ("PT", "", "pt_BR"),
            ("PL", "FR", "en_US"),
            ("", "FR", "en_US"),
        ):
            with self.subTest(country=country, marketplace=marketplace):
                self.assertEqual(pick_language(country, installed, marketplace), lang)
        self.assertEqual(pick_language("PL", ("fr_FR",)), "")
        self.assertEqual(pick_language("CA", ("fr_FR", "fr_CA"), "FR"), "fr_CA")


@tagged("post_install", "-at_install", "lengow")
class TestKnowBuyers(LengowBuyersCommon):
    def import_pair(self, first, second):
        """:return: the customers of two orders, imported one after the other."""
        return (
            self.import_sales(first).partner_id,
            self.import_sales(second).partner_id,
        )

    # By number

    def test_strangers_whose_number_is_a_word_for_nothing_stay_apart(self):
        for word in ("null", "None", "N/A"):
            with self.subTest(word=word):
                first, second = self.import_pair(
                    self.add(MAILBOX, marketplace_customer_id=word),
                    self.add({**PAUL, **MAILBOX}, marketplace_customer_id=word),
                )
                self.assertNotEqual(first, second)
                numbers = (first | second).lengow_buyer_ids.mapped("customer_number")
                self.assertFalse(any(numbers))

    def test_one_number_is_one_buyer_whatever_else_changes(self):
        first, second = self.import_pair(
            self.add(marketplace_customer_id=7),
            self.add({**PAUL, **MAILBOX}, marketplace_customer_id="7"),
        )
        self.assertEqual(first, second)

    def test_two_numbers_are_two_buyers_whatever_is_the_same(self):
        """Pitfall 41."""
        first, second = self.import_pair(
            self.add(marketplace_customer_id=7), self.add(marketplace_customer_id=8)
        )
        self.assertNotEqual(first, second)
        self.assertFalse(first.parent_id | second.parent_id)

    def test_buyers_keep_their_contact_when_the_marketplace_is_renamed(self):
        first = self.import_sale(marketplace_customer_id=7).partner_id
        marketplace = self.get_channel().marketplace_id
        spec = {**marketplace.spec, "legacy_code": "amazon_fr"}
        self.env["lengow.marketplace"]._store({"amazon_france": spec})
        self.assertEqual(marketplace.code, "amazon_france")
        payload = self.add(marketplace_customer_id=7)
        payload["marketplace"] = "amazon_france"
        self.assertEqual(self.import_sales(payload).partner_id, first)

    def test_buyers_are_known_within_their_company(self):
        self.import_sale(marketplace_customer_id=7)
        buyer = self.env["lengow.buyer"].search([])
        company = self.env["res.company"].create({"name": "Other"})
        numbers = {(buyer.marketplace_id.id, "7")}
        emails = {(buyer.marketplace_id.id, buyer.email)}
        find = self.env["lengow.buyer"]._find
        self.assertEqual(find(buyer.company_id, numbers, emails), buyer)
        self.assertFalse(find(company, numbers, emails))

    def test_contact_that_is_another_companys_by_now_is_left_alone(self):
        first = self.import_sale(marketplace_customer_id=7).partner_id
        first.company_id = self.env["res.company"].create({"name": "Other"})
        second = self.import_sale(marketplace_customer_id=7).partner_id
        third = self.import_sale(marketplace_customer_id=7).partner_id
        self.assertNotEqual(first, second)
        self.assertEqual(second, third)

    def test_contact_that_was_archived_or_deleted_gives_way_to_a_new_one(self):
        first = self.import_sale(marketplace_customer_id=7)
        first.partner_id.active = False
        second = self.import_sale(marketplace_customer_id=7).partner_id
        self.assertNotEqual(first.partner_id, second)
        third = self.import_sale(marketplace_customer_id=7).partner_id
        self.assertEqual(second, third)

    def test_contacts_that_were_merged_are_one_for_both_numbers(self):
        one = self.import_sale(marketplace_customer_id=7).partner_id
        other = self.import_sale(marketplace_customer_id=8).partner_id
        self.env["base.partner.merge.automatic.wizard"]._merge((one | other).ids, one)
        self.assertFalse(other.exists())
        for number in (7, 8):
            sale = self.import_sale(marketplace_customer_id=number)
            self.assertEqual(sale.partner_id, one)

    # By e-mail address

    def add_unnumbered(self, address=None, **overrides):
        return self.add(
            {**MAILBOX, **(address or {})}, marketplace_customer_id=None, **overrides
        )

    def test_an_email_address_is_a_buyer_where_there_is_no_number(self):
        first, second = self.import_pair(
            self.add_unnumbered(),
            self.add_unnumbered(
                {
                    "email": " ORDERS@agency.example",
                    "last_name": "DUPONT",
                    "first_name": "J.",
                }
            ),
        )
        self.assertEqual(first, second)

    def test_the_address_of_a_numbered_buyer_knows_the_buyer_too(self):
        first, second = self.import_pair(
            self.add(MAILBOX, marketplace_customer_id=7), self.add_unnumbered()
        )
        self.assertEqual(first, second)

    def test_an_address_that_marketplaces_put_in_between_is_nobody(self):
        """Pitfall 41."""
        for email in ("relay@octopia-messages.com", "x@marketplace.amazon.fr"):
            first, second = self.import_pair(
                self.add_unnumbered({"email": email}),
                self.add_unnumbered({"email": email}),
            )
            self.assertNotEqual(first, second)

    def test_an_address_that_several_names_use_is_nobodys(self):
        names = [
            self.import_sales(self.add_unnumbered(address)).partner_id
            for address in (None, {**PAUL, **MAILBOX}, None, {**PAUL, **MAILBOX})
        ]
        self.assertEqual(len(set(names)), 4)
        known = self.env["lengow.buyer"].search([("email", "=", MAILBOX["email"])])
        self.assertEqual(len(known), 2, "more would say nothing new")

    def test_an_address_of_several_numbers_and_names_is_nobodys(self):
        self.import_sales(
            self.add(MAILBOX, marketplace_customer_id=7),
            self.add({**PAUL, **MAILBOX}, marketplace_customer_id=8),
        )
        known = self.env["lengow.buyer"].search([]).partner_id
        self.assertNotIn(self.import_sales(self.add_unnumbered()).partner_id, known)

    def test_one_batch_tells_buyers_apart_as_several_do(self):
        sales = self.import_sales(
            self.add_unnumbered(),
            self.add_unnumbered({**PAUL, **MAILBOX}),
            self.add_unnumbered({"email": "jeanne@example.com"}),
            self.add_unnumbered({"email": "Jeanne@example.com"}),
            self.add_unnumbered({**PAUL, "email": None}),
            self.add_unnumbered({**PAUL, "email": None}),
        )
        jeanne, paul, same, again, nobody, nobody_else = (
            sale.partner_id for sale in sales
        )
        self.assertEqual(same, again)
        self.assertEqual(len({jeanne, paul, same, nobody, nobody_else}), 5)

    def test_an_address_is_known_on_its_marketplace_alone(self):
        first, second = self.import_pair(
            self.add_unnumbered(), self.add_unnumbered(marketplace="decathlon_fr")
        )
        self.assertNotEqual(first, second)

    def test_contacts_that_are_no_marketplaces_buyers_are_left_alone(self):
        ours = self.env["res.partner"].create(
            {"name": "Jeanne Dupont", "email": MAILBOX["email"]}
        )
        self.assertNotEqual(self.import_sales(self.add_unnumbered()).partner_id, ours)

    # One customer for the marketplace

    def test_one_customer_stands_for_the_marketplace(self):
        amazon = self.env["res.partner"].create(
            {"name": "Amazon EU", "is_company": True, "country_id": self.ref("base.lu")}
        )
        self.get_channel().write(
            {"customer_policy": "marketplace", "customer_id": amazon.id}
        )
        sales = self.import_sales(self.add(), self.add(PAUL), self.add())
        self.assertEqual(sales.partner_id, amazon)
        contacts = sales.partner_invoice_id | sales.partner_shipping_id
        self.assertEqual(contacts.mapped("name"), ["Jeanne Dupont", "Paul Petit"])
        self.assertEqual(contacts.parent_id, amazon)
        self.assertEqual(contacts.country_id.code, "FR")
        before = self.count_partners()
        again = self.import_sale(None, {"phone_mobile": "0699887766"})
        self.assertEqual(again.partner_invoice_id, sales[0].partner_invoice_id)
        self.assertNotEqual(again.partner_shipping_id, sales[0].partner_shipping_id)
        self.assertEqual(self.count_partners(), before + 1)
        self.assertEqual(amazon.name, "Amazon EU")
        self.assertFalse(amazon.street)

    def test_strangers_below_one_customer_do_not_share_an_address(self):
        self.get_channel().customer_policy = "marketplace"
        one = self.import_sale({"email": "one@example.com"})
        other = self.import_sale({"email": "other@example.com"})
        self.assertNotEqual(one.partner_shipping_id, other.partner_shipping_id)
        gone = {"first_name": None, "last_name": None, "first_line": None}
        erased = self.import_sale({**gone, "email": None})
        self.assertNotIn(
            erased.partner_shipping_id,
            one.partner_shipping_id | other.partner_shipping_id,
        )

    def test_customer_for_the_marketplace_is_made_once_when_there_is_none(self):
        channel = self.get_channel()
        channel.customer_policy = "marketplace"
        first = self.import_sales(self.add(), self.add(PAUL))
        self.assertEqual(len(first.partner_id), 1)
        self.assertEqual(channel.customer_id, first.partner_id)
        self.assertEqual(first.partner_id.name, channel.marketplace_id.name)
        self.assertEqual(first.partner_id.country_id.code, "FR")
        self.assertEqual(self.import_sale().partner_id, first.partner_id)

    def test_vat_number_of_a_buyer_below_one_customer_is_in_the_note(self):
        self.get_channel().customer_policy = "marketplace"
        sale = self.import_sale({"company": "Garnier SARL", "vat_number": VAT})
        self.assertEqual(sale.partner_invoice_id.name, "Garnier SARL, Jeanne Dupont")
        self.assertIn(VAT, sale.partner_invoice_id.comment)
        self.assertFalse(sale.partner_id.vat)

    # Companies, VAT numbers, tags, languages

    def test_company_has_its_person_as_a_contact(self):
        sale = self.import_sale({"company": "Garnier SARL", "vat_number": VAT})
        company, person = sale.partner_id, sale.partner_invoice_id
        self.assertEqual((company.name, company.is_company), ("Garnier SARL", True))
        self.assertEqual((company.vat, company.comment), (VAT, False))
        self.assertEqual((person.name, person.parent_id), ("Jeanne Dupont", company))
        self.assertEqual(person.commercial_partner_id, company)
        self.assertEqual(sale.partner_shipping_id, person)

    def test_dirty_vat_numbers_are_in_the_note_and_block_nothing(self):
        for number in ("N/A-12", "FR 00 000", "<b>FR</b>", "RSSMRA85T10A562S", 123):
            buyer = self.import_sale({"vat_number": number}).partner_id
            self.assertFalse(buyer.vat)
            self.assertIn(
                str(number).replace("<", "&lt;").replace(">", "&gt;"), buyer.comment
            )

    def test_fiscal_code_beside_the_vat_number_is_in_the_note(self):
        terms = {"fiscalnb": "RSSMRA85T10A562S", "vat_number": "IT12345670017"}
        payload = self.add({"common_country_iso_a2": "IT", "zipcode": "00184"})
        payload["payments"][0]["payment_terms"] = terms
        buyer = self.import_sales(payload).partner_id
        self.assertEqual(buyer.vat, "IT12345670017")
        self.assertIn("RSSMRA85T10A562S", buyer.comment)

    def test_what_base_vat_refuses_is_in_the_note(self):
        def refuse(partners, country, vat, partner_name="", validation="error"):
            return "" if validation == "setnull" else vat, country.code

        self.patch(type(self.env["res.partner"]), "_run_vat_checks", refuse)
        buyer = self.import_sale({"vat_number": VAT}).partner_id
        self.assertFalse(buyer.vat)
        self.assertIn(VAT, buyer.comment)

    def test_vat_number_completes_a_known_buyer_and_replaces_none(self):
        buyer = self.import_sale(marketplace_customer_id=7).partner_id
        self.import_sale({"vat_number": VAT}, marketplace_customer_id=7)
        self.assertEqual(buyer.vat, VAT)
        self.import_sale({"vat_number": "IT12345670017"}, marketplace_customer_id=7)
        self.assertEqual(buyer.vat, VAT)

    def test_buyers_have_the_tags_of_their_channels(self):
        tags = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        channel = self.get_channel()
        channel.buyer_tag_ids = tags[0]
        buyer = self.import_sale(marketplace_customer_id=7).partner_id
        self.assertEqual(buyer.category_id, tags[0])
        buyer.category_id = [Command.create({"name": "Ours"})]
        channel.buyer_tag_ids = tags
        self.import_sale(marketplace_customer_id=7)
        self.assertEqual(set(buyer.category_id.mapped("name")), {"A", "B", "Ours"})

    def test_buyers_are_written_to_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.lang"]._activate_lang("nl_NL")
        sale = self.import_sale()
        self.assertEqual(sale.partner_id.lang, "fr_FR")
        belgian = {"common_country_iso_a2": "BE", "zipcode": "1000"}
        self.assertEqual(self.import_sale(belgian).partner_id.lang, "fr_FR")
        payload = self.add(belgian, marketplace="bol_nl")
        payload["packages"][0]["cart"][0]["merchant_product_id"]["id"] = SHIRT
        self.assertEqual(self.import_sales(payload).partner_id.lang, "nl_NL")
        german = {"common_country_iso_a2": "DE", "zipcode": "10115"}
        self.assertEqual(self.import_sale(german).partner_id.lang, "en_US")

    # Two workers

    def test_buyer_whom_another_worker_has_just_met_is_found_in_a_second_try(self):
        seen = self.import_sale(marketplace_customer_id=7).partner_id
        find, remember = LengowBuyer._find, LengowBuyer._remember
        tries = []

        def miss_once(buyers, *args):
            tries.append(args)
            return buyers.browse() if len(tries) == 1 else find(buyers, *args)

        def collide(buyers, vals_list):
            if vals_list and len(tries) == 1:
                raise SerializationFailure
            return remember(buyers, vals_list)

        self.patch(LengowBuyer, "_find", miss_once)
        self.patch(LengowBuyer, "_remember", collide)
        payload = self.add(marketplace_customer_id=7)
        self.import_stored(payload)
        self.run_cron("import_orders")
        sale = self.find(payload).sale_order_ids
        self.assertEqual((sale.partner_id, len(tries)), (seen, 2))


@tagged("post_install", "-at_install", "lengow")
class TestOddBuyers(LengowBuyersCommon):
    """The odd buyers of the simulated world."""

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
