"""Telling whether two contacts are one and the same address."""

from dataclasses import dataclass


def _squeeze(value):
    return " ".join((value or "").split()).casefold()


@dataclass(frozen=True)
class ContactKey:
    """What makes a contact's address; spaces and capitals make no other one.

    :param name: who it is.
    :param street: the whole street.
    :param zip: postcode.
    :param city: city.
    :param country: anything that stands for the country.
    :param phone: digits of the phone number.
    :param email: e-mail address, where people are told apart by it too.
    """

    name: str
    street: str
    zip: str
    city: str
    country: object
    phone: str
    email: str

    @classmethod
    def of(cls, values, country, is_shared):
        """Read the key of a contact.

        :param values: mapping or record of ``name``, ``street``, ``street2``, ``zip``,
            ``city``, ``phone`` and ``email``.
        :param country: what stands for its country.
        :param bool is_shared: True when strangers have their addresses beside each other.
        :return: :class:`ContactKey`.
        """
        streets = (_squeeze(values["street"]), _squeeze(values["street2"]))
        return cls(
            name=_squeeze(values["name"]),
            street=", ".join(filter(None, streets)),
            zip=_squeeze(values["zip"]).replace(" ", ""),
            city=_squeeze(values["city"]),
            country=country,
            phone="".join(filter(str.isdigit, values["phone"] or "")),
            email=_squeeze(values["email"]) if is_shared else "",
        )

    def covers(self, other):
        """Tell whether another address says nothing that this one does not say too.

        :param ContactKey other: an address of which parts may be missing or erased.
        """
        return (
            bool(other.zip or other.city)
            and self.country == other.country
            and all(
                wanted in ("", known)
                for known, wanted in (
                    (self.name, other.name),
                    (self.street, other.street),
                    (self.zip, other.zip),
                    (self.city, other.city),
                    (self.phone, other.phone),
                )
            )
        )


def find_contact(wanted, known, is_shared):
    """Find the contact that an address is.

    :param ContactKey wanted: the address, maybe with parts missing.
    :param dict known: contact by its :class:`ContactKey`.
    :param bool is_shared: True when strangers have their addresses beside each other: then
        what is missing tells nothing.
    :return: the contact, or None where there is none or nobody can tell which.
    """
    if wanted in known or is_shared:
        return known.get(wanted)
    covering = [contact for key, contact in known.items() if key.covers(wanted)]
    if len(covering) == 1 or (covering and wanted.street):
        return covering[0]
    return None
