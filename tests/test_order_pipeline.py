from odoo.tests import tagged

from .common import LengowCommon


@tagged("post_install", "-at_install", "lengow")
class TestOrderPipeline(LengowCommon):
    world_options = {"orders": 120, "errors": 2}

    def test_every_order_is_accounted_for_and_exact(self):
        self.create_catalogue()
        self.import_all()
        orders = self.env["lengow.order"].search([])
        self.assertEqual(len(orders), len(self.world.orders))
