from odoo import fields, models


class LengowMarketplaceCarrier(models.Model):
    """A carrier as a marketplace calls it."""

    _name = "lengow.marketplace.carrier"
    _description = "Marketplace carrier"
    _inherit = ["lengow.marketplace.choice"]

    _list_name = "carriers"
    _argument_names = ("carrier", "return_carrier")

    lengow_code = fields.Char(help="Lengow's own code, the same on all marketplaces.")

    # === BUSINESS METHODS === #

    def _prepare_choice_vals(self, choice):
        vals = super()._prepare_choice_vals(choice)
        return {**vals, "lengow_code": choice.lengow_code or False}
