from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # === BUSINESS METHODS === #

    def action_cancel(self):
        res = super().action_cancel()
        self._lengow_forget_problems()
        return res

    def _action_done(self):
        res = super()._action_done()
        self._lengow_forget_problems()
        return res

    def _send_confirmation_email(self):
        """Neither write to the buyer nor order a parcel of what is delivered elsewhere."""
        ours = self.filtered(
            lambda picking: (
                picking.sale_id.sudo().lengow_delivered_by  # warehouse people may not read
                != "marketplace_warehouse"
            )
        )
        imported = ours.filtered(lambda picking: picking.sale_id.sudo().lengow_order_id)
        super(StockPicking, ours - imported)._send_confirmation_email()
        # Parcels are ordered, and the buyer hears of them from the marketplace.
        quiet = imported.with_context(lengow_no_message=True, skip_sms=True)
        return super(StockPicking, quiet)._send_confirmation_email()

    def message_post_with_source(self, *args, **kwargs):
        if self.env.context.get("lengow_no_message"):
            return self.env["mail.message"]
        return super().message_post_with_source(*args, **kwargs)

    def _lengow_forget_problems(self):
        """Take marketplace orders whose delivery a person has closed out of *To fix*."""
        # Warehouse people may read neither sale orders nor marketplace orders.
        self.sudo().sale_id.lengow_order_id._forget_open_deliveries()
