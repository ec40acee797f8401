"""Run in Odoo's shell: measure the outbox, on a database with orders that are stored.

BENCH_MODE is `settle` (answers that are already here) or `send` (the allowance that is
used, by a clock that moves when somebody waits). The last line is the figures as JSON.
"""

import json
import os
import time
from collections import Counter
from datetime import datetime, timezone
from unittest.mock import patch

import requests

from odoo import fields

from odoo.addons.sale_lengow.const import REQUESTS_PER_MINUTE
from odoo.addons.sale_lengow.dev.merchant import prepare_merchant
from odoo.addons.sale_lengow.models.lengow_account_connect import LengowAccount
from odoo.addons.sale_lengow.models.lengow_api_quota import SharedRateLimiter
from odoo.addons.sale_lengow.simulator import Simulator, generate_world, respond
from odoo.addons.sale_lengow.simulator.action_record import Action
from odoo.addons.sale_lengow.tests.fake_clock import FakeClock

ANSWERS = 10_000
PAGE = 100
FAILED_OF = 100  # one answer in so many is a refusal
MINUTES = 2  # of sending, at full speed


def fetch(env, account):
    """Connect the account and store the simulator's orders."""
    account.action_connect()
    account._sync_marketplaces()
    account._fetch_orders()
    env.cr.commit()
    return account.order_ids


def create_actions(env, orders, count, **vals):
    """Create so many actions about the lines of orders, as if they were queued.

    :return: the actions.
    """
    lines = orders.line_ids
    vals_list = []
    for number in range(count):
        line = lines[number % len(lines)]
        vals_list.append(
            {
                "lengow_order_id": line.order_id.id,
                "line_id": line.id,
                "line_key": line.line_key,
                "action_type": "ship",
                "arguments": {"line": line.line_key, "tracking_number": f"T{number}"},
                **vals,
            }
        )
    actions = env["lengow.action"].create(vals_list)
    env.cr.commit()
    return actions


def measure_settle(env, account):
    """Settle pages of answers as the cron does once it has them, then tell of them."""
    actions = create_actions(
        env, fetch(env, account), ANSWERS, state="queued", sent_at=fields.Datetime.now()
    )
    for action in actions:
        action.lengow_id = str(action.id)
    env.cr.commit()
    answers = [make_answer(account, action) for action in actions]
    pages = [answers[start : start + PAGE] for start in range(0, len(answers), PAGE)]
    env.invalidate_all()
    done = failed = 0
    started = time.perf_counter()
    for page in pages:
        counts = env["lengow.action"]._settle_page(account, page)
        done, failed = done + counts[0], failed + counts[1]
        env.cr.commit()
        env.invalidate_all()
    seconds = time.perf_counter() - started
    assert (done, failed) == (ANSWERS - ANSWERS // FAILED_OF, ANSWERS // FAILED_OF)
    env["lengow.action"]._tell_settled()
    told = time.perf_counter() - started
    return {
        "settle_per_s": round(ANSWERS / seconds),
        "settle_and_tell_per_s": round(ANSWERS / told),
    }


def make_answer(account, action):
    """:return: what Lengow says of an action, in the form of the simulator."""
    now = datetime.now(timezone.utc)
    return Action(
        id=int(action.lengow_id),
        account_id=int(account.lengow_account_id),
        marketplace=action.lengow_order_id.marketplace_code,
        marketplace_order_id=action.lengow_order_id.marketplace_order_id,
        action_type=action.action_type,
        arguments=action.arguments,
        created_at=now,
        updated_at=now,
        queued=False,
        processed=True,
        problems=(("carrier", "Unknown."),) if action.id % FAILED_OF == 0 else (),
    ).show()


def measure_send(env, account):
    """Send as fast as the allowance lets us, and see how much of it was used."""
    clock = FakeClock()
    world = generate_world(orders=0)
    simulator = Simulator(world, clock=clock.time, sleep=clock.sleep)
    with (
        patch.object(
            requests.Session,
            "send",
            lambda *args, **kw: respond(simulator, *args, **kw),
        ),
        patch.object(
            LengowAccount, "_prepare_transport_vals", make_transport_vals(clock)
        ),
    ):
        payload = world.add_order("bol_nl", lines=[("MG-SPK", 3)])
        order = fetch(env, account).filtered(
            lambda one: one.marketplace_order_id == payload["marketplace_order_id"]
        )
        actions = create_actions(env, order, MINUTES * REQUESTS_PER_MINUTE)
        actions.arguments = {"line": order.line_ids.line_key, "carrier": "DHL"}
        env.cr.commit()
        clock.sleep(60)  # the allowance is whole again
        started = clock.now
        env["lengow.action"]._cron_send_actions()
    assert set(actions.mapped("state")) == {"queued"}
    posts = [
        request.time
        for request in simulator.requests
        if request.method == "POST" and request.time >= started
    ]
    minutes = Counter(int((moment - started) // 60) for moment in posts)
    full = [minutes[minute] for minute in range(MINUTES - 1)]
    assert max(full) <= REQUESTS_PER_MINUTE
    return {"rate_budget_used": round(min(full) / REQUESTS_PER_MINUTE, 3)}


def make_transport_vals(clock):
    """:return: a method of the account: everything goes by one clock."""
    prepare = LengowAccount._prepare_transport_vals

    def prepare_with_clock(account):
        return {
            **prepare(account),
            "clock": clock.time,
            "sleep": clock.sleep,
            "rate_limiter": SharedRateLimiter(account, clock=clock.time),
        }

    return prepare_with_clock


measure = {"settle": measure_settle, "send": measure_send}[os.environ["BENCH_MODE"]]
merchant = prepare_merchant(env, os.environ["LENGOW_SIMULATOR_URL"])  # noqa: F821
print(json.dumps(measure(env, merchant)))  # noqa: F821
