"""Orders move on as they are accepted, refunded, picked up, labelled."""

from odoo.tests import tagged

from ..simulator.money import get_lines, to_cents
from .common_simulator import SimulatorCase

LABEL = {
    "weight": "500",
    "weight_unit": "g",
    "package_dimension_length": "30",
    "package_dimension_width": "20",
    "package_dimension_height": "10",
    "package_dimension_unit": "centimeters",
    "from_address_name": "Demo",
    "from_address_line": "1 rue de la Paix",
    "from_address_city": "Nantes",
    "from_address_postal_code": "44000",
    "from_address_country_code": "FR",
    "from_address_mail": "shop@example.com",
    "from_address_phone": "+33240000000",
}


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorEffects(SimulatorCase):
    def setUp(self):
        super().setUp()
        self.login()

    def refuse(self, order, action_type, words, **arguments):
        """Make sure that the marketplace says no, in such words, and changes nothing."""
        before = order["updated_at"]
        action = self.settle(order, action_type, **arguments)
        self.assertFalse(action["processed"])
        self.assertIn(words, str(action["errors"]))
        self.assertEqual(order["updated_at"], before)

    # Accept and refuse

    def test_an_accepted_order_may_be_shipped_after_a_while(self):
        order = self.world.add_order("decathlon_fr", lengow_status="waiting_acceptance")
        self.act(order, "accept")
        self.clock.now += 6
        self.list_actions()
        self.assertEqual(order["lengow_status"], "accepted")
        self.assertEqual(order["marketplace_status"], "WAITING_DEBIT")
        self.clock.now += 60
        self.list_actions()
        self.assertEqual(order["lengow_status"], "waiting_shipment")
        self.assertEqual(get_lines(order)[0]["marketplace_status"], "SHIPPING")

    def test_some_marketplaces_wait_for_nothing(self):
        order = self.world.add_order(
            "elcorteingles_es",
            lengow_status="waiting_acceptance",
        )
        self.do(order, "accept")
        self.assertEqual(order["lengow_status"], "waiting_shipment")

    def test_lines_are_accepted_and_refused_one_by_one(self):
        order = self.world.add_order(
            "decathlon_fr",
            lines=2,
            lengow_status="waiting_acceptance",
        )
        first, second = get_lines(order)
        total = to_cents(order["total_order"]) - to_cents(second["amount"])
        self.do(order, "accept", line=first["marketplace_order_line_id"])
        arguments = {"line": second["marketplace_order_line_id"], "reason": "0"}
        self.do(order, "refuse", **arguments)
        statuses = [line["lengow_status"] for line in get_lines(order)]
        self.assertEqual(statuses, ["waiting_shipment", "refused"])
        self.assertEqual(order["lengow_status"], "waiting_shipment")
        self.assertEqual(to_cents(order["total_order"]), total)
        self.refuse(order, "accept", "not available from status", **arguments)

    def test_a_refused_order_costs_nothing(self):
        order = self.world.add_order("cdiscount_fr", lengow_status="waiting_acceptance")
        self.do(order, "refuse")
        self.assertEqual(order["lengow_status"], "refused")
        self.assertEqual(order["total_order"], 0)

    # Refunds

    def test_a_line_is_refunded_in_parts_up_to_its_price(self):
        order = self.world.add_order(
            lines=[("MG-SPK", 2), ("PC-TRN", 1)],
            lengow_status="shipped",
            shipping=5,
        )
        total = order["total_order"]
        line_id = get_lines(order)[0]["marketplace_order_line_id"]
        about = {"line": line_id, "reason": "CustomerReturn"}
        amount = to_cents(get_lines(order)[0]["original_amount"])
        self.do(order, "refund", **about, refund_price="1.50")
        line = get_lines(order)[0]
        self.assertEqual(line["original_refunded_amount"], "1.50")
        self.assertEqual(line["lengow_status"], "partial_refunded")
        self.assertEqual(order["lengow_status"], "partial_refunded")
        more = f"{(amount - 149) / 100:.2f}"
        self.refuse(order, "refund", "more than", **about, refund_price=more)
        rest = f"{(amount - 150) / 100:.2f}"
        tax = {"refund_price": "2", "refund_taxes": "2.01"}
        self.refuse(order, "refund", "2.01 of taxes", **about, **tax)
        self.do(order, "refund", **about, refund_price=rest)
        statuses = [line["lengow_status"] for line in get_lines(order)]
        self.assertEqual(statuses, ["refunded", "shipped"])
        self.assertEqual(order["lengow_status"], "partial_refunded")
        self.refuse(order, "refund", "status refunded", **about)
        other = get_lines(order)[1]["marketplace_order_line_id"]
        self.do(order, "refund", line=other, reason="CustomerReturn")
        self.assertEqual(order["lengow_status"], "refunded")
        self.assertEqual(order["total_order"], total)

    def test_shipping_is_refunded_once(self):
        order = self.world.add_order(lengow_status="shipped", shipping=5)
        line_id = get_lines(order)[0]["marketplace_order_line_id"]
        about = {"line": line_id, "reason": "CustomerReturn"}
        fees = {**about, "refund_price": 0, "refund_shipping_price": 3}
        self.do(order, "refund", **fees)
        self.assertEqual(order["lengow_status"], "shipped")
        self.refuse(order, "refund", "3.00 of shipping is more than the 2.00", **fees)
        nothing = {**about, "refund_price": 0}
        self.refuse(order, "refund", "Nothing to refund", **nothing)
        (line,) = self.simulator.actions.confirmations()
        self.assertEqual(line["refunded_shipping"], "3.00")

    def test_refunds_are_in_the_marketplace_s_currency(self):
        order = self.world.add_order("amazon_uk", lengow_status="shipped")
        line_id = get_lines(order)[0]["marketplace_order_line_id"]
        about = {"line": line_id, "reason": "CustomerReturn"}
        self.do(order, "refund", **about, refund_price=1)
        line = get_lines(order)[0]
        self.assertEqual(line["original_refunded_amount"], "1.00")
        self.assertEqual(line["refunded_amount"], "1.17")
        self.do(order, "refund", **about)
        line = get_lines(order)[0]
        self.assertEqual(line["original_refunded_amount"], line["original_amount"])
        self.assertEqual(line["refunded_amount"], line["amount"])

    def test_pieces_are_refunded(self):
        order = self.world.add_order(
            "allegro_pl",
            lines=[("MG-SPK", 3)],
            lengow_status="shipped",
        )
        (line,) = get_lines(order)
        unit = to_cents(line["original_amount"]) // 3
        arguments = {"line": line["marketplace_order_line_id"], "reason": "REFUND"}
        self.do(order, "refund", refund_quantity=2, **arguments)
        (line,) = get_lines(order)
        self.assertEqual(to_cents(line["original_refunded_amount"]), 2 * unit)
        self.refuse(order, "refund", "2 is more than", refund_quantity=2, **arguments)
        self.do(order, "refund", refund_quantity=1, **arguments)
        self.assertEqual(order["lengow_status"], "refunded")

    def test_a_whole_order_is_refunded_with_its_shipping(self):
        order = self.world.add_order(
            "cdiscount_fr",
            lines=2,
            lengow_status="shipped",
            shipping=5,
        )
        self.do(order, "refund", reason="130", refund_price="1")
        self.assertEqual(get_lines(order)[0]["refunded_amount"], "1.00")
        self.assertEqual(order["lengow_status"], "shipped")
        self.do(order, "refund", reason="130")
        self.assertEqual(order["lengow_status"], "refunded")
        (line, _other) = self.simulator.actions.confirmations()
        self.assertEqual(line["refunded_shipping"], "5.00")

    def test_a_cancelled_line_stays_so_when_it_is_refunded(self):
        order = self.world.add_order(lines=1, shipping=0)
        line_id = get_lines(order)[0]["marketplace_order_line_id"]
        self.do(order, "cancel", line=line_id)
        self.do(order, "refund", line=line_id, reason="CustomerCancel")
        self.assertEqual(order["lengow_status"], "canceled")
        self.assertEqual(order["total_order"], 0)
        (line,) = get_lines(order)
        self.assertEqual(line["refunded_amount"], line["amount"])

    # Pickup, delivery dates, labels, and what is to come

    def test_click_and_collect(self):
        for steps in (
            {"pickup_ready": "to_pickup", "pickup_complete": "pickup_completed"},
            {"pickup_ready": "to_pickup", "pickup_cancel": "pickup_canceled"},
            {"pickup_cancel": "pickup_canceled"},
        ):
            order = self.world.add_order("ebay_de", lengow_status="pickup_to_prepare")
            for action_type, status in steps.items():
                reason = {"reason": "OUT_OF_STOCK"} if "cancel" in action_type else {}
                self.do(order, action_type, **reason)
                self.assertEqual(order["lengow_status"], status)
                self.assertNotEqual(order["marketplace_status"], status)
            self.refuse(order, "pickup_ready", "not available from status")
            price = get_lines(order)[0]["original_amount"]
            self.do(order, "pickup_refund", refund_id="R1", refund_price=price)
            statuses = {line["lengow_status"] for line in get_lines(order)}
            self.assertIn("refunded", statuses)

    def test_a_delivered_order_is_closed(self):
        order = self.world.add_order("elcorteingles_es", lengow_status="shipped")
        self.do(order, "set_delivery_date", delivery_date="2025-03-16T10:00:00Z")
        self.assertEqual(order["lengow_status"], "shipped")
        self.assertEqual(order["order_meta"]["delivery_date"], "2025-03-16T10:00:00Z")
        self.assertIn("checksum", order["order_meta"])
        self.do(order, "set_delivery_date", delivery_date="2025-03-14T10:00:00Z")
        self.assertEqual(order["lengow_status"], "closed")

    def test_a_label_is_bought_of_what_is_offered(self):
        order = self.world.add_order(lines=1)
        self.do(order, "set_eligible_shipping_methods", **LABEL)
        offer = order["order_meta"]["eligible_shipping_methods"][0]
        label = {**LABEL, "shipping_service_id": "NONE"}
        self.refuse(order, "buy_shipment_label", "NONE is not eligible", **label)
        label["shipping_service_id"] = offer["shipping_service_id"]
        self.do(order, "buy_shipment_label", **label)
        (document,) = order["documents"]
        self.assertEqual(document["type"], "shipment_label")
        trackings = order["packages"][0]["delivery"]["trackings"]
        self.assertTrue(trackings[-1]["number"].startswith("LABEL"))
        self.assertEqual(order["lengow_status"], "waiting_shipment")

    def test_a_future_action_is_taken_when_the_marketplace_lists_it(self):
        order = self.world.add_order(lines=1)
        actions = self.world.marketplaces["amazon_fr"]["orders"]["actions"]
        actions["send_flowers"] = {
            "status": ["waiting_shipment"],
            "args": ["colour"],
            "optional_args": [],
            "args_description": {"colour": {"type": "hue"}},
        }
        before = order["updated_at"]
        self.do(order, "send_flowers", colour="blue")
        self.assertGreater(order["updated_at"], before)
        flowers = {"colour": "blue", "scent": "rose"}
        self.refuse(order, "send_flowers", "does not take", **flowers)
