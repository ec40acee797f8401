"""Keeping buyers' data out of the logs."""

import logging
import threading
import traceback
from contextlib import contextmanager

_sql_logger = logging.getLogger("odoo.sql_db")


def log_failure(logger, error, subject, *args, level=logging.WARNING):
    """Log where something failed, without the error's own words.

    :param logger: the logger of the module.
    :param Exception error: what went wrong; its text may hold a buyer's data.
    :param str subject: what failed, with placeholders for `args`.
    :param int level: of the log's entry.
    """
    logger.log(
        level,
        f"{subject}: %s\n%s",
        *args,
        type(error).__name__,
        "".join(traceback.format_tb(error.__traceback__)),
    )


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
