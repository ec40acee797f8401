"""Who buys: strangers stay apart, a known buyer is known again."""

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.tests import tagged

from ..models.lengow_buyer import LengowBuyer
from .common_buyers import JEANNE, SHIRT, VAT, LengowBuyersCommon

PAUL = {
    **JEANNE,
    "first_name": "Paul",
    "last_name": "Petit",
    "first_line": "1 rue Basse",
}
# No marketplace forwards these.
MAILBOX = {"email": "orders@agency.example"}


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
