"""Keeping buyers' data out of the database's error log."""

import logging
import threading
from contextlib import contextmanager

_sql_logger = logging.getLogger("odoo.sql_db")


class _OtherThreads(logging.Filter):
    def __init__(self):
        super().__init__()
        self.thread = threading.get_ident()

    def filter(self, record):
        return record.thread != self.thread


@contextmanager
def no_sql_errors_logged():
    """Keep this thread's failed statements, with the values in them, out of the log.

    Other threads of the server go on logging theirs.
    """
    others = _OtherThreads()
    _sql_logger.addFilter(others)
    try:
        yield
    finally:
        _sql_logger.removeFilter(others)
