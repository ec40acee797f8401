"""Orders whose total is made up otherwise than most."""

from .money import get_lines, to_cents, to_number, to_text
from .oddities import Case

MONEY_CASES = []
# Both views of an amount: in the account's currency and in the marketplace's.
_PREFIXES = ("", "original_")


def _case(tag, *marketplaces, **more):
    def register(change):
        MONEY_CASES.append(Case(tag, change, marketplaces, **more))
        return change

    return register


def _add_to_total(payload, prefix, cents):
    name = f"{prefix}total_order"
    payload[name] = to_number(to_cents(payload[name]) + cents)


@_case("net_amounts", "decathlon_fr", "cdiscount_fr", lines=2)
def _net_amounts(payload):
    """The lines are net of the discount, which is told all the same."""
    for prefix in _PREFIXES:
        payload[f"{prefix}discount"] = 3


@_case("discount_on_lines", "galerieslafayette_fr", "otto_de", lines=2)
def _discount_on_lines(payload):
    """The discount is told line by line only."""
    for prefix in _PREFIXES:
        payload[f"{prefix}discount"] = None
        for line in get_lines(payload):
            line[f"{prefix}discount"] = to_text(150)
            _add_to_total(payload, prefix, -150)


@_case("refunded_line", "decathlon_fr", "amazon_fr", lines=3, status="shipped")
def _refunded_line(payload):
    """A line was refunded, and is no longer a part of the total."""
    line = get_lines(payload)[-1]
    line["lengow_status"] = line["marketplace_status"] = "refunded"
    for prefix in _PREFIXES:
        line[f"{prefix}refunded_amount"] = line[f"{prefix}amount"]
        _add_to_total(payload, prefix, -to_cents(line[f"{prefix}amount"]))


@_case("rounded_total", "bol_nl", "ebay_de")
def _rounded_total(payload):
    """The marketplace rounds the total, and not its parts."""
    for prefix in _PREFIXES:
        _add_to_total(payload, prefix, 2)
