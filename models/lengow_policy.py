from odoo import fields, models

from ..const import OLDEST_ORDER_DAYS, SETTLE_DAYS, TOLERANCE


class LengowPolicy(models.AbstractModel):
    """What becomes of marketplace orders.

    A channel decides; its account holds what new channels begin with.
    """

    _name = "lengow.policy"
    _description = "Lengow policy"

    # === FIELDS: IMPORT === #

    auto_confirm = fields.Boolean(
        "Confirm Orders",
        default=True,
        help="Imported orders are confirmed, and their delivery is created.",
    )
    auto_accept = fields.Selection(
        [
            ("no", "By hand"),
            ("stock", "When the stock suffices"),
            ("always", "Always"),
        ],
        "Accept Orders",
        default="no",
        required=True,
        help="What becomes of orders that the marketplace wants to have accepted: nothing "
        "until somebody does, or they are accepted as soon as they arrive. The stock "
        "suffices when the warehouse has all pieces of all lines free.",
    )
    import_days = fields.Integer(
        "Days to Import",
        default=OLDEST_ORDER_DAYS,
        required=True,
        help="Orders that were placed more days than this before Lengow gave them are not "
        "imported.",
    )
    fulfilled_by_marketplace = fields.Selection(
        [
            ("skip", "Do not import"),
            ("no_delivery", "Import without a delivery"),
            ("deliver", "Deliver at once from its own warehouse"),
        ],
        default="skip",
        required=True,
        help="What to do with orders that the marketplace delivers from its own warehouse.",
    )
    fulfilment_warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Warehouse of the Marketplace",
        check_company=True,
        help="Stands for your stock that lies at the marketplace.",
    )

    # === FIELDS: SALES ORDERS === #

    order_name = fields.Selection(
        [
            ("sequence", "Odoo's own number"),
            ("marketplace", "The marketplace's number"),
        ],
        "Number of Sales Orders",
        default="sequence",
        required=True,
    )
    order_name_prefix = fields.Char(
        "Prefix", help="Comes before the marketplace's number, as in AMZ-403-1234567."
    )
    team_id = fields.Many2one("crm.team", "Sales Team", check_company=True)
    warehouse_id = fields.Many2one("stock.warehouse", check_company=True)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        help="Used for orders in its currency. Prices are always the marketplace's.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term", "Payment Terms", check_company=True
    )
    tag_ids = fields.Many2many("crm.tag", string="Tags")
    fallback_product_id = fields.Many2one(
        "product.product",
        "Product for Unknown Ones",
        check_company=True,
        domain=[("type", "!=", "combo")],
        help="Stands in for products that Odoo does not find; the line keeps their title and "
        "number. When empty, such orders wait in error.",
    )

    # === FIELDS: BUYERS === #

    customer_policy = fields.Selection(
        [
            ("buyer", "One contact per buyer"),
            ("marketplace", "One customer for the marketplace"),
        ],
        "Customers",
        default="buyer",
        required=True,
    )
    customer_id = fields.Many2one(
        "res.partner",
        "Customer for the Marketplace",
        check_company=True,
        help="Buys every order of the marketplace; buyers become its addresses.",
    )
    buyer_tag_ids = fields.Many2many("res.partner.category", string="Tags of Buyers")
    name_source = fields.Selection(
        [("parts", "First and last name"), ("full", "Full name")],
        "Names of Buyers",
        default="parts",
        required=True,
        help="Where the marketplace gives both. Carriers may have rewritten the full name.",
    )

    # === FIELDS: MONEY === #

    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        check_company=True,
        help="Used for all other orders. When empty, the delivery address decides.",
    )
    business_fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        "Fiscal Position of Businesses",
        check_company=True,
        help="Used for orders that the marketplace marks as bought by a business.",
    )
    deemed_supplier_fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        "Fiscal Position Where the Marketplace Owes the VAT",
        check_company=True,
        help="Used for orders whose VAT the marketplace collects and pays itself (deemed "
        "supplier).",
    )
    tolerance = fields.Float(
        default=TOLERANCE,
        required=True,
        digits=(16, 2),
        help="A difference between the marketplace's total and its parts that is not larger "
        "becomes a line of its own; a larger one holds the order. In the order's currency.",
    )
    invoice_policy = fields.Selection(
        [
            ("manual", "By hand"),
            ("import", "When the order is imported"),
            ("delivery", "When it is delivered"),
        ],
        "Invoice",
        default="manual",
        required=True,
    )
    invoice_journal_id = fields.Many2one(
        "account.journal",
        "Sales Journal",
        check_company=True,
        domain=[("type", "=", "sale")],
        help="Also used for invoices made by hand.",
    )
    payment_journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain=[("type", "in", ("bank", "cash", "credit"))],
        help="The buyer's payment is registered here, on the day of the order, as soon as "
        "the invoice is posted. When empty, no payment is registered.",
    )

    # === FIELDS: ACTIONS === #

    ship_policy = fields.Selection(
        [
            ("delivery", "At each delivery"),
            ("order", "When the order is complete"),
            ("manual", "By hand"),
        ],
        "Confirm Shipments",
        default="delivery",
        required=True,
        help="When the marketplace is told what has left. Where it takes whole lines or "
        "whole orders only, it is told once they are complete.",
    )
    settle_days = fields.Integer(
        "Days to Wait for Answers",
        default=SETTLE_DAYS,
        required=True,
        help="Somebody is told of actions that the marketplace has not answered, or that "
        "could not be sent, for so long.",
    )

    _settle_days_positive = models.Constraint(
        "CHECK (settle_days > 0)", "The days to wait for answers must be more than 0."
    )
    _tolerance_positive = models.Constraint(
        "CHECK (tolerance >= 0 AND import_days > 0)",
        "The tolerance must not be negative, and the days to import more than 0.",
    )
