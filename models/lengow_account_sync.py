import logging
from datetime import timedelta

from odoo import api, fields, models

from .. import const
from ..lengow.errors import LengowError
from ..lengow.order import Order
from .conflicts import CONFLICTS
from .private_log import log_failure

_logger = logging.getLogger(__name__)


class LengowAccount(models.Model):
    """Synchronising an account: its marketplaces and its orders."""

    _inherit = "lengow.account"

    # === BUSINESS METHODS: RUNS === #

    @api.model
    def _get_connected_domain(self):
        """:return: domain of the accounts that may ask Lengow."""
        return [("state", "in", ("connected", "error")), ("paused_at", "=", False)]

    @api.model
    def _get_connected(self):
        """:return: the accounts that synchronise, those that waited longest first.

        An account in error tries to heal. One that hangs until its worker is killed has
        had its turn, and comes last the next time.
        """
        accounts = self.search(self._get_connected_domain())
        latest = dict(
            self.env["lengow.sync"]._read_group(
                [("account_id", "in", accounts.ids)], ["account_id"], ["id:max"]
            )
        )
        return accounts.sorted(lambda account: latest.get(account, 0))

    def _run_sync(self, sync, function):
        """Run one synchronisation of one account, whose failure stays its own.

        :param lengow.sync sync: the record of the run.
        :param function: what to do.
        :return: what ``function`` returns, or None after an error.
        """
        self.ensure_one()
        self.env["ir.cron"]._commit_progress()
        try:
            result = function()
            self._clear_error()
            if sync.kind == "fetch":
                self._forget_failures()
            return result
        except CONFLICTS:
            # Another worker or a person was at the same records; nobody is to blame.
            self.env.cr.rollback()
            sync._end()
            self.env["ir.cron"]._commit_progress()
            return None
        except LengowError as error:
            message = self._explain(error)
        except Exception as error:  # noqa: BLE001 one account must not stop the others
            log_failure(
                _logger,
                error,
                "Lengow account %s, %s",
                self.id,
                sync.kind,
                level=logging.ERROR,
            )
            message = self.env._(
                "%(account)s: an unexpected problem (%(problem)s). It is tried again by "
                "itself; tell your integrator if it stays.",
                account=self.name,
                problem=type(error).__name__,
            )
        self.env.cr.rollback()
        sync._end(error=message)
        self._set_error(message)
        if sync.kind == "fetch" and sync.page == 1:
            self._count_failure(message)  # nothing at all was fetched
        self.env["ir.cron"]._commit_progress()
        return None

    # === BUSINESS METHODS: MARKETPLACES === #

    @api.model
    def _cron_sync_marketplaces(self):
        for account in self._get_connected():
            account._sync_marketplaces()
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _sync_marketplaces(self):
        """Fetch the account's marketplaces, at most once an hour, and open their channels.

        :return: whether they were fetched now.
        """
        self.ensure_one()
        youngest = fields.Datetime.now() - timedelta(
            minutes=const.MARKETPLACES_MINIMUM_AGE_MINUTES
        )
        if self.marketplaces_synced_at and self.marketplaces_synced_at > youngest:
            return False
        sync = self.env["lengow.sync"].create(
            {"account_id": self.id, "kind": "marketplaces"}
        )

        def fetch():
            marketplaces = self.env["lengow.marketplace"]._store(
                self._get_client().get_marketplaces()
            )
            self._open_channels(marketplaces)
            self.marketplaces_synced_at = fields.Datetime.now()
            sync._count(fetched=len(marketplaces))
            sync._end()
            self.env["ir.cron"]._commit_progress()
            return True

        return bool(self._run_sync(sync, fetch))

    def _open_channels(self, marketplaces):
        known = self.with_context(active_test=False).channel_ids.marketplace_id
        self.env["lengow.channel"].create(
            [
                {"account_id": self.id, "marketplace_id": marketplace.id}
                for marketplace in marketplaces - known
            ]
        )
        self.env["lengow.order"].search(
            [("account_id", "=", self.id), ("channel_id", "=", False)]
        )._find_channels()

    # === BUSINESS METHODS: ORDERS === #

    @api.model
    def _cron_fetch_orders(self):
        accounts = self._get_connected()
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(accounts))
        for left, account in zip(range(len(accounts))[::-1], accounts, strict=True):
            account._sync_marketplaces()
            if not account._fetch_orders():
                return  # out of time: goes on from the page it reached
            if not commit_progress(1, remaining=left):
                return

    def _fetch_orders(self):
        """Fetch and store the orders that changed since the last complete fetch.

        Pages are ordered by the moment an order came to Lengow, which never changes, so
        that an order changed meanwhile cannot push another one off its page.

        :return: False when the time of the cron is up before the last page.
        """
        self.ensure_one()
        sync = self._resume_fetch()

        def fetch():
            for page in self._get_client().iter_order_pages(
                updated_from=sync.updated_from,
                marketplace_order_date_from=self._get_oldest_order_date(
                    sync.started_at
                ),
                ordering="imported_at,marketplace_order_id",
                page=sync.page,
            ):
                created, updated = self._store_orders(page.entries)
                problems = [sync.error_message, self._describe_problem(page)]
                sync._count(
                    fetched=len(page.entries),
                    created=created,
                    updated=updated,
                    error=page.damaged,
                    outside=self._count_outside(page.entries, sync),
                )
                sync.write(
                    {
                        "page": page.number + 1,
                        "error_message": " ".join(filter(None, problems)) or False,
                    }
                )
                # There is this account at least, until its last page is stored.
                if not self.env["ir.cron"]._commit_progress(1, remaining=1):
                    self._trigger_crons("import_orders")
                    return False
            self._trigger_crons("import_orders")
            if sync.error_message:
                raise LengowError(sync.error_message)
            self.fetched_until = sync.started_at
            sync._end()
            self.env["ir.cron"]._commit_progress()
            return True

        return self._run_sync(sync, fetch) is not False

    def _count_outside(self, payloads, sync):
        """Count the orders that were not asked for; they are stored all the same.

        Lengow leaves out a filter that it does not understand, without a word.
        """
        oldest = self._get_oldest_order_date(sync.started_at)
        return sum(
            (view.updated_at or sync.updated_from) < sync.updated_from
            or (view.ordered_at or oldest) < oldest
            for view in map(Order, payloads)
        )

    def _describe_problem(self, page):
        """:return: a sentence about what could not be read of a page, or None."""
        if page.error:
            return self.env._(
                "Page %(number)s: %(error)s", number=page.number, error=page.error
            )
        if page.damaged:
            return self.env._(
                "Page %(number)s: %(count)s entries that are no orders.",
                number=page.number,
                count=page.damaged,
            )
        return None

    def _store_orders(self, payloads):
        """Store a page; when another worker just stored a part of it, look again.

        :return: how many are new and how many have changed.
        """
        try:
            return self.env["lengow.order"]._store_page(self, payloads)
        except CONFLICTS:
            self.env.cr.rollback()
            return self.env["lengow.order"]._store_page(self, payloads)

    def _resume_fetch(self):
        """:return: the run that was cut short, or a new one."""
        sync = self.env["lengow.sync"].search(
            [("account_id", "=", self.id), ("kind", "=", "fetch")], limit=1
        )
        if sync.state == "running":
            return sync
        return self.env["lengow.sync"].create(
            {
                "account_id": self.id,
                "kind": "fetch",
                "updated_from": self._get_updated_from(fields.Datetime.now()),
            }
        )

    def _get_updated_from(self, now):
        """:return: the moment from which changed orders are asked for."""
        if self.fetched_until:
            return self.fetched_until - timedelta(minutes=self.overlap_minutes)
        window = now - timedelta(days=self.import_window_days)
        if self.import_from:
            return min(window, fields.Datetime.to_datetime(self.import_from))
        return window

    def _get_oldest_order_date(self, now):
        """:return: the moment from which placed orders are asked for.

        It must stay the same while a run goes on from page to page.

        Lengow takes seven days ago when it is not told, even beside ``updated_from``.
        """
        if self.import_from:
            return fields.Datetime.to_datetime(self.import_from)
        return now - timedelta(days=const.OLDEST_ORDER_DAYS)
