from odoo import api, models


class ResCountry(models.Model):
    _inherit = "res.country"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let marketplace orders that waited for the countries be imported."""
        countries = super().create(vals_list)
        self.env["lengow.order"]._retry_errors(["no_country"])
        return countries

    def write(self, vals):
        """Let marketplace orders that waited for the countries' codes be imported."""
        res = super().write(vals)
        if "code" in vals:
            self.env["lengow.order"]._retry_errors(["no_country"])
        return res
