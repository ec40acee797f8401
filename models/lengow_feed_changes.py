import hashlib
import json

from odoo import fields, models
from odoo.tools import SQL

from ..const import FEED_FORMAT_VERSION
from ..lengow.feed_expression import Expression

# Fields that standard values read and that lead to other records.
STANDARD_PATHS = ("categ_id", "taxes_id", "uom_id")
MAXIMUM_DEPTH = 3  # of computed fields that are computed from others
# Their changes are looked for in ways of their own.
WATCHED_MODELS = {"product.product", "product.template", "stock.quant", "stock.move"}


class LengowFeed(models.Model):
    """What must be computed again.

    Odoo notes when each record was written; what each source table holds that is newer
    than the last build leads to the products that it is about. `changes_from` is the
    start of the oldest transaction that was open when the last build began: whatever was
    not visible to that build was written after it.
    """

    _inherit = "lengow.feed"

    # === BUSINESS METHODS: ALL OR SOME === #

    def _make_fingerprint(self):
        """:return: a text that is another when every row may be."""
        columns = [
            [column.name, column.kind, *map(str, column._get_settings())]
            for column in self._get_columns()
        ]
        carrier = self.carrier_id
        facts = [
            FEED_FORMAT_VERSION,
            self.get_base_url(),
            self.company_id.currency_id.name,
            [f"{each.id} {each.currency_id.id}" for each in self._get_pricelists()],
            [str(each.write_date) for each in (carrier, *carrier.price_rule_ids)],
            self.currency_id.decimal_places,
            self.company_id.tax_calculation_rounding_method,
            self.lang,
            self.format,
            self.delimiter,
            columns,
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def _get_transaction_horizon(self):
        """:return: start of the oldest transaction that is open now.

        Asked before the transaction in which the build reads: what is committed between
        the two is seen by the build, and may be computed once more by the next.
        """
        [(horizon,)] = self.env.execute_query(
            SQL(
                "SELECT least(min(xact_start), clock_timestamp()) AT TIME ZONE 'UTC' "
                "FROM pg_stat_activity "
                "WHERE datname = current_database() AND backend_type = 'client backend'"
            )
        )
        return horizon

    def _have_all_changed(self, since, until):
        """Tell whether something changed that every price depends on."""
        currencies = self._get_currencies()
        if len(currencies) == 1:
            return False
        rates = self.env["res.currency.rate"]
        return bool(
            rates.search_count(
                [
                    ("currency_id", "in", currencies.ids),
                    "|",
                    ("write_date", ">=", since),
                    "&",
                    ("name", ">", since.date()),
                    ("name", "<=", until.date()),
                ],
                limit=1,
            )
        )

    def _get_pricelists(self):
        """:return: the pricelists of all columns, and those that they are based on."""
        known = self.env.context.get("lengow_pricelists")
        if known is not None:
            return known  # a build begins again when others are used
        rules = self.env["product.pricelist.item"]
        found = self.pricelist_id | self.column_ids.pricelist_id
        pricelists = found
        while found:
            # Not by reading the rules: there may be one for each product.
            groups = rules._read_group(
                [("pricelist_id", "in", found.ids), ("base", "=", "pricelist")],
                ["base_pricelist_id"],
            )
            found = found.union(*(base for (base,) in groups)) - pricelists
            pricelists |= found
        return pricelists

    def _get_currencies(self):
        return (
            self.currency_id
            | self.company_id.currency_id
            | self._get_pricelists().currency_id
        )

    # === BUSINESS METHODS: CHANGED TEMPLATES === #

    def _find_changed(self, keys, since, until):
        """Find what changed between the last build and this one.

        :param FeedKeys keys: the products of the feed.
        :param datetime since: the last build's `changes_from`.
        :param datetime until: now.
        :return: set of templates' ids; None when every row is to be computed.
        """
        self.env.flush_all()
        if self._have_all_changed(since, until):
            return None
        changed = self._find_written_templates(since)
        products = self._find_stock_changes(since)
        for find in (self._find_price_scopes, self._find_related_products):
            scope = find(since, until)
            if scope is None:
                return None
            products |= scope
        if products:
            template_ids = dict(zip(keys.products, keys.templates, strict=True))
            changed |= {template_ids.get(product) for product in products}
        return changed & set(keys.templates)

    def _find_written_templates(self, since):
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM product_template WHERE write_date >= %(since)s "
                "UNION SELECT product_tmpl_id FROM product_product "
                "WHERE write_date >= %(since)s "
                "UNION SELECT product_tmpl_id FROM product_template_attribute_line "
                "WHERE write_date >= %(since)s "
                "UNION SELECT product_tmpl_id FROM product_template_attribute_value "
                "WHERE write_date >= %(since)s "
                "UNION SELECT product_tmpl_id FROM product_template_attribute_value "
                "WHERE product_attribute_value_id IN (SELECT v.id "
                "FROM product_attribute_value v "
                "JOIN product_attribute a ON a.id = v.attribute_id "
                "WHERE greatest(v.write_date, a.write_date) >= %(since)s)",
                since=since,
            )
        )
        return {template_id for (template_id,) in rows}

    def _find_stock_changes(self, since):
        rows = self.env.execute_query(
            SQL("SELECT product_id FROM stock_quant WHERE write_date >= %s", since)
        )
        if self.stock_kind == "forecast":
            rows += self.env.execute_query(
                SQL("SELECT product_id FROM stock_move WHERE write_date >= %s", since)
            )
        return self._add_kits({product_id for (product_id,) in rows})

    def _add_kits(self, product_ids):
        """Add kits, whose stock is that of their components."""
        if "mrp.bom.line" not in self.env or not product_ids:
            return product_ids
        found = set(product_ids)
        while product_ids:
            lines = self.env["mrp.bom.line"].search(
                [
                    ("product_id", "in", list(product_ids)),
                    ("bom_id.type", "=", "phantom"),
                ]
            )
            boms = lines.bom_id
            kits = boms.product_id | boms.product_tmpl_id.product_variant_ids
            product_ids = set(kits.ids) - found
            found |= product_ids
        return found

    # Prices

    def _find_price_scopes(self, since, until):
        """Find products for which rules were written, began, ended or went.

        :return: set of products' ids, None for all.
        """
        pricelists = self._get_pricelists()
        items = self.env["product.pricelist.item"].search(
            [
                ("pricelist_id", "in", pricelists.ids),
                "|",
                ("write_date", ">=", since),
                "|",
                "&",
                ("date_start", ">", since),
                ("date_start", "<=", until),
                "&",
                ("date_end", ">=", since),
                ("date_end", "<", until),
            ]
        )
        changes = self.env["lengow.feed.change"].search([("changed_at", ">=", since)])
        found = set()
        for records in (items, changes):
            for record in records:
                scope = self._find_scope(record)
                if scope is None:
                    return None
                found |= scope
        return found

    def _find_scope(self, rule):
        """:return: set of ids of the products that a rule is for, None for all."""
        products = self.env["product.product"].with_context(active_test=False)
        if rule.product_id:
            return set(rule.product_id.ids)
        if rule.product_tmpl_id:
            return set(
                products._search([("product_tmpl_id", "=", rule.product_tmpl_id.id)])
            )
        if rule.categ_id:
            return set(products._search([("categ_id", "child_of", rule.categ_id.id)]))
        return None

    # What columns and the domain lead to

    def _find_related_products(self, since, _until):
        """Find products by records that columns lead to and that were written.

        :return: set of products' ids.
        """
        products = self.env["product.product"].with_context(active_test=False)
        found = set()
        for path, model in self._get_sources():
            records = self.env[model].with_context(active_test=False)
            written = records.search([("write_date", ">=", since)])
            if written and path == "categ_id":
                found |= set(products._search([(path, "child_of", written.ids)]))
            elif written:
                found |= set(products._search([(path, "in", written.ids)]))
        return found

    def _get_sources(self):
        """List the other records that rows are made of.

        :return: set of (path from the product, model) of each.
        """
        sources = set()
        paths = [*STANDARD_PATHS, *self._get_column_paths()]
        if "product.image" in self.env:
            paths += ["product_template_image_ids.image_1920"]
            paths += ["product_variant_image_ids.image_1920"]
        for path in paths:
            self._collect_sources("product.product", path, "", sources, MAXIMUM_DEPTH)
        return sources

    def _get_column_paths(self):
        for column in self.column_ids:
            if column.kind == "field":
                yield column.path
            elif column.kind == "expression":
                yield from Expression(column.expression).paths

    def _collect_sources(self, model, path, prefix, sources, depth):
        """Follow a path over stored relations, and into what computed fields depend on."""
        for position, name in enumerate(names := path.split(".")):
            field = self.env[model]._fields.get(name)
            if field is None:
                return
            if field.compute and not field.store and not field.inherited and depth:
                for dependency in self.env.registry.field_depends[field]:
                    self._collect_sources(model, dependency, prefix, sources, depth - 1)
            if not field.relational or not (field.store or field.inherited):
                return
            prefix = f"{prefix}.{name}" if prefix else name
            model = field.comodel_name
            if model not in WATCHED_MODELS and self.env[model]._log_access:
                sources.add((prefix, model))
            elif model in WATCHED_MODELS and position == len(names) - 1:
                return

    def _forget_seen_changes(self):
        """Delete the traces that all feeds have seen."""
        feeds = self.env["lengow.feed"].with_context(active_test=False)
        begun = feeds.search([("changes_from", "!=", False)])
        oldest = min(begun.mapped("changes_from"), default=fields.Datetime.now())
        self.env["lengow.feed.change"].search([("changed_at", "<", oldest)]).unlink()
