from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..lengow.movement import RECEIVED
from ..simulator.feeds import OTHER_FEED, ZFS_SECOND_FEED
from .common_fulfilment import FulfilmentCommon


@tagged("post_install", "-at_install")
class TestStoringMovements(FulfilmentCommon):
    def test_movements_of_each_kind_are_stored_and_matched(self):
        ean = self.first.barcode
        self.at_zalando.receive(ean, 2)
        self.at_zalando.send_back(ean, 1, quality="C")
        self.at_zalando.relocate(ean, 3)
        self.at_zalando.liquidate(ean, 40)
        self.fetch_movements()
        movements = self.get_movements()
        self.assertEqual(
            movements.mapped(lambda m: (m.kind, m.quantity, m.state)),
            [
                ("received_items", 1, "listed"),
                ("received_items", 1, "listed"),
                ("returned_items", 1, "listed"),
                ("intra_community_movements", 3, "listed"),
                ("liquidated_items", 40, "listed"),
            ],
        )
        self.assertEqual(movements.product_id, self.first)
        self.assertEqual(movements[2].quality, "C")
        self.assertEqual(movements[3].source_id.name, "Erfurt")
        self.assertEqual(movements[3].destination_id.country_code, "PL")
        self.assertEqual(movements[0].payload["ean"], ean)

    def test_the_same_movement_is_stored_once_however_often_it_comes(self):
        self.at_zalando.receive(self.first.barcode, 3)
        self.at_zalando.liquidate(self.first.barcode, 2)
        self.fetch_movements()
        self.fetch_movements()
        row = self.get_movements(("kind", "=", RECEIVED))[0].payload
        twice = [row, dict(row, consumed_timestamp="2030-01-01T00:00:00Z")]
        movements = self.env["lengow.stock.movement"]
        self.assertEqual(movements._store(self.channel, RECEIVED, twice), 0)
        fresh = dict(row, quality_label="NEW")
        self.assertEqual(movements._store(self.channel, RECEIVED, [fresh, fresh]), 1)
        self.assertEqual(len(self.get_movements()), 5)

    def test_two_feeds_of_the_same_merchant_count_nothing_twice(self):
        other = self.get_channel("amazon_fr")
        other.feed_ref = str(ZFS_SECOND_FEED)
        self.at_zalando.receive(self.first.barcode, 3)
        self.fetch_movements()
        self.assertEqual(len(self.get_movements()), 3)

    def test_each_fetch_goes_on_from_the_last_one_with_overlap(self):
        self.fetch_movements()
        path = (
            f"/v3.0/logistics/feed/{self.channel.feed_ref}/stock_movements/{RECEIVED}"
        )
        first = self.get_requests(path)
        self.assertEqual(len(first), 15, "a hundred days, seven at a time")
        self.wait(hours=1)
        self.fetch_movements()
        again = self.get_requests(path)[len(first) :]
        self.assertLessEqual(len(again), 2)
        overlap = fields.Datetime.now() - timedelta(days=7, minutes=5)
        self.assertGreater(again[0].args["from"], overlap.isoformat())
        self.assertLessEqual(
            again[0].args["from"], (overlap + timedelta(minutes=5)).isoformat() + "Z"
        )

    def test_a_movement_that_is_told_late_is_stored_all_the_same(self):
        self.fetch_movements()
        self.wait(days=-5)
        self.at_zalando.receive(self.first.barcode, 1)
        self.wait(days=5)
        self.fetch_movements()
        self.assertEqual(len(self.get_movements()), 1)

    def test_what_is_not_matched_waits_by_name_until_its_product_is_there(self):
        self.at_zalando.receive("4006381333931", 2)
        self.move_everything()
        self.fetch_movements()
        movements = self.get_movements()
        self.assertEqual(set(movements.mapped("state")), {"unmatched"})
        notification = movements.action_match()
        self.assertIn("4006381333931", notification["params"]["message"])
        product = self.create_product("LATE", barcode="4006381333931")
        self.fetch_movements()
        self.assertEqual(set(movements.mapped("state")), {"moved"})
        self.assertEqual(self.count_stock(product), 2)

    def test_a_window_that_fails_is_asked_for_again(self):
        self.at_zalando.receive(self.first.barcode, 1)
        self.simulator.faults.once(
            "404", path=f"*/stock_movements/{RECEIVED}", method="GET", skip=14
        )
        self.fetch_movements()
        self.assertFalse(self.get_movements())
        self.assertTrue(self.channel.logistics_problem)
        self.fetch_movements()
        self.assertEqual(len(self.get_movements()), 1)
        self.assertFalse(self.channel.logistics_problem)

    def test_a_feed_of_another_account_is_named_and_stores_nothing(self):
        self.channel.feed_ref = str(OTHER_FEED)
        self.fetch_movements()
        self.assertIn("don't match", self.channel.logistics_problem)
        sync = self.env["lengow.sync"].search([("kind", "=", "movements")], limit=1)
        self.assertEqual((sync.state, sync.error_count), ("done", 1))
        self.assertIn("don't match", sync.error_message)

    def test_rows_that_nobody_foresaw_are_kept(self):
        rows = [{}, {"ean": None, "quantity": "many"}, {"ean": 7, "extra": "\x00"}]
        stored = self.env["lengow.stock.movement"]._store(
            self.channel, "lost_items", rows
        )
        self.assertEqual(stored, 3)
        movements = self.get_movements()
        self.assertEqual(set(movements.mapped("kind")), {"other"})
        self.assertEqual(movements[2].ean, "7")

    def test_a_kind_that_wants_more_than_a_time_is_named(self):
        from ..simulator import movements

        resources = {"lost_items": {"required": ["sku"]}, **movements.RESOURCES}
        self.patch(movements, "RESOURCES", resources)
        self.at_zalando.receive(self.first.barcode, 1)
        self.fetch_movements()
        self.assertEqual(len(self.get_movements()), 1, "the others were fetched")
        self.assertIn("lost_items (sku)", self.channel.logistics_problem)


@tagged("post_install", "-at_install")
class TestMovingStock(FulfilmentCommon):
    def setUp(self):
        super().setUp()
        self.move_everything()
        self.ean = self.first.barcode

    def test_received_pieces_come_from_transit(self):
        self.stock_up(self.first, 5, self.channel.transit_location_id)
        self.at_zalando.receive(self.ean, 5)
        self.fetch_movements()
        self.assertEqual(self.count_stock(self.first), 5)
        transit = self.channel.transit_location_id
        self.assertEqual(self.count_stock(self.first, transit), 0)
        movements = self.get_movements()
        self.assertEqual(len(movements.move_id), 1, "one stock move for all of them")
        self.assertEqual(movements.move_id.lengow_movement_ids, movements)
        self.assertEqual(movements.move_id.state, "done")
        self.assertIn("Received", movements.move_id.reference)

    def test_returns_go_by_quality(self):
        self.at_zalando.send_back(self.ean, 2, quality="A")
        self.at_zalando.send_back(self.ean, 1, quality="C")
        self.fetch_movements()
        self.assertEqual(self.count_stock(self.first), -3)
        channel = self.channel
        self.assertEqual(self.count_stock(self.first, channel.return_location_id), 2)
        self.assertEqual(self.count_stock(self.first, channel.defect_location_id), 1)

    def test_liquidated_pieces_leave(self):
        self.at_zalando.liquidate(self.ean, 4)
        self.fetch_movements()
        self.assertEqual(self.count_stock(self.first), -4)
        move = self.get_movements().move_id
        self.assertEqual(move.location_dest_id, self.channel.liquidation_location_id)

    def test_relocations_move_between_warehouses_that_have_locations(self):
        self.at_zalando.relocate(self.ean, 3)
        self.fetch_movements()
        movement = self.get_movements()
        self.assertEqual(movement.state, "counted")
        self.assertIn("same location in Odoo", movement.problem)
        self.channel.place_ids.action_create_location()
        self.at_zalando.relocate(self.ean, 2)
        self.fetch_movements()
        erfurt, gardno = (
            self.channel.place_ids.filtered(lambda p, n=name: p.name == n).location_id
            for name in ("Erfurt", "Gardno")
        )
        self.assertEqual(self.count_stock(self.first, erfurt), -2)
        self.assertEqual(self.count_stock(self.first, gardno), 2)
        self.assertEqual(self.count_stock(self.first), 0)

    def test_a_pack_moves_as_many_pieces_as_it_holds(self):
        self.at_zalando.receive(self.world.products[0]["pack_ean"], 2)
        self.fetch_movements()
        self.assertEqual(self.count_stock(self.first), 12)
        self.assertEqual(sum(self.get_movements().mapped("quantity")), 2)

    def test_movements_are_reversed_and_may_be_moved_again(self):
        self.at_zalando.receive(self.ean, 3)
        self.fetch_movements()
        movements = self.get_movements()
        movements[0].action_reverse()
        self.assertEqual(self.count_stock(self.first), 2)
        self.assertEqual(movements.mapped("state"), ["reversed", "moved", "moved"])
        reverse = movements[0].reverse_move_id
        self.assertEqual(reverse.lengow_reversed_movement_ids, movements[0])
        self.fetch_movements()
        self.assertEqual(self.count_stock(self.first), 2, "the cron leaves it reversed")
        movements[0].action_move()
        self.assertEqual(self.count_stock(self.first), 3)
        with self.assertRaisesRegex(UserError, "nothing to reverse"):
            self.get_movements(("state", "=", "listed")).action_reverse()

    def test_what_a_transfer_has_brought_is_not_counted_twice(self):
        self.stock_up(self.first, 10)
        picking = self.create_transfer(
            (self.first, 5), location_dest_id=self.channel.fulfilment_location_id.id
        )
        picking.action_confirm()
        picking.action_assign()
        notice = self.create_notice((self.first, 5), picking_id=picking.id)
        self.announce(notice)
        picking.button_validate()
        self.dispatch(notice)
        self.fetch_movements()
        self.assertEqual(self.count_stock(self.first), 5)
        self.assertEqual(set(self.get_movements().mapped("state")), {"counted"})
        self.assertEqual(notice.received_total, 5)

    def test_what_happened_before_is_only_listed(self):
        self.wait(days=-2)
        self.at_zalando.receive(self.ean, 1)
        self.wait(days=2)
        self.channel.move_since = fields.Datetime.now() - timedelta(days=1)
        self.at_zalando.receive(self.ean, 1)
        self.fetch_movements()
        self.assertEqual(self.get_movements().mapped("state"), ["listed", "moved"])

    def test_moving_begins_when_it_is_switched_on(self):
        channel = self.get_channel("amazon_fr")
        channel.movement_policy = "move"
        self.assertAlmostEqual(
            channel.move_since, fields.Datetime.now(), delta=timedelta(minutes=1)
        )

    def test_a_missing_location_is_named_and_mended(self):
        location = self.channel.liquidation_location_id
        self.channel.liquidation_location_id = False
        self.at_zalando.liquidate(self.ean, 1)
        self.at_zalando.receive(self.ean, 1)
        self.fetch_movements()
        received, liquidated = self.get_movements()
        self.assertEqual((received.state, liquidated.state), ("moved", "error"))
        self.assertIn("no location for the destination", liquidated.problem)
        self.channel.liquidation_location_id = location
        self.run_cron("move_stock")
        self.assertEqual(liquidated.state, "moved")

    def test_one_movement_that_cannot_be_moved_harms_no_other(self):
        self.second.tracking = "lot"
        self.at_zalando.receive(self.second.barcode, 1)
        self.at_zalando.receive(self.ean, 1)
        self.fetch_movements()
        bad, good = self.get_movements()
        self.assertEqual((bad.state, good.state), ("error", "moved"))
        self.assertIn(self.second.display_name, bad.problem)
        self.assertFalse(bad.move_id)
        self.assertEqual(self.count_stock(self.first), 1)

    def test_a_movement_of_no_pieces_moves_nothing(self):
        self.env["lengow.stock.movement"]._store(
            self.channel,
            "liquidated_items",
            [{"ean": self.ean, "quantity": "0", "liquidation_date": "2030-01-01"}],
        )
        self.run_cron("move_stock")
        self.assertEqual(self.get_movements().state, "counted")

    def test_listed_movements_can_be_moved_by_hand(self):
        self.channel.movement_policy = "list"
        self.at_zalando.receive(self.ean, 1)
        self.fetch_movements()
        self.assertEqual(self.get_movements().state, "listed")
        self.get_movements().action_move()
        self.assertEqual(self.count_stock(self.first), 1)


@tagged("post_install", "-at_install")
class TestFulfilmentSetUp(FulfilmentCommon):
    def test_the_locations_and_the_route_are_made_once(self):
        channel = self.channel
        self.assertEqual(
            channel.fulfilment_location_id, channel.fulfilment_warehouse_id.lot_stock_id
        )
        self.assertEqual(channel.transit_location_id.usage, "transit")
        self.assertEqual(channel.liquidation_location_id.usage, "customer")
        before = channel.read()
        channel.action_set_up_fulfilment()
        self.assertEqual(channel.read(), before)

    def test_a_reordering_rule_at_the_marketplace_sends_stock_there(self):
        self.stock_up(self.first, 20)
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.first.id,
                "warehouse_id": self.channel.fulfilment_warehouse_id.id,
                "location_id": self.channel.fulfilment_location_id.id,
                "route_id": self.channel.fulfilment_route_id.id,
                "product_min_qty": 5,
                "product_max_qty": 5,
                "trigger": "manual",
            }
        ).action_replenish()
        move = self.env["stock.move"].search([("product_id", "=", self.first.id)])
        self.assertEqual(move.location_id, self.warehouse.lot_stock_id)
        self.assertEqual(move.location_dest_id, self.channel.transit_location_id)
        self.assertEqual(move.product_uom_qty, 5)

    def test_a_user_sees_notices_and_movements_of_the_own_company_only(self):
        notice = self.create_notice()
        self.at_zalando.receive(self.first.barcode, 1)
        self.fetch_movements()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "sale_lengow.group_lengow_user",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for records in (notice, notice.line_ids, self.get_movements()):
            self.assertFalse(records.with_user(stranger).search([]))

    def test_a_user_does_all_of_it_and_a_salesperson_none(self):
        user = new_test_user(
            self.env, "seller", "sale_lengow.group_lengow_user,stock.group_stock_user"
        )
        notice = self.create_notice().with_user(user)
        self.do(notice, "action_create_at_lengow", "action_announce")
        salesperson = new_test_user(self.env, "sales", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            notice.with_user(salesperson).action_confirm_announcement()
        with self.assertRaises(AccessError):
            notice.with_user(salesperson).action_refresh()

    def test_a_user_reverses_movements_without_writing_them_by_hand(self):
        self.move_everything()
        self.at_zalando.receive(self.first.barcode, 1)
        self.fetch_movements()
        user = new_test_user(self.env, "seller", "sale_lengow.group_lengow_user")
        self.get_movements().with_user(user).action_reverse()
        self.assertEqual(self.count_stock(self.first), 0)

    def test_a_feed_number_is_kept_without_blanks(self):
        self.channel.feed_ref = " 42 "
        self.assertEqual(self.channel.feed_ref, "42")
