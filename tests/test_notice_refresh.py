"""The cron reads all notices in its short time, and nobody waits for Lengow."""

from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import Command, fields
from odoo.tests import tagged

from ..lengow.client import LengowClient
from ..lengow.transport import Transport
from ..simulator import ACCESS_TOKEN, SECRET, Simulator, generate_world
from ..simulator.feeds import PLAIN_FEED
from .common_client import Wire, _session_send
from .common_committed import CommittedCase
from .common_fulfilment import NOTICES, ZFS, FulfilmentCommon
from .fake_clock import FakeClock

EAN = "4006381333931"


@tagged("post_install", "-at_install")
class TestNoticesInShortTime(FulfilmentCommon):
    def announce_elsewhere(self, count):
        """:return: addresses of the items of notices that were made elsewhere."""
        paths = []
        for _number in range(count):
            record = self.logistics.create(int(ZFS), {})
            items = [{"ean": self.first.barcode, "quantity": 4}]
            now = self.simulator.now()
            record.do("create_announced_item_set", {"items": items}, now)
            paths.append(f"{NOTICES}{record.notice_id}/announced_item_sets")
        return paths

    def run_cut_off(self):
        """Run the cron, whose time is up at once.

        :return: what was asked, and the counts that the scheduler got.
        """
        crons = type(self.env["ir.cron"])
        commit_progress = crons._commit_progress
        counts = []

        def out_of_time(cron, processed=0, *, remaining=None, **kwargs):
            commit_progress(cron, processed, remaining=remaining, **kwargs)
            counts.append((processed, remaining))
            return 0

        self.simulator.requests.clear()
        with patch.object(crons, "_commit_progress", out_of_time):
            self.call(self.env["lengow.channel"], "_cron_sync_notices")
        asked = [request.path for request in self.simulator.requests]
        return (
            [path for path in asked if path.startswith("/v3.0/logistics/")],
            [count for count in counts if count[0]],
        )

    def get_runs(self):
        return self.env["lengow.sync"].search([("kind", "=", "notices")])

    def test_a_run_that_was_cut_off_goes_on_where_it_was(self):
        paths = self.announce_elsewhere(3)
        asked, counts = self.run_cut_off()
        self.assertEqual((asked, counts), ([NOTICES], [(1, 1)]))
        for path, left in zip(paths, (3, 2, 1), strict=True):
            self.assertEqual(self.get_runs().state, "running")
            asked, counts = self.run_cut_off()
            self.assertEqual((asked[-1], counts[0]), (path, (1, left)))
            self.assertFalse({*paths} & {*asked[:-1]})
        self.assertEqual(counts[-1], (1, 0), "the channel is done")
        run = self.get_runs()
        self.assertEqual((len(run), run.state, run.fetched_count), (1, "done", 3))
        notices = self.env["lengow.shipping.notice"].search([])
        self.assertEqual(notices.mapped("announced_total"), [4, 4, 4])
        self.run_cron("sync_notices")
        self.assertEqual(len(self.get_runs()), 2)

    def test_channels_that_waited_longest_come_first(self):
        self.announce_elsewhere(2)
        other = self.get_channel("amazon_fr")
        other.feed_ref = str(PLAIN_FEED)
        for first, second in ((self.channel, other), (other, self.channel)):
            first.logistics_turns = {"notices": 1}
            second.logistics_turns = {"notices": 2}
            asked, _counts = self.run_cut_off()
            self.assertIn(f"/{first.feed_ref}/", asked[0])
            self.run_cron("sync_notices")
            self.assertEqual(self.get_runs()[0].state, "done")
        self.assertIn("not available", other.logistics_problem)
        notices = self.env["lengow.shipping.notice"].search([])
        self.assertEqual(notices.mapped("announced_total"), [4, 4])

    def test_a_notice_that_lengow_cannot_answer_lets_the_others_pass(self):
        paths = self.announce_elsewhere(3)
        self.simulator.faults.once("503", path=paths[0], times=1000)
        self.run_cron("sync_notices")
        self.assertEqual(self.get_runs()[0].state, "error")
        notices = self.env["lengow.shipping.notice"].search([], order="id")
        self.assertEqual(
            notices.mapped(lambda notice: bool(notice.unread_since)),
            [False, True, True],
        )
        notices[1:].unread_since = fields.Datetime.now() - timedelta(minutes=30)
        self.run_cron("sync_notices")
        self.assertEqual(notices.mapped("announced_total"), [0, 4, 4])
        self.simulator.faults.clear()
        self.run_cron("sync_notices")
        self.assertEqual(notices.mapped("announced_total"), [4, 4, 4])
        self.assertEqual(self.account.state, "connected")


@tagged("post_install", "-at_install")
class TestNoticesWithoutLocks(CommittedCase):
    cron = "sync_notices"
    marketplace = "zalando_zfs_de"

    def setUp(self):
        super().setUp()
        clock = FakeClock()
        simulator = Simulator(
            generate_world(orders=0), clock=clock.time, sleep=clock.sleep
        )
        record = simulator.logistics.create(int(ZFS), {})
        items = [{"ean": EAN, "quantity": 4}]
        record.do("create_announced_item_set", {"items": items}, simulator.now())
        session = requests.Session()
        session.send = lambda *args, **kwargs: _session_send(session, *args, **kwargs)
        self.wire = Wire(simulator, session)
        session.mount("https://", self.wire)
        self.client = LengowClient(
            Transport(
                access_token=ACCESS_TOKEN,
                secret=SECRET,
                session=session,
                clock=clock.time,
                sleep=clock.sleep,
            )
        )
        self.addCleanup(self.clean_up)
        with self.open_env() as env:
            specs = generate_world(orders=0).marketplaces
            marketplace = env["lengow.marketplace"]._store(
                {self.marketplace: specs[self.marketplace]}
            )
            account = env["lengow.account"].create(
                {"name": "Locks", "access_token": "key", "secret": "secret"}
            )
            account._open_channels(marketplace)
            account.channel_ids.feed_ref = ZFS
            notice = env["lengow.shipping.notice"].create(
                {
                    "channel_id": account.channel_ids.id,
                    "lengow_id": str(record.notice_id),
                    "line_ids": [Command.create({"ean": EAN})],
                }
            )
            self.account_id, self.notice_id = account.id, notice.id

    def clean_up(self):
        with self.open_env() as env:
            notice = self.get_notice(env)
            notice.write({"lengow_id": False, "pending_step": False})
            notice.unlink()
            env["lengow.account"].browse(self.account_id).unlink()

    def get_notice(self, env):
        return env["lengow.shipping.notice"].browse(self.notice_id)

    def read_again(self):
        with self.open_env() as env:
            return self.get_notice(env)._read_again(self.client)

    def get_announced(self):
        with self.open_env() as env:
            return self.get_notice(env).line_ids.lengow_announced

    def test_nothing_is_locked_while_lengow_is_asked(self):
        asked = []

        def lock(request):
            with self.open_env() as env:
                notice = self.get_notice(env)
                self.assertTrue(notice.try_lock_for_update())
                self.assertTrue(notice.line_ids.try_lock_for_update())
            asked.append(request)

        self.wire.answer = lock
        self.assertTrue(self.read_again())
        with self.open_env() as env:
            self.get_notice(env).unread_since = fields.Datetime.now()
        with self.open_env() as env:
            self.get_notice(env)._read_unread(self.client)
        self.assertGreaterEqual(len(asked), 3)
        self.assertEqual(self.get_announced(), 4)
        with self.open_env() as env:
            self.assertFalse(self.get_notice(env).unread_since)

    def test_what_was_begun_meanwhile_is_not_overwritten(self):
        def begin(request):
            with self.open_env() as env:
                self.get_notice(env).pending_step = "confirm_announcement"

        self.wire.answer = begin
        self.assertFalse(self.read_again())
        self.assertEqual(self.get_announced(), 0)
