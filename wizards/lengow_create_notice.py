import base64
import io
import zipfile

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import NAMES_SHOWN
from ..lengow.ean_list import EanLine, read_ean_list, read_rows
from ..models.lengow_shipping_notice import PARAMETERS

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
        self._read_items()
        return self._show()

    def action_create_notice(self):
        """Make the notice; nothing is sent yet.

        :return: action that opens the notice, or the wizard again when something is wrong.
        """
        self.ensure_one()
        self.channel_id.check_access("read")
        if not self._is_edited():
            self._read_items()
        lines = self.line_ids.filtered(lambda line: not line.problem)
        if len(lines) < len(self.line_ids) and not self.leave_out:
            return self._show()
        if not lines:
            raise UserError(self.env._("There is nothing to announce."))
        picking = self.picking_id if self.source == "picking" else None
        if self.create_transfer and self.can_create_transfer:
            picking = self._create_transfer(lines)
        notice = self.env["lengow.shipping.notice"].create(
            {
                **{name: self[name] for name in COPIED},
                **({"name": self.name.strip()} if (self.name or "").strip() else {}),
                "channel_id": self.channel_id.id,
                "picking_id": picking.id if picking else False,
                "line_ids": [
                    Command.create(
                        {
                            "ean": line.ean,
                            "product_id": line.product_id.id,
                            "announced_quantity": line.quantity,
                        }
                    )
                    for line in lines
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

    def _is_edited(self):
        """Products are chosen and counted in the lines themselves."""
        return self.source == "products" and bool(self.line_ids)

    def _read_items(self):
        """Fill the lines from where the items come from."""
        if self.source == "products":
            self._add_products()
            return
        is_picking = self.source == "picking"
        vals_list = self._read_picking() if is_picking else self._read_list()
        self.line_ids = [Command.clear(), *map(Command.create, vals_list)]

    def _add_products(self):
        known = self.line_ids.product_id
        self.line_ids = [
            Command.create(
                {"product_id": product.id, "ean": product.barcode, "quantity": 1}
            )
            for product in self.product_ids - known
        ]
        self.product_ids = False
        if not self.line_ids:
            raise UserError(self.env._("Choose at least one product."))

    def _read_picking(self):
        if not self.picking_id:
            raise UserError(self.env._("Choose a transfer."))
        quantities = {}
        for move in self.picking_id.move_ids.filtered(lambda m: m.state != "cancel"):
            quantity = move.product_uom._compute_quantity(
                move.quantity if move.state == "done" else move.product_uom_qty,
                move.product_id.uom_id,
                round=False,
            )
            product = move.product_id
            quantities[product] = quantities.get(product, 0.0) + quantity
        if not quantities:
            raise UserError(self.env._("%s moves nothing.", self.picking_id.name))
        return [
            self._prepare_picked_vals(product, quantity)
            for product, quantity in quantities.items()
        ]

    def _prepare_picked_vals(self, product, quantity):
        whole = round(quantity)
        vals = {
            "product_id": product.id,
            "ean": product.barcode,
            "quantity": whole,
        }
        if product.uom_id.compare(quantity, whole):
            vals["remark"] = self.env._("%s is no whole number of pieces.", quantity)
        return vals

    def _read_list(self):
        lines = (
            self._read_file() if self.ean_file else read_ean_list(self.ean_list or "")
        )
        if not lines:
            raise UserError(
                self.env._("Paste a list, or choose a file that holds one.")
            )
        if self.merge_duplicates:
            lines = _merge(lines)
        found = self.env["product.product"]._lengow_find_by_ean(
            [line.ean for line in lines], self.channel_id.company_id
        )
        return [self._prepare_listed_vals(line, found) for line in lines]

    def _prepare_listed_vals(self, line, found):
        vals = {"ean": line.ean, "quantity": line.quantity or 0, "number": line.number}
        match = found.get(line.ean)
        if line.quantity is None:
            vals["remark"] = self.env._("“%s” is no whole number.", line.written)
        elif match is None:
            vals["remark"] = self.env._("No product has this EAN.")
        elif len(match.products) > 1:
            vals["remark"] = self.env._(
                "Several products have this EAN: %s",
                ", ".join(match.products[:NAMES_SHOWN].mapped("display_name")),
            )
        if match is not None and len(match.products) == 1:
            vals["product_id"] = match.products.id
        return vals

    def _read_file(self):
        """Read the uploaded file.

        :raise UserError: when it is neither text nor a sheet.
        """
        content = base64.b64decode(self.ean_file)
        if content[:2] == b"PK":
            return self._read_sheet(content)
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                return read_ean_list(content.decode(encoding))
            except UnicodeDecodeError:
                continue
        raise UserError(self._explain_unreadable())

    def _read_sheet(self, content):
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return read_rows(book.worksheets[0].iter_rows(values_only=True))
        except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError):
            raise UserError(self._explain_unreadable()) from None

    def _explain_unreadable(self):
        return self.env._(
            "%s cannot be read. Save it as CSV or Excel (xlsx), with the EANs in the first "
            "column and the quantities in the second.",
            self.ean_file_name or self.env._("The file"),
        )

    def _create_transfer(self, lines):
        """Create the transfer that brings the pieces, by the first rule of the route."""
        rule = self.channel_id.fulfilment_route_id.rule_ids[:1]
        destination = (
            rule.location_dest_id
            if rule.location_dest_from_rule
            else rule.picking_type_id.default_location_dest_id
        )
        quantities = {}
        for line in lines:
            quantities[line.product_id] = quantities.get(line.product_id, 0) + (
                line.quantity
            )
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
                            "product_uom": product.uom_id.id,
                            "product_uom_qty": quantity,
                            "location_id": rule.location_src_id.id,
                            "location_dest_id": destination.id,
                            "company_id": self.company_id.id,
                        }
                    )
                    for product, quantity in quantities.items()
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


class LengowCreateNoticeLine(models.TransientModel):
    _name = "lengow.create.notice.line"
    _description = "Item of a shipping notice to be made"
    _order = "id"

    wizard_id = fields.Many2one(
        "lengow.create.notice", required=True, ondelete="cascade"
    )
    number = fields.Integer("Line")
    product_id = fields.Many2one("product.product", ondelete="cascade")
    ean = fields.Char("EAN")
    quantity = fields.Integer(default=1)
    remark = fields.Char()
    problem = fields.Char(compute="_compute_problem")

    # === COMPUTE METHODS === #

    @api.depends("ean", "quantity", "product_id", "remark", "wizard_id.line_ids.ean")
    def _compute_problem(self):
        for wizard, lines in self.grouped("wizard_id").items():
            eans = [line.ean for line in wizard.line_ids if line.ean]
            twice = (
                {ean for ean in eans if eans.count(ean) > 1}
                if len(set(eans)) < len(eans)
                else set()
            )
            for line in lines:
                line.problem = line._find_problem(twice)

    @api.onchange("product_id")
    def _onchange_product_id(self):
        self.ean = self.product_id.barcode

    # === BUSINESS METHODS === #

    def _find_problem(self, twice):
        """:return: why the item cannot be announced, or False."""
        if not self.ean and self.product_id:
            return self.env._(
                "%s has no barcode. Enter its EAN on the product.",
                self.product_id.display_name,
            )
        if not self.ean:
            return self.env._("There is no EAN.")
        if self.remark:
            return self.remark
        if self.quantity <= 0:
            return self.env._(
                "The quantity is %s. It must be 1 or more.", self.quantity
            )
        if self.ean in twice:
            return self.env._("The EAN is there more than once.")
        return False


def _merge(lines):
    """Add up the lines of the same EAN, those with a readable quantity."""
    merged = {}
    for line in lines:
        known = merged.get(line.ean)
        if known is None or known.quantity is None or line.quantity is None:
            key = line.ean if known is None else (line.ean, line.number)
            merged[key] = line
        else:
            total = known.quantity + line.quantity
            merged[line.ean] = EanLine(known.number, known.ean, total, str(total))
    return list(merged.values())
