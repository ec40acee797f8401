"""Stored orders become sale orders as the marketplace sold them."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import Form, tagged

from ..simulator.money import get_lines
from .common_imports import MUG, SHIRT, ImportOrdersCommon


@tagged("post_install", "-at_install", "lengow")
class TestImportOrders(ImportOrdersCommon):
    # Lines

    def test_cancelled_line_without_quantity_is_left_out(self):
        payload = self.add(SHIRT, MUG)
        get_lines(payload)[1].update(quantity=0, lengow_status="canceled")
        total = float(get_lines(payload)[0]["amount"])
        payload.update(total_order=total, original_total_order=total)
        order = self.import_stored(payload)
        self.assertEqual(order.sale_order_ids.order_line.product_id, self.shirt)
        self.assertEqual(order.sale_order_ids.amount_total, total)
        self.assertEqual(order.sale_order_ids.state, "sale")

    def test_same_product_on_several_lines_is_as_many_sale_lines(self):
        payload = self.add(SHIRT, SHIRT)
        first, second = get_lines(payload)
        second.update(amount="17.00", original_amount="17.00")
        payload.update(total_order=36.9, original_total_order=36.9)
        order = self.import_stored(payload)
        lines = order.sale_order_ids.order_line
        self.assertEqual(lines.lengow_line_id, order.line_ids)
        self.assertEqual(lines.mapped("price_total"), [19.9, 17.0])
        self.assertEqual(
            lines.lengow_line_id.mapped("marketplace_order_line_id"),
            [line["marketplace_order_line_id"] for line in (first, second)],
        )

    def test_amount_is_the_total_of_the_line(self):
        payload = self.world.add_order(lines=[(SHIRT, 3)], shipping=0)
        line = self.import_stored(payload).sale_order_ids.order_line
        self.assertEqual((line.product_uom_qty, line.price_total), (3, 59.7))
        self.assertAlmostEqual(line.price_unit, 19.9)

    def test_product_out_of_stock_imports_and_waits_for_its_delivery(self):
        self.assertEqual(self.shirt.qty_available, 0)
        _order, sale = self.import_one()
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.picking_ids.move_ids.product_id, self.shirt)
        self.assertEqual(sale.picking_ids.state, "confirmed")

    def test_quantity_of_the_marketplace_stays(self):
        payload = self.world.add_order(lines=[(SHIRT, 999)], shipping=0)
        sale = self.import_stored(payload).sale_order_ids
        self.assertEqual(sale.order_line.product_uom_qty, 999)
        self.assertEqual(sale.amount_total, payload["total_order"])
        self.assertEqual(sale.picking_ids.move_ids.product_uom_qty, 999)

    def test_gift_is_kept_and_stays_free(self):
        payload = self.add(SHIRT, MUG)
        get_lines(payload)[1].update(amount="0.00", original_amount="0.00", quantity=1)
        payload.update(total_order=19.9, original_total_order=19.9)
        sale = self.import_stored(payload).sale_order_ids
        gift = sale.order_line.filtered(lambda line: line.product_id == self.mug)
        self.assertEqual((gift.product_uom_qty, gift.price_total), (1, 0))
        self.assertIn(self.mug, sale.picking_ids.move_ids.product_id)
        gift.product_uom_qty = 3
        self.assertEqual((gift.price_unit, sale.amount_total), (0, 19.9))

    def test_odoo_does_not_reprice_what_the_buyer_paid(self):
        channel = self.get_channel()
        channel.auto_confirm = False
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 50,
                            "applied_on": "3_global",
                        }
                    )
                ],
            }
        )
        channel.pricelist_id = pricelist
        _order, sale = self.import_one()
        line = sale.order_line
        self.assertEqual(sale.pricelist_id, pricelist)
        self.assertEqual((line.price_unit, line.discount), (19.9, 0))
        sale.action_update_prices()
        self.assertEqual((line.price_unit, line.discount), (19.9, 0))
        line.product_uom_qty = 2
        self.assertEqual((line.price_unit, sale.amount_total), (19.9, 39.8))
        with Form(sale) as form, form.order_line.edit(0) as form_line:
            form_line.product_uom_qty = 5
        self.assertEqual((line.price_unit, line.discount), (19.9, 0))

    def test_line_that_a_person_adds_has_odoos_price(self):
        self.get_channel().auto_confirm = False
        _order, sale = self.import_one()
        own = self.env["sale.order.line"].create(
            {"order_id": sale.id, "product_id": self.mug.id, "price_unit": 5}
        )
        sale.action_update_prices()
        self.assertEqual(own.price_unit, self.mug.list_price)

    # The sale order

    def test_no_message_reaches_the_buyer(self):
        with patch.object(type(self.env["mail.mail"]), "create") as create_mail:
            _order, sale = self.import_one()
        create_mail.assert_not_called()
        buyers = sale.partner_id | sale.partner_invoice_id | sale.partner_shipping_id
        documents = (sale, *sale.picking_ids, *buyers)
        for document in documents:
            self.assertFalse(document.message_partner_ids & buyers, document)
            for message in document.message_ids:
                self.assertFalse(message.partner_ids & buyers)
                self.assertFalse(message.notified_partner_ids & buyers)

    def test_confirmed_order_keeps_its_own_date_and_has_a_delivery(self):
        day = self.simulator.now() - timedelta(days=2, hours=3)
        order, sale = self.import_one(marketplace_order_date=day)
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.date_order, day.replace(microsecond=0, tzinfo=None))
        self.assertEqual(sale.date_order, order.order_date)
        self.assertEqual(sale.picking_ids.partner_id, sale.partner_shipping_id)
        self.assertEqual(sale.client_order_ref, order.marketplace_order_id)

    def test_channel_decides_team_user_warehouse_and_fiscal_position(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Far", "code": "FAR"})
        team = self.env["crm.team"].create({"name": "Marketplaces"})
        position = self.env["account.fiscal.position"].create(
            {"name": "Exempt", "company_id": self.company.id}
        )
        exempt = self.create_tax(0, "tax_included")
        exempt.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(self.tax_20.id)],
            }
        )
        self.get_channel().write(
            {
                "team_id": team.id,
                "user_id": self.env.ref("base.user_admin").id,
                "warehouse_id": warehouse.id,
                "fiscal_position_id": position.id,
            }
        )
        _order, sale = self.import_one()
        self.assertEqual((sale.team_id, sale.warehouse_id), (team, warehouse))
        self.assertEqual(sale.user_id, self.env.ref("base.user_admin"))
        self.assertEqual(sale.fiscal_position_id, position)
        self.assertEqual(sale.order_line.tax_ids, exempt)
        self.assertEqual(sale.amount_total, 19.9)
        self.assertEqual(sale.picking_ids.picking_type_id.warehouse_id, warehouse)

    def test_order_belongs_to_nobody_where_the_channel_names_nobody(self):
        _order, sale = self.import_one()
        self.assertFalse(sale.user_id)

    def test_channel_may_leave_the_confirmation_to_people(self):
        self.get_channel().auto_confirm = False
        day = self.simulator.now() - timedelta(days=1)
        order, sale = self.import_one(marketplace_order_date=day)
        self.assertEqual((sale.state, sale.amount_total), ("draft", 19.9))
        self.assertFalse(sale.picking_ids)
        sale.action_confirm()
        self.assertEqual(sale.date_order, order.order_date)
        self.assertTrue(sale.picking_ids)

    def test_channel_off_keeps_orders_until_it_is_on_again(self):
        channel = self.get_channel()
        channel.import_orders = False
        order = self.import_stored(self.add())
        self.assertEqual((order.state, order.error_code), ("ignored", "channel_off"))
        channel.import_orders = True
        self.run_cron("import_orders")
        self.assertEqual((order.state, order.error_code), ("imported", False))
        self.assertEqual(len(order.sale_order_ids), 1)
        channel.active = False
        later = self.import_stored(self.add())
        self.assertEqual((later.state, later.channel_id), ("ignored", channel))
        self.assertEqual(order.state, "imported", "what is imported stays")
        channel.active = True
        self.run_cron("import_orders")
        self.assertEqual(later.state, "imported")

    def test_channel_that_goes_off_stops_orders_that_are_due(self):
        order = self.store(self.add())
        self.get_channel().import_orders = False
        self.run_cron("import_orders")
        self.assertEqual((order.state, order.sale_order_count), ("ignored", 0))

    def test_order_fulfilled_by_the_marketplace(self):
        order_types = [{"type": "is_delivered_by_marketplace", "label": "AFN"}]
        payload = self.add(order_types=order_types, lengow_status="shipped")
        order = self.import_stored(payload)
        self.assertEqual(
            (order.state, order.error_code), ("ignored", "fulfilled_by_marketplace")
        )
        self.get_channel().fulfilled_by_marketplace = "no_delivery"
        self.run_cron("import_orders")
        sale = order.sale_order_ids
        self.assertEqual((order.state, sale.state), ("imported", "sale"))
        self.assertFalse(sale.picking_ids)
        ours, their = self.add(), self.add(order_types=order_types)
        self.import_stored(ours, their)
        self.assertTrue(self.find(ours).sale_order_ids.picking_ids)
        self.assertFalse(self.find(their).sale_order_ids.picking_ids)
