from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lengow.marketplace import Marketplace
from ..lengow.money import ZERO
from ..lengow.parsing import decimal

#: States of an action that is done, or will be unless it fails.
ACTIONS_IN_FORCE = ("pending", "queued", "done")


class LengowOrder(models.Model):
    """What a person can ask the marketplace to do with an order."""

    _inherit = "lengow.order"

    can_accept = fields.Boolean(compute="_compute_allowed_actions")
    can_refuse = fields.Boolean(compute="_compute_allowed_actions")
    can_refund = fields.Boolean(compute="_compute_allowed_actions")
    can_act = fields.Boolean(compute="_compute_allowed_actions")

    # === COMPUTE METHODS === #

    @api.depends("payload", "channel_id", "acted_at")
    def _compute_allowed_actions(self):
        for order in self:
            names = set(order._get_allowed_actions())
            answered = order._is_answered()
            order.can_accept = "accept" in names and not answered
            order.can_refuse = "refuse" in names and not answered
            order.can_refund = "refund" in names
            order.can_act = bool(names)

    # === ACTION METHODS === #

    def action_act(self):
        """:return: action that opens the wizard of all that can be done with the order."""
        return self._open_action_wizard()

    def action_refund(self):
        """:return: action that opens the wizard to refund the buyer."""
        return self._open_action_wizard("refund")

    # === BUSINESS METHODS === #

    def _get_rules(self):
        """:return: what the order's marketplace allows; nothing where it is unknown."""
        self.ensure_one()
        if not self.channel_id:
            return Marketplace({}, self.marketplace_code or "")
        return self.channel_id.marketplace_id._get_rules()

    def _get_allowed_actions(self):
        """:return: list of the names of the actions that are possible now."""
        rules = self._get_rules()
        if not rules.actions:
            return []
        return [rule.name for rule in rules.get_allowed_actions(self._view())]

    def _begin_acting(self):
        """Make sure that nobody else acts on the orders meanwhile.

        Of two transactions about one order the later one is begun again: it has not seen
        what the other one reports. That happens here, before anything is done that cannot
        be taken back, such as ordering a label.
        """
        # Two transactions never have the same time, but may be within one second.
        self.with_context(tracking_disable=True).acted_at = self.env.cr.now()
        self.flush_recordset(["acted_at"])

    def _is_answered(self):
        """Tell whether the order was accepted or refused, or is about to be."""
        return any(
            action.action_type in ("accept", "refuse")
            and action.state in ACTIONS_IN_FORCE
            for action in self.action_ids
        )

    def _get_pieces_done(self, action_type, quantity_argument=None, but=None):
        """Count the pieces of each line that an action was done with, or is about to be.

        :param str action_type: such as `ship`.
        :param str quantity_argument: name of the argument that counts pieces, if any.
        :param lengow.action but: an action that does not count.
        :return: dict of line number to Decimal.
        """
        ordered = {line.key: line.quantity for line in self._view().lines}
        done = {}
        for action in self.action_ids - (but or self.env["lengow.action"]):
            if action.action_type != action_type:
                continue
            if action.state not in ACTIONS_IN_FORCE:
                continue
            keys = [action.line_key] if action.line_key else list(ordered)
            named = decimal((action.arguments or {}).get(quantity_argument))
            for key in keys:
                whole = ordered.get(key, ZERO)
                if named is not None:
                    pieces = named
                else:
                    # Money that is given back need not be for any goods.
                    is_money = "refund_price" in (action.arguments or {})
                    pieces = ZERO if is_money else whole
                done[key] = done.get(key, ZERO) + pieces
        return done

    def _check_may_act(self):
        """Refuse an order that nobody can be asked about.

        :raise UserError: with what to do.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.channel_id:
            raise UserError(
                self.env._(
                    "Order %(order)s: its marketplace “%(code)s” is not known, so nothing "
                    "can be sent to it. The list of marketplaces is fetched again by "
                    "itself; if it stays unknown, ask Lengow whether it is active.",
                    order=self.marketplace_order_id,
                    code=self.marketplace_code or "?",
                )
            )
        if not self._get_allowed_actions():
            raise UserError(
                self.env._(
                    "%(marketplace)s takes no action on order %(order)s while it is "
                    "“%(status)s”. Refresh the order if that is old; else do it at the "
                    "marketplace.",
                    marketplace=self.channel_id.marketplace_id.name,
                    order=self.marketplace_order_id,
                    status=self.lengow_status or self.marketplace_status or "?",
                )
            )

    def _open_action_wizard(self, action_type=False, **defaults):
        """Open the wizard for the order.

        :param str action_type: what to begin with; the first possible one if not given.
        :param defaults: values of the wizard.
        :return: action.
        :raise UserError: when nothing is possible.
        """
        self._check_may_act()
        context = {f"default_{name}": value for name, value in defaults.items()}
        title = self.env["lengow.action"]._get_names().get(action_type)
        return {
            "type": "ir.actions.act_window",
            "name": title or self.env._("Marketplace Action"),
            "res_model": "lengow.action.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                **context,
                "default_lengow_order_id": self.id,
                "lengow_action_type": action_type,
                "dialog_size": "extra-large",
            },
        }
