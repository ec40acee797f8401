"""Actions are taken, tried, retried and settled as Lengow's documents say."""

from datetime import datetime, timezone
from itertools import pairwise

from odoo.tests import tagged

from ..simulator import ACCOUNT_ID
from ..simulator.money import get_lines
from .common_simulator import BASE, SimulatorCase

URL = f"{BASE}/v3.0/orders/actions/"
# The keys that an action of 003 begins and ends with.
FIRST_KEYS = ["id", "marketplace_order_id", "account_id", "marketplace", "action_type"]
LAST_KEYS = ["pickup_id", "refund_id", "return_carrier"]


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorActions(SimulatorCase):
    def setUp(self):
        super().setUp()
        self.login()
        self.order = self.world.add_order(marketplace_order_id="A")
        self.line_id = get_lines(self.order)[0]["marketplace_order_line_id"]
        self.body = {
            "account_id": ACCOUNT_ID,
            "marketplace": "amazon_fr",
            "marketplace_order_id": "A",
            "action_type": "ship",
            "line": self.line_id,
            "carrier": "DPD",
        }

    def ship(self, **arguments):
        return self.act(self.order, "ship", line=self.line_id, **arguments)

    def get_action(self, action_id):
        (action,) = self.list_actions(id=action_id)
        return action

    # What becomes of an action

    def test_an_action_is_queued_then_done(self):
        response = self.post_action(**self.body)
        self.assertEqual(response.status_code, 202)
        self.assertEqual(list(response.json()), ["id"])
        action = self.get_action(response.json()["id"])
        self.assertEqual((action["queued"], action["processed"]), (True, False))
        self.assertEqual(action["created_at"], "2025-03-14T15:09:26.535897Z")
        self.assertEqual(self.order["lengow_status"], "waiting_shipment")
        self.clock.now += 4.9
        self.assertTrue(self.get_action(action["id"])["queued"])
        self.clock.now += 60
        action = self.get_action(action["id"])
        self.assertEqual((action["queued"], action["processed"]), (False, True))
        self.assertEqual(action["updated_at"], "2025-03-14T15:09:31.535897Z")
        self.assertEqual(self.order["lengow_status"], "shipped")

    def test_an_action_looks_as_in_the_documents(self):
        action = self.get_action(self.ship(carrier="DPD", tracking_number="X1"))
        keys = list(action)
        self.assertEqual((keys[:5], keys[-3:]), (FIRST_KEYS, LAST_KEYS))
        self.assertEqual(len(keys), 56)
        self.assertEqual(action["line"], self.line_id)
        self.assertEqual((action["carrier"], action["reason"]), ("DPD", None))

    def test_what_the_documents_do_not_list_comes_after(self):
        order = self.world.add_order("allegro_pl", lines=[("MG-SPK", 3)])
        line_id = get_lines(order)[0]["marketplace_order_line_id"]
        action_id = self.act(
            order,
            "ship",
            line=line_id,
            quantity=2,
            carrier="DPD",
            tracking_number=12345,
        )
        action = self.get_action(action_id)
        self.assertEqual(list(action)[-1], "quantity")
        self.assertEqual((action["quantity"], action["tracking_number"]), (2, "12345"))

    def test_forms_are_as_good_as_json(self):
        response = self.session.post(URL, data={**self.body, "tracking_number": ""})
        self.assertEqual(response.status_code, 202, response.text)
        self.simulator.actions.finish()
        self.assertTrue(self.get_action(response.json()["id"])["processed"])

    def test_accounts_may_have_ids_of_text_and_201(self):
        self.login(access_token="other-access-token", secret="other-secret")
        order = self.world.add_order(account_id=1002)
        self.simulator.actions.settings.accepted_status = 201
        line_id = get_lines(order)[0]["marketplace_order_line_id"]
        order_id = order["marketplace_order_id"]
        body = {**self.body, "account_id": "1002", "line": line_id}
        response = self.post_action(**{**body, "marketplace_order_id": order_id})
        self.assertEqual(response.status_code, 201, response.text)
        (action,) = self.list_actions(account_id=1002)
        self.assertIsInstance(action["id"], str)
        self.assertEqual(action["id"], response.json()["id"])

    def test_what_fails_is_tried_three_times_more(self):
        action_id = self.ship(carrier="Pigeon")
        times = []
        for _ in range(60):
            action = self.get_action(action_id)
            if action["updated_at"] not in times:
                times.append(action["updated_at"])
            if not action["queued"]:
                break
            self.assertEqual(bool(action["errors"]), len(times) > 1)
            self.clock.now += 1
        moments = [
            datetime.fromisoformat(time.replace("Z", "+00:00")) for time in times
        ]
        waits = [(later - earlier).seconds for earlier, later in pairwise(moments)]
        self.assertEqual(waits, [5, 10, 10, 10])
        self.assertFalse(action["processed"])
        self.assertIn("Pigeon", str(action["errors"]))
        self.assertEqual(self.order["lengow_status"], "waiting_shipment")
        self.assertEqual(self.simulator.actions.actions[action_id].tries, 4)

    def test_a_refusal_that_passes_is_forgotten(self):
        faults = self.simulator.actions.faults
        faults.once("refuse", times=3, action_type="ship")
        action_id = self.ship(carrier="DPD")
        self.clock.now += 5
        action = self.get_action(action_id)
        self.assertIn("Rate limit exceeded.", str(action["errors"]))
        self.assertTrue(action["queued"])
        self.simulator.actions.finish()
        action = self.get_action(action_id)
        self.assertTrue(action["processed"])
        self.assertFalse(action["errors"])

    def test_errors_come_in_several_forms(self):
        forms = [
            type(
                self.settle(self.order, "ship", line=self.line_id, carrier="?")[
                    "errors"
                ]
            )
            for _ in range(3)
        ]
        self.assertCountEqual(forms, [str, list, dict])
        self.simulator.actions.settings.error_form = "dict"
        action = self.settle(self.order, "cancel", line="9", reason="x")
        self.assertEqual(set(action["errors"]), {"line", "reason"})
        others = [self.world.add_order() for _ in range(3)]
        self.simulator.actions.settings.error_form = None
        for order in others:
            line_id = get_lines(order)[0]["marketplace_order_line_id"]
            self.act(order, "ship", line=line_id, carrier="DPD")
        self.simulator.actions.finish()
        nothing = [action["errors"] for action in self.list_actions(processed="True")]
        self.assertCountEqual(nothing, [None, "", []])

    def test_actions_may_overtake_each_other(self):
        self.simulator.actions.settings.spread = 100
        for _ in range(10):
            order = self.world.add_order()
            line_id = get_lines(order)[0]["marketplace_order_line_id"]
            self.act(order, "ship", line=line_id, carrier="DPD")
        self.clock.now += 200
        times = [action["updated_at"] for action in self.list_actions()]
        self.assertNotEqual(times, sorted(times, reverse=True))

    # What is refused at the door

    def test_bodies_are_checked(self):
        for changes, status in (
            ({"account_id": None}, 400),
            ({"account_id": "x"}, 400),
            ({"account_id": 1002}, 403),
            ({"marketplace": None}, 400),
            ({"marketplace": ""}, 400),
            ({"marketplace": ["amazon_fr"]}, 400),
            ({"marketplace": "nowhere"}, 404),
            ({"marketplace": "admarkt"}, 403),
            ({"marketplace": "otto_de"}, 404),
            ({"marketplace_order_id": None}, 400),
            ({"marketplace_order_id": "B"}, 404),
            ({"action_type": None}, 400),
            ({"action_type": "dance"}, 400),
            ({"line": None}, 400),
            ({"carrier": ""}, 400),
            ({"carrier": {"code": "DPD"}}, 400),
        ):
            response = self.post_action(**{**self.body, **changes})
            self.assertEqual(response.status_code, status, changes)
            self.assertTrue(response.json(), changes)
        for data in (b"", b"[]", b"{", b'"ship"'):
            headers = {"Content-Type": "application/json"}
            response = self.session.post(URL, data=data, headers=headers)
            self.assertEqual(response.status_code, 400, data)
        self.assertEqual(self.list_actions(), [])

    def test_refusals_say_what_is_wrong(self):
        response = self.post_action(**{**self.body, "action_type": "dance"})
        self.assertIn("Action dance does not exist", response.json()["error"])
        self.assertIn("ship, cancel, refund", response.json()["error"])
        response = self.post_action(**{**self.body, "line": None, "carrier": None})
        missing = "Missing mandatory arguments: line, carrier"
        self.assertEqual(response.json(), {"error": missing})

    def test_a_strict_desk_refuses_at_once(self):
        self.simulator.actions.settings.is_strict = True
        response = self.post_action(**{**self.body, "carrier": "Pigeon", "delay": 3})
        self.assertEqual(response.status_code, 422)
        self.assertEqual(response.json()["code"], "422")
        self.assertEqual(len(response.json()["errors"]), 2)
        self.assertEqual(self.post_action(**self.body).status_code, 202)

    def test_paths_and_verbs(self):
        action_id = self.ship(carrier="DPD")
        for method in ("put", "patch", "delete"):
            response = getattr(self.session, method)(URL)
            self.assertEqual(response.status_code, 405, method)
            self.assertEqual(response.headers["Allow"], "GET, HEAD, POST")
        for path in (URL[:-1], f"{URL}{action_id}/"):
            self.assertEqual(self.session.get(path).status_code, 404)

    # What changes between queueing and sending

    def test_a_marketplace_drops_the_action(self):
        action_id = self.ship(carrier="DPD")
        del self.world.marketplaces["amazon_fr"]["orders"]["actions"]["ship"]
        self.simulator.actions.finish()
        self.assertIn("does not exist", str(self.get_action(action_id)["errors"]))

    def test_a_carrier_code_vanishes(self):
        action_id = self.ship(carrier="DPD")
        ship = self.world.marketplaces["amazon_fr"]["orders"]["actions"]["ship"]
        del ship["args_description"]["carrier"]["valid_values"]["DPD"]
        self.simulator.actions.finish()
        self.assertIn("is not one of", str(self.get_action(action_id)["errors"]))

    def test_an_order_is_cancelled_meanwhile(self):
        action_id = self.ship(carrier="DPD")
        self.world.touch("A", lengow_status="canceled")
        self.simulator.actions.finish()
        errors = str(self.get_action(action_id)["errors"])
        self.assertIn("not available from status canceled", errors)

    def test_done_at_its_own_moment_whenever_one_looks(self):
        self.ship(carrier="DPD")
        self.clock.now += 3000
        self.get_orders()
        moment = datetime(2025, 3, 14, 15, 9, 31, 535897, tzinfo=timezone.utc)
        since = moment.isoformat()
        self.assertEqual(self.get_ids(updated_from=since, updated_to=since), ["A"])
