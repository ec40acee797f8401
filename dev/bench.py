"""`make bench`: measure on a fresh database; a table and, as its last line, JSON."""

from pathlib import Path

import clone
import console
import database
import odoo_cli
import serve_simulator
import setup

PURPOSE = "bench"
SIMULATOR = "bench-simulator"  # the record of its process, apart from the demo's
SCRIPT = Path(__file__).with_name("bench_odoo.py")
ORDERS, SEED = 1000, 1


def main():
    """Run the measurements in Odoo's shell, on a database that is dropped after."""
    environment = setup.ensure()
    with (
        clone.locked(PURPOSE),
        serve_simulator.running(
            environment, ORDERS, SEED, record=SIMULATOR
        ) as simulator,
    ):
        name = database.copy_with_addon(environment, PURPOSE)
        try:
            odoo_cli.run_shell(
                environment, name, SCRIPT.read_text(), LENGOW_SIMULATOR_URL=simulator
            )
        finally:
            database.drop(environment, name)


if __name__ == "__main__":
    console.run(main)
