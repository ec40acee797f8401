"""Imported orders whose deliveries are validated, and what their marketplaces are told."""

from ..simulator import generate_world
from .common import LengowCommon


class ShipCommon(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.carrier = cls.create_carrier("DPD Classic")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        sold = generate_world(orders=0).products[:4]
        cls.skus = [product["sku"] for product in sold]
        cls.products = [
            cls.create_product(product["sku"], barcode=product["ean"], weight=0.5)
            for product in sold
        ]
        cls.env["lengow.product.mapping"].create(
            [
                {
                    "account_id": cls.account.id,
                    "external_id": str(product["id"]),
                    "product_id": ours.id,
                }
                for product, ours in zip(sold, cls.products, strict=True)
            ]
        )

    @classmethod
    def create_carrier(cls, name, **vals):
        """A carrier of ours."""
        product = cls.env["product.product"].create({"name": name, "type": "service"})
        return cls.env["delivery.carrier"].create(
            {
                "name": name,
                "product_id": product.id,
                "tracking_url": "https://follow.example/<shipmenttrackingnumber>",
                **vals,
            }
        )

    def map_carrier(self, code, carrier_code, carrier=None, **vals):
        """Say what a marketplace calls a carrier."""
        return self.env["lengow.carrier.mapping"].create(
            {
                "channel_id": self.get_channel(code).id,
                "delivery_carrier_id": (carrier or self.carrier).id,
                "carrier_code": carrier_code,
                **vals,
            }
        )

    def import_order(self, code, quantities=(1,), carrier=None, **overrides):
        """Import an order of some lines, each of another product.

        :return: the ``lengow.order``.
        """
        lines = list(zip(self.skus, quantities, strict=False))
        payload = self.world.add_order(code, lines=lines, **overrides)
        order = self.import_stored(payload)
        self.assertEqual(order.state, "imported", order.error_message)
        order.sale_order_ids.picking_ids.carrier_id = carrier or self.carrier
        return order

    def get_open(self, order):
        """:return: its deliveries that are not done."""
        return order.sale_order_ids.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )

    def deliver(self, pickings, quantities=None, tracking="T1", **context):
        """Validate deliveries, as the button does.

        :param dict quantities: by product or move; all when not given.
        """
        for move in pickings.move_ids:
            wanted = move.product_uom_qty
            if quantities is not None:
                wanted = quantities.get(move, quantities.get(move.product_id, 0))
            move.quantity = wanted
            move.picked = bool(wanted)
        if tracking is not None:
            pickings.carrier_tracking_ref = tracking
        pickings.with_context(skip_backorder=True, **context).button_validate()
        self.assertEqual(set(pickings.mapped("state")), {"done"})
        return pickings

    def assert_told(self, order, *expected, state="pending"):
        """See what is sent, in the sequence in which it is written."""
        actions = order.action_ids.sorted("id")
        self.assertEqual(
            actions.mapped("error_message"),
            [False] * len(actions),
            actions.mapped("source"),
        )
        self.assertEqual([action.arguments for action in actions], list(expected))
        self.assertEqual(set(actions.mapped("state")), {state} if expected else set())

    def get_keys(self, order):
        """:return: numbers of its lines."""
        return order.line_ids.sorted("sequence").mapped("line_key")
