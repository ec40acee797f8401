from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    lengow_line_id = fields.Many2one(
        "lengow.order.line", "Marketplace Line", copy=False, index="btree_not_null"
    )
    lengow_kind = fields.Selection(
        [
            ("product", "Product"),
            ("shipping", "Shipping"),
            ("processing_fee", "Processing Fee"),
            ("discount", "Discount"),
            ("adjustment", "Adjustment"),
        ],
        "Marketplace Amount",
        copy=False,
        help="What the buyer paid for on the marketplace. Odoo does not reprice it.",
    )

    # === COMPUTE METHODS === #

    def _compute_price_unit(self):
        return super(SaleOrderLine, self._lengow_repriceable())._compute_price_unit()

    def _compute_discount(self):
        return super(SaleOrderLine, self._lengow_repriceable())._compute_discount()

    def _compute_analytic_distribution(self):
        """Look for distribution models once, rather than for each marketplace line."""
        others, ours = self, self.filtered("lengow_kind")
        distribution_models_sudo = self.env[
            "account.analytic.distribution.model"
        ].sudo()
        if ours and not distribution_models_sudo.search_count([], limit=1):
            lines = ours.with_context(lengow_no_distribution_models=True)
            super(SaleOrderLine, lines)._compute_analytic_distribution()
            others -= ours
        return super(SaleOrderLine, others)._compute_analytic_distribution()

    # === BUSINESS METHODS === #

    def _action_launch_stock_rule(self, **kwargs):
        """Leave out what the marketplace delivers from its own warehouse."""
        lines = self.filtered(
            lambda line: line.order_id.lengow_delivered_by != "marketplace"
        )
        return super(SaleOrderLine, lines)._action_launch_stock_rule(**kwargs)

    def _update_line_quantity(self, values):
        """Leave out Odoo's own message: a change is told in one, with all it did."""
        if not self.env.context.get("lengow_change"):
            return super()._update_line_quantity(values)
        return None

    def _lengow_repriceable(self):
        """:return: the lines whose price is Odoo's own."""
        return self.filtered(lambda line: not line.lengow_kind)
