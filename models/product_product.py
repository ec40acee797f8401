from odoo import api, models

NAMING_FIELDS = {"default_code", "barcode", "active"}


class ProductProduct(models.Model):
    _inherit = "product.product"

    # Feeds ask every few minutes what was written since.
    _lengow_write_date_idx = models.Index("(write_date)")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Let marketplace orders that waited for the products be imported."""
        products = super().create(vals_list)
        products._lengow_retry_orders(products._lengow_get_names())
        return products

    def write(self, vals):
        """Let marketplace orders that waited for the products' names be imported."""
        if vals.keys().isdisjoint(NAMING_FIELDS):
            return super().write(vals)
        names = self._lengow_get_names()
        res = super().write(vals)
        self._lengow_retry_orders(names | self._lengow_get_names())
        return res

    def unlink(self):
        """Let marketplace orders for which there were too many products be imported."""
        names = self._lengow_get_names()
        res = super().unlink()
        self.env["lengow.order"]._retry_product_errors(names)
        return res

    # === BUSINESS METHODS === #

    def _lengow_get_names(self):
        """:return: set of what marketplaces may call the products."""
        return {*self.mapped("default_code"), *self.mapped("barcode")}

    def _lengow_retry_orders(self, names):
        shared = not all(product.company_id for product in self)
        companies = self.env["res.company"] if shared else self.company_id
        self.env["lengow.order"]._retry_product_errors(names, companies)
