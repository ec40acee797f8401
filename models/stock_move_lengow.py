from odoo import api, fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    lengow_name = fields.Char(
        "Marketplace's Movement", readonly=True, copy=False, help="What it stands for."
    )
    lengow_movement_ids = fields.One2many(
        "lengow.stock.movement", "move_id", "Marketplace's Movements"
    )
    lengow_reversed_movement_ids = fields.One2many(
        "lengow.stock.movement", "reverse_move_id", "Reversed Marketplace's Movements"
    )

    # === COMPUTE METHODS === #

    @api.depends("lengow_name")
    def _compute_reference(self):
        ours = self.filtered("lengow_name")
        for move in ours:
            move.reference = move.lengow_name
        return super(StockMove, self - ours)._compute_reference()
