"""`make lint`: ruff, pylint with pylint-odoo, OCA's checks of XML, CSV and PO.

Usage: lint.py; runs all of them, and fails when one does.
"""

import os
import subprocess
from pathlib import Path

import clone
import console
import get_python

PLAIN = {"dev", "simulator"}  # programs, not parts of the addon: they may print
# Takes `_ = self.env._` for the old, global `_`. pylint's own settings cannot take
# one message out of those that they enable together.
MISTAKEN = ["prefer-env-translation"]


def main():
    """Run every linter and return 1 when one complains."""
    clone.prepare()
    with clone.locked("setup"):
        python = get_python.for_lint()
    failed = [title for title, words in commands(python) if not _passes(title, words)]
    if failed:
        console.say(f"\nNot clean: {', '.join(failed)}")
        return 1
    console.say("\nClean.")
    return 0


def commands(python):
    """Return the linters' titles and command lines.

    :param Path python: the Python of the linters' environment
    """
    programs = python.parent
    # pylint-odoo and OCA's checks know an addon by the name of its folder.
    addon = clone.ADDONS / clone.ADDON
    modules = [addon / path for path in sources(".py") if path.parts[0] not in PLAIN]
    catalogues = [addon / path for path in sources(".po", ".pot")]
    yield "ruff check", [programs / "ruff", "check", clone.ROOT]
    yield "ruff format", [programs / "ruff", "format", "--check", clone.ROOT]
    pylint = [python, "-m", "pylint", f"--rcfile={clone.ROOT / 'pyproject.toml'}"]
    yield "pylint-odoo", [*pylint, f"--disable={','.join(MISTAKEN)}", *modules]
    if (clone.ROOT / "__manifest__.py").exists():
        yield "OCA checks of the addon", [programs / "oca-checks-odoo-module", addon]
    if catalogues:
        yield "OCA checks of translations", [programs / "oca-checks-po", *catalogues]


def sources(*suffixes):
    """Return the addon's files with one of these suffixes, as paths inside it."""
    found = []
    for folder, folders, names in os.walk(clone.ROOT):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        place = Path(folder).relative_to(clone.ROOT)
        found += [place / name for name in names if name.endswith(suffixes)]
    return sorted(found)


def _passes(title, words):
    console.say(f"--- {title}")
    done = subprocess.run([str(word) for word in words], cwd=clone.ROOT, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    console.run(main)
