"""Run in Odoo's shell: measure the feed, on an empty database.

BENCH_VARIANTS is the size of the catalogue. The feed is built beside a bare recipe over
the ORM. The last line is the figures as JSON, with the path that the feed is served at.
"""

import csv
import json
import os
import resource
import tempfile
import time
from urllib.parse import urlsplit

from odoo.addons.sale_lengow.dev.feed_catalogue import prepare_catalogue

BARE_BATCH = 1000  # products, where the bare recipe is fastest
BARE_FIELDS = (
    "default_code",
    "barcode",
    "name",
    "list_price",
    "weight",
    "categ_id",
    "product_tmpl_id",
    "product_template_attribute_value_ids",
)
CHANGED_SHARE = 0.01


def build_bare(env, domain, pricelist, warehouses):
    """Write prices, stock and attributes as a script over the ORM does.

    :return: how many rows.
    """
    products = env["product.product"]
    count, last = 0, 0
    with tempfile.TemporaryFile("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        while batch := products.search_fetch(
            [*domain, ("id", ">", last)], BARE_FIELDS, limit=BARE_BATCH, order="id"
        ):
            last = batch[-1].id
            count += len(batch)
            prices = pricelist._get_products_price(batch, 1.0)
            stock = batch.with_context(
                warehouse_id=warehouses.ids
            )._compute_quantities_dict(None, None, None)
            for product in batch:
                values = product.product_template_attribute_value_ids
                writer.writerow(
                    [
                        product.id,
                        product.name,
                        product.default_code,
                        product.categ_id.complete_name,
                        product.list_price,
                        prices[product.id],
                        stock[product.id]["free_qty"],
                        product.barcode,
                        product.weight,
                        product.product_tmpl_id.id,
                        *values.mapped("name"),
                    ]
                )
            env.invalidate_all()
    return count


def build(feed, full=False):
    """:return: seconds that a build took."""
    feed.write({"full_requested": full, "checked_at": False})
    feed.env.cr.commit()
    started = time.perf_counter()
    feed._build_guarded()
    seconds = time.perf_counter() - started
    assert feed.state == "ready", feed.last_error
    return seconds


def get_peak():
    """:return: megabytes that this process needed at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(env, variants):
    """Build completely, after one per cent changed, and after nothing changed."""
    pricelist, warehouses = prepare_catalogue(env, variants)
    account = env["lengow.account"].create({"name": "Bench"})
    feed = env["lengow.feed"].create(
        {
            "name": "Bench",
            "account_id": account.id,
            "domain": "[('default_code', '=like', 'BENCH-%')]",
            "pricelist_id": pricelist.id,
            "warehouse_ids": warehouses.ids,
        }
    )
    env.cr.commit()
    started = get_peak()
    build(feed, full=True)  # the first one also warms the caches
    peak = get_peak()
    full = min(build(feed, full=True) for _ in range(2))
    rows = feed.row_count
    bare_seconds = time.perf_counter()
    count = build_bare(env, feed._get_own_domain(), pricelist, warehouses)
    bare_seconds = time.perf_counter() - bare_seconds
    build(feed)
    idle = min(build(feed) for _ in range(3))
    templates = env["product.template"].search([("name", "=", "T-shirt")])
    changed = templates[:: round(1 / CHANGED_SHARE)]
    deltas = []
    for number in range(5):
        changed.list_price = 99 + number
        env.cr.commit()
        deltas.append(build(feed))
        assert feed.build_ids[0].kind == "changes"
    feed_rate, bare_rate = rows / full, count / bare_seconds
    return {
        "feed_rows_per_s": round(feed_rate),
        "feed_ratio_to_bare": round(feed_rate / bare_rate, 2),
        "feed_variants_to_bare": round(count / full / bare_rate, 2),
        "feed_delta_share": round(min(deltas) / full, 4),
        "feed_idle_s": round(idle, 2),
        "feed_peak_mb": round(peak),
        "feed_peak_before_mb": round(started),
        "feed_mb": round(feed.file_size / 1024),
        "feed_path": urlsplit(feed.url).path,
    }


print(json.dumps(measure(env, int(os.environ["BENCH_VARIANTS"]))))  # noqa: F821
