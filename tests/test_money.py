"""What an order costs, read from the loose types of its payload."""

from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..lengow.money import order_amounts
from ..lengow.order import Order


def line(original_amount, line_id="1", **values):
    """A line of a cart, in the currency of the marketplace."""
    return {
        "marketplace_order_line_id": line_id,
        "lengow_status": "waiting_shipment",
        "original_amount": original_amount,
        "quantity": 1,
        **values,
    }


def order(total, *carts, **values):
    """An order in euros with a package per cart."""
    return Order(
        {
            "currency": {"iso_a3": "EUR"},
            "original_currency": {"iso_a3": "EUR"},
            "original_total_order": total,
            "packages": [
                {"cart": list(cart), "delivery": {"id": number}}
                for number, cart in enumerate(carts)
            ],
            **values,
        }
    )


@tagged("lengow")
class TestMoney(BaseCase):
    def assert_amounts(self, amounts, *expected):
        """Compare the packages' shipping, fee and discount."""
        found = [
            (package.shipping, package.processing_fee, package.discount)
            for package in amounts.packages
        ]
        self.assertEqual(found, [tuple(map(Decimal, shares)) for shares in expected])

    def test_the_total_is_lines_and_charges_less_the_discount(self):
        view = order(
            112.5,
            [line("100.00"), line("10.00", "2")],
            original_shipping=4.5,
            original_processing_fee=1,
            original_discount=3,
        )
        amounts = order_amounts(view)
        self.assertEqual(amounts.parts_total, Decimal("112.5"))
        self.assertEqual(amounts.difference, 0)
        self.assert_amounts(amounts, ("4.5", "1", "3"))

    def test_an_amount_is_the_total_of_its_line_whatever_the_quantity(self):
        amounts = order_amounts(order(30, [line("30.00", quantity=3)]))
        self.assertEqual(amounts.packages[0].lines, {"1": Decimal(30)})
        self.assertFalse(amounts.difference)

    def test_taxes_are_not_assumed_to_add_up(self):
        view = order(
            12, [line("12.00", original_tax="1.50")], original_total_tax="9.99"
        )
        self.assertFalse(order_amounts(view).difference)

    def test_a_discount_that_the_total_deducts_is_kept(self):
        amounts = order_amounts(order(90, [line("100")], original_discount=10))
        self.assert_amounts(amounts, (0, 0, 10))
        self.assertFalse(amounts.difference)

    def test_a_discount_that_the_lines_already_deducted_is_left_out(self):
        amounts = order_amounts(order(90, [line("90")], original_discount=10))
        self.assert_amounts(amounts, (0, 0, 0))
        self.assertFalse(amounts.difference)

    def test_a_discount_that_explains_nothing_is_not_bent(self):
        amounts = order_amounts(order(95, [line("100")], original_discount=10))
        self.assert_amounts(amounts, (0, 0, 10))
        self.assertEqual(amounts.difference, 5)

    def test_a_discount_may_be_a_negative_figure(self):
        amounts = order_amounts(order(90, [line("100")], original_discount="-10.00"))
        self.assert_amounts(amounts, (0, 0, 10))
        self.assertFalse(amounts.difference)

    def test_float_noise_is_rounded_away(self):
        view = order(809.2900000000001, [line("806.69")], original_shipping=2.6)
        amounts = order_amounts(view)
        self.assertEqual(amounts.total, Decimal("809.29"))
        self.assertFalse(amounts.difference)

    def test_half_a_cent_is_rounded_up(self):
        self.assertEqual(order_amounts(order("2.675", [])).total, Decimal("2.68"))

    def test_numbers_may_be_strings_with_either_decimal_mark(self):
        view = order("1 234,50", [line("1,234.50", quantity="2.00")])
        amounts = order_amounts(view)
        self.assertEqual(amounts.total, Decimal("1234.5"))
        self.assertFalse(amounts.difference)

    def test_what_is_no_number_counts_as_missing(self):
        for value in (None, "", "n/a", [], {}, float("nan"), True):
            with self.subTest(value=value):
                view = order(5, [line("5")], original_shipping=value)
                self.assertFalse(order_amounts(view).difference)
                self.assertIsNone(order_amounts(order(value, [line("5")])).total)

    def test_an_absurd_number_does_not_stop_the_page_that_it_is_in(self):
        amounts = order_amounts(order(1e30, [line("1e40")]))
        self.assertEqual(amounts.total, Decimal("1e30"))
        self.assertTrue(amounts.difference)

    def test_a_total_of_minus_one_means_no_exchange_rate(self):
        for value in (-1, "-1", "-1.00", -1.0):
            with self.subTest(value=value):
                amounts = order_amounts(order(value, [line("5")]))
                self.assertTrue(amounts.has_no_rate)
                self.assertIsNone(amounts.total)
                self.assertFalse(amounts.difference)

    def test_minus_one_in_the_other_currency_does_not_matter(self):
        view = order(5, [line("5", amount="-1")], total_order=-1)
        self.assertEqual(order_amounts(view).total, 5)
        self.assertIsNone(order_amounts(view, original=False).total)

    def test_a_missing_total_is_not_a_missing_rate(self):
        amounts = order_amounts(order(None, [line("5")]))
        self.assertFalse(amounts.has_no_rate)
        self.assertIsNone(amounts.total)

    def test_a_gift_that_costs_nothing_stays(self):
        amounts = order_amounts(order(5, [line("5"), line("0.00", "2")]))
        self.assertEqual(amounts.packages[0].lines, {"1": 5, "2": 0})

    def test_cancelled_and_refused_lines_are_not_counted(self):
        cart = [
            line("5"),
            line("7", "2", lengow_status="canceled"),
            line("9", "3", lengow_status="refused"),
            line("11", "4", lengow_status="pickup_canceled"),
            line("13", "5", quantity=0),
        ]
        amounts = order_amounts(order(5, cart))
        self.assertEqual(amounts.packages[0].lines, {"1": 5})
        self.assertFalse(amounts.difference)

    # Packages

    def test_each_package_gets_the_shipping_of_its_lines_and_the_first_one_the_rest(
        self,
    ):
        view = order(
            40,
            [line("10", original_shipping="1.50")],
            [line("20", "2", original_shipping="2.50")],
            original_shipping=9,
            original_processing_fee=2,
            original_discount=1,
        )
        amounts = order_amounts(view)
        self.assert_amounts(amounts, ("6.5", 2, 1), ("2.5", 0, 0))
        self.assertEqual([p.total for p in amounts.packages], [Decimal("17.5"), 22.5])

    def test_each_package_gets_the_discount_of_its_lines(self):
        view = order(
            25,
            [line("10", original_discount="2")],
            [line("20", "2", original_discount="-3")],
            original_discount=5,
        )
        amounts = order_amounts(view)
        self.assert_amounts(amounts, (0, 0, 2), (0, 0, 3))
        self.assertFalse(amounts.difference)

    def test_packages_never_share_more_than_the_order_gives(self):
        view = order(
            33,
            [line("10", original_shipping="4")],
            [line("20", "2", original_shipping="4")],
            original_shipping=3,
        )
        amounts = order_amounts(view)
        self.assert_amounts(amounts, (3, 0, 0), (0, 0, 0))
        self.assertFalse(amounts.difference)

    def test_the_rest_never_falls_to_a_package_that_is_cancelled(self):
        view = order(
            24,
            [line("10", lengow_status="canceled", original_shipping="4")],
            [line("20", "2")],
            original_shipping=5,
            original_discount=1,
        )
        amounts = order_amounts(view)
        self.assert_amounts(amounts, (0, 0, 0), (5, 0, 1))
        self.assertFalse(amounts.difference)

    def test_charges_of_an_order_whose_lines_are_all_cancelled_stay_in_the_sum(self):
        cart = [line("10", lengow_status="canceled")]
        amounts = order_amounts(order(0, cart, original_shipping=5))
        self.assertEqual(amounts.difference, -5)

    def test_an_order_without_packages_has_an_unexplained_total(self):
        for packages in (None, [], {}, "none", [None]):
            with self.subTest(packages=packages):
                view = order(5, original_shipping=5, packages=packages)
                self.assertEqual(order_amounts(view).difference, 5)

    # Currencies

    def test_the_currency_may_be_an_object_a_string_or_missing(self):
        for value, code in (
            ({"iso_a3": "GBP", "symbol": "£"}, "GBP"),
            ("gbp", "GBP"),
            (None, "EUR"),
            ({}, "EUR"),
        ):
            with self.subTest(value=value):
                view = order(5, [line("5")], original_currency=value)
                self.assertEqual(order_amounts(view).currency, code)

    def test_an_order_without_any_currency_has_none(self):
        view = order(5, [line("5")], original_currency=None, currency=None)
        self.assertEqual(order_amounts(view).currency, "")

    def test_amounts_are_those_of_the_currency_wanted(self):
        view = order(
            8.6,
            [line("8.60", amount="10.00")],
            total_order=10,
            original_currency={"iso_a3": "GBP"},
        )
        original, converted = order_amounts(view), order_amounts(view, original=False)
        self.assertEqual((original.currency, original.total), ("GBP", Decimal("8.6")))
        self.assertEqual((converted.currency, converted.total), ("EUR", 10))
        self.assertFalse(original.difference or converted.difference)

    def test_missing_original_amounts_are_those_of_the_same_currency(self):
        view = order(
            None, [line(None, amount="10.00")], total_order=12, shipping=2, discount=0
        )
        amounts = order_amounts(view)
        self.assertEqual(amounts.total, 12)
        self.assert_amounts(amounts, (2, 0, 0))
        self.assertFalse(amounts.difference)

    def test_missing_original_amounts_are_never_those_of_another_currency(self):
        view = order(
            8.6,
            [line(None, amount="10.00")],
            total_order=10,
            original_currency={"iso_a3": "GBP"},
        )
        amounts = order_amounts(view)
        self.assertEqual(amounts.packages[0].lines, {"1": 0})
        self.assertEqual(amounts.difference, Decimal("8.6"))

    def test_nothing_is_nothing_in_every_currency(self):
        view = order(
            8.6, [line("8.60")], shipping=0, original_currency={"iso_a3": "GBP"}
        )
        self.assertFalse(order_amounts(view).difference)

    def test_a_currency_without_decimals_has_none(self):
        view = order(
            1500.0,
            [line("1499.6")],
            original_currency={"iso_a3": "JPY"},
        )
        amounts = order_amounts(view, digits=0)
        self.assertEqual(amounts.total, 1500)
        self.assertEqual(amounts.total.as_tuple().exponent, 0)
        self.assertFalse(amounts.difference)

    def test_a_currency_with_three_decimals_keeps_them(self):
        view = order("12.345", [line("12.345")], original_currency={"iso_a3": "KWD"})
        self.assertEqual(order_amounts(view, digits=3).total, Decimal("12.345"))

    # What the total tells of the other figures

    def test_a_discount_that_only_the_lines_carry_is_taken_off(self):
        lines = [
            line("10.00", original_discount="1.50"),
            line("5.00", "2", original_discount="0.50"),
        ]
        amounts = order_amounts(order(13, lines, original_discount=None))
        self.assertEqual(amounts.difference, 0)
        self.assert_amounts(amounts, ("0", "0", "2"))

    def test_the_discount_of_the_lines_may_come_on_top_of_that_of_the_order(self):
        lines = [line("10.00", original_discount="1.50"), line("5.00", "2")]
        amounts = order_amounts(order(12.5, lines, original_discount=1))
        self.assertEqual(amounts.difference, 0)
        self.assert_amounts(amounts, ("0", "0", "2.50"))

    def test_shipping_that_only_the_lines_carry_is_paid_with_each_package(self):
        carts = (
            [line("10.00", original_shipping="2.00")],
            [line("5.00", "2", original_shipping="3.00")],
        )
        amounts = order_amounts(order(20, *carts))
        self.assertEqual(amounts.difference, 0)
        self.assert_amounts(amounts, ("2", "0", "0"), ("3", "0", "0"))

    def test_a_refunded_line_is_a_part_of_the_total_or_not_as_the_total_says(self):
        lines = [line("10.00"), line("5.00", "2", lengow_status="refunded")]
        for total, kept in ((15, {"1", "2"}), (10, {"1"})):
            amounts = order_amounts(order(total, lines))
            self.assertEqual(amounts.difference, 0)
            self.assertEqual(amounts.packages[0].lines.keys(), kept)

    def test_an_order_of_which_every_line_was_refunded_keeps_its_lines(self):
        lines = [line("10.00", lengow_status="refunded")]
        amounts = order_amounts(order(0, lines))
        self.assertEqual(amounts.packages[0].lines.keys(), {"1"})
        self.assertEqual(amounts.difference, -10)

    def test_a_total_that_no_reading_explains_leaves_the_usual_one(self):
        lines = [line("10.00", original_discount="1.50"), line("5.00", "2")]
        amounts = order_amounts(order(11, lines, original_discount=1))
        self.assertEqual(amounts.difference, -3)
        self.assert_amounts(amounts, ("0", "0", "1"))

    def test_an_adjustment_is_a_part_of_the_package(self):
        amounts = order_amounts(order(10.02, [line("10.00")]))
        amounts.packages[0].adjustment = amounts.difference
        self.assertEqual(amounts.packages[0].total, Decimal("10.02"))
        self.assertEqual(amounts.difference, 0)

    def test_the_commission_is_what_the_marketplace_keeps_whatever_its_sign(self):
        for given in ("-2.40", "2.40", -2.4):
            view = order(10, [line("10.00")], original_commission=given)
            self.assertEqual(order_amounts(view).commission, Decimal("2.40"))
        self.assertEqual(order_amounts(order(10, [line("10.00")])).commission, 0)


@tagged("lengow")
class TestOrderKeys(BaseCase):
    def keys(self, *carts):
        """:return: keys of the packages and of all lines."""
        view = order(0, *carts)
        return [p.key for p in view.packages], [li.key for li in view.lines]

    def test_a_package_is_known_by_its_lines_alone(self):
        cart = [line("1", "b"), line("2", "a")]
        packages, _lines = self.keys(cart)
        self.assertEqual(packages, ["a,b"])
        self.assertEqual(self.keys(cart[::-1])[0], packages)
        view = order(0, cart)
        view.payload["packages"][0]["delivery"]["id"] = 999
        self.assertEqual([package.key for package in view.packages], packages)

    def test_a_package_keeps_its_key_when_a_line_is_cancelled(self):
        before, _lines = self.keys([line("1", "a"), line("2", "b")])
        after, _lines = self.keys(
            [line("1", "a"), line("2", "b", lengow_status="canceled")]
        )
        self.assertEqual(before, after)

    def test_zero_is_a_line_number(self):
        self.assertEqual(self.keys([line("1", 0)]), (["0"], ["0"]))

    def test_repeated_and_empty_line_numbers_are_made_unique(self):
        packages, lines = self.keys(
            [line("1", "a"), line("1", "a"), line("1", None)],
            [line("1", "a"), line("1", ""), line("1", "a#2")],
        )
        self.assertEqual(len(set(lines)), 6, lines)
        self.assertEqual(len(set(packages)), 2)
        self.assertEqual(lines[:2], ["a", "a#2"])

    def test_a_number_and_a_string_are_the_same_line_number(self):
        self.assertEqual(self.keys([line("1", 12)]), self.keys([line("1", "12")]))

    def test_entries_that_are_no_lines_are_passed_over(self):
        self.assertEqual(self.keys([line("1", "a"), None, "x", 3]), (["a"], ["a"]))

    def test_a_missing_quantity_is_one_and_zero_is_zero(self):
        lines = order(0, [line("1", "a", quantity=None), line("1", "b", quantity=0)])
        self.assertEqual([entry.quantity for entry in lines.lines], [1, 0])
        self.assertEqual([entry.is_counted for entry in lines.lines], [True, False])
