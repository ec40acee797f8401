"""The ways in which a delivery is validated, and deliveries that nobody expected."""

from odoo.tests import tagged

from .common_ship import ShipCommon
from .needs_module import needs_module


@tagged("post_install", "-at_install", "lengow")
class TestShipWays(ShipCommon):
    def test_the_number_that_the_carriers_integration_orders_is_told(self):
        self.map_carrier("amazon_fr", "DPD")
        self.carrier.integration_level = "rate_and_ship"
        self.warehouse.out_type_id.print_label = True
        carriers = type(self.carrier)

        def send(carrier, pickings):
            return [{"exact_price": 0, "tracking_number": "LABEL1,LABEL2"}]

        self.patch(carriers, "fixed_send_shipping", send)
        order = self.import_order("amazon_fr")
        picking = self.deliver(self.get_open(order), tracking=None)
        self.assertEqual(picking.carrier_tracking_ref, "LABEL1,LABEL2")
        (action,) = order.action_ids
        self.assertEqual(action.arguments["tracking_number"], "LABEL1,LABEL2")
        self.assertFalse(action.is_correction)

    def test_a_label_that_is_ordered_later_is_told_then(self):
        self.map_carrier("cdiscount_fr", "DPD France")
        self.warehouse.out_type_id.print_label = False
        self.patch(
            type(self.carrier),
            "fixed_send_shipping",
            lambda carrier, pickings: [{"exact_price": 0, "tracking_number": "LATE"}],
        )
        order = self.import_order("cdiscount_fr")
        picking = self.deliver(self.get_open(order), tracking=None)
        self.assertEqual(order.action_ids.error_code, "not_ready")
        picking.send_to_shipper()
        self.assertEqual(order.action_ids.state, "pending")
        self.assertEqual(order.action_ids.arguments["tracking_number"], "LATE")

    @needs_module("stock_picking_batch")
    def test_a_batch_tells_of_each_of_its_deliveries(self):
        self.map_carrier("amazon_fr", "DPD")
        orders = [self.import_order("amazon_fr", (1, 2)) for _order in range(3)]
        pickings = self.env["stock.picking"].union(*map(self.get_open, orders))
        pickings.carrier_tracking_ref = "T"
        for move in pickings.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [(6, 0, pickings.ids)]}
        )
        batch.action_confirm()
        batch.with_context(skip_backorder=True, skip_sms=True).action_done()
        self.assertEqual(set(pickings.mapped("state")), {"done"})
        for order in orders:
            self.assertEqual(order.action_ids.mapped("state"), ["pending"] * 2)

    def test_an_internal_transfer_and_a_return_are_told_to_nobody(self):
        self.map_carrier("amazon_fr", "DPD")
        order = self.import_order("amazon_fr")
        picking = self.get_open(order)
        internal = picking.copy(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
            }
        )
        internal.move_ids.write(
            {
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "location_final_id": False,
                "sale_line_id": order.line_ids.sale_line_id.id,
            }
        )
        internal.action_confirm()
        self.deliver(internal)
        self.assertFalse(order.action_ids)

    def test_what_left_with_two_deliveries_at_once_is_never_more_than_ordered(self):
        self.map_carrier("bol_nl", "TNT")
        order = self.import_order("bol_nl", (3,))
        picking = self.get_open(order)
        picking.move_ids.quantity = 1
        picking.action_split_transfer()
        pickings = self.get_open(order)
        for move in pickings.move_ids:
            move.write({"quantity": 2, "picked": True})
        pickings.carrier_tracking_ref = "T"
        pickings.with_context(skip_backorder=True).button_validate()
        self.assertEqual(set(pickings.mapped("state")), {"done"})
        pieces = [action.arguments["shipped_quantity"] for action in order.action_ids]
        self.assertEqual(sorted(pieces), [1, 2])

    def test_what_left_of_a_cancelled_order_is_said_and_not_sent(self):
        for code, carrier_code in (
            ("amazon_fr", "DPD"),
            ("cdiscount_fr", "DPD France"),
            ("bol_nl", "TNT"),
        ):
            with self.subTest(code=code):
                self.map_carrier(code, carrier_code)
                order = self.import_order(code)
                payload = order.payload
                payload["lengow_status"] = "canceled"
                for line in payload["packages"][0]["cart"]:
                    line["lengow_status"] = "canceled"
                order.sudo().write({"payload": payload, "lengow_status": "canceled"})
                order.line_ids.sudo().lengow_status = "canceled"
                self.deliver(self.get_open(order))
                (action,) = order.action_ids
                self.assertEqual(
                    (action.state, action.error_code), ("error", "not_ready")
                )
                self.assertIn("anceled", action.error_message)

    def test_a_number_that_changes_after_the_marketplace_dropped_the_action(self):
        self.map_carrier("decathlon_fr", "DPD")
        order = self.import_order("decathlon_fr")
        picking = self.deliver(self.get_open(order))
        order.action_ids.write({"state": "done", "lengow_id": "7"})
        marketplace = self.get_channel("decathlon_fr").marketplace_id
        spec = marketplace.spec
        del spec["orders"]["actions"]["ship"]
        marketplace.spec = spec
        self.env.registry.clear_cache()
        picking.carrier_tracking_ref = "T2"
        self.assertEqual(order.action_ids.mapped("state"), ["done"])
        self.assertIn("takes no change", picking.message_ids[0].body)
