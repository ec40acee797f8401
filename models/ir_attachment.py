import filecmp
import hashlib
import os
import tempfile
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

_PIECE = 1024 * 1024


class IrAttachment(models.Model):
    """Large files become attachments without being held in memory."""

    _inherit = "ir.attachment"

    # === BUSINESS METHODS === #

    @api.model
    @contextmanager
    def _lengow_open_file(self):
        """Open a temporary file on the file system of the attachments.

        :return: the file, binary, gone at the end unless it became an attachment.
        """
        folder = self._filestore()
        os.makedirs(folder, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=folder, prefix="lengow-", delete=False
        ) as f:
            try:
                yield f
            finally:
                if os.path.exists(f.name):
                    os.unlink(f.name)

    @api.model
    def _lengow_create_from_file(self, file, vals):
        """Make an attachment of a file of :meth:`_lengow_open_file`.

        :param file: the file, written completely.
        :param dict vals: values of the attachment, without its content.
        :return: the attachment.
        """
        file.flush()
        if self._storage() == "db":
            file.seek(0)
            return self.create({**vals, "raw": file.read()})
        attachment = self.create({**vals, "raw": b""})
        size, checksum = self._lengow_measure(file)
        store_fname = f"{checksum[:2]}/{checksum}"
        self._lengow_keep(file.name, store_fname)
        # `write` leaves these to what it makes of the content.
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET store_fname = %s, file_size = %s, checksum = %s "
                "WHERE id = %s",
                store_fname,
                size,
                checksum,
                attachment.id,
            )
        )
        attachment.invalidate_recordset()
        return attachment

    @api.model
    def _lengow_keep(self, path, store_fname):
        """Move a file to where attachments are, unless its content is there already."""
        target = self._full_path(store_fname)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        # Should the transaction fail, the file is collected as all others are.
        self._mark_for_gc(store_fname)
        if os.path.exists(target) and filecmp.cmp(path, target, shallow=False):
            return
        os.chmod(path, 0o644)
        os.replace(path, target)

    @api.model
    def _lengow_measure(self, file):
        """:return: size in bytes and checksum, as attachments have them."""
        digest, size = hashlib.sha1(), 0
        file.seek(0)
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
        return size, digest.hexdigest()
