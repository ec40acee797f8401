"""Random conditions of arguments: `depends_on` in every documented form, and odd ones."""

from ..lengow.const import ACTION_KEYS

FUNCTIONS = (
    "equals",
    "not_equals",
    "in_list",
    "not_in_list",
    "lower_than",
    "lower_than_or_equals",
    "greater_than",
    "greater_than_or_equals",
    "regex",
    "contains",
)
OPERATORS = ("allOf", "anyOf", "oneOf")
PATHS = (
    "order_meta.delivery_type",
    "order_meta.delivery_method",
    "order_meta.codes",
    "order_meta.codes",
    "order_meta.is_gift",
    "order_meta.weight",
    "order_meta",
    "order_meta.nothing.there",
    "lengow_status",
    "shipping",
    "comments",
    "currency.iso_a3",
    "packages.0.delivery.common_country_iso_a2",
    "packages.0.cart.0.quantity",
    "packages.7.cart",
    "packages.cart",
)
VALUES = (
    None,
    "",
    "PARCEL",
    "COURIER",
    "DHL",
    "Other",
    "a",
    "0",
    0,
    1,
    "1",
    10,
    "10.00",
    19.99,
    "20",
    True,
    "true",
    ["a"],
    ["a", "1"],
    "12,5",
    {"a": 1},
)
PATTERNS = (
    "^(TNT|DHL|DPD)",
    "LOCKER$",
    r"^\d+$",
    r"^-?\d+(\.\d+)?$",
    ".",
    "",
    "^$",
    "[A-Z]{3,}",
    "(?i)dhl",
    "(",
    "true",
    5,
    None,
)
# Rules that no document knows.
NONSENSE = (
    "always",
    5,
    [{"function": "equals"}],
    {"operator": "allOf"},
    {"operator": "allOf", "conditions": "all"},
    {"operator": "anyOf", "conditions": [{}]},
    {"operator": "oneOf", "conditions": ["a", None]},
)


class RandomConditions:
    """Makes rules about an order and about arguments.

    :param random: where chance comes from
    :param Counter seen: what has come out so far
    """

    def __init__(self, random, seen):
        self.random = random
        self.seen = seen

    def make_rule(self, order, values):
        """Make the `depends_on` of an argument.

        :param dict order: what the root `order` stands for
        :param dict values: what the arguments are likely to be
        """
        kind = self.random.random()
        if kind < 0.05:
            rule = self.random.choice((None, {}, []))
            self.seen["rule", "none"] += 1
        elif kind < 0.08:
            rule = self.random.choice(NONSENSE)
            self.seen["rule", "nonsense"] += 1
        elif kind < 0.11:
            rule = self.make_condition(order, values)
            self.seen["rule", "single"] += 1
        else:
            rule = self.make_group(order, values, 2)
        return rule

    def make_group(self, order, values, depth):
        """Make several conditions of which so many count."""
        operator = self.random.choice(OPERATORS)
        if self.random.random() < 0.05:
            operator = self.random.choice(("noneOf", None))
        conditions = []
        for _entry in range(self.random.choice((0, 1, 1, 1, 2, 2, 3))):
            if depth and self.random.random() < 0.15:
                conditions.append(self.make_group(order, values, depth - 1))
                self.seen["rule", "nested"] += 1
            else:
                conditions.append(self.make_condition(order, values))
        self.seen["operator", operator] += 1
        self.seen["conditions", len(conditions)] += 1
        return {"operator": operator, "conditions": conditions}

    def make_condition(self, order, values):
        """Make a condition; many are about what the order and the arguments do say."""
        root = self.random.choice(("order", "action_data"))
        if root == "order":
            path = self.random.choice(PATHS)
            actual = _find(order, path)
        else:
            path = self.random.choice([*values, *values, "carrier", ACTION_KEYS[0]])
            actual = values.get(path)
        function = self.random.choice(FUNCTIONS)
        value = self.make_operand(function, actual)
        if self.random.random() < 0.03:
            root, path, function = self.random.choice(
                (
                    ("buyer", path, function),
                    (None, path, function),
                    (root, "", function),
                    (root, 5, function),
                    (root, path, "resembles"),
                    (root, path, None),
                )
            )
        self.seen["function", function] += 1
        self.seen["root", root] += 1
        return {
            "key_path": {"root": root, "path": path},
            "function": function,
            "value": value,
        }

    def make_operand(self, function, actual):
        """Make what the data is compared with."""
        if function == "regex":
            return self.random.choice(PATTERNS)
        values = [
            actual,
            actual,
            self.random.choice(VALUES),
            self.random.choice(VALUES),
        ]
        if function.endswith("in_list") and self.random.random() < 0.95:
            return self.random.sample(values, self.random.randint(0, 3))
        if function == "contains" and isinstance(actual, str):
            values += [actual[1:4]] * 3
        if function == "contains" and isinstance(actual, list):
            values += [*actual, "a", 1] * 3
        if "_than" in function and self.random.random() < 0.7:
            return self.random.choice((0, 1, 2, 10, "10.00", 19.99, 20, -1))
        return self.random.choice(values)


def _find(data, path):
    """Read what is there, as far as names lead."""
    for name in path.split("."):
        data = data.get(name) if isinstance(data, dict) else None
    return data
