"""Arguments are taken, required or refused as an action's description says."""

from datetime import date, datetime
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..lengow import const
from ..lengow.action import check_request
from ..lengow.argument_rules import get_states
from ..lengow.conditions import Conditions
from .common_actions import (
    codes,
    make_line,
    make_marketplace,
    make_order,
    make_rule,
    when,
)


@tagged("lengow")
class TestArguments(BaseCase):
    def check(self, arguments, order=None, **rule):
        rule = make_rule(**rule)
        return check_request(
            rule.marketplace, rule.name, order or make_order(), arguments
        )

    def test_each_type_takes_its_values_and_says_what_is_wrong_with_others(self):
        for kind, value, expected in (
            ("string", "abc ", "abc"),
            ("string", 12, "12"),
            ("string", 0, "0"),
            ("string", ["a"], "not_text"),
            ("string", {"a": 1}, "not_text"),
            ("string", datetime(2024, 3, 1, 12), "2024-03-01T12:00:00+00:00"),
            (None, 7.5, "7.5"),
            ("date", datetime(2024, 3, 1, 12), "2024-03-01T12:00:00+00:00"),
            ("date", date(2024, 3, 1), "2024-03-01T00:00:00+00:00"),
            ("date", "2020-10-28T14:35:07+01:00", "2020-10-28T13:35:07+00:00"),
            ("date", "2024-03-01", "2024-03-01T00:00:00+00:00"),
            ("date", "soon", "not_date"),
            ("date", 5, "not_date"),
            ("quantity", "2", 2),
            ("quantity", Decimal("2.0"), 2),
            ("quantity", 0, "not_positive"),
            ("quantity", 1.5, "not_whole"),
            ("quantity", -1, "not_positive"),
            ("quantity", "two", "not_number"),
            ("price", "12,50", "12.50"),
            ("price", Decimal("0.10"), "0.10"),
            ("price", 0, "0"),
            ("price", "-1", "negative"),
            ("price", "free", "not_number"),
            ("decimal", "-1.5", "-1.5"),
            ("integer", "3.0", 3),
            ("integer", "3.5", "not_whole"),
            ("boolean", "True", True),
            ("boolean", False, False),
            ("boolean", 0, False),
            ("boolean", "maybe", "not_boolean"),
            ("line_number", 5, "5"),
            ("hologram", {"a": [1]}, {"a": [1]}),
            ("hologram", Decimal("1.5"), "1.5"),
            ("hologram", {1, 2}, "not_json"),
            ("hologram", {1: 1, "a": 2}, "not_json"),
            ("hologram", ["\x00"], "not_json"),
            ("hologram", "\ud800", "not_json"),
            ("decimal", 0.1 + 0.2, "0.3"),
            ("price", 19.899999999999999, "19.9"),
            (None, 0.1 + 0.2, "0.3"),
            ("hologram", float("nan"), "not_json"),
        ):
            with self.subTest(kind=kind, value=value):
                argument = make_rule(["x"], x={"type": kind}).arguments["x"]
                prepared, problem = argument.prepare(value)
                self.assertEqual(problem.code if problem else prepared, expected)
                self.assertTrue(problem is None or str(problem))

    def test_a_date_is_known_by_its_name_where_nothing_else_is_told(self):
        for described, kind in (
            ({}, "date"),
            ({"type": "string"}, "text"),
            ({"valid_values": ["MORNING", "EVENING"]}, "text"),
        ):
            rule = make_rule(["delivery_date"], delivery_date=described)
            self.assertEqual(rule.arguments["delivery_date"].kind, kind)

    def test_a_request_is_wrong_where_its_values_would_be_sent_otherwise(self):
        listed = {"valid_values": ["DHL"], "accept_free_values": False}
        for described, right, wrong in (
            ({"type": "price"}, ("12.50", 12.5, 0), ("12,50", "1 000.00")),
            ({"type": "integer"}, (3, "3.0"), ("3,0",)),
            ({"type": "boolean"}, (True, False, "False"), ("yes", 1)),
            ({"type": "string"}, ("a", " a ", 5), (True, False)),
            ({}, ("a", True), (["a"],)),
            (listed, ("DHL",), ("DHL ", " DHL")),
            (
                {"type": "date"},
                ("2024-03-01", "2024-03-01T12:00:00.5Z", "2024-03-01T12:00+01:00"),
                ("2024-03-01 12:00 UTC", " 2024-03-01", date(2024, 3, 1)),
            ),
        ):
            for values, is_right in ((right, True), (wrong, False)):
                for value in values:
                    with self.subTest(described=described, value=value):
                        problems = self.check({"x": value}, args=["x"], x=described)
                        self.assertEqual(not problems, is_right)
        (problem,) = self.check({"x": "12,50"}, args=["x"], x={"type": "price"})
        self.assertEqual(str(problem), "X: “12,50” must be written as “12.50”.")

    def test_a_listed_value_is_right_whatever_the_type_says(self):
        for kind, value in (("date", "2024-03-01"), ("quantity", "many"), ("?", "a")):
            described = {
                "type": kind,
                "valid_values": [value],
                "accept_free_values": False,
            }
            argument = make_rule(["x"], x=described).arguments["x"]
            self.assertEqual(argument.prepare(value), (value, None))

    def test_listed_values_are_sent_as_they_are_listed(self):
        argument = make_rule(
            ["reason"],
            reason={
                "accept_free_values": False,
                "valid_values": {"0": "Unknown", "CustomerReturn": {"label": "Return"}},
            },
        ).arguments["reason"]
        for value, code in ((0, "0"), ("0", "0"), ("CustomerReturn", "CustomerReturn")):
            self.assertEqual(argument.prepare(value), (code, None))
        # Neither a label nor something alike is taken for a code.
        for value in ("Unknown", "customerreturn", "Return", "00", 0.5):
            _prepared, problem = argument.prepare(value)
            self.assertEqual(problem.code, "not_listed")
            self.assertIn("Return (CustomerReturn)", str(problem))

    def test_free_values_are_taken_unless_refused(self):
        for free, is_taken in (
            (None, True),
            (True, True),
            ("true", True),
            (1, True),
            (False, False),
            ("false", False),
            ("False", False),
            (0, False),
        ):
            with self.subTest(free=free):
                argument = make_rule(
                    ["x"], x={"accept_free_values": free, "valid_values": ["a"]}
                ).arguments["x"]
                self.assertIs(argument.prepare("b")[1] is None, is_taken)

    def test_carriers_and_methods_without_a_list_take_the_marketplaces(self):
        described = {
            name: {"accept_free_values": False, "type": "list"}
            for name in ("carrier", "return_carrier", "shipping_method", "reason")
        }
        marketplace = make_marketplace(
            {"ship": {"args": list(described), "args_description": described}},
            carriers={"DHL": {"label": "DHL"}},
            shipping_methods=["STD"],
        )
        arguments = marketplace.get_action("ship").arguments
        self.assertEqual(list(arguments["carrier"].valid_values), ["DHL"])
        self.assertEqual(list(arguments["return_carrier"].valid_values), ["DHL"])
        self.assertEqual(list(arguments["shipping_method"].valid_values), ["STD"])
        self.assertEqual(arguments["reason"].valid_values, {})

    def test_required_optional_and_unknown_arguments_are_told_apart(self):
        rule = {"args": ["carrier"], "optional": ["comment"]}
        self.assertEqual(codes(self.check({}, **rule)), [("missing", "carrier")])
        self.assertEqual(self.check({"carrier": "0"}, **rule), [])
        for nothing in (None, "", " ", [], {}):
            with self.subTest(nothing=nothing):
                given = {"carrier": nothing, "comment": nothing, "colour": nothing}
                self.assertEqual(
                    codes(self.check(given, **rule)), [("missing", "carrier")]
                )
        problems = self.check({"carrier": "x", "colour": "red"}, **rule)
        self.assertEqual(codes(problems), [("unknown_argument", "colour")])
        self.assertIn("Colour", str(problems[0]))

    def test_what_every_request_says_anyway_is_no_argument(self):
        rule = make_rule([*const.ACTION_KEYS, "carrier"], ["marketplace"])
        self.assertEqual(list(rule.arguments), ["carrier"])

    def test_a_conditional_argument_is_required_or_refused_as_its_rule_says(self):
        rule = {
            "args": ["carrier", "tracking_number"],
            "optional": ["carrier_name"],
            "carrier_name": {
                "depends_on": when("action_data", "carrier", "equals", "Other")
            },
            "tracking_number": {
                "depends_on": when("action_data", "carrier", "not_equals", "Other")
            },
        }
        for arguments, expected in (
            ({"carrier": "DHL", "tracking_number": "1"}, []),
            ({"carrier": "DHL"}, [("missing_because", "tracking_number")]),
            ({"carrier": "Other"}, [("asked_for", "carrier_name")]),
            ({"carrier": "Other", "carrier_name": "Bob"}, []),
            (
                {"carrier": "DHL", "tracking_number": "1", "carrier_name": "Bob"},
                [("not_applicable", "carrier_name")],
            ),
            (
                {"carrier": "Other", "carrier_name": "Bob", "tracking_number": "1"},
                [("not_applicable", "tracking_number")],
            ),
        ):
            with self.subTest(arguments=arguments):
                self.assertEqual(codes(self.check(arguments, **rule)), expected)

    def test_a_rule_without_conditions_makes_no_condition(self):
        described = {"depends_on": {"operator": "anyOf", "conditions": []}}
        rule = {"args": ["x"], "optional": ["y"], "x": described, "y": described}
        self.assertEqual(codes(self.check({}, **rule)), [("missing", "x")])
        self.assertEqual(self.check({"x": "1", "y": "1"}, **rule), [])

    def test_conditions_are_told_as_one_types(self):
        rule = make_rule(
            ["carrier"],
            ["carrier_name"],
            carrier_name={
                "depends_on": when("action_data", "carrier", "equals", "Other")
            },
        )
        for values, applies in (({}, False), ({"carrier": "Other"}, True)):
            states = get_states(rule, Conditions({}), values)
            self.assertIs(states["carrier_name"].applies, applies)
            self.assertTrue(states["carrier"].is_required)

    def test_weird_descriptions_are_told_and_do_not_block(self):
        for described, code in (
            ({"type": "hologram"}, "unknown_type"),
            ({"accept_free_values": False}, "no_choices"),
            ({"accept_free_values": False, "valid_values": []}, "no_choices"),
            ({"depends_on": "sometimes"}, "rule_form"),
            ({"depends_on": when("order", "a", "resembles", 1)}, "rule_function"),
            (
                {"depends_on": when("order", "marketplace", "regex", "(")},
                "rule_pattern",
            ),
        ):
            with self.subTest(code=code):
                (problem,) = self.check({"x": "1"}, optional=["x"], x=described)
                self.assertEqual(problem.code, code)
                self.assertTrue(problem.is_notice)
                self.assertIn("X", str(problem))
        (problem,) = self.check({"x": "1"}, args=["x"], optional=["x"])
        self.assertEqual((problem.code, problem.is_notice), ("both_lists", True))

    def test_an_argument_whose_rule_is_unclear_may_be_given_or_not(self):
        unclear = {"depends_on": when("order", "a", "resembles", 1)}
        for arguments in ({}, {"x": "1"}):
            (problem,) = self.check(arguments, args=["x"], x=unclear)
            self.assertTrue(problem.is_notice)

    def test_descriptions_of_no_form_at_all_do_no_harm(self):
        for described in (None, [], "text", 5, {"x": None}, {"x": "string"}):
            spec = {"args": ["x"], "args_description": described}
            argument = (
                make_marketplace({"ship": spec}).get_action("ship").arguments["x"]
            )
            self.assertEqual(argument.prepare("1"), ("1", None))
        for spec in (
            None,
            [],
            "ship",
            5,
            {"args": None, "status": 5},
            {"args": [None, 1]},
        ):
            rule = make_marketplace({"ship": spec}).get_action("ship")
            self.assertEqual(rule.arguments, {})

    def test_a_default_that_is_not_taken_itself_is_told_when_it_is_missed(self):
        problems = self.check(
            {},
            args=["x"],
            x={
                "valid_values": ["a"],
                "accept_free_values": False,
                "default_value": "b",
            },
        )
        self.assertEqual(codes(problems), [("bad_default", "x"), ("missing", "x")])

    def test_defaults_belong_to_one_action(self):
        marketplace = make_marketplace(
            {
                "ship": {"args": ["reason"]},
                "cancel": {
                    "args": ["reason"],
                    "args_description": {"reason": {"default_value": 0}},
                },
            }
        )
        self.assertEqual(marketplace.get_action("cancel").default_values, {"reason": 0})
        self.assertEqual(marketplace.get_action("ship").default_values, {})

    def test_a_request_is_checked_against_the_line_that_it_names(self):
        rule = {"args": ["line"], "optional": ["quantity"]}
        order = make_order(make_line("0", 2), make_line("b", status="shipped"))
        for arguments, expected in (
            ({"line": 0, "quantity": 2}, []),
            ({"line": "0", "quantity": 3}, [("too_much", "0")]),
            ({"line": "b"}, [("line_status", "b")]),
            ({"line": "nobody"}, [("unknown_line", "nobody")]),
            ({}, [("missing", "line")]),
        ):
            with self.subTest(arguments=arguments):
                problems = self.check(arguments, order, **rule)
                self.assertEqual(codes(problems), expected)

    def test_an_action_that_was_dropped_is_told(self):
        marketplace = make_marketplace({})
        (problem,) = check_request(marketplace, "ship", make_order(), {"carrier": "x"})
        self.assertEqual(problem.code, "unknown_action")
        self.assertEqual(str(problem), "Bazaar does not offer the action “ship”.")
