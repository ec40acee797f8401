"""The simulator's own reading of what a marketplace allows."""

from odoo.tests import BaseCase, tagged

from ..simulator import rules
from ..simulator.specs import build_marketplaces
from .common_simulator import RULES_ORDER, when

DOCUMENTED = {
    "accept",
    "refuse",
    "ship",
    "cancel",
    "refund",
    "partial_cancel",
    "set_delivery_date",
    "set_eligible_shipping_methods",
    "buy_shipment_label",
    "pickup_ready",
    "pickup_complete",
    "pickup_cancel",
    "pickup_refund",
}
LINES = RULES_ORDER["packages"][0]["cart"]


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorRules(BaseCase):
    def check(self, arguments, line=None, action_type="ship", **description):
        spec = {"orders": {"actions": {"ship": {"status": None, **description}}}}
        problems = rules.check(spec, RULES_ORDER, line, action_type, arguments)
        return [(problem.code, problem.argument) for problem in problems]

    def test_status_is_the_line_s_or_the_order_s(self):
        status = {"status": ["waiting_shipment"]}
        self.assertEqual(self.check({}, **status), [])
        self.assertEqual(self.check({}, LINES[0], **status), [])
        self.assertEqual(self.check({}, LINES[1], **status), [("status", None)])
        self.assertEqual(self.check({}, {"lengow_status": None}, **status), [])
        self.assertEqual(self.check({}, status=[]), [("status", None)])
        self.assertEqual(self.check({}, action_type="dance"), [("action", None)])

    def test_mandatory_optional_and_unknown(self):
        names = {"args": ["a"], "optional_args": ["b"]}
        self.assertEqual(self.check({"a": 1}, **names), [])
        self.assertEqual(self.check({"a": 0, "b": False}, **names), [])
        self.assertEqual(self.check({"a": "", "b": 1}, **names), [("missing", "a")])
        self.assertEqual(self.check({"a": 1, "c": 1}, **names), [("unknown", "c")])
        self.assertEqual(self.check({"a": 1, "c": None}, **names), [])
        both = {"args": ["a"], "optional_args": ["a"]}
        self.assertEqual(self.check({}, **both), [("missing", "a")])

    def test_defaults_stand_for_what_must_be_given(self):
        described = {
            "args": ["reason", "note"],
            "optional_args": ["extra"],
            "args_description": {
                "reason": {"default_value": 0},
                "note": {"depends_on": {"conditions": [when("equals", 0, "reason")]}},
                "extra": {
                    "default_value": "x",
                    "depends_on": {"conditions": [when("equals", 1, "reason")]},
                },
            },
        }
        self.assertEqual(self.check({}, **described), [("missing", "note")])
        self.assertEqual(self.check({"reason": 1}, **described), [])
        self.assertEqual(self.check({"reason": 1, "extra": "y"}, **described), [])
        wrong = [("condition", "extra")]
        self.assertEqual(self.check({"note": "n", "extra": "y"}, **described), wrong)
        filled = rules.fill_defaults(
            described, RULES_ORDER, {"note": "n", "reason": None}
        )
        self.assertEqual(filled, {"note": "n", "reason": 0})

    def test_conditions_decide_what_is_wanted(self):
        rule = {
            "operator": "allOf",
            "conditions": [
                when("equals", "PARCEL", "order_meta.delivery_type", "order"),
                when("in_list", ["A", "B"], "carrier"),
            ],
        }
        for names in (
            {"args": ["carrier", "number"]},
            {"args": ["carrier"], "optional_args": ["number"]},
        ):
            is_mandatory = "optional_args" not in names
            description = {
                **names,
                "args_description": {"number": {"depends_on": rule}},
            }
            for arguments, expected in (
                ({"carrier": "A", "number": 1}, []),
                ({"carrier": "A"}, [("missing", "number")] if is_mandatory else []),
                ({"carrier": "C", "number": 1}, [("condition", "number")]),
                ({"carrier": "C"}, []),
            ):
                self.assertEqual(self.check(arguments, **description), expected)

    def test_types_and_values(self):
        for description, good, bad in (
            ({"type": "string"}, ["a", 1], [True, ["a"], {"a": 1}]),
            ({"type": "date"}, ["2025-03-14", "2025-03-14T10:00:00+01:00"], ["x", 3]),
            ({"type": "quantity"}, [1, "2", "3.0"], [0, -1, 1.5, "many", True]),
            ({"type": "price"}, [0, "1.25"], [-1, "free"]),
            ({"type": "decimal"}, [-1.5, "2"], ["two"]),
            ({"type": "integer"}, [-1, "2"], ["1.5"]),
            ({"type": "boolean"}, [True, "False"], ["yes"]),
            ({"type": "line_number"}, [0, "0", "B"], ["C"]),
            ({"type": "hue"}, ["red", 1], [["red"]]),
            ({}, ["anything"], [[1]]),
            ({"valid_values": ["a"]}, ["a", "b"], []),
            (
                {"valid_values": {"0": "Zero"}, "accept_free_values": False},
                [0],
                ["Zero"],
            ),
            (
                {"valid_values": ["a", 1], "accept_free_values": False},
                ["a", "1"],
                ["b"],
            ),
            (
                {"valid_values": {"a": {"label": "A"}}, "accept_free_values": False},
                ["a"],
                ["A"],
            ),
            ({"accept_free_values": False}, [], ["a"]),
        ):
            for values, is_good in ((good, True), (bad, False)):
                for value in values:
                    rule = {"args": ["x"], "args_description": {"x": description}}
                    problems = self.check({"x": value}, **rule)
                    self.assertEqual(not problems, is_good, (description, value))

    def test_a_line_number_is_that_of_the_line(self):
        rule = {"args": ["line"], "args_description": {"line": {"type": "line_number"}}}
        self.assertEqual(self.check({"line": "0"}, LINES[0], **rule), [])
        problems = self.check({"line": "B"}, LINES[0], **rule)
        self.assertEqual(problems, [("value", "line")])

    def test_empty_objects_may_be_lists(self):
        for spec in ({}, {"orders": []}, {"orders": {"actions": []}}):
            (problem,) = rules.check(spec, RULES_ORDER, None, "ship", {})
            self.assertEqual(problem.code, "action")
        empty = {"args": None, "optional_args": None, "args_description": []}
        self.assertEqual(self.check({}, **empty), [])

    def test_problems_are_sentences(self):
        spec = build_marketplaces()["amazon_fr"]
        arguments = {"line": "C", "carrier": "Pigeon", "colour": "red"}
        for problem in rules.check(spec, RULES_ORDER, None, "ship", arguments):
            self.assertRegex(problem.message, r"^\w.*\.$")

    def test_every_kind_of_rule_is_somewhere(self):
        types, functions, operators, roots = set(), set(), set(), set()
        for spec in build_marketplaces().values():
            for action_type, action in spec["orders"]["actions"].items():
                types.add(action_type)
                for description in action["args_description"].values():
                    rule = description.get("depends_on") or {}
                    operators.add(rule.get("operator"))
                    for condition in rule.get("conditions", ()):
                        functions.add(condition["function"])
                        roots.add(condition["key_path"]["root"])
        self.assertEqual(types, DOCUMENTED)
        self.assertEqual(len(functions), 10)
        self.assertLessEqual({"allOf", "anyOf", "oneOf"}, operators)
        self.assertEqual(roots, {"order", "action_data"})
