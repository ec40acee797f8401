"""Deliveries confirm themselves, as each marketplace takes it."""

from odoo.tests import new_test_user, tagged

from .common_ship import ShipCommon
from .needs_module import needs_module


@tagged("post_install", "-at_install", "lengow")
class TestShipLines(ShipCommon):
    """A marketplace that takes lines: Amazon."""

    def setUp(self):
        super().setUp()
        self.map_carrier("amazon_fr", "DPD")

    def test_a_delivery_tells_of_each_line(self):
        order = self.import_order("amazon_fr", (2, 1))
        picking = self.deliver(self.get_open(order))
        one, two = self.get_keys(order)
        common = {
            "carrier": "DPD",
            "tracking_number": "T1",
            "shipping_date": picking.date_done.isoformat() + "+00:00",
        }
        self.assert_told(order, {"line": one, **common}, {"line": two, **common})
        self.assertEqual(order.action_ids.picking_id, picking)
        self.assertEqual(sorted(order.action_ids.mapped("quantity")), [1, 2])
        self.assertEqual(set(order.action_ids.line_id), set(order.line_ids))

    def test_a_line_is_told_once_it_is_complete_with_all_its_parcels(self):
        # pitfalls 62 and 68
        order = self.import_order("amazon_fr", (3, 1))
        one, two = self.get_keys(order)
        self.deliver(self.get_open(order), {self.products[0]: 2, self.products[1]: 1})
        self.assertEqual(order.action_ids.mapped("line_key"), [two])
        self.deliver(self.get_open(order), tracking="T2, T1")
        action = order.action_ids.filtered(lambda action: action.line_key == one)
        self.assertEqual(action.quantity, 3)
        self.assertEqual(action.arguments["tracking_number"], "T1,T2")
        self.assertEqual(len(order.action_ids), 2)

    def test_one_product_on_two_lines_is_told_line_by_line(self):
        payload = self.world.add_order(
            "amazon_fr", lines=[(self.skus[0], 2), (self.skus[0], 1)]
        )
        order = self.import_stored(payload)
        one, two = self.get_keys(order)
        picking = self.get_open(order)
        picking.carrier_id = self.carrier
        second = picking.move_ids.filtered(
            lambda move: move.sale_line_id.lengow_line_id.line_key == two
        )
        self.deliver(picking, {second: 1})
        self.assertEqual(order.action_ids.mapped("line_key"), [two])
        self.deliver(self.get_open(order))
        self.assertEqual(set(order.action_ids.mapped("line_key")), {one, two})

    def test_a_backorder_that_is_cancelled_completes_its_line(self):
        order = self.import_order("amazon_fr", (3,))
        self.deliver(self.get_open(order), {self.products[0]: 2})
        self.assertFalse(order.action_ids)
        self.get_open(order).action_cancel()
        (action,) = order.action_ids
        self.assertEqual((action.state, action.quantity), ("pending", 2))
        self.assertIn("1 of its 3 pieces will not be delivered", action.notice)

    def test_a_delivery_without_a_backorder_completes_its_line(self):
        order = self.import_order("amazon_fr", (3,))
        picking = self.get_open(order)
        self.deliver(
            picking, {self.products[0]: 2}, picking_ids_not_to_backorder=picking.ids
        )
        self.assertFalse(self.get_open(order))
        (action,) = order.action_ids
        self.assertEqual(action.arguments["tracking_number"], "T1")

    def test_nothing_is_told_of_what_never_left(self):
        order = self.import_order("amazon_fr", (1, 1))
        self.get_open(order).action_cancel()
        self.assertFalse(order.action_ids)

    def test_a_delivery_that_is_validated_twice_is_told_once(self):
        order = self.import_order("amazon_fr", (2,))
        picking = self.deliver(self.get_open(order))
        picking.button_validate()
        picking._action_done()
        order._report_deliveries(order.line_ids)
        self.assertEqual(len(order.action_ids), 1)

    def test_what_comes_back_and_is_sent_again_is_told_once(self):
        order = self.import_order("amazon_fr", (2,))
        picking = self.deliver(self.get_open(order))
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.deliver(returned, tracking="R1")
        self.assertEqual(len(order.action_ids), 1)
        self.assertEqual(order.action_ids.arguments["tracking_number"], "T1")

    def test_several_deliveries_at_once_are_told_one_by_one(self):
        orders = [self.import_order("amazon_fr", (1, 2)) for _order in range(3)]
        pickings = self.env["stock.picking"].union(*map(self.get_open, orders))
        self.deliver(pickings, tracking="T")
        for order in orders:
            self.assertEqual(len(order.action_ids), 2)
            self.assertEqual(set(order.action_ids.mapped("state")), {"pending"})

    def test_ten_deliveries_cost_hardly_more_queries_than_one(self):
        def count(number):
            orders = [self.import_order("amazon_fr", (1, 2)) for _n in range(number)]
            orders = self.env["lengow.order"].union(*orders)
            self.deliver(self.get_open(orders), tracking="T")
            orders.action_ids.unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders._report_deliveries(orders.line_ids)
            self.env.flush_all()
            self.assertEqual(len(orders.action_ids), 2 * number)
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertLess(count(10) - count(1), 9)

    def test_only_the_last_of_three_steps_is_told(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self.import_order("amazon_fr", (1,))
        for _step in range(2):
            self.deliver(self.get_open(order))
            self.assertFalse(order.action_ids)
        self.get_open(order).carrier_id = self.carrier
        self.deliver(self.get_open(order))
        self.assertEqual(len(order.action_ids), 1)

    def test_services_are_told_with_the_goods(self):
        self.products[1].write({"type": "service", "is_storable": False})
        order = self.import_order("amazon_fr", (1, 1))
        self.deliver(self.get_open(order))
        self.assertEqual(
            set(order.action_ids.mapped("line_key")), set(self.get_keys(order))
        )

    def test_an_order_of_services_only_is_given_to_a_person(self):
        self.products[1].write({"type": "service", "is_storable": False})
        goods, services = (
            self.import_stored(
                self.world.add_order("amazon_fr", lines=[(sku, 1) for sku in skus])
            )
            for skus in (self.skus[:2], self.skus[1:2])
        )
        todo = self.env.ref("mail.mail_activity_data_todo")
        for order, count in ((goods, 0), (services, 1)):
            activities = order.sale_order_ids.activity_ids
            self.assertEqual(order.state, "imported", order.error_message)
            self.assertEqual(
                len(activities.filtered(lambda a: a.activity_type_id == todo)), count
            )
            self.assertEqual(bool(order.alert), bool(count))
        self.assertIn("it consists of services", services.alert)
        self.assertIn(
            "it consists of services", services.sale_order_ids.activity_ids.note
        )
        action = self.env["lengow.action"].create(
            {"lengow_order_id": services.id, "action_type": "ship", "state": "error"}
        )
        self.assertTrue(services.alert)
        action.state = "queued"
        self.assertFalse(services.alert)

    def test_nobody_is_bothered_with_services_that_are_told_by_hand(self):
        self.products[1].write({"type": "service", "is_storable": False})
        self.get_channel().ship_policy = "manual"
        order = self.import_stored(
            self.world.add_order("amazon_fr", lines=[(self.skus[1], 1)])
        )
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertFalse(order.alert or order.sale_order_ids.activity_ids)

    def test_what_the_marketplace_delivers_is_not_told(self):
        self.get_channel().write({"fulfilled_by_marketplace": "deliver"})
        self.get_channel().fulfilment_warehouse_id = self.warehouse
        order = self.import_order(
            "amazon_fr",
            (1,),
            order_types=[{"type": "is_delivered_by_marketplace", "label": "AFN"}],
        )
        self.assertEqual(order.sale_order_ids.picking_ids.state, "done")
        self.assertFalse(order.action_ids)

    def test_orders_of_our_own_are_none_of_lengows_business(self):
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Anna"}).id,
                "order_line": [(0, 0, {"product_id": self.products[0].id})],
            }
        )
        sale.action_confirm()
        self.deliver(sale.picking_ids)
        self.assertFalse(self.env["lengow.action"].search([]))

    def test_a_channel_can_leave_it_to_people(self):
        self.get_channel().ship_policy = "manual"
        order = self.import_order("amazon_fr", (1,))
        picking = self.deliver(self.get_open(order))
        picking.carrier_tracking_ref = "T9"
        self.assertFalse(order.action_ids)

    def test_a_channel_can_wait_until_the_order_is_complete(self):
        self.get_channel().ship_policy = "order"
        order = self.import_order("amazon_fr", (1, 1))
        one, two = self.get_keys(order)
        self.deliver(self.get_open(order), {self.products[0]: 1})
        self.assertFalse(order.action_ids)
        self.deliver(self.get_open(order), tracking="T2")
        told = {
            action.line_key: action.arguments["tracking_number"]
            for action in order.action_ids
        }
        self.assertEqual(told, {one: "T1", two: "T2"})

    def test_warehouse_people_need_no_rights_on_marketplace_orders(self):
        order = self.import_order("amazon_fr", (1,))
        user = new_test_user(self.env, "stock", "stock.group_stock_user")
        picking = self.get_open(order).with_user(user)
        self.deliver(picking)
        self.assertEqual(len(order.action_ids), 1)
        picking.carrier_tracking_ref = "T9"
        self.assertEqual(order.action_ids.arguments["tracking_number"], "T9")

    def test_goods_that_a_supplier_sends_to_the_buyer_are_told(self):
        order = self.import_order("amazon_fr", (1,))
        picking = self.get_open(order)
        supplier = self.env.ref("stock.stock_location_suppliers")
        picking.location_id = picking.move_ids.location_id = supplier
        self.deliver(picking)
        self.assertEqual(len(order.action_ids), 1)


@tagged("post_install", "-at_install", "lengow")
class TestShipOrders(ShipCommon):
    """A marketplace that takes whole orders: Cdiscount."""

    def setUp(self):
        super().setUp()
        self.map_carrier("cdiscount_fr", "DPD France")

    def test_an_order_is_told_once_all_is_shipped_with_all_its_parcels(self):
        order = self.import_order("cdiscount_fr", (2, 1))
        self.deliver(self.get_open(order), {self.products[0]: 1, self.products[1]: 1})
        self.assertFalse(order.action_ids)
        self.deliver(self.get_open(order), tracking="T2")
        self.assert_told(order, {"carrier": "DPD France", "tracking_number": "T1,T2"})
        self.assertFalse(order.action_ids.line_key)

    def test_two_packages_of_an_order_are_told_once_both_are_shipped(self):
        payload = self.world.add_order(
            "cdiscount_fr", lines=[(self.skus[0], 1), (self.skus[1], 2)]
        )
        (package,) = payload["packages"]
        line = package["cart"].pop()
        payload["packages"].append({**package, "cart": [line]})
        order = self.import_stored(payload)
        first, second = order.sale_order_ids.picking_ids.sorted("id")
        (first | second).carrier_id = self.carrier
        self.deliver(first, tracking="A")
        self.assertFalse(order.action_ids)
        self.deliver(second, tracking="B")
        (action,) = order.action_ids
        self.assertEqual(action.arguments["tracking_number"], "A,B")

    def test_a_package_that_is_not_confirmed_yet_is_waited_for(self):
        payload = self.world.add_order(
            "cdiscount_fr", lines=[(self.skus[0], 1), (self.skus[1], 2)]
        )
        (package,) = payload["packages"]
        line = package["cart"].pop()
        payload["packages"].append({**package, "cart": [line]})
        self.get_channel("cdiscount_fr").auto_confirm = False
        order = self.import_stored(payload)
        first, second = order.sale_order_ids
        first.action_confirm()
        first.picking_ids.carrier_id = self.carrier
        self.deliver(first.picking_ids)
        self.assertFalse(order.action_ids)
        second._action_cancel()
        order._report_deliveries(order.line_ids)
        self.assertIn("will not be delivered", order.action_ids.notice)

    def test_what_is_given_up_lets_the_rest_be_told(self):
        order = self.import_order("cdiscount_fr", (2, 1))
        self.deliver(self.get_open(order), {self.products[0]: 2})
        self.get_open(order).action_cancel()
        self.assertEqual(len(order.action_ids), 1)
        self.assertIn(
            "1 of its 1 pieces will not be delivered", order.action_ids.notice
        )

    def test_a_line_that_is_cancelled_at_the_marketplace_lets_the_rest_be_told(self):
        order = self.import_order("cdiscount_fr", (1, 1))
        self.deliver(self.get_open(order), {self.products[0]: 1})
        payload = self.world.order(order.marketplace_order_id)
        payload["packages"][0]["cart"][1]["lengow_status"] = "canceled"
        self.world.touch(order.marketplace_order_id)
        self.store(payload)
        self.run_cron("import_orders")
        self.assertFalse(self.get_open(order))
        self.assert_told(order, {"carrier": "DPD France", "tracking_number": "T1"})

    def test_both_deliveries_validated_at_once_are_told_once(self):
        order = self.import_order("cdiscount_fr", (2,))
        picking = self.get_open(order)
        picking.move_ids.quantity = 1
        picking.action_split_transfer()
        pickings = self.get_open(order)
        self.assertEqual(len(pickings), 2)
        self.deliver(pickings)
        self.assert_told(order, {"carrier": "DPD France", "tracking_number": "T1"})

    def test_a_marketplace_that_knows_already_is_not_told(self):
        order = self.import_order("cdiscount_fr", (1,), lengow_status="shipped")
        picking = self.deliver(self.get_open(order))
        self.assertFalse(order.action_ids)
        self.assertIn("Shipped", picking.message_ids[0].body)

    def test_a_marketplace_that_takes_no_action_is_not_told(self):
        self.get_channel("cdiscount_fr").marketplace_id.spec = {
            "name": "C",
            "orders": {},
        }
        self.env.registry.clear_cache()
        order = self.import_order("cdiscount_fr", (1,))
        self.deliver(self.get_open(order))
        self.assertFalse(order.action_ids)

    def test_a_marketplace_that_dropped_the_action_is_named(self):
        marketplace = self.get_channel("cdiscount_fr").marketplace_id
        spec = marketplace.spec
        del spec["orders"]["actions"]["ship"]
        marketplace.spec = spec
        self.env.registry.clear_cache()
        order = self.import_order("cdiscount_fr", (1,))
        self.deliver(self.get_open(order))
        (action,) = order.action_ids
        self.assertEqual((action.state, action.error_code), ("error", "not_ready"))
        self.assertIn("does not offer", action.error_message)


@tagged("post_install", "-at_install", "lengow")
class TestShipQuantities(ShipCommon):
    """A marketplace that takes lines in parts: bol."""

    def setUp(self):
        super().setUp()
        self.map_carrier("bol_nl", "TNT")

    def get_told(self, order):
        """:return: dict of tracking number to pieces of the order's only line."""
        told = {}
        for action in order.action_ids:
            arguments = action.arguments
            self.assertEqual(action.quantity, arguments["shipped_quantity"])
            number = arguments["tracking_number"]
            told[number] = told.get(number, 0) + arguments["shipped_quantity"]
        return told

    def test_each_parcel_is_told_with_its_pieces(self):
        # pitfall 62
        order = self.import_order("bol_nl", (5,))
        product = self.products[0]
        self.deliver(self.get_open(order), {product: 2}, "A")
        self.deliver(self.get_open(order), {product: 1}, "B")
        self.deliver(self.get_open(order), {product: 2}, "C")
        self.assertEqual(self.get_told(order), {"A": 2, "B": 1, "C": 2})

    def test_two_deliveries_at_once_are_told_apart(self):
        order = self.import_order("bol_nl", (3,))
        picking = self.get_open(order)
        picking.move_ids.quantity = 1
        picking.action_split_transfer()
        first, second = self.get_open(order)
        first.carrier_tracking_ref, second.carrier_tracking_ref = "A", "B"
        sizes = {
            p.carrier_tracking_ref: p.move_ids.product_uom_qty for p in first | second
        }
        self.deliver(first | second, tracking=None)
        self.assertEqual(self.get_told(order), sizes)

    def test_the_last_parcels_are_told_apart_when_the_order_is_complete(self):
        self.get_channel("bol_nl").ship_policy = "order"
        order = self.import_order("bol_nl", (3,))
        self.deliver(self.get_open(order), {self.products[0]: 1}, "A")
        self.assertFalse(order.action_ids)
        self.deliver(self.get_open(order), tracking="B")
        self.assertEqual(self.get_told(order), {"A": 1, "B": 2})

    def test_no_more_is_told_than_was_ordered(self):
        order = self.import_order("bol_nl", (2,))
        picking = self.get_open(order)
        self.deliver(picking, {self.products[0]: 3}, "A")
        self.assertEqual(self.get_told(order), {"A": 2})
        self.assertIn(
            "2 of the 3 delivered pieces are reported", order.action_ids.notice
        )

    def test_packs_are_told_as_the_marketplace_counts_them(self):
        pack = self.env.ref("uom.product_uom_pack_6")
        order = self.import_order("bol_nl", (2,))
        sale_line = order.line_ids.sale_line_id
        picking = self.get_open(order)
        sale_line.product_uom_id = pack
        picking.move_ids.product_uom_qty = 12
        product = self.products[0]
        self.deliver(self.get_open(order), {product: 2}, "A")
        self.deliver(self.get_open(order), {product: 2}, "B")
        self.assertFalse(order.action_ids)
        self.deliver(self.get_open(order), {product: 2}, "C")
        self.assertEqual(self.get_told(order), {"A,B,C": 1})
        self.deliver(self.get_open(order), {product: 6}, "D")
        self.assertEqual(self.get_told(order), {"A,B,C": 1, "D": 1})

    def test_what_failed_stays_with_its_action(self):
        order = self.import_order("bol_nl", (3,))
        product = self.products[0]
        self.deliver(self.get_open(order), {product: 2}, "A")
        order.action_ids.write({"state": "error", "error_code": "failed"})
        self.deliver(self.get_open(order), {product: 1}, "B")
        self.assertEqual(self.get_told(order), {"A": 2, "B": 1})

    def test_what_was_told_by_hand_is_not_told_again(self):
        order = self.import_order("bol_nl", (3,))
        self.env["lengow.action"].create(
            {
                "lengow_order_id": order.id,
                "line_key": order.line_ids.line_key,
                "action_type": "ship",
                "quantity": 2,
                "arguments": {"tracking_number": "HAND", "shipped_quantity": 2},
                "state": "done",
            }
        )
        self.deliver(self.get_open(order), tracking="A")
        self.assertEqual(self.get_told(order), {"HAND": 2, "A": 1})

    @needs_module("sale_mrp")
    def test_a_kit_is_told_once_all_its_parts_have_left(self):
        parts = self.env["product.product"].create(
            [{"name": name, "is_storable": True} for name in ("Leg", "Top")]
        )
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.products[0].product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    (0, 0, {"product_id": parts[0].id, "product_qty": 4}),
                    (0, 0, {"product_id": parts[1].id, "product_qty": 1}),
                ],
            }
        )
        order = self.import_order("bol_nl", (2,))
        leg, top = parts
        self.deliver(self.get_open(order), {leg: 8}, "A")
        self.assertFalse(order.action_ids)
        self.deliver(self.get_open(order), {top: 1}, "B")
        self.assertEqual(self.get_told(order), {"A,B": 1})
        self.deliver(self.get_open(order), tracking="C")
        self.assertEqual(self.get_told(order)["C"], 1)
        self.assertEqual(sum(self.get_told(order).values()), 2)
