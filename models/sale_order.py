from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    lengow_order_id = fields.Many2one(
        "lengow.order",
        "Marketplace Order",
        copy=False,
        index="btree_not_null",
        readonly=True,
    )
    lengow_package_key = fields.Char(
        "Marketplace Package",
        copy=False,
        readonly=True,
        help="The numbers of its lines.",
    )
    lengow_channel_id = fields.Many2one(
        related="lengow_order_id.channel_id", string="Marketplace Channel", store=True
    )
    lengow_hold_reason = fields.Text(
        "Held", copy=False, help="Why the imported order was not confirmed."
    )

    _lengow_package_uniq = models.UniqueIndex(
        "(lengow_order_id, lengow_package_key) WHERE lengow_order_id IS NOT NULL",
        "A marketplace package is one sale order.",
    )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Confirm marketplace orders apart: they keep their own date."""
        imported = self.filtered("lengow_order_id")
        if imported and imported != self:
            (self - imported).action_confirm()
            return imported.action_confirm()
        return super().action_confirm()

    def action_view_lengow_order(self):
        """:return: action that shows the marketplace order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "lengow.order",
            "res_id": self.lengow_order_id.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _prepare_confirmation_values(self):
        vals = super()._prepare_confirmation_values()
        if self and all(order.lengow_order_id for order in self):
            vals.pop("date_order", None)
            if self.env.context.get("lengow_import") is None:
                vals["lengow_hold_reason"] = False
        return vals

    def _get_update_prices_lines(self):
        return super()._get_update_prices_lines()._lengow_repriceable()
