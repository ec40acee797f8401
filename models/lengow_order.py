import json

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..lengow.order import Order
from .json_field import SharedJson

PROBLEMS = [
    ("unknown_marketplace", "Unknown marketplace"),
    ("no_order_id", "No order number"),
    ("no_package", "No package"),
    ("no_line", "No line"),
    ("no_address", "No address"),
    ("no_country", "No country"),
    ("no_currency", "No currency"),
    ("inactive_currency", "Currency not active"),
    ("no_exchange_rate", "No exchange rate"),
    ("no_total", "No total"),
    ("unknown_product", "Unknown product"),
    ("ambiguous_product", "Several products"),
    ("combo_product", "Combo product"),
    ("no_service_product", "Product for charges missing"),
    ("no_warehouse", "Warehouse of the marketplace missing"),
    ("total_mismatch", "Total does not add up"),
    ("invoice_failed", "Not invoiced"),
    ("change_failed", "Change not applied"),
    ("not_delivered", "Delivery not validated"),
    ("not_marked", "Names refused by Lengow"),
    ("cut_short", "Import cut short"),
    ("unexpected", "Unexpected problem"),
]
REASONS = [
    ("not_accepted", "Not accepted yet"),
    ("unknown_status", "Status not known yet"),
    ("cancelled", "Cancelled at the marketplace"),
    ("refunded", "Refunded at the marketplace"),
    ("anonymized", "Buyer's data erased"),
    ("before_cut_off", "Placed before the cut-off date"),
    ("too_old", "Older than three months"),
    ("past_import_days", "Placed too long before it came"),
    ("channel_off", "Channel does not import"),
    ("fulfilled_by_marketplace", "Fulfilled by the marketplace"),
    ("by_person", "Ignored by a person"),
]


class LengowOrder(models.Model):
    """One marketplace order: what Lengow gave, how far its import is, what it became."""

    _name = "lengow.order"
    _description = "Lengow order"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "order_date desc, id desc"
    _rec_name = "marketplace_order_id"
    _check_company_auto = True

    account_id = fields.Many2one(
        "lengow.account", required=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    channel_id = fields.Many2one(
        "lengow.channel", index="btree_not_null", readonly=True
    )
    marketplace_id = fields.Many2one(related="channel_id.marketplace_id", store=True)
    marketplace_code = fields.Char(
        readonly=True, help="As the order names its marketplace."
    )
    marketplace_order_id = fields.Char("Order", required=True, readonly=True)
    payload = SharedJson(
        readonly=True,
        prefetch=False,
        groups="sale_lengow.group_lengow_user",
        help="The order as Lengow gives it.",
    )
    payload_text = fields.Text(
        "Payload as Text",
        compute="_compute_payload_text",
        groups="sale_lengow.group_lengow_user",
    )
    fingerprint = fields.Char(
        readonly=True, help="Tells whether the payload has changed."
    )
    marketplace_status = fields.Char(readonly=True)
    order_date = fields.Datetime("Ordered", readonly=True)
    updated_at = fields.Datetime("Changed at Lengow", readonly=True)
    buyer_name = fields.Char("Buyer", readonly=True)
    total_order = fields.Monetary(
        "Marketplace Total", readonly=True, help="What the buyer pays in all."
    )
    commission = fields.Monetary(
        readonly=True,
        help="What the marketplace keeps. It is no part of the total.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    is_fulfilled_by_marketplace = fields.Boolean(readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("pending", "To Import"),
            ("imported", "Imported"),
            ("error", "Error"),
            ("ignored", "Ignored"),
        ],
        default="pending",
        required=True,
        readonly=True,
    )
    error_code = fields.Selection(PROBLEMS + REASONS, "Reason", readonly=True)
    error_message = fields.Text("Problem", readonly=True)
    remedy = fields.Text("What to Do", compute="_compute_remedy")
    attempts = fields.Integer(readonly=True)
    is_being_imported = fields.Boolean(
        default=False,
        readonly=True,
        help="Its import was begun. When no worker is at it, the last one did not survive.",
    )
    next_attempt = fields.Datetime(readonly=True, default=fields.Datetime.now)
    line_ids = fields.One2many("lengow.order.line", "order_id", readonly=True)
    action_ids = fields.One2many("lengow.action", "lengow_order_id", readonly=True)
    acted_at = fields.Datetime(
        "Last Action",
        readonly=True,
        help="When the marketplace was last to be asked for something.",
    )
    sale_order_ids = fields.One2many("sale.order", "lengow_order_id", readonly=True)
    sale_order_count = fields.Integer(compute="_compute_sale_order_count")
    merchant_id_state = fields.Selection(
        [
            ("none", "Not Sent"),
            ("pending", "To Send"),
            ("sent", "Not Seen Yet"),
            ("done", "Sent"),
            ("error", "Refused"),
        ],
        "Merchant Order Id",
        default="none",
        required=True,
        readonly=True,
        help="Whether Lengow knows the names of the sale orders. They are sent until it "
        "shows them.",
    )
    merchant_id_error = fields.Text(readonly=True)
    merchant_id_attempts = fields.Integer(readonly=True)
    merchant_id_next_attempt = fields.Datetime(readonly=True)

    _marketplace_order_uniq = models.UniqueIndex(
        "(account_id, marketplace_code, marketplace_order_id)",
        "A marketplace order is here once.",
    )
    _to_import_idx = models.Index("(next_attempt) WHERE state IN ('pending', 'error')")
    _to_mark_idx = models.Index(
        "(merchant_id_next_attempt) "
        "WHERE merchant_id_state IN ('pending', 'sent', 'error')"
    )
    _to_fix_idx = models.Index(
        "(error_code) WHERE error_code IS NOT NULL AND state IN ('error', 'imported')"
    )

    # === COMPUTE METHODS === #

    @api.depends("payload")
    def _compute_payload_text(self):
        for order in self:
            order.payload_text = json.dumps(order.payload, indent=2, ensure_ascii=False)

    @api.depends("error_code")
    def _compute_remedy(self):
        remedies = self._get_remedies()
        for order in self:
            order.remedy = remedies.get(order.error_code, "")

    @api.depends("sale_order_ids")
    def _compute_sale_order_count(self):
        for order in self:
            order.sale_order_count = len(order.sale_order_ids)

    # === CRUD METHODS === #

    def write(self, vals):
        """Let people write in the chatter, and only the connector what Lengow gave."""
        ours = [name for name in vals if self._fields[name]._module == "sale_lengow"]
        if ours and not self.env.su:
            raise AccessError(
                self.env._(
                    "Marketplace orders are what Lengow says; they cannot be edited."
                )
            )
        return super().write(vals)

    # === ACTION METHODS === #

    def action_view_sale_orders(self):
        """:return: action that shows the sale orders made of the orders."""
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        orders = self.sale_order_ids
        if len(orders) == 1:
            form = self.env.ref("sale.view_order_form")
            return {
                **action,
                "views": [(form.id, "form")],
                "res_id": orders.id,
                "context": {},
            }
        return {**action, "domain": [("id", "in", orders.ids)], "context": {}}

    # === BUSINESS METHODS === #

    def _view(self):
        """:return: the payload as an :class:`Order`, to be read only."""
        self.ensure_one()
        return Order(self.payload)

    @api.model
    def _get_to_fix_domain(self):
        """:return: domain of the orders that need a person, as the filter *To fix*."""
        return [
            "|",
            "|",
            ("merchant_id_state", "=", "error"),
            ("invoice_state", "=", "error"),
            "&",
            ("state", "in", ("error", "imported")),
            ("error_code", "!=", False),
        ]

    @api.model
    def _get_remedies(self):
        """:return: dict of error code to what the user can do about it."""
        _ = self.env._
        return {
            "unknown_marketplace": _(
                "The list of marketplaces is fetched again by itself, at most once an hour. "
                "If the marketplace stays unknown, ask Lengow whether it is active."
            ),
            "no_order_id": _("Ask Lengow why the marketplace gives no number for it."),
            "no_package": _(
                "Open the order in Lengow. When it has its lines there, it is fetched again "
                "by itself."
            ),
            "no_line": _(
                "Open the order in Lengow. When it has its lines there, it is fetched again "
                "by itself."
            ),
            "no_address": _("Complete the delivery address in Lengow, then retry."),
            "no_country": _(
                "Complete the country of the delivery in Lengow, then retry."
            ),
            "no_currency": _("Ask Lengow why the order names no currency."),
            "inactive_currency": _(
                "Choose Activate Currency, or activate it under Accounting, Configuration, "
                "Currencies, and give it a rate: the order is then imported by itself."
            ),
            "no_exchange_rate": _(
                "Give the currency a rate in Odoo, under Accounting, Configuration, "
                "Currencies. If it is Lengow that has no rate, take orders in the currency of "
                "the marketplace on the Lengow account. The order is then imported by itself."
            ),
            "no_total": _(
                "Open the order in Lengow: it must show a total. Then retry."
            ),
            "unknown_product": _(
                "Choose Map Product to say which of your products it is, or give your product "
                "this internal reference or barcode: the order is then imported by itself."
            ),
            "combo_product": _(
                "Map the Lengow product to a product, or to a kit, that is delivered as it "
                "is. Then retry."
            ),
            "ambiguous_product": _(
                "Choose Map Product to say which of your products is sold, or make the "
                "reference unique: the order is then imported by itself."
            ),
            "no_service_product": _(
                "Choose the products for shipping, processing fee and discount on the Lengow "
                "account: the order is then imported by itself."
            ),
            "no_warehouse": _(
                "Choose the warehouse of the marketplace on the channel, then retry."
            ),
            "change_failed": _(
                "It is tried again by itself. If it stays, do in Odoo what has changed at "
                "the marketplace, and refresh the order from Lengow."
            ),
            "not_delivered": _(
                "Open the delivery, complete what Odoo asks for, such as lots or serial "
                "numbers, and validate it: the marketplace has delivered."
            ),
            "total_mismatch": _(
                "The sale order is a quotation. Compare it with the marketplace, correct it "
                "and confirm it."
            ),
            "invoice_failed": _(
                "Correct what the sentence names, for example the journals of the channel, "
                "then retry. Or invoice the sales order and register its payment by hand, "
                "then retry."
            ),
            "not_marked": _(
                "Look in Lengow whether the order is there, then retry: the names of its "
                "sales orders are sent again."
            ),
            "cut_short": _(
                "The server stopped each time, for want of time or memory. Retry it alone; "
                "if it happens again, give the order's number to your integrator."
            ),
            "unexpected": _(
                "It is tried again by itself. If it stays, give the order's number to your "
                "integrator."
            ),
            "not_accepted": _("It is imported as soon as the marketplace releases it."),
            "unknown_status": _(
                "This status is new to the connector. It is imported as soon as its status "
                "is a known one."
            ),
            "cancelled": _("Nothing: there is nothing to deliver."),
            "refunded": _("Nothing: there is nothing to deliver."),
            "anonymized": _("Nothing: nobody knows any more where it would go."),
            "before_cut_off": _(
                "Choose Import Anyway to import it all the same, or an earlier day on the "
                "Lengow account to import all since then."
            ),
            "too_old": _("Choose Import Anyway to import it all the same."),
            "past_import_days": _(
                "Choose Import Anyway to import it all the same, or more days to import on "
                "the channel to import all such orders."
            ),
            "channel_off": _(
                "Turn on the import of orders on the channel to import them all, or choose "
                "Import Anyway to import this one."
            ),
            "fulfilled_by_marketplace": _(
                "Choose another treatment of orders fulfilled by the marketplace on the "
                "channel to import them all, or choose Import Anyway to import this one."
            ),
            "by_person": _("Choose Import Anyway to import it after all."),
        }
