"""Names of buyers: whole, without civility, spelt as the marketplace spells them."""

from odoo.tests import BaseCase, tagged

from ..lengow.names import full_name, is_same_person
from .common_buyers import LengowBuyersCommon


@tagged("post_install", "-at_install", "lengow")
class TestReadNames(BaseCase):
    def assert_names(self, country, **names):
        for name, given in names.items():
            for text in given:
                with self.subTest(country=country, given=text):
                    self.assertEqual(
                        full_name("", "", text, country), name.replace("_", " ")
                    )

    def test_civilities_of_ten_languages_and_more_are_no_part_of_names(self):
        self.assert_names(
            "FR",
            Anne_Garnier=(
                "Mme Anne Garnier",
                "MME. Anne Garnier",
                "Madame Anne Garnier",
                "Mlle Anne Garnier",
                "M. Anne Garnier",
                "M Anne Garnier",
                "M./Mme Anne Garnier",
                "M. et Mme Anne Garnier",
                "M. ou Mme Anne Garnier",
            ),
        )
        self.assert_names(
            "GB",
            Amelia_Taylor=(
                "Mrs Amelia Taylor",
                "Ms. Amelia Taylor",
                "MISS Amelia Taylor",
                "Mr & Mrs Amelia Taylor",
            ),
        )
        self.assert_names(
            "DE",
            Anke_Weiß=("Frau Anke Weiß", "Fr. Anke Weiß", "Herr und Frau Anke Weiß"),
        )
        self.assert_names(
            "ES",
            Carmen_Muñoz=(
                "Sra. Carmen Muñoz",
                "Sra. Dña. Carmen Muñoz",
                "Srta. Carmen Muñoz",
                "Doña Carmen Muñoz",
                "Señora Carmen Muñoz",
            ),
        )
        self.assert_names(
            "IT",
            Chiara_Rossi=(
                "Sig.ra Chiara Rossi",
                "Sig.na Chiara Rossi",
                "Signora Chiara Rossi",
            ),
        )
        self.assert_names(
            "PT", Rui_Sá=("Sr. Rui Sá", "Exmo. Sr. Rui Sá", "Senhor Rui Sá")
        )
        self.assert_names(
            "NL",
            Daan_Jansen=("Dhr. Daan Jansen", "De heer Daan Jansen", "Mw. Daan Jansen"),
        )
        self.assert_names(
            "PL", Jan_Kot=("Pan Jan Kot", "Pani Jan Kot", "Pan/Pani Jan Kot")
        )
        self.assert_names("SE", Åsa_Öberg=("Fru Åsa Öberg", "Fröken Åsa Öberg"))
        self.assert_names("DK", Søren_Holm=("Hr. Søren Holm", "Frk. Søren Holm"))
        self.assert_names("CZ", Eva_Malá=("Paní Eva Malá", "Slečna Eva Malá"))
        self.assert_names("FI", Aino_Aho=("Rouva Aino Aho",))

    def test_what_is_a_name_elsewhere_stays(self):
        for country, name in (
            ("US", "Don Johnson"),
            ("US", "M. Night Shyamalan"),
            ("CN", "Pan Wei"),
            ("BR", "Fr Silva"),
            ("GB", "D. H. Lawrence"),
            ("DE", "Dr. Anke Weiß"),
            ("DE", "Lisa Herr"),
            ("", "M Dupont"),
            ("GB", "E. Smith"),
        ):
            with self.subTest(name=name):
                self.assertEqual(full_name("", "", name, country), name)

    def test_a_civility_that_is_all_there_is_stays(self):
        self.assertEqual(full_name("", "Herr", "", "DE"), "Herr")
        self.assertEqual(full_name("", "", "Mme", "FR"), "Mme")

    def test_the_civility_that_the_address_gives_apart_is_known_in_the_name_too(self):
        name = full_name("", "", "Dott. Luca Rossi", "IT", civility="Dott.")
        self.assertEqual(name, "Luca Rossi")

    def test_particles_and_capitals_stay_as_they_are(self):
        for first, last in (
            ("Jan", "van der Berg"),
            ("Willem-Jan", "van 't Hof"),
            ("Sabine", "von der Heide"),
            ("Nuria", "de la Fuente"),
            ("Jordi", "Puig i Serra"),
            ("ANNE-SOPHIE", "d'ORMESSON"),
            ("Ronald", "McDONALD"),
            ("Elsa", "af Klint"),
            ("Rui", "dos Santos"),
            ("Luca", "De Luca"),
            ("Łukasz", "Wiśniewski"),
            ("小明", "王"),
            ("Léa 🌸", "Martin"),
        ):
            self.assertEqual(full_name(first, last, "", "NL"), f"{first} {last}")

    def test_parts_that_are_missing_double_or_full_are_still_one_name(self):
        for first, last in (
            ("Jean", "Dupont"),
            ("Jean", "Jean Dupont"),
            ("Jean Dupont", "Dupont"),
            ("Jean Dupont", "Jean Dupont"),
            ("", "Jean Dupont"),
            ("Jean Dupont", ""),
            ("Jean Dupont", "-"),
            ("null", "Jean Dupont"),
            ("M.", "Jean Dupont"),
            ("Jean", "M. Dupont"),
            ("Jean ", " Dupont"),
            ("", "Jean  Dupont"),
        ):
            with self.subTest(first=first, last=last):
                self.assertEqual(full_name(first, last, "", "FR"), "Jean Dupont")

    def test_a_middle_name_stays(self):
        self.assertEqual(
            full_name("Jean Paul", "Dupont", "Jean Dupont", "FR"), "Jean Paul Dupont"
        )

    def test_nobody_called_null_is_lost(self):
        self.assertEqual(full_name("Christopher", "Null", ""), "Christopher Null")
        self.assertEqual(full_name("null", "NULL", "n/a"), "")

    def test_the_source_decides_where_both_names_are_given(self):
        given = ("Jean", "Dupont", "DUPONT - RELAIS COLIS 0123")
        self.assertEqual(full_name(*given, source="parts"), "Jean Dupont")
        self.assertEqual(full_name(*given, source="full"), given[2])
        self.assertEqual(full_name("Jean", "Dupont", "", source="full"), "Jean Dupont")
        self.assertEqual(full_name("", "", "Jean D.", source="parts"), "Jean D.")


@tagged("post_install", "-at_install", "lengow")
class TestCompareNames(BaseCase):
    def test_one_person_is_written_in_many_ways(self):
        for other in (
            "JEANNE DUPONT",
            "Dupont Jeanne",
            "Dupont, Jeanne",
            "Mme Dupont",
            "J. Dupont",
            "Jeanne Marie Dupont",
            "Jeanne Dupônt",
            "",
        ):
            with self.subTest(other=other):
                self.assertTrue(is_same_person("Jeanne Dupont", other))
        self.assertTrue(is_same_person("Jan van der Berg", "Jan Berg"))
        self.assertTrue(is_same_person("Søren Groß", "SOREN GROSS"))

    def test_relatives_and_namesakes_are_others(self):
        for other in ("Pierre Dupont", "Jeanne Durand", "P. Dupont", "王 小明"):
            with self.subTest(other=other):
                self.assertFalse(is_same_person("Jeanne Dupont", other))
        self.assertFalse(is_same_person("Jan van der Berg", "Jan van der Meer"))


@tagged("post_install", "-at_install", "lengow")
class TestImportNames(LengowBuyersCommon):
    def test_the_channel_says_which_name_is_believed(self):
        rewritten = {"full_name": "DUPONT J. - RELAIS 0123"}
        self.assertEqual(self.import_sale(rewritten).partner_id.name, "Jeanne Dupont")
        self.get_channel().name_source = "full"
        sale = self.import_sale(rewritten)
        self.assertEqual(sale.partner_id.name, rewritten["full_name"])

    def test_names_of_every_form_become_contacts_without_civility(self):
        """Pitfalls 45 and 53b."""
        none = {"first_name": None, "last_name": "", "full_name": None}
        for names, expected in (
            ({**none, "full_name": "Mme Jeanne DUPONT"}, "Jeanne DUPONT"),
            ({**none, "last_name": "Mme Jeanne Dupont"}, "Jeanne Dupont"),
            ({**none, "first_name": "Jeanne"}, "Jeanne"),
            (
                {**none, "first_name": "Jan", "last_name": "van 't HOF"},
                "Jan van 't HOF",
            ),
        ):
            sale = self.import_sale(names)
            self.assertEqual(sale.partner_id.name, expected)
            self.assertEqual(sale.partner_shipping_id.name, expected)

    def test_a_nameless_address_of_a_company_has_the_companys_name(self):
        none = {"first_name": None, "last_name": None, "company": "Ateliers du Vercors"}
        sale = self.import_sale(none)
        self.assertEqual(sale.partner_id.name, "Ateliers du Vercors")
        self.assertTrue(sale.partner_id.is_company)
        self.assertEqual(sale.partner_invoice_id, sale.partner_id)
