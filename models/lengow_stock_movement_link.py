from odoo import api, models
from odoo.fields import Domain

from ..lengow.movement import RECEIVED

# What movements name a notice by.
MARKS = ("name", "advice_id")


class LengowShippingNotice(models.Model):
    """Finding what arrived of a notice before the notice was known."""

    _inherit = "lengow.shipping.notice"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        notices = super().create(vals_list)
        notices._link_movements()
        return notices

    def write(self, vals):
        marks = {notice: [notice[name] for name in MARKS] for notice in self}
        res = super().write(vals)
        self.filtered(
            lambda notice: marks[notice] != [notice[name] for name in MARKS]
        )._link_movements()
        return res

    # === BUSINESS METHODS === #

    def _link_movements(self):
        """Take in the movements that name these notices."""
        movements_sudo = self.env[
            "lengow.stock.movement"
        ].sudo()  # written by the system only
        for notice in self:
            marks = Domain("reference", "=", notice.name)
            if notice.advice_id:
                marks |= Domain("advice_id", "=", notice.advice_id)
            found_sudo = movements_sudo.search(
                marks
                & Domain("notice_id", "=", False)
                & Domain("channel_id.account_id", "=", notice.channel_id.account_id.id)
            )
            if found_sudo:
                found_sudo.notice_id = notice
                found_sudo._take_back_brought()


class LengowStockMovement(models.Model):
    """Pieces that a transfer brings to the marketplace, and the marketplace receives."""

    _inherit = "lengow.stock.movement"

    # === BUSINESS METHODS === #

    def _is_brought_by_transfer(self):
        """:return: whether a transfer has put the received pieces there already."""
        picking = self.notice_id.picking_id
        location = self.channel_id.fulfilment_location_id
        return bool(
            self.kind == RECEIVED
            and picking.state == "done"
            and location
            and picking.location_dest_id._child_of(location)
        )

    def _take_back_brought(self):
        """Reverse movements that turn out to be what a transfer has brought."""
        brought = self.filtered(
            lambda m: m.state == "moved" and m._is_brought_by_transfer()
        )
        if not brought:
            return
        brought._reverse()
        for picking, movements in brought.grouped(
            lambda movement: movement.notice_id.picking_id
        ).items():
            movements.write(movements._prepare_brought_vals(picking))

    def _prepare_brought_vals(self, picking):
        return {
            "state": "counted",
            "problem": self.env._(
                "The transfer %s has brought it there already.", picking.name
            ),
        }
