"""Names, streets and phones as an address of an order gives them."""

import phonenumbers

from .parsing import text

# What marketplaces put where a phone number is unknown.
_PHONE_PLACEHOLDER_CHARACTERS = set("0_-. +xX*")


class Address:
    """A delivery or billing address.

    :param dict payload: ``delivery`` of a package, or ``billing_address``.
    """

    def __init__(self, payload):
        self.payload = payload

    def _get(self, name):
        return text(self.payload.get(name))

    @property
    def is_empty(self):
        """:return: True when it names neither a person nor a place."""
        return not (self.name or self.company or self.street or self.city)

    @property
    def name(self):
        """:return: the person's name, spelt as the marketplace spells it."""
        parts = (self._get("first_name"), self._get("last_name"))
        return " ".join(filter(None, parts)) or self._get("full_name")

    @property
    def company(self):
        """:return: the company's name, or ""."""
        return self._get("company")

    @property
    def street(self):
        """:return: first line of the street that is not empty."""
        return next(iter(self._street_lines), "")

    @property
    def street2(self):
        """:return: the other lines of the street, joined by a comma."""
        return ", ".join(self._street_lines[1:])

    @property
    def _street_lines(self):
        names = ("first_line", "second_line", "complement")
        lines = [line for line in map(self._get, names) if line]
        return lines or [line for line in [self._get("full_address")] if line]

    @property
    def zip(self):
        """:return: postcode, or ""."""
        return self._get("zipcode")

    @property
    def city(self):
        """:return: city, or ""."""
        return self._get("city")

    @property
    def region(self):
        """:return: state or region in any spelling, or ""."""
        return self._get("state_region")

    @property
    def country_code(self):
        """:return: ISO 3166 code of two letters in capitals, or ""."""
        return self._get("common_country_iso_a2").upper()

    @property
    def email(self):
        """:return: e-mail address, or ""."""
        return self._get("email")

    @property
    def phone(self):
        """:return: first phone number that is one, mobile before home before office.

        In international form where the country's numbering plan knows it, else as given.
        """
        names = ("phone_mobile", "phone_home", "phone_office")
        given = next(filter(_is_phone, map(self._get, names)), "")
        try:
            number = phonenumbers.parse(given, self.country_code or None)
        except phonenumbers.NumberParseException:
            return given
        if not phonenumbers.is_valid_number(number):
            return given
        return phonenumbers.format_number(
            number, phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )

    @property
    def vat_number(self):
        """:return: VAT number as given, or ""."""
        return self._get("vat_number")


def _is_phone(value):
    return bool(set(value) - _PHONE_PLACEHOLDER_CHARACTERS)
