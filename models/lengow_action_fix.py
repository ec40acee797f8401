import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..lengow.action import LinePart
from .lengow_action_job import ActionJob
from .private_log import log_failure, no_sql_errors_logged

_logger = logging.getLogger(__name__)

_ANEW_VALS = {
    "state": "pending",
    "error_code": False,
    "error_message": False,
    "notice": False,
    "is_doubtful": False,
    "looks": 0,
    "attempts": 0,
    "lengow_id": False,
    "sent_at": False,
    "settled_at": False,
}


class LengowAction(models.Model):
    """What a person does about actions, for many of them at once."""

    _inherit = "lengow.action"

    is_editable = fields.Boolean(
        compute="_compute_is_editable", help="Lengow certainly has nothing of it."
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "error_code", "is_doubtful")
    def _compute_is_editable(self):
        for action in self:
            action.is_editable = (
                action.state in ("pending", "error")
                and action.error_code != "unsettled"
                and not action.is_doubtful
            )

    # === ACTION METHODS === #

    def action_send_again(self):
        """Send actions in error again; what was missing is looked for anew.

        :return: notification.
        """
        free = self._lock_for_person()
        failed = free.filtered(lambda action: action.state == "error")
        unready = failed.filtered(
            lambda action: action.error_code == "not_ready" and action.source
        )
        renewed = unready._make_again()
        (failed - unready)._send_again()
        tried = (failed | renewed).exists()
        tried.lengow_order_id._follow_actions()
        self.env["lengow.account"]._trigger_crons("send_actions")
        states = tried.mapped("state")
        return self.env["lengow.order"]._report(
            self.env._("Send Again"),
            [
                self.env._(
                    "%(pending)s are being sent, %(failed)s are still to fix.",
                    pending=states.count("pending"),
                    failed=states.count("error"),
                )
            ],
            {
                self.env._("they are not in error"): free - failed,
                self.env._("another worker is at them"): self.sudo() - free,
            },
            is_warning="error" in states,
        )

    def action_cancel(self):
        """Decide that actions are not to be sent, or are settled by hand.

        :return: notification.
        """
        free = self._lock_for_person()
        sent = free.filtered(
            lambda action: action.state == "pending" and action.is_doubtful
        )
        wanted = (free - sent).filtered(
            lambda action: action.state in ("pending", "error")
        )
        wanted.write({"state": "cancelled", "next_attempt": False})
        wanted._log_decision(self.env._("%s cancelled:", self.env.user.name))
        wanted.lengow_order_id._follow_actions()
        return self.env["lengow.order"]._report(
            self.env._("Cancel"),
            [self.env._("%s actions are cancelled.", len(wanted))],
            {
                self.env._("Lengow may have them already"): sent,
                self.env._("Lengow has them, or they are settled"): free
                - sent
                - wanted,
                self.env._("another worker is at them"): self.sudo() - free,
            },
        )

    def action_edit(self):
        """Open what is sent for corrections.

        :return: action that opens the wizard.
        :raise UserError: when Lengow has it, or may have it.
        """
        self.ensure_one()
        self._check_person()
        if not self.is_editable:
            raise UserError(
                self.env._(
                    "“%s” is at Lengow, or may be, and cannot be changed any more. Wait "
                    "for the answer; Send Again asks Lengow first what became of it.",
                    self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Edit and Send"),
            "res_model": "lengow.action.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_action_id": self.id},
        }

    # === BUSINESS METHODS: RIGHTS === #

    def _check_person(self):
        """Let those act who may repair marketplace orders."""
        self.check_access("read")
        self.lengow_order_id.check_access("write")

    def _lock_for_person(self):
        """Take actions for a person who may repair marketplace orders.

        :return: those that no worker is at, with the connector's rights.
        """
        self._check_person()
        actions_sudo = self.sudo()  # only the connector writes actions
        free = actions_sudo.try_lock_for_update(allow_referencing=True)
        free.invalidate_recordset()
        return free

    # === BUSINESS METHODS: SENDING AGAIN === #

    def _send_again(self):
        """Let what Lengow or a marketplace refused, or never answered, be sent again."""
        for action in self:
            if action.error_code != "unsettled" and not action.is_doubtful:
                problems = action._find_problems()
                if problems:
                    action.write({"error_code": "not_ready", "error_message": problems})
                    continue
            title = self.env._("%s sends again:", self.env.user.name)
            if action.lengow_id:
                title = self.env._(
                    "%(user)s sends again what is %(number)s at Lengow:",
                    user=self.env.user.name,
                    number=action.lengow_id,
                )
            action._log_decision(title, "error_message")
            action.write(action._prepare_again_vals())

    def _prepare_again_vals(self):
        """:return: values of an action that is sent again."""
        now = fields.Datetime.now()
        vals = {**_ANEW_VALS, "requested_at": now, "next_attempt": now}
        if self.lengow_id and self.error_code != "unsettled":
            former = [*(self.former_lengow_ids or ()), self.lengow_id]
            return {**vals, "former_lengow_ids": former}
        if self.lengow_id or self.is_doubtful:
            # Lengow is asked first: it may have done it by now.
            return {
                **vals,
                "is_doubtful": True,
                "lengow_id": self.lengow_id,
                "sent_at": self.sent_at,
            }
        return vals

    # === BUSINESS METHODS: MAKING AGAIN === #

    def _make_again(self):
        """Make requests anew of what was asked for, where something was missing.

        :return: the actions that came of it.
        """
        made = self.browse()
        jobs = self.grouped(lambda action: action.job_key or action.id)
        for siblings in jobs.values():
            made |= siblings._make_job_again_guarded()
        return made

    def _make_job_again_guarded(self):
        """Make one job again; where that fails, it waits on, and says so.

        :return: the actions that came of it.
        """
        self.env.flush_all()
        try:
            with no_sql_errors_logged(), self.env.cr.savepoint():
                return self._make_job_again()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 the others are made again
            log_failure(
                _logger,
                error,
                "Lengow actions %s, again",
                self.ids,
                level=logging.ERROR,
            )
            self.error_message = self.env._(
                "It could not be made again: %(problem)s Choose Send Again; if it happens "
                "again, give the order's number to your integrator.",
                problem=str(error).strip() or type(error).__name__,
            )
            return self.browse()

    def _make_job_again(self):
        """Make the actions of one job again that were never ready.

        :return: the actions that came of it.
        """
        siblings = self.search(
            [("job_key", "=", self[:1].job_key), ("job_key", "!=", False)]
        )
        unready = self | siblings.filtered(
            lambda action: action.state == "error" and action.error_code == "not_ready"
        )
        vals_list = self._prepare_vals_list(self._get_job(unready, siblings - unready))
        old = {action.line_key: action for action in unready}
        made = self.browse()
        for vals in vals_list:
            vals["job_key"] = self[:1].job_key
            action = old.pop(vals["line_key"], None)
            if action is None:
                made |= self.create(vals)
            else:
                action.write({**action._prepare_again_vals(), **vals})
                made |= action
        self.browse().union(*old.values()).write(
            {
                "state": "cancelled",
                "next_attempt": False,
                "notice": self.env._("It was made anew, and came to other actions."),
            }
        )
        return made

    def _get_job(self, unready, others):
        """Take the job again of which actions were made, without what others are about.

        :param unready: its actions that were never ready.
        :param others: its other actions, whatever became of them.
        :return: :class:`ActionJob`.
        """
        first = unready[:1]
        job = ActionJob.from_json(
            first.lengow_order_id,
            first.action_type,
            first.source,
            picking=first.picking_id or None,
            move=first.move_id or None,
        )
        if others:
            parts = job.lines
            if parts is None:
                parts = [LinePart(key) for key in job.order.line_ids.mapped("line_key")]
            taken = set(others.mapped("line_key"))
            job.lines = [part for part in parts if part.line_id not in taken]
        job.done = self._get_done(job)
        return job

    # === BUSINESS METHODS: TELLING === #

    def _log_decision(self, title, *names):
        """Keep what a person decided in the chatter of the marketplace order.

        :param str title: who decided what.
        :param names: fields that are told of each action, beside what it is.
        """
        for order, actions in self.grouped("lengow_order_id").items():
            order._message_log(body=actions._format(title, names))
