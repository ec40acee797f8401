"""A channel whose stock lies in Zalando's simulated warehouse."""

from datetime import timedelta

from odoo import Command, fields

from ..simulator.feeds import ZFS_FEED
from .common import LengowCommon

ZFS = str(ZFS_FEED)
NOTICES = f"/v3.0/logistics/feed/{ZFS}/shipping_notices/"


class FulfilmentCommon(LengowCommon):
    """The world's products, a channel with a feed, and its locations."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.products = cls.create_catalogue()
        cls.first, cls.second, cls.third = cls.products[:3]
        cls.channel = cls.get_channel("zalando_zfs_de")
        cls.channel.feed_ref = ZFS
        cls.channel.action_set_up_fulfilment()
        cls.warehouse = cls.channel._get_own_warehouse()

    def setUp(self):
        super().setUp()
        # What happens is fetched at once: Odoo cuts its own time to seconds.
        self.clock.now -= 1
        self.logistics = self.simulator.logistics
        self.at_zalando = self.logistics.warehouse(ZFS)

    # What a test builds

    def create_notice(self, *pairs, **vals):
        """Create a notice with pairs of product and quantity, as the wizard does."""
        pairs = pairs or ((self.first, 5), (self.second, 3))
        return self.env["lengow.shipping.notice"].create(
            {
                "channel_id": self.channel.id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "ean": product.barcode,
                            "announced_quantity": quantity,
                        }
                    )
                    for product, quantity in pairs
                ],
                **vals,
            }
        )

    def create_transfer(self, *pairs, **vals):
        """Create a transfer on the way to the marketplace."""
        picking_type = self.channel.fulfilment_route_id.rule_ids.picking_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.channel.transit_location_id.id,
                **vals,
            }
        )
        for product, quantity in pairs:
            self.env["stock.move"].create(
                {
                    "picking_id": picking.id,
                    "product_id": product.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": quantity,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        return picking

    def stock_up(self, product, quantity, location=None):
        location = location or self.warehouse.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(product, location, quantity)

    def count_stock(self, product, location=None):
        """:return: what Odoo has of a product in a location, default at the marketplace."""
        location = location or self.channel.fulfilment_location_id
        quants = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id", "child_of", location.id)]
        )
        return sum(quants.mapped("quantity"))

    # What a test does

    def click(self, record, method):
        """Click a button that speaks to Lengow, in a transaction of its own.

        :return: the words of the notification, or None when all went well.
        """
        result = self.call(record, method)
        if isinstance(result, dict) and result.get("tag") == "display_notification":
            return result["params"]["message"]
        return None

    def call(self, record, method, *arguments):
        """Call a method that commits, as a request of the browser does.

        :return: what it returns.
        """
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr)
            result = getattr(record.with_env(env), method)(*arguments)
            env.flush_all()
        self.env.invalidate_all()
        return result

    def do(self, notice, *methods):
        """Click buttons, of which each must work."""
        for method in methods:
            self.assertIsNone(self.click(notice, method))

    def announce(self, notice):
        """Bring a notice to the point where the marketplace awaits it."""
        self.do(
            notice,
            "action_create_at_lengow",
            "action_announce",
            "action_confirm_announcement",
        )
        self.logistics.finish()
        self.run_cron("sync_notices")

    def dispatch(self, notice):
        """Bring a notice on its way, and let it arrive and be closed."""
        notice.action_fill_dispatched()
        self.do(notice, "action_dispatch", "action_confirm_dispatch")
        self.logistics.finish()
        self.run_cron("sync_notices")

    def run_cron(self, *names):  # pylint: disable=missing-return
        super().run_cron(*names)
        self.env.invalidate_all()  # crons work in transactions of their own

    def wait(self, **delta):
        self.clock.now += timedelta(**delta).total_seconds()

    def move_everything(self):
        """Turn all movements into stock moves, from the beginning of time."""
        self.channel.write(
            {
                "movement_policy": "move",
                "move_since": fields.Datetime.now() - timedelta(days=365),
            }
        )

    def fetch_movements(self):
        self.run_cron("fetch_movements", "move_stock")

    def get_movements(self, *domain):
        return self.env["lengow.stock.movement"].search(list(domain), order="id")
