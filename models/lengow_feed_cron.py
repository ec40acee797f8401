import errno
import logging
import zlib
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .. import const
from .lengow_feed_build import DomainProblem
from .private_log import log_failure

_logger = logging.getLogger(__name__)

LOCK = zlib.crc32(b"lengow_feed") & 0x7FFFFFFF


class LengowFeed(models.Model):
    """When feeds are built, and what is told where that fails."""

    _inherit = "lengow.feed"

    # === BUSINESS METHODS === #

    @api.model
    def _get_due_domain(self):
        """:return: domain of the feeds that have something to do now."""
        recently = fields.Datetime.now() - timedelta(seconds=const.FEED_CHECK_SECONDS)
        return [
            ("account_id.active", "=", True),
            "|",
            "|",
            ("build_id", "!=", False),
            ("checked_at", "=", False),
            ("checked_at", "<", recently),
        ]

    @api.model
    def _cron_build_feeds(self):
        """Build what is due, the feed that waited longest first."""
        domain = self._get_due_domain()
        due = self.search(domain, order="checked_at NULLS FIRST, id")
        cron = self.env["ir.cron"]
        time_left = cron._commit_progress(remaining=len(due))
        for feed in due:
            if not time_left:
                break
            feed._build_guarded()
            time_left = cron._commit_progress(1)
        self._send_fetch_requests()
        self._forget_seen_changes()
        cron._commit_progress(remaining=self.search_count(domain))

    def _build_guarded(self):
        """Build one feed, whose failure stays its own and keeps the last good file.

        :return: whether there is nothing left to do for now.
        """
        self.ensure_one()
        with self._locked() as is_ours:
            if not is_ours:
                return True  # another worker is at it
            try:
                return self._build()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                return False
            except DomainProblem as error:
                message = self._explain_domain(error)
            except OSError as error:
                message = self._explain_file_problem(error)
            except Exception as error:  # noqa: BLE001 one feed must not stop the others
                log_failure(
                    _logger, error, "Lengow feed %s", self.id, level=logging.ERROR
                )
                message = self.env._(
                    "The feed %(feed)s could not be built: an unexpected problem "
                    "(%(problem)s). It is tried again by itself; tell your integrator if "
                    "it stays.",
                    feed=self.name,
                    problem=type(error).__name__,
                )
            self.env.cr.rollback()
            self._fail(message)
            return True

    @contextmanager
    def _locked(self):
        """Let one worker at a time build the feed: a lock that outlives commits."""
        self.env.cr.execute(SQL("SELECT pg_try_advisory_lock(%s, %s)", LOCK, self.id))
        [is_ours] = self.env.cr.fetchone()
        try:
            yield is_ours
        finally:
            if is_ours:
                self.env.cr.execute(
                    SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK, self.id)
                )

    # === BUSINESS METHODS: FAILURES === #

    def _fail(self, message):
        """Tell a person; the last good file stays."""
        if self.build_id:
            self.build_id._end("error", message=message)
            self._drop_build_files()
            self.build_id = False
            self.full_requested = True
        if not self.last_error:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=self.user_id.id or self.env.uid,
                summary=self.env._("A Lengow feed could not be built"),
                note=message,
            )
        self.write({"last_error": message, "checked_at": fields.Datetime.now()})
        self._commit()

    def _explain_file_problem(self, error):
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return self.env._(
                "The feed %s could not be built: the disk of the server is full. Lengow "
                "still gets the last good file. Have space made; the feed is then built "
                "by itself.",
                self.name,
            )
        return self.env._(
            "The feed %(feed)s could not be built: its files cannot be written "
            "(%(problem)s). Lengow still gets the last good file. Have the folder of "
            "Odoo's files checked.",
            feed=self.name,
            problem=error.strerror or type(error).__name__,
        )
