"""Orders that change at the marketplace after their import."""

from ..simulator import changes
from .common import LengowCommon

SHIRT, MUG, NOVEL = "TS-WHT-S", "MG-SPK", "BO-NVL"


class ChangesCommon(LengowCommon):
    """Products, and helpers to change an order in the world and let the crons follow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.shirt = cls.create_product(SHIRT)
        cls.mug = cls.create_product(MUG, cls.create_tax(20, "tax_excluded"))
        cls.novel = cls.create_product(NOVEL, cls.tax_5)

    def import_one(self, *lines, **overrides):
        """Import an order.

        :param lines: pairs of SKU and quantity.
        :return: its payload and its ``lengow.order``.
        """
        overrides.setdefault("shipping", 0)
        lines = list(lines or [(SHIRT, 1)])
        payload = self.world.add_order(lines=lines, **overrides)
        order = self.import_stored(payload)
        self.assertEqual(order.state, "imported", order.error_message)
        return payload, order

    def change(self, payload, kind, *args, **kwargs):
        """Let one of the simulator's changes happen, and the crons follow.

        :return: the order.
        """
        getattr(changes, kind)(self.world, payload, *args, **kwargs)
        return self.follow(payload)

    def follow(self, payload):
        """Store an order as it is now, and apply what changed.

        :return: the order.
        """
        order = self.import_stored(payload)
        self.assertFalse(order.change_state, order.error_message)
        self.assertFalse(order.sudo().applied_payload)
        return order

    def put_in_stock(self, product, quantity=100, warehouse=None):
        """Let there be something to reserve."""
        warehouse = warehouse or self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, quantity
        )

    def deliver(self, sale, **quantities):
        """Validate the open delivery of a sale order.

        :param quantities: SKU (``-`` as ``_``) to quantity; everything when none is given.
        """
        picking = sale.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        wanted = {sku.replace("_", "-"): qty for sku, qty in quantities.items()}
        for move in picking.move_ids:
            move.quantity = (
                wanted.get(move.product_id.default_code, 0)
                if wanted
                else move.product_uom_qty
            )
            move.picked = True
        picking._action_done()
        return picking

    def invoice(self, sale):
        """:return: the posted invoice of a sale order."""
        for line in sale.order_line:
            line.product_id.invoice_policy = "order"
        invoice = sale._create_invoices()
        invoice.action_post()
        return invoice

    def get_demand(self, sale):
        """:return: dict of SKU to what open moves still have to deliver."""
        demand = {}
        for move in sale.picking_ids.move_ids:
            if move.state not in ("done", "cancel"):
                sku = move.product_id.default_code
                demand[sku] = demand.get(sku, 0) + move.product_uom_qty
        return demand

    def get_messages(self, record):
        """:return: list of texts of a record's chatter, the oldest first."""
        bodies = record.message_ids.sorted("id").mapped("body")
        return [str(body) for body in bodies]

    def assert_told(self, order, *words):
        """Check that one message, in both chatters, holds all the words."""
        for record in (order, *order.sale_order_ids):
            changed = [
                body for body in self.get_messages(record) if "Changed at" in body
            ]
            self.assertTrue(changed, f"nothing in the chatter of {record}")
            for word in words:
                self.assertIn(word, changed[-1])

    def assert_to_do(self, order, *words):
        """Check that the responsible person has one activity that says what to do."""
        activity = order.activity_ids
        self.assertEqual(len(activity), 1, activity.mapped("note"))
        self.assertEqual(activity.user_id, self.account.user_id)
        for word in words:
            self.assertIn(word, activity.note)

    def assert_nothing_to_do(self, order):
        self.assertFalse(order.activity_ids, order.activity_ids.mapped("note"))

    def assert_exact(self, order, payload):
        """Check that the sale orders cost what the marketplace says now."""
        sales = order.sale_order_ids.filtered(lambda sale: sale.state != "cancel")
        self.assertEqual(
            order.currency_id.round(sum(sales.mapped("amount_total"))),
            payload["original_total_order"],
        )
