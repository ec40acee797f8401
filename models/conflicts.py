"""What PostgreSQL raises where two transactions want the same."""

import psycopg2

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

#: Neither is to blame: the later one is begun again.
CONFLICTS = (psycopg2.errors.UniqueViolation, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
