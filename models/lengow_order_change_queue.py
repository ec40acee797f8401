import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import MAXIMUM_CONFLICTS, RETRY_PAUSES_MINUTES
from .lengow_order_job import OrderProblem
from .private_log import log_failure, no_sql_errors_logged

_logger = logging.getLogger(__name__)


class LengowOrder(models.Model):
    """The queue of changes that wait to be applied, shared by all workers."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    @api.model
    def _get_change_domain(self):
        """:return: domain of the orders whose change is due."""
        return [
            ("state", "=", "imported"),
            ("change_state", "in", ("pending", "error")),
            ("change_next_attempt", "<=", fields.Datetime.now()),
        ]

    @api.model
    def _apply_due_changes(self):
        """Apply the changes that are due, in batches that other workers do not have.

        :return: False when the time of the cron is up.
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        due = self.search_count(self._get_change_domain())
        if not due:
            return True
        commit_progress(remaining=due)
        conflicts = 0
        while conflicts < MAXIMUM_CONFLICTS and (batch := self._claim_changes()):
            try:
                batch._begin_changes()._apply_changes_guarded()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Another worker was at the same records; nobody is to blame.
                self.env.cr.rollback()
                batch._take_back_change_attempt()
                conflicts += 1
            if not commit_progress(len(batch)):
                return False
            self.env.invalidate_all()
        return True

    @api.model
    def _claim_changes(self):
        """Lock some orders; those that were begun before come last, and one by one.

        One of them may have brought its worker down: it takes nobody along.
        """
        domain = self._get_change_domain()  # with those given back a moment ago
        fresh = self._claim([*domain, ("change_attempts", "=", 0)])
        return fresh or self._claim(domain, limit=1)

    def _begin_changes(self):
        """Count the attempt before it is made, lest the worker does not survive it.

        :return: the orders whose change is to be applied, locked.
        """
        pauses = RETRY_PAUSES_MINUTES
        for attempts, orders in self.grouped("change_attempts").items():
            pause = pauses[attempts] if attempts < len(pauses) else None
            orders.write(
                {
                    "change_attempts": attempts + 1,
                    # In the future: no other worker claims them meanwhile.
                    "change_next_attempt": pause
                    and fields.Datetime.now() + timedelta(minutes=pause),
                }
            )
            if pause is None:
                orders._set_change_cut_short()
        self.env["ir.cron"]._commit_progress()
        locked = self.try_lock_for_update(allow_referencing=True)
        locked.invalidate_recordset()  # others may have changed them before the lock
        return locked.filtered("change_state")

    def _make_change_due(self):
        """Let changes be tried at once, as if for the first time."""
        self.write({"change_attempts": 0, "change_next_attempt": fields.Datetime.now()})

    def _take_back_change_attempt(self):
        """Let changes be tried at once, whose attempt another worker prevented."""
        try:
            for attempts, orders in self.grouped("change_attempts").items():
                orders.write(
                    {
                        "change_attempts": max(attempts - 1, 0),
                        "change_next_attempt": fields.Datetime.now(),
                    }
                )
            self.env["ir.cron"]._commit_progress()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # they are tried again after the pause

    def _apply_changes_guarded(self):
        """Apply changes; whatever happens, only the guilty orders are in error.

        :return: dict of order to its :class:`ChangeReport`, without those in error.
        """
        self.fetch(["payload", "applied_payload"])
        reports = {}
        for order in self:
            try:
                # The database's own error log would show the buyers' data.
                with no_sql_errors_logged(), self.env.cr.savepoint():
                    reports[order] = order._apply_change()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:  # noqa: BLE001 the others go on
                order._set_change_problem(error)
        return reports

    def _set_change_problem(self, error):
        """Say why the change could not be applied, and try again after a pause."""
        if isinstance(error, OrderProblem):
            problem = error.message
        else:
            log_failure(_logger, error, "Lengow order %s, change", self.id)
            problem = str(error).strip() or type(error).__name__
        self.write(self._prepare_change_problem_vals(problem))

    def _set_change_cut_short(self):
        """Say it beforehand, where this attempt is the last one and may not end either."""
        for order in self.filtered(lambda order: order.change_state == "pending"):
            order.write(
                order._prepare_change_problem_vals(
                    self.env._("it was begun several times and never ended.")
                )
            )

    def _prepare_change_problem_vals(self, problem):
        return {
            "change_state": "error",
            "error_code": "change_failed",
            "error_message": self.env._(
                "Order %(order)s has changed at the marketplace, and Odoo could not "
                "follow: %(problem)s",
                order=self.marketplace_order_id,
                problem=problem,
            ),
        }
