from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.lengow_shipping_notice_items import PARAMETERS
from .lengow_create_notice_line import find_repeated

COPIED = [name for name in PARAMETERS if name != "name"]


class LengowCreateNotice(models.TransientModel):
    """Makes a shipping notice, and names what cannot be announced before it does.

    Nothing is sent: the notice itself leads through that.
    """

    _name = "lengow.create.notice"
    _description = "Make a shipping notice"
    _check_company_auto = True

    channel_id = fields.Many2one(
        "lengow.channel",
        "Marketplace",
        required=True,
        ondelete="cascade",
        domain=[("feed_ref", "!=", False)],
        default=lambda self: self._default_channel(),
    )
    company_id = fields.Many2one(related="channel_id.company_id")
    source = fields.Selection(
        [
            ("picking", "A transfer"),
            ("products", "Products"),
            ("list", "A list of EANs"),
        ],
        "Items From",
        required=True,
        default="picking",
    )
    picking_id = fields.Many2one(
        "stock.picking",
        "Transfer",
        ondelete="cascade",
        check_company=True,
        domain="[('picking_type_code', 'in', ('outgoing', 'internal')), "
        "('state', '!=', 'cancel'), ('company_id', '=', company_id)]",
    )
    product_ids = fields.Many2many(
        "product.product", string="Add Products", domain=[("type", "=", "consu")]
    )
    ean_list = fields.Text(
        "EANs and Quantities", help="One EAN and its quantity a line, as in a sheet."
    )
    ean_file = fields.Binary("File", help="CSV, text or Excel (xlsx).")
    ean_file_name = fields.Char()
    merge_duplicates = fields.Boolean("Add Up Duplicates")
    leave_out = fields.Boolean(
        "Leave Out What Cannot Be Announced",
        help="Otherwise the notice is made once everything is in order.",
    )
    create_transfer = fields.Boolean(
        "Create the Transfer",
        help="A transfer brings the pieces to the marketplace, by the channel's route.",
    )
    can_create_transfer = fields.Boolean(compute="_compute_can_create_transfer")
    line_ids = fields.One2many("lengow.create.notice.line", "wizard_id")
    problem_count = fields.Integer(compute="_compute_problem_count")
    name = fields.Char("Your Reference", help="When empty, the next number.")
    carrier_name = fields.Char("Carrier", size=100)
    requested_location = fields.Char("Requested Warehouse")
    pallets_count = fields.Integer("Pallets")
    colli_count = fields.Integer("Parcels")
    hanging_goods_count = fields.Integer("Hanging Goods")
    earliest_delivery_date = fields.Date("Earliest Delivery")
    comments = fields.Text()
    contact_email = fields.Char(
        "Contact", default=lambda self: self.env.user.email or False
    )

    @api.model
    def _default_channel(self):
        channels = self.env["lengow.channel"].search([("feed_ref", "!=", False)])
        picking = self.env["stock.picking"].browse(
            self.env.context.get("default_picking_id")
        )
        if picking:
            return channels.filtered(
                lambda channel: any(
                    location and picking.location_dest_id._child_of(location)
                    for location in (
                        channel.fulfilment_location_id,
                        channel.transit_location_id,
                    )
                )
            )[:1] or (channels if len(channels) == 1 else channels.browse())
        return channels if len(channels) == 1 else channels.browse()

    # === COMPUTE METHODS === #

    @api.depends("channel_id", "source")
    def _compute_can_create_transfer(self):
        for wizard in self:
            rules = wizard.channel_id.fulfilment_route_id.rule_ids
            wizard.can_create_transfer = wizard.source != "picking" and bool(rules)

    @api.depends("line_ids.problem")
    def _compute_problem_count(self):
        for wizard in self:
            wizard.problem_count = sum(bool(line.problem) for line in wizard.line_ids)

    # === ACTION METHODS === #

    def action_check(self):
        """Read the items, and show what is wrong with them.

        :return: action that shows the wizard again.
        """
        self.ensure_one()
        self._show_items(self._get_items(is_adding=True))
        return self._show()

    def action_create_notice(self):
        """Make the notice; nothing is sent yet.

        :return: action that opens the notice, or the wizard again when something is wrong.
        """
        self.ensure_one()
        self.channel_id.check_access("read")
        items = self._get_items()
        fine = self._leave_out_problems(items)
        if len(fine) < len(items) and not self.leave_out:
            self._show_items(items)
            return self._show()
        if not fine:
            raise UserError(
                self.env._("There is nothing to announce. Enter quantities.")
            )
        picking = self.picking_id if self.source == "picking" else None
        if self.create_transfer and self.can_create_transfer:
            picking = self._create_transfer(fine)
        notice = self.env["lengow.shipping.notice"].create(
            {
                **{name: self[name] for name in COPIED},
                **({"name": self.name.strip()} if (self.name or "").strip() else {}),
                "channel_id": self.channel_id.id,
                "picking_id": picking.id if picking else False,
                "line_ids": [
                    Command.create(
                        {
                            "ean": item["ean"],
                            "product_id": item["product_id"],
                            "uom_id": item["uom_id"],
                            "announced_quantity": item["quantity"],
                        }
                    )
                    for item in fine
                ],
            }
        )
        if picking and picking.state == "done":
            notice.sudo()._fill_dispatched()
        return {
            "type": "ir.actions.act_window",
            "res_model": notice._name,
            "res_id": notice.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _get_items(self, is_adding=False):
        """Read the items from where they come from.

        :param bool is_adding: whether chosen products join those that are counted already
        :return: list of dicts, as :class:`LengowCreateNoticeLine` holds them.
        """
        if self.source == "picking":
            return self._read_picking()
        if self.source == "list":
            return self._read_list()
        # Products are chosen and counted in the lines themselves.
        items = [line._as_item() for line in self.line_ids]
        if is_adding or not items:
            items += self._read_products(self.product_ids - self.line_ids.product_id)
        if not items:
            raise UserError(self.env._("Choose at least one product."))
        return items

    def _leave_out_problems(self, items):
        """:return: those of the items that can be announced."""
        lines = self.env["lengow.create.notice.line"]
        repeated = find_repeated(items)
        return [item for item in items if not lines._find_problem(item, repeated)]

    def _show_items(self, items):
        """Put the items into the form, where each tells its problem."""
        self.product_ids = False
        self.line_ids = [Command.clear(), *map(Command.create, items)]

    def _create_transfer(self, items):
        """Create the transfer that brings the pieces, by the first rule of the route."""
        rule = self.channel_id.fulfilment_route_id.rule_ids[:1]
        destination = (
            rule.location_dest_id
            if rule.location_dest_from_rule
            else rule.picking_type_id.default_location_dest_id
        )
        quantities = {}
        for item in items:
            product = self.env["product.product"].browse(item["product_id"])
            unit = self.env["uom.uom"].browse(item["uom_id"]) or product.uom_id
            key = (product, unit)
            quantities[key] = quantities.get(key, 0) + item["quantity"]
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": rule.picking_type_id.id,
                "location_id": rule.location_src_id.id,
                "location_dest_id": destination.id,
                "company_id": self.company_id.id,
                "origin": self.name or False,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom": unit.id,
                            "product_uom_qty": quantity,
                            "location_id": rule.location_src_id.id,
                            "location_dest_id": destination.id,
                            "company_id": self.company_id.id,
                        }
                    )
                    for (product, unit), quantity in quantities.items()
                ],
            }
        )
        picking.action_confirm()
        return picking

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make a Shipping Notice"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
