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

    # The key of a large package is longer than an entry of an index can be.
    _lengow_package_uniq = models.UniqueIndex(
        "(lengow_order_id, md5(lengow_package_key)) WHERE lengow_order_id IS NOT NULL",
        "A marketplace package is one sale order.",
    )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Confirm marketplace orders apart: they keep their own date."""
        imported = self.filtered("lengow_order_id")
        if imported and imported != self:
            (self - imported).action_confirm()
            return imported.action_confirm()
        res = super().action_confirm()
        imported.filtered("lengow_hold_reason")._lengow_release()
        return res

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
        return vals

    def _action_cancel(self):
        res = super()._action_cancel()
        self.filtered("lengow_hold_reason")._lengow_release()
        return res

    def _lengow_release(self):
        """Take held orders out of what a person has to fix."""
        self.lengow_hold_reason = False
        marketplace_orders_sudo = (
            self.lengow_order_id.sudo()
        )  # salespeople may not write
        marketplace_orders_sudo.filtered(
            lambda order: not any(order.sale_order_ids.mapped("lengow_hold_reason"))
        ).write({"error_code": False, "error_message": False})

    def _remove_delivery_line(self):
        """Keep what the buyer paid for shipping when a carrier is chosen in Odoo."""
        ours = self.filtered(lambda order: not order.lengow_order_id)
        return super(SaleOrder, ours)._remove_delivery_line()

    def _create_delivery_line(self, carrier, price_unit):
        """Add nothing: the buyer has paid for shipping at the marketplace."""
        if self.lengow_order_id:
            return self.order_line.filtered("is_delivery")[:1]
        return super()._create_delivery_line(carrier, price_unit)

    def _get_update_prices_lines(self):
        return super()._get_update_prices_lines()._lengow_repriceable()
