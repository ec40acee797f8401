import filecmp
import shutil
from pathlib import Path

from odoo import api, fields, models
from odoo.tools import config

from ..lengow.feed_file import FeedFiles, FeedPart, assemble
from ..lengow.feed_keys import FeedKeys
from .lengow_feed_rows import FAILED


class LengowFeed(models.Model):
    """From computed rows to the file that is served, and what is told where that fails."""

    _inherit = "lengow.feed"

    # === BUSINESS METHODS === #

    def _publish(self, build, keys):
        """Put the new version together and let it be served.

        :return: whether that was possible.
        """
        served = self._get_files()
        if build.kind == "changes" and not served:
            # Lost meanwhile, with all that did not change.
            self._drop_build()
            self.full_requested = True
            return False
        old = None if build.kind == "full" else served
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
            tail,
            writer.separator,
        )
        keys.todo = keys.todo[:0]
        keys.save(files.keys)
        is_changed = not self._is_same(files, served)
        previous = self.file_version
        vals = {
            "checked_at": build.started_at,
            "changes_from": build.changes_from,
            "fingerprint": build.fingerprint,
            "build_id": False,
            "last_error": False,
            "failures": self._join_failures(build, index),
            "row_count": len(index),
            "file_version": build.name,
            "file_format": self.format,
            "file_size": files.rows.stat().st_size // 1024,
            "head_size": len(head),
            "tail": tail.decode(),
        }
        if build.kind == "full":
            vals["full_built_at"] = build.started_at
        if is_changed or not self.etag:
            vals |= {"built_at": fields.Datetime.now(), "etag": build.name}
        self.write(vals)
        self._renew_warnings(index, old.read_index() if old else None)
        build._end("done", row_count=len(index), changed=is_changed)
        if is_changed:
            self._request_fetch()
        self.activity_unlink(["mail.mail_activity_data_warning"])
        kept = {previous, self.file_version} - {False}
        self.env.cr.postcommit.add(lambda: self._remove_files_but(kept))
        return True

    def _is_same(self, files, served):
        """Tell whether the file is the one that is served already, but for its date."""
        return (
            bool(served)
            and self.file_format == self.format != "json"
            and filecmp.cmp(files.rows, served.rows, shallow=False)
            and filecmp.cmp(files.zipped, served.zipped, shallow=False)
        )

    def _join_failures(self, build, index):
        """:return: dict of column's id to why it fails, in rows of any build."""
        if build.kind == "full" or not any(
            flags & FAILED for flags in set(index.flags)
        ):
            return build.failures
        return {**(self.failures or {}), **(build.failures or {})}

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

    def _load_served_keys(self):
        """:return: :class:`FeedKeys` of the version that is served, None without it."""
        files = self._get_files()
        try:
            return FeedKeys().load(files.keys) if files else None
        except (OSError, ValueError):
            return None  # damaged: all is built anew

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
