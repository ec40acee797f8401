from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    lengow_movement_ids = fields.One2many(
        "lengow.stock.movement", "move_id", "Marketplace's Movements"
    )
    lengow_reversed_movement_ids = fields.One2many(
        "lengow.stock.movement", "reverse_move_id", "Reversed Marketplace's Movements"
    )
