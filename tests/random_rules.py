"""Random marketplaces, orders and arguments, to try every reading of rules on.

What comes out is counted in `seen`, by kind and name, so that a test can tell that it has
tried everything.
"""

import random
from collections import Counter
from dataclasses import dataclass

from ..lengow import const
from .random_conditions import RandomConditions
from .random_values import ARGUMENTS, CARRIERS, METHODS, RIGHT, make_right, make_wrong

STATUSES = {
    "waiting_acceptance": ["STAGING"],
    "waiting_shipment": ["SHIPPING", "TO_SEND"],
    "shipped": ["SENT"],
    # The marketplace's own word for it is another of Lengow's.
    "closed": ["CLOSED", "shipped"],
}


@dataclass
class Pair:
    """A marketplace's rules and what is sent to it.

    :param dict spec: the marketplace, as Lengow describes it
    :param dict order: the order's payload
    :param str action_type: the action
    :param dict arguments: its arguments
    """

    spec: dict
    order: dict
    action_type: str
    arguments: dict

    @property
    def action(self):
        """The description of the action."""
        return self.spec["orders"]["actions"][self.action_type]

    @property
    def names(self):
        """The arguments that the action lists."""
        listed = [*(self.action["args"] or ()), *(self.action["optional_args"] or ())]
        return [name for name in listed if name in ARGUMENTS]


class RandomRules:
    """Makes pairs of rules and arguments.

    :param int seed: the same pairs come of the same seed
    """

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.seen = Counter()
        self.conditions = RandomConditions(self.random, self.seen)

    def make_pair(self):
        """Make rules, and arguments that suit them but for their conditions."""
        self.order = self.make_order()
        action_type = self.random.choice((*const.ACTION_TYPES, "send_flowers"))
        names = self.pick(ARGUMENTS, 0, 5)
        if self.chance(0.5):
            names = list(dict.fromkeys(["line", *names]))
        self.values = {
            name: make_right(self.random, name, {}, self.order) for name in names
        }
        action = self.make_action(names)
        spec = {
            "orders": {
                "status": STATUSES,
                "carriers": self.count("carriers", self.make_choices(CARRIERS)),
                "shipping_methods": self.make_choices(METHODS),
                "actions": {action_type: action},
            }
        }
        self.seen["action", action_type] += 1
        pair = Pair(spec, self.order, action_type, {})
        for name in names:
            if self.chance(0.7) or name in (action["args"] or ()):
                pair.arguments[name] = self.make_value(pair, name)
        return pair

    def damage(self, pair):
        """Make one thing of the arguments, or of the order, another one."""
        kind = self.random.choice(("drop", "add", "all", "wrong", "wrong", "status"))
        given = list(pair.arguments) or ["colour"]
        if kind == "drop":
            pair.arguments.pop(self.random.choice(given), None)
        elif kind == "add":
            name = self.random.choice([*ARGUMENTS, "colour"])
            pair.arguments[name] = self.random.choice(("x", "x", "", None, False))
        elif kind == "all":
            for name in pair.names:
                pair.arguments.setdefault(name, self.make_value(pair, name))
        elif kind == "wrong" and pair.arguments:
            name = self.random.choice(given)
            pair.arguments[name] = self.make_value(pair, name, is_right=False)
        elif kind == "status":
            pair.action["status"] = self.make_status()
        self.seen["damage", kind] += 1

    def repair(self, pair, name):
        """Give an argument that is said to be missing, or drop or change a wrong one."""
        if name not in pair.arguments or self.chance(0.3):
            pair.arguments[name] = self.make_value(pair, name)
        else:
            del pair.arguments[name]

    def allow(self, pair):
        """Let the action be allowed whatever the status is."""
        pair.action["status"] = list(STATUSES)

    # === ORDERS === #

    def make_order(self):
        """An order of one to three lines, in one or two packages."""
        status = self.random.choice(list(STATUSES))
        carts = [[self.make_line(0, status)], [self.make_line("b", status)]]
        carts[0] += [self.make_line("c", status)] * self.chance(0.5)
        order = {
            "marketplace": "bazaar_fr",
            "marketplace_order_id": "B-1",
            "lengow_status": status,
            "marketplace_status": self.random.choice(STATUSES[status]),
            "packages": [
                {"delivery": {"common_country_iso_a2": "FR"}, "cart": cart}
                for cart in carts[: self.random.randint(1, 2)]
            ],
            "currency": {"iso_a3": "EUR"},
            "shipping": self.random.choice((0, "4.90", 4.9, 12, None)),
            "comments": self.random.choice(("", "by noon", ["a", "b"], None)),
            "order_meta": {
                "delivery_type": self.random.choice(("PARCEL", "FORWARDER", "", None)),
                "delivery_method": self.random.choice(("PARCEL_LOCKER", "COURIER")),
                "codes": self.random.choice((["a", "1"], ["a"], [], "a", [0, 1])),
                "is_gift": self.random.choice((True, False, "true", 1, None)),
                "weight": self.random.choice((10, "10.00", 19.99, "20", "heavy")),
            },
        }
        if self.chance(0.1):
            order["order_meta"] = []
        return order

    def make_line(self, number, status):
        """A line of the cart; some have gone another way than their order."""
        status = self.random.choice((status, status, status, None, "closed"))
        return {
            "marketplace_order_line_id": number,
            "lengow_status": status,
            "marketplace_status": STATUSES[status][-1] if status else None,
            "quantity": self.random.choice((1, 2, 2, "3")),
        }

    # === RULES === #

    def make_action(self, names):
        """Describe an action that lists some arguments."""
        cut = self.random.randint(0, len(names))
        args, optional = names[:cut], names[cut:]
        if self.chance(0.05) and args:
            optional = [*optional, args[0]]
            self.seen["shape", "both lists"] += 1
        if self.chance(0.03):
            args = [*const.ACTION_KEYS, *args]
            self.seen["shape", "what every request says"] += 1
        described = {name: self.describe(name) for name in names if self.chance(0.9)}
        for kind, listed in (("args", args), ("optional_args", optional)):
            for name in listed:
                if "default_value" in (described.get(name) or ()):
                    self.seen["default", kind] += 1
        return {
            "status": self.make_status(),
            "args": args or self.random.choice(([], None)),
            "optional_args": optional or self.random.choice(([], None, {})),
            "args_description": described or [],
        }

    def make_status(self):
        own = self.order["lengow_status"]
        kind, status = self.random.choice(
            (
                ("all", list(STATUSES)),
                ("all", list(STATUSES)),
                ("one", [own]),
                ("one", [own]),
                ("none told", None),
                ("a text", own),
                ("empty", []),
                ("the marketplace's", STATUSES[own][-1:]),
                ("another", ["to_pickup"]),
            )
        )
        self.seen["status", kind] += 1
        return status

    def describe(self, name):
        """Describe an argument."""
        kind = ARGUMENTS[name]
        if self.chance(0.1) and name != "line":
            kind = self.random.choice(list(RIGHT))
        described = {"type": kind} if kind or self.chance(0.5) else {}
        self.seen["type", kind or "none"] += 1
        if self.chance(0.6 if kind == "list" else 0.1) and name != "line":
            described["valid_values"] = self.make_choices(self.get_codes(name, kind))
        if self.chance(0.7):
            free = self.random.choice((True, True, False, False, None, "false", 0))
            described["accept_free_values"] = free
            self.seen["free", str(free)] += 1
        if self.chance(0.15):
            described["default_value"] = make_right(
                self.random, name, described, self.order
            )
        if self.chance(0.4):
            described["depends_on"] = self.conditions.make_rule(self.order, self.values)
        return described if described or self.chance(0.5) else None

    def get_codes(self, name, kind):
        if kind == "list" or kind not in RIGHT:
            return METHODS if name == "shipping_method" else CARRIERS
        return [value for value in RIGHT[kind] if isinstance(value, str)] or ["1", "2"]

    def make_choices(self, codes):
        """List values in one of the documented forms."""
        kind, choices = self.random.choice(
            (
                ("labels", {code: {"label": f"The {code}"} for code in codes}),
                ("labels", {code: {"label": f"The {code}"} for code in codes}),
                ("texts", {code: f"The {code}" for code in codes}),
                ("list", list(codes)),
                ("list", [int(code) if code.isdigit() else code for code in codes]),
                ("empty", self.random.choice(([], {}, None))),
            )
        )
        self.seen["choices", kind] += 1
        return choices

    # === VALUES === #

    def make_value(self, pair, name, *, is_right=True):
        """Make a value for an argument, right or hardly so."""
        descriptions = pair.action["args_description"] or {}
        described = descriptions.get(name) or {}
        if is_right:
            return make_right(self.random, name, described, pair.order)
        return make_wrong(self.random, name, described)

    # === CHANCE === #

    def chance(self, share):
        """Say yes in so many cases of one."""
        return self.random.random() < share

    def pick(self, entries, least, most):
        """Pick some of many, in any order."""
        return self.random.sample(list(entries), self.random.randint(least, most))

    def count(self, kind, value):
        self.seen[kind, type(value).__name__] += 1
        return value
