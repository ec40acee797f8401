from odoo import api, models, tools


class ResCurrency(models.Model):
    _inherit = "res.currency"

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
