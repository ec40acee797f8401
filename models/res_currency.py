from odoo import api, models, tools


class ResCurrency(models.Model):
    _inherit = "res.currency"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let marketplace orders in a currency that was unknown be imported."""
        currencies = super().create(vals_list)
        self.env["lengow.order"]._retry_errors(
            ["inactive_currency"], domain=[("currency_id", "=", False)]
        )
        return currencies

    def write(self, vals):
        """Let marketplace orders that waited for the currencies be imported."""
        res = super().write(vals)
        if vals.get("active"):
            self.env["lengow.order"]._retry_errors(
                ["inactive_currency"], domain=[("currency_id", "in", self.ids)]
            )
        return res

    # === BUSINESS METHODS === #

    @api.model
    def _lengow_find(self, code):
        """Find a currency, active or not, by its ISO code.

        :param str code: ISO 4217 code.
        :return: the currency, empty when unknown.
        """
        return self.browse(self._lengow_ids_by_code().get(code))

    @api.model
    @tools.ormcache()
    def _lengow_ids_by_code(self):
        currencies = self.with_context(active_test=False).search_fetch([], ["name"])
        return {currency.name: currency.id for currency in currencies}
