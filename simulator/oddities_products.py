"""Orders that are odd in how they name their products."""

from .catalogue import make_pack
from .oddities import Case

PRODUCT_CASES = []


def _case(tag, *marketplaces, **more):
    def register(change):
        PRODUCT_CASES.append(Case(tag, change, marketplaces, **more))
        return change

    return register


@_case("fba_suffix", "amazon_fr", "amazon_uk")
def _fba_suffix(draft, factory):
    """The offer that lies at Amazon has a number of its own."""
    for line in draft.lines:
        line.named = ("sku", f"{line.product['sku']}_FBA")


@_case("product_fields", lines=2)
def _product_fields(draft, factory):
    """The fields are Odoo's own, and differ from line to line."""
    first, second = draft.lines
    first.named = ("default_code", first.product["sku"])
    second.named = ("barcode", second.product["ean"])


@_case("unknown_product_field")
def _unknown_product_field(draft, factory):
    """The field is one of the merchant's former shop."""
    for line in draft.lines:
        line.named = ("article_no", line.product["sku"])


@_case("product_spelling")
def _product_spelling(draft, factory):
    """The marketplace writes numbers in lower case."""
    for line in draft.lines:
        line.named = ("sku", line.product["sku"].lower())


@_case("packaging", lines=1)
def _packaging(draft, factory):
    """A pack is sold beside single pieces."""
    line = factory.add_line(draft, make_pack(draft.lines[0].product), 2)
    line.named = ("ean", line.product["ean"])


@_case("supplier_code")
def _supplier_code(draft, factory):
    """The merchant sells under its supplier's numbers."""
    for line in draft.lines:
        line.named = ("supplier_ref", line.product["supplier_code"])
