"""VAT numbers, which marketplaces take from buyers unchecked."""

import re

from stdnum import get_cc_module
from stdnum.eu import vat as eu_vat

_OTHERS = re.compile(r"[^0-9A-Z+*]")
_SEVERAL = re.compile(r"[/;,|()]")
# What a number looks like in a country whose rules nobody here knows.
_PLAUSIBLE = re.compile(r"[A-Z]{0,3}[0-9]{6,15}[A-Z]{0,3}")


def read_vat_number(value, country_code):
    """Read a VAT number.

    :param str value: as the marketplace gives it.
    :param str country_code: ISO code of the buyer's country, used where no prefix says it.
    :return: the number with its country's prefix within the European Union, or "" when it
        is none.
    """
    candidates = [
        _OTHERS.sub("", candidate.upper())
        for candidate in (value, *_SEVERAL.split(value))
    ]
    numbers = [
        *map(_read_with_prefix, candidates),
        *(_read_national(candidate, country_code) for candidate in candidates),
    ]
    return next(filter(None, numbers), "")


def _read_with_prefix(number):
    prefix = number[:2]
    if not prefix.isalpha():
        return ""
    if eu_vat.is_valid(number):
        return eu_vat.compact(number)
    module = None if _is_eu(prefix) else get_cc_module(prefix.lower(), "vat")
    return number if module and module.is_valid(number) else ""


def _read_national(number, country_code):
    if _is_eu(country_code):
        prefix = "EL" if country_code == "GR" else country_code
        return prefix + number if eu_vat.is_valid(prefix + number) else ""
    module = get_cc_module(country_code.lower(), "vat") if country_code else None
    is_number = module.is_valid if module else _PLAUSIBLE.fullmatch
    return number if country_code and is_number(number) else ""


def _is_eu(country_code):
    return country_code.lower() in (*eu_vat.MEMBER_STATES, "el", "xi")
