"""How each marketplace numbers its orders and names its products."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """The habits of one marketplace.

    :param str code: marketplace code
    :param str country: ISO code of its country
    :param str currency: ISO code of its currency
    :param tuple buyers: countries its buyers live in, the first one mostly
    :param str order_id: pattern, # a digit, @ a capital or digit
    :param str line_id: pattern, {order} the order's id, {number} 1, 2, ...; or `int`
        for whole numbers
    :param tuple product: field of `merchant_product_id`, and the product's key for it
    :param int weight: its share among ordinary orders
    :param str email: domain of the addresses it gives instead of the buyers' own
    """

    code: str
    country: str
    currency: str
    buyers: tuple
    order_id: str
    line_id: str
    product: tuple
    weight: int
    email: str | None = None


_SKU = ("sku", "sku")
_EAN = ("ean", "ean")
_ID = ("ID_PRODUCT", "id")

PROFILES = {
    profile.code: profile
    for profile in (
        Profile(
            "amazon_fr",
            "FR",
            "EUR",
            ("FR", "FR", "FR", "BE"),
            "4##-#######-#######",
            "##############",
            _SKU,
            6,
            "marketplace.amazon.fr",
        ),
        Profile(
            "amazon_uk",
            "GB",
            "GBP",
            ("GB",),
            "2##-#######-#######",
            "##############",
            _SKU,
            3,
            "marketplace.amazon.co.uk",
        ),
        Profile(
            "amazon_it",
            "IT",
            "EUR",
            ("IT",),
            "4##-#######-#######",
            "##############",
            _SKU,
            2,
            "marketplace.amazon.it",
        ),
        Profile(
            "zalando_zfs_de",
            "DE",
            "EUR",
            ("DE",),
            "1030########",
            "@@@@@@@@-@@@@-@@@@",
            _EAN,
            0,
        ),
        Profile(
            "otto_de",
            "DE",
            "EUR",
            ("DE",),
            "@@@@@@@@@@",
            "@@@@@@@@-@@@@-@@@@",
            _SKU,
            2,
        ),
        Profile(
            "cdiscount_fr",
            "FR",
            "EUR",
            ("FR",),
            "2411######@@@@@",
            "{order}-{number}",
            _SKU,
            4,
            "octopia-messages.com",
        ),
        Profile(
            "decathlon_fr",
            "FR",
            "EUR",
            ("FR", "FR", "BE"),
            "FR########-A",
            "{order}-{number}",
            _SKU,
            3,
            "customer.decathlon.com",
        ),
        Profile(
            "galerieslafayette_fr",
            "FR",
            "EUR",
            ("FR",),
            "GL#########-A",
            "{order}-{number}",
            _SKU,
            1,
        ),
        Profile(
            "ebay_de",
            "DE",
            "EUR",
            ("DE",),
            "##-#####-#####",
            "##############",
            _SKU,
            2,
        ),
        Profile(
            "elcorteingles_es",
            "ES",
            "EUR",
            ("ES",),
            "############",
            "{order}{number}",
            _SKU,
            2,
        ),
        Profile(
            "allegro_pl",
            "PL",
            "PLN",
            ("PL",),
            "@@@@@@@@-@@@@-11ee-@@@@-@@@@@@@@@@@@",
            "@@@@@@@@-@@@@-11ee-@@@@-@@@@@@@@@@@@",
            _ID,
            2,
            "allegromail.pl",
        ),
        Profile(
            "bol_nl",
            "NL",
            "EUR",
            ("NL", "NL", "BE"),
            "10########",
            "20########",
            _EAN,
            2,
            "verkopen.bol.com",
        ),
        Profile("cdon_se", "SE", "SEK", ("SE",), "########", "int", _ID, 2),
    )
}

_MARKS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def fill(pattern, rng):
    """Replace the marks of a pattern with random digits and letters.

    :param str pattern: # a digit, @ a capital or digit
    :param random.Random rng: the source of chance
    :return: the number
    :rtype: str
    """
    parts = []
    for mark in pattern:
        if mark == "#":
            mark = _MARKS[int(rng.random() * 10)]
        elif mark == "@":
            mark = _MARKS[int(rng.random() * len(_MARKS))]
        parts.append(mark)
    return "".join(parts)
