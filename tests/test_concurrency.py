"""Several workers share the work: with real transactions on connections of their own."""

import tempfile
import threading
import time
from pathlib import Path

from odoo import fields
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import tagged

from ..const import IMPORT_BATCH_SIZE
from ..lengow.token_store import Token
from ..models.lengow_api_quota import SharedRateLimiter
from ..models.lengow_api_token import SharedTokenStore
from ..simulator import generate_world
from .common_committed import CommittedCase
from .processes import PATIENCE, start_worker, wait_for

SKU = "LENGOW-CONCURRENCY"
NAME = "Concurrency"
# Imports in batches of two; is stopped for ever in the second one, before its commit.
SLOW_WORKER = """
import time
from pathlib import Path
from odoo.addons.sale_lengow.models import lengow_order_import as module

module.IMPORT_BATCH_SIZE = 2
batches = []
import_guarded = module.LengowOrder._import_guarded

def _import_guarded(orders):
    import_guarded(orders)
    orders.env.flush_all()
    batches.append(orders)
    if len(batches) == 2:
        Path({marker!r}).touch()
        time.sleep(600)

module.LengowOrder._import_guarded = _import_guarded
env["lengow.order"]._cron_import_orders()
"""


@tagged("post_install", "-at_install", "lengow")
class TestConcurrency(CommittedCase):
    cron = "import_orders"
    marketplace = "amazon_fr"

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean_up)
        with self.open_env() as env:
            code = self.marketplace
            specs = {code: generate_world(orders=0).marketplaces[code]}
            marketplace = env["lengow.marketplace"]._store(specs)
            account = env["lengow.account"].create(
                {"name": NAME, "access_token": "key", "secret": "secret"}
            )
            account._open_channels(marketplace)
            # Quotations can be deleted afterwards.
            account.channel_ids.auto_confirm = False
            env["product.product"].create(
                {"name": "Shared", "default_code": SKU, "taxes_id": False}
            )
            self.account_id = account.id

    def clean_up(self):
        with self.open_env() as env:
            env["sale.order"].search(
                [("lengow_order_id.account_id", "=", self.account_id)]
            ).unlink()
            account = env["lengow.account"].browse(self.account_id)
            account.order_ids.unlink()
            account.unlink()
            for partner_type in ("delivery", "invoice", "contact"):
                env["res.partner"].search(
                    [
                        ("type", "=", partner_type),
                        "|",
                        ("lengow_buyer_ids.customer_number", "=like", "T%"),
                        (
                            "parent_id.lengow_buyer_ids.customer_number",
                            "=like",
                            "T%",
                        ),
                    ]
                ).unlink()
            env["product.product"].search([("default_code", "=", SKU)]).unlink()

    def get_payloads(self, count):
        """:return: so many orders of one piece of the product, in the company's currency."""
        world = generate_world(orders=0)
        with self.open_env() as env:
            currency = {"iso_a3": env.company.currency_id.name}
        payloads = []
        for number in range(count):
            payload = world.add_order(
                shipping=0, original_currency=currency, currency=currency
            )
            payload["marketplace_order_id"] = f"T{number}"
            payload["marketplace_customer_id"] = f"T{number}"
            for line in payload["packages"][0]["cart"]:
                line["merchant_product_id"]["id"] = SKU
            payloads.append(payload)
        return payloads

    def store(self, payloads):
        with self.open_env() as env:
            account = env["lengow.account"].browse(self.account_id)
            return account._store_orders(payloads)

    def import_orders(self):
        with self.open_env() as env:
            env["lengow.order"]._cron_import_orders()

    def assert_imported_once(self, count):
        with self.open_env() as env:
            orders = env["lengow.order"].search([("account_id", "=", self.account_id)])
            self.assertEqual(len(orders), count)
            self.assertEqual(
                set(orders.mapped("state")),
                {"imported"},
                orders.mapped("error_message"),
            )
            for order in orders:
                self.assertEqual(len(order.sale_order_ids), 1)
                self.assertEqual(len(order.sale_order_ids.order_line), 1)
            customers = orders.sale_order_ids.partner_id
            self.assertEqual(len(customers), count)

    # Orders

    def test_two_workers_never_claim_the_same_order(self):
        self.store(self.get_payloads(IMPORT_BATCH_SIZE + 5))
        with self.open_env() as first, self.open_env() as second:
            domain = [
                ("account_id", "=", self.account_id),
                *first["lengow.order"]._get_import_domain(),
            ]
            claimed = first["lengow.order"]._claim(domain)
            others = second["lengow.order"]._claim(domain)
            self.assertEqual(len(claimed), IMPORT_BATCH_SIZE)
            self.assertEqual(len(others), 5)
            self.assertFalse({*claimed.ids} & {*others.ids})

    def test_order_that_another_worker_just_finished_is_not_claimed(self):
        self.store(self.get_payloads(1))
        with self.open_env() as late:
            late.cr.execute("SELECT 1")  # its view of the world begins here
            self.import_orders()
            domain = late["lengow.order"]._get_import_domain()
            self.assertFalse(late["lengow.order"]._claim(domain))
        self.assert_imported_once(1)

    def test_two_workers_import_every_order_once(self):
        self.store(self.get_payloads(12))
        self.in_threads(self.import_orders, self.import_orders, self.import_orders)
        self.import_orders()
        self.assert_imported_once(12)

    def test_two_workers_that_start_at_once_have_a_run_each(self):
        with self.open_env() as env:
            account = env["lengow.account"].browse(self.account_id)
            ended = env["lengow.sync"]._start(account, "import")
            ended._end()
        with (
            self.open_env() as first,
            self.open_env() as second,
            self.open_env() as late,
        ):
            accounts = [
                env["lengow.account"].browse(self.account_id)
                for env in (first, second, late)
            ]
            late.cr.execute("SELECT 1")  # its view of the world begins here
            runs = [
                account.env["lengow.sync"]._start(account, "import")
                for account in accounts[:2]
            ]
            first.cr.commit()
            runs.append(late["lengow.sync"]._start(accounts[2], "import"))
            self.assertEqual(runs[0].id, ended.id)
            self.assertEqual(len({run.id for run in runs}), 3)

    def test_two_fetches_of_the_same_page_store_it_once(self):
        payloads = self.get_payloads(5)
        self.in_threads(
            lambda: self.store(payloads),
            lambda: self.store(payloads),
            lambda: self.store(payloads[::-1]),
        )
        with self.open_env() as env:
            orders = env["lengow.order"].search([("account_id", "=", self.account_id)])
            self.assertEqual(
                sorted(orders.mapped("marketplace_order_id")),
                [f"T{number}" for number in range(5)],
            )
            self.assertEqual(len(orders.line_ids), 5)

    def test_worker_that_is_killed_in_the_middle_loses_and_doubles_nothing(self):
        self.store(self.get_payloads(6))
        with tempfile.TemporaryDirectory() as folder:
            marker = Path(folder, "in-the-middle")
            worker = start_worker(self, folder, SLOW_WORKER.format(marker=str(marker)))
            wait_for(
                self, lambda: marker.exists() or worker.poll() is not None, "the worker"
            )
            self.assertIsNone(worker.poll(), "the worker ended by itself")
            with self.open_env() as env:
                orders = env["lengow.order"].search(
                    [("account_id", "=", self.account_id)], order="id"
                )
                self.assertEqual(
                    orders.mapped("state"), 2 * ["imported"] + 4 * ["pending"]
                )
            worker.kill()
            worker.wait(PATIENCE)

        with self.open_env() as env:
            begun = env["lengow.order"].search(
                [
                    ("account_id", "=", self.account_id),
                    ("is_being_imported", "=", True),
                ]
            )
            self.assertEqual(begun.mapped("attempts"), [1, 1], "counted beforehand")
            begun_ids = begun.ids

        def is_done():
            with self.open_env() as env:
                # The pause of those that the dead worker had is over.
                begun = env["lengow.order"].browse(begun_ids).try_lock_for_update()
                begun.next_attempt = fields.Datetime.now()
            self.import_orders()
            with self.open_env() as env:
                return not env["lengow.order"].search_count(
                    [("account_id", "=", self.account_id), ("state", "=", "pending")]
                )

        wait_for(self, is_done, "the database to let go of the dead worker's orders")
        self.assert_imported_once(6)

    # Credit notes

    def import_refunded(self):
        """Import and invoice an order of which the marketplace has refunded 5.00.

        :return: id of the order.
        """
        (payload,) = self.get_payloads(1)
        for line in payload["packages"][0]["cart"]:
            line.update(refunded_amount="5.00", original_refunded_amount="5.00")
        with self.open_env() as env:
            product = env["product.product"].search([("default_code", "=", SKU)])
            product.write({"type": "service", "invoice_policy": "order"})
        self.store([payload])
        self.import_orders()
        with self.open_env() as env:
            order = env["lengow.order"].search([("account_id", "=", self.account_id)])
            order.sale_order_ids.action_confirm()
            order.sale_order_ids._create_invoices().action_post()
            self.assertEqual(order.refund_to_credit, 5)
            order_id = order.id
        self.addCleanup(self.delete_invoices, order_id)
        return order_id

    def delete_invoices(self, order_id):
        with self.open_env() as env:
            sales = env["lengow.order"].browse(order_id).sale_order_ids
            moves = sales.invoice_ids
            notes = moves.reversal_move_ids
            moves.filtered(lambda move: move.state == "posted").button_draft()
            (notes | moves).with_context(force_delete=True).unlink()
            sales.locked = False
            sales._action_cancel()

    def count_credit_notes(self, order_id):
        with self.open_env() as env:
            return len(env["lengow.order"].browse(order_id)._get_credit_notes())

    def test_second_click_while_the_first_is_under_way_makes_no_credit_note(self):
        order_id = self.import_refunded()
        with self.open_env() as first:
            first["lengow.order"].browse(order_id).action_create_credit_note()
            first.flush_all()
            with self.open_env() as second, self.assertRaises(UserError):
                second.cr.execute("SET LOCAL lock_timeout = '5s'")
                second["lengow.order"].browse(order_id).action_create_credit_note()
        self.assertEqual(self.count_credit_notes(order_id), 1)

    def test_second_click_that_began_before_the_first_was_done_makes_no_credit_note(
        self,
    ):
        order_id = self.import_refunded()
        with self.open_env() as late:
            late.cr.execute("SELECT 1")  # its view of the world begins here
            with self.open_env() as first:
                first["lengow.order"].browse(order_id).action_create_credit_note()
            with self.assertRaises((UserError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)):
                late["lengow.order"].browse(order_id).action_create_credit_note()
                late.flush_all()
            late.cr.rollback()
        self.assertEqual(self.count_credit_notes(order_id), 1)

    # What all workers of an account share

    def test_one_worker_at_a_time_works_on_a_shared_row(self):
        inside, most = [], []

        def work():
            for _round in range(4):
                with self.open_env() as env:
                    account = env["lengow.account"].browse(self.account_id)
                    quotas = env["lengow.api.quota"]
                    with quotas._exclusive(account) as cr:
                        inside.append(True)
                        most.append(len(inside))
                        (count,) = quotas._read_row(cr, account, "request_times")
                        time.sleep(0.01)
                        quotas._write_row(
                            cr, account, request_times=str((count or 0) + 1)
                        )
                        inside.pop()

        self.in_threads(work, work, work)
        self.assertEqual(max(most), 1)
        with self.open_env() as env:
            quota = env["lengow.api.quota"].search(
                [("account_id", "=", self.account_id)]
            )
            self.assertEqual(
                quota.request_times, 12, "each saw what the one before did"
            )

    def test_error_within_the_exclusive_part_frees_it(self):
        with self.open_env() as env:
            account = env["lengow.account"].browse(self.account_id)
            with (
                self.assertRaises(ZeroDivisionError),
                env["lengow.api.quota"]._exclusive(account),
            ):
                raise ZeroDivisionError
        self.in_threads(self.reserve)

    def reserve(self):
        with self.open_env() as env:
            account = env["lengow.account"].browse(self.account_id)
            return SharedRateLimiter(account).reserve()

    def test_workers_together_never_pass_the_limit(self):
        with self.open_env() as env:
            env["lengow.account"].browse(self.account_id).requests_per_minute = 5
        waits = []

        def work():
            with self.open_env() as env:
                account = env["lengow.account"].browse(self.account_id)
                limiter = SharedRateLimiter(account, clock=lambda: 1_000.0)
                waits.extend([limiter.reserve() for _request in range(6)])

        self.in_threads(work, work, work)
        self.assertEqual(
            sorted(map(round, waits)), 5 * [0] + 5 * [60] + 5 * [120] + 3 * [180]
        )

    def test_stale_token_is_renewed_once_for_all_workers(self):
        stale = Token("stale", 1.0, "1")
        with self.open_env() as env:
            account = env["lengow.account"].browse(self.account_id)
            SharedTokenStore(account).renew(None, lambda: stale)
        requested, tokens = [], []

        def request_token():
            requested.append(True)
            time.sleep(0.2)
            return Token(f"fresh-{len(requested)}", 2.0, "1")

        def work():
            with self.open_env() as env:
                store = SharedTokenStore(env["lengow.account"].browse(self.account_id))
                self.assertEqual(store.load(), stale)
                barrier.wait()
                tokens.append(store.renew(stale, request_token).value)

        barrier = threading.Barrier(3, timeout=PATIENCE)
        self.in_threads(work, work, work)
        self.assertEqual(len(requested), 1)
        self.assertEqual(tokens, 3 * ["fresh-1"])
