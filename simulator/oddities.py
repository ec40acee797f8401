"""Orders that are odd in what they say: packages, amounts, lines, buyers, statuses.

Those that are odd in how they say it are in `loose_types.py`.
"""

from dataclasses import dataclass
from datetime import timedelta

from .dates import format_date
from .people import EMOJI_NAMES, NON_LATIN_NAMES, PEOPLE, VAT_NUMBERS


@dataclass(frozen=True)
class Case:
    """One oddity.

    :param str tag: its name in `World.cases`
    :param change: takes the draft and the factory, and makes the draft odd; or takes
        the payload when the case is about types
    :param tuple marketplaces: codes of the marketplaces where it is seen, () for all
    :param int lines: lines of the order, None for any number
    :param str status: Lengow status of the order
    """

    tag: str
    change: object = None
    marketplaces: tuple = ()
    lines: int | None = None
    status: str = "waiting_shipment"


DRAFT_CASES = []


def _case(tag, *marketplaces, **more):
    def register(change):
        DRAFT_CASES.append(Case(tag, change, marketplaces, **more))
        return change

    return register


def _to(draft, factory, cents):
    return factory.to_currency(draft.profile, cents)


@_case("two_packages", "amazon_fr", "decathlon_fr", "otto_de", lines=3)
def _two_packages(draft, factory):
    draft.lines[-1].package = 1
    draft.deliveries.append(factory.make_other_address(draft))


@_case("discount", lines=2)
def _discount(draft, factory):
    draft.discount = _to(draft, factory, 500)
    draft.cases.add("no_discount_in_amounts")


@_case("line_discount", "amazon_fr", "otto_de", lines=2)
def _line_discount(draft, factory):
    draft.lines[0].discount = _to(draft, factory, 250)
    draft.lines[1].discount = _to(draft, factory, 125)
    draft.cases.update(("discount", "no_discount_in_amounts"))


@_case("fee", "cdiscount_fr", "ebay_de")
def _fee(draft, factory):
    draft.fee = _to(draft, factory, 199)


@_case("line_shipping", lines=2)
def _line_shipping(draft, factory):
    draft.shipping = 0
    draft.lines[0].shipping = _to(draft, factory, 260)
    draft.lines[1].shipping = _to(draft, factory, 135)


@_case("foreign_currency", "amazon_uk")
@_case("foreign_currency", "allegro_pl")
def _foreign_currency(draft, factory):
    # So low that two amounts rounded one by one differ from their sum rounded once.
    draft.shipping = 333


@_case("business", "amazon_fr", "otto_de", "elcorteingles_es")
def _business(draft, factory):
    country = draft.billing["common_country_iso_a2"]
    draft.billing["company"] = factory.rng.choice(PEOPLE[country]["companies"])
    draft.billing["vat_number"] = VAT_NUMBERS[country]
    draft.order_types.append({"type": "is_business", "label": "B2B"})
    draft.tax = _describe_tax(
        False,
        {"type": "VATIN", "id": VAT_NUMBERS[country]},
    )


@_case("zero_tax", "amazon_it", "otto_de")
def _zero_tax(draft, factory):
    _business(draft, factory)
    draft.is_untaxed = True
    draft.cases.add("business")


@_case("deemed_supplier", "amazon_uk", "cdon_se")
def _deemed_supplier(draft, factory):
    draft.tax = _describe_tax(True, None)


@_case("fulfilled_by_marketplace", "amazon_fr", "amazon_uk", status="shipped")
@_case("fulfilled_by_marketplace", "zalando_zfs_de", status="shipped")
@_case("fulfilled_by_marketplace", "zalando_zfs_de")
def _fulfilled_by_marketplace(draft, factory):
    label = "AFN" if draft.profile.code.startswith("amazon") else "ZFS"
    draft.is_delivered_by_marketplace = True
    draft.order_types.append({"type": "is_delivered_by_marketplace", "label": label})


@_case("express", "amazon_fr", "amazon_it")
def _express(draft, factory):
    draft.method = "Express"
    draft.order_types += [
        {"type": "is_express", "label": "Express"},
        {"type": "is_prime", "label": "Prime"},
    ]
    deadline = draft.order_date + timedelta(days=1)
    draft.order_meta["shipping_deadline"] = format_date(deadline, "offset")
    draft.cases.add("prime")


@_case("cancelled_line", lines=3)
def _cancelled_line(draft, factory):
    draft.lines[1].status = "canceled"


@_case("refused_line", "decathlon_fr", "galerieslafayette_fr", lines=2)
def _refused_line(draft, factory):
    draft.lines[1].status = "refused"


@_case("zero_quantity_line", lines=2)
def _zero_quantity_line(draft, factory):
    draft.lines[1].quantity = 0
    draft.lines[1].status = "canceled"


@_case("mixed_line_statuses", "decathlon_fr", lines=2)
def _mixed_line_statuses(draft, factory):
    draft.lines[1].status = "waiting_acceptance"


@_case("same_product_twice", lines=1)
def _same_product_twice(draft, factory):
    line = factory.add_line(draft, draft.lines[0].product)
    line.unit -= _to(draft, factory, 100)


@_case("gift", lines=1)
def _gift(draft, factory):
    factory.add_line(draft, factory.by_sku["PC-TRN"]).unit = 0


@_case("zero_line_id", "decathlon_fr", lines=2)
@_case("zero_line_id", "decathlon_fr", lines=1)
def _zero_line_id(draft, factory):
    for number, line in enumerate(draft.lines):
        line.line_id = number


@_case("parcel", "otto_de")
def _parcel(draft, factory):
    draft.order_meta["delivery_type"] = "PARCEL"


@_case("forwarder", "otto_de")
def _forwarder(draft, factory):
    draft.order_meta["delivery_type"] = "FORWARDER_HEAVY"


@_case("emoji")
def _emoji(draft, factory):
    _rename(draft, factory.rng.choice(EMOJI_NAMES))
    draft.comments = "Merci d'avance 🙏🎁"


@_case("non_latin")
def _non_latin(draft, factory):
    _rename(draft, factory.rng.choice(NON_LATIN_NAMES))


@_case("full_name_only")
def _full_name_only(draft, factory):
    for address in (draft.billing, *draft.deliveries):
        names = (address["first_name"], address["last_name"])
        address.update(
            full_name=" ".join(("Mr.", *names)),
            civility=None,
            first_name=None,
            last_name="",
        )


@_case("long_street")
def _long_street(draft, factory):
    draft.deliveries[0].update(
        second_line="Résidence Les Jardins de la Fontaine Saint-Martin, bâtiment C",
        complement="Digicode 12B34, 4e étage, porte de gauche au fond du couloir",
    )


@_case("placeholder_phone")
def _placeholder_phone(draft, factory):
    for address in (draft.billing, *draft.deliveries):
        address.update(phone_home="0000000000", phone_mobile="__", phone_office="n/a")


@_case("shared_email", "cdiscount_fr")
@_case("shared_email", "cdiscount_fr")
def _shared_email(draft, factory):
    for address in (draft.billing, *draft.deliveries):
        address["email"] = "relay@octopia-messages.com"


@_case("two_countries", "amazon_fr", "bol_nl")
def _two_countries(draft, factory):
    country = draft.billing["common_country_iso_a2"]
    other = "DE" if country == "BE" else "BE"
    draft.deliveries[0] = factory.make_other_address(draft, other)


@_case("region", "elcorteingles_es")
def _region(draft, factory):
    draft.deliveries[0].update(
        zipcode="03001",
        city="Alicante/Alacant",
        state_region="Alicante/Alacant",
    )


@_case("dates_seconds")
def _dates_seconds(draft, factory):
    draft.date_style = "seconds"


@_case("dates_offset")
def _dates_offset(draft, factory):
    draft.date_style = "offset"


@_case("dates_naive")
def _dates_naive(draft, factory):
    draft.date_style = "naive"


@_case("marked_list")
def _marked_list(draft, factory):
    draft.merchant_order_id = ["S00042", "S00043"]
    draft.cases.add("marked")


@_case("marked_string")
def _marked_string(draft, factory):
    draft.merchant_order_id = "S00041"
    draft.cases.add("marked")


@_case("pickup", "ebay_de", status="pickup_to_prepare")
def _pickup(draft, factory):
    draft.shipping = 0
    draft.method = "InStorePickup"
    draft.order_meta["pickup_id"] = f"STORE-{draft.number}"


def _rename(draft, names):
    first, last = names
    for address in (draft.billing, *draft.deliveries):
        address.update(first_name=first, last_name=last, full_name=f"{first} {last}")


def _describe_tax(is_deemed_supplier, buyer_tax):
    """Fill the tax object (002, "Tax object")."""
    return {
        "order_tax_id": "T4X-1D" if is_deemed_supplier else None,
        "is_marketplace_deemed_supplier": is_deemed_supplier,
        "tax_electronic_portal_type": "OSS" if is_deemed_supplier else None,
        "tax_electronic_portal_id": "OSS-1234" if is_deemed_supplier else None,
        "marketplace_eori_number": "EORI-5555" if is_deemed_supplier else None,
        "buyer_tax": buyer_tax,
    }


# Statuses other than waiting_shipment, and marketplaces that know them.
_STATUSES = (
    ("new", "amazon_fr", "amazon_uk"),
    ("waiting_acceptance", "decathlon_fr", "cdiscount_fr"),
    ("accepted", "decathlon_fr", "cdiscount_fr"),
    ("shipped", "amazon_fr", "allegro_pl"),
    ("closed", "decathlon_fr", "ebay_de"),
    ("partial_refunded", "amazon_fr", "decathlon_fr"),
    ("refunded", "otto_de", "cdon_se"),
    ("canceled", "amazon_fr", "bol_nl"),
    ("refused", "cdiscount_fr", "decathlon_fr"),
)
STATUS_CASES = [
    *(
        Case(f"status_{status}", marketplaces=tuple(codes), status=status)
        for status, *codes in _STATUSES
    ),
    Case(
        "future_status",
        marketplaces=("galerieslafayette_fr",),
        status="on_hold_customs",
    ),
]
