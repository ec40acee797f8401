"""Random values of arguments: right ones, and those that are nearly right."""

from ..lengow import const

CARRIERS = ("DHL", "DPD", "0", "Other", "Colis Privé")
METHODS = ("STD", "EXP")

# Argument -> its usual type; None where marketplaces tell none.
ARGUMENTS = {
    "line": "line_number",
    "quantity": "quantity",
    "shipped_quantity": "quantity",
    "refund_quantity": "quantity",
    "carrier": "list",
    "return_carrier": "list",
    "shipping_method": "list",
    "reason": "list",
    "tracking_number": "string",
    "return_tracking_number": "string",
    "tracking_url": None,
    "comment": None,
    "carrier_name": "string",
    "shipping_date": "date",
    "delivery_date": None,
    "weight": "decimal",
    "refund_price": "price",
    "refund_shipping_price": "price",
    "declared_value": "float",
    "number_of_parcels": "integer",
    "is_final": "boolean",
    "currency_code": "currency",
    "from_country": "country",
    "label": "hologram",
}
_TEXTS = ("abc", "A,B", 12, "0", 0, "7.5", "01000", " padded ", "two\nlines")
_NUMBERS = (-1.5, "2", 0, "10.00", 12)
RIGHT = {
    "quantity": (1, 1, "1", "1.0", 2),
    "string": _TEXTS,
    "list": _TEXTS,
    "date": (
        "2024-03-01",
        "2024-03-01T12:00:00+01:00",
        "2024-03-01T12:00:00.123456Z",
        "2024-03-01 12:00",
    ),
    "decimal": _NUMBERS,
    "float": _NUMBERS,
    "price": (0, "1.25", 9.99, 30, "0.00"),
    "integer": (-1, 0, "2", "3.0", 4),
    "boolean": (True, False, "true", "False"),
    "country": ("FR", "DEU"),
    "currency": ("EUR", "SEK"),
    "hologram": ({"a": [1]}, ["x"], "x", True, 5),
}
WRONG = {
    "line_number": ("nobody", " 0", "b ", 9, True, ["b"]),
    "quantity": (0, -1, 1.5, "2,0", 99, "many", True),
    "string": (True, ["abc"], {"a": 1}),
    "list": ("DHL ", "dhl", "Pony Express", "00", True, ["DHL"], {"code": "DHL"}),
    "date": ("soon", "2024-13-01", "01/03/2024", "2024-03-01 12:00 UTC", 5, True),
    "decimal": ("12,50", "1 000", "many", True, [1]),
    "price": (-1, "-0.01", "12,50", "free", True),
    "integer": (1.5, "2,0", "1e3", "two", False),
    "boolean": ("yes", 1, "0", 2, "maybe", [True]),
    "currency": (True, ["EUR"]),
    "country": (False, {}),
    "hologram": ("",),
}
WRONG["float"] = WRONG["decimal"]
#: What may stand anywhere.
ODD = (None, "", " ", [], {}, False, True, 0, "0", -1, 1.5, "12,50", "x", ["DHL"])


def get_kind(name, described):
    """The type that a value of an argument should have."""
    kind = described.get("type", ARGUMENTS.get(name))
    if name == "line" or name in const.QUANTITY_ARGUMENTS:
        return ARGUMENTS[name]
    if kind is None and name.endswith("_date"):
        return "date"
    return kind or "string"


def make_right(random, name, described, order):
    """Make a value that suits an argument.

    :param random: where chance comes from
    :param str name: the argument
    :param dict described: its description
    :param dict order: the order
    """
    if name == "line":
        lines = [line for package in order["packages"] for line in package["cart"]]
        number = random.choice(lines)["marketplace_order_line_id"]
        return random.choice((number, str(number)))
    choices = described.get("valid_values")
    if not choices and name in ("carrier", "return_carrier"):
        choices = CARRIERS
    if not choices and name == "shipping_method":
        choices = METHODS
    if choices and random.random() < 0.95:
        return random.choice(list(choices))
    return random.choice(RIGHT[get_kind(name, described)])


def make_wrong(random, name, described):
    """Make a value that hardly suits an argument."""
    if random.random() < 0.1:
        return random.choice(ODD)
    return random.choice(WRONG[get_kind(name, described)])
