import json
import time

from odoo import fields, models

from ..lengow.rate_limiter import RateLimiter, reserve_place


class LengowApiQuota(models.Model):
    """When an account's latest requests were sent, by whichever worker."""

    _name = "lengow.api.quota"
    _description = "Lengow API quota"
    _inherit = ["lengow.api.mixin"]

    request_times = fields.Json(
        help="In seconds since the epoch, at most one minute old."
    )


class SharedRateLimiter(RateLimiter):
    """Keeps all workers together below an account's number of requests a minute.

    :param lengow.account account: the account.
    :param clock: function that gives the seconds since the epoch.
    """

    def __init__(self, account, clock=time.time):
        self.account = account
        self.clock = clock
        self.quotas_sudo = account.env["lengow.api.quota"].sudo()  # our own bookkeeping
        self.limit = account.requests_per_minute

    def reserve(self):
        """Take the next free place.

        :return: seconds to wait before the request may be sent.
        """
        with self.quotas_sudo._exclusive(self.account) as cr:
            (times,) = self.quotas_sudo._read_row(cr, self.account, "request_times")
            wait, times = reserve_place(times or [], self.clock(), self.limit)
            self.quotas_sudo._write_row(
                cr, self.account, request_times=json.dumps(times)
            )
            return wait
