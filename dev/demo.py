"""`make demo`: Odoo full of orders imported from the simulator, until it is stopped.

With ONCE=1 it imports, prints its summary as one line of JSON last, and ends; its
exit code tells whether every order is accounted for.
"""

import json
import os
import signal
from pathlib import Path

import clone
import console
import database
import odoo_cli
import processes
import serve_simulator
import setup

PURPOSE = "demo"
SERVER = "odoo"  # the record of its process
SCRIPT = Path(__file__).with_name("demo_data.py")
ORDERS, SEED, ERRORS = 240, 1, 3
OUTCOMES = ("orders_imported", "orders_error", "orders_waiting", "orders_ignored")


def main():
    """Run the demo and return its exit code."""
    once = bool(os.environ.get("ONCE"))
    environment = setup.ensure()
    running = processes.find(SERVER)
    if running and processes.find(serve_simulator.RECORD) and not once:
        console.say(f"The demo already runs.\n{_welcome(running['port'])}")
        return 0
    if once:
        # A second demo must not start on a simulator that is about to end.
        with clone.locked(PURPOSE), simulated_lengow(environment) as simulator:
            _name, summary = import_orders(environment, simulator)
        return 0 if accounted_for(summary) else 1
    with simulated_lengow(environment) as simulator:
        with clone.locked(PURPOSE):
            name, summary = import_orders(environment, simulator)
        processes.end_recorded(SERVER)
        console.say("Starting Odoo")
        with odoo_cli.server(environment, name, SERVER, "--max-cron-threads=1") as odoo:
            return _keep(odoo[0], simulator, summary)


def simulated_lengow(environment):
    """Return the demo's simulator, running within a block."""
    return serve_simulator.running(environment, ORDERS, SEED, errors=ERRORS)


def accounted_for(summary):
    """Tell whether every order that was fetched has an outcome, to the cent.

    :param dict summary: what `demo_data.py` printed last
    """
    outcomes = sum(summary[outcome] for outcome in OUTCOMES)
    fetched = summary["orders_fetched"]
    return (
        outcomes == fetched == summary["orders_at_lengow"] > 0
        and not summary["total_mismatches"]
    )


def import_orders(environment, simulator):
    """Import the simulator's orders into the demo database.

    :param str simulator: its address
    :return: the database's name and the summary
    :rtype: tuple[str, dict]
    """
    console.say("Importing the simulator's orders")
    name = database.kept_with_addon(environment, PURPOSE)
    last = odoo_cli.run_shell(
        environment, name, SCRIPT.read_text(), LENGOW_SIMULATOR_URL=simulator
    )
    try:
        return name, json.loads(last)
    except ValueError as error:
        raise console.Failure(f"{SCRIPT.name} printed no summary last.") from error


def _keep(odoo, simulator, summary):
    """Say where Odoo is, and keep it running until somebody stops it."""
    console.say(f"\n{_welcome(processes.find(SERVER)['port'])}")
    console.say(f"The simulator of Lengow is at {simulator}")
    facts = (f"{key.replace('_', ' ')} {value}" for key, value in summary.items())
    console.say(f"Imported: {', '.join(facts)}")
    console.say("Stop both with Ctrl-C here, or with `make stop` anywhere.")
    try:
        code = odoo.wait()
    except KeyboardInterrupt:
        code = 0
    console.say("Stopping")
    return 0 if code in (0, -signal.SIGTERM) else 1


def _welcome(port):
    return (
        f"Odoo is at http://{odoo_cli.HOST}:{port} (login admin, password admin); "
        f"its log is {clone.LOGS / SERVER}.log"
    )


if __name__ == "__main__":
    console.run(main)
