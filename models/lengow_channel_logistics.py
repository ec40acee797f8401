import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import STOCK_REPORT_TYPE
from ..lengow.errors import LengowAuthError, LengowError, LengowRequestError

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
    notice_ids = fields.One2many("lengow.shipping.notice", "channel_id")
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

    # === BUSINESS METHODS: SET-UP === #

    def _set_up_fulfilment(self):
        """Fill the empty locations and the empty route with new ones."""
        channel_sudo = self.sudo()  # who configures channels need not configure stock
        company = channel_sudo.company_id
        warehouse = self._get_own_warehouse()
        if not channel_sudo.fulfilment_warehouse_id:
            channel_sudo.fulfilment_warehouse_id = (
                self.env["stock.warehouse"]
                .sudo()
                .create(
                    {
                        "name": self._get_free_name("stock.warehouse"),
                        "code": self._get_free_code(company),
                        "company_id": company.id,
                    }
                )
            )
        name = self.marketplace_id.name
        vals = {
            "fulfilment_location_id": (
                channel_sudo.fulfilment_warehouse_id.lot_stock_id
            ),
            "transit_location_id": ("transit", self.env._("On the way to %s", name)),
            "return_location_id": ("transit", self.env._("Back from %s", name)),
            "defect_location_id": (
                "transit",
                self.env._("Back from %s, not as new", name),
            ),
            "liquidation_location_id": ("customer", self.env._("Sold off by %s", name)),
        }
        missing = {field: value for field, value in vals.items() if not self[field]}
        locations = self.env["stock.location"].sudo()
        for field, value in missing.items():
            if isinstance(value, tuple):
                usage, location_name = value
                value = locations.create(
                    {
                        "name": location_name,
                        "usage": usage,
                        "company_id": company.id,
                        "location_id": self._get_parent_location(usage).id,
                    }
                )
            channel_sudo[field] = value
        if not channel_sudo.fulfilment_route_id:
            channel_sudo.fulfilment_route_id = channel_sudo._create_route(warehouse)

    def _get_own_warehouse(self):
        """:return: the warehouse that the merchant sends from."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("id", "!=", self.fulfilment_warehouse_id.id),
        ]
        warehouse = self.warehouse_id or self.env["stock.warehouse"].search(
            domain, limit=1
        )
        if not warehouse:
            raise UserError(
                self.env._("The company %s has no warehouse.", self.company_id.name)
            )
        return warehouse

    def _get_parent_location(self, usage):
        """Keep the new locations where Odoo's own of their kind are."""
        domain = [
            ("usage", "=", usage),
            ("company_id", "in", (False, self.company_id.id)),
        ]
        locations = self.env["stock.location"].with_context(active_test=False)
        return locations.search(domain, limit=1).location_id

    def _get_free_name(self, model):
        name, number = self.marketplace_id.name, 1
        domain = [("company_id", "=", self.company_id.id)]
        taken = self.env[model].sudo().with_context(active_test=False).search(domain)
        names = set(taken.mapped("name"))
        while name in names:
            number += 1
            name = f"{self.marketplace_id.name} ({number})"
        return name

    def _get_free_code(self, company):
        warehouses = self.env["stock.warehouse"].sudo().with_context(active_test=False)
        taken = set(warehouses.search([("company_id", "=", company.id)]).mapped("code"))
        letters = re.sub(r"[^A-Z]", "", self.marketplace_code.upper())[:3] or "MP"
        candidates = [letters, *(f"{letters}{number}" for number in range(2, 100))]
        return next(code for code in candidates if code not in taken)

    def _create_route(self, warehouse):
        """Create a route of one step: transfers leave for the marketplace.

        A rule asks for products at the marketplace, and its transfers end on the way
        there: where movements are listed only, nothing would ever bring them on.
        """
        name = self.marketplace_id.name
        types = self.env["stock.picking.type"].sudo()
        picking_type = types.create(
            {
                "name": self.env._("Shipments to %s", name),
                "code": "internal",
                "sequence_code": f"{self.fulfilment_warehouse_id.code}S",
                "warehouse_id": warehouse.id,
                "company_id": self.company_id.id,
                "default_location_src_id": warehouse.lot_stock_id.id,
                "default_location_dest_id": self.transit_location_id.id,
            }
        )
        route_name = self.env._("Supply %s", name)
        return (
            self.env["stock.route"]
            .sudo()
            .create(
                {
                    "name": route_name,
                    "company_id": self.company_id.id,
                    "product_selectable": True,
                    "product_categ_selectable": True,
                    "rule_ids": [
                        fields.Command.create(
                            {
                                "name": route_name,
                                "action": "pull",
                                "picking_type_id": picking_type.id,
                                "location_src_id": warehouse.lot_stock_id.id,
                                "location_dest_id": self.fulfilment_location_id.id,
                                "location_dest_from_rule": False,
                                "procure_method": "make_to_stock",
                                "company_id": self.company_id.id,
                                "warehouse_id": self.fulfilment_warehouse_id.id,
                            }
                        )
                    ],
                }
            )
        )

    # === BUSINESS METHODS: RUNS === #

    @api.model
    def _run_logistics(self, kind, domain, method):
        """Do something for the feeds of all connected accounts.

        What Lengow refuses about one feed is shown on its channel and stops no other.

        :param str kind: the kind of the runs.
        :param domain: which channels with a feed.
        :param str method: of a channel; takes a client and a run, and returns False when
            the time is up.
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        accounts = self.env["lengow.account"]._get_connected()
        channels = self.search(
            [("account_id", "in", accounts.ids), ("feed_ref", "!=", False), *domain]
        )
        commit_progress(remaining=len(channels))
        for account, group in channels.grouped("account_id").items():
            if not group._run_account_logistics(account, kind, method):
                return

    def _run_account_logistics(self, account, kind, method):
        sync = self.env["lengow.sync"]._start(account, kind)
        commit_progress = self.env["ir.cron"]._commit_progress

        def run():
            client = account._get_client()
            for channel in self:
                is_done = channel._run_channel_logistics(method, client, sync)
                if not is_done or not commit_progress(1):
                    sync._end()
                    commit_progress()
                    return False
            problems = list(filter(None, self.mapped("logistics_problem")))
            sync._end()
            if problems:
                sync.error_message = "\n".join(problems)
            commit_progress()
            return True

        return account._run_sync(sync, run) is not False

    def _run_channel_logistics(self, method, client, sync):
        try:
            is_done = getattr(self, method)(client, sync)
        except LengowAuthError:
            raise
        except LengowRequestError as error:
            self.env.cr.rollback()
            sync._count(error=1)
            self.logistics_problem = self._explain_feed(error)
            return True
        if self.logistics_problem:
            self.logistics_problem = False
        return is_done

    def _explain_feed(self, error):
        """:return: a sentence about what Lengow refused of the channel's feed."""
        return self.env._(
            "%(channel)s, feed %(feed)s: %(error)s",
            channel=self.display_name,
            feed=self.feed_ref,
            error=error,
        )

    def _get_feed_client(self):
        """:return: a client, for a click of a person.

        :raise UserError: when the channel has no feed, or its account no connection.
        """
        self.ensure_one()
        if not self.feed_ref:
            raise UserError(
                self.env._(
                    "%s has no feed number. A manager enters it on the channel; Lengow "
                    "shows it beside the feed.",
                    self.display_name,
                )
            )
        if self.account_id.state == "draft":
            raise UserError(
                self.env._("Connect the account %s first.", self.account_id.name)
            )
        return self.account_id._get_client()

    def _explain_click(self, error):
        """:param LengowError error: :return: a sentence for the person who clicked."""
        assert isinstance(error, LengowError)
        if isinstance(error, LengowRequestError):
            return self._explain_feed(error)
        return self.account_id._explain(error)
