"""The language that a buyer reads."""

from functools import lru_cache

from babel.languages import get_official_languages

# Norway's "no" is a family of languages; Odoo has its larger member.
_SPECIFIC = {"no": "nb"}


@lru_cache(maxsize=300)
def official_languages(country_code):
    """List the languages of a country, the most spoken first.

    :param str country_code: ISO code, "" when unknown.
    :return: tuple of ISO 639 codes.
    """
    if not country_code:
        return ()
    languages = get_official_languages(country_code, de_facto=True)
    return tuple(
        dict.fromkeys(_SPECIFIC.get(language, language) for language in languages)
    )


@lru_cache(maxsize=1000)
def pick_language(country_code, installed, marketplace_country_code=""):
    """Choose the language to write to a buyer in.

    In a country of several languages, that of the marketplace goes first: a Belgian on a
    French marketplace reads French. Where none is installed, English is understood best.

    :param str country_code: ISO code of the buyer's country.
    :param tuple installed: codes of the installed languages, such as ``fr_BE``.
    :param str marketplace_country_code: ISO code of the marketplace's country, or "".
    :return: one of the installed codes, or "".
    """
    of_marketplace = official_languages(marketplace_country_code)
    languages = sorted(
        official_languages(country_code),
        key=lambda language: language not in of_marketplace,
    )
    for language in languages:
        code = _pick_variant(language, country_code, installed)
        if code:
            return code
    return _pick_variant("en", "US", installed)


def _pick_variant(language, country_code, installed):
    """:return: the country's own variant, the main one, or any other that is installed."""
    variants = [code for code in installed if code.split("_")[0] == language]
    for code in (f"{language}_{country_code}", f"{language}_{language.upper()}"):
        if code in variants:
            return code
    return next(iter(sorted(variants)), "")
