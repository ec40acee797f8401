from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import RETRY_PAUSES_MINUTES
from .lengow_order_job import OrderProblem


class LengowOrder(models.Model):
    """Counting attempts to import orders, even those that their worker did not survive."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    @api.model
    def _claim_import(self):
        """Lock some orders to import; one at a time of those that may be dangerous.

        An order whose import was begun and never ended has perhaps brought its worker
        down: it comes after the others, and takes nobody along.

        :return: at most a batch of orders, of one account.
        """
        domain = self._get_import_domain()  # with those given back a moment ago
        batch = self._claim([*domain, ("is_being_imported", "=", False)])
        return batch or self._claim(domain, limit=1)

    def _begin_import(self):
        """Count the attempt before it is made, lest the worker does not survive it.

        :return: the orders to import; those that were begun too often are left behind.
        """
        pauses = RETRY_PAUSES_MINUTES
        dangerous = self.filtered(
            lambda order: order.is_being_imported and order.attempts > len(pauses)
        )
        for order in dangerous:
            order._set_problem(order._make_cut_short_problem())
        begun = self - dangerous
        # The next attempt is in the future: no other worker claims them meanwhile.
        for attempts, orders in begun.grouped("attempts").items():
            pause = timedelta(minutes=pauses[min(attempts, len(pauses) - 1)])
            orders.write(
                {
                    "is_being_imported": True,
                    "attempts": attempts + 1,
                    "next_attempt": fields.Datetime.now() + pause,
                }
            )
        self.env["ir.cron"]._commit_progress()
        return begun

    def _lock_begun(self):
        """:return: the orders that are still to be imported, locked again."""
        orders = self.try_lock_for_update(allow_referencing=True)
        orders.invalidate_recordset()  # others may have changed them before the lock
        return orders.filtered(lambda order: order.state in ("pending", "error"))

    def _take_back_attempt(self):
        """Let orders be tried again at once, whose attempt another worker prevented."""
        try:
            for attempts, orders in self._lock_begun().grouped("attempts").items():
                orders.write(
                    {
                        "is_being_imported": False,
                        "attempts": attempts - 1,
                        "next_attempt": fields.Datetime.now(),
                    }
                )
            self.env["ir.cron"]._commit_progress()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # they are tried again after the pause

    def _make_cut_short_problem(self):
        return OrderProblem(
            "cut_short",
            self.env._(
                "Order %(order)s: its import was begun %(count)s times and never ended.",
                order=self.marketplace_order_id,
                count=self.attempts,
            ),
        )
