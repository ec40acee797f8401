"""Run one SQL statement; for the Python that runs Odoo, which has psycopg2.

Usage: sql.py DATABASE STATEMENT; prints the rows as JSON.
"""

import json
import sys

import psycopg2


def main(database, statement):
    """Run the statement outside a transaction, as CREATE DATABASE requires."""
    try:
        connection = psycopg2.connect(dbname=database, connect_timeout=10)
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement)
    except psycopg2.Error as error:
        sys.exit(str(error).strip())
    print(json.dumps(cursor.fetchall() if cursor.description else []))


if __name__ == "__main__":
    main(*sys.argv[1:])
