"""The simulator's own reading of the conditions of an argument."""

from odoo.tests import BaseCase, tagged

from ..simulator.conditions import holds
from .common_simulator import RULES_ORDER, when


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorConditions(BaseCase):
    def test_functions(self):
        for function, value, data, is_met in (
            ("equals", "PARCEL", "PARCEL", True),
            ("equals", "PARCEL", "parcel", False),
            ("equals", 10, "10.00", True),
            ("equals", "10", 10, True),
            ("equals", "10", "10.00", False),
            ("equals", 0, None, False),
            ("equals", "", None, True),
            ("equals", True, 1, True),
            ("equals", None, None, True),
            ("equals", "true", True, True),
            ("equals", [1, "a"], ["1", "a"], True),
            ("equals", [1], [1, 2], False),
            ("equals", "a", ["a"], False),
            ("not_equals", "a", "b", True),
            ("not_equals", "a", None, True),
            ("not_equals", 1, "1", False),
            ("in_list", ["a", 1], "1", True),
            ("in_list", ["a"], None, False),
            ("in_list", ["a", "b"], ["a", "b"], False),
            ("in_list", [["a"]], ["a"], True),
            ("in_list", [""], None, True),
            ("in_list", "a", "a", None),
            ("in_list", ["a"], [], False),
            ("not_in_list", ["a"], "b", True),
            ("not_in_list", ["a"], None, True),
            ("not_in_list", ["a"], ["a", "b"], True),
            ("not_in_list", None, "a", None),
            ("lower_than", 10, "9.99", True),
            ("lower_than", 10, 10, False),
            ("lower_than", 10, "many", False),
            ("lower_than", 10, "9,99", False),
            ("lower_than", 10, "1_0", False),
            ("lower_than", "many", 10, None),
            ("lower_than", 10, None, False),
            ("lower_than_or_equals", "10", 10, True),
            ("lower_than_or_equals", 10, "10.01", False),
            ("greater_than", 0, 0.1, True),
            ("greater_than", 0, "-1", False),
            ("greater_than", 0, True, False),
            ("greater_than_or_equals", 0, 0, True),
            ("greater_than_or_equals", 0, "nan", False),
            ("regex", "^(TNT|DHL)", "DHL-1", True),
            ("regex", r"\d{3}$", 1234, True),
            ("regex", "^a", "ba", False),
            ("regex", "^true$", True, True),
            ("regex", "^7$", 7.0, True),
            ("regex", "(", "(", None),
            ("regex", 5, "5", None),
            ("regex", ".", None, False),
            ("contains", "LOCKER", "PARCEL_LOCKER", True),
            ("contains", "locker", "PARCEL_LOCKER", False),
            ("contains", "a", ["a", "b"], True),
            ("contains", "c", ["a", "b"], False),
            ("contains", 2, 123, True),
            ("contains", "a", None, False),
            ("contains", ["a"], "a", None),
            ("sounds_like", "a", "a", None),
        ):
            rule = {"operator": "allOf", "conditions": [when(function, value)]}
            where = (function, value, data)
            self.assertEqual(holds(rule, {}, {"x": data}), is_met, where)

    def test_a_hostile_pattern_hangs_nobody(self):
        for pattern in ("(a+)+$", "(a|aa)+$", "((a*)b?)*$", "(?:x{2,}){3,}y"):
            rule = {"operator": "allOf", "conditions": [when("regex", pattern)]}
            self.assertFalse(holds(rule, {}, {"x": "a" * 60 + "!"}), pattern)
        for pattern in ("(ab)+", "[(+)]+", r"\(a+\)+", "(a+)?b", "(a|b)c"):
            rule = {"operator": "allOf", "conditions": [when("regex", pattern)]}
            text = "ab(+)(aa)bc"
            self.assertTrue(holds(rule, {}, {"x": text}), pattern)

    def test_operators(self):
        yes, no, odd = when("equals", 1), when("equals", 2), when("resembles", 1)
        for operator, conditions, is_met in (
            ("allOf", [yes, yes], True),
            ("allOf", [yes, no], False),
            ("anyOf", [no, yes], True),
            ("anyOf", [yes, yes], True),
            ("anyOf", [no, no], False),
            ("oneOf", [no, yes], True),
            ("oneOf", [yes, yes], False),
            ("oneOf", [no, no], False),
            ("oneOf", [], True),
            ("anyOf", [], True),
            ("noneOf", [yes], True),
            ("noneOf", [yes, yes], None),
            ("allOf", [odd, yes], None),
            ("allOf", [odd, no], False),
            ("anyOf", [odd, yes], True),
            ("anyOf", [odd, no], None),
            ("oneOf", [odd, yes], None),
            ("oneOf", [odd, yes, yes], False),
            ("allOf", [{"operator": "anyOf", "conditions": [no, yes]}, yes], True),
            ("oneOf", "all", None),
        ):
            rule = {"operator": operator, "conditions": conditions}
            where = (operator, conditions)
            self.assertEqual(holds(rule, {}, {"x": 1}), is_met, where)
        self.assertTrue(holds(None, {}, {}))
        self.assertTrue(holds([], {}, {}))

    def test_roots_and_paths(self):
        for root, path, value in (
            ("order", "order_meta.delivery_type", "PARCEL"),
            ("order", "shipping", 4.9),
            ("order", "packages.0.cart.1.lengow_status", "shipped"),
            ("order", "order_meta.nothing.there", None),
            ("order", "packages.7.cart", None),
            ("action_data", "x", "y"),
            ("order", "packages.cart", None),
            ("order", f"packages.{'9' * 5000}", None),
        ):
            rule = {"conditions": [when("equals", value, path, root)]}
            self.assertTrue(holds(rule, RULES_ORDER, {"x": "y"}), path)
        for root, path in (("elsewhere", "x"), ("order", ""), ("order", None)):
            rule = {"conditions": [when("equals", None, path, root)]}
            self.assertIsNone(holds(rule, RULES_ORDER, {}))
        self.assertTrue(holds(when("equals", "y"), {}, {"x": "y"}))
