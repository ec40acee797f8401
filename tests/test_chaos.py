"""Chaos: Lengow fails in every way, workers die, and every line is confirmed once."""

import random
import tempfile
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from odoo import SUPERUSER_ID, fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..lengow.action import LinePart, Parcel
from ..lengow.client import LengowClient
from ..lengow.rate_limiter import MemoryRateLimiter
from ..models.lengow_account_connect import LengowAccount
from ..models.lengow_action_job import ActionJob
from ..simulator import (
    ACCESS_TOKEN,
    ACCOUNT_ID,
    SECRET,
    Simulator,
    generate_world,
    respond,
)
from ..simulator.faults import KINDS
from ..simulator.server import make_simulator_server
from .common import LENGOW_HOST
from .common_committed import CommittedCase
from .common_ship import ShipCommon
from .fake_clock import FakeClock
from .processes import start_worker, wait_for

NAME = "Chaos"
BOL, MUG = "bol_nl", "MG-SPK"
DELIVERIES = 500
VALIDATED = 25  # deliveries as users validate them
# One order in four leaves in two parcels, equal ones among them.
SHAPES = ((3,), (1,), (1, 1), (2,))
PATIENCE = 300  # of the test for a thread or process, in seconds
LOCAL_HOST = "127.0.0.1"
ROUNDS = 40
LIVES = 50

# Sends what is due; Lengow never comes to answer.
SENDER = 'env["lengow.action"]._cron_send_actions()'


class Killed(BaseException):
    """A worker is no more: nothing catches it, and its transaction is lost."""


def break_lengow(simulator):
    """Let a third of all requests fail, and many tries of marketplaces."""
    for kind in KINDS:
        options = {"seconds": 300} if kind == "slow" else {}
        simulator.faults.set_rate(kind, 1 / 3 / len(KINDS), **options)
    for kind, rate in (
        ("refuse", 0.25),
        ("processed_with_errors", 0.05),
        ("drop", 0.03),
    ):
        simulator.actions.faults.set_rate(kind, rate)


@tagged("post_install", "-at_install", "lengow")
class TestChaos(CommittedCase):
    cron = "send_actions"
    marketplace = BOL
    patience = PATIENCE

    @classmethod
    def _request_handler(cls, session, request, /, **kw):
        if urlsplit(request.url).hostname in (LENGOW_HOST, LOCAL_HOST):
            return respond(cls.simulator, session, request, **kw)
        return super()._request_handler(session, request, **kw)

    def setUp(self):
        super().setUp()
        self.random = random.Random("chaos")
        self.clock = FakeClock()
        self.world = generate_world(orders=0)
        type(self).simulator = Simulator(
            self.world, clock=self.clock.time, sleep=self.clock.sleep
        )
        # A careless marketplace takes what comes twice, so that the ledger shows it.
        self.simulator.actions.settings.update(takes_doubles=True)
        self.addCleanup(self.clean_up)
        with self.open_env() as env:
            account = env["lengow.account"].create(
                {
                    "name": NAME,
                    "access_token": ACCESS_TOKEN,
                    "secret": SECRET,
                    "user_id": SUPERUSER_ID,
                }
            )
            account.write(
                {
                    "state": "connected",
                    "lengow_account_id": str(ACCOUNT_ID),
                    "marketplaces_synced_at": fields.Datetime.now(),
                }
            )
            specs = {BOL: self.world.marketplaces[BOL]}
            account._open_channels(env["lengow.marketplace"]._store(specs))
            self.account_id = account.id

    def clean_up(self):
        with self.open_env() as env:
            account = env["lengow.account"].browse(self.account_id)
            account.order_ids.unlink()
            account.unlink()

    # What is delivered

    def deliver(self, count):
        """Queue so many deliveries, each in pieces of one line of an order.

        :return: dict of order number to the list of delivered pieces.
        """
        shapes, planned = [], 0
        while planned < count:
            shape = SHAPES[len(shapes) % len(SHAPES)][: count - planned]
            shapes.append(shape)
            planned += len(shape)
        payloads = [
            self.world.add_order(BOL, lines=[(MUG, sum(shape))]) for shape in shapes
        ]
        with self.open_env() as env:
            account = env["lengow.account"].browse(self.account_id)
            account._store_orders(payloads)
            orders = {
                order.marketplace_order_id: order
                for order in env["lengow.order"].search(
                    [("account_id", "=", account.id)]
                )
            }
            wanted = {
                payload["marketplace_order_id"]: list(shape)
                for payload, shape in zip(payloads, shapes, strict=True)
            }
            jobs = [
                ActionJob(
                    orders[number],
                    "ship",
                    [LinePart(orders[number].line_ids.line_key, quantity)],
                    {"carrier": "DHL"},
                    [Parcel(f"T-{number}")],
                )
                for number, quantities in wanted.items()
                for quantity in quantities
            ]
            actions = env["lengow.action"]._queue(jobs)
            self.assertEqual(set(actions.mapped("state")), {"pending"})
            self.assertEqual(len(actions), count)
        return wanted

    # What goes wrong

    def kill_workers(self, rate):
        """Let workers die at their commits and while they post."""
        crons = self.registry["ir.cron"]
        commit_progress, post_action = crons._commit_progress, LengowClient.post_action

        def may_die():
            if self.random.random() < rate:
                self.deaths += 1
                raise Killed

        def commit_or_die(cron, *args, **kwargs):
            may_die()
            left = commit_progress(cron, *args, **kwargs)
            may_die()
            return left

        def post_or_die(client, body):
            may_die()
            lengow_id = post_action(client, body)
            may_die()
            return lengow_id

        self.deaths = 0
        self.patch(crons, "_commit_progress", commit_or_die)
        self.patch(LengowClient, "post_action", post_or_die)

    def share_the_clock(self):
        prepare = LengowAccount._prepare_transport_vals
        limiter = MemoryRateLimiter(clock=self.clock.time)  # for both workers

        def with_fake_clock(account):
            return {
                **prepare(account),
                "clock": self.clock.time,
                "sleep": self.clock.sleep,
                "rate_limiter": limiter,
            }

        self.patch(LengowAccount, "_prepare_transport_vals", with_fake_clock)

    def work(self, cron):
        """Let two workers run a cron; who dies is replaced by a new one."""

        def run():
            for _life in range(LIVES):
                try:
                    with self.open_env() as env:
                        getattr(env["lengow.action"], cron)()
                    return
                except (Killed, psycopg2.errors.SerializationFailure):
                    continue

        self.in_threads(run, run)

    def let_time_pass(self):
        """Let all pauses be over; nobody is at work meanwhile."""
        self.clock.sleep(120)
        with self.open_env() as env:
            env.cr.execute(
                SQL(
                    """UPDATE lengow_action
                          SET next_attempt = now() at time zone 'utc'
                                         - interval '2 seconds',
                              sent_at = CASE
                                WHEN state = 'queued' THEN sent_at - interval '2 hours'
                                ELSE sent_at END
                        WHERE account_id = %s AND state IN ('pending', 'queued')""",
                    self.account_id,
                )
            )

    def press_send_again(self):
        """Let a person send again whatever is in error.

        :return: how many actions are not done yet.
        """
        with self.open_env() as env:
            ours = [("account_id", "=", self.account_id)]
            actions = env["lengow.action"].search([*ours, ("state", "!=", "done")])
            actions.filtered(lambda action: action.state == "error").action_send_again()
            return len(actions)

    # The tests

    def test_every_line_is_confirmed_once_whatever_fails(self):
        self.share_the_clock()
        wanted = self.deliver(DELIVERIES)
        break_lengow(self.simulator)
        self.kill_workers(0.01)
        loggers = (
            "odoo.addons.sale_lengow.models.lengow_account_sync",
            "odoo.sql_db",
        )
        left = DELIVERIES
        with mute_logger(*loggers):
            for _round in range(ROUNDS):
                self.work("_cron_send_actions")
                self.simulator.actions.finish()
                self.let_time_pass()
                self.work("_cron_settle_actions")
                left = self.press_send_again()
                if not left:
                    break
                self.let_time_pass()
        self.assertFalse(left, "some are still not done")
        self.assertGreater(self.deaths, 20, "hardly any worker was killed")
        self.assert_confirmed_once(wanted)
        self.assert_one_each()

    def assert_confirmed_once(self, wanted):
        confirmed = {
            line["marketplace_order_id"]: sorted(
                entry["quantity"] for entry in line["confirmations"]
            )
            for line in self.simulator.actions.confirmations()
        }
        self.assertEqual(
            confirmed, {number: sorted(pieces) for number, pieces in wanted.items()}
        )

    def assert_one_each(self):
        """Each action of ours is another one at Lengow, and nothing is left to do."""
        with self.open_env() as env:
            actions = env["lengow.action"].search(
                [("account_id", "=", self.account_id)]
            )
            self.assertEqual(len(actions), DELIVERIES)
            self.assertEqual(len(set(actions.mapped("lengow_id"))), DELIVERIES)
            self.assertEqual(set(actions.mapped("state")), {"done"})
            self.assertFalse(any(actions.mapped("is_doubtful")))
            self.assertFalse(actions.lengow_order_id.activity_ids)

    def test_a_process_that_is_killed_while_it_waits_for_lengow(self):
        self.share_the_clock()
        wanted = self.deliver(2)
        posted, release = threading.Event(), threading.Event()
        self.addCleanup(release.set)

        def wait_for_the_end(_seconds):
            posted.set()
            release.wait(PATIENCE)

        self.simulator.sleep = wait_for_the_end
        self.simulator.faults.once("slow", method="POST", path="*/actions/")
        server = make_simulator_server(self.simulator)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        with self.open_env() as env:
            account = env["lengow.account"].browse(self.account_id)
            lengow_account_id = account.lengow_account_id
            account.base_url = f"http://{LOCAL_HOST}:{server.server_port}"
            account.write(
                {"state": "connected", "lengow_account_id": lengow_account_id}
            )
        with tempfile.TemporaryDirectory() as folder:
            worker = start_worker(self, Path(folder), SENDER)
            wait_for(
                self, lambda: posted.is_set() or worker.poll() is not None, "the worker"
            )
            self.assertIsNone(worker.poll(), "the worker ended by itself")
            worker.kill()
            worker.wait(PATIENCE)
        release.set()
        wait_for(self, lambda: self.simulator.actions.actions, "Lengow")
        with self.open_env() as env:
            actions = env["lengow.action"].search(
                [("account_id", "=", self.account_id)], order="id"
            )
            self.assertEqual(actions.mapped("state"), ["pending", "pending"])
            self.assertEqual(actions.mapped("is_doubtful"), [True, False])
            self.assertEqual(actions.mapped("attempts"), [1, 0])

        def is_done():
            self.let_time_pass()
            self.work("_cron_send_actions")
            self.simulator.actions.finish()
            self.work("_cron_settle_actions")
            return not self.press_send_again()

        wait_for(self, is_done, "the database to let go of the dead worker's action")
        self.assert_confirmed_once(wanted)


@tagged("post_install", "-at_install", "lengow")
class TestChaosOfDeliveries(ShipCommon):
    """The same with deliveries that users validate, of two lines each."""

    def test_every_delivery_is_told_once_whatever_fails(self):
        self.map_carrier("amazon_fr", "DPD")
        lines = list(zip(self.skus, (1, 2), strict=False))
        orders = self.import_stored(
            *(
                self.world.add_order("amazon_fr", lines=lines)
                for _number in range(VALIDATED)
            )
        )
        pickings = orders.sale_order_ids.picking_ids
        for picking in pickings:
            picking.write(
                {
                    "carrier_id": self.carrier.id,
                    "carrier_tracking_ref": f"T-{picking.lengow_order_id.id}",
                }
            )
        self.assertEqual(len(self.deliver(pickings, tracking=None)), VALIDATED)
        self.simulator.actions.settings.update(takes_doubles=True)
        break_lengow(self.simulator)
        actions = orders.action_ids
        self.assertEqual(set(actions.mapped("state")), {"pending"})
        for _round in range(ROUNDS):
            self.let_time_pass(actions)
            self.run_cron("send_actions")
            self.simulator.actions.finish()
            self.let_time_pass(actions)
            self.run_cron("settle_actions")
            actions.filtered(lambda action: action.state == "error").action_send_again()
            if set(actions.mapped("state")) == {"done"}:
                break
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(orders.action_ids, actions)
        for order in orders:
            lines = self.simulator.actions.confirmations(order.marketplace_order_id)
            self.assertEqual(
                [
                    [
                        (entry["quantity"], entry["numbers"])
                        for entry in line["confirmations"]
                    ]
                    for line in lines
                ],
                [[(1, [f"T-{order.id}"])], [(2, [f"T-{order.id}"])]],
            )

    def let_time_pass(self, actions):
        """Let all pauses be over."""
        self.clock.sleep(120)
        past = fields.Datetime.now() - timedelta(seconds=2)
        for action in actions:
            if action.state == "pending":
                action.next_attempt = past
            elif action.state == "queued":
                action.write(
                    {
                        "next_attempt": past,
                        "sent_at": action.sent_at - timedelta(hours=2),
                    }
                )
