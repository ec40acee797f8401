from datetime import date, timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_fulfilment import NOTICES, FulfilmentCommon


@tagged("post_install", "-at_install")
class TestShippingNotices(FulfilmentCommon):
    def test_a_notice_goes_from_a_draft_to_closed(self):
        notice = self.create_notice(
            carrier_name="DHL", pallets_count=2, contact_email="x@example.com"
        )
        self.assertEqual(notice.state, "draft")
        self.assertEqual(self.get_requests(NOTICES), [], "nothing is sent yet")
        self.do(notice, "action_create_at_lengow")
        self.assertEqual((notice.state, notice.lengow_status), ("new", "SHIPMENT_NEW"))
        self.assertTrue(notice.lengow_id and notice.marketplace_ref)
        self.do(notice, "action_announce")
        self.assertEqual(notice.state, "announced")
        self.assertEqual(
            notice.line_ids.mapped("announced_validation"), ["valid", "valid"]
        )
        self.do(notice, "action_confirm_announcement")
        self.assertEqual(notice.state, "confirmed")
        self.assertEqual(notice.offered.split(), [])
        self.wait(minutes=2)
        self.run_cron("sync_notices")
        self.assertEqual(notice.state, "awaited")
        self.assertEqual(
            notice.confirmed_delivery_date,
            fields.Date.to_date(self.simulator.now().date()) + timedelta(days=3),
        )
        notice.action_fill_dispatched()
        self.do(notice, "action_dispatch")
        self.assertEqual(notice.state, "preparation")
        self.do(notice, "action_confirm_dispatch")
        self.assertEqual(
            (notice.state, notice.lengow_status), ("shipped", "SHIPMENT_SHIPPED")
        )
        self.assertEqual(notice.tour_ids.mapped("status"), ["initialized"])
        for _step in range(3):
            self.wait(minutes=1)
            self.run_cron("sync_notices")
        self.wait(minutes=2)
        self.run_cron("sync_notices")
        self.assertEqual(notice.state, "closed")
        self.assertEqual(notice.lengow_status, "SHIPMENT_SHIPPED")
        self.assertEqual(
            notice.tour_ids.mapped("status"),
            ["initialized", "arrived", "unloading", "unloaded"],
        )
        self.assertIn("pallets 2/2", notice.tour_ids[-1].units)

    def test_all_documented_fields_are_sent(self):
        notice = self.create_notice(
            carrier_name="DHL",
            requested_location="29809185-6a98-4691-a15b-e8d16839b6e8",
            pallets_count=1,
            colli_count=2,
            hanging_goods_count=3,
            earliest_delivery_date=date(2030, 7, 21),
            comments="Ring twice",
            contact_email="x@example.com",
        )
        self.do(notice, "action_create_at_lengow")
        (request,) = self.get_requests(NOTICES, "POST")
        self.assertEqual(
            request.json,
            {
                "carrier_name": "DHL",
                "requested_zalando_location_id": "29809185-6a98-4691-a15b-e8d16839b6e8",
                "pallets_count": 1,
                "colli_count": 2,
                "hanging_goods_count": 3,
                "earliest_delivery_date": "2030-07-21",
                "merchant_b2b_reference": notice.name,
                "comments": "Ring twice",
                "contact_email": "x@example.com",
            },
        )

    def test_details_can_be_sent_again_while_the_notice_is_new(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow")
        notice.pallets_count = 7
        self.do(notice, "action_update_notice")
        (record,) = self.logistics.notices.values()
        self.assertEqual(record.values["pallets_count"], 7)

    def test_each_step_is_in_the_chatter(self):
        notice = self.create_notice()
        self.announce(notice)
        self.flush_tracking()
        self.dispatch(notice)
        self.flush_tracking()
        words = " ".join(notice.message_ids.mapped("body"))
        for label in (
            "Create at Lengow",
            "Announce the items: 2 items, 8 pieces",
            "Confirm the announcement",
            "Dispatch the items: 2 items, 8 pieces",
            "Confirm the dispatch",
        ):
            self.assertIn(label, words)
        tracked = notice.message_ids.tracking_value_ids
        self.assertIn("Awaited", tracked.mapped("new_value_char"))
        self.assertIn("closed", tracked.mapped("new_value_char"))

    def test_only_offered_actions_are_buttons(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow")
        with Form(notice) as form:
            self.assertIn(" create_announced_item_set ", form.offered)
            self.assertNotIn("confirm_dispatch", form.offered)
        with self.assertRaisesRegex(
            UserError, "does not offer “Confirm the dispatch”.*Announce the items"
        ):
            notice.action_confirm_dispatch()

    def test_changed_items_are_sent_before_the_announcement_is_confirmed(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow", "action_announce")
        self.assertFalse(notice.is_announcement_changed)
        notice.line_ids[0].announced_quantity = 9
        self.assertTrue(notice.is_announcement_changed)
        with self.assertRaisesRegex(UserError, "Send the changes first"):
            notice.action_confirm_announcement()
        self.do(notice, "action_update_announced")
        self.assertFalse(notice.is_announcement_changed)
        self.assertEqual(notice.line_ids[0].lengow_announced, 9)
        self.do(notice, "action_confirm_announcement")

    def test_announced_and_dispatched_quantities_stand_beside_each_other(self):
        notice = self.create_notice((self.first, 5), (self.second, 3))
        self.announce(notice)
        notice.action_fill_dispatched()
        notice.line_ids[1].dispatched_quantity = 1
        self.do(notice, "action_dispatch")
        self.assertEqual(notice.line_ids.mapped("dispatch_difference"), [0, -2])
        self.assertEqual(notice.line_ids.mapped("lengow_dispatched"), [5, 1])
        notice.line_ids[1].dispatched_quantity = 2
        self.do(notice, "action_update_dispatch", "action_confirm_dispatch")
        (record,) = self.logistics.notices.values()
        self.assertEqual([item["quantity"] for item in record.dispatched], [5, 2])

    def test_refused_items_are_shown_with_the_marketplaces_words(self):
        stranger = self.create_product("X", barcode="4006381333931")
        notice = self.create_notice((self.first, 1), (stranger, 1))
        self.do(notice, "action_create_at_lengow", "action_announce")
        self.assertEqual(
            notice.line_ids.mapped("announced_validation"), ["valid", "invalid"]
        )
        self.assertEqual(notice.invalid_count, 1)
        self.assertEqual(notice.validation_message, "1 items are unknown")

    def test_items_without_a_quantity_are_not_sent(self):
        notice = self.create_notice((self.first, 5), (self.second, 0))
        self.do(notice, "action_create_at_lengow", "action_announce")
        (record,) = self.logistics.notices.values()
        self.assertEqual(len(record.announced), 1)
        empty = self.create_notice((self.first, 0))
        self.do(empty, "action_create_at_lengow")
        with self.assertRaisesRegex(UserError, "no item with a quantity"):
            empty.action_announce()

    def test_five_thousand_items_go_out_in_one_request(self):
        notice = self.create_notice(
            line_ids=[
                Command.create({"ean": f"20{number:011}", "announced_quantity": 1})
                for number in range(5000)
            ]
        )
        self.do(notice, "action_create_at_lengow", "action_announce")
        path = f"{NOTICES}{notice.lengow_id}/create_announced_item_set"
        (request,) = self.get_requests(path)
        self.assertEqual(len(request.json["items"]), 5000)
        self.assertEqual(notice.invalid_count, 5000)

    def test_notices_made_elsewhere_are_shown_too(self):
        record = self.logistics.create(int(self.channel.feed_ref), {})
        record.do(
            "create_announced_item_set",
            {"items": [{"ean": self.first.barcode, "quantity": 4}]},
            self.simulator.now(),
        )
        self.run_cron("sync_notices")
        notice = self.env["lengow.shipping.notice"].search([])
        self.assertEqual((notice.state, notice.announced_total), ("announced", 4))
        self.assertEqual(notice.line_ids.product_id, self.first)
        self.assertFalse(notice.is_announcement_changed)
        self.run_cron("sync_notices")
        self.assertEqual(self.env["lengow.shipping.notice"].search_count([]), 1)

    def test_an_unchanged_notice_costs_no_request_of_its_own(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow", "action_announce")
        self.run_cron("sync_notices")
        sent = len(self.simulator.requests)
        self.run_cron("sync_notices")
        self.assertEqual(len(self.simulator.requests) - sent, 1)

    def test_a_notice_of_lengow_cannot_be_deleted(self):
        notice = self.create_notice()
        self.create_notice().unlink()
        self.do(notice, "action_create_at_lengow")
        with self.assertRaisesRegex(UserError, "Archive it"):
            notice.unlink()

    def test_a_status_that_nobody_foresaw_is_shown(self):
        notice = self.create_notice()
        self.do(notice, "action_create_at_lengow")
        notice.write({"lengow_status": "SHIPMENT_LOST", "marketplace_status": "lost"})
        self.assertEqual(notice.state, "other")

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()


@tagged("post_install", "-at_install")
class TestNoticesAndTransfers(FulfilmentCommon):
    def setUp(self):
        super().setUp()
        for product in self.products[:3]:
            self.stock_up(product, 100)
        self.picking = self.create_transfer((self.first, 5), (self.second, 3))
        self.picking.action_confirm()
        self.picking.action_assign()

    def make_notice(self):
        wizard = self.env["lengow.create.notice"].create(
            {"picking_id": self.picking.id, "channel_id": self.channel.id}
        )
        action = wizard.action_create_notice()
        return self.env["lengow.shipping.notice"].browse(action["res_id"])

    def test_validating_the_transfer_offers_the_dispatch(self):
        notice = self.make_notice()
        self.announce(notice)
        action = self.picking.button_validate()
        self.assertEqual(action["res_model"], "lengow.dispatch.notice")
        wizard = self.env["lengow.dispatch.notice"].browse(action["res_id"])
        self.assertEqual(wizard.dispatched_total, 8)
        self.assertFalse(wizard.difference_ids)
        action = self.call(wizard, "action_dispatch")
        self.assertEqual(action["res_id"], notice.id)
        self.assertEqual(notice.state, "shipped")
        (record,) = self.logistics.notices.values()
        self.assertEqual([item["quantity"] for item in record.dispatched], [5, 3])

    def test_what_really_left_is_dispatched(self):
        notice = self.make_notice()
        self.announce(notice)
        self.picking.move_ids[0].quantity = 2
        self.picking.move_ids.picked = True
        action = self.picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(notice.line_ids.mapped("dispatched_quantity"), [2, 3])
        wizard = self.env["lengow.dispatch.notice"].browse(action["res_id"])
        self.assertEqual(wizard.difference_ids.ean, self.first.barcode)
        self.assertEqual(wizard.difference_ids.dispatch_difference, -3)

    def test_the_offer_comes_after_the_question_about_a_backorder_too(self):
        notice = self.make_notice()
        self.announce(notice)
        self.picking.move_ids[0].quantity = 2
        self.picking.move_ids.picked = True
        question = self.picking.button_validate()
        self.assertEqual(question["res_model"], "stock.backorder.confirmation")
        confirmation = (
            self.env["stock.backorder.confirmation"]
            .with_context(**question["context"])
            .create({"pick_ids": [(4, self.picking.id)]})
        )
        action = confirmation.process()
        self.assertEqual(action["res_model"], "lengow.dispatch.notice")

    def test_nothing_is_offered_before_the_marketplace_awaits_it(self):
        notice = self.make_notice()
        self.assertIs(self.picking.button_validate(), True)
        self.assertEqual(notice.dispatched_total, 8)

    def test_nothing_is_offered_to_who_does_not_see_notices(self):
        notice = self.make_notice()
        self.announce(notice)
        user = self.env["res.users"].create(
            {
                "name": "Storeman",
                "login": "storeman",
                "group_ids": [(6, 0, [self.ref("stock.group_stock_user")])],
            }
        )
        self.assertIs(self.picking.with_user(user).button_validate(), True)
        self.assertEqual(notice.dispatched_total, 8)

    def test_a_rollback_of_the_validation_told_the_marketplace_nothing(self):
        notice = self.make_notice()
        self.announce(notice)
        sent = len(self.simulator.requests)
        self.picking.button_validate()
        self.assertEqual(len(self.simulator.requests), sent)

    def test_the_transfer_leads_to_its_notice(self):
        self.assertTrue(self.picking.lengow_is_to_marketplace)
        notice = self.make_notice()
        self.assertEqual(self.picking.lengow_notice_ids, notice)
        self.assertEqual(self.picking.action_lengow_view_notices()["res_id"], notice.id)

    def test_received_pieces_agree_with_what_was_dispatched(self):
        self.move_everything()
        notice = self.make_notice()
        self.announce(notice)
        self.picking.button_validate()
        transit = self.channel.transit_location_id
        self.assertEqual(self.count_stock(self.first, transit), 5)
        self.dispatch(notice)
        self.fetch_movements()
        self.assertEqual(notice.received_total, 8)
        self.assertEqual(notice.line_ids.mapped("received_quantity"), [5, 3])
        self.assertEqual(self.count_stock(self.first), 5)
        self.assertEqual(self.count_stock(self.second), 3)
        self.assertEqual(self.count_stock(self.first, transit), 0)
        self.assertEqual(self.at_zalando.stock[self.first.barcode, "erfurt"], 5)
