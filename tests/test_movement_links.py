"""Movements and the shipping notices they belong to, whichever is known first."""

from odoo.tests import tagged

from ..lengow.movement import RECEIVED
from .common_fulfilment import ZFS, FulfilmentCommon


@tagged("post_install", "-at_install")
class TestMovementLinks(FulfilmentCommon):
    def setUp(self):
        super().setUp()
        self.ean = self.first.barcode

    def receive(self, quantity=2, **vals):
        """Let pieces arrive, and fetch their movements.

        :return: the movements.
        """
        self.at_zalando.receive(self.ean, quantity, **vals)
        self.fetch_movements()
        return self.get_movements(("kind", "=", RECEIVED))

    def test_a_notice_that_is_known_first_gets_its_movements(self):
        notice = self.create_notice((self.first, 2))
        movements = self.receive(reference=notice.name)
        self.assertEqual(movements.notice_id, notice)
        self.assertEqual(notice.line_ids.received_quantity, 2)

    def test_a_notice_that_is_adopted_later_gets_what_has_arrived_of_it(self):
        record = self.logistics.create(int(ZFS), {"merchant_b2b_reference": "sn9"})
        movements = self.receive(reference="sn9")
        strangers = self.receive(reference="sn10") - movements
        self.assertFalse((movements | strangers).notice_id)
        self.run_cron("sync_notices")
        notice = self.env["lengow.shipping.notice"].search(
            [("lengow_id", "=", str(record.notice_id))]
        )
        self.assertEqual(notice.name, "sn9")
        self.assertEqual(movements.notice_id, notice)
        self.assertEqual(notice.received_total, 2)
        self.assertFalse(strangers.notice_id)

    def test_the_marketplaces_number_links_movements_once_it_is_known(self):
        notice = self.create_notice((self.first, 2))
        movements = self.receive(advice=99200007)
        self.assertFalse(movements.notice_id)
        notice.advice_id = "99200007"
        self.assertEqual(movements.notice_id, notice)

    def test_pieces_without_any_notice_belong_to_none(self):
        notice = self.create_notice((self.first, 2), advice_id="0")
        self.assertFalse(self.receive(advice=0).notice_id)
        self.assertEqual(notice.received_total, 0)

    def test_another_accounts_movements_stay_its_own(self):
        movements = self.receive(reference="sn9")
        other = self.env["lengow.account"].create(
            {"name": "Other", "access_token": "x", "secret": "y"}
        )
        channel = self.env["lengow.channel"].create(
            {
                "account_id": other.id,
                "marketplace_id": self.channel.marketplace_id.id,
                "feed_ref": "9",
            }
        )
        self.create_notice((self.first, 2), name="sn9", channel_id=channel.id)
        self.assertFalse(movements.notice_id)

    def test_what_a_transfer_brings_is_taken_back_when_it_was_moved_before(self):
        """The pieces are in Odoo's stock once, whichever comes first."""
        self.move_everything()
        self.stock_up(self.first, 5)
        location = self.channel.fulfilment_location_id
        picking = self.create_transfer((self.first, 2), location_dest_id=location.id)
        notice = self.create_notice((self.first, 2), picking_id=picking.id)
        movements = self.receive(reference=notice.name)
        self.assertEqual(set(movements.mapped("state")), {"moved"})
        picking.action_confirm()
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(set(movements.mapped("state")), {"counted"})
        self.assertIn(picking.name, movements[0].problem)
        self.assertEqual(self.count_stock(self.first), 2)

    def test_a_notice_found_later_counts_nothing_twice(self):
        self.move_everything()
        self.stock_up(self.first, 5)
        movements = self.receive(reference="sn9")
        self.assertEqual(self.count_stock(self.first), 2)
        location = self.channel.fulfilment_location_id
        picking = self.create_transfer((self.first, 2), location_dest_id=location.id)
        picking.action_confirm()
        picking.move_ids.picked = True
        picking.button_validate()
        self.create_notice((self.first, 2), name="sn9", picking_id=picking.id)
        self.assertEqual(set(movements.mapped("state")), {"counted"})
        self.assertEqual(self.count_stock(self.first), 2)
