from odoo import fields, models


class LengowMarketplaceCarrier(models.Model):
    _name = "lengow.marketplace.carrier"
    _description = "Marketplace carrier"
    _order = "name, id"

    marketplace_id = fields.Many2one(
        "lengow.marketplace", required=True, ondelete="cascade", index=True
    )
    code = fields.Char(required=True)
    name = fields.Char(required=True)
    lengow_code = fields.Char()

    _code_uniq = models.UniqueIndex(
        "(marketplace_id, code)", "A carrier code is unique within its marketplace."
    )
