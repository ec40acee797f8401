"""Orders that are odd in who bought them and where they go."""

from .oddities import Case
from .people import RELAY_POINTS, VAT_NUMBERS

BUYER_CASES = []
_PLACE = ("first_line", "second_line", "zipcode", "city", "state_region")


def _case(tag, *marketplaces, **more):
    def register(change):
        BUYER_CASES.append(Case(tag, change, marketplaces, **more))
        return change

    return register


def _get_addresses(draft):
    return (draft.billing, *draft.deliveries)


@_case("buyer_again", "galerieslafayette_fr")
@_case("buyer_again", "galerieslafayette_fr")
def _buyer_again(draft, factory):
    """One buyer orders twice, with the numbers and addresses of the first time."""
    known = factory.buyers.setdefault(draft.profile.code, draft)
    draft.customer_id = known.customer_id
    draft.billing = dict(known.billing)
    draft.deliveries = [dict(address) for address in known.deliveries]


@_case("mailbox_of_several", "ebay_de")
@_case("mailbox_of_several", "ebay_de")
def _mailbox_of_several(draft, factory):
    """An agency orders for its customers, whom the marketplace does not number."""
    draft.customer_id = None
    for address in _get_addresses(draft):
        address["email"] = "bestellung@kaufagentur.example"


@_case("relay", "cdiscount_fr", "allegro_pl")
@_case("relay", "decathlon_fr")
def _relay(draft, factory):
    """The parcel goes to a relay point, which is elsewhere than the buyer."""
    draft.relay = factory.rng.choice(RELAY_POINTS)
    draft.method = "RelaisColis"
    place = factory.make_other_address(draft)
    draft.deliveries[0].update(
        {name: place[name] for name in _PLACE}, company=draft.relay[0]
    )


@_case("relay_beside_home", "decathlon_fr")
def _relay_beside_home(draft, factory):
    """The relay point is named, but the delivery address is the buyer's home."""
    draft.relay = factory.rng.choice(RELAY_POINTS)
    draft.method = "RelaisColis"


@_case("civility_in_name", "otto_de")
@_case("civility_in_name", "cdiscount_fr")
def _civility_in_name(draft, factory):
    title = "Herr" if draft.profile.country == "DE" else "Mme"
    for address in _get_addresses(draft):
        last = f"{title} {address['first_name']} {address['last_name']}"
        address.update(civility=None, first_name=None, last_name=last, full_name=None)


@_case("name_of_carrier", "decathlon_fr")
def _name_of_carrier(draft, factory):
    """The carrier wrote the full name anew for its label."""
    _relay(draft, factory)
    delivery = draft.deliveries[0]
    delivery["full_name"] = f"{delivery['last_name']} - {draft.relay[0]}"


@_case("four_street_lines", "otto_de")
def _four_street_lines(draft, factory):
    draft.deliveries[0].update(
        first_line="c/o Familie Krause\nHinterhaus",
        second_line="Hauptstraße 7",
        complement="3. Stock links",
    )


@_case("no_texts", "amazon_fr")
def _no_texts(draft, factory):
    """What is missing is said with texts."""
    for address in _get_addresses(draft):
        address.update(
            company="N/A", second_line="null", complement="-", state_region="NULL"
        )


@_case("dirty_vat", "elcorteingles_es")
def _dirty_vat(draft, factory):
    draft.billing.update(company="Muñoz e Hijos S.L.", vat_number="B-00.000.00X")


@_case("company_of_invoice", "amazon_fr", "otto_de")
def _company_of_invoice(draft, factory):
    """Only the billing address names the company that both are of."""
    country = draft.billing["common_country_iso_a2"]
    draft.billing.update(company="Garnier & Co", vat_number=VAT_NUMBERS[country])


@_case("invoice_without_place", "amazon_fr")
def _invoice_without_place(draft, factory):
    draft.billing.update(dict.fromkeys(_PLACE))
