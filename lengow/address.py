"""Addresses of an order, and what one of them says for the other."""

from functools import cached_property

from .emails import normalize_email
from .names import full_name, is_same_person
from .parsing import text
from .phones import read_phones
from .streets import read_street
from .texts import fold, meaningful

_PERSON = ("civility", "first_name", "last_name", "full_name")
_STREET = ("first_line", "second_line", "complement")
_PLACE = (
    *_STREET,
    "full_address",
    "zipcode",
    "city",
    "state_region",
    "common_country_iso_a2",
)
_PHONES = ("phone_mobile", "phone_home", "phone_office")
# What people without a company write, folded.
_NO_COMPANIES = (
    "na no non none nein nee nessuna nessuno ninguna ninguno aucun aucune particulier "
    "particuliere privat private privato particular persoonlijk keine kein geen brak x"
)


class Address:
    """A delivery or billing address.

    :param dict payload: ``delivery`` of a package, or ``billing_address``.
    """

    def __init__(self, payload):
        self.payload = payload

    def _get(self, name):
        return meaningful(text(self.payload.get(name)))

    @property
    def is_empty(self):
        """:return: True when it names neither a person nor a place."""
        return not (self.name or self.company or self.has_place)

    @property
    def has_place(self):
        """:return: True when it says more of the place than its country."""
        return bool(self.street or self.zip or self.city)

    @cached_property
    def name(self):
        """:return: the person's name, spelt as the marketplace spells it."""
        return self.get_name()

    def get_name(self, source="parts"):
        """Read the person's name.

        :param str source: ``parts`` for first and last name, ``full`` for the full name;
            the other one serves where it is missing.
        :return: the name without civility, or "".
        """
        return full_name(
            *map(self._get, ("first_name", "last_name", "full_name")),
            self.country_code,
            self._get("civility"),
            source,
        )

    @cached_property
    def company(self):
        """:return: the company's name, or "" where the field says there is none."""
        company = self._get("company")
        folded = fold(company)
        if folded in _NO_COMPANIES.split() or folded == fold(self.name):
            return ""
        return company

    @property
    def street(self):
        """:return: first line of the street that is not empty."""
        return self._street_lines[0]

    @property
    def street2(self):
        """:return: the other lines of the street, joined by commas."""
        return self._street_lines[1]

    @cached_property
    def _street_lines(self):
        elsewhere = (self.zip, self.city, self.country_code, self.name, self.company)
        lines = [self.payload.get(name) for name in _STREET]
        return read_street(lines, self.payload.get("full_address"), elsewhere)

    @cached_property
    def zip(self):
        """:return: postcode, or ""."""
        return self._get("zipcode")

    @cached_property
    def city(self):
        """:return: city, or ""."""
        return self._get("city")

    @property
    def region(self):
        """:return: state or region in any spelling, or ""."""
        return self._get("state_region")

    @cached_property
    def country_code(self):
        """:return: ISO 3166 code of two letters in capitals, or ""."""
        return self._get("common_country_iso_a2").upper()

    @cached_property
    def email(self):
        """:return: e-mail address as given, "" where it is none."""
        email = self._get("email")
        return email if normalize_email(email) else ""

    @property
    def phone(self):
        """:return: best phone number, in international form where it is valid, or ""."""
        return next(iter(self.phones), "")

    @cached_property
    def phones(self):
        """:return: list of phone numbers, mobile before home before office."""
        return read_phones(map(self._get, _PHONES), self.country_code)

    @property
    def vat_number(self):
        """:return: VAT number as given, or ""."""
        return self._get("vat_number")

    def is_same_place(self, other):
        """Tell whether two addresses are of one place.

        :param Address other: another address.
        """
        return bool(self.street) and self._place_key == other._place_key

    @property
    def _place_key(self):
        return fold(self.street), fold(self.zip)

    def taking(self, other, *names):
        """Copy the address, with some fields of another one.

        :param Address other: where the fields come from.
        :param names: keys of the payload.
        :return: a new :class:`Address`.
        """
        fields = {name: other.payload.get(name) for name in names}
        return Address({**self.payload, **fields})

    def without(self, *names):
        """:return: a copy of the address without some fields."""
        return Address(
            {name: value for name, value in self.payload.items() if name not in names}
        )


def complete_billing(billing, delivery):
    """Fill what an invoice needs and the billing address lacks.

    :param Address billing: the billing address, maybe empty.
    :param Address delivery: the delivery address, without what is a relay point's alone.
    :return: :class:`Address`.
    """
    if billing.is_empty:
        return delivery
    if not billing.has_place:
        billing = billing.taking(delivery, *_PLACE)
    if not billing.name and not billing.company:
        billing = billing.taking(delivery, *_PERSON)
    return _complete_contact(billing, delivery)


def complete_delivery(delivery, billing):
    """Fill what a carrier needs and the delivery address lacks.

    :param Address delivery: the delivery address.
    :param Address billing: the billing address, maybe empty.
    :return: :class:`Address`.
    """
    if not delivery.name and not delivery.company:
        delivery = delivery.taking(billing, *_PERSON)
    if (
        billing.company
        and not delivery.company
        and (delivery.is_same_place(billing) or _is_same_named(delivery, billing))
    ):
        delivery = delivery.taking(billing, "company")
    return _complete_contact(delivery, billing)


def _complete_contact(address, other):
    """Take phone and e-mail of the same person from the other address."""
    if (address.phones and address.email) or not _is_same_named(address, other):
        return address
    if not address.phones and other.phones:
        address = address.taking(other, *_PHONES)
    if not address.email and other.email:
        address = address.taking(other, "email")
    return address


def _is_same_named(address, other):
    names = (address.name, other.name)
    return all(names) and is_same_person(*names)
