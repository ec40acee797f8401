from odoo import fields, models


class LengowSync(models.Model):
    _inherit = "lengow.sync"

    kind = fields.Selection(
        selection_add=[
            ("notices", "Refresh shipping notices"),
            ("movements", "Fetch stock movements"),
            ("reports", "Fetch stock reports"),
        ],
        ondelete={"notices": "cascade", "movements": "cascade", "reports": "cascade"},
    )
