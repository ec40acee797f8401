"""`make simulator`: the simulated Lengow in the foreground; `ARGS` is passed on to it.

Usage: serve_simulator.py [OPTION OF THE SIMULATOR]...
"""

import contextlib
import subprocess
import sys
import time

import clone
import console
import processes
import setup

RECORD = "simulator"
HOST = "127.0.0.1"
FIRST_PORT = 8990
PATIENCE = 60  # seconds for the simulator to answer


def main():
    """Run the simulator until it is stopped, on a free port unless ARGS names one."""
    environment = setup.ensure()
    port = ["--port", str(processes.free_port(FIRST_PORT))]
    try:
        return subprocess.call(
            [environment.python, "-m", "simulator", *port, *sys.argv[1:]],
            env=environment.variables(),
            cwd=clone.ROOT,
        )
    except KeyboardInterrupt:
        return 0


@contextlib.contextmanager
def running(environment, orders, seed, *words, errors=0, record=RECORD):
    """Run the simulator in the background until the end of the block.

    One that the clone runs already is used, and left running.

    :param words: further options of the simulator
    :param str record: the name under which `make stop` finds it
    :return: its address
    :rtype: str
    """
    found = processes.find(record)
    if found:
        yield f"http://{HOST}:{found['port']}"
        return
    port = processes.free_port(FIRST_PORT)
    port_file, log = clone.RUN / f"{record}.port", clone.LOGS / f"{record}.log"
    port_file.unlink(missing_ok=True)
    options = {
        "--host": HOST,
        "--port": port,
        "--port-file": port_file,
        "--orders": orders,
        "--seed": seed,
        "--errors": errors,
    }
    set_options = [word for option in options.items() for word in option]
    command = [environment.python, "-m", "simulator", *set_options, *words]
    variables = environment.variables()
    with processes.running(record, command, log, variables, port=port) as process:
        deadline = time.monotonic() + PATIENCE
        while not port_file.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise console.Failure(
                    f"{console.tail(log)}\nThe simulator does not start; the whole log "
                    f"is in {log}"
                )
            time.sleep(0.1)
        yield f"http://{HOST}:{port}"


if __name__ == "__main__":
    console.run(main)
