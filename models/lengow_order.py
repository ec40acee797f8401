import json

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const import IMPORT_BATCH_SIZE
from ..lengow.order import Order

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
    ("no_service_product", "Product for charges missing"),
    ("total_mismatch", "Total does not add up"),
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
    ("channel_off", "Channel does not import"),
    ("fulfilled_by_marketplace", "Fulfilled by the marketplace"),
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
    payload = fields.Json(
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
    lengow_status = fields.Char(readonly=True)
    marketplace_status = fields.Char(readonly=True)
    order_date = fields.Datetime("Ordered", readonly=True)
    updated_at = fields.Datetime("Changed at Lengow", readonly=True)
    buyer_name = fields.Char("Buyer", readonly=True)
    total_order = fields.Monetary(
        "Marketplace Total", readonly=True, help="What the buyer pays in all."
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
    next_attempt = fields.Datetime(readonly=True, default=fields.Datetime.now)
    line_ids = fields.One2many("lengow.order.line", "order_id", readonly=True)
    sale_order_ids = fields.One2many("sale.order", "lengow_order_id", readonly=True)
    sale_order_count = fields.Integer(compute="_compute_sale_order_count")
    merchant_id_state = fields.Selection(
        [
            ("none", "Not Sent"),
            ("pending", "To Send"),
            ("done", "Sent"),
            ("error", "Refused"),
        ],
        "Merchant Order Id",
        default="none",
        required=True,
        readonly=True,
        help="Whether Lengow knows the names of the sale orders.",
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
        "(merchant_id_next_attempt) WHERE merchant_id_state = 'pending'"
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

    def action_retry(self):
        """Import orders in error at once, and say how it went.

        More than a batch of them is left to the cron.
        """
        self.check_access("write")
        orders_sudo = self.sudo().filtered(  # imports touch what users may not
            lambda order: order.state in ("error", "pending")
        )
        orders_sudo.filtered(lambda order: not order.channel_id)._find_channels()
        orders_sudo.write({"attempts": 0, "next_attempt": fields.Datetime.now()})
        if len(orders_sudo) > IMPORT_BATCH_SIZE:
            self.env["lengow.account"]._trigger_crons("import_orders")
            return self.env["lengow.account"]._notify(
                self.env._("Import"),
                self.env._(
                    "%s orders are imported in the background.", len(orders_sudo)
                ),
            )
        orders_sudo.try_lock_for_update(allow_referencing=True)._import_guarded()
        failed = orders_sudo.filtered(lambda order: order.state == "error")
        imported = orders_sudo.filtered(lambda order: order.state == "imported")
        self.env["lengow.account"]._trigger_crons("mark_orders")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if failed else "success",
                "title": self.env._("Import"),
                "message": self.env._(
                    "%(imported)s imported, %(failed)s still to fix.",
                    imported=len(imported),
                    failed=len(failed),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

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
        """:return: the payload as an :class:`Order`."""
        self.ensure_one()
        return Order(self.payload)

    @api.model
    def _get_to_fix_domain(self):
        """:return: domain of the orders that need a person, as the filter *To fix*."""
        return [
            "|",
            "|",
            ("state", "=", "error"),
            ("error_code", "=", "total_mismatch"),
            ("merchant_id_state", "=", "error"),
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
                "Activate the currency under Accounting, Configuration, Currencies and give "
                "it a rate, then retry."
            ),
            "no_exchange_rate": _(
                "Give the currency a rate in Odoo, or take orders in the currency of the "
                "marketplace on the Lengow account, then retry."
            ),
            "no_total": _(
                "Open the order in Lengow: it must show a total. Then retry."
            ),
            "unknown_product": _(
                "Map the Lengow product to one of yours under Lengow, Configuration, Product "
                "Mappings, or give your product this internal reference or barcode. Then "
                "retry."
            ),
            "ambiguous_product": _(
                "Several of your products carry this reference. Make it unique, or map the "
                "Lengow product under Lengow, Configuration, Product Mappings. Then retry."
            ),
            "no_service_product": _(
                "Choose the products for shipping, processing fee and discount on the Lengow "
                "account, then retry."
            ),
            "total_mismatch": _(
                "The sale order is a quotation. Compare it with the marketplace, correct it "
                "and confirm it."
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
            "channel_off": _(
                "Turn on the import of orders on the channel to import it."
            ),
            "fulfilled_by_marketplace": _(
                "Choose another treatment of orders fulfilled by the marketplace on the "
                "channel to import it."
            ),
        }
