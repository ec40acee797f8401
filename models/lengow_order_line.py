from odoo import api, fields, models


class LengowOrderLine(models.Model):
    """One line of a marketplace order."""

    _name = "lengow.order.line"
    _description = "Lengow order line"
    _order = "order_id, sequence, id"
    _rec_name = "title"
    _log_access = False

    # The unique index below finds the lines of an order.
    order_id = fields.Many2one("lengow.order", required=True, ondelete="cascade")
    sequence = fields.Integer()
    line_key = fields.Char(
        required=True, help="The line's number, made unique within its order."
    )
    marketplace_order_line_id = fields.Char("Line Number")
    package_key = fields.Char(
        "Package", help="The numbers of the lines that travel together."
    )
    package_number = fields.Integer("Package No.")
    external_id = fields.Char("Lengow Product")
    title = fields.Char()
    quantity = fields.Float(digits="Product Unit")
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount = fields.Monetary(help="What the buyer pays for the line, taxes included.")
    sale_line_ids = fields.One2many("sale.order.line", "lengow_line_id")
    sale_line_id = fields.Many2one(
        "sale.order.line", "Sales Order Line", compute="_compute_sale_line_id"
    )
    product_id = fields.Many2one("product.product", compute="_compute_sale_line_id")

    _line_uniq = models.UniqueIndex(
        "(order_id, line_key)", "A marketplace line is in its order once."
    )

    # === COMPUTE METHODS === #

    @api.depends("sale_line_ids.product_id")
    def _compute_sale_line_id(self):
        for line in self:
            line.sale_line_id = line.sale_line_ids[:1]
            line.product_id = line.sale_line_id.product_id
