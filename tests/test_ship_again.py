"""Deliveries whose notice failed, was given up or could not be made, and what then."""

from unittest.mock import patch

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_ship import ShipCommon

ADDON = "odoo.addons.sale_lengow"


@tagged("post_install", "-at_install", "lengow")
class TestShipAgain(ShipCommon):
    def ship(self, code="amazon_fr", carrier_code="DPD", quantities=(1,)):
        """Import an order and deliver it.

        :return: the order and its delivery.
        """
        if not self.get_channel(code).carrier_mapping_ids:
            self.map_carrier(code, carrier_code)
        order = self.import_order(code, quantities)
        return order, self.deliver(self.get_open(order))

    def fail(self, actions, code="failed", **vals):
        """Let actions be refused."""
        actions.write(
            {"state": "error", "error_code": code, "error_message": "No", **vals}
        )

    # Send Again

    def test_what_was_refused_says_what_its_delivery_says_now_when_sent_again(self):
        order, _picking = self.ship()
        self.fail(order.action_ids, lengow_id="7", sent_at=fields.Datetime.now())
        self.get_channel().carrier_mapping_ids.carrier_code = "GLS"
        self.assertEqual(order.action_ids.state, "error", "a person decides")
        order.action_ids.action_send_again()
        (action,) = order.action_ids
        self.assertEqual((action.state, action.lengow_id), ("pending", False))
        self.assertEqual(action.arguments["carrier"], "GLS")
        self.assertEqual(action.former_lengow_ids, ["7"])

    def test_what_a_person_has_chosen_stays_when_it_is_sent_again(self):
        order, _picking = self.ship()
        action = order.action_ids
        action.source = {**action.source, "values": {"carrier": "UPS"}}
        self.fail(action)
        action.action_send_again()
        self.assertEqual(action.arguments["carrier"], "UPS")

    def test_what_was_refused_waits_when_its_mapping_is_gone(self):
        order, _picking = self.ship()
        self.fail(order.action_ids)
        mapping = self.get_channel().carrier_mapping_ids
        mapping.carrier_code = False
        order.action_ids.action_send_again()
        (action,) = order.action_ids
        self.assertEqual((action.state, action.error_code), ("error", "not_ready"))
        self.assertIn("is not mapped", action.error_message)
        mapping.carrier_code = "GLS"
        self.assertEqual(action.state, "pending")
        self.assertEqual(action.arguments["carrier"], "GLS")

    def test_what_waits_to_be_sent_follows_its_mapping(self):
        order, _picking = self.ship()
        doubtful, _picking = self.ship()
        doubtful.action_ids.write(
            {"is_doubtful": True, "sent_at": fields.Datetime.now()}
        )
        self.get_channel().carrier_mapping_ids.carrier_code = "GLS"
        self.assertEqual(order.action_ids.arguments["carrier"], "GLS")
        self.assertEqual(doubtful.action_ids.arguments["carrier"], "DPD")

    def test_what_goes_wrong_meanwhile_is_no_traceback_and_harms_no_other(self):
        good, bad = (self.import_order("amazon_fr") for _order in range(2))
        for order in (good, bad):
            self.deliver(self.get_open(order))
        pickings = type(self.env["stock.picking"])
        make_parcel = pickings._lengow_make_parcel

        def break_one(picking):
            if picking.sale_id in bad.sale_order_ids:
                raise ZeroDivisionError(picking.sale_id.partner_id.name)
            return make_parcel(picking)

        with (
            patch.object(pickings, "_lengow_make_parcel", break_one),
            self.assertLogs(ADDON, "ERROR") as logs,
        ):
            self.map_carrier("amazon_fr", "DPD")
            self.assertEqual(good.action_ids.state, "pending")
            (action,) = bad.action_ids
            self.assertEqual((action.state, action.error_code), ("error", "not_ready"))
            self.assertIn("could not be made again", action.error_message)
            action.action_send_again()
            self.assertEqual(action.state, "error")
        self.assertNotIn(bad.sale_order_ids.partner_id.name, "".join(logs.output))
        action.action_send_again()
        self.assertEqual((action.state, action.error_message), ("pending", False))

    def test_a_refused_notice_that_cannot_be_renewed_is_sent_as_it_was(self):
        order, _picking = self.ship()
        self.fail(order.action_ids)
        pickings = type(self.env["stock.picking"])
        with (
            patch.object(pickings, "_lengow_make_parcel", side_effect=ValueError),
            self.assertLogs(ADDON, "ERROR"),
        ):
            order.action_ids.action_send_again()
        self.assertEqual(order.action_ids.state, "pending")
        self.assertEqual(order.action_ids.arguments["carrier"], "DPD")

    # What is certain, and what is in doubt

    def test_what_surely_was_not_sent_is_changed_and_what_is_in_doubt_is_not(self):
        for code, is_doubtful, is_changed in (
            ("unsent", False, True),
            ("refused", False, True),
            ("unexpected", False, True),
            ("unexpected", True, False),
            ("unsettled", True, False),
        ):
            with self.subTest(code=code, is_doubtful=is_doubtful):
                order, picking = self.ship("decathlon_fr")
                first = order.action_ids
                self.fail(first, code, is_doubtful=is_doubtful)
                picking.carrier_tracking_ref = "T2"
                number = "T2" if is_changed else "T1"
                self.assertEqual(first.arguments["tracking_number"], number)
                self.assertEqual(len(order.action_ids), 1 if is_changed else 2)

    def test_what_failed_or_was_given_up_is_not_told_by_another_action(self):
        for vals in (
            {"state": "error", "error_code": "failed"},
            {"state": "error", "error_code": "unsent"},
            {"state": "cancelled"},
        ):
            for code, carrier_code in (
                ("amazon_fr", "DPD"),
                ("cdiscount_fr", "DPD France"),
                ("bol_nl", "TNT"),
            ):
                with self.subTest(code=code, vals=vals):
                    order, _picking = self.ship(code, carrier_code)
                    order.action_ids.write(vals)
                    order._report_deliveries(order.line_ids)
                    self.assertEqual(len(order.action_ids), 1)

    def test_an_order_that_a_person_told_of_meanwhile_is_not_told_twice(self):
        order = self.import_order("cdiscount_fr")
        self.deliver(self.get_open(order))
        (waiting,) = order.action_ids
        self.assertEqual(waiting.error_code, "not_ready")
        arguments = {"carrier": "DPD France", "tracking_number": "T1"}
        by_hand = waiting.copy(
            {"state": "queued", "error_code": False, "arguments": arguments}
        )
        self.map_carrier("cdiscount_fr", "DPD France")
        self.assertEqual(waiting.state, "cancelled")
        self.assertIn("by another action", waiting.notice)
        self.assertEqual(order.action_ids - waiting, by_hand)
        self.assertFalse(order.activity_ids | order.sale_order_ids.activity_ids)

    def test_what_comes_back_after_it_was_given_up_is_told_when_it_leaves_again(self):
        order, picking = self.ship()
        order.action_ids.action_cancel()
        for number in ("BACK", "T2"):
            wizard = (
                self.env["stock.return.picking"]
                .with_context(active_id=picking.id, active_model="stock.picking")
                .create({})
            )
            wizard.product_return_moves.quantity = 1
            picking = self.env["stock.picking"].browse(
                wizard.action_create_returns()["res_id"]
            )
            picking.carrier_id = self.carrier
            self.deliver(picking, tracking=number)
        (told,) = order.action_ids.filtered(lambda action: action.state == "pending")
        self.assertIn("T2", told.arguments["tracking_number"])

    # Whatever goes wrong

    def test_conflicts_of_the_database_begin_the_delivery_again(self):
        self.map_carrier("amazon_fr", "DPD")
        order = self.import_order("amazon_fr")
        pickings = type(self.env["stock.picking"])
        with (
            patch.object(
                pickings, "_lengow_make_parcel", side_effect=SerializationFailure
            ),
            self.assertRaises(SerializationFailure),
        ):
            self.deliver(self.get_open(order))

    def test_a_delivery_that_is_wrong_itself_is_not_kept_silent_about(self):
        order = self.import_order("amazon_fr")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            order.line_ids.line_key = False  # the database refuses it
            order._guard_report(lambda _orders: None)

    # Accounts and channels that do not work

    def test_a_paused_account_tells_later_and_the_delivery_says_so(self):
        self.connect()
        self.account.paused_at = fields.Datetime.now()
        order, picking = self.ship()
        self.assertIn("switched off or paused", picking.message_ids[0].body)
        self.run_cron("send_actions")
        self.assertEqual(order.action_ids.state, "pending")
        self.account.paused_at = False
        self.run_cron("send_actions")
        self.assertEqual(order.action_ids.state, "queued")

    def test_a_channel_that_is_off_is_still_told_of_the_orders_it_gave(self):
        self.connect()
        self.map_carrier("amazon_fr", "DPD")
        order = self.import_order("amazon_fr")
        channel = self.get_channel()
        channel.write({"active": False, "import_orders": False})
        self.deliver(self.get_open(order))
        self.run_cron("send_actions")
        self.assertEqual(order.action_ids.state, "queued")
        self.assertEqual(order.action_ids.channel_id, channel)
