"""Lengow learns the names of the sale orders, once, and in the end."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..const import RETRY_PAUSES_MINUTES
from .common import LengowCommon

MOI = "/v3.0/orders/moi/"
SHIRT = "TS-WHT-S"


@tagged("post_install", "-at_install", "lengow")
class TestMarkOrders(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.create_product(SHIRT)

    def add_imported(self, count=1):
        """:return: so many imported orders that Lengow does not know the names of."""
        payloads = [
            self.world.add_order(lines=[(SHIRT, 1)], shipping=0) for _ in range(count)
        ]
        return self.import_stored(*payloads)

    def let_pause_pass(self, orders):
        orders.merchant_id_next_attempt = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron("mark_orders")

    def test_names_are_sent_once_by_patch(self):
        order = self.add_imported()
        self.assertEqual(order.merchant_id_state, "pending")
        self.run_cron("mark_orders", "mark_orders")
        (request,) = self.get_requests(MOI)
        self.assertEqual((request.method, request.status), ("PATCH", 200))
        self.assertEqual(
            request.json,
            {
                "account_id": 1001,
                "marketplace": "amazon_fr",
                "marketplace_order_id": order.marketplace_order_id,
                "merchant_order_id": [order.sale_order_ids.name],
            },
        )
        self.assertEqual(order.merchant_id_state, "done")

    def test_names_of_all_packages_are_sent_together(self):
        payload = self.world.add_order(lines=[(SHIRT, 1), (SHIRT, 2)], shipping=0)
        (package,) = payload["packages"]
        first, second = package["cart"]
        package["cart"] = [first]
        payload["packages"].append({**package, "cart": [second]})
        order = self.import_stored(payload)
        self.run_cron("mark_orders")
        (request,) = self.get_requests(MOI)
        names = order.sale_order_ids.sorted("id").mapped("name")
        self.assertEqual(len(names), 2)
        self.assertEqual(request.json["merchant_order_id"], names)
        self.assertEqual(payload["merchant_order_id"], names)

    def test_order_by_its_old_marketplace_code_is_named_as_lengow_names_it(self):
        marketplace = self.get_channel().marketplace_id
        marketplace.legacy_code = "amazon"
        payload = self.world.add_order(lines=[(SHIRT, 1)])
        payload["marketplace"] = "amazon"
        self.import_stored(payload)
        self.run_cron("mark_orders")
        (request,) = self.get_requests(MOI)
        self.assertEqual(request.json["marketplace"], "amazon")

    def test_fetched_answer_of_our_own_mark_changes_nothing(self):
        order = self.add_imported()
        self.run_cron("mark_orders", "fetch_orders", "import_orders", "mark_orders")
        self.assertEqual(len(self.get_requests(MOI)), 1)
        self.assertEqual((order.state, order.sale_order_count), ("imported", 1))

    def test_order_that_lengow_does_not_find_is_tried_again_with_pauses(self):
        order, other = self.add_imported(2)
        gone = self.world.order(order.marketplace_order_id)
        self.world._index.pop(order.marketplace_order_id)
        pauses = []
        self.run_cron("mark_orders")
        self.assertEqual(other.merchant_id_state, "done", "the others are not kept")
        while order.merchant_id_state == "pending":
            pause = order.merchant_id_next_attempt - fields.Datetime.now()
            pauses.append(round(pause.total_seconds() / 60))
            self.assertIn("404", order.merchant_id_error)
            sent = len(self.get_requests(MOI))
            self.run_cron("mark_orders")
            self.assertEqual(len(self.get_requests(MOI)), sent, "the pause is kept")
            self.let_pause_pass(order)
            self.assertLess(len(pauses), 20)
        self.assertEqual(tuple(pauses), RETRY_PAUSES_MINUTES)
        self.assertEqual(order.merchant_id_state, "error")
        self.assertTrue(order.merchant_id_error)
        self.assertEqual(self.account.state, "connected")
        self.assertTrue(gone)

    def test_order_that_lengow_finds_later_is_marked(self):
        order = self.add_imported()
        self.simulator.faults.once("404", path=MOI)
        self.run_cron("mark_orders")
        self.assertEqual(order.merchant_id_state, "pending")
        self.let_pause_pass(order)
        self.assertEqual(
            (order.merchant_id_state, order.merchant_id_error), ("done", False)
        )

    def test_server_error_heals_within_the_request(self):
        order = self.add_imported()
        self.simulator.faults.once("503", path=MOI, times=2)
        self.run_cron("mark_orders")
        self.assertEqual(order.merchant_id_state, "done")

    def test_server_that_is_down_is_told_and_heals(self):
        orders = self.add_imported(2)
        self.simulator.faults.set_rate("500", 1)
        self.run_cron("mark_orders")
        self.assertEqual(set(orders.mapped("merchant_id_state")), {"pending"})
        self.assertEqual(self.account.state, "error")
        self.assertIn("500", self.account.last_error)
        self.assertFalse(any(orders.mapped("merchant_id_attempts")))
        self.simulator.faults.clear()
        self.let_pause_pass(orders)
        self.assertEqual(set(orders.mapped("merchant_id_state")), {"done"})
        self.assertEqual(self.account.state, "connected")

    def test_order_that_always_breaks_lengow_does_not_keep_the_others(self):
        orders = self.add_imported(3)
        # Whatever is sent first breaks it, until its time is up.
        self.simulator.faults.once("500", path=MOI, times=10)
        self.run_cron("mark_orders")
        self.run_cron("mark_orders")
        self.assertEqual(
            orders.mapped("merchant_id_state"), ["pending", "done", "done"]
        )

    def test_refused_keys_stop_the_run_and_are_told(self):
        orders = self.add_imported(3)
        self.world.accounts[0]["secret"] = "new"
        self.run_cron("mark_orders")
        self.assertEqual(set(orders.mapped("merchant_id_state")), {"pending"})
        self.assertFalse(self.get_requests(MOI))
        self.assertEqual(len(self.get_requests("/access/get_token")), 1)
        self.assertEqual(self.account.state, "error")
        self.assertIn("refuses the keys", self.account.last_error)
        run = self.env["lengow.sync"].search([("kind", "=", "mark")], limit=1)
        self.assertEqual(run.state, "error")

    def assert_all_wait(self, orders):
        """Check that all orders wait for the shortest pause, and no attempt counts."""
        soon = fields.Datetime.now() + timedelta(minutes=RETRY_PAUSES_MINUTES[0] - 1)
        for order in orders:
            self.assertEqual(order.merchant_id_state, "pending")
            self.assertEqual((order.merchant_id_attempts, order.error_code), (0, False))
            self.assertGreater(order.merchant_id_next_attempt, soon)
        self.simulator.requests.clear()
        self.run_cron("mark_orders")
        self.assertFalse(self.simulator.requests, "Lengow is left in peace")

    def test_refused_keys_postpone_every_order_without_counting_an_attempt(self):
        orders = self.add_imported(3)
        self.world.accounts[0]["secret"] = "new"
        self.run_cron("mark_orders")
        self.assert_all_wait(orders)
        for _pause in range(len(RETRY_PAUSES_MINUTES) + 1):
            self.let_pause_pass(orders)
        self.assert_all_wait(orders)
        self.world.accounts[0]["secret"] = self.account.secret
        self.let_pause_pass(orders)
        self.assertEqual(set(orders.mapped("merchant_id_state")), {"done"})
        self.assertEqual(self.account.state, "connected")

    def test_network_that_is_down_postpones_every_order_without_counting(self):
        orders = self.add_imported(3)
        self.simulator.faults.set_rate("reset_before", 1)
        self.run_cron("mark_orders")
        self.assert_all_wait(orders)

    def test_limit_that_is_reached_postpones_every_order_without_counting(self):
        orders = self.add_imported(3)
        self.simulator.faults.once("429", path=MOI, times=1000)
        self.run_cron("mark_orders")
        self.assert_all_wait(orders)

    def test_order_that_lengow_refuses_does_not_keep_those_after_it(self):
        orders = self.add_imported(3)
        self.simulator.faults.once("400", path=MOI)
        self.run_cron("mark_orders")
        self.assertEqual(
            orders.mapped("merchant_id_state"), ["pending", "done", "done"]
        )
        self.assertEqual(orders.mapped("merchant_id_attempts"), [1, 0, 0])
        self.assertEqual(self.account.state, "connected")

    def test_order_that_is_forbidden_does_not_keep_those_after_it(self):
        orders = self.add_imported(3)
        self.simulator.faults.once("403", path=MOI, times=2)
        self.run_cron("mark_orders")
        self.assertEqual(
            orders.mapped("merchant_id_state"), ["pending", "done", "done"]
        )
        self.assertEqual(orders.mapped("merchant_id_attempts"), [1, 0, 0])

    def test_order_whose_connection_breaks_comes_after_the_others(self):
        orders = self.add_imported(3)
        self.simulator.faults.once("reset_before", path=MOI, times=1000)
        self.run_cron("mark_orders")
        first, *others = orders.mapped("merchant_id_next_attempt")
        self.assertGreater(first, max(others))

    def test_account_that_is_not_connected_is_not_spoken_for(self):
        order = self.add_imported()
        self.account.state = "draft"
        self.run_cron("mark_orders")
        self.assertFalse(self.simulator.requests)
        self.assertEqual(self.account.state, "draft")
        self.account.state = "connected"
        self.run_cron("mark_orders")
        self.assertEqual(order.merchant_id_state, "done")

    def test_names_sent_again_after_a_crash_are_harmless(self):
        order = self.add_imported()
        # What Lengow knows is there, and our own note of it was never committed.
        self.run_cron("mark_orders")
        order.write({"merchant_id_state": "pending"})
        before = list(self.world.order(order.marketplace_order_id)["merchant_order_id"])
        self.let_pause_pass(order)
        self.assertEqual(
            self.world.order(order.marketplace_order_id)["merchant_order_id"], before
        )
        self.assertEqual(order.merchant_id_state, "done")

    def test_answer_that_is_lost_on_the_way_is_sent_again(self):
        order = self.add_imported()
        self.simulator.faults.once("reset_after", path=MOI)
        self.run_cron("mark_orders")
        self.assertEqual(len(self.get_requests(MOI)), 2)
        self.assertEqual(order.merchant_id_state, "done")

    # Until Lengow shows them

    def hide_names(self, times=1000):
        """Let Lengow take the names, and show them nowhere."""
        change = type(self.world).change

        def change_but_names(world, order, **changes):
            if "merchant_order_id" in changes and self.hidden:
                self.hidden -= 1
                return order
            return change(world, order, **changes)

        self.hidden = times
        self.patch(type(self.world), "change", change_but_names)

    def test_names_that_lengow_does_not_show_are_sent_again(self):
        order = self.add_imported()
        self.hide_names(times=2)
        self.run_cron("mark_orders")
        self.assertEqual(order.merchant_id_state, "sent")
        self.run_cron("mark_orders")
        self.assertEqual(len(self.get_requests(MOI)), 1, "the pause is kept")
        self.let_pause_pass(order)
        self.assertEqual(order.merchant_id_state, "sent")
        self.let_pause_pass(order)
        self.assertEqual(order.merchant_id_state, "done")
        self.assertEqual(len(self.get_requests(MOI)), 3)

    def test_names_that_lengow_shows_later_are_not_sent_again(self):
        order = self.add_imported()
        self.hide_names(times=1)
        self.run_cron("mark_orders")
        shown = self.world.order(order.marketplace_order_id)
        for form in (
            order.sale_order_ids.mapped("name"),
            order.sale_order_ids.name,
            f"S99999, {order.sale_order_ids.name}",
        ):
            with self.subTest(form=form):
                order.merchant_id_state = "sent"
                shown["merchant_order_id"] = form
                self.let_pause_pass(order)
                self.assertEqual(order.merchant_id_state, "done")
        self.assertEqual(len(self.get_requests(MOI)), 1)

    def test_fetched_order_that_shows_the_names_ends_the_waiting(self):
        order = self.add_imported()
        self.hide_names(times=1)
        self.run_cron("mark_orders")
        self.assertEqual(order.merchant_id_state, "sent")
        self.world.touch(
            order.marketplace_order_id,
            merchant_order_id=order.sale_order_ids.mapped("name"),
        )
        self.run_cron("fetch_orders")
        self.assertEqual(order.merchant_id_state, "done")

    def test_names_that_are_never_shown_end_with_a_person(self):
        order = self.add_imported()
        self.hide_names()
        self.run_cron("mark_orders")
        for _pause in RETRY_PAUSES_MINUTES:
            self.assertEqual(order.merchant_id_state, "sent")
            self.let_pause_pass(order)
        self.assertEqual(order.merchant_id_state, "error")
        self.assertEqual(order.error_code, "not_marked")
        for words in (order.marketplace_order_id, order.sale_order_ids.name):
            self.assertIn(words, order.error_message)
        sent = len(self.get_requests(MOI))
        self.assertEqual(sent, len(RETRY_PAUSES_MINUTES) + 1)
        self.let_pause_pass(order)
        self.assertEqual(len(self.get_requests(MOI)), sent, "a person must")
        self.hidden = 0
        order.action_retry()
        self.run_cron("mark_orders")
        self.assertEqual((order.merchant_id_state, order.error_code), ("done", False))

    def test_names_that_lengow_has_forgotten_are_looked_for_and_sent_again(self):
        order = self.add_imported()
        self.run_cron("mark_orders")
        self.world.touch(order.marketplace_order_id, merchant_order_id=None)
        self.run_cron("fetch_orders")
        self.assertEqual(order.merchant_id_state, "sent")
        self.let_pause_pass(order)
        self.assertEqual(order.merchant_id_state, "done")
        self.assertEqual(
            self.world.order(order.marketplace_order_id)["merchant_order_id"],
            order.sale_order_ids.mapped("name"),
        )

    def test_old_page_that_was_stored_late_sends_nothing(self):
        order = self.add_imported()
        old = self.world.order(order.marketplace_order_id)
        old = {**old, "merchant_order_id": None, "comments": "Ring twice"}
        self.run_cron("mark_orders")
        self.store(old)
        self.let_pause_pass(order)
        self.assertEqual(len(self.get_requests(MOI)), 1)
        self.assertEqual(order.merchant_id_state, "done")

    def test_names_are_sent_again_when_a_package_is_added(self):
        payload = self.world.add_order(lines=[(SHIRT, 1), (SHIRT, 2)], shipping=0)
        (package,) = payload["packages"]
        first, second = package["cart"]
        package["cart"] = [first]
        total, half = payload["total_order"], float(first["amount"])
        payload.update(total_order=half, original_total_order=half)
        order = self.import_stored(payload)
        self.run_cron("mark_orders")
        self.assertEqual((order.sale_order_count, order.merchant_id_state), (1, "done"))
        self.world.touch(
            payload["marketplace_order_id"],
            packages=[package, {**package, "cart": [second]}],
            total_order=total,
            original_total_order=total,
        )
        self.run_cron("fetch_orders", "import_orders", "mark_orders")
        self.assertEqual(order.sale_order_count, 2)
        names = order.sale_order_ids.sorted("id").mapped("name")
        self.assertEqual(self.get_requests(MOI)[-1].json["merchant_order_id"], names)
        self.assertEqual(payload["merchant_order_id"], names)
        self.assertEqual(order.merchant_id_state, "done")

    def test_order_whose_sale_orders_were_deleted_sends_no_empty_list(self):
        self.get_channel().auto_confirm = False
        order = self.add_imported()
        order.sale_order_ids.unlink()
        self.run_cron("mark_orders")
        self.assertEqual(order.merchant_id_state, "none")
        self.assertFalse(self.get_requests(MOI))
