from datetime import timedelta

from odoo import api, fields, models

from ..const import MAXIMUM_CONFLICTS, RETRY_PAUSES_MINUTES, STRAGGLER_MINUTES
from ..lengow.action import ActionRequest
from ..lengow.action_result import may_have_been_done
from ..lengow.errors import (
    LengowAuthError,
    LengowError,
    LengowForbiddenError,
    LengowNotFoundError,
    LengowRateLimitError,
    LengowRequestError,
)
from .conflicts import CONFLICTS


class LengowAction(models.Model):
    """Posting one action, and what follows from each way in which that can fail."""

    _inherit = "lengow.action"

    # === BUSINESS METHODS === #

    def _post(self, client):
        """Post one action.

        :param LengowClient client: speaks for its account.
        :return: ``done`` or ``error``.
        :raise LengowError: when it failed, and the others may fail as well.
        """
        body = self._begin()
        try:
            lengow_id = client.post_action(body)
        except LengowError as error:
            self._set_post_error(error)
            if isinstance(error, LengowRequestError):
                return "error"  # Lengow answers: the others may fare better
            raise
        self._write_outcome(self._prepare_queued_vals(lengow_id))
        return "done"

    def _begin(self):
        """Note, before it is posted, that from now on Lengow may have it.

        :return: dict, what is to be posted.
        """
        view = self.lengow_order_id._view()
        request = ActionRequest(
            view.marketplace,
            view.marketplace_order_id,
            self.action_type,
            self.arguments,
        )
        now = fields.Datetime.now()
        self.write(
            {
                "is_doubtful": True,
                "looks": 0,
                "attempts": self.attempts + 1,
                "next_attempt": self._get_next_attempt(self.attempts),
                # Where it is in doubt already, it may be there since then.
                "sent_at": (self.is_doubtful and self.sent_at) or now,
            }
        )
        self.env["ir.cron"]._commit_progress()
        return request.body

    @api.model
    def _get_next_attempt(self, attempts):
        """:return: when an action is looked at again that was sent so often before."""
        pauses = RETRY_PAUSES_MINUTES
        pause = pauses[min(attempts, len(pauses) - 1)]
        return fields.Datetime.now() + timedelta(minutes=pause)

    def _prepare_queued_vals(self, lengow_id):
        """Prepare what is written of an action that Lengow has.

        :param str lengow_id: Lengow's number of it.
        """
        return {
            "state": "queued",
            "lengow_id": lengow_id,
            "is_doubtful": False,
            "error_code": False,
            "error_message": False,
            "next_attempt": fields.Datetime.now()
            + timedelta(minutes=STRAGGLER_MINUTES),
        }

    def _write_outcome(self, vals):
        """Write what Lengow answered, whoever else is at the record.

        What cannot be written is no loss: the action is in doubt, and looked for.
        """
        for _conflict in range(MAXIMUM_CONFLICTS):
            try:
                self.write(vals)
                self.env["ir.cron"]._commit_progress()
                return
            except CONFLICTS:
                self.env.cr.rollback()

    # === BUSINESS METHODS: WHAT GOES WRONG === #

    def _set_post_error(self, error):
        """Note that posting failed, and what follows from it.

        :param LengowError error: what the client raised.
        """
        if may_have_been_done(error):
            self._write_outcome({"error_message": self._tell_failure(error)})
        elif is_everybodys(error):
            # It was not the fault of this one: it counts as never tried.
            self._write_outcome(
                {"is_doubtful": False, "attempts": self.attempts - 1, "sent_at": False}
            )
        elif isinstance(error, LengowForbiddenError | LengowNotFoundError):
            # An order may not be visible yet, and rights be given later.
            self._set_retry(self._tell_failure(error))
        else:
            self._set_problem("refused", self._tell_failure(error), is_doubtful=False)

    def _tell_failure(self, error):
        return self.env._(
            "“%(action)s” of order %(order)s: %(error)s",
            action=self.action_name,
            order=self.lengow_order_id.marketplace_order_id,
            error=error,
        )

    def _set_retry(self, message):
        """Try again after a pause what surely is not at Lengow, if not too often yet.

        :param str message: what went wrong.
        """
        if self.attempts > len(RETRY_PAUSES_MINUTES):
            self._set_problem("refused", message, is_doubtful=False)
            return
        self._write_outcome(
            {"is_doubtful": False, "sent_at": False, "error_message": message}
        )

    def _set_problem(self, code, message, **vals):
        """Leave it to a person.

        :param str code: one of the codes of ``error_code``.
        :param str message: what is wrong.
        :param vals: what else to write.
        """
        self.write(
            {
                "state": "error",
                "error_code": code,
                "error_message": message,
                "next_attempt": False,
                **vals,
            }
        )
        self._tell_failed()


def is_everybodys(error):
    """Tell whether no other action of the account would fare better.

    A connection that broke after the request was sent may be an accident.
    """
    if isinstance(error, LengowForbiddenError):
        return False
    if isinstance(error, LengowAuthError | LengowRateLimitError):
        return True
    return not getattr(error, "sent", True)
