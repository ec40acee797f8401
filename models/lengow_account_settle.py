from datetime import timedelta

from odoo import api, fields, models

from ..const import LOOK_BACK_MINUTES, SETTLE_OVERLAP_MINUTES, STRAGGLER_MINUTES
from ..lengow.errors import LengowError


class LengowAccount(models.Model):
    """What became of an account's actions, and which of them need a person."""

    _inherit = "lengow.account"

    actions_settled_until = fields.Datetime(
        "Answers Read Until",
        readonly=True,
        copy=False,
        help="Start of the last complete reading of what became of actions.",
    )
    action_to_fix_count = fields.Integer(compute="_compute_action_to_fix_count")

    # === COMPUTE METHODS === #

    def _compute_action_to_fix_count(self):
        actions = self.env["lengow.action"]
        counts = dict(
            actions._read_group(
                [("account_id", "in", self.ids), *actions._get_to_fix_domain()],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.action_to_fix_count = counts.get(account, 0)

    # === ACTION METHODS === #

    def action_view_actions_to_fix(self):
        """:return: action that lists the account's actions in error."""
        return {
            **self._open_related("action_lengow_action_to_fix"),
            "context": {
                "search_default_to_fix": 1,
                "search_default_group_error_code": 1,
            },
        }

    # === BUSINESS METHODS === #

    def _forget_progress(self):
        self.actions_settled_until = False
        return super()._forget_progress()

    def _get_digest(self):
        """Count the actions that need a person, too, under ``actions``."""
        actions = self.env["lengow.action"]
        reasons = dict(actions._fields["error_code"]._description_selection(self.env))
        remedies = actions._get_remedies()
        counts = actions._read_group(
            [("account_id", "=", self.id), *actions._get_to_fix_domain()],
            ["error_code"],
            ["__count"],
            order="__count DESC",
        )
        return {
            **super()._get_digest(),
            "actions": [
                (reasons.get(code, ""), count, remedies.get(code, ""))
                for code, count in counts
            ],
        }

    def _settle_actions(self):
        """Read what became of the account's actions.

        First what has changed since the last time, then what has failed for good in case
        a list was cut short, at last what is still missing by its number.

        :return: False when the time of the cron is up before the end.
        """
        self.ensure_one()
        actions = self.env["lengow.action"]
        oldest = actions.search(
            [("account_id", "=", self.id), ("state", "=", "queued")],
            order="sent_at",
            limit=1,
        ).sent_at
        if not oldest and not actions._find_stragglers(self):
            return True
        sync = self._resume_settling(oldest)

        def settle():
            client = self._get_client()
            steps = [self._settle_stragglers]
            if oldest:
                steps = [self._settle_changed, self._settle_refused, *steps]
            if not all(step(client, sync) for step in steps):
                return False
            if sync.error_message:
                raise LengowError(sync.error_message)
            sync._end()
            self.env["ir.cron"]._commit_progress()
            return True

        return self._run_sync(sync, settle) is not False

    def _resume_settling(self, oldest):
        """:return: the run that was cut short, or a new one."""
        runs = self.env["lengow.sync"]
        sync = runs.search(
            [("account_id", "=", self.id), ("kind", "=", "settle")], limit=1
        )
        if sync.state == "running":
            return sync
        # Nothing of ours has changed before it was sent.
        since = max(filter(None, (self.actions_settled_until, oldest)), default=False)
        return runs.create(
            {
                "account_id": self.id,
                "kind": "settle",
                "updated_from": since
                and since - timedelta(minutes=SETTLE_OVERLAP_MINUTES),
            }
        )

    def _settle_changed(self, client, sync):
        """Settle what has changed since the last complete reading.

        :return: False when the time of the cron is up.
        """
        if sync.page == 0:
            return True  # done before the time was up
        if not self._settle_pages(
            client.iter_action_pages(updated_from=sync.updated_from, page=sync.page),
            sync,
        ):
            return False
        if not sync.error_message:
            self.actions_settled_until = sync.started_at
        sync.page = 0
        return bool(self.env["ir.cron"]._commit_progress(1, remaining=1))

    def _settle_refused(self, client, sync):
        """Settle what Lengow gave up, where the changes have not shown it.

        :return: False when the time of the cron is up.
        """
        late = fields.Datetime.now() - timedelta(minutes=STRAGGLER_MINUTES)
        oldest = self.env["lengow.action"].search(
            [
                ("account_id", "=", self.id),
                ("state", "=", "queued"),
                ("sent_at", "<", late),
            ],
            order="sent_at",
            limit=1,
        )
        if not oldest:
            return True
        pages = client.iter_action_pages(
            processed=False,
            queued=False,
            created_from=oldest.sent_at - timedelta(minutes=LOOK_BACK_MINUTES),
        )
        return self._settle_pages(pages, sync, is_resumable=False)

    def _settle_pages(self, pages, sync, is_resumable=True):
        """Settle pages of answers, each in a transaction of its own.

        :param pages: iterator of :class:`Page`.
        :param lengow.sync sync: the run, which notes how far it is.
        :param bool is_resumable: whether the next run goes on from the page reached.
        :return: False when the time of the cron is up.
        """
        for page in pages:
            done, failed = self.env["lengow.action"]._settle_page(self, page.entries)
            sync._count(fetched=len(page.entries), done=done, error=failed)
            problems = [sync.error_message, self._describe_action_problem(page)]
            vals = {"error_message": " ".join(filter(None, problems)) or False}
            if is_resumable:
                vals["page"] = page.number + 1
            sync.write(vals)
            if not self.env["ir.cron"]._commit_progress(1, remaining=1):
                return False
            self.env.invalidate_all()  # the memory of one page, however many there are
        return True

    def _describe_action_problem(self, page):
        """:return: a sentence about what could not be read of a page, or None."""
        if page.damaged:
            return self.env._(
                "Page %(number)s: %(count)s entries that are no actions.",
                number=page.number,
                count=page.damaged,
            )
        return self._describe_problem(page)

    def _settle_stragglers(self, client, sync):
        """Ask by their numbers for actions that no list has shown.

        :return: False when the time of the cron is up.
        """
        for action in self.env["lengow.action"]._find_stragglers(self):
            done, failed = action.with_prefetch()._settle_one(client)
            sync._count(done=done, error=failed)
            if not self.env["ir.cron"]._commit_progress(1, remaining=1):
                return False
        return True

    @api.model
    def _settle_all(self):
        """Read the answers to all accounts' actions.

        :return: False when the time of the cron is up before the end.
        """
        accounts = self._get_connected()
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(accounts))
        for left, account in zip(range(len(accounts))[::-1], accounts, strict=True):
            if not account._settle_actions():
                return False
            if not commit_progress(1, remaining=left):
                return False
        return True
