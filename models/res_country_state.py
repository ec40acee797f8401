from odoo import api, models


class ResCountryState(models.Model):
    _inherit = "res.country.state"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let marketplace addresses find the new states."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Let marketplace addresses find the states by what they are called now."""
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """Let marketplace addresses no longer find the states."""
        self.env.registry.clear_cache()
        return super().unlink()
