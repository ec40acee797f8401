"""Names of people, spelt as the marketplace spells them."""

import re
from functools import lru_cache

from .languages import official_languages
from .texts import fold, meaningful

# Civilities, folded. Those on the left are nothing else in any language; those on the
# right are also names or initials, and are civilities only where the language is spoken.
_TITLES = {
    "fr": (
        "mr mme mmes mlle mlles melle monsieur messieurs madame mademoiselle",
        "m mm",
    ),
    "en": ("mr mrs ms miss mx messrs", ""),
    "de": ("herr herrn frau frl fraulein", "hr fr"),
    "es": ("sr sra srta sres senor senora senorita", "d dna don dona"),
    "it": ("sig sigra signa sigg signor signore signora signorina", ""),
    "pt": ("sr sra srta senhor senhora exmo exma", "dom dona"),
    "nl": ("dhr mevr mw mevrouw meneer mijnheer", "heer"),
    "pl": ("", "pan pani panstwo"),
    "sv": ("herr fru froken", ""),
    "da": ("hr fru frk froken", ""),
    "nb": ("hr fru frk froken", ""),
    "fi": ("herra rouva", ""),
    "cs": ("", "pan pani slecna"),
    "sk": ("", "pan pani slecna"),
}
_CIVILITIES = {word for certain, _local in _TITLES.values() for word in certain.split()}
_LOCAL_CIVILITIES = {
    language: set(local.split()) for language, (_certain, local) in _TITLES.items()
}
# Between two civilities: "M. et Mme", "Herr und Frau", "Mr & Mrs".
_AND = "& + / and or et ou und oder y o e en of i och og"
# Small words of family names, which some marketplaces drop.
_PARTICLES = (
    "van von de der den het t ter ten zu zur zum vom af av d du des di da del della dello "
    "degli dei dalla la le les lo los las do dos das y i e el al ibn bin ben of"
)
_NO_NAMES = _CIVILITIES.union(_PARTICLES.split())
_SEPARATORS = re.compile(r"[/+&]")


@lru_cache(maxsize=1000)
def full_name(first, last, full, country_code="", civility="", source="parts"):
    """Put a person's name together.

    :param str first: first name, "" when missing.
    :param str last: last name, "" when missing; some marketplaces put it all here.
    :param str full: the whole name, "" when missing; carriers may have rewritten it.
    :param str country_code: ISO code of the country, which tells civilities from names.
    :param str civility: the civility as it is given apart.
    :param str source: which to believe where both are given, ``parts`` or ``full``.
    :return: the name without civility, or "".
    """
    titles = _get_titles(country_code) | set(fold(civility).split())
    parts = _join(*(_strip(meaningful(part), titles) for part in (first, last)))
    candidates = [parts, meaningful(full)]
    if source == "full":
        candidates.reverse()
    return _strip(next(filter(None, candidates), ""), titles)


def is_same_person(name, other):
    """Tell whether two names may be one person's.

    Neither civilities nor particles count, nor does a first name that one of the two
    leaves out or shortens. A missing name contradicts none.

    :param str name: a name.
    :param str other: another name.
    """
    shorter, longer = sorted((_get_words(name), _get_words(other)), key=len)
    return all(any(_is_same_word(word, each) for each in longer) for word in shorter)


def _get_titles(country_code):
    local = (_LOCAL_CIVILITIES.get(lang) for lang in official_languages(country_code))
    return _CIVILITIES.union(*filter(None, local))


def _join(first, last):
    """Join the parts, unless one of them is the whole name already."""
    folded_first, folded_last = fold(first), fold(last)
    if folded_last and f" {folded_first}".endswith(f" {folded_last}"):
        return first
    if folded_first and f"{folded_last} ".startswith(f"{folded_first} "):
        return last
    return " ".join(filter(None, (first, last)))


def _strip(name, titles):
    """Drop the civilities in front of a name, but never the whole name."""
    words = name.split(" ")
    start = 0
    for number, word in enumerate(words):
        if _is_title(word, titles):
            start = number + 1
        elif (
            word.casefold() == "de"
            and fold(" ".join(words[number + 1 :][:1])) == "heer"
        ):
            continue
        elif not start or word.casefold() not in _AND.split():
            break
    return " ".join(words[start:]) or name


def _is_title(word, titles):
    """Look at "Mme", "M./Mme", "Sig.ra"."""
    pieces = [fold(piece).replace(" ", "") for piece in _SEPARATORS.split(word)]
    return any(pieces) and all(piece in titles for piece in pieces if piece)


def _get_words(name):
    words = fold(name).split()
    kept = [word for word in words if word not in _NO_NAMES]
    return kept or words


def _is_same_word(word, other):
    return word == other or (min(len(word), len(other)) == 1 and word[:1] == other[:1])
