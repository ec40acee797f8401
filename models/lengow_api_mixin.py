import zlib
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL


class LengowApiMixin(models.AbstractModel):
    """One row per account that all workers share, changed in transactions of its own.

    What one worker writes is there for the others at once, and no business transaction
    waits for it or is rolled back by it.
    """

    _name = "lengow.api.mixin"
    _description = "Lengow: shared by all workers"
    _log_access = False

    account_id = fields.Many2one("lengow.account", required=True, ondelete="cascade")

    _account_uniq = models.UniqueIndex("(account_id)", "An account has one row.")

    # === BUSINESS METHODS === #

    @api.model
    @contextmanager
    def _exclusive(self, account):
        """Let one worker at a time work on the account's row.

        A session lock is used rather than a row lock: after waiting for it, a new
        transaction sees what the worker before us committed.

        :param lengow.account account: the account.
        :return: a cursor of its own, committed at the end.
        """
        lock = (zlib.crc32(self._table.encode()) & 0x7FFFFFFF, account.id)
        with self.env.registry.cursor() as cr:
            # The cursor is our own: its commits are no business of the caller's.
            cr.execute(SQL("SELECT pg_advisory_lock(%s, %s)", *lock))
            cr.commit()  # pylint: disable=invalid-commit
            try:
                yield cr
                cr.commit()  # pylint: disable=invalid-commit
            finally:
                cr.rollback()
                cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", *lock))

    @api.model
    def _read_row(self, cr, account, *names):
        """Read columns of the account's row.

        :param cr: a cursor of :meth:`_exclusive`.
        :return: tuple of values, all None when there is no row yet.
        """
        columns = SQL(", ").join(map(SQL.identifier, names))
        table = SQL.identifier(self._table)
        cr.execute(
            SQL("SELECT %s FROM %s WHERE account_id = %s", columns, table, account.id)
        )
        return cr.fetchone() or (None,) * len(names)

    @api.model
    def _write_row(self, cr, account, **values):
        """Write columns of the account's row.

        :param cr: a cursor of :meth:`_exclusive`.
        """
        table = SQL.identifier(self._table)
        cr.execute(SQL("SELECT 1 FROM lengow_account WHERE id = %s", account.id))
        if not cr.fetchone():
            # The account itself is not committed yet: nobody else can share it.
            cr = self.env.cr
        columns = SQL(", ").join(map(SQL.identifier, values))
        cr.execute(
            SQL(
                "INSERT INTO %s (account_id, %s) VALUES (%s, %s) "
                "ON CONFLICT (account_id) DO UPDATE SET (%s) = ROW (%s)",
                table,
                columns,
                account.id,
                SQL(", ").join(SQL("%s", value) for value in values.values()),
                columns,
                SQL(", ").join(
                    SQL("EXCLUDED.%s", SQL.identifier(name)) for name in values
                ),
            )
        )
