from odoo import models
from odoo.tools import SQL

from ..lengow.feed_keys import FeedKeys

PAIRS_AT_ONCE = 10_000


class LengowFeed(models.Model):
    """Which products a feed holds."""

    _inherit = "lengow.feed"

    # === BUSINESS METHODS === #

    def _find_keys(self):
        """List the products of the feed.

        :return: :class:`FeedKeys`, nothing of it to be computed.
        :raise ValueError: when the domain is not understood any more.
        """
        keys = FeedKeys()
        self.env.cr.execute(self._select_pairs())
        while pairs := self.env.cr.fetchmany(PAIRS_AT_ONCE):
            keys.add_pairs(pairs)
        with_variants = self._find_templates_with_variants()
        keys.with_variants.extend(sorted(with_variants & set(keys.templates)))
        return keys

    def _select_pairs(self, limit=None):
        """:return: SQL of template's and product's id of each product, in their order."""
        products = self.env["product.product"].with_context(active_test=False)
        query = products._search(self._get_domain(), limit=limit)
        table = SQL.identifier(query.table)
        query.order = SQL("%s.product_tmpl_id, %s.id", table, table)
        return query.select(SQL("%s.product_tmpl_id", table), SQL("%s.id", table))

    def _find_templates_with_variants(self):
        """:return: set of ids of the templates that have more than one variant."""
        self.env["product.product"].flush_model(["active", "product_tmpl_id"])
        active = SQL() if self.include_archived else SQL("WHERE active")
        rows = self.env.execute_query(
            SQL(
                "SELECT product_tmpl_id FROM product_product %s "
                "GROUP BY product_tmpl_id HAVING count(*) > 1",
                active,
            )
        )
        return {template_id for (template_id,) in rows}

    def _get_parents(self, keys):
        """:return: set of ids of the templates that have a parent row."""
        return set(keys.with_variants) if self.variant_mode == "parents" else set()
