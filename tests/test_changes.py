"""What changes at the marketplace after the import is followed, once, and told."""

from ast import literal_eval
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..const import RETRY_PAUSES_MINUTES
from ..models.lengow_order_amend import LengowOrder
from ..models.lengow_order_change_queue import LengowOrder as LengowOrderQueue
from ..simulator import changes
from ..simulator.money import get_lines
from .common_changes import NOVEL, SHIRT, ChangesCommon

CHANGE_LOGGER = "odoo.addons.sale_lengow.models.lengow_order_change_queue"


@tagged("post_install", "-at_install", "lengow")
class TestStatusChanges(ChangesCommon):
    def test_status_follows_and_is_told_once(self):
        payload, order = self.import_one()
        self.change(payload, "set_status", "shipped")
        self.assertEqual(order.lengow_status, "shipped")
        self.assert_told(order, "Status: Shipped (was: To Ship).")
        count = len(order.message_ids)
        self.world.change(payload)  # another moment, and nothing else
        self.follow(payload)
        self.follow(payload)
        self.assertEqual(len(order.message_ids), count)

    def test_every_status_is_told_in_words_and_a_future_one_as_it_is(self):
        payload, order = self.import_one()
        self.change(payload, "set_status", "partially_teleported")
        self.assert_told(order, "partially_teleported")
        self.assertEqual(order.state, "imported")
        self.change(payload, "set_status", "closed")
        self.assert_told(order, "Closed")

    def test_fetch_follows_changes_by_itself(self):
        payload, order = self.import_one()
        self.run_cron("fetch_orders", "import_orders")
        changes.cancel(self.world, payload)
        self.run_cron("fetch_orders", "import_orders")
        self.assertEqual(order.sale_order_ids.state, "cancel")

    def test_our_own_mark_is_no_change(self):
        payload, order = self.import_one()
        self.run_cron("mark_orders")
        self.assertTrue(payload["merchant_order_id"])
        self.store(payload)
        self.assertFalse(order.change_state)
        self.assertEqual(
            order.sudo().payload["merchant_order_id"], payload["merchant_order_id"]
        )

    def test_new_comment_of_the_buyer_is_told(self):
        payload, order = self.import_one(comments="Merci")
        self.world.change(payload, comments=["Merci", "Sonnez deux fois"])
        self.follow(payload)
        self.assert_told(order, "Sonnez deux fois")
        self.assertNotIn("Merci", self.get_messages(order)[-1])

    def test_buyer_is_written_nothing(self):
        payload, order = self.import_one((SHIRT, 3))
        before = self.env["mail.mail"].search_count([])
        self.change(payload, "set_quantity", 2)
        self.change(payload, "readdress", first_line="3 rue Neuve")
        self.change(payload, "cancel")
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        partner = order.sale_order_ids.partner_id
        messages = order.message_ids | order.sale_order_ids.message_ids
        self.assertNotIn(partner, messages.notified_partner_ids)
        self.assertNotIn(partner, order.sale_order_ids.message_partner_ids)

    def test_shipped_elsewhere_is_shown_on_both_orders_until_it_is_delivered(self):
        payload, order = self.import_one()
        sale = order.sale_order_ids
        self.assertFalse(order.alert)
        self.change(payload, "ship")
        picking = sale.picking_ids
        self.assertIn(picking.name, order.alert)
        self.assertEqual(sale.lengow_alert, order.alert)
        self.assertEqual(self.search_filtered("left_elsewhere"), order)
        self.assertNotEqual(picking.state, "done", "a person decides")
        self.deliver(sale)
        self.assertFalse(order.alert)
        self.assertFalse(sale.lengow_alert)
        self.assertFalse(self.search_filtered("left_elsewhere"))

    def test_the_status_is_shown_in_words_and_a_new_one_as_it_is(self):
        _payload, order = self.import_one()
        records = (order, order.line_ids)
        for status, name in (
            ("waiting_shipment", "To Ship"),
            ("teleported", "teleported"),
            (False, False),
        ):
            for record in records:
                record.lengow_status = status
                self.assertEqual(record.lengow_status_name, name)

    def test_order_shipped_before_it_was_fetched_has_a_delivery_and_says_so(self):
        for status in ("shipped", "closed"):
            _payload, order = self.import_one(lengow_status=status)
            self.assertTrue(order.sale_order_ids.picking_ids)
            self.assertIn(order.sale_order_ids.picking_ids.name, order.alert)

    def search_filtered(self, name):
        """:return: the orders that a filter of the search view leaves."""
        view = self.env["lengow.order"].get_view(
            self.env.ref("sale_lengow.lengow_order_view_search").id, "search"
        )
        (found,) = etree.fromstring(view["arch"]).xpath(f"//filter[@name='{name}']")
        return self.env["lengow.order"].search(literal_eval(found.get("domain")))


@tagged("post_install", "-at_install", "lengow")
class TestCancellations(ChangesCommon):
    def test_cancelled_and_refused_orders_are_cancelled_with_their_delivery(self):
        for status in ("canceled", "refused", "pickup_canceled"):
            payload, order = self.import_one((SHIRT, 2))
            sale = order.sale_order_ids
            self.change(payload, "cancel", status)
            self.assertEqual(sale.state, "cancel")
            self.assertEqual(set(sale.picking_ids.mapped("state")), {"cancel"})
            self.assert_told(order, "cancelled", sale.name)
            self.assert_nothing_to_do(order)
            self.assertEqual(order.state, "imported")

    def test_order_whose_lines_are_all_cancelled_is_cancelled(self):
        payload, order = self.import_one((SHIRT, 2), (NOVEL, 1))
        changes.cancel_line(self.world, payload, 0)
        self.change(payload, "cancel_line", 1, "refused")
        self.assertEqual(order.sale_order_ids.state, "cancel")

    def test_all_packages_are_cancelled(self):
        payload, order = self.import_one()
        self.change(payload, "add_line", NOVEL, is_package=True)
        self.assertEqual(len(order.sale_order_ids), 2)
        self.change(payload, "cancel")
        self.assertEqual(set(order.sale_order_ids.mapped("state")), {"cancel"})

    def test_locked_sale_order_is_cancelled_too(self):
        payload, order = self.import_one()
        order.sale_order_ids.locked = True
        self.change(payload, "cancel")
        self.assertEqual(order.sale_order_ids.state, "cancel")

    def test_quotation_is_cancelled_and_no_longer_held(self):
        payload = self.world.add_order(lines=[(SHIRT, 1)], shipping=0)
        payload["total_order"] = payload["original_total_order"] = 999
        order = self.import_stored(payload)
        self.assertEqual(order.error_code, "total_mismatch")
        self.change(payload, "cancel")
        self.assertEqual(order.sale_order_ids.state, "cancel")
        self.assertFalse(order.error_code)

    def test_what_was_delivered_already_is_given_to_a_person(self):
        payload, order = self.import_one((SHIRT, 3))
        sale = order.sale_order_ids
        done = self.deliver(sale, TS_WHT_S=1)
        self.assertEqual(self.get_demand(sale), {SHIRT: 2})
        self.change(payload, "cancel")
        self.assertEqual(self.get_demand(sale), {}, "the rest does not leave any more")
        self.assertEqual(sale.state, "sale")
        self.assert_to_do(order, done.name, sale.name, order.marketplace_order_id)
        self.assertIn(sale.name, order.alert)

    def test_posted_invoice_of_a_cancelled_order_is_given_to_a_person(self):
        payload, order = self.import_one()
        invoice = self.invoice(order.sale_order_ids)
        self.change(payload, "cancel")
        self.assertEqual(order.sale_order_ids.state, "cancel")
        self.assert_to_do(order, invoice.name)

    def test_order_cancelled_by_hand_stays_cancelled(self):
        payload, order = self.import_one((SHIRT, 3))
        order.sale_order_ids._action_cancel()
        self.change(payload, "set_quantity", 2)
        self.change(payload, "readdress", first_line="3 rue Neuve")
        self.assertEqual(order.sale_order_ids.state, "cancel")
        self.assertEqual(order.sale_order_ids.order_line.product_uom_qty, 3)
        self.change(payload, "cancel")
        self.assert_nothing_to_do(order)

    def test_cancellation_that_is_taken_back_is_given_to_a_person(self):
        payload, order = self.import_one()
        self.change(payload, "cancel")
        self.change(payload, "set_status", "waiting_shipment")
        self.assertEqual(order.sale_order_ids.state, "cancel")
        self.assert_to_do(order, "taken the cancellation back")


@tagged("post_install", "-at_install", "lengow")
class TestChangeQueue(ChangesCommon):
    def fail_for(self, *orders):
        apply_lines = LengowOrder._apply_lines

        def _apply_lines(order, *args):
            if order in orders:
                raise ValueError("out of order")
            return apply_lines(order, *args)

        return patch.object(LengowOrder, "_apply_lines", _apply_lines)

    def test_storing_applies_nothing_and_cannot_fail_because_of_it(self):
        payload, order = self.import_one((SHIRT, 3))
        changes.set_quantity(self.world, payload, 1)
        with self.fail_for(order):
            self.store(payload)
        self.assertEqual(order.change_state, "pending")
        self.assertEqual(order.sale_order_ids.order_line.product_uom_qty, 3)
        self.assertEqual(get_lines(order.sudo().applied_payload)[0]["quantity"], 3)

    def test_several_changes_are_applied_as_one(self):
        payload, order = self.import_one((SHIRT, 3))
        for quantity in (2, 5, 1):
            changes.set_quantity(self.world, payload, quantity)
            self.store(payload)
        self.follow(payload)
        self.assertEqual(order.sale_order_ids.order_line.product_uom_qty, 1)
        told = [body for body in self.get_messages(order) if "instead of" in body]
        self.assertEqual(len(told), 1)
        self.assertIn("1 instead of 3", told[0])

    def test_change_that_is_taken_back_before_it_is_applied_changes_nothing(self):
        payload, order = self.import_one((SHIRT, 3))
        count = len(order.message_ids)
        changes.set_quantity(self.world, payload, 2)
        self.store(payload)
        changes.set_quantity(self.world, payload, 3)
        self.follow(payload)
        self.assertEqual(len(order.message_ids), count)

    @mute_logger(CHANGE_LOGGER)
    def test_change_that_fails_is_told_and_harms_no_other(self):
        first, bad = self.import_one((SHIRT, 3))
        second, good = self.import_one((SHIRT, 3))
        for payload in (first, second):
            changes.set_quantity(self.world, payload, 1)
        with self.fail_for(bad):
            self.import_stored(first, second)
        self.assertEqual((good.change_state, good.error_code), (False, False))
        self.assertEqual(good.sale_order_ids.order_line.product_uom_qty, 1)
        self.assertEqual(
            (bad.state, bad.change_state, bad.error_code),
            ("imported", "error", "change_failed"),
        )
        self.assertIn(bad.marketplace_order_id, bad.error_message)
        self.assertTrue(bad.remedy)
        self.assertIn(bad, self.env["lengow.order"].search(bad._get_to_fix_domain()))
        self.let_pause_pass(bad)
        self.assertEqual((bad.change_state, bad.error_code), (False, False))
        self.assertEqual(bad.sale_order_ids.order_line.product_uom_qty, 1)

    def let_pause_pass(self, order):
        order.change_next_attempt = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron("import_orders")

    @mute_logger(CHANGE_LOGGER)
    def test_pauses_grow_until_a_person_must(self):
        payload, order = self.import_one((SHIRT, 3))
        changes.set_quantity(self.world, payload, 1)
        pauses = []
        with self.fail_for(order):
            self.import_stored(payload)
            while order.change_next_attempt:
                pause = order.change_next_attempt - fields.Datetime.now()
                pauses.append(round(pause.total_seconds() / 60))
                self.assertLess(len(pauses), 20)
                self.let_pause_pass(order)
        self.assertEqual(tuple(pauses), RETRY_PAUSES_MINUTES)
        self.assertEqual(order.change_state, "error")
        order.action_retry()
        self.assertFalse(order.change_state)
        self.assertEqual(order.sale_order_ids.order_line.product_uom_qty, 1)

    @mute_logger(CHANGE_LOGGER)
    def test_newer_payload_is_tried_at_once(self):
        payload, order = self.import_one((SHIRT, 3))
        changes.set_quantity(self.world, payload, 1)
        with self.fail_for(order):
            self.import_stored(payload)
        self.change(payload, "set_quantity", 2)
        self.assertEqual(order.sale_order_ids.order_line.product_uom_qty, 2)
        self.assertFalse(order.error_code)

    @mute_logger(CHANGE_LOGGER)
    def test_change_that_a_person_has_followed_by_hand_is_settled(self):
        payload, order = self.import_one((SHIRT, 3))
        changes.set_quantity(self.world, payload, 1)
        with self.fail_for(order):
            self.import_stored(payload)
        order.action_settle_change()
        self.assertEqual((order.change_state, order.error_code), (False, False))
        self.follow(payload)
        self.assertEqual(order.sale_order_ids.order_line.product_uom_qty, 3)

    def test_worker_that_dies_in_a_change_is_not_met_by_it_for_ever(self):
        payload, order = self.import_one((SHIRT, 3))
        _other, good = self.import_one((SHIRT, 3))
        for entry in (payload, _other):
            changes.set_quantity(self.world, entry, 1)
        self.store(payload, _other)
        both = order + good

        def be_killed(_orders):
            raise KeyboardInterrupt

        def kill_worker():
            with (
                patch.object(LengowOrderQueue, "_apply_changes_guarded", be_killed),
                # Not assertRaises, which takes back what was committed.
                suppress(KeyboardInterrupt),
            ):
                self.run_cron("import_orders")
                self.fail("nobody was killed")

        kill_worker()
        self.assertEqual(both.mapped("change_attempts"), [1, 1])
        self.run_cron("import_orders")
        self.assertEqual(set(both.mapped("change_state")), {"pending"}, "the pause")
        both.change_next_attempt = fields.Datetime.now() - timedelta(seconds=1)
        kill_worker()
        self.assertEqual(sorted(both.mapped("change_attempts")), [1, 2], "one by one")
        for _attempt in RETRY_PAUSES_MINUTES:
            order.change_next_attempt = fields.Datetime.now() - timedelta(seconds=1)
            good.change_next_attempt = fields.Datetime.now() + timedelta(days=1)
            if order.error_code != "change_failed":
                kill_worker()
        self.assertEqual(order.error_code, "change_failed")
        self.assertIn("never ended", order.error_message)

    def test_payload_that_nobody_can_read_keeps_what_was_acted_on(self):
        payload, order = self.import_one((SHIRT, 3))
        line = get_lines(payload)[0]
        amount = line["original_amount"]
        line["original_amount"] = 1e300
        loggers = (CHANGE_LOGGER, CHANGE_LOGGER.replace("change_queue", "store"))
        with mute_logger(*loggers):
            self.import_stored(payload)
        self.assertEqual((order.state, order.error_code), ("imported", "change_failed"))
        self.assertEqual(order.sale_order_ids.order_line.product_uom_qty, 3)
        line["original_amount"] = amount
        self.change(payload, "set_quantity", 2)
        self.assertFalse(order.error_code)
        self.assertEqual(order.sale_order_ids.order_line.product_uom_qty, 2)

    def test_unchanged_orders_cost_nothing(self):
        payload, order = self.import_one()
        with self.assertQueryCount(12):
            self.account._store_orders([payload])
        self.assertFalse(order.change_state)
