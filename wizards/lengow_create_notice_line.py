from collections import Counter

from odoo import api, fields, models


class LengowCreateNoticeLine(models.TransientModel):
    _name = "lengow.create.notice.line"
    _description = "Item of a shipping notice to be made"
    _order = "id"

    wizard_id = fields.Many2one(
        "lengow.create.notice", required=True, ondelete="cascade"
    )
    number = fields.Integer("Line")
    product_id = fields.Many2one("product.product", ondelete="cascade")
    uom_id = fields.Many2one(
        "uom.uom",
        "Packaging",
        ondelete="cascade",
        help="When the EAN is a packaging's.",
    )
    ean = fields.Char("EAN")
    quantity = fields.Integer(default=1)
    remark = fields.Char()
    problem = fields.Char(compute="_compute_problem")

    # === COMPUTE METHODS === #

    @api.depends("ean", "quantity", "product_id", "remark", "wizard_id.line_ids.ean")
    def _compute_problem(self):
        for wizard, lines in self.grouped("wizard_id").items():
            repeated = find_repeated(wizard.line_ids)
            for line in lines:
                line.problem = self._find_problem(line._as_item(), repeated)

    @api.onchange("product_id")
    def _onchange_product_id(self):
        self.ean = self.product_id.barcode

    # === BUSINESS METHODS === #

    def _as_item(self):
        """:return: dict of what it holds, as the readers of lists and transfers give it."""
        return {
            "product_id": self.product_id.id,
            "uom_id": self.uom_id.id,
            "ean": self.ean,
            "quantity": self.quantity,
            "number": self.number,
            "remark": self.remark,
        }

    @api.model
    def _find_problem(self, item, repeated):
        """:return: why the item cannot be announced, or False."""
        if not item["ean"] and item["product_id"]:
            return self.env._(
                "%s has no barcode. Enter its EAN on the product.",
                self.env["product.product"].browse(item["product_id"]).display_name,
            )
        if not item["ean"]:
            return self.env._("There is no EAN.")
        if item["remark"]:
            return item["remark"]
        if item["quantity"] <= 0:
            return self.env._(
                "The quantity is %s. It must be 1 or more.", item["quantity"]
            )
        if item["ean"] in repeated:
            return self.env._("The EAN is there more than once.")
        return False


def find_repeated(items):
    """:return: set of the EANs that stand in items, or lines, more than once."""
    counts = Counter(item["ean"] for item in items)
    return {ean for ean, count in counts.items() if ean and count > 1}
