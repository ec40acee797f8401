"""From the delivery in Odoo to the buyer's parcel at the marketplace, and what happens
meanwhile."""

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..simulator import generate_world
from .common_ship import ShipCommon


@tagged("post_install", "-at_install", "lengow")
class TestShipLife(ShipCommon):
    def setUp(self):
        super().setUp()
        self.connect()

    def fetch(self, order):
        """Let what the marketplace says of an order now arrive here."""
        self.store(self.world.order(order.marketplace_order_id))
        self.run_cron("import_orders")

    def send(self):
        """Send what is ready, let the marketplaces do it, and read their answers."""
        self.run_cron("send_actions")
        self.simulator.actions.finish()
        self.run_cron("settle_actions")

    def test_a_delivery_arrives_at_each_marketplace(self):
        for code, carrier_code in (
            ("amazon_fr", "DPD"),
            ("bol_nl", "TNT"),
            ("cdiscount_fr", "DPD France"),
        ):
            with self.subTest(code=code):
                self.map_carrier(code, carrier_code)
                order = self.import_order(code, (3, 1))
                self.deliver(
                    self.get_open(order),
                    {self.products[0]: 2, self.products[1]: 1},
                    "A",
                )
                self.send()
                self.deliver(self.get_open(order), tracking="B")
                self.send()
                self.assertEqual(
                    set(order.action_ids.mapped("state")),
                    {"done"},
                    order.action_ids.mapped("error_message"),
                )
                payload = self.world.order(order.marketplace_order_id)
                self.assertEqual(payload["lengow_status"], "shipped")
                told = self.simulator.actions.confirmations(order.marketplace_order_id)
                self.assertEqual([line["shipped"] for line in told], [3, 1])
                (package,) = payload["packages"]
                numbers = {
                    entry["number"] for entry in package["delivery"]["trackings"]
                }
                self.assertEqual(numbers, {"A", "B"})

    def test_a_corrected_number_arrives(self):
        self.map_carrier("decathlon_fr", "DPD")
        order = self.import_order("decathlon_fr")
        picking = self.deliver(self.get_open(order))
        self.send()
        self.fetch(order)
        self.assertEqual(order.lengow_status, "shipped")
        picking.carrier_tracking_ref = "T2"
        self.send()
        self.assertEqual(set(order.action_ids.mapped("state")), {"done"})
        (package,) = self.world.order(order.marketplace_order_id)["packages"]
        (tracking,) = package["delivery"]["trackings"]
        self.assertEqual(tracking["number"], "T2")

    def test_what_waits_for_another_status_is_sent_once_the_order_has_it(self):
        self.map_carrier("amazon_fr", "DPD")
        order = self.import_order("amazon_fr")
        self.world.touch(order.marketplace_order_id, lengow_status="new")
        self.fetch(order)
        self.deliver(self.get_open(order))
        (action,) = order.action_ids
        self.assertEqual(action.error_code, "not_ready")
        self.assertIn("“new”", action.error_message)
        self.world.touch(order.marketplace_order_id, lengow_status="waiting_shipment")
        self.fetch(order)
        self.assertEqual(action.state, "pending")

    def test_what_a_person_told_the_marketplace_meanwhile_is_not_sent(self):
        order = self.import_order("amazon_fr")
        self.deliver(self.get_open(order))
        (action,) = order.action_ids
        self.assertEqual(action.state, "error")
        self.world.touch(order.marketplace_order_id, lengow_status="shipped")
        self.fetch(order)
        self.assertEqual(action.state, "cancelled")
        self.map_carrier("amazon_fr", "DPD")
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(len(order.action_ids), 1)


@tagged("post_install", "-at_install", "lengow")
class TestShipTogether(BaseCase):
    """Real transactions on connections of their own, committed."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.clean_up)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.account_id = env["lengow.account"].create({"name": "Together"}).id
            payload = generate_world(orders=0).add_order()
            self.order_id = (
                env["lengow.order"]
                .create(
                    {
                        "account_id": self.account_id,
                        "marketplace_code": "amazon_fr",
                        "marketplace_order_id": payload["marketplace_order_id"],
                        "state": "ignored",
                    }
                )
                .id
            )

    def clean_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["lengow.order"].browse(self.order_id).unlink()
            env["lengow.account"].browse(self.account_id).unlink()

    def test_of_two_who_deliver_parts_of_an_order_at_once_the_later_one_begins_again(
        self,
    ):
        def open_order(cr):
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env["lengow.order"].browse(self.order_id)

        with self.registry.cursor() as cr:
            open_order(cr)._begin_acting()  # within the same second
        with self.registry.cursor() as later_cr:
            later = open_order(later_cr)
            self.assertEqual(later.state, "ignored")  # its transaction has begun
            with self.registry.cursor() as cr:
                open_order(cr)._begin_acting()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                later._begin_acting()
            later_cr.rollback()
