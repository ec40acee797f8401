"""Run in Odoo's shell: measure what deliveries cost that confirm themselves.

The same number of deliveries is validated in turns with shipping notices and without; the
median turn counts, so that what else the machine does hits neither. The last line is the
figures as JSON.
"""

import json
import os
import time
from statistics import median

from odoo.addons.sale_lengow.dev.merchant import prepare_merchant

TURN = 25  # deliveries that are validated together
WARM_UP = 4  # turns before the clock runs


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


def measure_ship(env, account):
    """Validate deliveries in turns, so that noise hits both ways."""
    return measure_turns(env, account, import_orders(env, account))


def measure_turns(env, account, pickings):
    """:return: the figures of so many deliveries."""
    turns = [pickings[start : start + TURN] for start in range(0, len(pickings), TURN)]
    costs, cpu_costs = ({"delivery": [], "manual": []} for _clock in range(2))
    for number, turn in enumerate(turns):
        policy = ("delivery", "manual")[number % 2]
        account.channel_ids.ship_policy = policy
        env.cr.commit()
        env.invalidate_all()
        started, cpu_started = time.perf_counter(), time.process_time()
        turn.with_context(skip_backorder=True, skip_sms=True).button_validate()
        env.cr.commit()
        spent = time.perf_counter() - started
        cpu_spent = time.process_time() - cpu_started
        assert set(turn.mapped("state")) == {"done"}, "deliveries were not validated"
        if number >= WARM_UP:
            costs[policy].append(1000 * spent / len(turn))
            cpu_costs[policy].append(1000 * cpu_spent / len(turn))
    actions = env["lengow.action"].search([("action_type", "=", "ship")])
    assert set(actions.mapped("state")) == {"pending"}, actions.mapped("error_message")
    print(f"  {len(pickings)} deliveries, {len(actions)} notices")
    for name, clock in (("ms", costs), ("ms of this processor", cpu_costs)):
        without, with_them = median(clock["manual"]), median(clock["delivery"])
        print(f"  {without:.1f} {name} each without, {with_them:.1f} with them")
    return {
        "ship_build_ms": round(median(costs["delivery"]) - median(costs["manual"]), 2)
    }


merchant = prepare_merchant(env, os.environ["LENGOW_SIMULATOR_URL"])  # noqa: F821
print(json.dumps(measure_ship(env, merchant)))  # noqa: F821
