"""How much two names of products are alike."""

import re
from collections import Counter
from difflib import get_close_matches

_WORD = re.compile(r"[^\W_]+")
# Of two words of letters alone: "shoe" and "shoes" are one word, "XL" and "XXL" are not.
_SAME_WORD = 0.85


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


def split_words(name):
    """:return: list of the words and numbers of a name, in lower case."""
    return _WORD.findall(name.lower())
