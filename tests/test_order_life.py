"""What becomes of an order before its import, whatever its status is and will be."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.lengow_order_store import LengowOrder
from ..simulator import changes
from ..simulator.money import get_lines
from .common_changes import MUG, SHIRT, ChangesCommon

# All that Lengow documents, on a marketplace that knows no pick-ups.
STATES = {
    "new": ("waiting", "not_accepted"),
    "waiting_acceptance": ("waiting", "not_accepted"),
    "accepted": ("waiting", "not_accepted"),
    "pickup_to_prepare": ("waiting", "not_accepted"),
    "waiting_shipment": ("imported", False),
    "shipped": ("imported", False),
    "closed": ("imported", False),
    "partial_refunded": ("imported", False),
    "to_pickup": ("imported", False),
    "pickup_completed": ("imported", False),
    "to_refund": ("ignored", "refunded"),
    "refunding": ("ignored", "refunded"),
    "refunded": ("ignored", "refunded"),
    "canceled": ("ignored", "cancelled"),
    "refused": ("ignored", "cancelled"),
    "pickup_canceled": ("ignored", "cancelled"),
}


@tagged("post_install", "-at_install", "lengow")
class TestOrderLife(ChangesCommon):
    def add(self, *skus, **overrides):
        overrides.setdefault("shipping", 0)
        lines = [(sku, 1) for sku in skus or (SHIRT,)]
        return self.world.add_order(lines=lines, **overrides)

    def assert_reason(self, order, state, reason):
        self.assertEqual((order.state, order.error_code), (state, reason))
        if reason:
            self.assertTrue(order.remedy, reason)
            self.assertFalse(order.sale_order_ids)

    def test_every_status_of_lengow_has_its_state(self):
        self.assertEqual(len(STATES), 16)
        payloads = [self.add(lengow_status=status) for status in STATES]
        orders = self.import_stored(*payloads)
        for order, (status, expected) in zip(orders, STATES.items(), strict=True):
            with self.subTest(status=status):
                self.assertEqual(order.lengow_status, status)
                self.assert_reason(order, *expected)

    def test_future_statuses_wait_and_stop_nothing(self):
        """Pitfall 26."""
        odd = ("on_hold_customs", "REFUNDED?", "", None, 7, "partially_refunded")
        payloads = [self.add(lengow_status="waiting_shipment") for _status in odd]
        for payload, status in zip(payloads, odd, strict=True):
            payload["lengow_status"] = status
        plain = self.add()
        orders = self.import_stored(*payloads, plain)
        for order in orders[:-1]:
            self.assert_reason(order, "waiting", "unknown_status")
        self.assertEqual(orders[-1].state, "imported")
        self.world.change(payloads[0], lengow_status="waiting_shipment")
        self.assertEqual(self.import_stored(payloads[0]).state, "imported")

    def test_order_imported_before_its_status_was_known_goes_on(self):
        """Pitfall 26."""
        payload, order = self.import_one()
        for status in ("partially_teleported", "refunded", "closed"):
            self.change(payload, "set_status", status)
            self.assertEqual((order.state, order.error_code), ("imported", False))
            self.assertEqual(order.lengow_status, status)

    def test_pick_up_is_prepared_where_the_marketplace_hands_it_over(self):
        payload = self.add(marketplace="ebay_de", lengow_status="pickup_to_prepare")
        self.assert_reason(self.import_stored(payload), "imported", False)

    def test_pick_up_waits_where_the_marketplace_prepares_it(self):
        marketplace = self.get_channel("ebay_de").marketplace_id
        spec = marketplace.spec
        del spec["orders"]["actions"]["pickup_ready"]
        marketplace.spec = spec
        payload = self.add(marketplace="ebay_de", lengow_status="pickup_to_prepare")
        order = self.import_stored(payload)
        self.assert_reason(order, "waiting", "not_accepted")
        self.world.change(payload, lengow_status="to_pickup")
        self.assert_reason(self.import_stored(payload), "imported", False)

    def test_line_that_is_not_accepted_lets_the_whole_order_wait(self):
        """Pitfall 22."""
        for status in ("waiting_shipment", "accepted", "shipped"):
            payload = self.add(SHIRT, MUG, lengow_status=status)
            line = get_lines(payload)[1]
            line["lengow_status"] = "waiting_acceptance"
            order = self.import_stored(payload)
            self.assert_reason(order, "waiting", "not_accepted")
            changes.cancel_line(self.world, payload, 1, "refused")
            changes.set_status(self.world, payload, "waiting_shipment")
            self.import_stored(payload)
            self.assert_reason(order, "imported", False)
            self.assertEqual(order.sale_order_ids.order_line.product_id, self.shirt)

    def test_order_waits_with_incomplete_data_and_imports_once_released(self):
        """Pitfall 22."""
        payload = self.add(lengow_status="waiting_acceptance")
        address = dict(payload["packages"][0]["delivery"])
        payload["packages"][0]["delivery"].update(
            dict.fromkeys(("first_line", "city", "common_country_iso_a2", "full_name"))
        )
        order = self.import_stored(payload)
        self.assert_reason(order, "waiting", "not_accepted")
        payload["packages"][0]["delivery"] = address
        changes.set_status(self.world, payload, "waiting_shipment")
        self.import_stored(payload)
        self.assert_reason(order, "imported", False)

    def test_order_that_is_cancelled_while_it_waits_is_ignored(self):
        payload = self.add(lengow_status="waiting_acceptance")
        order = self.import_stored(payload)
        changes.cancel(self.world, payload, "refused")
        self.import_stored(payload)
        self.assert_reason(order, "ignored", "cancelled")

    def test_order_in_error_that_is_cancelled_needs_nobody_any_more(self):
        payload = self.add("BO-NVL", "PC-TRN")
        order = self.import_stored(payload)
        self.assertEqual(order.state, "error")
        changes.cancel(self.world, payload)
        self.import_stored(payload)
        self.assert_reason(order, "ignored", "cancelled")

    def test_order_of_which_every_line_is_cancelled_is_ignored(self):
        payload = self.add(SHIRT, MUG)
        for line, status in zip(
            get_lines(payload), ("refused", "canceled"), strict=True
        ):
            line["lengow_status"] = status
        self.assert_reason(self.import_stored(payload), "ignored", "cancelled")

    def test_erased_and_old_orders_are_not_created(self):
        """Pitfall 21."""
        erased, old, young = self.add(), self.add(), self.add()
        erased["anonymized"] = True
        now = self.simulator.now()
        old["marketplace_order_date"] = (now - timedelta(days=91)).isoformat()
        young["marketplace_order_date"] = (now - timedelta(days=89)).isoformat()
        self.import_stored(erased, old, young)
        self.assert_reason(self.find(erased), "ignored", "anonymized")
        self.assert_reason(self.find(old), "ignored", "too_old")
        self.assert_reason(self.find(young), "imported", False)

    def test_old_orders_that_are_imported_go_on_being_updated(self):
        """Pitfall 21."""
        payload, order = self.import_one()
        now = self.simulator.now()
        payload["marketplace_order_date"] = (now - timedelta(days=200)).isoformat()
        changes.erase(self.world, payload)
        self.change(payload, "set_status", "closed")
        self.assertEqual((order.state, order.lengow_status), ("imported", "closed"))

    def test_order_older_than_the_channels_days_when_it_came_is_ignored(self):
        channel = self.get_channel()
        channel.import_days = 10
        late, timely = self.add(), self.add()
        now = self.simulator.now()
        late["marketplace_order_date"] = (now - timedelta(days=11)).isoformat()
        timely["marketplace_order_date"] = (now - timedelta(days=9)).isoformat()
        self.import_stored(late, timely)
        self.assert_reason(self.find(late), "ignored", "past_import_days")
        self.assert_reason(self.find(timely), "imported", False)
        channel.import_days = 12
        self.run_cron("import_orders")
        self.assert_reason(self.find(late), "imported", False)

    def test_order_that_came_in_time_may_wait_for_long(self):
        self.get_channel().import_days = 10
        payload = self.add(lengow_status="waiting_acceptance")
        order = self.store(payload)
        placed = fields.Datetime.now() - timedelta(days=30)
        self.env.cr.execute(
            "UPDATE lengow_order SET create_date = %s WHERE id = %s",
            (placed + timedelta(days=1), order.id),
        )
        order.invalidate_recordset()
        payload["marketplace_order_date"] = placed.isoformat()
        changes.set_status(self.world, payload, "waiting_shipment")
        self.import_stored(payload)
        self.assert_reason(order, "imported", False)

    def test_order_before_the_cut_off_and_of_a_closed_channel_is_ignored(self):
        self.account.import_from = fields.Date.today() - timedelta(days=5)
        early, closed = self.add(), self.add(marketplace="otto_de")
        now = self.simulator.now()
        early["marketplace_order_date"] = (now - timedelta(days=6)).isoformat()
        self.get_channel("otto_de").import_orders = False
        self.import_stored(early, closed)
        self.assert_reason(self.find(early), "ignored", "before_cut_off")
        self.assert_reason(self.find(closed), "ignored", "channel_off")

    def break_reading(self, order):
        """Let an order be one that nobody foresaw, whenever it is read."""
        read_payload = LengowOrder._read_payload
        number = order.marketplace_order_id

        def _read_payload(orders, account, channel, view, current=None):
            if view.marketplace_order_id == number:
                orders.write({"marketplace_status": "half done"})
                raise ValueError("nobody foresaw this")
            return read_payload(orders, account, channel, view, current)

        return patch.object(LengowOrder, "_read_payload", _read_payload)

    def test_order_that_cannot_be_read_does_not_keep_the_channel_closed(self):
        """Opened again, the channel imports all others."""
        channel = self.get_channel()
        channel.import_orders = False
        orders = self.import_stored(*(self.add() for _number in range(3)))
        self.assertEqual(set(orders.mapped("error_code")), {"channel_off"})
        bad = orders[1]
        before = bad.marketplace_status
        with (
            self.break_reading(bad),
            mute_logger("odoo.addons.sale_lengow.models.lengow_order_import"),
        ):
            channel.import_orders = True
        self.assertEqual((bad.state, bad.error_code), ("error", "unexpected"))
        self.assertIn(bad.marketplace_order_id, bad.error_message)
        self.assertEqual(bad.marketplace_status, before, "nothing is half done")
        self.assertEqual((orders - bad).mapped("state"), ["pending", "pending"])
        self.run_cron("import_orders")
        self.assertEqual((orders - bad).mapped("state"), ["imported", "imported"])

    def test_old_and_new_code_of_a_marketplace_are_one_order(self):
        """Pitfall 20."""
        channel = self.get_channel()
        channel.marketplace_id.legacy_code = "amazon"
        payload = self.add()
        payload["marketplace"] = "amazon"
        order = self.import_stored(payload)
        self.assertEqual((order.channel_id, order.state), (channel, "imported"))
        payload["marketplace"] = "amazon_fr"
        self.change(payload, "set_quantity", 2)
        self.assertEqual(self.find(payload), order)
        self.assertEqual(len(order.sale_order_ids), 1)
        self.assertEqual(order.sale_order_ids.order_line.product_uom_qty, 2)
