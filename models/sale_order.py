from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

from ..const import MAXIMUM_DELIVERY_STEPS


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
    lengow_relay_point_id = fields.Char(
        "Relay Point",
        readonly=True,
        help="The carrier's number of the shop where the buyer fetches the parcel.",
    )
    lengow_relay_point_name = fields.Char("Relay Point Name", readonly=True)
    lengow_relay_point_type = fields.Char(
        "Relay Point Network",
        readonly=True,
        help="The carrier that the shop works for.",
    )
    lengow_hold_reason = fields.Text(
        "Held", copy=False, help="Why the imported order was not confirmed."
    )
    lengow_delivered_by = fields.Selection(
        [
            ("merchant", "Us"),
            ("marketplace", "The marketplace, without a delivery"),
            ("marketplace_warehouse", "The marketplace, from its own warehouse"),
        ],
        "Delivered by",
        copy=False,
        readonly=True,
    )
    lengow_alert = fields.Text(
        "Marketplace",
        compute="_compute_lengow_alert",
        help="Where the marketplace and Odoo disagree, and what to do.",
    )

    # The key of a large package is longer than an entry of an index can be.
    _lengow_package_uniq = models.UniqueIndex(
        "(lengow_order_id, md5(lengow_package_key)) WHERE lengow_order_id IS NOT NULL",
        "A marketplace package is one sale order.",
    )

    # === COMPUTE METHODS === #

    @api.depends("lengow_order_id.alert")
    def _compute_lengow_alert(self):
        for order in self:
            # Salespeople may not read marketplace orders.
            order.lengow_alert = order.lengow_order_id.sudo().alert

    # === CRUD METHODS === #

    def _auto_init(self):
        """Add the stored fields empty: no order of before is a marketplace's."""
        for name in ("lengow_channel_id", "lengow_commission"):
            if not column_exists(self.env.cr, self._table, name):
                column_type = self._fields[name].column_type[1]
                create_column(self.env.cr, self._table, name, column_type)
        return super()._auto_init()

    def unlink(self):
        """Keep marketplace orders from passing for imported without a sale order."""
        orders_sudo = self.lengow_order_id.sudo()  # salespeople may not write them
        res = super().unlink()
        orders_sudo._forget_deleted_sale_orders()
        return res

    # === ACTION METHODS === #

    def action_confirm(self):
        """Confirm marketplace orders apart: they keep their own date."""
        imported = self.filtered("lengow_order_id")
        if imported and imported != self:
            (self - imported).action_confirm()
            return imported.action_confirm()
        res = super().action_confirm()
        imported.filtered("lengow_hold_reason")._lengow_release()
        imported._lengow_deliver_fulfilled()
        return res

    def action_lengow_refresh(self):
        """Fetch the marketplace order again, and apply what changed.

        :return: notification.
        """
        return self.lengow_order_id.action_refresh()

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

    def _action_confirm(self):
        """Let Odoo find the pickup locations of relay points, and change nothing else.

        It looks for them below the recipient, and would derive the taxes anew.
        """
        relayed = self.filtered(
            lambda order: order.lengow_relay_point_name and order.pickup_location_data
        )
        with self.env.protecting([self._fields["fiscal_position_id"]], relayed):
            for order in relayed:
                if order.partner_shipping_id.is_pickup_location:
                    recipient = order.partner_shipping_id.parent_id
                    order.with_context(
                        update_delivery_shipping_partner=True
                    ).partner_shipping_id = recipient
            res = super()._action_confirm()
        # Salespeople may not read marketplace orders.
        self.sudo().lengow_order_id._remind_of_services()
        return res

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
            lambda order: (
                order.error_code == "total_mismatch" and not order._get_held_reason()
            )
        ).write({"error_code": False, "error_message": False})

    def _lengow_deliver_fulfilled(self):
        """Validate at once what the marketplace delivers from its own warehouse.

        Where that is not possible, its marketplace order says why.
        """
        sales = self.filtered(
            lambda sale: (
                sale.lengow_delivered_by == "marketplace_warehouse"
                and sale.state == "sale"
            )
        )
        # Salespeople may neither write marketplace orders nor validate transfers.
        for marketplace_order_sudo, own in (
            sales.sudo().grouped("lengow_order_id").items()
        ):
            marketplace_order_sudo._deliver_guarded(own)

    def _lengow_validate_deliveries(self):
        """Deliver what was ordered, from one transfer to the next, whatever is in stock."""
        for _step in range(MAXIMUM_DELIVERY_STEPS):
            pickings = self.picking_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            )
            ready = pickings.filtered(lambda picking: picking.state != "waiting")
            if not ready:
                return
            for move in ready.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            ):
                move.quantity = move.product_uom_qty
                move.picked = True
            ready.with_context(cancel_backorder=True)._action_done()

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
