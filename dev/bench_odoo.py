"""Run in Odoo's shell: measure fetching and importing, on an empty database.

BENCH_MODE is `speed` (the pipeline beside the bare ORM, in turns), `memory` (one fetch
and import of everything), `store` (pages that are already here) or `workers` (one
worker's import beside that of two at once). The last line is the figures as JSON.
"""

import gc
import json
import multiprocessing
import os
import resource
import time
from datetime import datetime, timedelta

from odoo import SUPERUSER_ID, Command, api, fields, sql_db

from odoo.addons.sale_lengow.const import IMPORT_BATCH_SIZE
from odoo.addons.sale_lengow.dev.merchant import prepare_merchant

TURN = 50  # orders that each way does before the next way has its turn
FAR = timedelta(days=365)
# The bare ORM sends no mail and posts no more than the pipeline does.
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_auto_subscribe_no_notify": True,
}


def create_bare(env, payloads):
    """Create and confirm orders as a script over the bare ORM does."""
    countries = {c.code: c.id for c in env["res.country"].search([])}
    mappings = env["lengow.product.mapping"].search([])
    products = {m.external_id: m.product_id.id for m in mappings}
    skus = env["product.product"].search([("default_code", "!=", False)])
    products.update({p.default_code: p.id for p in skus})
    products.update({p.barcode: p.id for p in skus if p.barcode})
    pricelists = {
        pricelist.currency_id.name: pricelist.id
        for pricelist in env["product.pricelist"].search(
            [("lengow_is_neutral", "=", True)]
        )
    }
    env = env(context={**env.context, **QUIET})
    addresses = [
        (_address(payload["billing_address"], countries), payload)
        for payload in payloads
    ]
    partners = env["res.partner"].create([vals for vals, _payload in addresses])
    deliveries = env["res.partner"].create(
        [
            {
                **_address(payload["packages"][0]["delivery"], countries),
                "parent_id": partner.id,
                "type": "delivery",
            }
            for partner, payload in zip(partners, payloads, strict=True)
        ]
    )
    orders = env["sale.order"].create(
        [
            {
                "partner_id": partner.id,
                "partner_shipping_id": delivery.id,
                "client_order_ref": payload["marketplace_order_id"],
                "pricelist_id": pricelists.get(payload["original_currency"]["iso_a3"]),
                "order_line": [
                    Command.create(
                        {
                            "product_id": products[
                                str(line["merchant_product_id"]["id"])
                            ],
                            "product_uom_qty": line["quantity"],
                            "price_unit": float(line["original_amount"])
                            / line["quantity"],
                        }
                    )
                    for line in payload["packages"][0]["cart"]
                ]
                + [
                    Command.create(
                        {
                            "product_id": env.ref("sale_lengow.product_shipping").id,
                            "price_unit": payload["original_shipping"],
                        }
                    )
                    for _once in range(bool(payload["original_shipping"]))
                ],
            }
            for partner, delivery, payload in zip(
                partners, deliveries, payloads, strict=True
            )
        ]
    )
    orders.action_confirm()


def _address(address, countries):
    return {
        "name": f"{address['first_name'] or ''} {address['last_name'] or ''}".strip()
        or address["full_name"],
        "street": address["first_line"],
        "zip": address["zipcode"],
        "city": address["city"],
        "country_id": countries[address["common_country_iso_a2"]],
        "phone": address["phone_mobile"],
        "email": address["email"],
    }


def import_bare(env, payloads, size):
    """Create orders in batches, with a commit after each."""
    for start in range(0, len(payloads), size):
        create_bare(env, payloads[start : start + size])
        env.cr.commit()
        env.invalidate_all()


def import_pipeline(env, orders):
    """Let the cron's own method import the orders."""
    orders.next_attempt = fields.Datetime.now()
    env.cr.commit()
    env["lengow.order"]._cron_import_orders()
    assert set(orders.mapped("state")) == {"imported"}, orders.mapped("error_message")


def connect(env, account):
    """Connect the account and open its channels."""
    account.action_connect()
    account._sync_marketplaces()
    env.cr.commit()


def fetch(env, account):
    """:return: seconds that fetching and storing all orders took."""
    connect(env, account)
    started = time.perf_counter()
    account._fetch_orders()
    return time.perf_counter() - started


def measure_speed(env, account):
    """Let the three ways import the same orders in turns, so that noise hits all."""
    fetch(env, account)
    orders = account.order_ids.sorted("id")
    orders.next_attempt = datetime.now() + FAR
    env.cr.commit()
    payloads = {order: order.payload for order in orders}
    warm_up, orders = orders[:IMPORT_BATCH_SIZE], orders[IMPORT_BATCH_SIZE:]
    seconds = {"pipeline": 0.0, "bare_batch": 0.0, "bare_single": 0.0}
    queries = 0
    import_pipeline(env, warm_up)
    import_bare(env, [payloads[order] for order in warm_up], IMPORT_BATCH_SIZE)
    for start in range(0, len(orders), TURN):
        turn = orders[start : start + TURN]
        turn_payloads = [payloads[order] for order in turn]
        ways = {
            "pipeline": (import_pipeline, env, turn),
            "bare_batch": (import_bare, env, turn_payloads, IMPORT_BATCH_SIZE),
            "bare_single": (import_bare, env, turn_payloads, 1),
        }
        for name, (way, *arguments) in ways.items():
            env.invalidate_all()
            queries_before, started = env.cr.sql_log_count, time.perf_counter()
            way(*arguments)
            seconds[name] += time.perf_counter() - started
            if name == "pipeline":
                queries += env.cr.sql_log_count - queries_before
        print(f"  {start + len(turn)} of {len(orders)} orders, each in three ways")
    rates = {name: len(orders) / spent for name, spent in seconds.items()}
    return {
        "import_orders_per_s": round(rates["pipeline"], 1),
        "bare_batch_orders_per_s": round(rates["bare_batch"], 1),
        "one_by_one_orders_per_s": round(rates["bare_single"], 1),
        "ratio_to_bare_batch": round(rates["pipeline"] / rates["bare_batch"], 2),
        "ratio_to_one_by_one": round(rates["pipeline"] / rates["bare_single"], 2),
        "queries_per_order": round(queries / len(orders), 1),
    }


def measure_memory(env, account):
    """Fetch and import everything, and see how much memory that took at its peak."""
    seconds = fetch(env, account)
    count = len(account.order_ids)
    env["lengow.order"]._cron_import_orders()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        f"peak_mb_{count}": round(peak),
        "fetch_orders_per_s": round(count / seconds),
    }


def measure_store(env, account):
    """Store pages that are already here, then fetch them all again, unchanged."""
    connect(env, account)
    pages = [
        page.entries
        for page in account._get_client().iter_order_pages(
            updated_from=account._get_updated_from(fields.Datetime.now())
        )
    ]
    gc.freeze()  # a fetch has one page in memory, not all of them
    started = time.perf_counter()
    for page in pages:
        account._store_orders(page)
        env.cr.commit()
    stored = time.perf_counter()
    account._fetch_orders()
    fetched = time.perf_counter()
    count = len(account.order_ids)
    assert account.sync_ids[0].updated_count == 0, "unchanged orders were stored again"
    return {
        "store_orders_per_s": round(count / (stored - started)),
        "refetch_ms_per_order": round(1000 * (fetched - stored) / count, 2),
    }


def measure_workers(env, account):
    """Let one worker import a half of the orders, then two at once the other half."""
    fetch(env, account)
    orders = account.order_ids.sorted("id")
    warm_up, orders = orders[:IMPORT_BATCH_SIZE], orders[IMPORT_BATCH_SIZE:]
    half = len(orders) // 2
    orders.next_attempt = datetime.now() + FAR
    import_pipeline(env, warm_up)
    rates = {}
    for workers, share in ((1, orders[:half]), (2, orders[half:])):
        share.next_attempt = fields.Datetime.now()
        env.cr.commit()
        rates[workers] = len(share) / time_workers(env, workers)
        env.invalidate_all()
        assert set(share.mapped("state")) == {"imported"}
        assert len(share.sale_order_ids) == len(share)
    return {"two_worker_speedup": round(rates[2] / rates[1], 2)}


def time_workers(env, workers):
    """:return: seconds until so many workers, each a process, have imported all."""
    registry = env.registry
    env.cr.commit()
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=work, args=(registry,)) for _ in range(workers)]
    started = time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    seconds = time.perf_counter() - started
    assert not any(process.exitcode for process in processes), "a worker failed"
    return seconds


def work(registry):
    """Import what is due, as the cron of another worker."""
    # A child must not talk over its parent's connections.
    sql_db._Pool = None
    registry._db = sql_db.db_connect(registry.db_name)
    with registry.cursor() as cr:
        api.Environment(cr, SUPERUSER_ID, {})["lengow.order"]._cron_import_orders()


measure = {
    "speed": measure_speed,
    "memory": measure_memory,
    "store": measure_store,
    "workers": measure_workers,
}[os.environ["BENCH_MODE"]]
merchant = prepare_merchant(env, os.environ["LENGOW_SIMULATOR_URL"])  # noqa: F821
print(json.dumps(measure(env, merchant)))  # noqa: F821
