from odoo import fields, models


class LengowImportOrdersLine(models.TransientModel):
    """What became of one order number."""

    _name = "lengow.import.orders.line"
    _description = "Marketplace order imported by number"

    wizard_id = fields.Many2one(
        "lengow.import.orders", required=True, ondelete="cascade", index=True
    )
    number = fields.Char("Order Number", readonly=True)
    order_id = fields.Many2one("lengow.order", ondelete="cascade", readonly=True)
    result = fields.Selection(
        [
            ("imported", "Imported"),
            ("present", "Already here"),
            ("pending", "Being imported"),
            ("waiting", "Waiting"),
            ("ignored", "Not imported"),
            ("error", "To fix"),
            ("not_found", "Not found"),
            ("failed", "Not asked for"),
        ],
        readonly=True,
    )
    message = fields.Char(readonly=True)

    # === ACTION METHODS === #

    def action_view_order(self):
        """:return: action that shows the marketplace order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "lengow.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }
