"""A simulator on a clock of its own, under a real session of `requests`."""

from datetime import datetime, timezone

import requests

from odoo.tests import BaseCase

from ..simulator import (
    ACCESS_TOKEN,
    ACCOUNT_ID,
    SECRET,
    Simulator,
    generate_world,
    respond,
)
from .fake_clock import FakeClock

BASE = "https://api.lengow.io"
NOW = datetime(2025, 3, 14, 15, 9, 26, 535897, tzinfo=timezone.utc)
KEYS = {"access_token": ACCESS_TOKEN, "secret": SECRET}


# What rules are tried on: a parcel of two lines, one of them shipped.
RULES_ORDER = {
    "lengow_status": "waiting_shipment",
    "shipping": "4.90",
    "order_meta": {"delivery_type": "PARCEL", "is_gift": True},
    "packages": [
        {
            "cart": [
                {"marketplace_order_line_id": 0, "lengow_status": "waiting_shipment"},
                {"marketplace_order_line_id": "B", "lengow_status": "shipped"},
            ],
        },
    ],
}


def when(function, value, path="x", root="action_data"):
    return {
        "key_path": {"root": root, "path": path},
        "function": function,
        "value": value,
    }


class SimulatorCase(BaseCase):
    """A simulator on a clock of its own, under a real session of `requests`."""

    orders = 0

    def setUp(self):
        super().setUp()
        self.clock = FakeClock(NOW.timestamp())
        self.world = generate_world(orders=self.orders, now=NOW)
        self.simulator = Simulator(self.world, self.clock.time, self.clock.sleep)
        self.session = requests.Session()
        self.addCleanup(self.session.close)
        # Odoo's tests keep `Session.send` from reaching any adapter.
        self.session.send = self._send

    def _send(self, request, **kwargs):
        return respond(self.simulator, self.session, request, **kwargs)

    def login(self, **keys):
        response = self.session.post(f"{BASE}/access/get_token", data={**KEYS, **keys})
        self.assertEqual(response.status_code, 200, response.text)
        self.session.headers["Authorization"] = response.json()["token"]
        return response.json()

    def get(self, path, **params):
        return self.session.get(f"{BASE}{path}", params=params)

    def get_orders(self, **params):
        response = self.get("/v3.0/orders/", **{"account_id": ACCOUNT_ID, **params})
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def get_ids(self, **params):
        orders = self.get_orders(**params)["results"]
        return [order["marketplace_order_id"] for order in orders]

    def mark(self, order_id, numbers, marketplace="amazon_fr", **more):
        body = {
            "account_id": ACCOUNT_ID,
            "marketplace": marketplace,
            "marketplace_order_id": order_id,
            "merchant_order_id": numbers,
            **more,
        }
        return self.session.patch(f"{BASE}/v3.0/orders/moi/", json=body)

    def act(self, order, action_type, account_id=ACCOUNT_ID, **arguments):
        """Post an action and return its id."""
        response = self.post_action(
            account_id=account_id,
            marketplace=order["marketplace"],
            marketplace_order_id=order["marketplace_order_id"],
            action_type=action_type,
            **arguments,
        )
        self.assertEqual(response.status_code, 202, response.text)
        return response.json()["id"]

    def settle(self, order, action_type, **arguments):
        """Post an action, let it come to its end, and return it as Lengow lists it."""
        action_id = self.act(order, action_type, **arguments)
        self.simulator.actions.finish()
        (action,) = self.list_actions(id=action_id)
        self.assertFalse(action["queued"])
        return action

    def do(self, order, action_type, **arguments):
        """Post an action and make sure that the marketplace does it."""
        action = self.settle(order, action_type, **arguments)
        self.assertFalse(action["errors"])
        self.assertTrue(action["processed"])

    def post_action(self, **body):
        return self.session.post(f"{BASE}/v3.0/orders/actions/", json=body)

    def get_actions(self, **params):
        params = {"account_id": ACCOUNT_ID, **params}
        return self.get("/v3.0/orders/actions/", **params)

    def list_actions(self, **params):
        response = self.get_actions(**params)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()["results"]
