from odoo import api, fields, models

from ..lengow.shipping_notices import CONFIRM_DISPATCH, DISPATCH, UPDATE_DISPATCH


class LengowDispatchNotice(models.TransientModel):
    """Offers to dispatch a notice, beside what differs from the announcement."""

    _name = "lengow.dispatch.notice"
    _description = "Dispatch a shipping notice"

    notice_id = fields.Many2one(
        "lengow.shipping.notice", required=True, ondelete="cascade", readonly=True
    )
    picking_id = fields.Many2one(related="notice_id.picking_id")
    announced_total = fields.Integer(related="notice_id.announced_total")
    dispatched_total = fields.Integer(related="notice_id.dispatched_total")
    confirmed_delivery_date = fields.Date(related="notice_id.confirmed_delivery_date")
    difference_ids = fields.Many2many(
        "lengow.shipping.notice.line", compute="_compute_difference_ids"
    )
    confirm = fields.Boolean(
        "Confirm the Dispatch Too",
        default=True,
        help="After that it cannot be changed any more.",
    )

    # === COMPUTE METHODS === #

    @api.depends("notice_id")
    def _compute_difference_ids(self):
        for wizard in self:
            wizard.difference_ids = wizard.notice_id.line_ids.filtered(
                "dispatch_difference"
            )

    # === ACTION METHODS === #

    def action_dispatch(self):
        """Dispatch, and confirm it when wished.

        :return: action that opens the notice, or a notification of what went wrong.
        """
        self.ensure_one()
        notice, is_wished = self.notice_id, self.confirm
        step = DISPATCH if notice._is_offered(DISPATCH) else UPDATE_DISPATCH
        problem = notice._perform(step)
        if not problem and is_wished and notice._is_offered(CONFIRM_DISPATCH):
            problem = notice._perform(CONFIRM_DISPATCH)
        show = {
            "type": "ir.actions.act_window",
            "res_model": notice._name,
            "res_id": notice.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
        if problem:
            problem["params"]["next"] = show
            return problem
        return show


class LengowShippingNotice(models.Model):
    _inherit = "lengow.shipping.notice"

    # === ACTION METHODS === #

    def action_open_dispatch(self):
        """:return: action that offers to dispatch."""
        self.ensure_one()
        wizard = self.env["lengow.dispatch.notice"].create({"notice_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dispatch %s", self.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
