from odoo import api, fields, models

# What they say decides which orders are imported.
RECONSIDERING_FIELDS = {
    "active",
    "import_days",
    "import_orders",
    "fulfilled_by_marketplace",
}


class LengowChannel(models.Model):
    """One account on one marketplace: every policy lives here."""

    _name = "lengow.channel"
    _description = "Lengow channel"
    _inherit = ["lengow.policy"]
    _order = "account_id, marketplace_id, id"
    _check_company_auto = True

    account_id = fields.Many2one(
        "lengow.account", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    marketplace_id = fields.Many2one(
        "lengow.marketplace", required=True, ondelete="restrict", index=True
    )
    marketplace_code = fields.Char(related="marketplace_id.code")
    active = fields.Boolean(default=True)
    import_orders = fields.Boolean(
        default=True, help="Orders of this marketplace become sale orders."
    )
    user_id = fields.Many2one(
        "res.users", "Salesperson", help="May stay empty: then orders belong to nobody."
    )
    order_ids = fields.One2many("lengow.order", "channel_id")
    order_count = fields.Integer(compute="_compute_order_count")

    _marketplace_uniq = models.UniqueIndex(
        "(account_id, marketplace_id)", "An account has one channel per marketplace."
    )

    # === COMPUTE METHODS === #

    @api.depends("account_id.name", "marketplace_id.name")
    def _compute_display_name(self):
        for channel in self:
            channel.display_name = (
                f"{channel.marketplace_id.name} ({channel.account_id.name})"
            )

    def _compute_order_count(self):
        counts = dict(
            self.env["lengow.order"]._read_group(
                [("channel_id", "in", self.ids)], ["channel_id"], ["__count"]
            )
        )
        for channel in self:
            channel.order_count = counts.get(channel, 0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Begin with the policy of the account where none is given."""
        accounts = self.env["lengow.account"]
        return super().create(
            [
                {
                    **accounts.browse(vals.get("account_id"))._prepare_policy_vals(),
                    **vals,
                }
                for vals in vals_list
            ]
        )

    def write(self, vals):
        res = super().write(vals)
        if vals.get("fallback_product_id"):
            self.env["lengow.order"]._retry_errors(
                ["unknown_product"], domain=[("channel_id", "in", self.ids)]
            )
        if vals.get("fulfilment_warehouse_id"):
            self.env["lengow.order"]._retry_errors(
                ["no_warehouse"], domain=[("channel_id", "in", self.ids)]
            )
        if RECONSIDERING_FIELDS & vals.keys():
            self.env["lengow.order"].search(
                [("channel_id", "in", self.ids)]
            )._reconsider()
        return res

    # === ACTION METHODS === #

    def action_view_orders(self):
        """:return: action that lists the channel's marketplace orders."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_lengow.action_lengow_order"
        )
        return {**action, "domain": [("channel_id", "=", self.id)], "context": {}}
