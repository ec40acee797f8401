from odoo import api, fields, models

from ..lengow.action import LinePart
from ..lengow.argument_rules import get_states
from ..lengow.conditions import Conditions
from ..lengow.money import ZERO
from ..lengow.parsing import decimal, text
from .lengow_action_job import ActionJob

CANCEL_ACTIONS = ("cancel", "partial_cancel")
# What says that an action is not the one for these lines; anything else can be completed.
_UNFIT = {
    "aimless",
    "line_status",
    "never_allowed",
    "no_lines",
    "status",
    "unknown_action",
    "whole_line_only",
    "whole_order_only",
}


class SaleOrder(models.Model):
    """Telling the marketplace what a person decides about its order."""

    _inherit = "sale.order"

    lengow_may_cancel = fields.Boolean(
        compute="_compute_lengow_may_cancel",
        help="Whether the marketplace takes a cancellation of the order now.",
    )

    # === COMPUTE METHODS === #

    # What the marketplace order says is read anew with each form: a dependency on it would
    # slow down whatever writes marketplace orders.
    @api.depends("state", "lengow_order_id")
    def _compute_lengow_may_cancel(self):
        for order in self:
            order.lengow_may_cancel = (
                bool(order.lengow_order_id)
                and order.state != "cancel"
                and order._lengow_find_cancel()[0] is not None
            )

    # === ACTION METHODS === #

    def action_lengow_act(self):
        """:return: action that opens the wizard of all that the marketplace can do."""
        self.ensure_one()
        return self.lengow_order_id._open_action_wizard(sale_order_id=self.id)

    def action_lengow_cancel(self):
        """Ask what to tell the marketplace, then cancel the order there and here.

        :return: action that opens the wizard.
        """
        self.ensure_one()
        job, _problems = self._lengow_find_cancel()
        return {
            **self.lengow_order_id._open_action_wizard(
                job.action_type if job else "cancel",
                sale_order_id=self.id,
                cancels_sale=True,
            ),
            "name": self.env._("Cancel at the Marketplace"),
        }

    def action_cancel(self):
        """Cancel; of one order whose marketplace wants a reason, ask for it first.

        :return: action that opens our wizard, else what Odoo returns.
        """
        if len(self) == 1 and self._lengow_is_asked_before_cancel():
            return self.action_lengow_cancel()
        return super().action_cancel()

    # === BUSINESS METHODS === #

    def _action_cancel(self):
        """Tell the marketplace of orders that it has not cancelled itself."""
        jobs, untold = [], {}
        for order in self._lengow_untold_cancels():
            job, problems = order._lengow_find_cancel(self)
            if job is not None:
                jobs.append(job)
            else:
                untold[order.id] = self._lengow_say_untold(order, problems)
        res = super()._action_cancel()
        if jobs:
            self.env["lengow.action"]._queue(_without_doubles(jobs))
        if untold:
            self._message_log_batch(bodies=untold)
        return res

    def _lengow_untold_cancels(self):
        """:return: the orders whose cancellation is news to their marketplace."""
        context = self.env.context
        if context.get("lengow_change") or context.get("lengow_told"):
            return self.browse()
        return self.filtered(lambda o: o.lengow_order_id and o.state != "cancel")

    def _lengow_is_asked_before_cancel(self):
        """Tell whether a person has to say more before the order is cancelled."""
        is_user = self.env.user.has_group("sale_lengow.group_lengow_user")
        if not is_user or not self._lengow_untold_cancels() or self.locked:
            return False
        job, _problems = self._lengow_find_cancel()
        return job is not None and _wants_details(job)

    def _lengow_find_cancel(self, orders=None):
        """Find how the marketplace takes the cancellation of what has not left.

        :param sale.order orders: all orders that are being cancelled.
        :return: :class:`ActionJob` or None; and why not, a list of
            :class:`.problems.Problem`.
        """
        self.ensure_one()
        # Whoever cancels need not have rights on marketplace orders.
        marketplace_order_sudo = self.sudo().lengow_order_id
        gone = (self | (orders or self)).sudo()
        siblings_sudo = marketplace_order_sudo.sale_order_ids.filtered(
            lambda sale: sale in gone or sale.state == "cancel"
        )
        rules = marketplace_order_sudo._get_rules()
        problems = []
        for name in CANCEL_ACTIONS:
            rule = rules.get_action(name)
            if rule is None:
                continue
            job = siblings_sudo._lengow_make_cancel_job(marketplace_order_sudo, rule)
            if not job.lines and job.lines is not None:
                continue
            found = self.env["lengow.action"].sudo()._plan(job).problems
            unfit = [problem for problem in found if problem.code in _UNFIT]
            if not unfit:
                return job, []
            problems = problems or unfit
        return None, problems

    def _lengow_make_cancel_job(self, marketplace_order, rule):
        """Make the job of cancelling what of the orders has not left.

        :return: :class:`ActionJob`; without lines when nothing is left to tell.
        """
        view = marketplace_order._view()
        name = rule.quantity_argument and rule.quantity_argument.name
        done = {}
        for action_type in CANCEL_ACTIONS:
            counts = marketplace_order._get_pieces_done(action_type, name)
            for key, count in counts.items():
                done[key] = done.get(key, 0) + count
        open_lines = {
            line.key: line
            for line in view.lines
            if line.quantity > 0 and rule.is_allowed(view, line)
        }
        parts = [
            part
            for part in self._lengow_get_parts()
            if part.line_id in open_lines
            and done.get(part.line_id, 0) < open_lines[part.line_id].quantity
            and part.quantity != "0"
        ]
        whole = {part.line_id for part in parts if part.quantity is None}
        is_whole = whole.issuperset(open_lines) and bool(open_lines)
        return ActionJob(
            marketplace_order, rule.name, None if is_whole else parts, done=done
        )

    def _lengow_get_parts(self):
        """:return: list of :class:`LinePart`: the lines, as far as they have not left."""
        parts = []
        for sale_line in self.order_line:
            line = sale_line.lengow_line_id
            if not line:
                continue
            delivered = decimal(sale_line.qty_delivered)
            quantity = None
            if delivered:
                quantity = text(max(decimal(line.quantity) - delivered, ZERO))
            parts.append(LinePart(line.line_key, quantity))
        return parts

    def _lengow_say_untold(self, order, problems):
        """:return: sentence about why the marketplace was not told."""
        order_sudo = order.sudo().lengow_order_id
        marketplace = order_sudo.channel_id.marketplace_id.name
        if not problems:
            return self.env._(
                "%s was not told of the cancellation: it takes none of this order, or "
                "knows of it.",
                marketplace or order_sudo.marketplace_code,
            )
        return self.env._(
            "The marketplace was not told of the cancellation. %s",
            self.env["lengow.action"]._describe(problems[:1]),
        )


def _without_doubles(jobs):
    """Leave out jobs that say the same: two packages of an order cancelled at once."""
    seen = {}
    for job in jobs:
        seen.setdefault((job.order.id, job.action_type), job)
    return list(seen.values())


def _wants_details(job):
    """Tell whether the marketplace asks for more than which lines are cancelled."""
    rule = job.rule
    states = get_states(rule, Conditions(job.order.payload or {}), job.values)
    return any(
        state.is_required or (argument.valid_values and state.applies is not False)
        for name, state in states.items()
        if (argument := rule.arguments[name])
        not in (rule.line_argument, rule.quantity_argument)
    )
