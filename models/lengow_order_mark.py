from datetime import timedelta

from odoo import api, fields, models

from ..const import RETRY_PAUSES_MINUTES
from ..lengow.errors import LengowAuthError, LengowError, LengowRequestError


class LengowOrder(models.Model):
    """Telling Lengow the names of the sale orders (merchant order ids)."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_mark_orders(self):
        accounts = self.env["lengow.account"]._get_connected()
        domain = [
            ("account_id", "in", accounts.ids),
            ("merchant_id_state", "=", "pending"),
            ("merchant_id_next_attempt", "<=", fields.Datetime.now()),
        ]
        commit_progress = self.env["ir.cron"]._commit_progress
        orders = self.search(domain, order="id")
        commit_progress(remaining=len(orders))
        for account, account_orders in orders.grouped("account_id").items():
            if not account_orders._mark(account):
                return

    def _mark(self, account):
        """Send the names of the sale orders of one account.

        :return: False when the time of the cron is up.
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        sync = self.env["lengow.sync"]._start(account, "mark")

        def mark():
            client = account._get_client()
            for order in self:
                order = order.try_lock_for_update(allow_referencing=True)
                if order.merchant_id_state != "pending":
                    continue
                try:
                    done = order._mark_one(client)
                except LengowError:
                    # Should it be the only one that fails, it lets the others pass.
                    order._postpone_mark()
                    commit_progress()
                    raise
                sync._count(done=done, error=not done)
                if not commit_progress(1):
                    sync._end()
                    commit_progress()
                    return False
            sync._end()
            commit_progress()
            return True

        return account._run_sync(sync, mark) is not False

    def _mark_one(self, client):
        """Send the names of the order's sale orders.

        The same names may be sent twice, which changes nothing at Lengow.

        :return: whether Lengow took them.
        :raise LengowError: when no other order would fare better now.
        """
        names = self.sale_order_ids.sorted("id").mapped("name")
        try:
            client.set_merchant_order_id(
                self._view().marketplace, self.marketplace_order_id, names
            )
        except LengowAuthError:
            raise
        except LengowRequestError as error:
            self._set_mark_error(error)
            return False
        self.write({"merchant_id_state": "done", "merchant_id_error": False})
        return True

    def _postpone_mark(self):
        """Go behind the others, without counting it as an attempt of its own."""
        pause = timedelta(minutes=RETRY_PAUSES_MINUTES[0])
        self.merchant_id_next_attempt = fields.Datetime.now() + pause

    def _set_mark_error(self, error):
        """Try again after a pause: Lengow may not have the order where it looks yet.

        :param LengowError error: what Lengow answered.
        """
        pauses = RETRY_PAUSES_MINUTES
        attempts = self.merchant_id_attempts
        vals = {"merchant_id_error": str(error), "merchant_id_attempts": attempts + 1}
        if attempts < len(pauses):
            pause = timedelta(minutes=pauses[attempts])
            vals["merchant_id_next_attempt"] = fields.Datetime.now() + pause
        else:
            vals["merchant_id_state"] = "error"
        self.write(vals)
