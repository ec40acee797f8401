"""The clone's databases: templates that are built once, and copies of them.

Two templates save time: one with the modules that the addon depends on, remade when
Odoo or those change, and one with the addon, remade when the addon's files change.
A database's name ends in what it is for and carries the clone's identity, so that
several clones share a server. Its files (Odoo's filestore) are copied with it.
"""

import ast
import os
import re
import shutil
from pathlib import Path

import clone
import console
import get_postgres
import odoo_cli

PREFIX = f"lengow_{clone.ID}"
# What the database does not hold: code that is read anew by every process.
NOT_INSTALLED = {"dev", "lengow", "readme", "simulator", "static", "tests"}
INSTALLED_SUFFIXES = {".csv", ".json", ".po", ".py", ".sql", ".xml"}
FILESTORE = clone.DATA / "filestore"
ASSETS_SCRIPT = Path(__file__).with_name("prepare_assets.py")


def name(purpose):
    """Return the name of the clone's database for a purpose, such as `demo`."""
    return f"{PREFIX}_{purpose}"


def exists(environment, database):
    """Tell whether a database exists."""
    return database in _list(environment, database)


def drop(environment, database):
    """Drop a database and its files, if they exist."""
    _query(environment, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    shutil.rmtree(FILESTORE / database, ignore_errors=True)


def drop_all(environment):
    """Drop every database of this clone."""
    for database in _list(environment, PREFIX):
        drop(environment, database)


def copy(environment, source, target):
    """Make `target` a fresh copy of the database `source`."""
    drop(environment, target)
    _query(environment, f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    if (FILESTORE / source).exists():
        # Odoo never rewrites a file of its store: links are as good as copies.
        shutil.copytree(FILESTORE / source, FILESTORE / target, copy_function=os.link)


def addon_template(environment):
    """Return the name of the template with the addon, building what is missing.

    :param Environment environment: what `setup.ensure` made
    :rtype: str
    """
    base_key = clone.fingerprint(environment.odoo.build, *depends())
    base = name(f"base_{base_key}")
    addon = name(f"addon_{clone.fingerprint(base_key, *installed_files())}")
    with clone.locked("template"):
        if not exists(environment, addon):
            _drop_outdated(environment, kept=base)
            if not exists(environment, base):
                modules = ",".join(depends())
                _build(environment, base, None, modules, "Installing Odoo's modules")
            _build(environment, addon, base, clone.ADDON, "Installing the addon")
            console.say("Preparing what browsers load")
            odoo_cli.run_shell(environment, addon, ASSETS_SCRIPT.read_text())
    return addon


def copy_with_addon(environment, purpose):
    """Return the name of a fresh database with the addon installed."""
    target = name(purpose)
    copy(environment, addon_template(environment), target)
    return target


def add_modules(environment, database, modules):
    """Install further modules of Odoo into a database."""
    names = ",".join(modules)
    _install(environment, database, "--init", names, "Installing other modules")


def kept_with_addon(environment, purpose):
    """Return the name of a database that outlives the command.

    It is made from the template the first time, and updated when the addon changed
    since. Its comment in PostgreSQL says what version of the addon it holds.
    """
    target = name(purpose)
    current = clone.fingerprint(environment.odoo.build, *installed_files())
    if not exists(environment, target):
        building = f"{target}_new"
        copy(environment, addon_template(environment), building)
        _rename(environment, building, target)
    elif _comment(environment, target) != current:
        _install(environment, target, "--update", clone.ADDON, "Updating the addon")
    else:
        return target
    _query(environment, f"""COMMENT ON DATABASE "{target}" IS '{current}'""")
    return target


def depends():
    """Return the modules that the addon depends on."""
    manifest = clone.ROOT / "__manifest__.py"
    if not manifest.exists():
        raise console.Failure(f"There is no addon here: {manifest} is missing.")
    return sorted(ast.literal_eval(manifest.read_text())["depends"])


def installed_files():
    """Return the addon's files that decide what its installation writes."""
    files = []
    for folder, folders, names in os.walk(clone.ROOT):
        left_out = NOT_INSTALLED if Path(folder) == clone.ROOT else set()
        folders[:] = [
            name
            for name in folders
            if name not in left_out and not name.startswith((".", "__"))
        ]
        files += [Path(folder, name) for name in names if _is_installed(name)]
    return sorted(files)


def _is_installed(name):
    return not name.startswith(".") and Path(name).suffix in INSTALLED_SUFFIXES


def _build(environment, target, source, modules, title):
    """Build a template under another name, and name it when it is whole."""
    building = f"{target}_new"
    if source:
        copy(environment, source, building)
    else:
        _create(environment, building)
    _install(environment, building, "--init", modules, title)
    _rename(environment, building, target)


def _create(environment, database):
    """Create an empty database as Odoo would, with what the server has for it."""
    drop(environment, database)
    _query(
        environment,
        f"CREATE DATABASE \"{database}\" ENCODING 'UTF8' LC_COLLATE 'C'"
        " TEMPLATE template0",
    )
    known = "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"
    if _query(environment, known):
        _query(environment, "CREATE EXTENSION IF NOT EXISTS pg_trgm", database)


def _install(environment, database, option, modules, title):
    """Install or update modules, counting them as they are loaded."""
    log = clone.LOGS / f"{database}.log"
    log.unlink(missing_ok=True)

    def loaded():
        counts = re.findall(r"Loading module \w+ \((\d+/\d+)\)", log.read_text())
        return counts[-1] if counts else None

    words = [option, modules, "--stop-after-init", "--no-http", "--max-cron-threads=0"]
    command = odoo_cli.command(environment, database, *words)
    console.step(title, command, log, loaded, env=environment.variables())
    if re.search(r"^\S+ \S+ \d+ (ERROR|CRITICAL) ", log.read_text(), re.MULTILINE):
        raise console.Failure(
            f"{console.tail(log)}\n{title} logged an error; the whole log is in {log}"
        )


def _drop_outdated(environment, kept):
    """Drop templates that are no longer up to date, and those left half built."""
    for database in _list(environment, PREFIX):
        if re.match(rf"{PREFIX}_(base|addon)_", database) and database != kept:
            drop(environment, database)


def _rename(environment, old, new):
    """Give a database and its files the name that says they are whole."""
    shutil.rmtree(FILESTORE / new, ignore_errors=True)
    if (FILESTORE / old).exists():
        (FILESTORE / old).rename(FILESTORE / new)
    _query(environment, f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def _list(environment, prefix):
    rows = _query(environment, "SELECT datname FROM pg_database")
    return [row[0] for row in rows if row[0].startswith(prefix)]


def _comment(environment, database):
    statement = (
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        f" WHERE datname = '{database}'"
    )
    return _query(environment, statement)[0][0]


def _query(environment, statement, database="postgres"):
    return get_postgres.query(
        environment.python, environment.postgres, statement, database
    )
