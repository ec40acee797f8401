"""Kits are sold as such, and their components delivered."""

from odoo import Command
from odoo.tests import tagged

from .common_products import MUG, FindProductsCommon
from .needs_module import needs_module


@tagged("post_install", "-at_install", "lengow")
class TestProductKits(FindProductsCommon):
    @needs_module("sale_mrp")
    def test_kit_delivers_its_components(self):
        mug = self.create_product(MUG)
        kit = self.create_product("KIT", is_storable=False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": product.id, "product_qty": quantity})
                    for product, quantity in ((self.shirt, 1), (mug, 2))
                ],
            }
        )
        order = self.import_stored(self.add("KIT", quantity=3))
        sale = order.sale_order_ids
        self.assertEqual((sale.state, sale.amount_total), ("sale", order.total_order))
        self.assertEqual(sale.order_line.product_id, kit)
        moves = sale.picking_ids.move_ids
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in moves},
            {self.shirt: 3, mug: 6},
        )
        moves.write({"quantity": 0})
        for move in moves:
            move.quantity = move.product_uom_qty
        moves.picked = True
        sale.picking_ids.button_validate()
        self.assertEqual(sale.order_line.qty_delivered, 3)
