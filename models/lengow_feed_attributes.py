from collections import defaultdict
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

VALUE_SEPARATOR = ","


class BatchAttributes(NamedTuple):
    """What a batch's products are called apart by.

    :param dict products: product's id -> attribute's id -> text.
    :param dict templates: template's id -> attribute's id -> text.
    :param dict varying: template's id -> ids of attributes with several values.
    :param dict extras: product's id -> what its values cost extra.
    """

    products: dict
    templates: dict
    varying: dict
    extras: dict


class LengowFeed(models.Model):
    """Attributes of products, in the feed's language."""

    _inherit = "lengow.feed"

    # === BUSINESS METHODS === #

    def _get_attributes(self, batch):
        """Look up the attributes of a batch in two queries.

        A variant has the value that makes it what it is; of attributes that make no
        variants, and on parents, all values that the template offers.

        :return: :class:`BatchAttributes`.
        """
        self.env.flush_all()
        offered = self.env.execute_query(
            SQL(
                "SELECT v.id, v.product_tmpl_id, v.attribute_id, "
                "v.product_attribute_value_id, v.price_extra, v.ptav_active "
                "FROM product_template_attribute_value v "
                "JOIN product_template_attribute_line l ON l.id = v.attribute_line_id "
                "JOIN product_attribute_value n ON n.id = v.product_attribute_value_id "
                "WHERE v.product_tmpl_id = ANY(%(ids)s) "
                "AND l.product_tmpl_id = ANY(%(ids)s) "  # or all lines would be read
                "ORDER BY l.sequence, l.id, n.sequence, n.id",
                ids=batch.templates.ids,
            )
        )
        own = self.env.execute_query(
            SQL(
                "SELECT product_product_id, product_template_attribute_value_id "
                "FROM product_variant_combination WHERE product_product_id = ANY(%s)",
                batch.products.ids,
            )
        )
        names = self._get_value_names({row[3] for row in offered})
        values = {}
        lists = defaultdict(lambda: defaultdict(list))
        for key, template_id, attribute_id, value_id, extra, is_active in offered:
            values[key] = attribute_id, names[value_id], extra or 0.0
            if is_active:
                lists[template_id][attribute_id].append(names[value_id])
        templates = {
            template_id: {
                attribute_id: VALUE_SEPARATOR.join(texts)
                for attribute_id, texts in by_attribute.items()
            }
            for template_id, by_attribute in lists.items()
        }
        products = {
            product_id: dict(templates.get(template_id, ()))
            for template_id, product_id in batch.pairs
        }
        extras = defaultdict(float)
        for product_id, key in own:
            if key not in values:
                continue  # left over from a template that was taken apart
            attribute_id, name, extra = values[key]
            products[product_id][attribute_id] = name
            extras[product_id] += extra
        varying = {
            template_id: [key for key, texts in by_attribute.items() if len(texts) > 1]
            for template_id, by_attribute in lists.items()
        }
        return BatchAttributes(products, templates, varying, extras)

    def _get_value_names(self, value_ids):
        values = self.env["product.attribute.value"].browse(value_ids)
        values.fetch(["name"])
        return {value.id: value.name for value in values}
