from odoo import api, fields, models


class LengowChannel(models.Model):
    """One account on one marketplace: every policy lives here."""

    _name = "lengow.channel"
    _description = "Lengow channel"
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
    auto_confirm = fields.Boolean(
        "Confirm Orders",
        default=True,
        help="Imported orders are confirmed, and their delivery is created.",
    )
    fulfilled_by_marketplace = fields.Selection(
        [
            ("skip", "Do not import"),
            ("no_delivery", "Import without a delivery"),
        ],
        default="skip",
        required=True,
        help="What to do with orders that the marketplace delivers from its own warehouse.",
    )
    team_id = fields.Many2one("crm.team", "Sales Team", check_company=True)
    user_id = fields.Many2one(
        "res.users", "Salesperson", help="May stay empty: then orders belong to nobody."
    )
    warehouse_id = fields.Many2one("stock.warehouse", check_company=True)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        help="Used for orders in its currency. Prices are always the marketplace's.",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        check_company=True,
        help="Used for every order. When empty, the delivery address decides.",
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

    def write(self, vals):
        res = super().write(vals)
        if {"active", "import_orders", "fulfilled_by_marketplace"} & vals.keys():
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
