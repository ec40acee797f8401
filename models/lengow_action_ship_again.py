import logging
from dataclasses import replace

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .lengow_action_job import ActionJob
from .private_log import log_failure, no_sql_errors_logged

_logger = logging.getLogger(__name__)

# Notices that are made anew at once, while somebody waits for it.
TAKEN_UP_AT_ONCE = 50
RENEWED_FIELDS = ("arguments", "notice", "state", "error_code", "error_message")


class LengowAction(models.Model):
    """Shipping notices that are made or sent again.

    They say what the delivery says by then, whatever they said before.
    """

    _inherit = "lengow.action"

    is_to_take_up = fields.Boolean(
        readonly=True, help="Its carrier was mapped: it is made anew before it is sent."
    )

    _to_take_up_idx = models.Index("(id) WHERE is_to_take_up")

    # === BUSINESS METHODS: WHAT WAS MISSING === #

    @api.model
    def _take_up(self, channels, carriers):
        """Make the notices anew that wait for a mapping or to be sent, and send them.

        Of many, most are left to the cron: a person waits for this.

        :param lengow.channel channels: where something was mapped.
        :param delivery.carrier carriers: what was mapped.
        """
        open_notices = self.search(
            [
                ("channel_id", "in", channels.ids),
                ("action_type", "=", "ship"),
                ("picking_id", "!=", False),
                ("source", "!=", False),
                "|",
                ("state", "=", "pending"),
                "&",
                ("state", "=", "error"),
                ("error_code", "=", "not_ready"),
            ]
        ).filtered(lambda action: action.picking_id._lengow_get_carrier() in carriers)
        open_notices[:TAKEN_UP_AT_ONCE]._take_up_now()
        rest = open_notices[TAKEN_UP_AT_ONCE:]
        if rest:
            rest.is_to_take_up = True
            self.env["lengow.account"]._trigger_crons("send_actions")

    @api.model
    def _take_up_rest(self):
        """Make the notices anew that were too many for the person who mapped a carrier.

        :return: False when the time of the cron is up.
        """
        domain = [("is_to_take_up", "=", True)]
        while found := self.search(domain, order="id", limit=TAKEN_UP_AT_ONCE):
            free = found.try_lock_for_update(allow_referencing=True)
            if not free:
                break  # another worker is at them
            free.is_to_take_up = False
            free._take_up_now()
            left = self.search_count(domain)
            if not self.env["ir.cron"]._commit_progress(len(free), remaining=left):
                return False
        return True

    def _take_up_now(self):
        unsent = self.filtered(lambda action: action._is_unsent())
        unsent._renew()
        (self - unsent).filtered(lambda action: action._is_not_ready())._take_up_again()

    def _take_up_again(self):
        """Make notices anew that wait for something, and send those that are ready."""
        waiting = self.filtered("source")
        if not waiting:
            return
        made = waiting._make_again()
        (waiting.exists() | made).lengow_order_id._follow_actions()
        made._notify_created()

    def _make_job_again(self):
        """Drop what the marketplace was told of the whole order by another action."""
        needless = self.filtered(lambda action: action._is_told_otherwise())
        needless.write(
            {
                "state": "cancelled",
                "next_attempt": False,
                "notice": self.env._("The marketplace was told by another action."),
            }
        )
        rest = self - needless
        return super(LengowAction, rest)._make_job_again() if rest else rest

    def _is_told_otherwise(self):
        """:return: whether another action tells that the whole order has left."""
        if self.line_key or not self._is_notice():
            return False
        others = self.search(
            [
                ("id", "!=", self.id),
                ("lengow_order_id", "=", self.lengow_order_id.id),
                ("action_type", "=", "ship"),
                ("line_key", "=", False),
            ]
        )
        return any(not (other._is_void() or other._is_not_ready()) for other in others)

    # === BUSINESS METHODS: SENDING AGAIN === #

    def _is_unmade(self):
        """:return: whether it stands for deliveries that could not be reported."""
        return self.error_code == "unexpected" and not (self.arguments or self.source)

    def _send_again(self):
        """Look again at deliveries that could not be reported."""
        unmade = self.filtered(lambda action: action._is_unmade())
        for order in unmade.lengow_order_id:
            order._report_deliveries(order.line_ids)
        rest = self - unmade
        waiting = rest._refresh_failed()
        return super(LengowAction, rest - waiting)._send_again()

    def _refresh_failed(self):
        """Let notices that failed say what their deliveries say now.

        :return: those of which something is missing by now: they wait for it.
        """
        waiting = self.browse()
        for action in self.filtered(lambda action: action._is_notice()):
            vals = action._prepare_renewed_guarded() if action._is_void() else {}
            if "arguments" in vals:
                action.write({name: vals[name] for name in ("arguments", "notice")})
            elif vals:
                action.write(vals)
                waiting |= action
        return waiting

    def _is_notice(self):
        """:return: whether it tells of a delivery, which can be asked again."""
        return bool(self.action_type == "ship" and self.picking_id and self.source)

    # === BUSINESS METHODS: CHANGES === #

    def _renew(self):
        """Let notices that Lengow has not got say what their deliveries say now."""
        for action in self:
            vals = action._prepare_renewed_guarded()
            if vals and vals.get("arguments") != action.arguments:
                action.write({**action._prepare_again_vals(), **vals})
                action._notify_created()
                action.lengow_order_id._follow_actions()

    def _prepare_renewed_guarded(self):
        """Prepare what a notice says now; where that fails, it stays as it is.

        :return: values of the action, {} where there is nothing to say of it.
        """
        self.env.flush_all()
        try:
            with no_sql_errors_logged(), self.env.cr.savepoint():
                return self._prepare_renewed_vals() or {}
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 nobody is kept from working
            log_failure(
                _logger,
                error,
                "Lengow action %s, renewed",
                self.id,
                level=logging.ERROR,
            )
            return {}

    def _prepare_renewed_vals(self):
        """Prepare what a notice says of its delivery now.

        :return: values of the action; None where there is nothing to say of it.
        """
        job = ActionJob.from_json(
            self.lengow_order_id,
            self.action_type,
            self.source,
            picking=self.picking_id,
        )
        if job.lines is not None and self.line_key:
            job.lines = [
                replace(part, quantity=self.quantity or part.quantity)
                for part in job.lines
                if part.line_id == self.line_key
            ]
        job.closed = [part.line_id for part in job.lines or ()]
        for vals in self._prepare_vals_list(job):
            if vals["line_key"] == self.line_key:
                return {
                    "state": "pending",
                    "error_code": False,
                    "error_message": False,
                    **{name: vals[name] for name in RENEWED_FIELDS if name in vals},
                }
        return None
