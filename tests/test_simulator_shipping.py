"""Orders move on as their shipments and cancellations are confirmed."""

from odoo.tests import tagged

from ..simulator import generate_world
from ..simulator.money import compute_total, get_lines, to_cents
from .common_simulator import NOW, SimulatorCase


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorShipping(SimulatorCase):
    def setUp(self):
        super().setUp()
        self.login()

    @staticmethod
    def get_line_ids(order):
        return [line["marketplace_order_line_id"] for line in get_lines(order)]

    @staticmethod
    def get_statuses(order):
        return [line["lengow_status"] for line in get_lines(order)]

    @staticmethod
    def get_trackings(order):
        return [
            tracking
            for package in order["packages"]
            for tracking in package["delivery"]["trackings"]
        ]

    @staticmethod
    def adds_up(order):
        """:return: whether lines and charges explain the total, as in most orders."""
        return all(
            to_cents(order[f"{prefix}total_order"]) == compute_total(order, prefix)
            for prefix in ("", "original_")
        )

    def assert_adds_up(self, order):
        for prefix in ("", "original_"):
            total = to_cents(order[f"{prefix}total_order"])
            self.assertEqual(total, compute_total(order, prefix))

    # Shipments

    def test_an_order_is_shipped_once_all_its_lines_are(self):
        order = self.world.add_order(lines=2)
        first, second = self.get_line_ids(order)
        before = order["updated_at"]
        self.do(order, "ship", line=first, carrier="DPD", tracking_number="X1")
        self.assertEqual(order["lengow_status"], "waiting_shipment")
        self.assertEqual(self.get_statuses(order), ["shipped", "waiting_shipment"])
        self.assertGreater(order["updated_at"], before)
        self.do(order, "ship", line=second, carrier="DPD", tracking_number="X1")
        self.assertEqual(order["lengow_status"], "shipped")
        self.assertEqual(order["marketplace_status"], "Shipped")
        self.assertEqual(order["workflow_rank"], 6)
        trackings = self.get_trackings(order)
        self.assertEqual([tracking["number"] for tracking in trackings], ["X1", "X1"])
        lines = [tracking["marketplace_order_line_ids"] for tracking in trackings]
        self.assertEqual(lines, [[first], [second]])
        self.assert_adds_up(order)

    def test_cancelled_lines_keep_nothing_from_being_shipped(self):
        order = self.world.add_order(lines=2)
        first, second = self.get_line_ids(order)
        self.do(order, "cancel", line=first)
        self.do(order, "ship", line=second, carrier="DPD")
        self.assertEqual(order["lengow_status"], "shipped")
        self.assertEqual(self.get_statuses(order), ["canceled", "shipped"])
        self.assert_adds_up(order)

    def test_a_parcel_is_described(self):
        order = self.world.add_order("allegro_pl", lines=[("MG-SPK", 2)])
        package = order["packages"][0]["delivery"]["trackings"][0]
        package["relay"] = {"name": "Kiosk", "id": "R7", "type": None}
        (line_id,) = self.get_line_ids(order)
        self.do(
            order,
            "ship",
            line=line_id,
            quantity="1",
            carrier="DPD",
            tracking_number="P1, P2",
            weight="0.4",
        )
        waiting, *parcels = self.get_trackings(order)
        self.assertIsNone(waiting["number"])
        self.assertEqual([parcel["number"] for parcel in parcels], ["P1", "P2"])
        for parcel in parcels:
            self.assertEqual(parcel["carrier"], "DPD")
            self.assertEqual(parcel["parcel_weight"], "0.4")
            self.assertEqual(parcel["relay"]["id"], "R7")
            self.assertEqual(parcel["shipped_at"], "2025-03-14T15:09:26")
        self.assertEqual(order["lengow_status"], "waiting_shipment")

    def test_the_date_and_the_name_of_the_carrier_are_those_given(self):
        order = self.world.add_order(lines=1)
        self.do(
            order,
            "ship",
            line=self.get_line_ids(order)[0],
            carrier="Other",
            carrier_name="Pigeon Post",
            shipping_method="Express",
            shipping_date="2025-03-14T12:00:00+01:00",
        )
        (tracking,) = self.get_trackings(order)
        self.assertEqual(tracking["carrier"], "Pigeon Post")
        self.assertEqual(tracking["method"], "Express")
        self.assertEqual(tracking["shipped_at"], "2025-03-14T11:00:00")

    def test_quantities_add_up_to_a_line(self):
        order = self.world.add_order("allegro_pl", lines=[("MG-SPK", 3), ("PC-TRN", 1)])
        line_id, _other = self.get_line_ids(order)
        parcel = {"line": line_id, "carrier": "DPD", "tracking_number": "X1"}
        self.do(order, "ship", quantity=2, **parcel)
        self.assertEqual(self.get_statuses(order), ["waiting_shipment"] * 2)
        self.do(order, "ship", quantity=1, **parcel)
        self.assertEqual(self.get_statuses(order), ["shipped", "waiting_shipment"])
        line, other = self.simulator.actions.confirmations(
            order["marketplace_order_id"],
        )
        quantities = [entry["quantity"] for entry in line["confirmations"]]
        self.assertEqual((line["shipped"], quantities), (3, [2, 1]))
        self.assertEqual((other["shipped"], other["confirmations"]), (0, []))

    def test_whole_orders_of_two_packages(self):
        order = self.world.add_order("cdiscount_fr", lines=2)
        (package,) = order["packages"]
        other = {**package, "cart": [package["cart"].pop()]}
        other["delivery"] = {**package["delivery"], "trackings": []}
        order["packages"].append(other)
        self.do(order, "ship", tracking_number="X1", carrier="Colissimo")
        self.assertEqual(self.get_statuses(order), ["shipped", "shipped"])
        for package in order["packages"]:
            (tracking,) = package["delivery"]["trackings"]
            line_ids = [line["marketplace_order_line_id"] for line in package["cart"]]
            self.assertEqual(tracking["marketplace_order_line_ids"], line_ids)
            self.assertEqual(tracking["number"], "X1")

    def test_a_tracking_is_corrected_where_that_is_allowed(self):
        order = self.world.add_order("decathlon_fr", lines=2)
        self.do(order, "ship", tracking_number="WRONG")
        self.do(order, "ship", tracking_number="RIGHT", carrier="GLS")
        (tracking,) = self.get_trackings(order)
        self.assertEqual((tracking["number"], tracking["carrier"]), ("RIGHT", "GLS"))
        for line in self.simulator.actions.confirmations():
            self.assertEqual(len(line["confirmations"]), 1)
            self.assertEqual(line["updates"][0]["numbers"], ["RIGHT"])

    def test_only_lines_that_wait_are_shipped_with_the_order(self):
        order = self.world.add_order("decathlon_fr", lines=2)
        get_lines(order)[1]["lengow_status"] = "waiting_acceptance"
        self.do(order, "ship", tracking_number="X1")
        self.assertEqual(self.get_statuses(order), ["shipped", "waiting_acceptance"])

    # Cancellations

    def test_a_cancelled_order_costs_nothing(self):
        order = self.world.add_order("cdiscount_fr", lines=2, shipping=5, discount=1)
        self.do(order, "cancel")
        self.assertEqual(order["lengow_status"], "canceled")
        self.assertEqual(self.get_statuses(order), ["canceled", "canceled"])
        self.assertEqual((order["total_order"], order["shipping"]), (0, 0))
        self.assertEqual(to_cents(order["total_tax"]), 0)
        self.assert_adds_up(order)

    def test_a_cancelled_line_leaves_its_order(self):
        order = self.world.add_order("amazon_uk", lines=2, shipping=5)
        first, second = get_lines(order)
        tax = to_cents(order["total_tax"]) - to_cents(first["tax"])
        self.do(order, "cancel", line=first["marketplace_order_line_id"])
        self.assertEqual(order["lengow_status"], "waiting_shipment")
        self.assertEqual(self.get_statuses(order), ["canceled", "waiting_shipment"])
        self.assertEqual(to_cents(order["total_tax"]), tax)
        total = to_cents(second["amount"]) + to_cents(order["shipping"])
        self.assertEqual(to_cents(order["total_order"]), total)
        self.assert_adds_up(order)

    def test_pieces_of_a_line_are_cancelled(self):
        order = self.world.add_order("allegro_pl", lines=[("MG-SPK", 3)])
        (line,) = get_lines(order)
        unit = to_cents(line["original_amount"]) // 3
        arguments = {"line": line["marketplace_order_line_id"]}
        self.do(order, "partial_cancel", quantity=1, **arguments)
        (line,) = get_lines(order)
        self.assertEqual(line["quantity"], 2)
        self.assertEqual(to_cents(line["original_amount"]), 2 * unit)
        self.assert_adds_up(order)
        parcel = {"carrier": "DPD", "tracking_number": "X1"}
        self.do(order, "ship", quantity=1, **arguments, **parcel)
        action = self.settle(order, "partial_cancel", quantity=2, **arguments)
        self.assertIn("2 is more than the 1 that are left", str(action["errors"]))
        self.do(order, "partial_cancel", quantity=1, **arguments)
        self.assertEqual(order["lengow_status"], "shipped")
        self.assert_adds_up(order)

    def test_a_line_is_not_cancelled_twice(self):
        order = self.world.add_order(lines=2)
        line_id = self.get_line_ids(order)[0]
        self.do(order, "cancel", line=line_id)
        action = self.settle(order, "cancel", line=line_id)
        self.assertIn("status canceled of the line", str(action["errors"]))

    def test_no_order_is_too_odd(self):
        """Whatever generated orders look like, what fits them all is done."""
        self.simulator.world = world = generate_world(orders=400, now=NOW, seed=3)
        desk = self.simulator.actions
        plain = [order for order in world.orders if self.adds_up(order)]
        self.assertGreater(len(plain), 300)
        for order in world.orders:
            actions = world.marketplaces[order["marketplace"]]["orders"]["actions"]
            for line_id in self.get_line_ids(order):
                for action_type in ("cancel", "ship", "refund"):
                    if action_type in actions:
                        arguments = {"line": line_id, "tracking_number": "X1"}
                        desk.accept(order, action_type, arguments)
            desk.accept(order, "cancel", {})
        desk.finish()
        self.assertEqual(desk.describe()["queued"], 0)
        self.assertGreater(desk.describe()["done"], 50)
        for order in plain:
            self.assert_adds_up(order)
