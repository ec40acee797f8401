from datetime import timedelta

from odoo import api, fields, models

from ..const import SETTLE_DAYS
from ..lengow.action_result import DONE, ERROR, ActionResult
from ..lengow.errors import LengowRequestError
from .conflicts import CONFLICTS

# What may still be answered: a person was told that there is no answer, or Lengow may
# have been asked to try again what had failed.
_OPEN_STATES = ("queued", "error")


class LengowAction(models.Model):
    """Settling: what Lengow says of the actions that it has, each on its own.

    All that has come is written first; people are told of it afterwards, once for each
    order.
    """

    _inherit = "lengow.action"

    # === BUSINESS METHODS: MANY === #

    @api.model
    def _cron_settle_actions(self):
        is_complete = self.env["lengow.account"]._settle_all()
        if is_complete:
            self._tell_overdue()
        if self._tell_settled() and is_complete:
            self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _settle_page(self, account, payloads):
        """Settle a page of answers; when another worker was at them, look again.

        :param lengow.account account: whose actions they are.
        :param list payloads: actions as Lengow gives them, perhaps not all of them ours.
        :return: how many are done now and how many failed.
        """
        results = {
            result.lengow_id: result
            for result in map(ActionResult, payloads)
            if result.lengow_id and result.state in (DONE, ERROR)
        }
        try:
            return self._find_open(account, results)._settle(results)
        except CONFLICTS:
            self.env.cr.rollback()
            return self._find_open(account, results)._settle(results)

    @api.model
    def _find_open(self, account, results):
        """:return: the actions that answers are about, as far as they need one."""
        return self.search(
            [
                ("account_id", "=", account.id),
                ("state", "in", _OPEN_STATES),
                ("lengow_id", "in", list(results)),
            ]
        )

    def _settle(self, results):
        """Write what became of actions, those with the same outcome together.

        :param dict results: Lengow's number to :class:`ActionResult`.
        :return: how many are done now and how many failed.
        """
        done, failed = [], {}
        for action in self:
            result = results[action.lengow_id]
            if not action._is_about(result):
                continue
            if result.state == DONE:
                done.append(action.id)
            elif action.error_code != "failed":
                failed.setdefault(result.error_message, []).append(action.id)
        self._pick(done)._set_done()
        for words, ids in failed.items():
            self._pick(ids)._set_failed(words)
        return len(done), sum(map(len, failed.values()))

    def _pick(self, ids):
        """:return: some of the actions, still read together with the others."""
        return self.browse(ids).with_prefetch(self._prefetch_ids)

    def _is_about(self, result):
        """Tell whether an answer is about the action, and not a number used again.

        :param ActionResult result: an answer that has its number.
        """
        return result.action_type in (
            "",
            self.action_type,
        ) and result.marketplace_order_id in (
            "",
            self.lengow_order_id.marketplace_order_id,
        )

    def _set_done(self):
        if not self:
            return
        self.write(
            {
                "state": "done",
                "error_code": False,
                "error_message": False,
                "next_attempt": False,
                "settled_at": fields.Datetime.now(),
                "is_to_tell": True,
            }
        )

    def _set_failed(self, words):
        """Leave it to a person, without another try: Lengow made several.

        :param str words: the marketplace's, "" when it gave none.
        """
        self.write(
            {
                "state": "error",
                "error_code": "failed",
                "error_message": words
                or self.env._("The marketplace refused it and gave no reason."),
                "next_attempt": False,
                "settled_at": fields.Datetime.now(),
                "is_to_tell": True,
            }
        )

    # === BUSINESS METHODS: STRAGGLERS === #

    @api.model
    def _find_stragglers(self, account):
        """:return: actions that no list has shown settled for a while, oldest first."""
        return self.search(
            [
                ("account_id", "=", account.id),
                ("lengow_id", "!=", False),
                ("next_attempt", "<=", fields.Datetime.now()),
                "|",
                ("state", "=", "queued"),
                "&",
                ("state", "=", "error"),
                ("error_code", "=", "unsettled"),
            ],
            order="next_attempt, id",
        )

    def _settle_one(self, client):
        """Ask what became of one action by its number.

        :param LengowClient client: speaks for its account.
        :return: how many are done now and how many failed.
        :raise LengowError: when Lengow could not be asked.
        """
        action = self.try_lock_for_update(allow_referencing=True)
        action.invalidate_recordset()  # a person may have changed it before the lock
        if not action.lengow_id or action.state not in _OPEN_STATES:
            return 0, 0
        now = fields.Datetime.now()
        overdue_at = action.sent_at + timedelta(
            days=action.channel_id.settle_days or SETTLE_DAYS
        )
        # The older it is, the less often it is asked for. Committed beforehand: one that
        # Lengow cannot answer lets the others pass.
        action.next_attempt = now + max(now - action.sent_at, timedelta(hours=1))
        if now < overdue_at < action.next_attempt:
            action.next_attempt = overdue_at
        self.env["ir.cron"]._commit_progress()
        try:
            payload = client.get_action(action.lengow_id)
        except LengowRequestError:
            payload = {}  # Lengow does not take the number: there is no answer
        if payload is None:
            return action._set_unsettled(
                self.env._(
                    "Lengow took it as %s, and does not know this number any more.",
                    action.lengow_id,
                )
            )
        result = ActionResult(payload)
        if result.state in (DONE, ERROR):
            return action._settle({action.lengow_id: result})
        if now < overdue_at:
            return 0, 0
        return action._set_unsettled(
            self.env._(
                "Lengow took it as %(number)s on %(date)s, and is still trying.",
                number=action.lengow_id,
                date=fields.Date.to_string(action.sent_at),
            )
        )

    def _set_unsettled(self, message):
        """Tell a person, once, that there is no answer; one may still come.

        :param str message: what is known.
        :return: how many are done now and how many failed.
        """
        unsettled = self.filtered(lambda action: action.state != "error")
        unsettled.write(
            {
                "state": "error",
                "error_code": "unsettled",
                "error_message": message,
            }
        )
        unsettled._tell_failed()
        return 0, len(unsettled)

    # === BUSINESS METHODS: TOLD IN ANY CASE === #

    @api.model
    def _tell_overdue(self):
        """Tell what nobody could be asked about for longer than the channel's limit.

        Whatever keeps an account from working, its actions do not wait in silence.
        """
        channels = self.env["lengow.channel"].with_context(active_test=False)
        for days, some in channels._read_group([], ["settle_days"], ["id:recordset"]):
            try:
                self._tell_overdue_of(some, days)
                self.env["ir.cron"]._commit_progress()
            except CONFLICTS:
                self.env.cr.rollback()  # they are told by the next run

    @api.model
    def _tell_overdue_of(self, channels, days):
        """Tell what is overdue of channels with the same limit.

        :param lengow.channel channels: the channels.
        :param int days: their limit.
        """
        now = fields.Datetime.now()
        limit = now - timedelta(days=days)
        ours = [("channel_id", "in", channels.ids)]
        queued = self.search(
            [
                *ours,
                ("state", "=", "queued"),
                ("sent_at", "<", limit),
                # It should have been asked for long ago.
                ("next_attempt", "<", now - timedelta(days=1)),
            ]
        )
        queued._set_unsettled(
            self.env._("Lengow has it, and could not be asked what became of it.")
        )
        pending = self.search(
            [*ours, ("state", "=", "pending"), ("requested_at", "<", limit)]
        )
        pending._set_overdue()

    def _set_overdue(self):
        """Tell a person about actions that could not be sent for days."""
        doubtful = self.filtered("is_doubtful")
        doubtful._set_unsettled(
            self.env._("It was sent, and Lengow could not be asked whether it has it.")
        )
        rest = self - doubtful
        for account, actions in rest.grouped("account_id").items():
            actions._set_problem(
                "unsent",
                account.last_error
                or self.env._("The Lengow account %s is not connected.", account.name),
            )
