"""How much two names are alike, of products or of carriers."""

import re
from collections import Counter
from difflib import get_close_matches

_WORD = re.compile(r"[^\W_]+")
# Of two words of letters alone: "shoe" and "shoes" are one word, "XL" and "XXL" are not.
_SAME_WORD = 0.85
# Words that names of unlike carriers have in common.
_SERVICE_WORDS = frozenset(
    [
        "and",
        "by",
        "carrier",
        "classic",
        "colis",
        "courier",
        "de",
        "delivery",
        "domicile",
        "europe",
        "express",
        "france",
        "free",
        "germany",
        "home",
        "international",
        "la",
        "le",
        "livraison",
        "logistics",
        "mail",
        "other",
        "parcel",
        "point",
        "post",
        "relais",
        "relay",
        "service",
        "shipping",
        "standard",
        "the",
        "tracked",
        "transport",
        "uk",
    ]
)


def compare_names(name, other):
    """Tell how much two names are alike.

    Names of two variants differ in one word, such as a size or a colour: where each name
    has a word of its own, they are not alike at all.

    :param str name: a name.
    :param str other: another.
    :return: from 0 to 1, the share of the words that they have in common.
    """
    words, other_words = Counter(split_words(name)), Counter(split_words(other))
    own, others_own = words - other_words, other_words - words
    for word in filter(str.isalpha, list(own)):
        spelled = filter(str.isalpha, others_own)
        for other_word in get_close_matches(word, spelled, 1, _SAME_WORD):
            del own[word], others_own[other_word]
    if not words or not other_words or (own and others_own):
        return 0.0
    return 1 - (own + others_own).total() / max(words.total(), other_words.total())


def compare_carriers(name, other):
    """Tell how much two names of carriers are alike.

    What a carrier calls its services tells nothing: "DPD France" may be "DPD Classic".

    :param str name: a name.
    :param str other: another.
    :return: from 0 to 1, more for fewer words that only one of them has.
    """
    words, other_words = set(split_words(name)), set(split_words(other))
    if words == other_words:
        return float(bool(words))
    common = (words & other_words) - _SERVICE_WORDS
    if not common:
        return 0.0
    telling, others_telling = words - _SERVICE_WORDS, other_words - _SERVICE_WORDS
    share = len(common) / min(len(telling), len(others_telling))
    return share * (0.5 + 0.5 * len(words & other_words) / len(words | other_words))


def split_words(name):
    """:return: list of the words and numbers of a name, in lower case."""
    return _WORD.findall(name.lower())
