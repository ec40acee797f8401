"""What goes wrong with an action can be had on demand, and told from what was done."""

import requests

from odoo.tests import tagged

from ..simulator.faults import AFTER, ANSWERS
from ..simulator.money import get_lines
from .common_simulator import BASE, SimulatorCase

PATH = "/v3.0/orders/actions/"


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorActionFaults(SimulatorCase):
    def setUp(self):
        super().setUp()
        self.login()
        self.desk = self.simulator.actions

    def add_order(self, **overrides):
        order = self.world.add_order("bol_nl", lines=[("MG-SPK", 3)], **overrides)
        line_id = get_lines(order)[0]["marketplace_order_line_id"]
        return order, {"line": line_id, "carrier": "BPOST_BE"}

    def post(self, order, arguments, timeout=None):
        body = {
            "account_id": order["account_id"],
            "marketplace": order["marketplace"],
            "marketplace_order_id": order["marketplace_order_id"],
            "action_type": "ship",
            **arguments,
        }
        return self.session.post(f"{BASE}{PATH}", json=body, timeout=timeout)

    # Between us and Lengow

    def test_what_fails_before_the_work_leaves_nothing(self):
        order, arguments = self.add_order()
        for kind in ANSWERS:
            self.simulator.faults.once(kind, path=PATH, method="POST")
            self.post(order, arguments)
        self.simulator.faults.once("reset_before", path=PATH)
        with self.assertRaises(requests.exceptions.ConnectionError):
            self.post(order, arguments)
        self.assertEqual(self.desk.actions, {})

    def test_what_fails_after_the_work_leaves_the_action(self):
        for kind, base in AFTER.items():
            order, arguments = self.add_order()
            self.simulator.faults.once(kind, path=PATH, method="POST")
            response = self.post(order, arguments)
            self.assertEqual(response.status_code, ANSWERS[base][0], kind)
            self.assertNotIn('"id"', response.text)
            number = order["marketplace_order_id"]
            self.assertEqual(len(self.list_actions(marketplace_order_id=number)), 1)

    def test_connections_that_break_or_time_out_leave_the_action(self):
        for kind, options in (("reset_after", {}), ("slow", {"seconds": 9})):
            order, arguments = self.add_order()
            self.simulator.faults.once(kind, path=PATH, method="POST", **options)
            with self.assertRaises(requests.exceptions.RequestException):
                self.post(order, arguments, timeout=2)
        self.assertEqual(len(self.desk.actions), 2)

    # Between Lengow and the marketplace

    def test_accepted_and_never_heard_of_again(self):
        order, arguments = self.add_order()
        self.desk.faults.once("drop", marketplace="bol_nl")
        action_id = self.act(order, "ship", **arguments)
        self.assertEqual(len(self.list_actions(id=action_id)), 1)
        self.desk.finish()
        self.assertEqual(self.list_actions(id=action_id), [])
        (line,) = self.desk.confirmations()
        self.assertEqual(line["confirmations"], [])

    def test_queued_forever(self):
        order, arguments = self.add_order(marketplace_order_id="1")
        self.desk.faults.once("stuck", marketplace_order_id="1")
        action_id = self.act(order, "ship", **arguments)
        self.clock.now += 7 * 86400
        self.login()
        (action,) = self.list_actions(id=action_id)
        self.assertTrue(action["queued"])
        self.assertEqual(order["lengow_status"], "waiting_shipment")

    def test_processed_and_yet_in_error(self):
        order, arguments = self.add_order()
        self.desk.faults.once("processed_with_errors")
        action = self.settle(order, "ship", **arguments)
        self.assertTrue(action["processed"])
        self.assertIn("expected format of the carrier", str(action["errors"]))
        self.assertEqual(order["lengow_status"], "waiting_shipment")
        self.do(order, "ship", **arguments)

    def test_done_and_reported_as_failed(self):
        order, arguments = self.add_order()
        self.desk.faults.once("refuse_after_work", message="Time-out")
        action = self.settle(order, "ship", **arguments)
        self.assertFalse(action["processed"])
        self.assertIn("status shipped", str(action["errors"]))
        (line,) = self.desk.confirmations()
        self.assertEqual((line["shipped"], len(line["confirmations"])), (3, 1))

    def test_nonsense_is_refused(self):
        faults = self.desk.faults
        self.assertRaises(ValueError, faults.once, "explode")
        self.assertRaises(ValueError, faults.set_rate, "refuse", 1.5)
        with self.assertRaises(TypeError):
            faults.once("refuse", colour="blue")
        faults.set_rate("refuse", 0.7)
        self.assertRaises(ValueError, faults.set_rate, "drop", 0.7)
        self.assertRaises(ValueError, self.desk.settings.update, colour="blue")

    def test_rates_follow_the_seed(self):
        faults = self.desk.faults
        rows = []
        for _ in range(2):
            faults.clear()
            faults.set_rate("refuse", 0.3)
            faults.set_rate("drop", 0.1)
            picked = [faults.pick(None) for _ in range(1000)]
            rows.append([fault and fault.kind for fault in picked])
        self.assertEqual(rows[0], rows[1])
        self.assertAlmostEqual(rows[0].count("refuse"), 300, delta=50)
        self.assertAlmostEqual(rows[0].count("drop"), 100, delta=40)

    # What tells afterwards

    def test_a_strict_marketplace_takes_a_shipment_once(self):
        order, arguments = self.add_order()
        self.do(order, "ship", shipped_quantity=2, **arguments)
        action = self.settle(order, "ship", shipped_quantity=2, **arguments)
        self.assertIn("2 is more than the 1 that are left", str(action["errors"]))
        self.do(order, "ship", shipped_quantity=1, **arguments)
        action = self.settle(order, "ship", **arguments)
        self.assertIn("status shipped", str(action["errors"]))
        (line,) = self.desk.confirmations(order["marketplace_order_id"])
        quantities = [entry["quantity"] for entry in line["confirmations"]]
        self.assertEqual((line["shipped"], quantities), (3, [2, 1]))
        self.assertEqual(len(line["refusals"]), 8)

    def test_a_careless_marketplace_shows_what_was_sent_twice(self):
        self.desk.settings.takes_doubles = True
        order, arguments = self.add_order()
        for _ in range(2):
            self.do(order, "ship", **arguments)
        (line,) = self.desk.confirmations(marketplace="bol_nl")
        self.assertEqual((line["shipped"], len(line["confirmations"])), (6, 2))
        self.assertEqual(self.desk.confirmations(marketplace="otto_de"), [])
        self.world.touch(order["marketplace_order_id"], lengow_status="canceled")
        action = self.settle(order, "ship", **arguments)
        self.assertIn("status canceled", str(action["errors"]))

    def test_control_settles_and_tells(self):
        self.session.headers.pop("Authorization")
        order, arguments = self.add_order()
        self.desk.accept(order, "ship", arguments)
        url = f"{BASE}/_simulator/actions"
        settings = self.session.patch(f"{url}/settings", json={"delay": 60}).json()
        self.assertEqual((settings["delay"], settings["retries"]), (60, 3))
        fault = {"kind": "refuse", "times": 1, "message": "Not now"}
        response = self.session.post(f"{url}/faults", json=fault)
        self.assertEqual(response.status_code, 201)
        self.assertEqual(response.json()["once"], [{"kind": "refuse", "times": 1}])
        for body in ({}, [], {"kind": "explode"}, {"kind": "drop", "rate": 2}):
            response = self.session.post(f"{url}/faults", json=body)
            self.assertEqual(response.status_code, 400, body)
        response = self.session.patch(f"{url}/settings", json={"colour": "blue"})
        self.assertEqual(response.status_code, 400)
        counts = {"queued": 0, "done": 1, "failed": 0}
        self.assertEqual(self.session.post(f"{url}/finish").json(), counts)
        self.assertEqual(self.get("/_simulator/").json()["actions"], counts)
        (action,) = self.session.get(url).json()
        self.assertEqual((action["processed"], action["tries"]), (True, 2))
        (line,) = self.get("/_simulator/confirmations", marketplace="bol_nl").json()
        self.assertEqual(line["confirmations"][0]["action_id"], action["id"])
        self.assertEqual(line["refusals"][0]["message"], "Not now")
        cleared = {"rates": {}, "once": []}
        self.assertEqual(self.session.delete(f"{url}/faults").json(), cleared)
