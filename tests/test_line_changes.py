"""Lines, quantities and amounts of sale orders follow the marketplace, to the cent."""

from odoo import Command
from odoo.tests import tagged

from ..simulator import changes
from ..simulator.money import get_lines
from .common_changes import MUG, NOVEL, SHIRT, ChangesCommon
from .needs_module import needs_module


@tagged("post_install", "-at_install", "lengow")
class TestLineChanges(ChangesCommon):
    def test_cancelled_line_is_neither_sold_nor_delivered(self):
        payload, order = self.import_one((SHIRT, 2), (MUG, 3), shipping=4.9)
        sale = order.sale_order_ids
        self.change(payload, "cancel_line", 1)
        mug = sale.order_line.filtered(lambda line: line.product_id == self.mug)
        self.assertEqual((mug.product_uom_qty, mug.price_total), (0, 0))
        self.assertEqual(self.get_demand(sale), {SHIRT: 2})
        self.assert_exact(order, payload)
        self.assert_told(order, "MG-SPK", "0 instead of 3")
        self.assert_nothing_to_do(order)
        # Odoo's own message and its activity on the delivery would say it again.
        self.assertFalse(sale.picking_ids.activity_ids)
        told = [body for body in self.get_messages(sale) if "MG-SPK" in body]
        self.assertEqual(len(told), 1)

    def test_cancelled_line_that_was_reserved_is_free_again(self):
        self.put_in_stock(self.mug, 3)
        payload, _order = self.import_one((SHIRT, 1), (MUG, 3))
        self.assertEqual(self.mug.free_qty, 0)
        self.change(payload, "cancel_line", 1)
        self.assertEqual(self.mug.free_qty, 3)

    def test_smaller_quantity_makes_the_delivery_smaller(self):
        payload, order = self.import_one((MUG, 7), (NOVEL, 3))
        sale = order.sale_order_ids
        self.change(payload, "set_quantity", 4)
        self.assertEqual(self.get_demand(sale), {MUG: 4, NOVEL: 3})
        self.assert_exact(order, payload)
        self.assertEqual(len(sale.picking_ids), 1)
        self.assert_told(order, "4 instead of 7")

    def test_larger_quantity_makes_the_delivery_larger(self):
        payload, order = self.import_one((MUG, 2))
        sale = order.sale_order_ids
        self.change(payload, "set_quantity", 5)
        self.assertEqual(self.get_demand(sale), {MUG: 5})
        self.assert_exact(order, payload)

    def test_locked_sale_order_follows_and_stays_locked(self):
        payload, order = self.import_one((SHIRT, 3))
        sale = order.sale_order_ids
        sale.locked = True
        self.change(payload, "set_quantity", 1)
        self.assertEqual(self.get_demand(sale), {SHIRT: 1})
        self.assertTrue(sale.locked)

    def test_quotation_follows(self):
        self.get_channel().auto_confirm = False
        payload, order = self.import_one((SHIRT, 3), (MUG, 1))
        changes.set_quantity(self.world, payload, 2)
        self.change(payload, "cancel_line", 1)
        self.assertEqual(order.sale_order_ids.state, "draft")
        self.assert_exact(order, payload)

    def test_pickers_in_two_steps_are_given_less_to_do(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        warehouse.delivery_steps = "pick_ship"
        payload, order = self.import_one((SHIRT, 3))
        sale = order.sale_order_ids
        self.change(payload, "set_quantity", 2)
        self.assertEqual(self.get_demand(sale), {SHIRT: 2})
        self.deliver(sale)  # picked, not shipped
        self.assertEqual(sale.order_line.qty_delivered, 0)
        self.change(payload, "set_quantity", 1)
        leaving = sale.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing"
            and picking.state not in ("done", "cancel")
        )
        self.assertEqual(sum(leaving.move_ids.mapped("product_uom_qty")), 1)

    @needs_module("sale_mrp")
    def test_kit_that_is_cancelled_takes_its_components_off_the_delivery(self):
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.novel.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.mug.id, "product_qty": 2})
                ],
            }
        )
        payload, order = self.import_one((SHIRT, 1), (NOVEL, 3))
        sale = order.sale_order_ids
        self.assertEqual(self.get_demand(sale), {SHIRT: 1, MUG: 6})
        self.change(payload, "set_quantity", 2, 1)
        self.assertEqual(self.get_demand(sale), {SHIRT: 1, MUG: 4})
        self.change(payload, "cancel_line", 1)
        self.assertEqual(self.get_demand(sale), {SHIRT: 1})
        self.assert_exact(order, payload)

    def test_cancelled_line_that_has_left_is_given_to_a_person(self):
        payload, order = self.import_one((SHIRT, 2), (MUG, 3))
        sale = order.sale_order_ids
        self.deliver(sale, MG_SPK=2, TS_WHT_S=0)
        self.change(payload, "cancel_line", 1)
        mug = sale.order_line.filtered(lambda line: line.product_id == self.mug)
        self.assertEqual(mug.product_uom_qty, 2, "not less than was delivered")
        self.assertEqual(self.get_demand(sale), {SHIRT: 2})
        self.assert_to_do(order, "MG-SPK", "2 have been delivered")

    def test_cancelled_line_that_was_invoiced_is_not_delivered_and_told(self):
        payload, order = self.import_one((SHIRT, 2), (MUG, 3))
        sale = order.sale_order_ids
        invoice = self.invoice(sale)
        total = invoice.amount_total
        self.change(payload, "cancel_line", 1)
        self.assertEqual(self.get_demand(sale), {SHIRT: 2})
        self.assertEqual(invoice.amount_total, total)
        self.assert_to_do(order, "MG-SPK", "Credit the invoice")

    def test_what_a_user_changed_is_not_overwritten_by_another_change(self):
        payload, order = self.import_one((SHIRT, 3), (MUG, 2))
        sale = order.sale_order_ids
        shirt, mug = sale.order_line
        shirt.product_uom_qty = 5
        sale.note = "Gift wrap"
        self.change(payload, "cancel_line", 1)
        self.assertEqual((shirt.product_uom_qty, mug.product_uom_qty), (5, 0))
        self.assertIn("Gift wrap", sale.note)

    def test_more_of_a_line_that_a_user_changed_is_given_to_a_person(self):
        payload, order = self.import_one((SHIRT, 3))
        order.sale_order_ids.order_line.product_uom_qty = 2
        self.change(payload, "set_quantity", 4)
        self.assertEqual(order.sale_order_ids.order_line.product_uom_qty, 2)
        self.assert_to_do(order, SHIRT, "wants 4")

    def test_more_of_an_invoiced_line_is_given_to_a_person(self):
        payload, order = self.import_one((SHIRT, 3))
        self.invoice(order.sale_order_ids)
        self.change(payload, "set_quantity", 4)
        self.assertEqual(order.sale_order_ids.order_line.product_uom_qty, 3)
        self.assert_to_do(order, SHIRT, "wants 4")

    def test_other_price_is_taken_over_exactly(self):
        payload, order = self.import_one((MUG, 3), (NOVEL, 7))
        self.change(payload, "set_price", 4007)
        self.assert_exact(order, payload)
        self.assert_told(order, "40.07")

    def test_price_that_a_user_changed_stays_and_is_told(self):
        payload, order = self.import_one((MUG, 3))
        order.sale_order_ids.order_line.price_unit = 1
        self.change(payload, "set_price", 4007)
        self.assertEqual(order.sale_order_ids.order_line.price_unit, 1)
        self.assert_to_do(order, "40.07")

    def test_price_after_the_invoice_is_given_to_a_person(self):
        payload, order = self.import_one((MUG, 3))
        invoice = self.invoice(order.sale_order_ids)
        self.change(payload, "set_price", 4007)
        self.assertNotEqual(invoice.amount_total, 40.07)
        self.assert_to_do(order, "40.07")

    def test_shipping_and_discount_that_change_are_taken_over(self):
        payload, order = self.import_one((MUG, 2), shipping=5.9)
        self.world.change(payload, shipping=2.5, discount=3)
        self.follow(payload)
        self.assert_exact(order, payload)
        self.world.change(payload, shipping=0, discount=0)
        self.follow(payload)
        self.assert_exact(order, payload)
        self.assert_told(order, "Shipping")

    def test_shipping_after_the_invoice_is_given_to_a_person(self):
        payload, order = self.import_one((MUG, 2), shipping=5.9)
        self.invoice(order.sale_order_ids)
        self.world.change(payload, shipping=2.5)
        self.follow(payload)
        self.assert_to_do(order, "Shipping")

    def test_foreign_currency_stays_exact(self):
        payload, order = self.import_one((MUG, 3), (NOVEL, 2), marketplace="amazon_uk")
        self.assertEqual(order.sale_order_ids.currency_id.name, "GBP")
        self.change(payload, "cancel_line", 1)
        self.assert_exact(order, payload)
        self.change(payload, "set_quantity", 2)
        self.assert_exact(order, payload)

    def test_new_line_is_added_to_its_sale_order(self):
        payload, order = self.import_one((SHIRT, 1))
        sale = order.sale_order_ids
        self.change(payload, "add_line", MUG, 2)
        self.assertEqual(order.sale_order_ids, sale)
        self.assertEqual(self.get_demand(sale), {SHIRT: 1, MUG: 2})
        self.assertEqual(sale.order_line.lengow_line_id, order.line_ids)
        self.assert_exact(order, payload)
        keys = sorted(order.line_ids.mapped("line_key"))
        self.assertEqual(sale.lengow_package_key, ",".join(keys))

    def test_new_line_that_is_not_accepted_waits(self):
        payload, order = self.import_one((SHIRT, 1))
        changes.add_line(self.world, payload, MUG)
        get_lines(payload)[1]["lengow_status"] = "waiting_acceptance"
        self.world.change(payload)
        self.follow(payload)
        self.assertEqual(self.get_demand(order.sale_order_ids), {SHIRT: 1})
        get_lines(payload)[1]["lengow_status"] = "waiting_shipment"
        self.world.change(payload)
        self.follow(payload)
        self.assertEqual(self.get_demand(order.sale_order_ids), {SHIRT: 1, MUG: 1})

    def test_new_package_is_a_sale_order_of_its_own_and_lengow_is_told(self):
        payload, order = self.import_one((SHIRT, 1))
        self.run_cron("mark_orders")
        first = order.sale_order_ids
        self.change(payload, "add_line", MUG, 2, is_package=True)
        second = order.sale_order_ids - first
        self.assertEqual(len(second), 1)
        self.assertEqual(self.get_demand(second), {MUG: 2})
        self.assertEqual(second.partner_id, first.partner_id)
        self.assert_exact(order, payload)
        self.assertEqual(order.merchant_id_state, "pending")
        self.run_cron("mark_orders")
        self.assertEqual(payload["merchant_order_id"], [first.name, second.name])
        self.follow(payload)
        self.assertEqual(len(order.sale_order_ids), 2)

    def test_package_that_does_not_add_up_is_held_without_the_confirmed_one(self):
        payload, order = self.import_one((SHIRT, 1))
        first = order.sale_order_ids
        changes.add_line(self.world, payload, MUG, 2, is_package=True)
        self.world.change(payload, total_order=999, original_total_order=999)
        self.follow(payload)
        second = order.sale_order_ids - first
        self.assertEqual((first.state, second.state), ("sale", "draft"))
        self.assertIn("999", second.lengow_hold_reason)
        self.assertFalse(first.lengow_hold_reason)
        self.assertEqual(order.error_code, "total_mismatch")
        second.action_confirm()
        self.assertFalse(order.error_code)
        self.assertFalse(any(order.sale_order_ids.mapped("lengow_hold_reason")))

    def add_refunded(self, payload, *skus, is_package=False):
        """Let lines arrive of which the first is refunded, and no part of the total."""
        for sku in skus:
            changes.add_line(self.world, payload, sku, 2, is_package=is_package)
        changes.refund(self.world, payload, line=1)
        refunded = float(get_lines(payload)[1]["original_amount"])
        total = round(payload["original_total_order"] - refunded, 2)
        self.world.change(payload, total_order=total, original_total_order=total)
        return self.follow(payload)

    def test_new_line_that_is_refunded_already_is_not_added(self):
        payload, order = self.import_one((SHIRT, 1))
        sale = order.sale_order_ids
        self.add_refunded(payload, MUG)
        self.assertEqual(order.line_ids.mapped("external_id"), [SHIRT, MUG])
        self.assertEqual(sale.order_line.product_id, self.shirt)
        self.assertEqual(self.get_demand(sale), {SHIRT: 1})
        self.assert_exact(order, payload)
        self.assertFalse(order.error_code)
        self.assert_nothing_to_do(order)

    def test_new_line_that_is_refunded_and_still_counts_is_shown_to_a_person(self):
        payload, order = self.import_one((SHIRT, 1))
        changes.add_line(self.world, payload, MUG, 2)
        changes.refund(self.world, payload, line=1)
        self.follow(payload)
        self.assert_exact(order, payload)
        self.assertEqual(self.get_demand(order.sale_order_ids), {SHIRT: 1, MUG: 2})
        (activity,) = order.activity_ids
        self.assertIn("refunded before it has left", activity.note)

    def test_new_line_beside_one_that_is_refunded_already_is_added(self):
        payload, order = self.import_one((SHIRT, 1))
        sale = order.sale_order_ids
        self.add_refunded(payload, MUG, NOVEL)
        self.assertEqual(self.get_demand(sale), {SHIRT: 1, NOVEL: 2})
        self.assert_exact(order, payload)
        self.assertFalse(order.error_code)

    def test_new_package_that_is_refunded_already_is_not_added(self):
        payload, order = self.import_one((SHIRT, 1))
        sale = order.sale_order_ids
        self.add_refunded(payload, MUG, is_package=True)
        self.assertEqual(order.sale_order_ids, sale)
        self.assertEqual(self.get_demand(sale), {SHIRT: 1})
        self.assert_exact(order, payload)
        self.assertFalse(order.error_code)

    def test_line_that_disappears_is_given_to_a_person(self):
        payload, order = self.import_one((SHIRT, 1), (MUG, 2))
        payload["packages"][0]["cart"].pop()
        self.world.change(payload)
        self.follow(payload)
        self.assertEqual(self.get_demand(order.sale_order_ids), {SHIRT: 1, MUG: 2})
        self.assert_to_do(order, order.marketplace_order_id)

    def test_quantity_that_lengow_no_longer_gives_is_no_change(self):
        payload, order = self.import_one((SHIRT, 3))
        get_lines(payload)[0]["quantity"] = None
        self.world.change(payload)
        self.follow(payload)
        self.assertEqual(self.get_demand(order.sale_order_ids), {SHIRT: 3})

    def test_order_held_for_its_figures_is_let_go_when_they_agree(self):
        payload = self.world.add_order(lines=[(SHIRT, 1)], shipping=0)
        payload["total_order"] = payload["original_total_order"] = 999
        order = self.import_stored(payload)
        sale = order.sale_order_ids
        self.assertEqual((sale.state, order.error_code), ("draft", "total_mismatch"))
        self.world.change(payload, total_order=19.9, original_total_order=19.9)
        self.follow(payload)
        self.assertEqual((sale.state, order.error_code), ("sale", False))
        self.assertFalse(sale.lengow_hold_reason)

    def test_figures_that_no_longer_agree_are_given_to_a_person(self):
        payload, order = self.import_one((SHIRT, 1))
        self.world.change(payload, total_order=999, original_total_order=999)
        self.follow(payload)
        self.assertEqual(order.sale_order_ids.amount_total, 19.9)
        self.assert_to_do(order, "999")
