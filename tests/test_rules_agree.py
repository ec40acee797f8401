"""Two readings of marketplaces' rules, written apart, come to the same.

Ours decides what is sent, the simulator's what it takes. How much can still be refunded
is no matter of rules: the simulator tells it from its books.
"""

import copy
import json
from collections import Counter
from datetime import date, datetime
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..lengow import const
from ..lengow.action import LinePart, Parcel, build_requests, check_request
from ..lengow.marketplace import PER_LINE, PER_ORDER, PER_QUANTITY, Marketplace
from ..lengow.order import Order
from ..simulator.action_desk import find_line
from ..simulator.conditions import holds
from ..simulator.rules import check
from .random_conditions import FUNCTIONS, OPERATORS
from .random_rules import Pair, RandomRules
from .random_values import ARGUMENTS

PAIRS = 5_000
PLANS = 3_000
# What our engine finds, and so many of the pairs must at least have it.
PROBLEMS = {
    "missing": 150,
    "missing_because": 20,
    "unknown_argument": 200,
    "not_applicable": 150,
    "not_listed": 15,
    "not_text": 150,
    "not_date": 30,
    "not_number": 60,
    "not_whole": 10,
    "not_positive": 15,
    "negative": 15,
    "not_boolean": 8,
    "badly_written": 40,
    "too_much": 5,
    "unknown_line": 150,
    "status": 25,
    "line_status": 25,
    "never_allowed": 30,
}
# What is built, and so often at least.
BUILT = {
    PER_ORDER: 300,
    PER_LINE: 300,
    PER_QUANTITY: 300,
    "ship": 300,
    "with arguments": 1000,
}
# Values as people write them and Odoo holds them.
KNOWN = {
    "text": (False, None, "", " padded ", "0", 0, "DHL", "STD", "x"),
    "carrier": ("DHL", "0", 0, "Other", "Pony Express", False),
    "return_carrier": ("DHL", "DPD", False),
    "shipping_method": ("STD", "EXP", "Slow"),
    "shipping_date": (datetime(2024, 3, 1, 12), date(2024, 3, 1), "2024-03-01", False),
    "delivery_date": (datetime(2024, 3, 1, 12), "2024-03-01T12:00:00Z", "soon"),
    "weight": (Decimal("1.50"), 0.3, "1,5", False),
    "refund_price": (Decimal("9.99"), "12,50", 0, -1),
    "refund_shipping_price": (Decimal(2), "1 000", 0.1),
    "declared_value": (100, "99.90", Decimal("1E+2")),
    "number_of_parcels": (1, "2", 2.0),
    "is_final": (True, False, "yes", "no", 1),
    "currency_code": ("EUR",),
    "from_country": ("FR",),
    "quantity": (1, None),
    "shipped_quantity": (1, None),
    "refund_quantity": (1, Decimal(2), None),
}


def rename(pair, action_type):
    """Let the rules be about another action."""
    actions = pair.spec["orders"]["actions"]
    actions[action_type] = actions.pop(pair.action_type)
    return action_type


def ask_ours(pair):
    """What our engine finds wrong: pairs of code and argument."""
    marketplace = Marketplace(pair.spec, "bazaar_fr")
    problems = check_request(
        marketplace, pair.action_type, Order(pair.order), pair.arguments
    )
    rule = marketplace.get_action(pair.action_type)
    named = {
        "unknown_line": rule.line_argument,
        "too_much": rule.quantity_argument,
    }
    return [
        (
            problem.code,
            named[problem.code].name if problem.code in named else problem.argument,
        )
        for problem in problems
        if not problem.is_notice and problem.code != "above_paid"
    ]


def ask_simulator(pair):
    """What the simulator's checker finds wrong: pairs of code and argument."""
    line = find_line(pair.order, pair.arguments)
    problems = check(pair.spec, pair.order, line, pair.action_type, pair.arguments)
    return [(problem.code, problem.argument or "") for problem in problems]


def ask_both(pair):
    """:return: what each side finds wrong, and whether it is the same arguments."""
    ours, theirs = ask_ours(pair), ask_simulator(pair)
    wrong, refused = ({name for _code, name in side} for side in (ours, theirs))
    if "line" in wrong:
        # A line that is none has no status.
        wrong, refused = wrong - {""}, refused - {""}
    return ours, theirs, wrong == refused


def shrink(pair):
    """Leave out all without which both sides would agree."""

    def walk(value):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for key, entry in list(entries):
            yield value, key
            if isinstance(entry, dict | list):
                yield from walk(entry)

    for root in (pair.order, pair.spec["orders"], pair.arguments) * 3:
        for holder, key in list(walk(root)):
            kept = copy.copy(holder)
            try:
                del holder[key]
                _ours, _theirs, is_needed = ask_both(pair)
            except (LookupError, AttributeError):
                is_needed = True
            if is_needed and isinstance(holder, dict):
                holder.clear()
                holder.update(kept)
            elif is_needed:
                holder[:] = kept
    return pair


def explain(pair):
    """Say in what little case both sides differ."""
    small = shrink(copy.deepcopy(pair))
    ours, theirs, _is_same = ask_both(small)
    lines = [
        f"Ours finds {ours or 'nothing'}, the simulator {theirs or 'nothing'}.",
        f"Spec: {json.dumps(small.spec)}",
        f"Order: {json.dumps(small.order)}",
        f"Arguments of {small.action_type}: {json.dumps(small.arguments)}",
    ]
    return "\n".join(lines)


def list_conditions(rule):
    """Every condition of a rule, in whatever group."""
    if not isinstance(rule, dict):
        return []
    conditions = rule.get("conditions")
    if isinstance(conditions, list):
        return [found for entry in conditions for found in list_conditions(entry)]
    return [rule]


@tagged("lengow")
class TestRulesAgree(BaseCase):
    def make_pair(self, rules):
        """A pair of which either side found nothing wrong at last, or a damaged one."""
        pair = rules.make_pair()
        sides = [ask_ours, ask_simulator]
        for _round in range(6):
            problems = rules.random.choice(sides)(pair)
            for _code, name in problems:
                if name:
                    rules.repair(pair, name)
                else:
                    rules.allow(pair)
            if not problems:
                break
        for share in (0.7, 0.3):
            if rules.chance(share):
                rules.damage(pair)
        return pair

    def count_outcomes(self, pair, seen):
        """Count what the conditions of the arguments came to."""
        for description in (pair.action["args_description"] or {}).values():
            for condition in list_conditions((description or {}).get("depends_on")):
                is_met = holds(condition, pair.order, pair.arguments)
                seen["outcome", condition.get("function"), is_met] += 1

    def assert_seen(self, seen, least, kind, *names):
        for name in names:
            self.assertGreaterEqual(seen[kind, name], least, (kind, name))

    def test_both_sides_say_the_same_of_5000_pairs(self):
        rules, found = RandomRules(2026), Counter()
        for _number in range(PAIRS):
            pair = self.make_pair(rules)
            ours, _theirs, is_same = ask_both(pair)
            if not is_same:
                self.fail(explain(pair))
            found.update({code for code, _name in ours} or {"valid"})
            self.count_outcomes(pair, rules.seen)
        self.assertGreater(found.pop("valid"), PAIRS * 0.4)
        self.assertLess(max(found.values()), PAIRS * 0.3)
        self.assertEqual(set(found), set(PROBLEMS))
        for code, least in PROBLEMS.items():
            self.assertGreaterEqual(found[code], least, code)
        self.assert_everything_was_tried(rules.seen)

    def assert_everything_was_tried(self, seen):
        self.assert_seen(seen, 100, "action", *const.ACTION_TYPES, "send_flowers")
        self.assert_seen(seen, 300, "function", *FUNCTIONS)
        for function in FUNCTIONS:
            for is_met in (True, False):
                outcome = (function, is_met)
                self.assertGreater(seen[("outcome", *outcome)], 30, outcome)
        self.assert_seen(seen, 20, "function", "resembles", None)
        self.assert_seen(seen, 300, "operator", *OPERATORS)
        self.assert_seen(seen, 100, "operator", "noneOf", None)
        self.assert_seen(seen, 300, "conditions", 0, 1, 2, 3)
        self.assert_seen(seen, 1000, "root", "order", "action_data")
        self.assert_seen(seen, 20, "root", "buyer", None)
        self.assert_seen(seen, 100, "rule", "nested", "single", "none", "nonsense")
        kinds = {kind or "none" for kind in ARGUMENTS.values()}
        self.assert_seen(seen, 200, "type", *kinds)
        self.assert_seen(seen, 300, "choices", "labels", "texts", "list", "empty")
        self.assert_seen(seen, 300, "free", "True", "False", "None", "false", "0")
        self.assert_seen(seen, 200, "default", "args", "optional_args")
        self.assert_seen(seen, 100, "shape", "both lists", "what every request says")

    # === WHAT IS BUILT === #

    def make_values(self, rules, pair):
        """What may be known: far more than is asked for, as people and Odoo write it."""
        values = {
            name: rules.random.choice(KNOWN.get(name, KNOWN["text"]))
            for name in ARGUMENTS
            if name != "line" and rules.chance(0.5)
        }
        for name in pair.names:
            if name not in values and name != "line":
                values[name] = rules.make_value(pair, name)
        return values

    def make_parts(self, rules, pair):
        """The whole order, or some lines of it, or parts of them."""
        if rules.chance(0.4):
            return None
        lines = rules.pick(Order(pair.order).lines * 2, 1, 2)
        quantities = (None, 1, 2, "2.00")
        return [LinePart(line.key, rules.random.choice(quantities)) for line in lines]

    def test_the_simulator_takes_whatever_ours_builds(self):
        rules, built = RandomRules(2027), Counter()
        for _number in range(PLANS):
            pair = rules.make_pair()
            if rules.chance(0.6):
                rules.allow(pair)
            if rules.chance(0.3):
                pair.action_type = rename(pair, "ship")
            marketplace = Marketplace(pair.spec, "bazaar_fr")
            parts = self.make_parts(rules, pair)
            plan = build_requests(
                marketplace,
                pair.action_type,
                Order(pair.order),
                parts,
                self.make_values(rules, pair),
                parcels=[Parcel("3S1,3S2 ", "https://t.example/3S1", "", 2)],
                done=rules.random.choice((None, {"b": 1})),
            )
            for request in plan.requests:
                sent = json.loads(json.dumps(request.arguments))
                made = Pair(pair.spec, pair.order, pair.action_type, sent)
                if ask_simulator(made):
                    self.fail(explain(made))
                rule = marketplace.get_action(pair.action_type)
                built[rule.granularity] += 1
                built["with arguments"] += len(sent) > 1
                built["ship"] += pair.action_type == "ship"
            for problem in plan.problems:
                built[problem.code] += 1
        for kind, least in BUILT.items():
            self.assertGreaterEqual(built[kind], least, kind)
