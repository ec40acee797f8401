from collections import Counter
from itertools import islice, pairwise

from odoo import api, fields, models
from odoo.fields import Command

from ..const import FEED_WARNING_PRODUCTS
from ..lengow.feed_headers import clean_headers
from .lengow_feed_rows import (
    FAILED,
    LOST_IMAGE,
    NO_EAN,
    NO_ID,
    NO_IMAGE,
    NO_PRICE,
    NOT_FOUND,
    UNWRITABLE,
)

DUPLICATE_ID = "duplicate_id"
FLAGS = {
    NO_ID: "no_id",
    NOT_FOUND: "not_found",
    NO_PRICE: "no_price",
    NO_EAN: "no_ean",
    NO_IMAGE: "no_image",
    LOST_IMAGE: "lost_image",
    FAILED: "failed",
    UNWRITABLE: "unwritable",
}


class LengowFeedWarning(models.Model):
    """Something about a feed that may keep products from being sold."""

    _name = "lengow.feed.warning"
    _description = "Lengow feed warning"
    _order = "sequence, id"

    feed_id = fields.Many2one(
        "lengow.feed", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="feed_id.company_id", store=True)
    sequence = fields.Integer()
    code = fields.Char(required=True)
    message = fields.Char(required=True)
    count = fields.Integer("Rows")
    product_ids = fields.Json()
    template_ids = fields.Json()

    # === ACTION METHODS === #

    def action_view_products(self):
        """:return: action that lists the products meant."""
        self.ensure_one()
        return self.feed_id._open_products(
            [
                "|",
                ("id", "in", self.product_ids or []),
                ("product_tmpl_id", "in", self.template_ids or []),
            ]
        )


class LengowFeed(models.Model):
    """What is wrong with the rows of a feed."""

    _inherit = "lengow.feed"

    warning_ids = fields.One2many("lengow.feed.warning", "feed_id", readonly=True)
    warning_count = fields.Integer(compute="_compute_warning_count")

    # === COMPUTE METHODS === #

    @api.depends("warning_ids")
    def _compute_warning_count(self):
        for feed in self:
            feed.warning_count = len(feed.warning_ids)

    # === BUSINESS METHODS === #

    def _renew_warnings(self, index, old_index):
        """Tell what is wrong with the version that is served now.

        :param FeedIndex index: its index.
        :param FeedIndex old_index: that of the version before, None if there is none.
        """
        if old_index and index.has_facts_of(old_index):
            problems = self._get_known_problems()
        else:
            problems = {**_find_problems(index), DUPLICATE_ID: _find_duplicates(index)}
        vals_list = [
            {**vals, "sequence": number}
            for number, vals in enumerate(self._prepare_warnings(index, problems))
        ]
        known = [
            {name: warning[name] for name in vals}
            for warning, vals in zip(self.warning_ids, vals_list, strict=False)
        ]
        if known != vals_list or len(known) != len(self.warning_ids):
            self.warning_ids = [Command.clear(), *map(Command.create, vals_list)]

    def _get_known_problems(self):
        """:return: what the warnings say of rows, as :func:`_find_problems` does."""
        problems = {}
        for warning in self.warning_ids:
            templates = [-template_id for template_id in warning.template_ids or ()]
            rows = [*(warning.product_ids or ()), *templates]
            problems[warning.code] = warning.count, rows
        return problems

    def _prepare_warnings(self, index, problems):
        """Prepare the warnings about an index, the worst ones first.

        :param FeedIndex index: the index.
        :param dict problems: code -> how many rows have the problem, the first of them.
        :return: values of the warnings.
        """
        words = self._get_warning_words()
        vals_list = [
            {"code": code, "message": message}
            for code, message in self._get_general_problems(index)
        ]
        for code, message in words.items():
            count, rows = problems.get(code, (0, ()))
            if count:
                vals_list.append(
                    {
                        "code": code,
                        "message": message,
                        "count": count,
                        "product_ids": [row for row in rows if row > 0] or False,
                        "template_ids": [-row for row in rows if row < 0] or False,
                    }
                )
        return vals_list

    def _get_warning_words(self):
        """:return: dict of code to sentence, the worst first."""
        name = dict(self._fields["id_source"]._description_selection(self.env))
        return {
            "no_id": self.env._(
                "Products without an id. Lengow ignores them: fill in their %s.",
                name[self.id_source],
            ),
            DUPLICATE_ID: self.env._(
                "Products that share an id. Lengow keeps one of them: give each its own."
            ),
            "not_found": self.env._(
                "Products that the import of orders would not find, or not alone, by "
                "their id. Use the internal reference as id, make references unique, or "
                "map the products."
            ),
            "no_price": self.env._(
                "Products without a price. Marketplaces refuse them: enter one."
            ),
            "failed": self.env._(
                "Products with a cell that could not be computed. Check the paths and "
                "expressions of the columns."
            ),
            "no_ean": self.env._(
                "Products without a barcode. Most marketplaces want an EAN."
            ),
            "no_image": self.env._(
                "Products without an image. Upload one: most marketplaces want it."
            ),
            "lost_image": self.env._(
                "Products whose image is missing on the server. Upload it again."
            ),
            "unwritable": self.env._(
                "Products with characters that the format cannot hold; they are left out."
            ),
        }

    def _get_general_problems(self, index):
        """:return: (code, sentence) of each problem that is not about single products."""
        if not len(index):
            yield (
                "no_products",
                self.env._(
                    "The feed holds no product. Check the choice of products, and "
                    "whether they are marked for Lengow."
                ),
            )
        if self._get_rate(self.currency_id) is None:
            yield (
                "no_rate",
                self.env._(
                    "Prices are left empty: an exchange rate is missing for one of the "
                    "currencies %s. Enter it under Accounting, Currencies.",
                    ", ".join(self._get_currencies().mapped("name")),
                ),
            )
        if not self._get_id_header():
            yield (
                "no_id_column",
                self.env._(
                    "No column holds the product ID. Marketplace orders could not be "
                    "matched with products: add the column."
                ),
            )
        columns = self._get_columns()
        headers, changed = clean_headers(columns.mapped("name"))
        for number in changed:
            yield (
                "header",
                self.env._(
                    "The header “%(name)s” of column %(number)s is empty, too long, or "
                    "there twice. It is written as %(header)s.",
                    name=columns[number].name or "",
                    number=number + 1,
                    header=headers[number],
                ),
            )
        for column in columns:
            problem = (self.failures or {}).get(str(column.id))
            if problem:
                yield (
                    "failed_column",
                    self.env._(
                        "The column %(column)s has empty cells, since it could not be "
                        "computed: %(problem)s",
                        column=column.name,
                        problem=problem,
                    ),
                )


def _find_problems(index):
    """:return: dict of code to how many rows have the problem, and the first of them."""
    counts = Counter(index.flags)
    found = {}
    for bit, code in FLAGS.items():
        count = sum(rows for flags, rows in counts.items() if flags & bit)
        rows = zip(index.products, index.flags, strict=True) if count else ()
        found[code] = count, _take(product for product, flags in rows if flags & bit)
    return found


def _find_duplicates(index):
    """:return: how many rows share their id with another, and the first of them."""
    # Sorted, they take far less memory than in a set.
    twice = {hashed for hashed, other in pairwise(sorted(index.ids)) if hashed == other}
    twice.discard(0)  # no id at all is another problem
    if not twice:
        return 0, []
    rows = zip(index.products, index.ids, strict=True)
    first = _take(product for product, hashed in rows if hashed in twice)
    return sum(hashed in twice for hashed in index.ids), first


def _take(rows):
    return list(islice(rows, FEED_WARNING_PRODUCTS))
