import errno
import filecmp
import logging
import shutil
import time
import uuid
import zlib
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, config

from .. import const
from ..lengow.feed_file import FeedFiles, FeedPart, assemble
from ..lengow.feed_index import FeedIndex
from ..lengow.feed_keys import FeedKeys
from .private_log import log_failure

_logger = logging.getLogger(__name__)

LOCK = zlib.crc32(b"lengow_feed") & 0x7FFFFFFF
# What the rows of a batch leave in memory; the rest is small and wanted again.
BIG_MODELS = (
    "ir.attachment",
    "product.product",
    "product.template",
    "product.template.attribute.line",
    "product.template.attribute.value",
)


class DomainProblem(Exception):
    """The feed's choice of products is not understood any more."""


class LengowFeed(models.Model):
    """Building a feed: a part at a time, going on where it stopped.

    A build computes rows into files of its own, then puts the new version together from
    them and from what did not change. Until that is committed, the old one is served.
    """

    _inherit = "lengow.feed"

    state = fields.Selection(
        [
            ("draft", "Not Built"),
            ("building", "Building"),
            ("ready", "Ready"),
            ("error", "Error"),
        ],
        compute="_compute_state",
        store=True,
    )
    build_ids = fields.One2many("lengow.feed.build", "feed_id", "Builds", readonly=True)
    build_id = fields.Many2one("lengow.feed.build", "Running Build", copy=False)
    progress = fields.Float(related="build_id.progress")
    full_requested = fields.Boolean(default=True, copy=False)
    checked_at = fields.Datetime("Last Checked", readonly=True, copy=False)
    built_at = fields.Datetime(
        "Last Changed", readonly=True, copy=False, help="When the file last changed."
    )
    full_built_at = fields.Datetime("Last Complete Build", readonly=True, copy=False)
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    file_size = fields.Integer("Size (KB)", readonly=True, copy=False)
    last_error = fields.Text(readonly=True, copy=False)

    # The version that is served, and what the next one is built upon.
    file_version = fields.Char(readonly=True, copy=False)
    file_format = fields.Char(readonly=True, copy=False)
    head_size = fields.Integer(readonly=True, copy=False)
    tail = fields.Char(readonly=True, copy=False)
    fingerprint = fields.Char(readonly=True, copy=False)
    changes_from = fields.Datetime(readonly=True, copy=False)
    failures = fields.Json(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("build_id", "last_error", "file_version")
    def _compute_state(self):
        for feed in self:
            if feed.build_id:
                feed.state = "building"
            elif feed.last_error:
                feed.state = "error"
            else:
                feed.state = "ready" if feed.file_version else "draft"

    # === BUSINESS METHODS: SCHEDULE === #

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

    # === BUSINESS METHODS: BUILD === #

    def _build(self):
        """Go on with the running build, or begin one.

        :return: whether it came to its end.
        """
        started = time.monotonic()
        try:
            build, keys = self._resume_build() or self._begin_build()
        except FileNotFoundError:
            self._drop_build()
            build, keys = self._begin_build()
        if build:
            before = build.seconds
            is_done = self._compute_build(build, keys) and self._publish(build, keys)
            build.seconds = before + time.monotonic() - started
            if not is_done:
                return False
        self._commit()
        return True

    def _commit(self):
        self.env["ir.cron"]._commit_progress()

    def _begin_build(self):
        """Find out what is to be computed.

        :return: the new build and its :class:`FeedKeys`; nothing if nothing changed.
        """
        folder = self._get_folder()
        folder.mkdir(parents=True, exist_ok=True)
        horizon = self._get_transaction_horizon()
        self._commit()
        now = fields.Datetime.now()
        try:
            keys = self._find_keys()
        except Exception as error:
            raise DomainProblem(str(error)) from error
        fingerprint = self._make_fingerprint()
        changed = self._find_todo(keys, fingerprint, now)
        if changed is not None and not changed:
            self.write(
                {"checked_at": now, "changes_from": horizon, "last_error": False}
            )
            return None, None
        is_full = changed is None
        units = keys.get_units()
        keys.todo.extend(units if is_full else [key for key in units if key in changed])
        build = self.env["lengow.feed.build"].create(
            {
                "feed_id": self.id,
                "kind": "full" if is_full else "changes",
                "name": uuid.uuid4().hex,
                "started_at": now,
                "changes_from": horizon,
                "fingerprint": fingerprint,
                "total": len(keys.todo),
            }
        )
        self._get_part(build).open(0, 0)
        keys.write(self._get_keys_path(build))
        self.build_id = build
        self.full_requested = False
        self._commit()
        return build, keys

    def _find_todo(self, keys, fingerprint, now):
        """:return: set of templates' ids, also of those that went; None for all."""
        files = self._get_files()
        oldest = now - timedelta(days=const.FEED_FULL_BUILD_DAYS)
        if (
            self.full_requested
            or fingerprint != self.fingerprint
            or not files
            or not self.full_built_at
            or self.full_built_at < oldest
        ):
            return None
        changed = self._find_changed(keys, self.changes_from, now)
        if changed is None:
            return None
        old_keys = FeedKeys().read(files.keys)
        changed |= keys.find_differing(old_keys)
        if changed and self._get_writer().separator:
            # The first row is written without what parts it from the one before.
            index = files.read_index()
            first = next(
                (k for k, n in zip(index.keys, index.counts, strict=True) if n), None
            )
            changed |= {first} - {None}
        return changed

    def _resume_build(self):
        """:return: the running build and its keys, or None.
        :raise FileNotFoundError: when its files are gone.
        """
        build = self.build_id
        if (
            not build
            or self.full_requested
            or build.fingerprint != self._make_fingerprint()
        ):
            self._drop_build()
            return None
        self._get_part(build).open(int(build.part_size), int(build.index_size))
        return build, FeedKeys().read(self._get_keys_path(build))

    def _drop_build(self):
        if self.build_id:
            self.build_id._end("dropped")
            self.full_requested = self.full_requested or self.build_id.kind == "full"
            self._get_part(self.build_id).remove()
            self.build_id = False

    def _compute_build(self, build, keys):
        """Compute rows until all are there or the time is up.

        :return: whether all are there.
        """
        part = self._get_part(build)
        feed = self._for_building()
        variants = set(keys.with_variants)
        feed = feed.with_context(
            lengow_variant_counts=variants, lengow_failures=dict(build.failures or {})
        )
        parents = feed._get_parents(keys)
        writer = feed._get_writer()
        units, size, saved_at = [], 0, time.monotonic()
        index, lines, done = FeedIndex(), [], build.done
        for number, unit in enumerate(keys.iter_todo()):
            if number < build.done:
                continue
            units.append(unit)
            size += len(unit[1])
            if size < const.FEED_BATCH_SIZE and number + 1 < len(keys.todo):
                continue
            batch_index, batch_lines = feed._compute_rows(units, parents, writer)
            index.extend(batch_index)
            lines += batch_lines
            done += len(units)
            units, size = [], 0
            for model in BIG_MODELS:
                self.env[model].invalidate_model(flush=False)
            if (
                time.monotonic() - saved_at < const.FEED_SAVE_SECONDS
                and done < build.total
            ):
                continue
            if not self._save(build, part, index, lines, done, feed):
                return False
            index, lines, saved_at = FeedIndex(), [], time.monotonic()
        return True

    def _save(self, build, part, index, lines, done, feed):
        """Keep what was computed.

        :return: whether to go on: there is time left, and nobody changed the feed.
        """
        part_size, index_size = part.save(index, lines)
        build.write(
            {
                "part_size": part_size,
                "index_size": index_size,
                "done": done,
                "computed_count": build.computed_count + len(index),
                "failures": feed.env.context["lengow_failures"],
            }
        )
        time_left = self.env["ir.cron"]._commit_progress(1, remaining=1)
        # What others changed meanwhile is seen from here on.
        is_current = build.fingerprint == self._make_fingerprint()
        return is_current and (done >= build.total or bool(time_left))

    # === BUSINESS METHODS: PUBLISH === #

    def _publish(self, build, keys):
        """Put the new version together and let it be served.

        :return: whether that was possible.
        """
        old = None if build.kind == "full" else self._get_files()
        files = FeedFiles(self._get_folder(), build.name)
        part = self._get_part(build)
        writer = self._get_writer()
        head = writer.write_head(fields.Datetime.to_string(build.started_at))
        tail = writer.write_tail()
        index = assemble(
            files,
            keys.get_units(),
            part,
            old,
            head,
            self.head_size,
            tail,
            writer.separator,
        )
        keys.todo = keys.todo[:0]
        keys.write(files.keys)
        is_changed = not self._is_same(files)
        vals = {
            "checked_at": build.started_at,
            "changes_from": build.changes_from,
            "fingerprint": build.fingerprint,
            "build_id": False,
            "last_error": False,
            "failures": build.failures,
        }
        if build.kind == "full":
            vals["full_built_at"] = build.started_at
        if is_changed:
            vals |= {
                "built_at": fields.Datetime.now(),
                "row_count": len(index),
                "file_version": build.name,
                "file_format": self.format,
                "file_size": files.rows.stat().st_size // 1024,
                "head_size": len(head),
                "tail": tail.decode(),
            }
        previous = self.file_version
        self.write(vals)
        self._renew_warnings(index)
        build._end("done", row_count=len(index), changed=is_changed)
        if is_changed:
            self._request_fetch()
        else:
            files.remove()
        self.activity_unlink(["mail.mail_activity_data_warning"])
        kept = {previous, self.file_version} - {False}
        self.env.cr.postcommit.add(lambda: self._remove_files_but(kept))
        return True

    def _is_same(self, files):
        """Tell whether the file is the one that is served already, but for its date."""
        served = self._get_files()
        return (
            bool(served)
            and self.file_format == self.format != "json"
            and filecmp.cmp(files.rows, served.rows, shallow=False)
        )

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

    # === BUSINESS METHODS: FILES === #

    def _get_folder(self):
        """:return: folder of the feed's files, in the filestore that all workers share."""
        store = Path(config.filestore(self.env.cr.dbname))
        return store / "lengow_feed" / str(self.id)

    def _get_files(self):
        """:return: files of the version that is served; None if there are none."""
        if not self.file_version:
            return None
        files = FeedFiles(self._get_folder(), self.file_version)
        return files if files.exist() else None

    def _get_part(self, build):
        return FeedPart(self._get_folder(), build.name)

    def _get_keys_path(self, build):
        return self._get_folder() / f"{build.name}.todo"

    def _drop_build_files(self):
        self._get_part(self.build_id).remove()
        self._get_keys_path(self.build_id).unlink(missing_ok=True)
        FeedFiles(self._get_folder(), self.build_id.name).remove()

    def _remove_files_but(self, versions):
        """Delete old versions; the one before is still being read by somebody."""
        for path in self._get_folder().glob("*.*"):
            if path.name.partition(".")[0] not in versions:
                path.unlink(missing_ok=True)

    @api.model
    def _remove_folders(self, folders):
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
