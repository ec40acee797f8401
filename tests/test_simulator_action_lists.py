"""The list of actions is filtered and paged as Lengow's documents say."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from odoo.tests import tagged

from ..simulator import ACCOUNT_ID
from .common_simulator import NOW, SimulatorCase


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorActionLists(SimulatorCase):
    def setUp(self):
        super().setUp()
        self.login()
        for name, code in (("A", "decathlon_fr"), ("B", "cdon_se"), ("C", "ebay_de")):
            self.world.add_order(code, marketplace_order_id=name)

    def act_on(self, name, action_type="ship", **arguments):
        return self.act(self.world.order(name), action_type, **arguments)

    def get_names(self, **params):
        actions = self.list_actions(**params)
        return "".join(action["marketplace_order_id"] for action in actions)

    def test_every_filter(self):
        first = self.act_on("A", tracking_number="X1", carrier="1")
        self.clock.now += 100
        self.act_on("B", "cancel", line="nonsense")
        self.act_on("C", tracking_number="X3", line="no such line")
        self.simulator.actions.finish()
        self.clock.now += 100
        self.act_on("C", "cancel", reason="OUT_OF_STOCK")
        after = (NOW + timedelta(seconds=100)).isoformat()
        before = (NOW + timedelta(seconds=99)).isoformat()
        for params, names in (
            ({}, "CCBA"),
            ({"id": first}, "A"),
            ({"id": 7}, ""),
            ({"marketplace": "ebay_de"}, "CC"),
            ({"marketplace": "ebay_de,cdon_se"}, "CCB"),
            ({"marketplace_order_id": "B"}, "B"),
            ({"action_type": "cancel"}, "CB"),
            ({"processed": "True"}, "A"),
            ({"processed": "false"}, "CCB"),
            ({"queued": "True"}, "C"),
            ({"processed": "False", "queued": "False"}, "CB"),
            ({"tracking_number": "X1"}, "A"),
            ({"carrier": "1"}, "A"),
            ({"line": "nonsense"}, "B"),
            ({"created_at": NOW.isoformat()}, "A"),
            ({"created_from": after}, "CCB"),
            ({"created_to": before}, "A"),
            ({"updated_from": after}, "CCB"),
            ({"updated_from": NOW.isoformat(), "updated_to": before}, "A"),
            ({"updated_to": NOW.isoformat()}, ""),
            ({"errors": "no line of this order"}, "CB"),
            ({"errors": "NO LINE"}, "CB"),
            ({"errors": "", "line": "", "processed": ""}, "CCBA"),
            ({"is_delivered_by_marketplace": "true"}, "CCBA"),
        ):
            self.assertEqual(self.get_names(**params), names, params)

    def test_filters_that_make_no_sense(self):
        for name, value in (
            ("id", "x"),
            ("id", "1,2"),
            ("processed", "maybe"),
            ("queued", "None"),
            ("created_from", "yesterday"),
            # What becomes of an offset whose + was not quoted is no date.
            ("updated_from", "2025-03-01T10:00 01:00"),
            ("updated_to", "14/03/2025"),
        ):
            response = self.get_actions(**{name: value})
            self.assertEqual(response.status_code, 400, (name, value))
            self.assertIn(name, response.json()["error"])

    def test_the_account_is_mandatory_and_must_be_ours(self):
        for account_id, status in (("", 400), ("x", 400), (1002, 403)):
            response = self.get_actions(account_id=account_id)
            self.assertEqual(response.status_code, status, account_id)

    def test_actions_of_another_account_stay_hidden(self):
        self.act_on("A", tracking_number="X1")
        self.login(access_token="other-access-token", secret="other-secret")
        self.assertEqual(self.list_actions(account_id=1002), [])

    def test_pages_and_their_links(self):
        ids = [self.act_on("A", tracking_number=f"X{number}") for number in range(7)]
        params = {"page_size": 3, "queued": "True", "marketplace": "decathlon_fr"}
        page, seen = self.get_actions(**params).json(), []
        self.assertIsNone(page["previous"])
        while True:
            self.assertEqual(page["count"], 7)
            seen += [action["id"] for action in page["results"]]
            if page["next"] is None:
                break
            url = urlsplit(page["next"])
            where = "api.lengow.io/api/v3.0/orders/actions/"
            self.assertEqual(url.netloc + url.path, where)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            self.assertEqual(query["account_id"], str(ACCOUNT_ID))
            page = self.get_actions(**query).json()
        self.assertEqual(seen, ids[::-1])
        self.assertEqual(self.get_actions(page=2).status_code, 404)

    def test_pages_follow_what_happens_meanwhile(self):
        for _ in range(3):
            self.act_on("A", tracking_number="X1")
        params = {"queued": "True", "page_size": 2}
        self.assertEqual(self.get_names(**params), "AA")
        self.assertEqual(self.get_names(**params, page=2), "A")
        self.simulator.actions.finish()
        self.assertEqual(self.get_actions(**params, page=2).status_code, 404)
