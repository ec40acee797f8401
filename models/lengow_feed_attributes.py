from collections import defaultdict

from odoo import models
from odoo.tools import SQL

VALUE_SEPARATOR = ","


class LengowFeed(models.Model):
    """Attributes of products, in the feed's language."""

    _inherit = "lengow.feed"

    # === BUSINESS METHODS === #

    def _get_attribute_texts(self, batch):
        """Look up the attributes of a batch in two queries.

        A variant has the value that makes it what it is; of attributes that make no
        variants, and on parents, all values that the template offers.

        :return: pair of dicts, of products and of templates: id -> attribute's id -> text.
        """
        self.env.flush_all()
        own = self.env.execute_query(
            SQL(
                "SELECT c.product_product_id, v.attribute_id, v.product_attribute_value_id "
                "FROM product_variant_combination c "
                "JOIN product_template_attribute_value v "
                "ON v.id = c.product_template_attribute_value_id "
                "WHERE c.product_product_id = ANY(%s)",
                batch.products.ids,
            )
        )
        offered = self.env.execute_query(
            SQL(
                "SELECT v.product_tmpl_id, v.attribute_id, v.product_attribute_value_id "
                "FROM product_template_attribute_value v "
                "JOIN product_attribute_value a ON a.id = v.product_attribute_value_id "
                "WHERE v.product_tmpl_id = ANY(%s) AND v.ptav_active "
                "ORDER BY a.sequence, a.id",
                batch.templates.ids,
            )
        )
        names = self._get_value_names({row[2] for row in own + offered})
        lists = defaultdict(lambda: defaultdict(list))
        for template_id, attribute_id, value_id in offered:
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
        for product_id, attribute_id, value_id in own:
            products[product_id][attribute_id] = names[value_id]
        return products, templates

    def _get_value_names(self, value_ids):
        values = self.env["product.attribute.value"].browse(value_ids)
        values.fetch(["name"])
        return {value.id: value.name for value in values}
