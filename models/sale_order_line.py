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

    # === BUSINESS METHODS === #

    def _action_launch_stock_rule(self, **kwargs):
        """Leave out what the marketplace delivers from its own warehouse."""
        orders_sudo = (
            self.order_id.sudo()
        )  # salespeople may not read marketplace orders
        elsewhere = orders_sudo.filtered("lengow_order_id.is_fulfilled_by_marketplace")
        lines = self.filtered(lambda line: line.order_id not in elsewhere)
        return super(SaleOrderLine, lines)._action_launch_stock_rule(**kwargs)

    def _lengow_repriceable(self):
        """:return: the lines whose price is Odoo's own."""
        return self.filtered(lambda line: not line.lengow_kind)
