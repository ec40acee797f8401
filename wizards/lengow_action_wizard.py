from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.notification import make_notification

# What is filled in decides what is asked for, and what is wrong.
_FILLED_IN = (
    "type_id",
    "scope",
    "line_ids.is_chosen",
    "line_ids.quantity",
    "argument_ids.choice_id",
    "argument_ids.text_value",
    "argument_ids.date_value",
)

ORIGINS = ("lengow_order_id", "action_id", "sale_order_id", "picking_id", "move_id")


class LengowActionWizard(models.TransientModel):
    """Asks a marketplace to do something with an order.

    Its form is drawn from the marketplace's rules: which actions are possible now, which
    details they take, and which of those are asked for beside the others.
    """

    _name = "lengow.action.wizard"
    _description = "Marketplace action to send"
    _check_company_auto = True

    lengow_order_id = fields.Many2one(
        "lengow.order", "Order", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="lengow_order_id.company_id")
    marketplace_id = fields.Many2one(related="lengow_order_id.marketplace_id")
    action_id = fields.Many2one(
        "lengow.action",
        "Instead of",
        ondelete="cascade",
        help="The failed action that is edited and sent again.",
    )
    sale_order_id = fields.Many2one("sale.order", ondelete="cascade")
    picking_id = fields.Many2one("stock.picking", ondelete="cascade")
    move_id = fields.Many2one("account.move", ondelete="cascade")
    cancels_sale = fields.Boolean(help="The sales order is cancelled in Odoo, too.")
    type_key = fields.Char()
    type_id = fields.Many2one(
        "lengow.action.choice",
        "Action",
        ondelete="cascade",
        domain="[('key', '=', type_key)]",
    )
    scope = fields.Selection(
        [("order", "The whole order"), ("lines", "Lines of it")],
        "About",
        default="order",
        required=True,
    )
    drawn_type = fields.Char(help="What the lines and details were drawn for.")
    drawn_scope = fields.Char()
    has_scope = fields.Boolean(compute="_compute_takes")
    takes_quantity = fields.Boolean(compute="_compute_takes")
    line_ids = fields.One2many("lengow.action.wizard.line", "wizard_id", "Lines")
    argument_ids = fields.One2many(
        "lengow.action.wizard.argument", "wizard_id", "Details"
    )
    has_choices = fields.Boolean(compute="_compute_takes")
    has_texts = fields.Boolean(compute="_compute_takes")
    has_dates = fields.Boolean(compute="_compute_takes")
    problem = fields.Text("To Complete", compute="_compute_problem")
    notice = fields.Text("Worth Knowing", compute="_compute_problem")

    # === COMPUTE METHODS === #

    @api.depends("type_id", "scope", "argument_ids.kind", "argument_ids.choice_key")
    def _compute_takes(self):
        for wizard in self:
            rule = wizard._get_rule()
            wizard.has_scope = rule is not None and wizard._can_choose_scope(rule)
            wizard.takes_quantity = rule is not None and wizard._can_take_parts(rule)
            rows = wizard.argument_ids
            wizard.has_choices = any(rows.mapped("choice_key"))
            wizard.has_dates = any(
                row.kind == "date" and not row.choice_key for row in rows
            )
            wizard.has_texts = any(
                (row.is_free and row.kind != "date") or row.text_value for row in rows
            )

    @api.depends(*_FILLED_IN)
    def _compute_problem(self):
        for wizard in self:
            problems, notices = wizard._check()
            wizard.problem = "\n".join(problems)
            wizard.notice = "\n".join(notices)

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields):
        """Draw the form for the order that it is opened for.

        :raise UserError: when its marketplace takes no action now.
        """
        vals = super().default_get(fields)
        origin = {name: self.env.context.get(f"default_{name}") for name in ORIGINS}
        action = self.env["lengow.action"].browse(origin["action_id"])
        order = action.lengow_order_id or self.env["lengow.order"].browse(
            origin["lengow_order_id"]
        )
        if not order:
            return vals
        if action:
            job, name = self._read_failed(action), action.action_type
        else:
            order._check_may_act()
            job, name = self._make_first_job(order, origin), False
        return {**vals, **origin, **self._prepare_first_vals(order, name, job)}

    @api.onchange("type_id")
    def _onchange_type_id(self):
        code = self.type_id.code or ""
        if self.drawn_type == code:
            return  # the form has just been opened
        job = self._make_first_job(self.lengow_order_id, self._get_origin_vals())
        job.action_type = code
        self.update(self._prepare_drawn_vals(job))

    @api.onchange("scope")
    def _onchange_scope(self):
        if self.drawn_scope == self.scope:
            return
        job = self._make_job()
        self.argument_ids = self._prepare_argument_commands(job, self.scope)
        self.drawn_scope = self.scope

    # === ACTION METHODS === #

    def action_send(self):
        """Queue the action; it is sent as soon as this is saved.

        :return: notification.
        :raise UserError: when something is missing or wrong; then nothing is sent.
        """
        self.ensure_one()
        order = self.lengow_order_id
        order.check_access("write")
        self._check_replaced()
        problems, _notices = self._check()
        if problems:
            raise UserError("\n".join(problems))
        self.env["lengow.action"]._queue([self._make_job()])
        self._cancel_replaced()
        if self.cancels_sale:
            self.sale_order_id.with_context(lengow_told=True).action_cancel()
        return make_notification(
            self.type_id.name,
            self.env._(
                "%(marketplace)s is asked for it in a moment. The actions of order "
                "%(order)s show what becomes of it.",
                marketplace=self.marketplace_id.name,
                order=order.marketplace_order_id,
            ),
            then={"type": "ir.actions.act_window_close"},
        )

    def action_cancel_in_odoo(self):
        """Cancel the sales order, and do not tell the marketplace.

        :return: action that closes the wizard.
        """
        self.ensure_one()
        self.sale_order_id.with_context(lengow_told=True).action_cancel()
        self.sale_order_id._message_log(
            body=self.env._("Cancelled in Odoo only: the marketplace was not told.")
        )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS: EDIT AND SEND === #

    def _check_replaced(self):
        """:raise UserError: when the action that is edited was sent meanwhile."""
        if self.action_id and not self._find_replaced():
            raise UserError(
                self.env._(
                    "The action “%(action)s” of order %(order)s cannot be changed any "
                    "more: somebody has sent or cancelled it meanwhile. Close this, and "
                    "look at the order's actions.",
                    action=self.action_id.action_name,
                    order=self.lengow_order_id.marketplace_order_id,
                )
            )

    def _find_replaced(self):
        """:return: the action that is edited, if Lengow cannot have it yet."""
        return self.action_id._lock_for_person().filtered("is_editable")

    def _cancel_replaced(self):
        if self.action_id:
            self.action_id.action_cancel()
