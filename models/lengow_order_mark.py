from datetime import timedelta

from odoo import api, fields, models

from ..const import RETRY_PAUSES_MINUTES
from ..lengow.errors import (
    LengowAuthError,
    LengowConnectionError,
    LengowForbiddenError,
    LengowRateLimitError,
    LengowRequestError,
)
from ..lengow.order import Order
from ..lengow.parsing import text

TO_MARK = ("pending", "sent")
# No other order would fare better.
EVERYBODYS_ERRORS = (LengowAuthError, LengowConnectionError, LengowRateLimitError)


class LengowOrder(models.Model):
    """Telling Lengow the names of the sale orders (merchant order ids)."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_mark_orders(self):
        accounts = self.env["lengow.account"]._get_connected()
        domain = [
            ("account_id", "in", accounts.ids),
            ("merchant_id_state", "in", TO_MARK),
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
                if order.merchant_id_state not in TO_MARK:
                    continue
                # Nothing of it is locked meanwhile: deliveries write to it.
                order._postpone_mark()
                commit_progress()
                try:
                    done = order._mark_one(client)
                except EVERYBODYS_ERRORS:
                    waiting = self.try_lock_for_update(allow_referencing=True)
                    waiting._postpone_mark()
                    # Should it be the only one that fails, it lets the others pass.
                    order._postpone_mark(longer=True)
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
        """Send the names of the order's sale orders, unless Lengow shows them by now.

        The same names may be sent twice, which changes nothing at Lengow.

        :return: whether Lengow took them.
        :raise LengowError: when no other order would fare better now.
        """
        names = self._get_names()
        if not names:
            self.merchant_id_state = "none"
            return True
        shown = problem = None
        try:
            shown = self._send_names(client, names)
        except (LengowForbiddenError, LengowRequestError) as error:
            problem = str(error)
        # What others wrote meanwhile is seen from here on.
        self.env["ir.cron"]._commit_progress()
        if problem:
            self._set_mark_error(problem)
            return False
        if self._is_shown(shown):
            self.write(self._prepare_marked_vals())
        else:
            self._set_sent()
        return True

    def _send_names(self, client, names):
        """:return: the order as Lengow shows it, an :class:`Order`."""
        code, number = self._view().marketplace, self.marketplace_order_id
        if self.merchant_id_state == "sent":
            shown = Order(client.get_order(code, number))
            if self._is_shown(shown):
                return shown
        return Order(client.set_merchant_order_id(code, number, names))

    def _get_names(self):
        """:return: list of the names of all sale orders of the order."""
        return self.sale_order_ids.sorted("id").mapped("name")

    def _is_shown(self, view):
        """Tell whether Lengow knows the names.

        :param Order view: the order as Lengow shows it.
        """
        return view.merchant_order_ids.issuperset(map(text, self._get_names()))

    def _prepare_mark_vals(self, view):
        """Prepare what a fetched order says about the names that were sent.

        :param Order view: the order as Lengow now shows it.
        :return: values to write, none when it says nothing new.
        """
        state = self.merchant_id_state
        if state == "none" or not self.sale_order_ids:
            return {}
        is_shown = self._is_shown(view)
        if is_shown and state != "done":
            return self._prepare_marked_vals()
        if state == "done" and not is_shown:
            # Perhaps the page is older than the mark: it is looked at before it is sent.
            return {
                "merchant_id_state": "sent",
                "merchant_id_attempts": 0,
                "merchant_id_next_attempt": self._get_next_mark(0),
            }
        return {}

    def _prepare_marked_vals(self):
        vals = {
            "merchant_id_state": "done",
            "merchant_id_error": False,
            "merchant_id_attempts": 0,
        }
        if self.error_code == "not_marked":
            vals.update(error_code=False, error_message=False)
        return vals

    def _mark_again(self):
        """Send the names again, as if for the first time."""
        self.filtered(lambda order: order.error_code == "not_marked").write(
            {"error_code": False, "error_message": False}
        )
        self.write(
            {
                "merchant_id_state": "pending",
                "merchant_id_error": False,
                "merchant_id_attempts": 0,
                "merchant_id_next_attempt": fields.Datetime.now(),
            }
        )
        if self:
            self.env["lengow.account"]._trigger_crons("mark_orders")

    def _postpone_mark(self, longer=False):
        """Go behind the others, without counting it as an attempt of its own.

        :param bool longer: whether to let those pass that wait as well.
        """
        self.merchant_id_next_attempt = self._get_next_mark(int(longer))

    def _set_sent(self):
        """Look after a pause whether Lengow shows the names, and send them again if not."""
        if self.merchant_id_attempts < len(RETRY_PAUSES_MINUTES):
            self._count_mark({"merchant_id_state": "sent", "merchant_id_error": False})
        else:
            self._give_up_mark(
                self.env._("Lengow takes the names each time, and does not show them.")
            )

    def _set_mark_error(self, message):
        """Try again after a pause: Lengow may not have the order where it looks yet.

        :param str message: what Lengow answered.
        """
        if self.merchant_id_attempts < len(RETRY_PAUSES_MINUTES):
            self._count_mark({"merchant_id_error": message})
        else:
            self._give_up_mark(message)

    def _count_mark(self, vals):
        attempts = self.merchant_id_attempts
        self.write(
            {
                **vals,
                "merchant_id_attempts": attempts + 1,
                "merchant_id_next_attempt": self._get_next_mark(attempts),
            }
        )

    def _give_up_mark(self, message):
        """Leave it to a person.

        :param str message: what is wrong.
        """
        self.write({"merchant_id_state": "error", "merchant_id_error": message})
        if not self.error_code:
            self.write(
                {
                    "error_code": "not_marked",
                    "error_message": self.env._(
                        "Order %(order)s: Lengow does not keep the names of its sales "
                        "orders (%(names)s): %(problem)s",
                        order=self.marketplace_order_id,
                        names=", ".join(self._get_names()),
                        problem=message,
                    ),
                }
            )

    @api.model
    def _get_next_mark(self, attempts):
        """:return: when names are looked at again that were sent so often before."""
        pause = timedelta(minutes=RETRY_PAUSES_MINUTES[attempts])
        return fields.Datetime.now() + pause
