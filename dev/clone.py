"""This clone of the repository: its folders, its identity and its locks.

Everything that the developer's commands make lies in `.dev/`, which git ignores.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
from pathlib import Path

import console

ADDON = "sale_lengow"
ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".dev"
LOGS = STATE / "log"
RUN = STATE / "run"
BIN = STATE / "bin"
DATA = STATE / "data"
ADDONS = STATE / "addons"
# Tells this clone's databases and sockets from those of another clone.
ID = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def prepare():
    """Make the state folder, starting afresh when it was copied from another clone."""
    if "," in str(ROOT):
        raise console.Failure(f"Odoo takes no path with a comma: move {ROOT}.")
    os.umask(0o022)
    home = STATE / "path"
    if home.exists() and home.read_text() != str(ROOT):
        console.say("This .dev folder belongs to another clone; building a new one.")
        shutil.rmtree(STATE)
    for folder in (LOGS, RUN, BIN, DATA, ADDONS):
        folder.mkdir(parents=True, exist_ok=True)
    home.write_text(str(ROOT))
    link = ADDONS / ADDON
    if not link.is_symlink():
        link.symlink_to(Path("..", ".."), target_is_directory=True)


@contextlib.contextmanager
def locked(name):
    """Hold one of the clone's locks, waiting for another command to release it.

    :param str name: what is locked: `setup`, or the name of a database
    """
    with (RUN / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.say(f"Another command of this clone is at work ({name}); waiting.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fingerprint(*parts):
    """Return a short hash of texts and of the files' contents.

    :param parts: strings, or paths of files below the clone
    :rtype: str
    """
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            digest.update(str(part.relative_to(ROOT)).encode())
            digest.update(part.read_bytes())
        else:
            digest.update(str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:12]
