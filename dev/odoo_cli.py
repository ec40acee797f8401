"""Run Odoo on one of the clone's databases."""

import contextlib
import subprocess
import time
import urllib.error
import urllib.request

import clone
import console
import processes

HOST = "127.0.0.1"
FIRST_PORT = 8069
PATIENCE = 120  # seconds for a server to answer


def command(environment, database, *words):
    """Return the command line that runs Odoo's server on a database."""
    return [environment.python, "-m", "odoo", "server", "-d", database, *words]


def run_shell(environment, database, script, quiet=True, **variables):
    """Run a script in Odoo's shell, and return its last line of output.

    Its lines are shown as they come, the last one too.

    :param str script: the script's text
    :param bool quiet: whether Odoo's log goes to a file instead of the screen
    :param variables: added to the script's environment
    :raise Failure: when the script fails, with the end of the log
    """
    log = clone.LOGS / f"{database}-shell.log"
    words = ["-m", "odoo", "shell", "-d", database, "--no-http"]
    last = ""
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [environment.python, *words],
            env={**environment.variables(), **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors if quiet else None,
            text=True,
            cwd=clone.ROOT,
        )
        try:
            process.stdin.write(script)
            process.stdin.close()
            for line in process.stdout:
                console.say(line.rstrip("\n"))
                last = line.strip() or last
            code = process.wait()
        except BaseException:
            processes.end(process)
            raise
    if code:
        raise console.Failure(
            f"{console.tail(log)}\nThe script failed; the whole log is in {log}"
        )
    return last


def open_shell(environment, database):
    """Open Odoo's shell on the terminal, or run the script on standard input."""
    words = ["-m", "odoo", "shell", "-d", database, "--no-http", "--log-level=warn"]
    return subprocess.call(
        [environment.python, *words], env=environment.variables(), cwd=clone.ROOT
    )


@contextlib.contextmanager
def server(environment, database, record, *words):
    """Run Odoo's server on a free port, from when it answers to the end of the block.

    :param str record: the name under which `make stop` finds it
    :param words: further options of Odoo
    :return: its process and its address
    :rtype: tuple[subprocess.Popen, str]
    """
    port = processes.free_port(FIRST_PORT)
    log = clone.LOGS / f"{record}.log"
    options = [
        f"--http-port={port}",
        "--no-database-list",
        "--workers=0",
        *words,
    ]
    with processes.running(
        record,
        command(environment, database, *options),
        log,
        env=environment.variables(),
        port=port,
    ) as process:
        address = f"http://{HOST}:{port}"
        deadline = time.monotonic() + PATIENCE
        while not _answers(f"{address}/web/login"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise console.Failure(
                    f"{console.tail(log)}\n"
                    f"Odoo does not start; the whole log is in {log}"
                )
            time.sleep(0.5)
        yield process, address


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False
