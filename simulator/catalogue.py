"""The merchant's products, to which the lines of the orders refer."""

# Name, SKU, price with French tax in euros, tax in percent, weight in kilograms.
_PRODUCTS = (
    ("Organic cotton T-shirt, white, S", "TS-WHT-S", 19.90, "20.0", 0.16),
    ("Organic cotton T-shirt, white, M", "TS-WHT-M", 19.90, "20.0", 0.17),
    ("Organic cotton T-shirt, black, L", "TS-BLK-L", 19.90, "20.0", 0.18),
    ("Hooded sweatshirt, navy, M", "HD-NVY-M", 49.00, "20.0", 0.52),
    ("Hooded sweatshirt, navy, XL", "HD-NVY-XL", 49.00, "20.0", 0.58),
    ("Slim jeans, indigo, 32/32", "JN-IND-3232", 69.95, "20.0", 0.64),
    ("Slim jeans, indigo, 34/32", "JN-IND-3432", 69.95, "20.0", 0.66),
    ("Wool beanie, grey", "BN-GRY", 14.50, "20.0", 0.09),
    ("Leather belt, brown, 95 cm", "BL-BRN-95", 34.90, "20.0", 0.24),
    ("Running shoes, blue, 42", "RS-BLU-42", 89.99, "20.0", 0.71),
    ("Running shoes, blue, 44", "RS-BLU-44", 89.99, "20.0", 0.76),
    ("Trail backpack 20 l", "BP-TRL-20", 59.00, "20.0", 0.83),
    ("Insulated bottle 750 ml", "BT-INS-750", 24.95, "20.0", 0.36),
    ("Folding umbrella, red", "UM-RED", 17.90, "20.0", 0.33),
    ("Yoga mat, 6 mm, green", "YM-GRN-6", 29.90, "20.0", 1.10),
    ("Kettlebell 8 kg", "KB-008", 32.00, "20.0", 8.00),
    ("Bicycle lamp set", "BK-LMP", 22.49, "20.0", 0.15),
    ("Desk lamp, oak and linen", "LP-OAK", 79.00, "20.0", 1.90),
    ("Ceramic mug, speckled", "MG-SPK", 12.90, "20.0", 0.35),
    ("Cast iron casserole 24 cm", "CS-IRN-24", 119.00, "20.0", 4.60),
    ("Chef's knife 20 cm", "KN-CHF-20", 64.50, "20.0", 0.21),
    ("Chopping board, beech", "CB-BCH", 27.00, "20.0", 1.30),
    ("Linen bed set, sand, 240x220", "BS-SND-240", 149.00, "20.0", 2.70),
    ("Bath towel, 70x140, petrol", "TW-PTR-70", 18.90, "20.0", 0.48),
    ("Bookshelf speaker, pair", "SP-BKS", 229.00, "20.0", 9.20),
    ("Wireless earbuds", "EB-WLS", 59.99, "20.0", 0.06),
    ("USB-C charger 65 W", "CH-USB-65", 39.90, "20.0", 0.14),
    ("Phone case, transparent", "PC-TRN", 9.90, "20.0", 0.04),
    ("Mechanical keyboard, AZERTY", "KY-MCH-FR", 99.90, "20.0", 0.95),
    ("Wooden train, 24 pieces", "TY-TRN-24", 36.50, "20.0", 1.05),
    ("Puzzle, 1000 pieces", "TY-PZL-1000", 15.99, "20.0", 0.70),
    ("Board game, family", "TY-BRD-FAM", 41.00, "20.0", 1.45),
    ("Novel, paperback", "BO-NVL", 8.90, "5.5", 0.28),
    ("Atlas of the seas", "BO-ATL", 35.00, "5.5", 1.85),
    ("Cookbook, 200 recipes", "BO-COK", 24.00, "5.5", 1.20),
    ("Children's picture book", "BO-CHD", 11.50, "5.5", 0.40),
    ("Organic olive oil 500 ml", "FD-OIL-500", 13.80, "5.5", 0.95),
    ("Green tea, 100 g", "FD-TEA-100", 6.95, "5.5", 0.14),
    ("Dark chocolate box", "FD-CHO-BOX", 21.00, "5.5", 0.45),
    ("Chestnut honey 250 g", "FD-HNY-250", 7.60, "5.5", 0.42),
)
# How many of a product are in its pack (ours).
PACK_SIZE = 6
# Numbers of the articles that are packs begin here (ours).
_FIRST_PACK = 500
# First eleven digits of every EAN, a French company's (ours).
_EAN_COMPANY = 37_600_123_4


def build_products():
    """List the catalogue.

    :return: products with `id`, `sku`, `ean`, `pack_ean` (of a pack of six),
        `supplier_code`, `name`, `price` (euros, tax included), `tax_rate` (percent),
        `weight` (kilograms)
    :rtype: list of dict
    """
    return [
        {
            "id": number,
            "sku": sku,
            "ean": make_ean(number),
            "pack_ean": make_ean(_FIRST_PACK + number),
            "supplier_code": f"FAB/{number:04d}",
            "name": name,
            "price": price,
            "tax_rate": tax_rate,
            "weight": weight,
        }
        for number, (name, sku, price, tax_rate, weight) in enumerate(_PRODUCTS, 1)
    ]


def make_pack(product):
    """Describe a pack of a product, which is sold as an article of its own.

    :param dict product: the product
    :return: the pack, as a product
    :rtype: dict
    """
    return {
        **product,
        "ean": product["pack_ean"],
        "name": f"{product['name']}, pack of {PACK_SIZE}",
        "price": round(product["price"] * PACK_SIZE * 0.9, 2),
        "weight": product["weight"] * PACK_SIZE,
    }


def make_unknown_product(number):
    """Describe a product that the merchant no longer has.

    :param int number: its number among those
    :return: a product that is in no catalogue
    :rtype: dict
    """
    return {
        "id": 90_000 + number,
        "sku": f"GONE-{number:04d}",
        "ean": make_ean(900 + number % 100),
        "name": f"Discontinued article {number}",
        "price": 25.0,
        "tax_rate": "20.0",
        "weight": 0.5,
    }


def make_ean(number):
    """Make a valid EAN-13.

    :param int number: number of the article, below 1,000
    :return: thirteen digits
    :rtype: str
    """
    digits = f"{_EAN_COMPANY}{number:03d}"
    odd, even = (sum(map(int, digits[start::2])) for start in (0, 1))
    return f"{digits}{-(odd + 3 * even) % 10}"
