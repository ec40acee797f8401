"""Orders come page by page, none is lost, and what goes wrong is said."""

from datetime import datetime, timedelta, timezone
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_cron

from ..lengow import const as client_const
from ..models.lengow_order_store import LengowOrder
from ..simulator import orders as simulator_orders
from ..simulator.const import OTHER_ACCESS_TOKEN, OTHER_SECRET
from .common import LengowCommon

ORDERS = "/v3.0/orders/"


@tagged("post_install", "-at_install", "lengow")
class TestFetchOrders(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()

    def fetch(self):
        """Run the cron that fetches."""
        self.run_cron("fetch_orders")

    def get_run(self):
        """:return: the last run of the fetch."""
        return self.env["lengow.sync"].search(
            [("account_id", "=", self.account.id), ("kind", "=", "fetch")], limit=1
        )

    def add_pages(self, pages, size=2):
        """Fill pages of a size with orders.

        :return: list of pages of order numbers.
        """
        self.patch(client_const, "PAGE_SIZE", size)
        numbers = []
        for number in range(pages * size):
            moment = self.simulator.now() - timedelta(
                minutes=5 * (pages * size - number)
            )
            order = self.world.add_order(imported_at=moment, updated_at=moment)
            numbers.append(order["marketplace_order_id"])
        return [numbers[start : start + size] for start in range(0, len(numbers), size)]

    def watch_commits(self, function):
        """Call a function after every commit of the cron.

        When it answers true, the time of the cron is up.
        """
        commit = ir_cron.IrCron._commit_progress

        def _commit_progress(cron, *args, **kwargs):
            commit(cron, *args, **kwargs)
            return 0 if function() else 60

        self.patch(ir_cron.IrCron, "_commit_progress", _commit_progress)

    def get_numbers(self):
        """:return: set of the numbers of the stored orders."""
        return set(self.env["lengow.order"].search([]).mapped("marketplace_order_id"))

    # What is asked for

    def test_part_of_a_day_is_asked_for_exactly(self):
        self.account.import_window_days = 0.25
        before = datetime.now(timezone.utc)
        self.fetch()
        (request,) = self.get_requests(ORDERS)
        self.assertRegex(request.args["updated_from"], r"\+00:00$")
        sent = datetime.fromisoformat(request.args["updated_from"])
        asked = (before - sent).total_seconds()
        self.assertAlmostEqual(asked, 6 * 3600, delta=5)

    def test_both_date_filters_are_sent_with_their_offset(self):
        self.fetch()
        (request,) = self.get_requests(ORDERS)
        oldest = datetime.fromisoformat(request.args["marketplace_order_date_from"])
        self.assertEqual(oldest.utcoffset(), timedelta(0))
        age = datetime.now(timezone.utc) - oldest
        self.assertAlmostEqual(age.total_seconds(), 90 * 86400, delta=5)
        self.assertIn("updated_from", request.args)
        self.assertEqual(request.args["account_id"], "1001")

    def test_cut_off_date_is_asked_for(self):
        self.account.import_from = fields.Date.today() - timedelta(days=3)
        self.fetch()
        (request,) = self.get_requests(ORDERS)
        self.assertEqual(
            request.args["marketplace_order_date_from"],
            f"{self.account.import_from}T00:00:00+00:00",
        )

    def test_old_order_that_changed_now_arrives_where_seven_days_are_stubborn(self):
        self.world.account(1001)["always_default_days"] = True
        old = self.world.add_order(
            marketplace_order_date=self.simulator.now() - timedelta(days=30)
        )
        self.fetch()
        self.assertEqual(self.find(old).state, "pending")

    def test_next_fetch_looks_back_over_the_overlap(self):
        self.account.overlap_minutes = 45
        self.fetch()
        until = self.account.fetched_until
        self.fetch()
        request = self.get_requests(ORDERS)[-1]
        sent = datetime.fromisoformat(request.args["updated_from"])
        self.assertEqual(
            sent.replace(tzinfo=None), until - timedelta(minutes=45), "the overlap"
        )

    def test_order_that_becomes_visible_late_still_arrives(self):
        first = self.world.add_order()
        self.fetch()
        late = self.simulator.now() - timedelta(minutes=90)
        second = self.world.add_order(
            marketplace_order_date=late, imported_at=late, updated_at=late
        )
        self.fetch()
        self.assertTrue(self.find(second))
        before = self.find(first).write_date
        self.fetch()
        self.assertEqual(len(self.env["lengow.order"].search([])), 2)
        self.assertEqual(self.find(first).write_date, before, "nothing was rewritten")
        run = self.get_run()
        self.assertEqual((run.created_count, run.updated_count), (0, 0))

    def test_dates_of_every_form_are_stored_in_utc(self):
        self.account.import_window_days = 30
        day = (self.simulator.now() - timedelta(days=2)).date()
        forms = {
            f"{day}T10:00:00.123456Z": 10,
            f"{day}T10:00:00Z": 10,
            f"{day}T10:00:00": 10,
            f"{day}T10:00:00.123456+02:00": 8,
            f"{day}T10:00:00-0500": 15,
        }
        payloads = []
        for form in forms:
            payloads.append(self.world.add_order(marketplace_order_date=form))
        self.fetch()
        hours = [self.find(payload).order_date.hour for payload in payloads]
        self.assertEqual(hours, list(forms.values()))

    # What goes wrong

    def test_pages_before_a_fault_are_rows(self):
        pages = self.add_pages(5)
        self.simulator.faults.once("500", path=ORDERS, skip=2, times=99)
        self.fetch()
        self.assertEqual(self.get_numbers(), {*pages[0], *pages[1]})
        self.assertFalse(self.account.fetched_until)
        self.assertEqual(self.account.state, "error")

    def test_page_is_committed_before_the_next_is_asked_for(self):
        self.add_pages(3)
        asked = set()
        self.watch_commits(lambda: asked.add(len(self.get_requests(ORDERS))))
        self.fetch()
        self.assertEqual(asked, {0, 1, 2, 3})

    def test_garbage_in_the_middle_costs_only_its_page(self):
        pages = self.add_pages(5)
        self.simulator.faults.once("not_json", path=ORDERS, skip=2, times=10)
        self.fetch()
        others = {number for page in pages for number in page} - {*pages[2]}
        self.assertEqual(self.get_numbers(), others)
        run = self.get_run()
        self.assertEqual((run.state, run.fetched_count), ("error", 8))
        for message in (run.error_message, self.account.last_error):
            self.assertIn("Page 3", message)
            self.assertIn("could not be read", message)
        self.assertFalse(self.account.fetched_until, "the cursor must not move")
        self.simulator.faults.clear()
        self.fetch()
        self.assertEqual(len(self.get_numbers()), 10)
        self.assertEqual(
            (self.account.state, self.account.last_error), ("connected", False)
        )
        self.assertEqual(self.account.fetched_until, self.get_run().started_at)

    def test_entries_that_are_no_orders_are_told_and_the_rest_is_stored(self):
        order, other = self.world.add_order(), self.world.add_order()
        show_order = simulator_orders.show_order
        self.patch(
            simulator_orders,
            "show_order",
            lambda simulator, shown, args: "Order"
            if shown is other
            else show_order(simulator, shown, args),
        )
        self.fetch()
        self.assertTrue(self.find(order))
        self.assertIn("1 entries that are no orders", self.account.last_error)
        self.assertFalse(self.account.fetched_until)

    def test_cursor_moves_when_the_last_page_is_stored(self):
        self.add_pages(3)
        self.fetch()
        run = self.get_run()
        self.assertEqual(self.account.fetched_until, run.started_at)
        self.assertEqual((run.state, run.created_count), ("done", 6))

    def test_cursor_stays_where_it_was_when_a_page_failed(self):
        self.fetch()
        until = self.account.fetched_until - timedelta(hours=1)
        self.account.fetched_until = until
        self.add_pages(2)
        self.simulator.faults.once("html_502", path=ORDERS, skip=1, times=99)
        self.fetch()
        self.assertEqual(self.account.fetched_until, until)
        self.simulator.faults.clear()
        self.fetch()
        self.assertGreater(self.account.fetched_until, until)
        self.assertEqual(len(self.get_numbers()), 4)

    def test_order_that_cannot_be_read_is_a_row_and_stops_no_other(self):
        bad, good = self.world.add_order(), self.world.add_order()
        read_payload = LengowOrder._read_payload

        def _read_payload(orders, account, channel, view, current=None):
            if view.marketplace_order_id == bad["marketplace_order_id"]:
                raise ValueError("nobody foresaw this")
            return read_payload(orders, account, channel, view, current)

        self.patch(LengowOrder, "_read_payload", _read_payload)
        with mute_logger("odoo.addons.sale_lengow.models.lengow_order_store"):
            self.fetch()
        self.assertEqual(self.find(good).state, "pending")
        self.assertTrue(self.account.fetched_until, "one bad order stops no fetch")
        order = self.find(bad)
        self.assertEqual((order.state, order.error_code), ("error", "unexpected"))
        self.assertEqual(
            order.payload["marketplace_order_id"], bad["marketplace_order_id"]
        )

    def test_wrong_keys_are_told_and_new_ones_heal(self):
        order = self.world.add_order()
        self.account.secret = "wrong"
        self.account.state = "connected"
        self.fetch()
        self.assertEqual(self.account.state, "error")
        self.assertIn("Enter the current keys", self.account.last_error)
        self.assertNotIn("wrong", self.account.last_error)
        self.assertFalse(self.account.fetched_until)
        self.account.secret = "demo-secret"
        self.assertEqual(self.account.state, "draft", "the new keys are not tried yet")
        self.connect()
        self.fetch()
        self.assertEqual(self.account.state, "connected")
        self.assertTrue(self.find(order))

    def test_revoked_token_is_renewed_by_itself(self):
        self.add_pages(2)
        self.simulator.faults.once("token_revoked", path=ORDERS, skip=1)
        self.fetch()
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(len(self.get_numbers()), 4)
        self.assertEqual(len(self.get_requests("/access/get_token")), 2)

    def test_revoked_keys_are_an_error_that_heals_after_new_keys(self):
        self.fetch()
        until = self.account.fetched_until
        self.simulator.revoke_tokens()
        self.world.accounts[0]["secret"] = "new"
        self.fetch()
        self.assertEqual(self.account.state, "error")
        self.assertIn("Lengow refuses the keys", self.account.last_error)
        self.assertEqual(self.account.fetched_until, until)
        self.account.secret = "new"
        self.connect()
        self.fetch()
        self.assertEqual(
            (self.account.state, self.account.last_error), ("connected", False)
        )

    def test_no_network_is_told_and_heals_by_itself(self):
        order = self.world.add_order()
        self.simulator.faults.set_rate("reset_before", 1)
        self.fetch()
        self.assertEqual(self.account.state, "error")
        self.assertIn("could not be reached", self.account.last_error)
        self.assertEqual(self.get_run().state, "error")
        self.simulator.faults.clear()
        self.fetch()
        self.assertEqual(self.account.state, "connected")
        self.assertTrue(self.find(order))

    def test_failure_of_one_account_does_not_stop_another(self):
        self.account.secret = "wrong"
        self.account.state = "connected"
        other = self.account.create(
            {
                "name": "Z other",
                "access_token": OTHER_ACCESS_TOKEN,
                "secret": OTHER_SECRET,
                "state": "connected",
            }
        )
        theirs = self.world.add_order(account_id=1002)
        self.fetch()
        self.assertEqual((self.account.state, other.state), ("error", "connected"))
        self.assertEqual(self.find(theirs).account_id, other)
        self.assertTrue(other.fetched_until)

    # Marketplaces

    def test_unknown_marketplace_is_told_and_imports_when_lengow_lists_it(self):
        spec = self.world.marketplaces["amazon_fr"]
        self.world.marketplaces["amazon_mars"] = spec
        self.create_product("TS-WHT-S")
        order = self.world.add_order(lines=[("TS-WHT-S", 1)], marketplace="amazon_fr")
        order["marketplace"] = "amazon_mars"
        self.run_cron("fetch_orders", "import_orders")
        row = self.find(order)
        self.assertEqual((row.state, row.error_code), ("error", "unknown_marketplace"))
        self.assertIn("amazon_mars", row.error_message)
        self.assertTrue(row.remedy)
        # Within the hour nobody asks again.
        self.run_cron("fetch_orders")
        self.assertFalse(self.get_requests("/v3.0/marketplaces/"))
        self.world.account(1001)["marketplaces"].append("amazon_mars")
        self.account.marketplaces_synced_at -= timedelta(minutes=61)
        self.run_cron("fetch_orders", "fetch_orders")
        self.assertEqual(len(self.get_requests("/v3.0/marketplaces/")), 1)
        self.assertEqual(row.state, "pending")
        self.run_cron("import_orders")
        self.assertEqual((row.state, row.error_code), ("imported", False))

    def test_marketplaces_that_cannot_be_read_do_not_stop_orders(self):
        self.account.marketplaces_synced_at = False
        order = self.world.add_order()
        self.simulator.faults.once("500", path="/v3.0/marketplaces/", times=99)
        self.fetch()
        self.assertTrue(self.find(order))
        self.assertEqual(self.account.state, "error", "a fetch does not hide it")
        self.simulator.faults.clear()
        self.fetch()
        self.assertEqual(
            (self.account.state, self.account.last_error), ("connected", False)
        )

    def test_run_that_succeeds_does_not_hide_the_problem_of_another(self):
        self.create_product("TS-WHT-S")
        self.import_stored(self.world.add_order(lines=[("TS-WHT-S", 1)]))
        self.simulator.faults.once("500", path=ORDERS, times=99)
        self.fetch()
        problem = self.account.last_error
        self.assertTrue(problem)
        self.run_cron("mark_orders")
        self.assertEqual(len(self.get_requests(f"{ORDERS}moi/")), 1)
        self.assertEqual(
            (self.account.state, self.account.last_error), ("error", problem)
        )

    # Time and overlapping

    def test_fetch_that_runs_out_of_time_goes_on_from_its_page(self):
        pages = self.add_pages(4)
        with (
            patch.object(ir_cron, "MIN_TIME_PER_JOB", 0),
            patch.object(ir_cron, "MIN_RUNS_PER_JOB", 1),
        ):
            for number, page in enumerate(pages, start=1):
                self.assertFalse(self.account.fetched_until)
                self.fetch()
                self.assertTrue({*page} <= self.get_numbers(), f"page {number}")
                self.assertEqual(len(self.get_numbers()), 2 * number)
            self.fetch()
        run = self.get_run()
        self.assertEqual((run.state, run.fetched_count), ("done", 8))
        self.assertEqual(self.account.fetched_until, run.started_at)
        asked = [request.args.get("page", "1") for request in self.get_requests(ORDERS)]
        self.assertEqual(asked[:4], ["1", "2", "3", "4"])

    def test_problem_of_a_page_is_remembered_when_the_time_runs_out(self):
        self.add_pages(4)
        self.simulator.faults.once("not_json", path=ORDERS, skip=1, times=10)

        # Page 1, the damaged page 2 and page 3 are through.
        self.watch_commits(lambda: len(self.get_numbers()) == 4)
        with (
            patch.object(ir_cron, "MIN_TIME_PER_JOB", 0),
            patch.object(ir_cron, "MIN_RUNS_PER_JOB", 1),
        ):
            self.fetch()
        self.assertEqual(
            (self.get_run().state, len(self.get_numbers())), ("running", 4)
        )
        self.simulator.faults.clear()
        self.fetch()
        self.assertEqual((self.get_run().state, len(self.get_numbers())), ("error", 6))
        self.assertIn("Page 2", self.account.last_error)
        self.assertFalse(self.account.fetched_until)
        self.fetch()
        self.assertEqual((self.get_run().state, len(self.get_numbers())), ("done", 8))

    def test_page_that_another_worker_just_stored_is_stored_once(self):
        order = self.world.add_order()
        store_page = LengowOrder._store_page
        calls = []

        def _store_page(orders, account, payloads):
            calls.append(len(payloads))
            if len(calls) == 1:
                raise psycopg2.errors.UniqueViolation
            return store_page(orders, account, payloads)

        self.patch(LengowOrder, "_store_page", _store_page)
        self.fetch()
        self.assertEqual(calls, [1, 1])
        self.assertEqual(len(self.find(order)), 1)
        self.assertEqual(self.account.state, "connected")

    def test_the_database_keeps_an_order_single(self):
        order = self.store(self.world.add_order())
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            order.copy({"marketplace_order_id": order.marketplace_order_id})

    def test_orders_that_were_not_asked_for_are_counted_and_stored(self):
        """pitfall 16: a date that Lengow does not take is the last seven days."""
        now = self.simulator.now()
        self.account.fetched_until = fields.Datetime.now() - timedelta(hours=1)
        payloads = [
            self.world.add_order(updated_at=now - timedelta(days=days))
            for days in (0, 2, 3)
        ]
        self.fetch()
        self.assertEqual(self.get_run().fetched_count, 1)
        self.assertEqual(
            (self.get_run().outside_count, self.get_run().note), (0, False)
        )
        tests = simulator_orders._prepare_date_tests
        self.patch(
            simulator_orders,
            "_prepare_date_tests",
            lambda args, account, now: tests({}, account, now),
        )
        self.fetch()
        run = self.get_run()
        self.assertEqual((run.fetched_count, run.outside_count), (3, 2))
        self.assertIn("2 orders", run.note)
        self.assertEqual(run.state, "done")
        for payload in payloads:
            self.assertTrue(self.find(payload))
            self.assertNotIn(payload["marketplace_order_id"], run.note)
