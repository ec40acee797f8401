import ast
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..lengow.feed_keys import FeedKeys

PAIRS_AT_ONCE = 10_000


class LengowFeed(models.Model):
    """Which products a feed holds."""

    _inherit = "lengow.feed"

    product_count = fields.Integer(
        "Products Chosen",
        compute="_compute_product_count",
        help="Those that the rules and the options choose, out of stock or not.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "company_id", "domain", "include_archived", "include_unpublished", "only_marked"
    )
    def _compute_product_count(self):
        products = self.env["product.product"].with_context(active_test=False)
        for feed in self:
            try:
                with self.env.cr.savepoint():
                    feed.product_count = products.search_count(feed._get_domain())
            except Exception:  # noqa: BLE001 the form opens; the build says what is wrong
                feed.product_count = 0

    # === CONSTRAINTS === #

    @api.constrains("domain")
    def _check_domain(self):
        for feed in self:
            try:
                feed.env["product.product"].search(feed._get_own_domain(), limit=1)
            except Exception as error:
                raise ValidationError(feed._explain_domain(error)) from error

    # === ACTION METHODS === #

    def action_view_products(self):
        """:return: action that lists the feed's products."""
        self.ensure_one()
        return self._open_products(self._get_domain())

    def _open_products(self, domain):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Products of %s", self.name),
            "res_model": "product.product",
            "view_mode": "list,form",
            "domain": list(domain),
            "context": {"active_test": False, "create": False},
        }

    # === BUSINESS METHODS === #

    def _get_own_domain(self):
        """:return: what the user entered.
        :raise ValueError: when it is no domain.
        """
        try:
            return Domain(ast.literal_eval(self.domain or "[]"))
        except (SyntaxError, TypeError, ValueError) as error:
            raise ValueError(str(error)) from error

    def _get_domain(self):
        """:return: the domain of all products of the feed."""
        self.ensure_one()
        products = self.env["product.product"]
        domain = self._get_own_domain() & Domain(
            products._check_company_domain(self.company_id)
        )
        if self.only_marked:
            domain &= Domain("lengow_published", "=", True)
        if not self.include_unpublished and "is_published" in products._fields:
            domain &= Domain("is_published", "=", True)
        if not self.include_archived:
            domain &= Domain("active", "=", True)
        return domain

    def _explain_domain(self, error):
        return self.env._(
            "The choice of products of the feed %(feed)s is not understood (%(error)s). "
            "Open the feed and choose its products again.",
            feed=self.name,
            error=error,
        )

    def _find_keys(self, served):
        """List the products of the feed.

        :param FeedKeys served: those of the version that is served, or None.
        :return: :class:`FeedKeys`, nothing of it to be computed.
        :raise ValueError: when the domain is not understood any more.
        """
        # That nothing came or went is seen far faster than all products are listed.
        digest, keys = self._digest_pairs(), FeedKeys()
        if served and served.digest == digest:
            keys.templates, keys.products = served.templates, served.products
        else:
            keys = self._list_keys()
        keys.digest = digest
        keys.set_with_variants(self._find_templates_with_variants(keys))
        return keys

    def _list_keys(self):
        keys, cr = FeedKeys(), self.env.cr
        # A cursor of the server: a million rows at once would fill the memory.
        cr.execute(SQL("DECLARE lengow_pairs CURSOR FOR %s", self._select_pairs()))
        fetch = SQL("FETCH %s FROM lengow_pairs", PAIRS_AT_ONCE)
        while pairs := self.env.execute_query(fetch):
            keys.add_pairs(pairs)
        cr.execute("CLOSE lengow_pairs")
        return keys

    def _digest_pairs(self):
        """:return: a text that is another one when other products are in the feed."""
        query = self._search_pairs()
        pair = SQL(
            "%(table)s.product_tmpl_id::bigint << 32 | %(table)s.id",
            table=SQL.identifier(query.table),
        )
        [(count, total)] = self.env.execute_query(
            query.select(SQL("count(*)"), SQL("sum(hashint8extended(%s, 0))", pair))
        )
        return f"{count} {total or 0}"

    def _select_pairs(self, limit=None):
        """:return: SQL of template's and product's id of each product, in their order."""
        query = self._search_pairs(limit)
        table = SQL.identifier(query.table)
        query.order = SQL("%s.product_tmpl_id, %s.id", table, table)
        return query.select(SQL("%s.product_tmpl_id", table), SQL("%s.id", table))

    def _search_pairs(self, limit=None):
        products = self.env["product.product"].with_context(active_test=False)
        query = products._search(self._get_domain(), limit=limit)
        query.order = None
        return query

    def _find_templates_with_variants(self, keys):
        """:return: set of ids of the feed's templates that have more than one variant."""
        counts = Counter(keys.templates)
        if all(count > 1 for count in counts.values()):
            return set(counts)
        # Their other variants may not be in the feed.
        self.env["product.product"].flush_model(["active", "product_tmpl_id"])
        active = SQL() if self.include_archived else SQL("WHERE active")
        rows = self.env.execute_query(
            SQL(
                "SELECT product_tmpl_id FROM product_product %s "
                "GROUP BY product_tmpl_id HAVING count(*) > 1",
                active,
            )
        )
        return counts.keys() & {template_id for (template_id,) in rows}

    def _get_parents(self, keys):
        """:return: set of ids of the templates that have a parent row."""
        return set(keys.with_variants) if self.variant_mode == "parents" else set()
