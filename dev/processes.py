"""The clone's long-running processes: started here, recorded, found again, ended."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import clone
import console

GRACE = 10  # seconds between asking a process to end and killing it
PORTS_TRIED = 200


def free_port(first):
    """Return the first free port of this machine from `first` on."""
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("0.0.0.0", port))
            except OSError:
                continue
            return port
    raise console.Failure(f"No port is free from {first} to {first + PORTS_TRIED - 1}.")


@contextlib.contextmanager
def running(name, command, log, env, **facts):
    """Run a process in the background, on record, until the end of the block.

    :param str name: the name of its record
    :param Path log: where its output goes
    :param facts: what else to record, such as its port
    :rtype: subprocess.Popen
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=clone.ROOT,
            start_new_session=True,
        )
    try:
        write_record(name, pid=process.pid, born=_born(process.pid), **facts)
        yield process
    finally:
        end(process)
        _record(name).unlink(missing_ok=True)


def write_record(name, **facts):
    """Write the facts about a process, whole at once."""
    unfinished = _record(name).with_suffix(".part")
    unfinished.write_text(json.dumps(facts))
    unfinished.replace(_record(name))


def find(name):
    """Return the record of a process if it is alive, else None."""
    try:
        facts = json.loads(_record(name).read_text())
    except (OSError, ValueError):
        return None
    return facts if _born(facts["pid"]) == facts["born"] else None


def end(process):
    """End a process that this command started."""
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_recorded(name):
    """End a recorded process, whichever command started it."""
    facts = find(name)
    if facts:
        os.kill(facts["pid"], signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while find(name) and time.monotonic() < deadline:
            time.sleep(0.1)
        if find(name):
            os.kill(facts["pid"], signal.SIGKILL)
    _record(name).unlink(missing_ok=True)


def end_all():
    """End every process on record."""
    for path in sorted(clone.RUN.glob("*.json")):
        end_recorded(path.stem)


def _record(name):
    return clone.RUN / f"{name}.json"


def _born(pid):
    """Return when a process began, in the system's ticks; None when it is gone."""
    try:
        state, *fields = (
            Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
        )
    except OSError:
        return None
    return None if state == "Z" else fields[18]
