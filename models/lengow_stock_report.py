from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import NAMES_SHOWN


class LengowStockReport(models.Model):
    """A report of what lies at a marketplace, compared with Odoo's quantities."""

    _name = "lengow.stock.report"
    _description = "Lengow stock report"
    _inherit = ["mail.thread"]
    _order = "reported_at desc, id desc"
    _rec_name = "document_id"
    _check_company_auto = True

    channel_id = fields.Many2one(
        "lengow.channel", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="channel_id.company_id", store=True)
    document_id = fields.Char(readonly=True)
    document_type = fields.Char(readonly=True)
    reported_at = fields.Datetime("Date", readonly=True)
    compared_at = fields.Datetime("Compared", readonly=True)
    attachment_id = fields.Many2one("ir.attachment", "File", readonly=True)
    state = fields.Selection(
        [("done", "Compared"), ("error", "Unreadable")], required=True, readonly=True
    )
    problem = fields.Text(readonly=True)
    line_ids = fields.One2many("lengow.stock.report.line", "report_id", readonly=True)
    line_count = fields.Integer("Rows", compute="_compute_counts")
    difference_count = fields.Integer("Differences", compute="_compute_counts")
    unmatched_count = fields.Integer("Unknown Products", compute="_compute_counts")

    _document_uniq = models.UniqueIndex(
        "(channel_id, document_type, document_id) WHERE document_id IS NOT NULL",
        "A report is fetched once.",
    )

    # === COMPUTE METHODS === #

    @api.depends("channel_id", "reported_at")
    def _compute_display_name(self):
        for report in self:
            moment = fields.Datetime.context_timestamp(
                report, report.reported_at or fields.Datetime.now()
            )
            name = report.channel_id.marketplace_id.name
            report.display_name = f"{name}, {moment:%Y-%m-%d %H:%M}"

    @api.depends("line_ids.difference")
    def _compute_counts(self):
        lines = self.env["lengow.stock.report.line"]

        def count(*domain):
            domain = [("report_id", "in", self.ids), *domain]
            return dict(lines._read_group(domain, ["report_id"], ["__count"]))

        every, different = count(), count(("is_different", "=", True))
        unmatched = count(("product_id", "=", False))
        for report in self:
            report.line_count = every.get(report, 0)
            report.difference_count = different.get(report, 0)
            report.unmatched_count = unmatched.get(report, 0)

    # === ACTION METHODS === #

    def action_compare(self):
        """Compare the report with Odoo's quantities of this moment."""
        self.check_access("read")
        for report_sudo in self.sudo():  # users may not write reports
            if report_sudo.state == "done":
                report_sudo._compare()

    def action_view_lines(self):
        """:return: action that lists the differences."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_lengow.action_lengow_stock_report_line"
        )
        return {
            **action,
            "domain": [("report_id", "=", self.id)],
            "context": {"search_default_different": 1},
        }

    def action_prepare_adjustment(self):
        """Enter the marketplace's quantities as counted ones, for a person to apply.

        :return: action that lists the counts.
        :raise UserError: when there is no difference that could be adjusted.
        """
        self.ensure_one()
        if not self.env.user.has_group("stock.group_stock_user"):
            raise UserError(
                self.env._(
                    "Only users of Inventory can prepare an adjustment. Ask one of them."
                )
            )
        self.action_compare()
        lines = self.line_ids.filtered(
            lambda line: line.is_different and line.product_id
        )
        tracked = lines.filtered(lambda line: line.product_id.tracking != "none")
        usable = lines - tracked
        if not usable:
            raise UserError(self._explain_nothing_to_adjust(tracked))
        quants = self.env["stock.quant"]
        for (product, location), group in usable.grouped(
            lambda line: (line.product_id, line.location_id)
        ).items():
            quants |= self._count_product(product, location, group)
        self.message_post(body=self._describe_adjustment(usable, tracked))
        action = quants.with_context(inventory_mode=True).action_view_inventory()
        return {**action, "domain": [("id", "in", quants.ids)]}

    # === BUSINESS METHODS === #

    def _count_product(self, product, location, lines):
        """Enter a count, as a person does in the list of physical inventory.

        :return: the quant.
        """
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        quant = quants.search(
            [
                ("product_id", "=", product.id),
                ("location_id", "=", location.id),
                ("lot_id", "=", False),
                ("package_id", "=", False),
                ("owner_id", "=", False),
            ],
            limit=1,
        )
        # Several EANs may be the same product: a pack and its piece.
        wanted = sum(lines.mapped("reported_quantity")) - (
            lines[0].odoo_quantity - (quant.quantity if quant else 0.0)
        )
        if quant:
            quant.write({"inventory_quantity": wanted, "user_id": self.env.uid})
            return quant
        return quants.create(
            {
                "product_id": product.id,
                "location_id": location.id,
                "inventory_quantity": wanted,
                "user_id": self.env.uid,
            }
        )

    def _explain_nothing_to_adjust(self, tracked):
        if tracked:
            return self.env._(
                "The products that differ are tracked by lot: %s. Count them by hand.",
                _name_some(tracked.product_id.mapped("display_name")),
            )
        return self.env._("Nothing differs that Odoo has a product for.")

    def _describe_adjustment(self, usable, tracked):
        message = self.env._(
            "An inventory adjustment of %s products is prepared.",
            len(usable.product_id),
        )
        if tracked:
            left = _name_some(tracked.product_id.mapped("display_name"))
            message += " " + self.env._(
                "Left out, as they are tracked by lot: %s.", left
            )
        return message


class LengowStockReportLine(models.Model):
    """What a report says of one EAN in one place, beside Odoo's quantity."""

    _name = "lengow.stock.report.line"
    _description = "Lengow stock report row"
    _order = "report_id desc, id"
    _rec_name = "ean"

    report_id = fields.Many2one(
        "lengow.stock.report", required=True, ondelete="cascade", index=True
    )
    ean = fields.Char("EAN")
    product_id = fields.Many2one("product.product", index="btree_not_null")
    place_id = fields.Many2one("lengow.place", "Warehouse")
    location_id = fields.Many2one("stock.location")
    reported_pieces = fields.Integer("Reported", help="As the marketplace counts them.")
    offerable_pieces = fields.Integer("Offerable")
    reported_quantity = fields.Float(
        digits="Product Unit",
        help="In the product's unit, where the EAN is a packaging's.",
    )
    odoo_quantity = fields.Float("In Odoo", digits="Product Unit")
    difference = fields.Float(digits="Product Unit")
    is_different = fields.Boolean(index=True)
    is_added = fields.Boolean(
        help="Odoo has it there, and the report does not name it."
    )


def _name_some(names):
    shown = ", ".join(names[:NAMES_SHOWN])
    return f"{shown}…" if names[NAMES_SHOWN:] else shown
