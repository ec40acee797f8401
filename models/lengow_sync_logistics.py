from odoo import api, fields, models


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
    channel_id = fields.Many2one(
        "lengow.channel",
        ondelete="set null",
        index="btree_not_null",
        help="The channel whose pages are read; page 0: all of them were.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _resume(self, account, kind):
        """:return: the account's run that was cut short, or a new one."""
        sync = self.search(
            [("account_id", "=", account.id), ("kind", "=", kind)], limit=1
        )
        if sync.state == "running":
            return sync
        return self.create({"account_id": account.id, "kind": kind})
