"""Run in Odoo's shell: measure what deliveries cost that confirm themselves.

The same number of deliveries is validated in turns with shipping notices and without.
The last line is the figures as JSON.
"""

import json
import os
import time

from odoo.addons.sale_lengow.dev.merchant import prepare_merchant

TURN = 50  # deliveries that are validated together
WARM_UP = 2  # turns before the clock runs


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
    pickings = import_orders(env, account)
    turns = [pickings[start : start + TURN] for start in range(0, len(pickings), TURN)]
    seconds, counts = {}, {}
    for number, turn in enumerate(turns):
        policy = ("delivery", "manual")[number % 2]
        account.channel_ids.ship_policy = policy
        env.cr.commit()
        env.invalidate_all()
        started = time.perf_counter()
        turn.with_context(skip_backorder=True, skip_sms=True).button_validate()
        env.cr.commit()
        spent = time.perf_counter() - started
        assert set(turn.mapped("state")) == {"done"}, "deliveries were not validated"
        if number >= WARM_UP:
            seconds[policy] = seconds.get(policy, 0) + spent
            counts[policy] = counts.get(policy, 0) + len(turn)
    actions = env["lengow.action"].search([("action_type", "=", "ship")])
    assert set(actions.mapped("state")) == {"pending"}, actions.mapped("error_message")
    costs = {policy: 1000 * seconds[policy] / counts[policy] for policy in seconds}
    print(
        f"  {len(pickings)} deliveries, {len(actions)} notices: "
        f"{costs['manual']:.1f} ms each without, {costs['delivery']:.1f} ms with them"
    )
    return {"ship_build_ms": round(costs["delivery"] - costs["manual"], 2)}


merchant = prepare_merchant(env, os.environ["LENGOW_SIMULATOR_URL"])  # noqa: F821
print(json.dumps(measure_ship(env, merchant)))  # noqa: F821
