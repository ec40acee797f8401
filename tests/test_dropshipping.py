"""What suppliers send to buyers is told to marketplaces as what leaves from us."""

from odoo import Command
from odoo.tests import tagged

from .common_ship import ShipCommon
from .needs_module import needs_module


@tagged("post_install", "-at_install", "lengow")
class TestDropshipping(ShipCommon):
    def import_dropshipped(self, quantities):
        """Import an order of which a vendor delivers the first two lines."""
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        for product in self.products[:2]:
            product.write(
                {
                    "route_ids": [Command.set(route.ids)],
                    "seller_ids": [Command.create({"partner_id": vendor.id})],
                }
            )
        return self.import_order("amazon_fr", quantities)

    def order_at_vendor(self, order):
        """Confirm the purchase orders that an order led to.

        :return: the deliveries from the vendor to the buyer.
        """
        sale = order.sale_order_ids
        purchases = sale.order_line.purchase_line_ids.order_id
        self.assertTrue(purchases)
        purchases.button_confirm()
        pickings = self.get_open(order).filtered("is_dropship")
        pickings.carrier_id = self.carrier
        return pickings

    @needs_module("stock_dropshipping")
    def test_what_a_supplier_sends_is_told(self):
        self.map_carrier("amazon_fr", "DPD")
        order = self.import_dropshipped((2, 1))
        self.assertFalse(order.sale_order_ids.picking_ids)
        self.deliver(self.order_at_vendor(order), tracking="V1")
        self.assertEqual(
            {
                (action.line_key, action.state, action.arguments["tracking_number"])
                for action in order.action_ids
            },
            {(key, "pending", "V1") for key in self.get_keys(order)},
        )

    @needs_module("stock_dropshipping")
    def test_the_order_is_complete_with_what_leaves_from_us(self):
        self.map_carrier("amazon_fr", "DPD")
        self.get_channel().ship_policy = "order"
        order = self.import_dropshipped((1, 1, 1))
        dropshipped = self.order_at_vendor(order)
        self.deliver(self.get_open(order) - dropshipped, tracking="U1")
        self.assertFalse(order.action_ids)
        self.deliver(dropshipped, tracking="V1")
        self.assertEqual(len(order.action_ids), 3)

    @needs_module("stock_dropshipping")
    def test_what_is_open_or_has_left_is_seen(self):
        order = self.import_dropshipped((1,))
        sale, picking = order.sale_order_ids, self.order_at_vendor(order)
        order.lengow_status = "shipped"
        self.assertIn(picking.name, order.alert)
        self.assertFalse(order._get_delivered(sale))
        self.deliver(picking)
        self.assertFalse(order.alert)
        self.assertEqual(order._get_delivered(sale), picking)
