import logging
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import MAXIMUM_FAILURES, RETRY_PAUSES_MINUTES, SEND_SECONDS
from ..lengow.action import check_request
from ..lengow.errors import LengowError
from .conflicts import CONFLICTS
from .lengow_action_post import is_everybodys
from .private_log import log_failure

_logger = logging.getLogger(__name__)

_FIND_DUE = """
    SELECT id
      FROM lengow_action
     WHERE state = 'pending'
       AND next_attempt <= %(now)s
       AND account_id IN %(accounts)s
       AND NOT EXISTS (
            SELECT 1
              FROM lengow_action earlier
             WHERE earlier.lengow_order_id = lengow_action.lengow_order_id
               AND earlier.id < lengow_action.id
               AND earlier.state = 'pending'
               AND earlier.next_attempt > %(now)s
               AND (earlier.line_key IS NULL
                    OR lengow_action.line_key IS NULL
                    OR earlier.line_key = lengow_action.line_key))
     ORDER BY id
"""


class LengowAction(models.Model):
    """Sending: one request after the other, none of them twice.

    That an action is about to be posted is committed before it is: whatever happens to
    the worker, the action is then in doubt, and Lengow is asked before it is posted again
    (see `_look_up`).

    The actions of an order are sent in the order in which they were written. One that
    waits for its next attempt keeps those behind it that are about the same line, or
    about the whole order; its attempts are bounded, so it never keeps them for ever. One
    in error keeps nobody.
    """

    _inherit = "lengow.action"

    # === BUSINESS METHODS: QUEUE === #

    @api.model
    def _cron_send_actions(self):
        if not self._take_up_rest():
            return
        accounts = self.env["lengow.account"]._get_connected()
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(self._find_due(accounts)))
        for account in accounts:
            due = self._find_due(account)
            if due and not due._send(account):
                return
        commit_progress(remaining=0)

    @api.model
    def _find_due(self, accounts):
        """:return: the actions of accounts that can be sent now, the oldest first."""
        if not accounts:
            return self.browse()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(_FIND_DUE, now=fields.Datetime.now(), accounts=tuple(accounts.ids))
        )
        return self.browse(row[0] for row in rows)

    def _send(self, account):
        """Send the due actions of one account.

        :param lengow.account account: their account.
        :return: False when the time of the cron is up.
        """
        sync = self.env["lengow.sync"]._start(account, "send")
        counts = Counter()

        def send():
            client = account._get_client(time_budget=SEND_SECONDS)
            failures = 0
            for action in self:
                try:
                    # Alone: each commit would have all the others read again.
                    outcome = action.with_prefetch()._send_guarded(client)
                    failures = 0
                except LengowError as error:
                    outcome = "error"
                    failures += 1
                    if is_everybodys(error) or failures >= MAXIMUM_FAILURES:
                        self._postpone(error)
                        raise
                counts[outcome] += 1
                if not self.env["ir.cron"]._commit_progress(1):
                    return False
                self.env.invalidate_all()  # the memory of one, however many there are
            return True

        is_complete = account._run_sync(sync, send)
        sync._count(done=counts["done"], error=counts["error"])
        if is_complete is not None:
            sync._end()
        self._trigger_settling()
        self.env["ir.cron"]._commit_progress()
        return is_complete is not False

    @api.model
    def _trigger_settling(self):
        """Read the answers soon: marketplaces mostly answer within a minute."""
        cron_sudo = self.env.ref("sale_lengow.ir_cron_settle_actions").sudo()
        cron_sudo._trigger(at=fields.Datetime.now() + timedelta(minutes=1))

    def _postpone(self, error):
        """Let all that waits of an account wait longer: no other would fare better.

        :param LengowError error: what Lengow answered to one of them.
        """
        pause = timedelta(minutes=RETRY_PAUSES_MINUTES[0])
        if error.retry_after:
            pause = timedelta(seconds=error.retry_after)
        until = fields.Datetime.now() + pause
        waiting = self.try_lock_for_update(allow_referencing=True)
        waiting.invalidate_recordset()
        waiting.filtered(
            lambda action: action.state == "pending" and action.next_attempt < until
        ).next_attempt = until
        cron_sudo = self.env.ref("sale_lengow.ir_cron_send_actions").sudo()
        cron_sudo._trigger(at=until)
        self.env["ir.cron"]._commit_progress()

    # === BUSINESS METHODS: ONE ACTION === #

    def _send_guarded(self, client):
        """Send one action; nothing but Lengow's failures gets out of here.

        :param LengowClient client: speaks for its account.
        :return: ``done``, ``error`` or ``skipped``.
        :raise LengowError: when it failed, and the others may fail as well.
        """
        try:
            return self._send_one(client)
        except CONFLICTS:
            self.env.cr.rollback()  # it is due again in a while
            return "skipped"
        except LengowError:
            raise
        except Exception as error:  # noqa: BLE001 one action must not stop the others
            log_failure(
                _logger, error, "Lengow action %s", self.id, level=logging.ERROR
            )
            self.env.cr.rollback()
            self._set_problem(
                "unexpected",
                self.env._(
                    "An unexpected problem (%(problem)s) kept it from being sent.",
                    problem=type(error).__name__,
                ),
            )
            return "error"

    def _send_one(self, client):
        """Send one action, unless somebody else does or it is not its turn.

        :param LengowClient client: speaks for its account.
        :return: ``done``, ``error`` or ``skipped``.
        :raise LengowError: when it failed, and the others may fail as well.
        """
        action = self._claim()
        if not action:
            return "skipped"
        if action.is_doubtful and not action._look_up(client):
            return "skipped"
        if problems := action._find_problems():
            action._set_problem("not_ready", problems, is_doubtful=False)
            return "error"
        return action._post(client)

    def _claim(self):
        """:return: the action, locked, if it is still its turn; else nothing."""
        action = self.try_lock_for_update(allow_referencing=True)
        action.invalidate_recordset()  # a person may have changed it before the lock
        now = fields.Datetime.now()
        is_due = action.state == "pending" and action.next_attempt <= now
        return action if is_due and not action._is_waiting() else self.browse()

    def _is_waiting(self):
        """Tell whether an earlier action of the order must be sent before."""
        earlier = [
            ("lengow_order_id", "=", self.lengow_order_id.id),
            ("id", "<", self.id),
            ("state", "=", "pending"),
        ]
        if self.line_key:
            earlier.append(("line_key", "in", (False, self.line_key)))
        return bool(self.search_count(earlier, limit=1))

    def _find_problems(self):
        """Look at the request again with the rules and the order as they are now.

        :return: what is wrong with it, in words; False for nothing.
        """
        order = self.lengow_order_id
        problems = check_request(
            order.channel_id.marketplace_id._get_rules(),
            self.action_type,
            order._view(),
            self.arguments,
        )
        return self._describe(
            [problem for problem in problems if not problem.is_notice]
        )
