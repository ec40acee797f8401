from odoo import api, fields, models


class SaleOrder(models.Model):
    """What the marketplace keeps, for analysis."""

    _inherit = "sale.order"

    lengow_commission = fields.Monetary(
        "Marketplace Commission",
        compute="_compute_lengow_commission",
        compute_sudo=True,
        store=True,
        help="What the marketplace keeps of this order. It is no part of its total.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "lengow_order_id.commission", "lengow_order_id.sale_order_ids.amount_total"
    )
    def _compute_lengow_commission(self):
        """Share the commission of several packages out by what they cost."""
        self.filtered(lambda order: not order.lengow_order_id).lengow_commission = 0.0
        for marketplace_order in self.lengow_order_id:
            packages = marketplace_order.sale_order_ids.sorted("id")
            total = sum(packages.mapped("amount_total"))
            left = marketplace_order.commission
            for order in packages[:-1]:
                share = (
                    marketplace_order.commission * order.amount_total / (total or 1.0)
                )
                order.lengow_commission = order.currency_id.round(share)
                left -= order.lengow_commission
            packages[-1:].lengow_commission = left
