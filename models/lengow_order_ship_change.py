from odoo import models


class LengowOrder(models.Model):
    """Shipping notices that wait follow what changes at the marketplace."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _apply_change(self):
        report = super()._apply_change()
        self._guard_report(lambda orders: orders._take_up_shipments())
        return report

    def _take_up_shipments(self):
        """Make notices anew that the marketplace may take now, and drop needless ones.

        Somebody may have told the marketplace by hand meanwhile.
        """
        waiting = self.env["lengow.action"].search(
            [
                ("lengow_order_id", "in", self.ids),
                ("action_type", "=", "ship"),
                ("picking_id", "!=", False),
                ("state", "=", "error"),
                ("error_code", "=", "not_ready"),
            ]
        )
        if not waiting:
            return
        needless = waiting.browse()
        for shipment in waiting.lengow_order_id._get_shipments().values():
            needless |= waiting.filtered(
                lambda action, s=shipment: (
                    action.lengow_order_id == s.order and s.is_past(action)
                )
            )
        needless.write(
            {
                "state": "cancelled",
                "next_attempt": False,
                "notice": self.env._("The marketplace says already that it has left."),
            }
        )
        needless.lengow_order_id._follow_actions()
        (waiting - needless)._take_up_again()
