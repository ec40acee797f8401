from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    lengow_credited_line_id = fields.Many2one(
        "account.move.line",
        "Credited Line",
        copy=False,
        index="btree_not_null",
        readonly=True,
        help="The invoice line of which the marketplace has given this back.",
    )
