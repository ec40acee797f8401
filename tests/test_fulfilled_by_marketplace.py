"""Orders that the marketplace delivers from its own warehouse, as the channel wants them."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..simulator.money import get_lines
from .common_changes import MUG, SHIRT, ChangesCommon

TYPES = [{"type": "is_delivered_by_marketplace", "label": "AFN"}]
FULFILLED_LOGGER = "odoo.addons.sale_lengow.models.lengow_order_fulfilled"


@tagged("post_install", "-at_install", "lengow")
class TestFulfilledByMarketplace(ChangesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].create(
            {"name": "Amazon's", "code": "FBA", "company_id": cls.company.id}
        )

    def set_policy(self, policy, warehouse=None):
        self.get_channel().write(
            {
                "fulfilled_by_marketplace": policy,
                "fulfilment_warehouse_id": warehouse and warehouse.id,
            }
        )

    def add(self, *lines, **overrides):
        return self.world.add_order(
            lines=list(lines or [(SHIRT, 2)]), order_types=TYPES, **overrides
        )

    def import_fulfilled(self, *lines, **overrides):
        """:return: the order of a new payload, and its sale order."""
        order = self.import_stored(self.add(*lines, **overrides))
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertTrue(order.is_fulfilled_by_marketplace)
        return order, order.sale_order_ids

    def get_stock(self, product):
        return product.with_context(warehouse_id=self.warehouse.id).qty_available

    def test_they_are_left_out_with_the_reason_where_the_channel_skips_them(self):
        order = self.import_stored(self.add())
        self.assertEqual(
            (order.state, order.error_code), ("ignored", "fulfilled_by_marketplace")
        )
        self.assertTrue(order.remedy)

    def test_tracking_alone_tells_it(self):
        payload = self.world.add_order(lines=[(SHIRT, 1)])
        tracking = payload["packages"][0]["delivery"]["trackings"][0]
        tracking["is_delivered_by_marketplace"] = True
        self.assertEqual(self.import_stored(payload).state, "ignored")

    def test_they_are_imported_without_a_delivery(self):
        self.set_policy("no_delivery")
        order, sale = self.import_fulfilled()
        self.assertEqual(
            (sale.state, sale.lengow_delivered_by), ("sale", "marketplace")
        )
        self.assertFalse(sale.picking_ids)
        self.assertFalse(order.alert)

    def test_they_are_delivered_at_once_from_the_marketplaces_stock(self):
        self.set_policy("deliver", self.warehouse)
        self.put_in_stock(self.shirt, 10, self.warehouse)
        order, sale = self.import_fulfilled((SHIRT, 2), (MUG, 1))
        self.assertEqual(sale.warehouse_id, self.warehouse)
        self.assertEqual(sale.lengow_delivered_by, "marketplace_warehouse")
        self.assertEqual(set(sale.picking_ids.mapped("state")), {"done"})
        self.assertEqual(self.get_stock(self.shirt), 8)
        self.assertEqual(sale.delivery_status, "full")
        self.assertFalse(order.error_code)

    def test_they_are_delivered_though_odoo_has_no_stock_there(self):
        self.set_policy("deliver", self.warehouse)
        _order, sale = self.import_fulfilled((SHIRT, 3))
        self.assertEqual(sale.picking_ids.state, "done")
        self.assertEqual(len(sale.picking_ids), 1, "no backorder")
        self.assertEqual(sale.order_line[0].qty_delivered, 3)
        self.assertEqual(self.get_stock(self.shirt), -3)

    def test_warehouse_of_several_steps_delivers_at_once_too(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self.set_policy("deliver", self.warehouse)
        _order, sale = self.import_fulfilled((SHIRT, 3))
        self.assertEqual(set(sale.picking_ids.mapped("state")), {"done"})
        self.assertEqual(sale.order_line[0].qty_delivered, 3)

    def test_nobody_is_written_to_and_no_parcel_is_ordered(self):
        self.set_policy("deliver", self.warehouse)
        self.company.stock_move_email_validation = True
        self.company.stock_mail_confirmation_template_id = self.env.ref(
            "stock.mail_template_data_delivery_confirmation"
        )
        before = self.env["mail.mail"].search_count([])
        _order, sale = self.import_fulfilled()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        messages = sale.picking_ids.message_ids
        self.assertFalse(messages.notified_partner_ids)

    def test_other_orders_of_the_channel_are_delivered_by_us(self):
        self.set_policy("deliver", self.warehouse)
        _payload, order = self.import_one()
        sale = order.sale_order_ids
        self.assertNotEqual(sale.warehouse_id, self.warehouse)
        self.assertEqual(sale.lengow_delivered_by, "merchant")
        self.assertNotEqual(sale.picking_ids.state, "done")

    def test_lots_that_odoo_asks_for_are_given_to_a_person(self):
        self.shirt.tracking = "serial"
        self.set_policy("deliver", self.warehouse)
        good = self.add((MUG, 1))
        with mute_logger(FULFILLED_LOGGER):
            order, sale = self.import_fulfilled()
            self.import_stored(good)
        self.assertEqual((order.state, order.error_code), ("imported", "not_delivered"))
        self.assertIn(sale.picking_ids.name, order.error_message)
        self.assertTrue(order.remedy)
        self.assertEqual(sale.state, "sale")
        self.assertEqual(self.find(good).sale_order_ids.picking_ids.state, "done")
        self.assertIn(order, order.search(order._get_to_fix_domain()))
        return order, sale

    def test_delivery_that_a_person_validates_needs_nobody_any_more(self):
        order, sale = self.test_lots_that_odoo_asks_for_are_given_to_a_person()
        picking = sale.picking_ids
        picking.move_ids.move_line_ids.unlink()
        self.env["stock.move.line"].create(
            [
                {
                    "move_id": picking.move_ids.id,
                    "picking_id": picking.id,
                    "product_id": self.shirt.id,
                    "lot_name": f"SN{number}",
                    "quantity": 1,
                    "picked": True,
                    "lot_id": self.env["stock.lot"]
                    .create({"name": f"SN{number}", "product_id": self.shirt.id})
                    .id,
                }
                for number in range(2)
            ]
        )
        picking._action_done()
        self.assertEqual(picking.state, "done")
        self.assertFalse(order.error_code)

    def test_retry_validates_once_the_cause_is_gone(self):
        order, sale = self.test_lots_that_odoo_asks_for_are_given_to_a_person()
        self.shirt.tracking = "none"
        order.action_retry()
        self.assertEqual(sale.picking_ids.state, "done")
        self.assertFalse(order.error_code)

    def test_serial_numbers_in_stock_are_used(self):
        self.shirt.tracking = "serial"
        for number in range(2):
            lot = self.env["stock.lot"].create(
                {"name": f"SN{number}", "product_id": self.shirt.id}
            )
            self.env["stock.quant"]._update_available_quantity(
                self.shirt, self.warehouse.lot_stock_id, 1, lot_id=lot
            )
        self.set_policy("deliver", self.warehouse)
        _order, sale = self.import_fulfilled((SHIRT, 2))
        self.assertEqual(sale.picking_ids.state, "done")
        self.assertEqual(self.get_stock(self.shirt), 0)

    def test_channel_without_a_warehouse_is_told(self):
        self.set_policy("deliver")
        order = self.import_stored(self.add())
        self.assertEqual((order.state, order.error_code), ("error", "no_warehouse"))
        self.assertIn(order.marketplace_order_id, order.error_message)
        self.assertTrue(order.remedy)
        self.get_channel().fulfilment_warehouse_id = self.warehouse
        self.run_cron("import_orders")
        self.assertEqual(order.state, "imported", "by itself")

    def test_quotation_is_delivered_when_a_person_confirms_it(self):
        self.set_policy("deliver", self.warehouse)
        self.get_channel().auto_confirm = False
        _order, sale = self.import_fulfilled()
        self.assertFalse(sale.picking_ids)
        sale.action_confirm()
        self.assertEqual(sale.picking_ids.state, "done")

    def test_policy_of_the_import_stays_that_of_the_sale_order(self):
        self.set_policy("no_delivery")
        self.get_channel().auto_confirm = False
        _order, sale = self.import_fulfilled()
        self.set_policy("deliver", self.warehouse)
        sale.action_confirm()
        self.assertFalse(sale.picking_ids)

    def test_cancellation_after_the_delivery_is_given_to_a_person(self):
        self.set_policy("deliver", self.warehouse)
        payload = self.add()
        order = self.import_stored(payload)
        self.change(payload, "cancel")
        self.assertEqual(order.sale_order_ids.state, "sale")
        self.assert_to_do(order, order.sale_order_ids.picking_ids.name)

    def test_cancellation_without_a_delivery_is_followed(self):
        self.set_policy("no_delivery")
        payload = self.add((SHIRT, 1), (MUG, 2))
        order = self.import_stored(payload)
        self.change(payload, "cancel_line", 1)
        self.assert_exact(order, payload)
        self.assertFalse(order.sale_order_ids.picking_ids)
        self.change(payload, "cancel")
        self.assertEqual(order.sale_order_ids.state, "cancel")

    def test_more_of_a_line_is_delivered_at_once_too(self):
        self.set_policy("deliver", self.warehouse)
        payload = self.add((SHIRT, 2))
        order = self.import_stored(payload)
        self.change(payload, "set_quantity", 5)
        sale = order.sale_order_ids
        self.assertEqual(set(sale.picking_ids.mapped("state")), {"done"})
        self.assertEqual(sale.order_line[0].qty_delivered, 5)
        self.assertEqual(len(get_lines(payload)), 1)
