from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..lengow.parsing import as_dict, as_list, decimal, integer, iso, text, timestamp


@tagged("post_install", "-at_install", "lengow")
class TestParsing(BaseCase):
    def assert_reads(self, reader, cases):
        for value, expected in cases:
            with self.subTest(value=value):
                result = reader(value)
                self.assertEqual(result, expected)
                self.assertIs(type(result), type(expected))

    def test_texts(self):
        self.assert_reads(
            text,
            [
                (None, ""),
                (0, "0"),
                (44, "44"),
                (44.0, "44"),
                (44.5, "44.5"),
                (1e22, "10000000000000000000000"),
                (float("nan"), ""),
                (Decimal("12.50"), "12.50"),
                (True, "true"),
                ("  Jean \x00Dupont\t", "Jean Dupont"),
                ("one\r\ntwo\nthree", "one two three"),
                ("\ufeffL'Ha\u00ff\u200b \ud800", "L'Ha\u00ff"),
                ("null", "null"),
                ({}, ""),
                (["x"], ""),
            ],
        )

    def test_amounts(self):
        self.assert_reads(
            decimal,
            [
                (0, Decimal(0)),
                ("0", Decimal(0)),
                (809.2900000000001, Decimal("809.2900000000001")),
                (2.6, Decimal("2.6")),
                ("134.45", Decimal("134.45")),
                ("134,45", Decimal("134.45")),
                ("1.234,56", Decimal("1234.56")),
                ("1,234.56", Decimal("1234.56")),
                ("1 234\u00a0567,5", Decimal("1234567.5")),
                ("1.234.567", Decimal(1234567)),
                ("-56.47", Decimal("-56.47")),
                ("\u22125", Decimal(-5)),
                ("1E+2", Decimal(100)),
                (None, None),
                ("", None),
                ("null", None),
                ("NaN", None),
                ("Infinity", None),
                ("1e999999", None),
                (float("nan"), None),
                (float("inf"), None),
                (Decimal("NaN"), None),
                ("12 EUR", None),
                ("1_000", None),
                (True, None),
                ([], None),
            ],
        )

    def test_whole_numbers(self):
        self.assert_reads(
            integer,
            [
                (0, 0),
                ("0", 0),
                ("2.00", 2),
                (2.0, 2),
                ("1.5", None),
                (None, None),
                (False, None),
                ("two", None),
            ],
        )

    def test_dates_in_every_form_become_naive_utc(self):
        noon = datetime(2022, 12, 21, 12, 0)
        self.assert_reads(
            timestamp,
            [
                ("2022-12-21T12:00:00Z", noon),
                ("2022-12-21T12:00:00", noon),
                ("2022-12-21 12:00", noon),
                ("2022-12-21T13:00:00+01:00", noon),
                ("2022-12-21T13:00:00+0100", noon),
                ("2022-12-21T08:30:00.000-03:30", noon),
                ("2022-12-21T14:00:00+02", noon),
                ("2022-12-21T12:00:00.353491Z", noon.replace(microsecond=353491)),
                ("2022-12-21T12:00:00.35Z", noon.replace(microsecond=350000)),
                ("2022-12-21T12:00:00.3534919Z", noon.replace(microsecond=353491)),
                ("2022-12-21", datetime(2022, 12, 21)),
                (date(2022, 12, 21), datetime(2022, 12, 21)),
                (noon, noon),
                (noon.replace(tzinfo=timezone.utc), noon),
                ("0001-01-01T00:00:00+01:00", None),
                ("0000-00-00 00:00:00", None),
                ("2022-13-01", None),
                ("yesterday", None),
                ("", None),
                (None, None),
                (1671620400, None),
            ],
        )

    def test_a_moment_is_sent_with_its_offset_and_no_fraction_of_it_is_lost(self):
        noon = datetime(2022, 12, 21, 12, 0, 0, 999999)
        self.assertEqual(iso(noon), "2022-12-21T12:00:00+00:00")
        self.assertEqual(
            iso(noon.replace(tzinfo=timezone(timedelta(hours=-5)))),
            "2022-12-21T17:00:00+00:00",
        )
        # A third of a day is eight hours, not none.
        self.assertEqual(iso(noon - timedelta(days=1 / 3)), "2022-12-21T04:00:00+00:00")
        self.assertEqual(timestamp(iso(noon)), noon.replace(microsecond=0))

    def test_what_may_be_a_list_or_an_object(self):
        self.assert_reads(
            as_list,
            [
                (None, []),
                ("", []),
                ({}, []),
                ([], []),
                ([0], [0]),
                (("a",), ["a"]),
                ("a", ["a"]),
                (0, [0]),
                ({"a": 1}, [{"a": 1}]),
            ],
        )
        self.assert_reads(
            as_dict, [({"a": 1}, {"a": 1}), ([], {}), (None, {}), ("EUR", {})]
        )
