"""Comparing texts as people do, and telling texts from what stands for none."""

import re
import unicodedata

# Letters that Unicode does not take apart into a plain one and an accent.
_PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"}
)
_PUNCTUATION = re.compile(r"[\W_]+")
# What marketplaces write where there is nothing. "Null" is a surname, "NULL" is none.
_PLACEHOLDERS = {"null", "NULL", "(null)", "undefined", "n/a", "N/A", "None", "nil"}
_PLACEHOLDER_CHARACTERS = set(" -_.,;:/\\|*#?!~'\"()0")


def fold(value):
    """Make texts comparable: neither case, accents nor punctuation count.

    :param str value: any text.
    :return: plain words, one space apart; "" when there are none.
    """
    value = value.casefold()
    if not value.isascii():
        letters = unicodedata.normalize("NFKD", value.translate(_PLAIN_LETTERS))
        value = "".join(char for char in letters if not unicodedata.combining(char))
    return _PUNCTUATION.sub(" ", value).strip()


def meaningful(value):
    """Drop a text that says nothing, such as "-", "n/a" or "null".

    :param str value: a clean line.
    :return: the text with single spaces, or "".
    """
    if value in _PLACEHOLDERS or set(value) <= _PLACEHOLDER_CHARACTERS:
        return ""
    return re.sub(r" {2,}", " ", value).strip()
