from odoo import fields, models


class LengowActionChoice(models.TransientModel):
    """One entry of a list of the wizard: an action, or a value that a marketplace takes.

    The lists are the marketplace's; rows are made of them while the wizard is open.
    """

    _name = "lengow.action.choice"
    _description = "Choice of a marketplace action"
    _order = "id"

    key = fields.Char(required=True, index=True, help="Which list it is an entry of.")
    code = fields.Char(help="As it is sent.")
    name = fields.Char(required=True)
