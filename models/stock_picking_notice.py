from odoo import fields, models

from ..lengow.shipping_notices import DISPATCH, UPDATE_DISPATCH


class StockPicking(models.Model):
    """Transfers that bring stock to a marketplace."""

    _inherit = "stock.picking"

    lengow_notice_ids = fields.One2many(
        "lengow.shipping.notice", "picking_id", "Shipping Notices"
    )
    lengow_is_to_marketplace = fields.Boolean(
        compute="_compute_lengow_is_to_marketplace",
        help="It may become a shipping notice.",
    )

    # === COMPUTE METHODS === #

    def _compute_lengow_is_to_marketplace(self):
        channels_sudo = (
            self.env["lengow.channel"]
            .sudo()  # warehouse people may not read channels
            .search([("feed_ref", "!=", False)])
        )
        locations = (
            channels_sudo.fulfilment_location_id | channels_sudo.transit_location_id
        )
        for picking in self:
            picking.lengow_is_to_marketplace = bool(locations) and any(
                picking.location_dest_id._child_of(location) for location in locations
            )

    # === ACTION METHODS === #

    def button_validate(self):
        """Offer to dispatch the shipping notice of a transfer that was just done."""
        res = super().button_validate()
        if res is not True or len(self) != 1:
            return res
        return self._lengow_offer_dispatch() or res

    def action_lengow_create_notice(self):
        """:return: action that makes a shipping notice of the transfer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_lengow.action_lengow_create_notice"
        )
        return {**action, "context": {"default_picking_id": self.id}}

    def action_lengow_view_notices(self):
        """:return: action that opens the shipping notices of the transfer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_lengow.action_lengow_shipping_notice"
        )
        if len(self.lengow_notice_ids) == 1:
            views = [(False, "form")]
            return {**action, "views": views, "res_id": self.lengow_notice_ids.id}
        return {**action, "domain": [("picking_id", "=", self.id)]}

    # === BUSINESS METHODS === #

    def _action_done(self):
        """Let shipping notices dispatch what really left, and count nothing twice."""
        res = super()._action_done()
        notices_sudo = self.sudo().lengow_notice_ids  # warehouse people may not write
        for notice_sudo in notices_sudo:
            if notice_sudo.picking_id.state == "done" and notice_sudo.state in (
                "draft",
                "new",
                "announced",
                "confirmed",
                "awaited",
            ):
                notice_sudo._fill_dispatched()
        notices_sudo.movement_ids._take_back_brought()
        return res

    def _lengow_offer_dispatch(self):
        """:return: action of the wizard that dispatches, or None."""
        if self.state != "done" or not self.env.user.has_group(
            "sale_lengow.group_lengow_user"
        ):
            return None
        for notice in self.lengow_notice_ids:
            if notice._is_offered(DISPATCH) or notice._is_offered(UPDATE_DISPATCH):
                return notice.action_open_dispatch()
        return None
