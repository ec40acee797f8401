from datetime import timedelta

from odoo import api, fields, models

from ..const import REQUEST_SECONDS, STEP_MINUTES
from ..lengow import shipping_notices as steps
from ..lengow.errors import LengowError
from ..lengow.notice import latest

CREATE = "create"
# Doing it twice is the same as doing it once.
REPEATABLE = (steps.UPDATE, steps.UPDATE_ANNOUNCED, steps.UPDATE_DISPATCH)


class LengowShippingNotice(models.Model):
    """Finding out what became of a step whose answer was lost."""

    _inherit = "lengow.shipping.notice"

    # === BUSINESS METHODS === #

    @api.model
    def _resolve_forgotten(self, channel, client):
        """Find out what became of steps whose worker was lost."""
        limit = fields.Datetime.now() - timedelta(minutes=STEP_MINUTES)
        for notice in self.search(
            [
                ("channel_id", "=", channel.id),
                ("pending_step", "!=", False),
                ("pending_since", "<", limit),
            ]
        ):
            notice._resolve(client)

    def _resolve(self, client, error=None):
        """Ask Lengow what became of the pending step.

        :param LengowError error: what sending it raised, None when that is long ago.
        :return: notification.
        """
        step = self.pending_step
        try:
            view = self._find_outcome(client)
        except LengowError as failure:
            message = self.env._(
                "%(error)s It is not known whether Lengow did “%(step)s” of %(notice)s. "
                "It is looked at by itself, before anything is sent again.",
                error=error or failure,
                step=self._get_step_label(step),
                notice=self.name,
            )
            self.problem = message
            self.env["ir.cron"]._commit_progress()
            return self._notify_problem(message)
        is_done = self._is_done(client, step, view)
        if view is not None:
            self._settle(view)
        else:
            self.write({"pending_step": False, "pending_since": False})
        if is_done:
            self._log_done(step, None)
            self.problem = False
            self.env["ir.cron"]._commit_progress()
            self._read_after(client, view)
            return None
        message = self.env._(
            "“%(step)s” of %(notice)s did not reach Lengow. Click it again.",
            step=self._get_step_label(step),
            notice=self.name,
        )
        self.problem = message
        self._log_failure(step, message)
        self.env["ir.cron"]._commit_progress()
        return self._notify_problem(message)

    def _find_outcome(self, client):
        """:return: the notice as Lengow has it, None when it has none."""
        feed = self.channel_id.feed_ref
        if self.pending_step == CREATE:
            return client.find_shipping_notice(feed, self.name)
        return client.get_shipping_notice(feed, self.lengow_id)

    def _is_done(self, client, step, view):
        """Tell whether Lengow did a step whose answer was lost.

        :param ShippingNotice view: the notice as Lengow has it, None when it has none.
        """
        if view is None or step == CREATE:
            return view is not None
        if step not in REPEATABLE:
            return step not in (view.actions or [])
        if step == steps.UPDATE:
            return False  # nothing shows it: it is sent again
        feed = self.channel_id.feed_ref
        field = self._get_quantity_field(step)
        read = (
            client.get_announced_item_sets
            if step == steps.UPDATE_ANNOUNCED
            else client.get_dispatch_item_sets
        )
        try:
            item_set = latest(read(feed, self.lengow_id))
        except LengowError:
            return False  # to send it twice is no harm
        shown = {item.ean: item.quantity for item in item_set.items} if item_set else {}
        return shown == dict(self._prepare_items(field))

    def _is_being_sent(self):
        """:return: whether another worker may just be sending the pending step."""
        limit = fields.Datetime.now() - timedelta(seconds=2 * REQUEST_SECONDS)
        return bool(self.pending_since and self.pending_since > limit)
