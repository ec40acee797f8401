from odoo import models


class LengowMarketplaceMethod(models.Model):
    """A shipping method as a marketplace calls it."""

    _name = "lengow.marketplace.method"
    _description = "Marketplace shipping method"
    _inherit = ["lengow.marketplace.choice"]

    _list_name = "shipping_methods"
    _argument_names = ("shipping_method",)
