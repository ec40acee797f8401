from odoo import models

from .lengow_feed_column import MAXIMUM_IMAGES

# Headers of Lengow's own example, in its order (API reference, "CSV format").
EXAMPLE_COLUMNS = (
    ("ID_PRODUCT", "id"),
    ("NAME_PRODUCT", "name"),
    ("REFERENCE_PRODUCT", "reference"),
    ("MANUFACTURER", "brand"),
    ("CATEGORY", "category"),
    ("DESCRIPTION", "description"),
    ("PRICE_PRODUCT", "price"),
    ("PRICE_REDUCTION", "price_reduced"),
    ("POURCENTAGE_REDUCTION", "reduction_percent"),
    ("QUANTITY", "quantity"),
    ("EAN", "ean"),
    ("URL_PRODUCT", "url"),
    ("IMAGE_PRODUCT", "image"),
    ("DELIVERY_PRICE", "delivery_price"),
    ("PARENT_ID", "parent_id"),
    ("REDUCTION_FROM", "reduction_from"),
    ("REDUCTION_TO", "reduction_to"),
    ("PRODUCT_TYPE", "product_type"),
    ("PRODUCT_VARIATION", "product_variation"),
    ("CURRENCY", "currency"),
)
# Ours, in the same manner.
FURTHER_COLUMNS = (
    ("DESCRIPTION_HTML", "description_html"),
    ("DESCRIPTION_SHORT", "description_short"),
    ("WEIGHT", "weight"),
)


class LengowFeed(models.Model):
    """The columns that a new feed begins with."""

    _inherit = "lengow.feed"

    # === BUSINESS METHODS === #

    def _prepare_default_columns(self):
        """:return: values of a complete set of columns, in their order."""
        columns = [
            {"name": name, "kind": "standard", "value": value}
            for name, value in EXAMPLE_COLUMNS + FURTHER_COLUMNS
        ]
        columns += [
            {
                "name": f"IMAGE_PRODUCT_{number}",
                "kind": "standard",
                "value": "image",
                "image_number": number,
            }
            for number in range(2, MAXIMUM_IMAGES + 1)
        ]
        columns += [
            {
                "name": attribute.name.upper(),
                "kind": "attribute",
                "attribute_id": attribute.id,
            }
            for attribute in self.env["product.attribute"]
            .with_context(lang=self.lang)
            .search([])
        ]
        return columns
