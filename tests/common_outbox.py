"""Actions on their way to marketplaces and back."""

from contextlib import contextmanager
from datetime import timedelta

from odoo import fields

from ..lengow.action import LinePart, Parcel
from ..models.lengow_action_job import ActionJob
from .common import LengowCommon

ACTIONS = "/v3.0/orders/actions/"
# A marketplace that takes pieces of lines, and needs a carrier.
BOL = "bol_nl"
MUG, SHIRT, NOVEL = "MG-SPK", "TS-WHT-S", "BO-NVL"
ACTION_LOGGER = "odoo.addons.sale_lengow.models.lengow_action_send"


class OutboxCommon(LengowCommon):
    """Orders that are stored, and what is asked for of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()

    def add_stored(self, *lines, marketplace=BOL, **overrides):
        """Store an order; whether it is imported makes no difference to actions.

        :param lines: pairs of SKU and quantity.
        """
        payload = self.world.add_order(
            marketplace, lines=list(lines or [(MUG, 3)]), **overrides
        )
        return self.store(payload)

    def make_ship(self, order, *parts, number="T1", **values):
        """Make a wish to report a delivery.

        :param parts: pairs of line and quantity; all lines when none is given.
        :return: :class:`ActionJob`.
        """
        parts = parts or [(line, line.quantity) for line in order.line_ids]
        return ActionJob(
            order,
            "ship",
            [LinePart(line.line_key, quantity) for line, quantity in parts],
            {"carrier": "DHL", **values},
            [Parcel(number)],
        )

    def ship(self, order, *parts, **values):
        """Queue a delivery.

        :return: its actions.
        """
        actions = self.env["lengow.action"]._queue(
            [self.make_ship(order, *parts, **values)]
        )
        self.assertEqual(
            set(actions.mapped("state")), {"pending"}, actions.mapped("error_message")
        )
        return actions

    def queue(self, order, action_type, lines=None, **values):
        """Queue any action.

        :param lines: list of :class:`LinePart`.
        :return: its actions.
        """
        job = ActionJob(order, action_type, lines, values)
        return self.env["lengow.action"]._queue([job])

    def send(self, *actions):
        """Let the pauses of actions pass, and the cron run."""
        for action in actions:
            action.filtered(lambda one: one.state == "pending").next_attempt = (
                fields.Datetime.now() - timedelta(seconds=1)
            )
        self.run_cron("send_actions")

    @contextmanager
    def open_worker(self):
        """Open an environment that commits, as that of a cron."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr)
        self.env.invalidate_all()

    def settle(self):
        """Let the marketplaces do their work, and the cron read what they say."""
        self.simulator.actions.finish()
        self.run_cron("settle_actions")

    def get_posts(self):
        """:return: what was posted, as far as it reached the simulator."""
        return [request.json for request in self.get_requests(ACTIONS, "POST")]

    def get_looks(self):
        """:return: the requests that asked for actions."""
        return self.get_requests(ACTIONS, "GET")

    def fail_post(self, kind, **options):
        """Let the next request to act fail."""
        self.simulator.faults.once(kind, path=ACTIONS, method="POST", **options)

    def get_shipped(self, order):
        """:return: list of pieces that the marketplace took as shipped, by line."""
        return [
            line["shipped"]
            for line in self.simulator.actions.confirmations(order.marketplace_order_id)
        ]

    def assert_states(self, actions, *states):
        self.assertEqual(
            actions.mapped("state"), list(states), actions.mapped("error_message")
        )

    def assert_failed(self, action, code, *words):
        self.assertEqual((action.state, action.error_code), ("error", code))
        for word in words:
            self.assertIn(word, action.error_message)
