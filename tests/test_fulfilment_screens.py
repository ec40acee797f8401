"""A notice's life, arrivals and documents as a user clicks them, in a real browser."""

from odoo.tests import new_test_user, tagged

from ..simulator.const import ACCOUNT_ID
from ..simulator.document_store import ONE_SHOT, SNAPSHOT
from .common_browser import BrowserCase
from .common_fulfilment import FulfilmentCommon


@tagged("post_install", "-at_install", "lengow")
class TestFulfilmentScreens(FulfilmentCommon, BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(
            cls.env,
            "operator",
            "sale_lengow.group_lengow_user,stock.group_stock_user",
            company_id=cls.company.id,
        )

    def setUp(self):
        super().setUp()
        # Nobody waits for Zalando here: what is due happens when it is next looked at.
        self.logistics.settings.update(date_delay=0, tour_delay=0, close_delay=0)

    def test_a_transfer_becomes_a_notice_that_ships_arrives_and_is_closed(self):
        self.stock_up(self.first, 5)
        self.stock_up(self.second, 3)
        picking = self.create_transfer((self.first, 5), (self.second, 3))
        picking.action_confirm()
        picking.action_assign()
        self.start_tour(
            f"/odoo/stock.picking/{picking.id}",
            "lengow_ship_to_the_marketplace",
            login="operator",
            timeout=180,
        )
        self.env.invalidate_all()
        notice = picking.lengow_notice_ids
        self.assertEqual((notice.state, picking.state), ("closed", "done"))
        self.assertEqual(
            [
                item["quantity"]
                for item in self.logistics.notices[int(notice.lengow_id)].dispatched
            ],
            [5, 3],
        )
        self.fetch_movements()
        self.start_tour(
            f"/odoo/lengow-shipping-notices/{notice.id}",
            "lengow_see_what_arrived",
            login="operator",
            timeout=120,
        )

    def test_a_stored_and_a_one_shot_document_are_fetched(self):
        self.assertEqual(self.first.barcode, "3760012340019", "the tour enters it")
        self.at_zalando.receive(self.first.barcode, 3)
        self.logistics.documents.add(ACCOUNT_ID)
        self.start_tour(
            "/odoo/action-sale_lengow.action_lengow_documents",
            "lengow_fetch_documents",
            login="operator",
            timeout=120,
        )
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "lengow.channel"), ("res_id", "=", self.channel.id)]
        )
        self.assertEqual(
            sorted(files.mapped("name")), [f"{ONE_SHOT}.csv", f"{SNAPSHOT}-1.csv"]
        )
        for file in files:
            self.assertIn(b'"3760012340019","3","3","0"', file.raw)
