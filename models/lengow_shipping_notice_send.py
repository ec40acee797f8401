from odoo import fields, models
from odoo.exceptions import UserError

from ..const import NAMES_SHOWN
from ..lengow import shipping_notices as steps
from ..lengow.action_result import may_have_been_done
from ..lengow.errors import LengowError, LengowOfferError
from .lengow_shipping_notice_resolve import CREATE


class LengowShippingNotice(models.Model):
    """The steps of a notice at Lengow.

    A step is noted and committed before it is sent, and its outcome is committed at once:
    whatever happens in between, the note tells that Lengow must be asked before anything
    is sent again.
    """

    _inherit = "lengow.shipping.notice"

    # === ACTION METHODS === #

    def action_create_at_lengow(self):
        """Create the notice at Lengow."""
        return self._perform(CREATE)

    def action_update_notice(self):
        """Send carrier, counts and the like again."""
        return self._perform(steps.UPDATE)

    def action_announce(self):
        """Announce the items."""
        return self._perform(steps.ANNOUNCE)

    def action_update_announced(self):
        """Announce the changed items."""
        return self._perform(steps.UPDATE_ANNOUNCED)

    def action_confirm_announcement(self):
        """Confirm the announcement; it cannot be changed after."""
        return self._perform(steps.CONFIRM_ANNOUNCEMENT)

    def action_dispatch(self):
        """Tell which items are on their way."""
        return self._perform(steps.DISPATCH)

    def action_update_dispatch(self):
        """Tell the changed items that are on their way."""
        return self._perform(steps.UPDATE_DISPATCH)

    def action_confirm_dispatch(self):
        """Confirm the dispatch; it cannot be changed after."""
        return self._perform(steps.CONFIRM_DISPATCH)

    # === BUSINESS METHODS === #

    def _perform(self, step):
        """Do a step at Lengow.

        :param str step: CREATE or the name of an action.
        :return: notification when it failed, None when it is done.
        :raise UserError: when it cannot be sent; nothing was.
        """
        self.ensure_one()
        self.check_access("write")
        notice_sudo = (
            self.sudo()
        )  # applies what Lengow says, whatever the user may write
        client = notice_sudo.channel_id._get_feed_client()
        values = notice_sudo._prepare_step(step)
        notice_sudo._begin(step)
        try:
            view = notice_sudo._call(client, step, values)
        except LengowError as error:
            return notice_sudo._settle_failure(client, step, error)
        notice_sudo._settle(view)
        notice_sudo._log_done(step, values)
        self.env["ir.cron"]._commit_progress()
        notice_sudo._read_after(client, view)
        return None

    def _call(self, client, step, values):
        feed = self.channel_id.feed_ref
        if step == CREATE:
            return client.create_shipping_notice(feed, values)
        return client.act_on_shipping_notice(feed, self.lengow_id, step, values)

    def _prepare_step(self, step):
        """Check all that can be checked here.

        :return: the values that the step sends.
        :raise UserError: when it cannot be sent.
        """
        if step == CREATE:
            if self.lengow_id:
                raise UserError(
                    self.env._(
                        "%s is created at Lengow already. Refresh it.", self.name
                    )
                )
            self._check_numbers()
            return self._prepare_parameters()
        if not self.pending_step and step not in (self.available_actions or []):
            raise UserError(self._explain_not_offered(step))
        if step == steps.UPDATE:
            self._check_numbers()
            return self._prepare_parameters()
        quantity_field = self._get_quantity_field(step)
        if quantity_field is None:
            self._check_unsent_changes(step)
            return None
        items = self._prepare_items(quantity_field)
        if not items:
            raise UserError(
                self.env._(
                    "%s has no item with a quantity to send. Enter one.", self.name
                )
            )
        return {"items": items}

    def _check_numbers(self):
        names = ("pallets_count", "colli_count", "hanging_goods_count")
        if any(self[name] < 0 for name in names):
            raise UserError(
                self.env._(
                    "%s: pallets, parcels and hanging goods must not be negative.",
                    self.name,
                )
            )

    def _check_unsent_changes(self, step):
        """Confirm what Lengow holds only when that is what the form shows."""
        side = (
            "announced_quantity"
            if step == steps.CONFIRM_ANNOUNCEMENT
            else "dispatched_quantity"
        )
        shown = side.replace("_quantity", "")
        changed = self.line_ids.filtered(
            lambda line: line[side] != line[f"lengow_{shown}"]
        )
        if changed:
            eans = ", ".join(changed[:NAMES_SHOWN].mapped("ean"))
            raise UserError(
                self.env._(
                    "%(notice)s: the quantities of %(count)s items differ from what Lengow "
                    "has: %(eans)s. Send the changes first, or refresh.",
                    notice=self.name,
                    count=len(changed),
                    eans=eans + ("…" if changed[NAMES_SHOWN:] else ""),
                )
            )

    def _explain_busy(self):
        return self.env._("Somebody else is working on %s. Try again.", self.name)

    def _explain_not_offered(self, step):
        offered = self.available_actions or []
        return self.env._(
            "Lengow does not offer “%(step)s” for %(notice)s now (%(status)s). It offers: "
            "%(offered)s.",
            step=self._get_step_label(step),
            notice=self.name,
            status=self.marketplace_status or self.lengow_status,
            offered=", ".join(map(self._get_step_label, offered))
            or self.env._("nothing, it waits for the marketplace"),
        )

    def _begin(self, step):
        """Note that a step is being sent.

        :raise UserError: when somebody else is at it, or an earlier one is in doubt.
        """
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(self._explain_busy())
        if self.pending_step:
            raise UserError(
                self.env._(
                    "“%(step)s” of %(notice)s was sent, and it is not known yet whether "
                    "Lengow got it. Click Refresh to find out.",
                    step=self._get_step_label(self.pending_step),
                    notice=self.name,
                )
            )
        self.write(
            {
                "pending_step": step,
                "pending_since": fields.Datetime.now(),
                "problem": False,
            }
        )
        self.env["ir.cron"]._commit_progress()

    def _settle(self, view):
        """Write the outcome of a step that was done."""
        self._apply(view)
        self.write({"pending_step": False, "pending_since": False, "problem": False})

    def _settle_failure(self, client, step, error):
        """Find out what became of a step that failed, and say so.

        :return: notification.
        """
        if may_have_been_done(error):
            return self._resolve(client, error)
        message = self.channel_id._explain_click(error)
        self.write({"pending_step": False, "pending_since": False, "problem": message})
        self._log_failure(step, message)
        self.env["ir.cron"]._commit_progress()
        if isinstance(error, LengowOfferError):
            # It changed behind our back: show what it is like now.
            self._read_after(client)
            message = self.problem = f"{message} {self._explain_state()}"
            self.env["ir.cron"]._commit_progress()
        return self._notify_problem(message)

    def _read_after(self, client, view=None):
        """Read the rest of the notice; should that fail, the cron does it."""
        try:
            if view is None or view.actions is None:
                self._read_again(client)
            else:
                self._read_resources(client, view)
        except LengowError:
            self.synced_at = False
        self.env["ir.cron"]._commit_progress()

    def _explain_state(self):
        return self.env._(
            "It now stands at %(status)s.",
            status=self.marketplace_status or self.lengow_status or "?",
        )

    def _log_done(self, step, values):
        items = (values or {}).get("items")
        label = self._get_step_label(step)
        self._log_step(
            self.env._(
                "%(step)s: %(count)s items, %(pieces)s pieces.",
                step=label,
                count=len(items),
                pieces=sum(quantity for _ean, quantity in items),
            )
            if items
            else self.env._("%s: done.", label)
        )

    def _log_failure(self, step, message):
        self._log_step(
            self.env._(
                "%(step)s: %(problem)s",
                step=self._get_step_label(step),
                problem=message,
            )
        )

    def _get_step_label(self, step):
        labels = {
            CREATE: self.env._("Create at Lengow"),
            steps.UPDATE: self.env._("Update the notice"),
            steps.ANNOUNCE: self.env._("Announce the items"),
            steps.UPDATE_ANNOUNCED: self.env._("Update the announcement"),
            steps.CONFIRM_ANNOUNCEMENT: self.env._("Confirm the announcement"),
            steps.DISPATCH: self.env._("Dispatch the items"),
            steps.UPDATE_DISPATCH: self.env._("Update the dispatch"),
            steps.CONFIRM_DISPATCH: self.env._("Confirm the dispatch"),
        }
        return labels.get(step, step)
