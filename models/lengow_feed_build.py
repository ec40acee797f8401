import time
import uuid
from datetime import timedelta

from odoo import api, fields, models

from .. import const
from ..lengow.feed_keys import FeedKeys

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
    etag = fields.Char("ETag", readonly=True, copy=False)
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

    # === BUSINESS METHODS === #

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
        served = self._load_served_keys()
        try:
            keys = self._find_keys(served)
        except Exception as error:
            raise DomainProblem(str(error)) from error
        fingerprint = self._make_fingerprint()
        changed = self._find_todo(keys, served, fingerprint, now)
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
        keys.save(self._get_keys_path(build))
        self.build_id = build
        self.full_requested = False
        self._commit()
        return build, keys

    def _find_todo(self, keys, served, fingerprint, now):
        """Tell what is to be computed.

        :param FeedKeys keys: the products of the feed.
        :param FeedKeys served: those of the version that is served, or None.
        :return: set of templates' ids, also of those that went; None for all.
        """
        oldest = now - timedelta(days=const.FEED_FULL_BUILD_DAYS)
        if (
            self.full_requested
            or fingerprint != self.fingerprint
            or not self.full_built_at
            or self.full_built_at < oldest
            or served is None
        ):
            return None
        changed = self._find_changed(keys, self.changes_from, now)
        if changed is None:
            return None
        changed |= keys.find_differing(served)
        if changed and self._get_writer().separator:
            # The first row is written without what parts it from the one before.
            index = self._get_files().read_index()
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
        return build, FeedKeys().load(self._get_keys_path(build))

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
        rows, done = 0, build.done
        for number, unit in enumerate(keys.iter_todo()):
            if number < build.done:
                continue
            units.append(unit)
            size += len(unit[1])
            if size < const.FEED_BATCH_SIZE and number + 1 < len(keys.todo):
                continue
            index, lines = feed._compute_rows(units, parents, writer)
            sizes = part.save(index, lines)
            rows += len(lines)
            done += len(units)
            units, size = [], 0
            for model in BIG_MODELS:
                self.env[model].invalidate_model(flush=False)
            if (
                time.monotonic() - saved_at < const.FEED_SAVE_SECONDS
                and done < build.total
            ):
                continue
            if not self._save(build, sizes, rows, done, feed):
                return False
            rows, saved_at = 0, time.monotonic()
        return True

    def _save(self, build, sizes, rows, done, feed):
        """Keep what was computed: what is not noted is cut off when the build goes on.

        :param tuple sizes: of both files of the part.
        :param int rows: how many were computed since it was called last.
        :return: whether to go on: there is time left, and nobody changed the feed.
        """
        part_size, index_size = sizes
        build.write(
            {
                "part_size": part_size,
                "index_size": index_size,
                "done": done,
                "computed_count": build.computed_count + rows,
                "failures": feed.env.context["lengow_failures"],
            }
        )
        time_left = self.env["ir.cron"]._commit_progress(1, remaining=1)
        # What others changed meanwhile is seen from here on.
        is_current = build.fingerprint == self._make_fingerprint()
        return is_current and (done >= build.total or bool(time_left))
