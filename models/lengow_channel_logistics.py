from odoo import api, fields, models

from ..const import STOCK_REPORT_TYPE

# What decides where pieces are moved: movements that lacked it are tried again.
LOCATION_FIELDS = {
    "fulfilment_location_id",
    "transit_location_id",
    "return_location_id",
    "defect_location_id",
    "liquidation_location_id",
}
LOCATION_DOMAIN = [("usage", "in", ("internal", "transit"))]


class LengowChannel(models.Model):
    """The merchant's stock in a marketplace's warehouse."""

    _inherit = "lengow.channel"

    feed_ref = fields.Char(
        "Feed Number",
        copy=False,
        help="Lengow's number of the feed of this marketplace. Documents, shipping notices "
        "and stock movements are asked for by it.",
    )
    logistics_problem = fields.Text("Problem with the Feed", readonly=True, copy=False)
    # The run in which the channel had its last turn, by kind of run.
    logistics_turns = fields.Json(readonly=True, copy=False)
    fulfilment_location_id = fields.Many2one(
        "stock.location",
        "Location at the Marketplace",
        check_company=True,
        domain=LOCATION_DOMAIN,
        help="Holds what lies in the marketplace's warehouse.",
    )
    transit_location_id = fields.Many2one(
        "stock.location",
        "On the Way There",
        check_company=True,
        domain=LOCATION_DOMAIN,
        help="Transfers to the marketplace end here; received pieces go on from here.",
    )
    return_location_id = fields.Many2one(
        "stock.location",
        "Returned in Quality A",
        check_company=True,
        domain=LOCATION_DOMAIN,
        help="Takes pieces that the marketplace sends back as good as new.",
    )
    defect_location_id = fields.Many2one(
        "stock.location",
        "Returned in Other Quality",
        check_company=True,
        domain=LOCATION_DOMAIN,
        help="Takes all other pieces that the marketplace sends back.",
    )
    liquidation_location_id = fields.Many2one(
        "stock.location",
        "Sold Off",
        check_company=True,
        domain=[("usage", "in", ("customer", "inventory", "internal"))],
        help="Takes what the marketplace sells off.",
    )
    fulfilment_route_id = fields.Many2one(
        "stock.route",
        "Route to the Marketplace",
        check_company=True,
        help="Brings products to the marketplace: for reordering rules, and for the "
        "transfers of new shipping notices.",
    )
    movement_policy = fields.Selection(
        [
            ("none", "Do not fetch"),
            ("list", "List them"),
            ("move", "List them and move the stock"),
        ],
        "Stock Movements",
        default="list",
        required=True,
        help="What to do with the movements in the marketplace's warehouse.",
    )
    move_since = fields.Datetime(
        "Move Stock Since",
        copy=False,
        help="Movements before are listed only: your stock already shows them.",
    )
    movement_cursors = fields.Json(copy=False)
    fetch_stock_report = fields.Boolean(
        "Daily Stock Report",
        help="The marketplace's report of its stock is fetched every day and compared with "
        "yours.",
    )
    stock_report_type = fields.Char(
        "Type of the Report", default=STOCK_REPORT_TYPE, required=True
    )
    place_ids = fields.One2many("lengow.place", "channel_id", "Warehouses")
    open_notice_count = fields.Integer(compute="_compute_open_notice_count")

    # === COMPUTE METHODS === #

    def _compute_open_notice_count(self):
        counts = dict(
            self.env["lengow.shipping.notice"]._read_group(
                [("channel_id", "in", self.ids), ("state", "!=", "closed")],
                ["channel_id"],
                ["__count"],
            )
        )
        for channel in self:
            channel.open_notice_count = counts.get(channel, 0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_feed(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._clean_feed(vals)
        if "feed_ref" in vals:
            vals = {**vals, "logistics_problem": False}
        if vals.get("movement_policy") == "move" and "move_since" not in vals:
            undated = self.filtered(lambda channel: not channel.move_since)
            undated.move_since = fields.Datetime.now()
        res = super().write(vals)
        if LOCATION_FIELDS & vals.keys():
            self.env["lengow.stock.movement"]._retry_errors(self)
        return res

    @api.model
    def _clean_feed(self, vals):
        if vals.get("feed_ref"):
            vals["feed_ref"] = vals["feed_ref"].strip() or False

    # === ACTION METHODS === #

    def action_view_notices(self):
        """:return: action that lists the channel's shipping notices."""
        return self._open_of_channel("action_lengow_shipping_notice")

    def action_view_movements(self):
        """:return: action that lists the channel's stock movements."""
        return self._open_of_channel("action_lengow_stock_movement")

    def action_view_stock(self):
        """:return: action that lists what lies at the marketplace."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.dashboard_open_quants"
        )
        locations = self.fulfilment_location_id | self.transit_location_id
        return {**action, "domain": [("location_id", "child_of", locations.ids)]}

    def action_open_documents(self):
        """:return: action that lists the feed's documents in a wizard."""
        self.ensure_one()
        wizard = self.env["lengow.documents"].create({"channel_id": self.id})
        return wizard.action_list()

    def action_set_up_fulfilment(self):
        """Create what is missing to see the stock at the marketplace."""
        self.check_access("write")
        for channel in self:
            channel._set_up_fulfilment()

    def _open_of_channel(self, action_name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"sale_lengow.{action_name}"
        )
        return {
            **action,
            "domain": [("channel_id", "=", self.id)],
            "context": {"default_channel_id": self.id},
        }
