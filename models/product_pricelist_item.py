from odoo import models

SCOPE_FIELDS = {
    "applied_on",
    "product_id",
    "product_tmpl_id",
    "categ_id",
    "pricelist_id",
}


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    # === CRUD METHODS === #

    def write(self, vals):
        """Let feeds compute the products again that the rules are for no more."""
        if SCOPE_FIELDS & vals.keys():
            self._lengow_note_change()
        return super().write(vals)

    def unlink(self):
        """Let feeds compute the products again that the rules were for."""
        self._lengow_note_change()
        return super().unlink()

    # === BUSINESS METHODS === #

    def _lengow_note_change(self):
        changes_sudo = self.env["lengow.feed.change"].sudo()  # whoever edits prices
        if not changes_sudo.env["lengow.feed"].search_count([], limit=1):
            return
        changes_sudo.create(
            [
                {
                    "product_id": item.product_id.id,
                    "product_tmpl_id": item.product_tmpl_id.id,
                    "categ_id": item.categ_id.id,
                    "changed_at": self.env.cr.now(),
                }
                for item in self
            ]
        )
