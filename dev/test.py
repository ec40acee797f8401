"""`make test`: run the tests on a fresh database; `ARGS` is passed on to pytest.

Usage: test.py [PYTEST ARGUMENT]...; with KEEP=1 the database is kept.
All tests together run in several processes, each on its own copy of the database. Then
those that need other modules run on a database with these.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import clone
import console
import database
import get_browser
import setup

PURPOSE = "test"
# What merchants have beside the addon, and what tests say that they need of it.
OTHER_MODULES = ("l10n_eu_oss", "sale_mrp", "stock_dropshipping", "stock_picking_batch")
NEED_OTHERS = ["-k", "needs_module"]
LOG_LEVEL = "critical"
# A file's tests stay together, for they share what their class prepares. By name: the
# files that take longest have few tests, and would come last by their number.
IN_PARALLEL = (
    "--numprocesses=auto",
    "--maxprocesses=4",
    "--dist=loadfile",
    "--no-loadscope-reorder",
)
PLUGINS = Path(__file__).with_name("pytest_plugins")
COPY_PROGRAMS = ("createdb", "dropdb")  # what each process copies the database with


def main():
    """Run the tests and return pytest's exit code."""
    environment = setup.ensure()
    get_browser.ensure()
    arguments = sys.argv[1:]
    with clone.locked(PURPOSE):
        name = database.copy_with_addon(environment, PURPOSE)
        try:
            code = run(environment, name, arguments)
            if code == 0 and not arguments:
                database.add_modules(environment, name, OTHER_MODULES)
                code = run(environment, name, NEED_OTHERS)
            return code
        finally:
            if not os.environ.get("KEEP"):
                database.drop(environment, name)


def run(environment, name, arguments):
    """Run pytest on a database.

    :param list arguments: pytest's; without a path among them all tests run
    :return: pytest's exit code
    """
    # Odoo knows a test by the addon's name: through the link, not the real folder.
    addon = clone.ADDONS / clone.ADDON
    variables = environment.variables()
    paths = (str(PLUGINS), variables.get("PYTHONPATH"))
    variables["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    chosen = [_through(addon, word) for word in arguments]
    if chosen == arguments:
        chosen.append(str(addon / "tests"))
    if not arguments and all(
        shutil.which(program, path=variables["PATH"]) for program in COPY_PROGRAMS
    ):
        chosen += IN_PARALLEL
    words = [
        f"--config-file={addon / 'pyproject.toml'}",
        f"--rootdir={addon}",
        f"--odoo-config={setup.CONFIG}",
        f"--odoo-database={name}",
        f"--odoo-log-level={os.environ.get('ODOO_LOG_LEVEL', LOG_LEVEL)}",
        "--odoo-http",
        *("-p", "own_filestore"),
        *chosen,
    ]
    return subprocess.call(
        [environment.python, "-m", "pytest", *words],
        env=variables,
        cwd=clone.ADDONS,
    )


def _through(addon, word):
    """Return a word with the path that it may start with led through the addon."""
    path, separator, test = word.partition("::")
    if not path or path.startswith("-") or not (clone.ROOT / path).exists():
        return word
    relative = (clone.ROOT / path).resolve().relative_to(clone.ROOT)
    return f"{addon / relative}{separator}{test}"


if __name__ == "__main__":
    console.run(main)
