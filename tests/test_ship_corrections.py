"""Tracking numbers that are added or corrected after the delivery."""

from odoo import fields
from odoo.tests import tagged

from .common_ship import ShipCommon


@tagged("post_install", "-at_install", "lengow")
class TestShipCorrections(ShipCommon):
    def ship(self, code, carrier_code, quantity=2, **kwargs):
        """Import an order and deliver it.

        :return: the order and the delivery.
        """
        channel = self.get_channel(code)
        if not channel.carrier_mapping_ids:
            self.map_carrier(code, carrier_code)
        order = self.import_order(code, (2,))
        picking = self.deliver(
            self.get_open(order), {self.products[0]: quantity}, **kwargs
        )
        return order, picking

    def settle(self, order, state="done", **vals):
        """Let Lengow have the order's actions."""
        order.action_ids.write(
            {
                "state": state,
                "sent_at": fields.Datetime.now(),
                "lengow_id": str(order.id),
                **vals,
            }
        )

    def test_what_is_not_sent_yet_is_changed(self):
        order, picking = self.ship("amazon_fr", "DPD")
        picking.carrier_tracking_ref = "T2"
        (action,) = order.action_ids
        self.assertEqual(action.arguments["tracking_number"], "T2")
        self.assertEqual(action.state, "pending")

    def test_a_number_that_is_taken_back_before_it_is_sent_is_waited_for(self):
        order, picking = self.ship("cdiscount_fr", "DPD France")
        picking.carrier_tracking_ref = False
        self.assertEqual(order.action_ids.error_code, "not_ready")
        picking.carrier_tracking_ref = "T2"
        self.assertEqual(order.action_ids.state, "pending")
        self.assertEqual(order.action_ids.arguments["tracking_number"], "T2")

    def test_what_was_told_is_told_anew_where_the_marketplace_takes_it(self):
        # pitfall 67
        order, picking = self.ship("decathlon_fr", "DPD")
        self.settle(order)
        picking.carrier_tracking_ref = "T2"
        old, new = order.action_ids.sorted("id")
        self.assertEqual(old.arguments["tracking_number"], "T1")
        self.assertEqual(new.arguments["tracking_number"], "T2")
        self.assertEqual((new.state, new.is_correction), ("pending", True))
        picking.carrier_tracking_ref = "T3"
        self.assertEqual(len(order.action_ids), 2)
        self.assertEqual(new.arguments["tracking_number"], "T3")

    def test_the_same_number_again_is_nothing_to_tell(self):
        order, picking = self.ship("decathlon_fr", "DPD")
        self.settle(order)
        picking.carrier_tracking_ref = "T1"
        self.assertEqual(len(order.action_ids), 1)

    def test_a_marketplace_that_takes_no_change_is_left_alone(self):
        for code, carrier_code in (("amazon_fr", "DPD"), ("bol_nl", "TNT")):
            order, picking = self.ship(code, carrier_code)
            self.settle(order, "queued")
            picking.carrier_tracking_ref = "T2"
            self.assertEqual(len(order.action_ids), 1)
            self.assertIn("takes no change", picking.message_ids[0].body)

    def test_a_line_that_left_in_part_is_not_told_as_more_pieces(self):
        marketplace = self.get_channel("bol_nl").marketplace_id
        spec = marketplace.spec
        spec["orders"]["actions"]["ship"]["status"].append("shipped")
        marketplace.spec = spec
        self.env.registry.clear_cache()
        order, picking = self.ship("bol_nl", "TNT", quantity=1)
        self.settle(order)
        picking.carrier_tracking_ref = "T2"
        self.assertEqual(len(order.action_ids), 1)
        self.deliver(self.get_open(order), tracking="B")
        self.assertEqual(len(order.action_ids), 2)
        order.action_ids.write({"state": "done"})
        picking.carrier_tracking_ref = "T3"
        correction = order.action_ids.filtered("is_correction")
        self.assertEqual(correction.arguments["shipped_quantity"], 1)
        self.assertEqual(correction.arguments["tracking_number"], "T3")

    def test_a_request_in_doubt_is_not_changed(self):
        order, picking = self.ship("amazon_fr", "DPD")
        order.action_ids.write({"is_doubtful": True, "sent_at": fields.Datetime.now()})
        picking.carrier_tracking_ref = "T2"
        self.assertEqual(order.action_ids.arguments["tracking_number"], "T1")

    def test_a_number_that_was_refused_is_sent_once_it_is_corrected(self):
        order, picking = self.ship("amazon_fr", "DPD")
        self.settle(order, "error", error_code="failed", error_message="Bad number")
        picking.carrier_tracking_ref = "T2"
        (action,) = order.action_ids
        self.assertEqual((action.state, action.error_message), ("pending", False))
        self.assertEqual(action.arguments["tracking_number"], "T2")
        self.assertFalse(action.lengow_id)

    def test_a_carrier_that_gives_the_number_while_it_is_delivered_is_no_correction(
        self,
    ):
        order = self.import_order("decathlon_fr", (1,))
        self.map_carrier("decathlon_fr", "DPD")
        picking = self.get_open(order)
        sent = type(picking)._send_confirmation_email

        def order_label(pickings):
            pickings.carrier_tracking_ref = "LABEL"
            return sent(pickings)

        self.patch(type(picking), "_send_confirmation_email", order_label)
        self.deliver(picking, tracking=None)
        (action,) = order.action_ids
        self.assertEqual(action.arguments["tracking_number"], "LABEL")
        picking.carrier_tracking_ref = "LABEL,MORE"
        self.assertEqual(len(order.action_ids), 1)
        self.assertEqual(action.arguments["tracking_number"], "LABEL,MORE")

    def test_one_of_two_parcels_of_a_line_is_corrected(self):
        order, first = self.ship("amazon_fr", "DPD", quantity=1)
        self.deliver(self.get_open(order), tracking="B")
        first.carrier_tracking_ref = "A"
        self.assertEqual(order.action_ids.arguments["tracking_number"], "A,B")
