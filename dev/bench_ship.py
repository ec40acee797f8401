"""Run in Odoo's shell: measure what deliveries cost that confirm themselves.

The clock runs only while the addon looks at deliveries and writes their shipping notices.
What Odoo has not written by then, and what it reads itself as well, is written and read
before: it is Odoo's own, and would be done later. The last line is the figures as JSON.
"""

import json
import os
import time

from odoo.addons.sale_lengow.dev.merchant import prepare_merchant

TURN = 50  # deliveries that are validated together
WARM_UP = 100  # deliveries that are not counted


def import_orders(env, account):
    """:return: the deliveries of all orders, ready to be validated."""
    account.action_connect()
    account._sync_marketplaces()
    env.cr.commit()
    account._fetch_orders()
    env["lengow.order"]._cron_import_orders()
    pickings = account.order_ids.sale_order_ids.picking_ids
    carrier = map_carriers(env, account)
    for number, picking in enumerate(pickings):
        picking.write({"carrier_id": carrier.id, "carrier_tracking_ref": f"T{number}"})
        for move in picking.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
    env.cr.commit()
    return pickings


def map_carriers(env, account):
    """:return: a carrier that is mapped on every channel."""
    product = env["product.product"].create({"name": "Bench", "type": "service"})
    carrier = env["delivery.carrier"].create(
        {"name": "Bench", "product_id": product.id}
    )
    env["lengow.carrier.mapping"].create(
        [
            {
                "channel_id": channel.id,
                "delivery_carrier_id": carrier.id,
                "carrier_code": channel.marketplace_id.carrier_ids[:1].code,
            }
            for channel in account.channel_ids
            if channel.marketplace_id.carrier_ids
        ]
    )
    return carrier


class Clock:
    """Adds up the time in which methods run."""

    def __init__(self):
        self.seconds = 0

    def watch(self, model, name):
        """Count each call of a method of a model, until what it wrote is written."""
        method = getattr(type(model), name)

        def timed(records, *args, **kwargs):
            records.env.cr.flush()
            started = time.perf_counter()
            result = method(records, *args, **kwargs)
            records.env.flush_all()
            self.seconds += time.perf_counter() - started
            return result

        setattr(type(model), name, timed)


def measure_ship(env, account):
    """:return: the figures of so many deliveries."""
    pickings = import_orders(env, account)
    clock = Clock()
    clock.watch(env["stock.move"], "_lengow_get_lines")
    clock.watch(env["lengow.order"], "_begin_acting")
    clock.watch(env["lengow.order"], "_report_deliveries")
    validate(env, pickings[:WARM_UP])
    clock.seconds = 0
    started = time.perf_counter()
    validate(env, pickings[WARM_UP:])
    spent = time.perf_counter() - started
    actions = env["lengow.action"].search([("action_type", "=", "ship")])
    assert set(actions.mapped("state")) == {"pending"}, actions.mapped("error_message")
    count = len(pickings) - WARM_UP
    print(
        f"  {count} deliveries, {len(actions)} notices; {1000 * spent / count:.1f} ms "
        "for a delivery in all"
    )
    return {"ship_build_ms": round(1000 * clock.seconds / count, 2)}


def validate(env, pickings):
    """Validate deliveries as a person does, some at a time."""
    for start in range(0, len(pickings), TURN):
        turn = pickings[start : start + TURN]
        env.invalidate_all()
        read_what_odoo_reads(turn)
        turn.with_context(skip_backorder=True, skip_sms=True).button_validate()
        env.cr.commit()
        assert set(turn.mapped("state")) == {"done"}, "deliveries were not validated"


def read_what_odoo_reads(pickings):
    """Read first what validating a delivery reads without the addon, too."""
    moves = pickings.move_ids
    (moves.location_id | moves.location_dest_id).mapped("usage")
    moves.sale_line_id.order_id.mapped("state")


merchant = prepare_merchant(env, os.environ["LENGOW_SIMULATOR_URL"])  # noqa: F821
print(json.dumps(measure_ship(env, merchant)))  # noqa: F821
