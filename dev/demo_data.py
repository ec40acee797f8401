"""Run in Odoo's shell: a merchant, a Lengow account, and its orders.

Its last line is the summary as JSON. It may be run again on the same database.
"""

import json
import os
import time

import requests

from odoo import fields

from odoo.addons.sale_lengow.dev.deliveries import prepare_deliveries
from odoo.addons.sale_lengow.dev.fulfilment import prepare_fulfilment
from odoo.addons.sale_lengow.dev.merchant import prepare_merchant

CRONS = ("sync_marketplaces", "fetch_orders", "import_orders", "mark_orders")
CATALOGUE = "501"  # one that the simulator knows


def run_crons(env):
    """Run our crons until no order is left to import or to mark."""
    orders = env["lengow.order"]
    while True:
        for name in CRONS:
            env.ref(f"sale_lengow.ir_cron_{name}").method_direct_trigger()
            env.cr.commit()
        now = fields.Datetime.now()
        left = orders.search_count(orders._get_import_domain()) + orders.search_count(
            [
                ("merchant_id_state", "in", ("pending", "sent")),
                ("merchant_id_next_attempt", "<=", now),
            ]
        )
        print(f"  {orders.search_count([('state', '=', 'imported')])} orders imported")
        if not left:
            return


def build_feed(env, account):
    """Offer the whole catalogue in a feed, some of it in stock.

    :return: the feed, built.
    """
    feed = env["lengow.feed"].search([("account_id", "=", account.id)], limit=1)
    if not feed:
        products = env["product.product"].search([("barcode", "!=", False)])
        products.product_tmpl_id.lengow_published = True
        location = env["stock.warehouse"].search([], limit=1).lot_stock_id
        for number, product in enumerate(products):
            env["stock.quant"]._update_available_quantity(product, location, number + 1)
        feed = env["lengow.feed"].create(
            {
                "name": "Catalogue for France",
                "account_id": account.id,
                "only_marked": True,
                "catalog_ref": CATALOGUE,
                "fetch_after_build": True,
            }
        )
    feed.checked_at = False
    env.cr.commit()
    env.ref("sale_lengow.ir_cron_build_feeds").method_direct_trigger()
    env.cr.commit()
    env.invalidate_all()
    return feed


def count_mismatches(orders):
    """Count orders whose sale orders do not add up to the marketplace's total."""
    return sum(
        bool(
            order.currency_id.compare_amounts(
                sum(order.sale_order_ids.mapped("amount_total")), order.total_order
            )
        )
        for order in orders
        if order.state == "imported"
    )


def main(env):
    """Fill the database, and print the summary."""
    started = time.monotonic()
    url = os.environ["LENGOW_SIMULATOR_URL"]
    account = prepare_merchant(env, url)
    account.action_connect()
    env.cr.commit()
    run_crons(env)
    at_marketplace, reported = prepare_fulfilment(env, account, url)
    shipments_done, shipments_to_fix = prepare_deliveries(env, account, url)
    feed = build_feed(env, account)
    orders = account.order_ids
    held = requests.get(f"{url}/_simulator/", timeout=60).json()["orders"]
    states = orders.mapped("state")
    summary = {
        "orders_at_lengow": held,
        "orders_fetched": len(orders),
        "orders_imported": states.count("imported"),
        "sale_orders": len(orders.sale_order_ids),
        "orders_error": states.count("error"),
        "orders_waiting": states.count("waiting"),
        "orders_ignored": states.count("ignored"),
        "total_mismatches": count_mismatches(orders),
        "feed_rows": feed.row_count,
        "marked": orders.mapped("merchant_id_state").count("done"),
        "shipments_done": shipments_done,
        "shipments_to_fix": shipments_to_fix,
        "pieces_at_marketplace": at_marketplace,
        "pieces_reported": reported,
        "seconds": round(time.monotonic() - started, 1),
    }
    print(json.dumps(summary))


main(env)  # noqa: F821 Odoo's shell gives it
