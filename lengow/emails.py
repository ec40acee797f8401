"""Telling buyers' own e-mail addresses from those that marketplaces put in between."""

import re
from email.utils import parseaddr
from fnmatch import fnmatchcase
from functools import lru_cache
from urllib.parse import urlsplit

from .const import RELAY_EMAIL_DOMAINS, RELAY_EMAIL_NAMES

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")


@lru_cache(maxsize=1000)
def normalize_email(value):
    """Make an e-mail address comparable.

    :param str value: an address, or a name with one.
    :return: the address in small letters, or "" when it is none.
    """
    email = parseaddr(value)[1].strip().lower()
    return email if _EMAIL.fullmatch(email) else ""


def is_relay_email(email, homepage=""):
    """Tell whether an address is the marketplace's, and may be that of several buyers.

    :param str email: a normalised address.
    :param str homepage: URL of the marketplace: its own domain is no buyer's.
    """
    name, _at, domain = email.partition("@")
    if re.sub(r"[^a-z]", "", name) in RELAY_EMAIL_NAMES:
        return True
    own = (urlsplit(homepage).hostname or "").removeprefix("www.")
    if own and (domain == own or domain.endswith(f".{own}")):
        return True
    return any(fnmatchcase(domain, pattern) for pattern in RELAY_EMAIL_DOMAINS)
