from odoo import api, models


class ResCurrencyRate(models.Model):
    _inherit = "res.currency.rate"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let marketplace orders that waited for the rates be imported."""
        rates = super().create(vals_list)
        self.env["lengow.order"]._retry_errors(
            ["no_exchange_rate"],
            domain=[("currency_id", "in", rates.currency_id.ids)],
        )
        return rates
