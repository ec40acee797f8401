from odoo import api, models


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let marketplace orders that waited for the suppliers' codes be imported."""
        prices = super().create(vals_list)
        prices._lengow_retry_orders()
        return prices

    def write(self, vals):
        """Let marketplace orders that waited for the suppliers' codes be imported."""
        res = super().write(vals)
        if "product_code" in vals:
            self._lengow_retry_orders()
        return res

    # === BUSINESS METHODS === #

    def _lengow_retry_orders(self):
        self.env["lengow.order"]._retry_product_errors(self.mapped("product_code"))
