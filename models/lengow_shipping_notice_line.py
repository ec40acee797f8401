from odoo import api, fields, models
from odoo.exceptions import UserError

# What the marketplace says of items that it takes, or has not looked at yet.
FINE_STATES = ("", "valid", "pending", "validated", "unknown", "not_validated")


class LengowShippingNoticeLine(models.Model):
    """One EAN of a shipping notice."""

    _name = "lengow.shipping.notice.line"
    _description = "Lengow shipping notice item"
    _order = "notice_id desc, id"
    _rec_name = "ean"

    notice_id = fields.Many2one(
        "lengow.shipping.notice", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="notice_id.company_id", store=True)
    notice_state = fields.Selection(related="notice_id.state")
    ean = fields.Char("EAN", required=True)
    product_id = fields.Many2one("product.product", index=True)
    uom_id = fields.Many2one(
        "uom.uom",
        "Packaging",
        readonly=True,
        help="When the EAN is a packaging's: the quantities count packages.",
    )
    sku = fields.Char("Marketplace's Article", readonly=True)
    announced_quantity = fields.Integer("Announced")
    lengow_announced = fields.Integer(
        "Announced at Lengow", readonly=True, copy=False, help="As Lengow shows it."
    )
    dispatched_quantity = fields.Integer("Dispatched", copy=False)
    lengow_dispatched = fields.Integer(
        "Dispatched at Lengow", readonly=True, copy=False, help="As Lengow shows it."
    )
    received_quantity = fields.Integer("Received", compute="_compute_received_quantity")
    dispatch_difference = fields.Integer(
        "Dispatched Less Announced", compute="_compute_differences", store=True
    )
    announced_validation = fields.Char("Announcement", readonly=True, copy=False)
    dispatch_validation = fields.Char("Dispatch", readonly=True, copy=False)
    is_invalid = fields.Integer("Refused", compute="_compute_differences", store=True)
    is_announcement_changed = fields.Boolean(compute="_compute_differences", store=True)
    is_dispatch_changed = fields.Boolean(compute="_compute_differences", store=True)

    _ean_uniq = models.UniqueIndex(
        "(notice_id, ean)", "An EAN stands in a shipping notice once."
    )
    _quantities_positive = models.Constraint(
        "CHECK (announced_quantity >= 0 AND dispatched_quantity >= 0)",
        "Quantities must not be negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "announced_quantity",
        "lengow_announced",
        "dispatched_quantity",
        "lengow_dispatched",
        "announced_validation",
        "dispatch_validation",
    )
    def _compute_differences(self):
        for line in self:
            announced, dispatched = line.announced_quantity, line.dispatched_quantity
            line.dispatch_difference = dispatched - announced
            states = (line.announced_validation, line.dispatch_validation)
            line.is_invalid = int(
                any((state or "").lower() not in FINE_STATES for state in states)
            )
            line.is_announcement_changed = announced != line.lengow_announced
            line.is_dispatch_changed = dispatched != line.lengow_dispatched

    def _compute_received_quantity(self):
        rows = self.env["lengow.stock.movement"]._read_group(
            [
                ("notice_id", "in", self.notice_id.ids),
                ("kind", "=", "received_items"),
                ("ean", "in", self.mapped("ean")),
            ],
            ["notice_id", "ean"],
            ["quantity:sum"],
        )
        received = {(notice, ean): quantity for notice, ean, quantity in rows}
        for line in self:
            line.received_quantity = received.get((line.notice_id, line.ean), 0)

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.product_id.barcode:
            self.ean = self.product_id.barcode

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        products = self.env["product.product"]
        for vals in vals_list:
            if vals.get("product_id") and not vals.get("ean"):
                product = products.browse(vals["product_id"])
                if not product.barcode:
                    raise UserError(
                        self.env._(
                            "%s has no barcode: the marketplace knows products by their "
                            "EAN. Enter it on the product.",
                            product.display_name,
                        )
                    )
                vals["ean"] = product.barcode
        return super().create(vals_list)

    # === BUSINESS METHODS === #

    def _share_pieces(self, pieces):
        """Dispatch so many pieces of a product under its EANs, packages first."""
        lines = self.sorted(lambda line: not line.uom_id)
        for line in lines:
            unit = line.product_id.uom_id
            size = line.uom_id._compute_quantity(1, unit) if line.uom_id else 1
            count = int(pieces // size)
            if line != lines[-1]:
                count = min(count, line.announced_quantity)
            line.dispatched_quantity = count
            pieces -= count * size
