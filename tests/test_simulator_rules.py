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

    def test_a_default_is_for_the_sender_to_give(self):
        described = {
            "args": ["reason"],
            "optional_args": ["extra"],
            "args_description": {
                "reason": {"default_value": 0},
                "extra": {"default_value": "x"},
            },
        }
        self.assertEqual(self.check({}, **described), [("missing", "reason")])
        self.assertEqual(self.check({"reason": 0}, **described), [])
        self.assertEqual(rules.find_missing(described, {"extra": "y"}), ["reason"])

    def test_what_every_request_says_is_no_argument(self):
        names = {"args": ["account_id", "marketplace", "a"]}
        self.assertEqual(self.check({"a": 1}, **names), [])
        self.assertEqual(rules.find_missing(names, {}), ["a"])

    def test_a_status_may_be_the_marketplaces_own(self):
        order = {"lengow_status": "closed", "marketplace_status": "DONE"}
        for allowed, own, is_allowed in (
            (["DONE"], "DONE", True),
            ("closed", "DONE", True),
            ("close", "DONE", False),
            (["shipped"], "shipped", False),
        ):
            spec = {"orders": {"actions": {"ship": {"status": allowed}}}}
            shown = {**order, "marketplace_status": own}
            problems = rules.check(spec, shown, None, "ship", {})
            self.assertEqual(not problems, is_allowed, allowed)

    def test_a_rule_that_cannot_be_read_neither_asks_nor_refuses(self):
        for rule in ("always", {"conditions": [{"function": "resembles"}]}):
            described = {"args": ["a"], "args_description": {"a": {"depends_on": rule}}}
            self.assertEqual(self.check({}, **described), [])
            self.assertEqual(self.check({"a": 1}, **described), [])

    def test_a_line_has_no_more_pieces_than_it_has(self):
        names = {"args": ["line", "quantity"]}
        line = {**LINES[0], "quantity": "2"}
        self.assertEqual(self.check({"line": 0, "quantity": 2}, line, **names), [])
        problems = self.check({"line": 0, "quantity": 3}, line, **names)
        self.assertEqual(problems, [("value", "quantity")])

    def test_what_has_no_list_takes_the_marketplaces(self):
        action = {
            "args": ["carrier"],
            "args_description": {"carrier": {"accept_free_values": False}},
        }
        spec = {"orders": {"carriers": {"DHL": {}}, "actions": {"ship": action}}}
        for carrier, is_right in (("DHL", True), ("DPD", False)):
            problems = rules.check(
                spec, RULES_ORDER, None, "ship", {"carrier": carrier}
            )
            self.assertEqual(not problems, is_right)

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
            ({"type": "hue"}, ["red", 1, ["red"]], []),
            ({"type": "currency"}, ["EUR"], [True]),
            ({"type": "price", "valid_values": ["free"]}, ["free", 1], ["gift"]),
            ({"valid_values": ["a"], "accept_free_values": None}, ["b"], []),
            ({"valid_values": ["a"], "accept_free_values": "false"}, ["a"], ["b"]),
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
            # It lists none: nobody can tell.
            ({"accept_free_values": False}, ["a"], [["a"]]),
        ):
            for values, is_good in ((good, True), (bad, False)):
                for value in values:
                    rule = {"args": ["x"], "args_description": {"x": description}}
                    problems = self.check({"x": value}, **rule)
                    self.assertEqual(not problems, is_good, (description, value))

    def test_some_names_say_the_type(self):
        for name, good, bad in (
            ("line", [0, "B"], ["C"]),
            ("shipped_quantity", [1, "2"], [0, "many"]),
            ("delivery_date", ["2025-03-14"], ["soon"]),
        ):
            for values, is_good in ((good, True), (bad, False)):
                for value in values:
                    problems = self.check({name: value}, args=[name])
                    self.assertEqual(not problems, is_good, (name, value))

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
