from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import RECORDS_AT_ONCE, SYNC_KEPT_DAYS, SYNC_SAME_RUN_SECONDS
from .private_log import no_sql_errors_logged


class LengowSync(models.Model):
    _name = "lengow.sync"
    _description = "Lengow synchronisation"
    _order = "id desc"

    account_id = fields.Many2one(
        "lengow.account", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("marketplaces", "Marketplaces"),
            ("fetch", "Fetch orders"),
            ("import", "Import orders"),
            ("mark", "Send merchant order ids"),
            ("send", "Send actions"),
            ("settle", "Read answers to actions"),
        ],
        required=True,
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("error", "Error")],
        default="running",
        required=True,
    )
    started_at = fields.Datetime(default=fields.Datetime.now, required=True)
    ended_at = fields.Datetime()
    fetched_count = fields.Integer("Fetched")
    created_count = fields.Integer("New")
    updated_count = fields.Integer("Changed")
    done_count = fields.Integer("Done")
    error_count = fields.Integer("In Error")
    outside_count = fields.Integer("Not Asked For")
    page = fields.Integer(
        default=1,
        help="The page to go on from, when a run could not finish in its time.",
    )
    updated_from = fields.Datetime(help="Orders changed since then were asked for.")
    error_message = fields.Text("Problem")
    note = fields.Text(compute="_compute_note")

    # === COMPUTE METHODS === #

    @api.depends("account_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for sync in self:
            sync.display_name = f"{sync.account_id.name}: {kinds.get(sync.kind, '')}"

    @api.depends("outside_count")
    def _compute_note(self):
        for sync in self:
            sync.note = bool(sync.outside_count) and self.env._(
                "%s orders are from before the time that was asked for. They were stored "
                "all the same. If there are many in each run, ask Lengow why.",
                sync.outside_count,
            )

    # === BUSINESS METHODS === #

    @api.model
    def _start(self, account, kind):
        """Start a run, or go on with the one that ended a moment ago.

        The scheduler calls a cron several times in a row: for the operator that is one
        run.

        :param lengow.account account: whose run.
        :param str kind: what is synchronised.
        :return: the run.
        """
        sync = self.search(
            [("account_id", "=", account.id), ("kind", "=", kind)], limit=1
        )
        moment_ago = fields.Datetime.now() - timedelta(seconds=SYNC_SAME_RUN_SECONDS)
        is_recent = sync.state == "done" and sync.ended_at >= moment_ago
        if is_recent and sync._take_up():
            return sync
        return self.create({"account_id": account.id, "kind": kind})

    def _take_up(self):
        """Go on with an ended run.

        :return: False when another worker does.
        """
        try:
            with no_sql_errors_logged(), self.env.cr.savepoint():
                run = self.try_lock_for_update()
                run.write({"state": "running", "ended_at": False})
                return bool(run)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            return False

    @api.model
    def _find_problem(self, account):
        """:return: the last run of some kind, where it ended in error, or nothing."""
        for kind in self._fields["kind"].get_values(self.env):
            domain = [("account_id", "=", account.id), ("kind", "=", kind)]
            run = self.search(domain, limit=1)
            if run.state == "error":
                return run
        return self.browse()

    def _count(self, **counters):
        """Add to the counters.

        :param counters: what to add, by counter without its ``_count``.
        """
        self.write(
            {
                f"{name}_count": self[f"{name}_count"] + number
                for name, number in counters.items()
            }
        )

    def _end(self, error=None):
        """End the run.

        :param error: sentence about what went wrong, or None.
        """
        self.write(
            {
                "state": "error" if error else "done",
                "ended_at": fields.Datetime.now(),
                "error_message": error and str(error),
            }
        )

    @api.autovacuum
    def _gc_interrupted_runs(self):
        """End the runs whose worker was killed; only a fetch goes on where it stopped."""
        yesterday = fields.Datetime.now() - timedelta(days=1)
        domain = [
            ("state", "=", "running"),
            ("kind", "!=", "fetch"),
            ("started_at", "<", yesterday),
        ]
        for sync in self.search(domain):
            sync._end(error=self.env._("The run was interrupted."))

    @api.autovacuum
    def _gc_old_runs(self):
        limit = fields.Datetime.now() - timedelta(days=SYNC_KEPT_DAYS)
        runs = self.search([("started_at", "<", limit)], limit=RECORDS_AT_ONCE)
        runs.unlink()
        return len(runs), len(runs) == RECORDS_AT_ONCE
