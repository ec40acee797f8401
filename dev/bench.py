"""`make bench`: measure on fresh databases; a table and, as its last line, JSON.

ORDERS=500 measures the import with more orders than the usual 200.
"""

import json
import os
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
ACTIONS_SCRIPT = SCRIPT.with_name("bench_actions.py")
SHIP_SCRIPT = SCRIPT.with_name("bench_ship.py")
LOGISTICS_SCRIPT = Path(__file__).with_name("bench_logistics.py")
SEED = 1
WARM_UP = 25  # orders that are imported before the clock runs
SMALL, LARGE = 200, 2000  # orders between which memory must not grow
DELIVERIES = 1100  # of which a hundred warm up
TARGETS = {
    "import_orders_per_s": "",
    "bare_batch_orders_per_s": "",
    "one_by_one_orders_per_s": "",
    "ratio_to_bare_batch": ">= 0.85",
    "ratio_to_one_by_one": ">= 1.8",
    "queries_per_order": "<= 75",
    "store_orders_per_s": ">= 1000",
    "fetch_orders_per_s": "",
    "refetch_ms_per_order": "< 5",
    "two_worker_speedup": ">= 1.6",
    f"peak_mb_{SMALL}": "",
    f"peak_mb_{LARGE}": "as above",
    "ship_build_ms": "< 3",
    "rate_budget_used": ">= 0.95",
    "settle_per_s": ">= 1000",
    "settle_and_tell_per_s": "",
    "notice_5000_ms": "< 1000",
    "movements_per_s": ">= 2000",
    "document_peak_mb": "< 50",
}


def main():
    """Run the measurements, each in an Odoo of its own."""
    environment = setup.ensure()
    orders = int(os.environ.get("ORDERS", SMALL))
    figures = {}
    with clone.locked(PURPOSE):
        for script, mode, count in (
            (SCRIPT, "speed", orders + WARM_UP),
            (SCRIPT, "memory", SMALL),
            (SCRIPT, "memory", LARGE),
            (SCRIPT, "store", LARGE),
            (SCRIPT, "workers", 2 * orders + WARM_UP),
            (SHIP_SCRIPT, "ship", DELIVERIES),
            (ACTIONS_SCRIPT, "settle", LARGE),
            (ACTIONS_SCRIPT, "send", SMALL),
        ):
            console.say(f"Measuring {mode} with {count} orders")
            figures.update(measure(environment, script, mode, count))
            figures.update(measure(environment, mode, count))
        console.say("Measuring shipping notices, stock movements and documents")
        figures.update(measure(environment, "logistics", 0, LOGISTICS_SCRIPT))
    console.say("")
    for name, target in TARGETS.items():
        console.say(f"{name:26}{figures[name]:>10}   {target}")
    console.say(json.dumps(figures))


def measure(environment, script, mode, orders):
    """Run one measurement on a database that is dropped after.

    :param Path script: what is run in Odoo's shell
    :param str mode: what it shall measure
def measure(environment, mode, orders, script=SCRIPT):
    """Run one measurement on a database that is dropped after.

    :param str mode: what the script shall measure
    :param int orders: how many the simulator holds
    :param Path script: run in Odoo's shell
    :return: the figures by name
    :rtype: dict
    """
    plain = ("--plain", "--lines", 3)
    with serve_simulator.running(
        environment, orders, SEED, *plain, record=SIMULATOR
    ) as simulator:
        name = database.copy_with_addon(environment, PURPOSE)
        try:
            last = odoo_cli.run_shell(
                environment,
                name,
                script.read_text(),
                LENGOW_SIMULATOR_URL=simulator,
                BENCH_MODE=mode,
            )
        finally:
            database.drop(environment, name)
    return json.loads(last)


if __name__ == "__main__":
    console.run(main)
