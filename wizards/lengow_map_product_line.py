from odoo import api, fields, models
from odoo.fields import Domain

from ..const import CANDIDATES_COMPARED, SUGGESTION_LIKENESS
from ..models.lengow_order_retry import PRODUCT_PROBLEMS
from ..models.likeness import compare_names, split_words


class LengowMapProductLine(models.TransientModel):
    """One unknown product, and the one of ours that it is to be."""

    _name = "lengow.map.product.line"
    _description = "Lengow product to map"
    _check_company_auto = True

    wizard_id = fields.Many2one(
        "lengow.map.product", required=True, ondelete="cascade", index=True
    )
    account_id = fields.Many2one("lengow.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id")
    external_id = fields.Char("Lengow Product", required=True)
    title = fields.Char()
    candidate_ids = fields.Many2many(
        "product.product",
        "lengow_map_product_candidate_rel",
        string="Several Found",
        help="Your products that carry this reference.",
    )
    order_count = fields.Integer("Orders", help="Orders in error that wait for it.")
    suggested_product_id = fields.Many2one("product.product")
    product_id = fields.Many2one("product.product", check_company=True)
    hint = fields.Char(compute="_compute_hint")

    # === COMPUTE METHODS === #

    @api.depends("product_id", "suggested_product_id")
    def _compute_hint(self):
        for line in self:
            is_suggested = (
                line.product_id and line.product_id == line.suggested_product_id
            )
            line.hint = self.env._("Suggestion") if is_suggested else False

    # === BUSINESS METHODS === #

    def _get_waiting_orders(self):
        """:return: the orders in error that name one of the products, oldest first."""
        orders = self.env["lengow.order"]
        for account, lines in self.grouped("account_id").items():
            orders |= orders.search(
                [
                    *self._get_waiting_domain(account),
                    ("line_ids.external_id", "in", lines.mapped("external_id")),
                ]
            )
        return orders.sorted("id")

    @api.model
    def _count_waiting_orders(self, account, external_ids):
        """:return: dict of id to the number of orders in error that name it."""
        domain = Domain("order_id", "any", self._get_waiting_domain(account))
        return dict(
            self.env["lengow.order.line"]._read_group(
                domain & Domain("external_id", "in", external_ids),
                ["external_id"],
                ["order_id:count_distinct"],
            )
        )

    @api.model
    def _get_waiting_domain(self, account):
        return [
            ("account_id", "=", account.id),
            ("state", "=", "error"),
            ("error_code", "in", PRODUCT_PROBLEMS),
        ]

    @api.model
    def _suggest_product(self, company, external_id, title, candidates):
        """Find the product that is most like one of a marketplace.

        :param res.company company: whose products to look at.
        :param str external_id: its id.
        :param str title: its title, or False.
        :param product.product candidates: the products that it may be, if they are known.
        :return: the product; none where nothing is much alike, or several are equally.
        """
        title = title or ""
        found = candidates or self._find_candidates(company, external_id, title)
        found = found.with_context(display_default_code=False)
        likeness = {
            product: compare_names(title, product.display_name) for product in found
        }
        if not candidates:  # whose references are all the same
            for product in found:
                by_reference = compare_names(external_id, product.default_code or "")
                likeness[product] = max(likeness[product], by_reference)
        best = max(likeness.values(), default=0)
        alike = [product for product in likeness if likeness[product] == best]
        if best < SUGGESTION_LIKENESS or len(alike) > 1:
            return candidates.browse()
        return candidates.browse(alike[0].id)

    @api.model
    def _find_candidates(self, company, external_id, title):
        """:return: some products whose reference or name has parts of the other's."""
        products = self.env["product.product"]
        ours = Domain(products._check_company_domain(company))

        def search(domain):
            return products.search(ours & domain, limit=CANDIDATES_COMPARED)

        references = [
            Domain("default_code", "ilike", part) for part in split_words(external_id)
        ]
        found = search(Domain.AND(references)) if references else products
        # Long words say most; a product need not have the brand in its name.
        words = sorted(split_words(title), key=len, reverse=True)
        names = [Domain("name", "ilike", word) for word in words[:4]]
        for domain in (Domain.AND(names[:3]), Domain.AND(names[:2]), Domain.OR(names)):
            alike = search(domain) if names else products
            if alike:
                return found | alike
        return found
