"""What an order says of its buyer is read: mailboxes, numbers, languages."""

from odoo.tests import BaseCase, tagged

from ..lengow.emails import is_relay_email, normalize_email
from ..lengow.languages import pick_language
from ..lengow.order import Order
from ..lengow.vat import read_vat_number
from .common_buyers import VAT


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
