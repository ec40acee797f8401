"""Buyers and their addresses."""

from .people import PEOPLE
from .profiles import fill

# Share of the addresses that carry each part (ours).
_CIVILITY_SHARE = 0.5
_PHONE_HOME_SHARE = 0.3
_SECOND_LINE_SHARE = 0.15
_FULL_NAME_SHARE = 0.4


def make_address(rng, country, email, address_id):
    """Invent somebody's address, in the shape of a billing address.

    :param random.Random rng: the source of chance
    :param str country: ISO code of the country
    :param str email: the e-mail address, or None
    :param int address_id: Lengow's id of the address
    :return: the address
    :rtype: dict
    :source: 002, "Address object"
    """
    people = PEOPLE[country]
    first, last = rng.choice(people["first"]), rng.choice(people["last"])
    zipcode, city, region = rng.choice(people["towns"])
    street = rng.choice(people["streets"]).format(rng.randint(1, 199))
    phone = fill(rng.choice(people["phones"]), rng)
    draw = rng.random
    return {
        "id": address_id,
        "type": "billing",
        "first_line": street,
        "zipcode": zipcode,
        "city": city,
        "company": None,
        "civility": (
            rng.choice(people["civilities"]) if draw() < _CIVILITY_SHARE else None
        ),
        "first_name": first,
        "last_name": last,
        "second_line": "2nd floor" if draw() < _SECOND_LINE_SHARE else None,
        "complement": None,
        "phone_home": phone if draw() < _PHONE_HOME_SHARE else None,
        "phone_office": None,
        "phone_mobile": phone,
        "full_address": None,
        "full_name": f"{first} {last}" if draw() < _FULL_NAME_SHARE else None,
        "email": email,
        "metas": None,
        "vat_number": None,
        "state_region": region,
        "common_country_iso_a2": country,
    }


def make_email(rng, profile, customer_id):
    """Invent an address that no other buyer has.

    :param random.Random rng: the source of chance
    :param Profile profile: the marketplace
    :param int customer_id: number of the buyer
    :return: the e-mail address
    :rtype: str
    """
    if profile.email:
        return f"{fill('@@@@@@@@', rng).lower()}{customer_id}@{profile.email}"
    return f"buyer.{customer_id}@example.com"
