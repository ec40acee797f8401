import json

from odoo import api, fields, models

from ..lengow.arguments import is_empty
from ..lengow.choices import find_choice

PROBLEMS = [
    ("not_ready", "Something is missing"),
    ("unsent", "Not sent"),
    ("refused", "Refused by Lengow"),
    ("failed", "Refused by the marketplace"),
    ("unsettled", "No answer"),
    ("unexpected", "Unexpected problem"),
]


class LengowAction(models.Model):
    """One request to a marketplace: the outbox.

    It is written in the transaction of what it tells of, sent by a cron, and settled by
    another with what the marketplace made of it.
    """

    _name = "lengow.action"
    _description = "Marketplace action"
    _order = "id desc"
    _rec_name = "action_type"
    _check_company_auto = True

    lengow_order_id = fields.Many2one(
        "lengow.order",
        "Marketplace Order",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    channel_id = fields.Many2one(
        related="lengow_order_id.channel_id", store=True, index="btree_not_null"
    )
    marketplace_id = fields.Many2one(
        related="lengow_order_id.marketplace_id", store=True
    )
    account_id = fields.Many2one(related="lengow_order_id.account_id", store=True)
    company_id = fields.Many2one(related="lengow_order_id.company_id", store=True)
    line_id = fields.Many2one(
        "lengow.order.line",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="Empty when it is about the whole order.",
    )
    line_key = fields.Char("Line Number", readonly=True)
    picking_id = fields.Many2one(
        "stock.picking",
        "Delivery",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    move_id = fields.Many2one(
        "account.move",
        "Credit Note",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    action_type = fields.Char("Type", required=True, readonly=True)
    action_name = fields.Char("Action", compute="_compute_action_name")
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="Pieces of the line that it is about; 0 for the line or the order as it is.",
    )
    arguments = fields.Json(
        readonly=True, help="What is sent, but for the order's own numbers."
    )
    arguments_text = fields.Text("What Is Sent", compute="_compute_arguments_text")
    source = fields.Json(
        readonly=True,
        prefetch=False,
        help="What was asked for, of which the marketplace's rules make the arguments.",
    )
    job_key = fields.Char(
        readonly=True,
        index="btree_not_null",
        help="The same for all actions that came of the same wish.",
    )
    notice = fields.Text(readonly=True, help="Worth knowing; it is sent all the same.")
    state = fields.Selection(
        [
            ("pending", "To Send"),
            ("queued", "At Lengow"),
            ("done", "Done"),
            ("error", "Error"),
            ("cancelled", "Cancelled"),
        ],
        default="pending",
        required=True,
        readonly=True,
    )
    error_code = fields.Selection(PROBLEMS, "Reason", readonly=True)
    error_message = fields.Text("Problem", readonly=True)
    remedy = fields.Text("What to Do", compute="_compute_remedy")
    lengow_id = fields.Char("Number at Lengow", readonly=True)
    former_lengow_ids = fields.Json(
        readonly=True, help="Numbers at Lengow of earlier tries that failed."
    )
    is_doubtful = fields.Boolean(
        readonly=True,
        help="Sent without an answer: Lengow is asked whether it has it before it is sent "
        "again.",
    )
    looks = fields.Integer(
        readonly=True, help="How often Lengow was asked for it since it is doubtful."
    )
    requested_at = fields.Datetime(
        "Since",
        readonly=True,
        default=fields.Datetime.now,
        help="When it was asked for.",
    )
    attempts = fields.Integer(readonly=True)
    next_attempt = fields.Datetime(
        readonly=True,
        default=fields.Datetime.now,
        help="When it is sent, or when Lengow is asked what became of it by its number.",
    )
    sent_at = fields.Datetime(
        "Sent", readonly=True, help="Of the requests in doubt the first one."
    )
    settled_at = fields.Datetime("Settled", readonly=True)
    is_to_tell = fields.Boolean(
        readonly=True, help="It is settled, and nobody was told of it yet."
    )

    _to_send_idx = models.Index("(next_attempt) WHERE state = 'pending'")
    _to_settle_idx = models.Index("(account_id, sent_at) WHERE state = 'queued'")
    _to_fix_idx = models.Index("(lengow_order_id) WHERE state = 'error'")
    _to_tell_idx = models.Index("(lengow_order_id) WHERE is_to_tell")
    _lengow_id_idx = models.Index("(lengow_id) WHERE lengow_id IS NOT NULL")
    _lengow_id_uniq = models.UniqueIndex(
        "(lengow_order_id, lengow_id) WHERE state = 'queued'",
        "What Lengow has once is one action.",
    )

    # === COMPUTE METHODS === #

    @api.depends("action_type", "lengow_order_id.marketplace_order_id")
    def _compute_display_name(self):
        for action in self:
            action.display_name = (
                f"{action.lengow_order_id.marketplace_order_id}: {action.action_name}"
            )

    @api.depends("action_type")
    def _compute_action_name(self):
        names = self._get_names()
        for action in self:
            code = action.action_type or ""
            action.action_name = names.get(code, code.replace("_", " ").capitalize())

    @api.depends("arguments", "marketplace_id.spec", "action_type")
    def _compute_arguments_text(self):
        for action in self:
            action.arguments_text = "\n".join(action._describe_arguments())

    @api.depends("error_code")
    def _compute_remedy(self):
        remedies = self._get_remedies()
        for action in self:
            action.remedy = remedies.get(action.error_code, "")

    # === BUSINESS METHODS === #

    @api.model
    def _open_list(self, domain):
        """Open a list of actions.

        :param list domain: which ones.
        :return: action that shows them.
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_lengow.action_lengow_action"
        )
        return {**action, "domain": domain, "context": {}}

    @api.model
    def _get_to_fix_domain(self):
        """:return: domain of the actions that need a person, as the filter *To Fix*."""
        return [("state", "=", "error")]

    def _describe_arguments(self):
        """:return: list of what is sent, each with the marketplace's labels."""
        rules = self.marketplace_id.sudo()._get_rules()  # users see all marketplaces
        rule = rules.get_action(self.action_type)
        described = rule.arguments if rule else {}
        sentences = []
        for name, value in (self.arguments or {}).items():
            argument = described.get(name)
            label = argument.label if argument else name.replace("_", " ").capitalize()
            choice = argument and find_choice(argument.valid_values, value)
            words = value if isinstance(value, str) else json.dumps(value)
            if choice and choice.label != choice.code:
                words = f"{choice.label} ({words})"
            if not is_empty(value):
                sentences.append(f"{label}: {words}")
        return sentences

    @api.model
    def _get_names(self):
        """:return: dict of action type to what a person calls it."""
        _ = self.env._
        return {
            "accept": _("Accept"),
            "refuse": _("Refuse"),
            "ship": _("Ship"),
            "cancel": _("Cancel"),
            "refund": _("Refund"),
            "partial_cancel": _("Cancel in Part"),
            "partial_refund": _("Refund in Part"),
            "set_delivery_date": _("Set Delivery Date"),
            "set_eligible_shipping_methods": _("Ask for Shipping Methods"),
            "buy_shipment_label": _("Buy Shipment Label"),
            "pickup_ready": _("Ready for Pick-Up"),
            "pickup_complete": _("Picked Up"),
            "pickup_cancel": _("Cancel Pick-Up"),
            "pickup_refund": _("Refund Pick-Up"),
        }

    @api.model
    def _get_remedies(self):
        """:return: dict of error code to what the user can do about it."""
        _ = self.env._
        return {
            "not_ready": _(
                "Complete what is missing, such as the mapping of a carrier or a tracking "
                "number, then choose Send Again. Or choose Edit and Send."
            ),
            "unsent": _(
                "Choose Send Again as soon as the Lengow account works. Lengow is asked "
                "first whether it has it, so nothing is sent twice."
            ),
            "refused": _(
                "Read what Lengow says, and choose Edit and Send to correct it. If it is "
                "done at the marketplace already, choose Cancel."
            ),
            "failed": _(
                "Read what the marketplace says, and choose Edit and Send to correct it, or "
                "Send Again. If it is done at the marketplace already, choose Cancel."
            ),
            "unsettled": _(
                "Look at the marketplace whether it is done. If it is, choose Cancel; if "
                "not, choose Send Again: Lengow is asked first whether it has it."
            ),
            "unexpected": _(
                "Choose Send Again. If it happens again, give the order's number to your "
                "integrator."
            ),
        }
