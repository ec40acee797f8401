from odoo import api, models


class ProductUom(models.Model):
    _inherit = "product.uom"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let marketplace orders that waited for the barcodes be imported."""
        packagings = super().create(vals_list)
        packagings._lengow_retry_orders()
        return packagings

    def write(self, vals):
        """Let marketplace orders that waited for the barcodes be imported."""
        res = super().write(vals)
        if "barcode" in vals or "product_id" in vals:
            self._lengow_retry_orders()
        return res

    # === BUSINESS METHODS === #

    def _lengow_retry_orders(self):
        self.env["lengow.order"]._retry_product_errors(self.mapped("barcode"))
