"""`make bench`: measure on fresh databases; a table and, as its last line, JSON.

ORDERS=500 measures the import with more orders than the usual 200, VARIANTS=20000 the
feed with fewer products than the usual 100,000. ONLY=logistics, orders, actions or feed
measures nothing else.
"""

import json
import os
from pathlib import Path

import clone
import console
import database
import odoo_cli
import serve_simulator
import serving
import setup

PURPOSE = "bench"
SIMULATOR = "bench-simulator"  # the record of its process, apart from the demo's
SERVER = "bench-odoo"
SCRIPT = Path(__file__).with_name("bench_odoo.py")
ACTIONS_SCRIPT = SCRIPT.with_name("bench_actions.py")
SHIP_SCRIPT = SCRIPT.with_name("bench_ship.py")
LOGISTICS_SCRIPT = Path(__file__).with_name("bench_logistics.py")
FEED_SCRIPT = Path(__file__).with_name("bench_feed.py")
SMALL_CATALOGUE, LARGE_CATALOGUE = 10_000, 100_000  # variants
SEED = 1
WARM_UP = 25  # orders that are imported before the clock runs
SMALL, LARGE = 200, 2000  # orders between which memory must not grow
DELIVERIES = 1100  # of which a hundred warm up
ANSWERS = 10_000
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
    "feed_rows_per_s": ">= 5000",
    "feed_ratio_to_bare": ">= 0.9",
    "feed_delta_share": "<= 0.03",
    "feed_idle_s": "< 2",
    "feed_peak_mb": "< 400",
    "feed_rows_per_s_small": "",
    "feed_peak_mb_small": "as above",
    "feed_hours_of_a_million": "estimate",
    "serve_mb_per_s": ">= 200",
    "first_byte_ms": "< 50",
    "not_modified_ms": "< 15",
    "smallest_answer_ms": "of Odoo itself",
}


def main():
    """Run the measurements, each in an Odoo of its own."""
    environment = setup.ensure()
    figures = {}
    with clone.locked(PURPOSE):
        for measure_part in _choose(os.environ.get("ONLY")):
            figures.update(measure_part(environment))
    console.say("")
    for name, target in TARGETS.items():
        if name in figures:
            console.say(f"{name:26}{figures[name]:>10}   {target}")
    console.say(json.dumps(figures))


def _choose(name):
    """:return: the parts to measure, all when none is named."""
    parts = {
        "logistics": measure_logistics,
        "orders": measure_orders,
        "actions": measure_actions,
        "feed": measure_feeds,
    }
    if name and name not in parts:
        raise console.Failure(f"ONLY={name}: one of {', '.join(parts)} is expected.")
    return [parts[name]] if name else parts.values()


def measure_logistics(environment):
    """:return: the figures of notices, stock movements and documents."""
    console.say("Measuring shipping notices, stock movements and documents")
    return measure(environment, LOGISTICS_SCRIPT, "logistics", 0)


def measure_orders(environment):
    """:return: the figures of importing orders."""
    orders = int(os.environ.get("ORDERS", SMALL))
    return _measure_each(
        environment,
        (SCRIPT, "speed", orders + WARM_UP),
        (SCRIPT, "memory", SMALL),
        (SCRIPT, "memory", LARGE),
        (SCRIPT, "store", LARGE),
        (SCRIPT, "workers", 2 * orders + WARM_UP),
    )


def measure_actions(environment):
    """:return: the figures of telling marketplaces, and of reading their answers."""
    return _measure_each(
        environment,
        (SHIP_SCRIPT, "ship", DELIVERIES),
        (ACTIONS_SCRIPT, "settle", ANSWERS),
        (ACTIONS_SCRIPT, "send", SMALL),
    )


def _measure_each(environment, *measurements):
    figures = {}
    for script, mode, count in measurements:
        console.say(f"Measuring {mode} with {count} orders")
        figures.update(measure(environment, script, mode, count))
    return figures


def measure_feeds(environment):
    """Build and serve the feed of a small and of a large catalogue.

    :return: the figures by name; those of a million variants are reckoned: the time of a
        build grows with the rows, as the two sizes show
    :rtype: dict
    """
    large = int(os.environ.get("VARIANTS", LARGE_CATALOGUE))
    small = measure_feed(environment, min(SMALL_CATALOGUE, large))
    figures = measure_feed(environment, large)
    slower = min(figures["feed_rows_per_s"], small["feed_rows_per_s"])
    return {
        **figures,
        "feed_rows_per_s_small": small["feed_rows_per_s"],
        "feed_peak_mb_small": small["feed_peak_mb"],
        # A parent row comes on top of five variants.
        "feed_hours_of_a_million": round(1_200_000 / slower / 3600, 2),
    }


def measure_feed(environment, variants):
    """Build and serve one feed on a database that is dropped after."""
    console.say(f"Measuring the feed of {variants} variants")
    name = database.copy_with_addon(environment, PURPOSE)
    try:
        script = FEED_SCRIPT.read_text()
        last = odoo_cli.run_shell(
            environment, name, script, BENCH_VARIANTS=str(variants)
        )
        figures = json.loads(last)
        path = figures.pop("feed_path")
        with odoo_cli.server(environment, name, SERVER, "--max-cron-threads=0") as odoo:
            return {**figures, **serving.measure(odoo[1], path)}
    finally:
        database.drop(environment, name)


def measure(environment, script, mode, orders):
    """Run one measurement on a database that is dropped after.

    :param Path script: what is run in Odoo's shell
    :param str mode: what the script shall measure
    :param int orders: how many the simulator holds
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
