from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lengow.const import CARRIER_NAME_LENGTH
from ..lengow.notice import CLOSED

# Lengow's status -> our state. `closed` is the marketplace's word: Lengow's status stays.
STATES = {
    "SHIPMENT_NEW": "new",
    "SHIPMENT_CONTENT_ANNOUNCED": "announced",
    "SHIPMENT_CONTENT_CONFIRMED": "confirmed",
    "SHIPMENT_AWAITED": "awaited",
    "SHIPMENT_PREPARATION": "preparation",
    "SHIPMENT_SHIPPED": "shipped",
}


class LengowShippingNotice(models.Model):
    """What is announced and sent to a marketplace's warehouse."""

    _name = "lengow.shipping.notice"
    _description = "Lengow shipping notice"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        "Your Reference",
        required=True,
        copy=False,
        readonly=True,
        default=lambda self: self.env._("New"),
        help="The marketplace sees it, and names it when the pieces arrive.",
    )
    channel_id = fields.Many2one(
        "lengow.channel",
        "Marketplace",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain=[("feed_ref", "!=", False)],
    )
    company_id = fields.Many2one(related="channel_id.company_id", store=True)
    lengow_id = fields.Char("Lengow's Number", readonly=True, copy=False, index=True)
    marketplace_ref = fields.Char("Marketplace's Number", readonly=True, copy=False)
    advice_id = fields.Char(
        "Advice Number",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The marketplace's short number: it stands on tours and movements.",
    )
    lengow_status = fields.Char(readonly=True, copy=False)
    marketplace_status = fields.Char(readonly=True, copy=False, tracking=True)
    available_actions = fields.Json("Offered Actions", readonly=True, copy=False)
    offered = fields.Char(compute="_compute_offered")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("new", "Created"),
            ("announced", "Announced"),
            ("confirmed", "Confirmed"),
            ("awaited", "Awaited"),
            ("preparation", "In Preparation"),
            ("shipped", "Shipped"),
            ("closed", "Closed"),
            ("other", "Other"),
        ],
        compute="_compute_state",
        store=True,
        tracking=True,
        index=True,
    )
    confirmed_delivery_date = fields.Date(
        "Confirmed Delivery", readonly=True, copy=False, tracking=True
    )
    carrier_name = fields.Char("Carrier", size=CARRIER_NAME_LENGTH)
    requested_location = fields.Char(
        "Requested Warehouse",
        help="The marketplace's number of the warehouse you wish.",
    )
    place_id = fields.Many2one(
        "lengow.place",
        "Known Warehouse",
        store=False,
        compute="_compute_place_id",
        inverse="_inverse_place_id",
        domain="[('channel_id', '=', channel_id)]",
        help="Fills in its number.",
    )
    pallets_count = fields.Integer("Pallets")
    colli_count = fields.Integer("Parcels")
    hanging_goods_count = fields.Integer("Hanging Goods")
    earliest_delivery_date = fields.Date("Earliest Delivery")
    comments = fields.Text()
    contact_email = fields.Char("Contact")
    picking_id = fields.Many2one(
        "stock.picking",
        "Transfer",
        copy=False,
        check_company=True,
        index="btree_not_null",
        help="Brings the pieces to the marketplace.",
    )
    picking_state = fields.Selection(
        related="picking_id.state", string="Transfer State"
    )
    line_ids = fields.One2many(
        "lengow.shipping.notice.line", "notice_id", "Items", copy=True
    )
    tour_ids = fields.One2many(
        "lengow.shipping.notice.tour", "notice_id", readonly=True
    )
    movement_ids = fields.One2many("lengow.stock.movement", "notice_id", readonly=True)
    item_count = fields.Integer("Number of Items", compute="_compute_totals")
    announced_total = fields.Integer("Announced", compute="_compute_totals")
    dispatched_total = fields.Integer("Dispatched", compute="_compute_totals")
    received_total = fields.Integer("Received", compute="_compute_received_total")
    invalid_count = fields.Integer("Refused Items", compute="_compute_totals")
    is_announcement_changed = fields.Boolean(compute="_compute_totals")
    is_dispatch_changed = fields.Boolean(compute="_compute_totals")
    validation_message = fields.Char(
        "Marketplace on the Items", readonly=True, copy=False
    )
    pending_step = fields.Char(readonly=True, copy=False)
    pending_since = fields.Datetime(readonly=True, copy=False)
    problem = fields.Text(readonly=True, copy=False)
    synced_at = fields.Datetime("Refreshed", readonly=True, copy=False)
    unread_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="Since then its items and tours wait to be read.",
    )
    payload = fields.Json(readonly=True, copy=False, prefetch=False)
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex(
        "(channel_id, name)", "Another shipping notice has this reference."
    )
    _lengow_uniq = models.UniqueIndex(
        "(channel_id, lengow_id) WHERE lengow_id IS NOT NULL",
        "A shipping notice of Lengow is here once.",
    )

    # === COMPUTE METHODS === #

    @api.depends("lengow_id", "lengow_status", "marketplace_status")
    def _compute_state(self):
        for notice in self:
            if not notice.lengow_id:
                notice.state = "draft"
            elif notice.marketplace_status == CLOSED:
                notice.state = "closed"
            else:
                notice.state = STATES.get(notice.lengow_status, "other")

    @api.depends("available_actions", "pending_step")
    def _compute_offered(self):
        for notice in self:
            # Between blanks, so that a view finds whole names only.
            names = [] if notice.pending_step else notice.available_actions or []
            notice.offered = f" {' '.join(names)} "

    @api.depends("requested_location", "channel_id")
    def _compute_place_id(self):
        for notice in self:
            notice.place_id = notice.channel_id.place_ids.filtered(
                lambda place, code=notice.requested_location: place.code == code
            )[:1]

    def _inverse_place_id(self):
        for notice in self.filtered("place_id"):
            notice.requested_location = notice.place_id.code

    @api.depends(
        "line_ids.announced_quantity",
        "line_ids.dispatched_quantity",
        "line_ids.lengow_announced",
        "line_ids.lengow_dispatched",
        "line_ids.is_invalid",
    )
    def _compute_totals(self):
        lines = self.env["lengow.shipping.notice.line"]
        aggregates = [
            "__count",
            "announced_quantity:sum",
            "dispatched_quantity:sum",
            "is_invalid:sum",
            "is_announcement_changed:bool_or",
            "is_dispatch_changed:bool_or",
        ]
        rows = lines._read_group(
            [("notice_id", "in", self.ids)], ["notice_id"], aggregates
        )
        totals = {notice.id: values for notice, *values in rows}
        for notice in self:
            (
                notice.item_count,
                notice.announced_total,
                notice.dispatched_total,
                notice.invalid_count,
                notice.is_announcement_changed,
                notice.is_dispatch_changed,
            ) = totals.get(notice._origin.id, (0, 0, 0, 0, False, False))

    @api.depends("movement_ids")
    def _compute_received_total(self):
        rows = self.env["lengow.stock.movement"]._read_group(
            [("notice_id", "in", self.ids), ("kind", "=", "received_items")],
            ["notice_id"],
            ["quantity:sum"],
        )
        totals = {notice.id: quantity for notice, quantity in rows}
        for notice in self:
            notice.received_total = totals.get(notice._origin.id, 0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        new = self.env._("New")
        for vals in vals_list:
            if vals.get("name", new) == new:
                vals["name"] = self.env["ir.sequence"].next_by_code(self._name)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_created(self):
        if any(notice.lengow_id or notice.pending_step for notice in self):
            raise UserError(
                self.env._(
                    "Lengow knows this shipping notice: it cannot be deleted. Archive it."
                )
            )

    # === ACTION METHODS === #

    def action_view_movements(self):
        """:return: action that lists what arrived of the notice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_lengow.action_lengow_stock_movement"
        )
        return {**action, "domain": [("notice_id", "=", self.id)], "context": {}}

    def action_view_lines(self):
        """:return: action that lists all items, to search and to group."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_lengow.action_lengow_shipping_notice_line"
        )
        return {
            **action,
            "domain": [("notice_id", "=", self.id)],
            "context": {"default_notice_id": self.id},
        }

    def action_view_picking(self):
        """:return: action that opens the transfer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _is_offered(self, step):
        return not self.pending_step and step in (self.available_actions or [])
