from odoo import fields, models


class LengowFeedChange(models.Model):
    """What write dates do not tell: prices that changed because a rule is gone.

    Rows live until every feed has seen them.
    """

    _name = "lengow.feed.change"
    _description = "Lengow feed: what changed without a trace"
    _log_access = False

    product_id = fields.Many2one("product.product", ondelete="cascade")
    product_tmpl_id = fields.Many2one("product.template", ondelete="cascade")
    categ_id = fields.Many2one("product.category", ondelete="cascade")
    changed_at = fields.Datetime(required=True, index=True)
