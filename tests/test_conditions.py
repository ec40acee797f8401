"""`depends_on` is judged as documented, whatever types the data and the rule have."""

import time

from odoo.tests import BaseCase, tagged

from ..lengow import const, patterns
from ..lengow.conditions import Conditions, describe, get_at
from .common_actions import condition, when

MISSING = object()


def judge(function, actual, expected):
    """Judge a condition on the order's `field`."""
    order = {} if actual is MISSING else {"field": actual}
    rule = when("order", "field", function, expected)
    return Conditions(order).judge(rule, {}).is_met


@tagged("lengow")
class TestFunctions(BaseCase):
    def assert_judged(self, function, *cases):
        for actual, expected, is_met in cases:
            with self.subTest(function=function, actual=actual, expected=expected):
                self.assertIs(judge(function, actual, expected), is_met)

    def test_equals_compares_texts_numbers_and_lists(self):
        self.assert_judged(
            "equals",
            ("PARCEL", "PARCEL", True),
            ("PARCEL", "parcel", False),
            (" PARCEL ", "PARCEL", False),
            ("", "", True),
            (" ", "", False),
            (5, "5,00", False),
            (5, "five", False),
            (5, 5, True),
            ("5.00", 5, True),
            (5, "5.00", True),
            (5.1, "5.10", True),
            ("01000", "1000", False),
            (0, 0, True),
            ("0", 0, True),
            (0, None, False),
            (0, "", False),
            (None, None, True),
            (MISSING, None, True),
            (None, "", True),
            (None, "PARCEL", False),
            (["a", 1], ["a", "1"], True),
            (["a"], ["a", "b"], False),
            (["a"], "a", False),
            (True, True, True),
            ("true", True, True),
            ("True", True, True),
            (1, True, True),
            ("yes", True, False),
            (False, None, False),
            ({"a": 1}, {"a": 1}, True),
        )

    def test_not_equals_is_its_opposite(self):
        self.assert_judged(
            "not_equals",
            ("PARCEL", "PARCEL", False),
            ("FORWARDER", "PARCEL", True),
            ("5.00", 5, False),
            (None, "PARCEL", True),
            (MISSING, "PARCEL", True),
            (["a"], ["a"], False),
        )

    def test_in_list_and_not_in_list_compare_as_loosely(self):
        cases = (
            ("a", ["a", "b"], True),
            ("c", ["a", "b"], False),
            (1, ["1", "2"], True),
            ("1", [1, 2], True),
            ("0", [0], True),
            (None, ["a"], False),
            (None, [None], True),
            (MISSING, ["a"], False),
            (["a"], ["a"], False),
            (["a"], [["a"]], True),
            ("a", [], False),
        )
        self.assert_judged("in_list", *cases)
        opposites = [
            (actual, expected, not is_met) for actual, expected, is_met in cases
        ]
        self.assert_judged("not_in_list", *opposites)

    def test_numbers_are_compared_as_numbers_even_in_texts(self):
        for function, below, same, above in (
            ("lower_than", True, False, False),
            ("lower_than_or_equals", True, True, False),
            ("greater_than", False, False, True),
            ("greater_than_or_equals", False, True, True),
        ):
            self.assert_judged(
                function,
                ("9", 10, below),
                (9.99, "10", below),
                ("-1", 0, below),
                ("10.00", 10, same),
                (0, "0", same),
                ("100", 10, above),
                (" 100 ", 10, above),
                # No number as the API writes it, nor one that can be told from a text.
                ("10,5", 10, False),
                ("1 000", 10, False),
                (None, 10, False),
                (MISSING, 10, False),
                ("", 10, False),
                ("ten", 10, False),
                ([1], 10, False),
                (True, 0, False),
            )

    def test_regex_is_found_anywhere_unless_anchored(self):
        self.assert_judged(
            "regex",
            ("DPD-NL", "^(TNT|DHL|DPD)", True),
            ("BPOST_BE", "^(TNT|DHL|DPD)", False),
            ("MY PARCEL", "PARCEL", True),
            ("75001", r"^\d{5}$", True),
            (75001, r"^\d{5}$", True),
            ("7500", r"^\d{5}$", False),
            (None, ".*", False),
            (MISSING, "", False),
            (["a"], "a", False),
        )

    def test_contains_looks_for_a_text_or_for_an_entry(self):
        self.assert_judged(
            "contains",
            ("EXPRESS PARCEL", "PARCEL", True),
            ("PARCEL", "EXPRESS", False),
            ("parcel", "PARCEL", False),
            (12345, 234, True),
            (["is_prime", "is_business"], "is_prime", True),
            (["is_prime"], "prime", False),
            ([0, 1], "0", True),
            ("anything", "", True),
            (None, "", False),
            (MISSING, "a", False),
        )

    def test_a_rule_that_compares_with_nonsense_is_unclear(self):
        for function, expected in (
            ("in_list", "a"),
            ("not_in_list", None),
            ("lower_than", "many"),
            ("lower_than", "10,5"),
            ("greater_than_or_equals", None),
            ("regex", 5),
            ("regex", None),
            ("regex", "("),
            ("contains", ["a"]),
            ("equal", "a"),
            ("", "a"),
            (None, "a"),
        ):
            with self.subTest(function=function, expected=expected):
                self.assertIsNone(judge(function, "a", expected))


@tagged("lengow")
class TestRules(BaseCase):
    def judge(self, operator, *conditions, order=None, data=None):
        rule = {"operator": operator, "conditions": list(conditions)}
        return Conditions(order or {}).judge(rule, data or {})

    def parts(self, *results):
        """Conditions that are met, not met, or unclear."""
        functions = {True: "equals", False: "not_equals", None: "resembles"}
        return [condition("order", "a", functions[entry], None) for entry in results]

    def test_operators_count_the_conditions_that_are_met(self):
        for operator, results, is_met in (
            ("allOf", (True, True), True),
            ("allOf", (True, False), False),
            ("anyOf", (False, True), True),
            ("anyOf", (False, False), False),
            ("oneOf", (True, False), True),
            ("oneOf", (True, True), False),
            ("oneOf", (False, False), False),
            ("allOf", (), True),
            ("anyOf", (), True),
            ("oneOf", (), True),
            (None, (), True),
        ):
            with self.subTest(operator=operator, results=results):
                verdict = self.judge(operator, *self.parts(*results))
                self.assertIs(verdict.is_met, is_met)

    def test_an_unclear_condition_counts_only_where_it_decides(self):
        for operator, results, is_met in (
            ("allOf", (None, True), None),
            ("allOf", (None, False), False),
            ("anyOf", (None, True), True),
            ("anyOf", (None, False), None),
            ("oneOf", (None, True), None),
            ("oneOf", (None, False), None),
            ("oneOf", (None, True, True), False),
        ):
            with self.subTest(operator=operator, results=results):
                verdict = self.judge(operator, *self.parts(*results))
                self.assertIs(verdict.is_met, is_met)
                self.assertEqual(
                    verdict.doubt, "rule_function" if is_met is None else ""
                )

    def test_an_unknown_operator_matters_from_two_conditions_on(self):
        self.assertIs(self.judge("someOf", *self.parts(True)).is_met, True)
        self.assertIs(self.judge(None, *self.parts(False)).is_met, False)
        verdict = self.judge("someOf", *self.parts(True, True))
        self.assertEqual((verdict.doubt, verdict.name), ("rule_operator", "someOf"))

    def test_both_roots_are_read_by_dotted_paths(self):
        order = {
            "order_meta": {"delivery_type": "PARCEL"},
            "packages": [{"delivery": {"common_country_iso_a2": "FR"}}],
            "order_line_meta": [],
        }
        data = {"carrier": "Other", "0": "zero"}
        for root, path, value in (
            ("order", "order_meta.delivery_type", "PARCEL"),
            ("order", "packages.0.delivery.common_country_iso_a2", "FR"),
            ("order", "packages.1.delivery", None),
            ("order", "packages.delivery", None),
            ("order", "order_line_meta.anything", None),
            ("order", "order_meta.delivery_type.more", None),
            ("order", "carrier", None),
            ("action_data", "carrier", "Other"),
            ("action_data", "0", "zero"),
            ("action_data", "order_meta.delivery_type", None),
        ):
            with self.subTest(root=root, path=path):
                rule = when(root, path, "equals", value)
                self.assertIs(Conditions(order).judge(rule, data).is_met, True)
                self.assertEqual(
                    get_at(order if root == "order" else data, path), value
                )

    def test_a_place_in_a_list_may_be_any_number(self):
        path = f"packages.{'9' * 5000}.delivery"
        rule = when("order", path, "equals", None)
        self.assertIs(Conditions({"packages": []}).judge(rule, {}).is_met, True)

    def test_no_rule_is_always_met(self):
        for rule in (None, {}, [], ""):
            self.assertIs(Conditions({}).judge(rule, {}).is_met, True)

    def test_a_rule_that_cannot_be_read_is_unclear_and_no_error(self):
        endless = {"operator": "allOf", "conditions": []}
        for _level in range(3000):
            endless = {"operator": "allOf", "conditions": [endless]}
        for rule, doubt in (
            ("always", "rule_form"),
            ([when("order", "a", "equals", 1)], "rule_form"),
            ({"operator": "allOf"}, "rule_form"),
            ({"operator": "allOf", "conditions": "all"}, "rule_form"),
            ({"operator": "allOf", "conditions": ["a"]}, "rule_form"),
            (when("buyer", "a", "equals", 1), "rule_root"),
            (when(None, "a", "equals", 1), "rule_root"),
            (when("order", None, "equals", 1), "rule_form"),
            (when("order", "", "equals", 1), "rule_form"),
            ({"operator": "anyOf", "conditions": [{}] * 9999}, "rule_long"),
            (endless, "rule_long"),
        ):
            with self.subTest(doubt=doubt):
                verdict = Conditions({"a": 1}).judge(rule, {})
                self.assertIsNone(verdict.is_met)
                self.assertEqual(verdict.doubt, doubt)

    def test_groups_within_groups_are_judged(self):
        inner = {"operator": "anyOf", "conditions": self.parts(False, True)}
        self.assertIs(self.judge("allOf", inner, *self.parts(True)).is_met, True)

    def test_a_rule_can_be_said_in_words(self):
        self.assertEqual(
            describe(when("action_data", "carrier", "in_list", ["DPD", "GLS"])),
            "carrier in list DPD, GLS",
        )
        rule = {
            "operator": "anyOf",
            "conditions": [
                condition("order", "shipping", "greater_than", 0),
                condition("order", "a.b", "equals", None),
            ],
        }
        self.assertEqual(describe(rule), "shipping greater than 0 or a.b equals")
        for rule in (None, "a", {"conditions": [None, 5]}, {"function": ["a"]}):
            self.assertIsInstance(describe(rule), str)


@tagged("lengow")
class TestHostilePatterns(BaseCase):
    hostile = (
        (r"^(a|a)*$", "a" * 60 + "!"),
        (r"(x+x+)+y", "x" * 900),
        (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 900),
        (r"(?R)?a(?R)?", "a" * 200 + "b"),
        (r"(?:a{1,99999}){1,99999}$", "a" * 900 + "b"),
        ("a" * 100_000, "a"),
        (".*", "a" * 10_000_000),
    )

    def setUp(self):
        super().setUp()
        patterns._slow.clear()
        self.addCleanup(patterns._slow.clear)

    def test_a_hostile_pattern_cannot_hang_a_worker(self):
        for pattern, subject in self.hostile:
            with self.subTest(pattern=pattern[:30]):
                started = time.thread_time()
                self.assertIsNone(judge("regex", subject, pattern))
                self.assertLess(time.thread_time() - started, 4 * const.PATTERN_SECONDS)

    def test_a_pattern_that_was_too_slow_is_not_tried_again(self):
        pattern, subject = self.hostile[0]
        self.assertIsNone(judge("regex", subject, pattern))
        started = time.thread_time()
        for _time in range(100):
            self.assertIsNone(judge("regex", subject, pattern))
        self.assertLess(time.thread_time() - started, const.PATTERN_SECONDS)

    def test_many_hostile_patterns_share_one_allowance(self):
        conditions = [
            condition("order", "a", "regex", rf"^(a|a)*$(?#{number})")
            for number in range(1, 190)
        ]
        rule = {"operator": "anyOf", "conditions": conditions}
        started = time.thread_time()
        verdict = Conditions({"a": "a" * 60 + "!"}).judge(rule, {})
        self.assertLess(time.thread_time() - started, 3 * const.PATTERNS_SECONDS)
        self.assertIsNone(verdict.is_met)
        self.assertEqual(verdict.doubt, "rule_slow")

    def test_the_memory_of_slow_patterns_is_bounded(self):
        for number in range(const.SLOW_PATTERNS + 5):
            patterns._remember_slow(str(number))
        self.assertEqual(len(patterns._slow), const.SLOW_PATTERNS)

    def test_an_honest_pattern_is_judged_beside_a_hostile_one(self):
        pattern, subject = self.hostile[0]
        order = {"a": subject, "b": "DPD-NL"}
        rule = {
            "operator": "anyOf",
            "conditions": [
                condition("order", "a", "regex", pattern),
                condition("order", "b", "regex", "^DPD"),
            ],
        }
        self.assertIs(Conditions(order).judge(rule, {}).is_met, True)
