import logging
from dataclasses import dataclass, field

from markupsafe import Markup

from odoo import fields, models

from ..lengow.changes import OrderChanges, is_bookkeeping, is_cancelled
from ..lengow.order import Order
from .json_field import SharedJson

_logger = logging.getLogger(__name__)

_NO_CHANGE_VALS = {
    "applied_payload": False,
    "change_state": False,
    "change_attempts": 0,
    "change_next_attempt": False,
}


@dataclass
class ChangeReport:
    """What became of a change: sentences for the chatter.

    :param list done: what is so now.
    :param list to_do: what a person must do.
    """

    done: list = field(default_factory=list)
    to_do: list = field(default_factory=list)


class LengowOrder(models.Model):
    """Applying to the sale orders what changed at the marketplace after their import.

    Storing a changed payload only notes that there is a change. It is applied later, by
    comparing what we acted on with what the order is now: what a user has edited in Odoo
    is not overwritten by a change of something else.
    """

    _inherit = "lengow.order"

    applied_payload = SharedJson(
        readonly=True,
        prefetch=False,
        groups="sale_lengow.group_lengow_user",
        help="The order as the sale orders were made of it, while a change waits.",
    )
    change_state = fields.Selection(
        [("pending", "To Apply"), ("error", "Not Applied")],
        "Change",
        readonly=True,
        help="Whether a change at the marketplace still has to be applied.",
    )
    change_attempts = fields.Integer(readonly=True)
    change_next_attempt = fields.Datetime(readonly=True)

    _to_change_idx = models.Index(
        "(change_next_attempt) WHERE change_state IS NOT NULL"
    )

    # === ACTION METHODS === #

    def action_settle_change(self):
        """Note that a person has done in Odoo what changed at the marketplace.

        :return: True, so that the view is read again.
        """
        self.check_access("write")
        # Only the connector writes how far a change is.
        for order_sudo in self.sudo().filtered("change_state"):
            order_sudo.write(order_sudo._prepare_no_change_vals())
            order_sudo._message_log(
                body=self.env._(
                    "%s has followed the change at the marketplace by hand.",
                    self.env.user.name,
                )
            )
        return True

    # === BUSINESS METHODS: NOTING A CHANGE === #

    def _prepare_change_vals(self, vals):
        """Prepare what is written of an imported order that was fetched again.

        :param dict vals: what the order's new payload says.
        :return: the values, with the note that there is a change to apply.
        """
        self.ensure_one()
        vals = dict(vals)
        if not vals.get("buyer_name"):
            vals.pop("buyer_name", None)  # erased, while we go on holding it
        if not self.change_state:
            old = self.payload
            if isinstance(old, dict) and is_bookkeeping(old, vals["payload"]):
                return vals
            vals["applied_payload"] = old
        vals.update(
            change_state="pending",
            change_attempts=0,
            change_next_attempt=fields.Datetime.now(),
        )
        return vals

    # === BUSINESS METHODS: APPLYING === #

    def _prepare_no_change_vals(self):
        """:return: values of an order whose sale orders are what its payload says."""
        vals = dict(_NO_CHANGE_VALS)
        if self.error_code == "change_failed":
            reason = self._get_held_reason()
            vals["error_code"] = reason and "total_mismatch"
            vals["error_message"] = reason
        return vals

    def _get_held_reason(self):
        """:return: why a sale order of the order is held, or False."""
        quotations = self.sale_order_ids.filtered(
            lambda sale: sale.state in ("draft", "sent")
        )
        reasons = quotations.mapped("lengow_hold_reason")
        return next(filter(None, reasons), False)

    def _apply_change(self):
        """Let the sale orders follow what changed at the marketplace.

        :return: :class:`ChangeReport`.
        """
        self.ensure_one()
        order = self.with_company(self.company_id).with_context(
            mail_create_nosubscribe=True,
            mail_auto_subscribe_no_notify=True,
            mail_notrack=True,
            lengow_change=True,
        )
        changes = OrderChanges(Order(order.applied_payload), order._view())
        report = ChangeReport()
        if changes:
            order._apply_changes(changes, report)
        order.write(order._prepare_no_change_vals())
        order._tell(report)
        return report

    def _apply_changes(self, changes, report):
        """Apply everything that differs between two views.

        :param OrderChanges changes: what differs.
        :param ChangeReport report: is told what was done and what is left to do.
        """
        if changes.has_other_status:
            self._report_status(changes, report)
        if changes.is_cancelled:
            self._cancel_sale_orders(report)
        elif changes.is_revived:
            report.to_do.append(
                self.env._(
                    "The marketplace has taken the cancellation back. Set the sales order "
                    "to quotation and confirm it, or cancel it at the marketplace."
                )
            )
        if not is_cancelled(changes.new):
            self._apply_addresses(changes, report)
            self._apply_vat_number(changes, report)
            self._apply_lines(changes, report)
        self._report_refunds(changes, report)
        for comment in changes.new_comments:
            report.done.append(self.env._("The buyer writes: %s", comment))

    # === BUSINESS METHODS: TELLING === #

    def _tell(self, report):
        """Say in the chatters what changed, and give a person what is left to do."""
        if not (report.done or report.to_do):
            return
        marketplace = self.channel_id.marketplace_id.name or self.marketplace_code
        body = Markup("<p>%s</p><ul>%s</ul>") % (
            self.env._("Changed at %s:", marketplace),
            Markup().join(
                Markup("<li>%s</li>") % sentence
                for sentence in (*report.done, *report.to_do)
            ),
        )
        self._message_log(body=body)
        sales = self.sale_order_ids
        sales._message_log_batch(bodies=dict.fromkeys(sales.ids, body))
        if report.to_do:
            self._schedule_to_do(report.to_do)

    def _schedule_to_do(self, sentences):
        """Give the person who is responsible for the account something to do.

        :param list sentences: what to do.
        """
        users = self.account_id.user_id | self.sale_order_ids.user_id
        user = users.filtered("active")[:1]
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Changed at the marketplace"),
            note=Markup("<ul>%s</ul>")
            % Markup().join(Markup("<li>%s</li>") % text for text in sentences),
            user_id=user.id or self.account_id.create_uid.id,
        )
