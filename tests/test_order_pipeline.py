from odoo.tests import tagged

from .common import LengowCommon


@tagged("post_install", "-at_install", "lengow")
class TestOrderPipeline(LengowCommon):
    world_options = {"orders": 200, "errors": 2}

    def test_every_order_is_accounted_for_and_exact(self):
        self.create_catalogue()
        self.import_all()
        orders = self.env["lengow.order"].search([])
        import collections
        print(collections.Counter((o.state, o.error_code) for o in orders))
        for o in orders:
            if o.state == "error" or o.error_code == "total_mismatch": print(o.error_message, self.world.cases.get(o.marketplace_order_id))
        for s in self.env["lengow.sync"].search([]): print(s.kind, s.state, s.fetched_count, s.done_count, s.error_count, s.error_message)
        print(collections.Counter(orders.mapped("merchant_id_state")))
        self.assertEqual(len(orders), len(self.world.orders))
