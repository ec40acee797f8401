"""Finding the state that an address names, in whatever spelling."""

import re

from .region_codes import ALIASES, ES_PROVINCES, FR_REGIONS, IT_PROVINCES
from .texts import fold

# "A Coruña (La Coruña)", "Alicante/Alacant", "Madrid, Comunidad de".
_NAMES = re.compile(r"[/(),;]")
# What people put around the name, folded.
_AROUND = re.compile(
    r"^(?:provincia|province|comunidad|principado|region|departement|county|co|land|kanton|"
    r"canton|wojewodztwo|woj)(?: (?:autonoma|foral))?(?: d[ieu]l?| of)? "
    r"|s? lan$| county$| province$"
)


class StateIndex:
    """The states of one country, by everything that people call them.

    :param str country_code: ISO code of the country.
    :param states: triples of id, code and name.
    """

    def __init__(self, country_code, states):
        self._country_code = country_code
        self._by_code, self._by_name = {}, {}
        for state_id, code, name in states:
            for spelling in self._spell_code(code):
                self._by_code.setdefault(spelling, state_id)
            for spelling in _spell_name(name):
                self._by_name.setdefault(spelling, set()).add(state_id)

    def find(self, region, zipcode):
        """Find a state.

        :param str region: its name or code as the address gives it, or "".
        :param str zipcode: postcode, which tells the state in Spain, Italy and France.
        :return: id of the state, or None.
        """
        if not self._by_code:
            return None
        found = self._find_region(region) if region else None
        if found is not None:
            return found
        codes = get_postcode_codes(self._country_code, zipcode)
        return self._find_code(*codes)

    def _find_region(self, region):
        found = self._find_code(region)
        if found is not None:
            return found
        for spelling in _spell_name(region):
            states = self._by_name.get(spelling, ())
            if len(states) == 1:
                return next(iter(states))
            alias = ALIASES.get(self._country_code, {}).get(spelling)
            if alias:
                return self._find_code(alias)
        return None

    def _find_code(self, *codes):
        spellings = [each for code in codes for each in self._spell_code(code)]
        found = (self._by_code.get(spelling) for spelling in spellings)
        return next((state_id for state_id in found if state_id is not None), None)

    def _spell_code(self, code):
        """:return: the code as it is, and without its country as in "ES-A"."""
        code = code.strip().upper()
        return code, code.removeprefix(f"{self._country_code}-")


def get_postcode_codes(country_code, zipcode):
    """Tell which state a postcode lies in.

    :param str country_code: ISO code of the country.
    :param str zipcode: postcode.
    :return: list of codes that the state may have in Odoo, the narrowest first.
    """
    digits = re.sub(r"\D", "", zipcode)
    if len(digits) != 5:
        return []
    if country_code == "ES":
        return [ES_PROVINCES[digits[:2]]] if digits[:2] in ES_PROVINCES else []
    if country_code == "IT":
        prefixes = (digits[:length] for length in (4, 3, 2))
        return [IT_PROVINCES[each] for each in prefixes if each in IT_PROVINCES][:1]
    if country_code == "FR":
        department = _get_department(digits)
        regions = [
            code
            for code, departments in FR_REGIONS.items()
            if department in departments
        ]
        return [department, *regions]
    return []


def _get_department(digits):
    if digits.startswith("20"):
        return "2A" if digits[2] in "01" else "2B"
    return digits[:3] if digits.startswith(("97", "98")) else digits[:2]


def _spell_name(name):
    """:return: list of the folded names in a name, the whole of it first."""
    spellings = [fold(name), *map(fold, _NAMES.split(name))]
    spellings += [_AROUND.sub("", spelling) for spelling in spellings]
    return list(dict.fromkeys(filter(None, spellings)))
