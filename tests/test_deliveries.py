from odoo.tests import tagged

from .common import LengowCommon


@tagged("post_install", "-at_install", "lengow")
class TestDeliveries(LengowCommon):
    def import_one(self, **overrides):
        self.connect()
        self.open_channels()
        channel = self.get_channel("amazon_fr")
        channel.write(
            {"fulfilled_by_marketplace": "no_delivery", "auto_confirm": False}
        )
        payload = self.world.add_order(lines=1, **overrides)
        self.create_product(
            payload["packages"][0]["cart"][0]["merchant_product_id"]["id"]
        )
        self.import_all()
        return self.find(payload).sale_order_ids

    def test_what_the_marketplace_delivers_is_not_delivered_again_when_confirmed_by_hand(
        self,
    ):
        types = [{"type": "is_delivered_by_marketplace", "label": "AFN"}]
        sale = self.import_one(order_types=types)
        sale.action_confirm()
        self.assertEqual(sale.state, "sale")
        self.assertFalse(sale.picking_ids)
        sale.order_line[:1].product_uom_qty += 1
        self.assertFalse(sale.picking_ids)

    def test_choosing_a_carrier_does_not_change_what_the_buyer_paid(self):
        sale = self.import_one()
        total = sale.amount_total
        carrier = self.create_carrier()
        sale.set_delivery_line(carrier, 99.0)
        self.assertEqual(sale.carrier_id, carrier)
        self.assertEqual(sale.amount_total, total)

    def test_real_cost_of_a_carrier_does_not_change_what_the_buyer_paid(self):
        for shipping in (0, 5.9):
            with self.subTest(shipping=shipping):
                sale = self.import_one(shipping=shipping)
                total = sale.amount_total
                carrier = self.create_carrier(invoice_policy="real")
                sale.set_delivery_line(carrier, 0.0)
                sale.action_confirm()
                picking = sale.picking_ids
                picking.carrier_id = carrier
                picking.carrier_price = 42.0
                picking._add_delivery_cost_to_so()
                self.assertEqual(sale.amount_total, total)

    def create_carrier(self, **vals):
        product = self.env["product.product"].create(
            {"name": "By air", "type": "service"}
        )
        return self.env["delivery.carrier"].create(
            {"name": "By air", "product_id": product.id, "fixed_price": 99.0, **vals}
        )
