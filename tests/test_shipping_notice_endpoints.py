from datetime import date

from odoo.tests import tagged

from ..lengow.action_result import may_have_been_done
from ..lengow.errors import (
    LengowConnectionError,
    LengowFeatureError,
    LengowFeedError,
    LengowNotFoundError,
    LengowOfferError,
    LengowRequestError,
    LengowServerError,
)
from ..lengow.notice import ItemSet, ShippingNotice, latest
from .common_client import TOKEN, make_json
from .common_logistics import (
    NOTICES,
    OTHER,
    PLAIN,
    UNKNOWN,
    ZFS,
    LogisticsClientCase,
)


@tagged("post_install", "-at_install")
class TestShippingNoticeLife(LogisticsClientCase):
    def setUp(self):
        super().setUp()
        self.first, self.second = self.eans[:2]

    def read_notice(self, notice):
        return self.client.get_shipping_notice(ZFS, notice.notice_id)

    def test_a_notice_is_created_with_all_documented_fields(self):
        notice = self.create_notice(
            carrier_name="DHL",
            requested_zalando_location_id="29809185-6a98-4691-a15b-e8d16839b6e8",
            pallets_count=0,
            colli_count=2,
            hanging_goods_count=None,
            earliest_delivery_date=date(2030, 7, 21),
            merchant_b2b_reference="sn123",
            comments="This is a shipping notice.",
            contact_email="test@zfs.com",
        )
        self.assertEqual(notice.lengow_status, "SHIPMENT_NEW")
        self.assertEqual(notice.marketplace_status, "initial")
        self.assertEqual(
            notice.actions, ["update_shipping_notice", "create_announced_item_set"]
        )
        self.assertEqual(notice.reference, "sn123")
        self.assertEqual(notice.resources, set())
        (request,) = [r for r in self.simulator.requests if r.method == "POST"][1:]
        self.assertEqual(request.json["pallets_count"], 0)
        self.assertEqual(request.json["earliest_delivery_date"], "2030-07-21")
        self.assertNotIn("hanging_goods_count", request.json)
        self.assertEqual(request.args, {"account_id": "1001"})

    def test_a_notice_goes_through_its_whole_life(self):
        notice = self.create_notice(merchant_b2b_reference="sn1")
        notice = self.act(notice, "update_shipping_notice")
        notice = self.act(notice, "create_announced_item_set", (self.first, 100))
        self.assertEqual(notice.lengow_status, "SHIPMENT_CONTENT_ANNOUNCED")
        self.assertEqual(notice.marketplace_status, "initial_announced")
        self.assertEqual(
            notice.actions, ["update_announced_item_set", "confirm_announcement"]
        )
        notice = self.act(
            notice, "update_announced_item_set", (self.first, 3), (self.second, 2)
        )
        (announced,) = self.client.get_announced_item_sets(ZFS, notice.notice_id)
        self.assertEqual(
            [(item.ean, item.quantity) for item in announced.items],
            [(self.first, 3), (self.second, 2)],
        )
        notice = self.act(notice, "confirm_announcement")
        self.assertEqual(notice.lengow_status, "SHIPMENT_CONTENT_CONFIRMED")
        self.assertEqual(notice.marketplace_status, "ready_for_delivery_date")
        self.assertEqual(notice.actions, [])
        self.assertIsNone(notice.confirmed_delivery_date)
        self.wait(minutes=2)
        notice = self.read_notice(notice)
        self.assertEqual(notice.lengow_status, "SHIPMENT_AWAITED")
        self.assertEqual(notice.marketplace_status, "delivery_date_confirmed")
        self.assertEqual(notice.actions, ["create_dispatch_item_set"])
        self.assertEqual(notice.confirmed_delivery_date, date(2023, 11, 17))
        notice = self.act(notice, "create_dispatch_item_set", (self.first, 3))
        self.assertEqual(notice.lengow_status, "SHIPMENT_PREPARATION")
        self.assertEqual(notice.marketplace_status, "ready_for_dispatch")
        notice = self.act(notice, "update_dispatch_item_set", (self.first, 2))
        (dispatched,) = self.client.get_dispatch_item_sets(ZFS, notice.notice_id)
        self.assertEqual([item.quantity for item in dispatched.items], [2])
        self.assertIsNotNone(dispatched.created_at)
        notice = self.act(notice, "confirm_dispatch")
        self.assertEqual(notice.lengow_status, "SHIPMENT_SHIPPED")
        self.assertEqual(notice.marketplace_status, "ready_to_receive")
        self.assertEqual(
            notice.resources,
            {"announced_item_sets", "dispatch_item_sets", "tracking_status"},
        )
        states = []
        for _step in range(4):
            (tour,) = self.client.get_tracking_status(ZFS, notice.notice_id)
            states.append(tour.status)
            self.wait(minutes=1)
        self.assertEqual(states, ["initialized", "arrived", "unloading", "unloaded"])
        self.assertEqual(tour.advice_id, notice.advice_id)
        self.wait(minutes=2)
        notice = self.read_notice(notice)
        self.assertEqual(notice.lengow_status, "SHIPMENT_SHIPPED")
        self.assertEqual(notice.marketplace_status, "closed")
        self.assertEqual(self.warehouse.stock[self.first, "erfurt"], 2)

    def test_items_are_validated_one_by_one(self):
        notice = self.create_notice()
        self.act(
            notice, "create_announced_item_set", (self.first, 1), ("0000000000000", 2)
        )
        (announced,) = self.client.get_announced_item_sets(ZFS, notice.notice_id)
        self.assertEqual(
            [(item.validation_state, bool(item.sku)) for item in announced.items],
            [("valid", True), ("invalid", False)],
        )
        self.assertEqual(announced.validation_state, "invalid")
        self.assertEqual(announced.validation_description, "1 items are unknown")

    def test_notices_are_listed_in_pages_and_filtered(self):
        for number in range(101):
            self.create_notice(merchant_b2b_reference=f"sn{number}")
        announced = self.client.find_shipping_notice(ZFS, "sn7")
        self.act(announced, "create_announced_item_set", (self.first, 1))
        pages = list(self.client.iter_shipping_notice_pages(ZFS))
        self.assertEqual([len(page.entries) for page in pages], [100, 1])
        for filters in (
            {"lengow_status": "SHIPMENT_CONTENT_ANNOUNCED"},
            {"marketplace_status": "initial_announced"},
        ):
            (page,) = self.client.iter_shipping_notice_pages(ZFS, **filters)
            (payload,) = page.entries
            self.assertEqual(ShippingNotice(payload).reference, "sn7")

    def test_a_notice_is_found_by_our_own_reference_on_any_page(self):
        for number in range(101):
            self.create_notice(merchant_b2b_reference=f"sn{number}")
        self.assertEqual(
            self.client.find_shipping_notice(ZFS, "sn100").reference, "sn100"
        )
        self.assertIsNone(self.client.find_shipping_notice(ZFS, "sn101"))


@tagged("post_install", "-at_install")
class TestShippingNoticeRefusals(LogisticsClientCase):
    def assert_no_renewed_token(self):
        self.assertEqual(self.count_requests(TOKEN), 1)

    def test_a_marketplace_without_notices_says_so(self):
        with self.assertRaisesRegex(
            LengowFeatureError, "Shipping notices are not available for Amazon FR"
        ):
            self.create_notice(feed=PLAIN)

    def test_an_unknown_feed_is_told_from_one_of_another_account(self):
        with self.assertRaisesRegex(LengowFeedError, "Unknown feed id"):
            self.create_notice(feed=UNKNOWN)
        with self.assertRaisesRegex(
            LengowFeedError, "Account and Feed don't match.*Check the feed number"
        ):
            self.create_notice(feed=OTHER)
        self.assert_no_renewed_token()

    def test_an_unknown_notice_is_not_found(self):
        words = "Shipping notice does not exist or does not belong to that feed"
        for call in (
            lambda: self.client.get_shipping_notice(ZFS, 1),
            lambda: self.client.act_on_shipping_notice(ZFS, 1, "confirm_dispatch"),
            lambda: self.client.get_announced_item_sets(ZFS, "1"),
        ):
            with self.assertRaisesRegex(LengowNotFoundError, words):
                call()

    def test_an_action_that_does_not_exist_names_those_that_do(self):
        notice = self.create_notice()
        with self.assertRaises(LengowOfferError) as caught:
            self.act(notice, "test_action")
        self.assertIn("Action test_action does not exist", str(caught.exception))
        self.assertEqual(
            caught.exception.offered,
            ["update_shipping_notice", "create_announced_item_set"],
        )

    def test_an_action_that_is_not_offered_names_the_status(self):
        notice = self.create_notice()
        with self.assertRaises(LengowOfferError) as caught:
            self.act(notice, "confirm_dispatch")
        self.assertIn(
            "Action confirm_dispatch is not available from status initial",
            str(caught.exception),
        )
        self.assertFalse(may_have_been_done(caught.exception))

    def test_every_action_is_refused_in_every_state_that_does_not_offer_it(self):
        from ..simulator.notice_record import ACTIONS, STATES

        record = self.logistics.create(ZFS, {})
        for status, (_lengow_status, offered) in STATES.items():
            record.status = status
            record.tour_state = "unloaded"
            record.changed_at = record.tour_changed_at = self.simulator.now()
            for action in set(ACTIONS) - set(offered):
                with self.subTest(f"{action} from {status}"):
                    with self.assertRaises(LengowOfferError) as caught:
                        self.client.act_on_shipping_notice(
                            ZFS, record.notice_id, action
                        )
                    self.assertEqual(caught.exception.offered, list(offered))

    def test_items_that_are_none_are_refused_in_words(self):
        notice = self.create_notice()
        for pairs, words in (
            ((), "items is mandatory"),
            (((self.eans[0], 0),), "must be positive"),
            (((self.eans[0], 1), (self.eans[0], 2)), "given twice"),
        ):
            with self.assertRaisesRegex(LengowRequestError, words):
                self.act(notice, "create_announced_item_set", *pairs)

    def test_a_carrier_with_a_name_that_is_too_long_is_refused(self):
        with self.assertRaisesRegex(LengowRequestError, "max length is 100"):
            self.create_notice(carrier_name="x" * 101)

    def test_a_failed_creation_is_not_repeated_and_is_in_doubt(self):
        """The notice may exist all the same: the words do not tell."""
        self.logistics.settings.creation_fault = "after"
        with self.assertRaisesRegex(
            LengowServerError, "Error while creating shipping notice"
        ) as caught:
            self.create_notice(merchant_b2b_reference="sn1")
        self.assertTrue(may_have_been_done(caught.exception))
        self.assertEqual(len(self.logistics.notices), 1)
        self.assertIsNotNone(self.client.find_shipping_notice(ZFS, "sn1"))

    def test_a_lost_answer_is_not_repeated(self):
        self.simulator.faults.once("reset_after", path=NOTICES, method="POST")
        with self.assertRaises(LengowConnectionError) as caught:
            self.create_notice()
        self.assertTrue(may_have_been_done(caught.exception))
        self.assertEqual(len(self.logistics.notices), 1)

    def test_reading_is_repeated(self):
        notice = self.create_notice()
        self.simulator.faults.once("503", path=f"{NOTICES}*")
        self.assertEqual(
            self.client.get_shipping_notice(ZFS, notice.notice_id).notice_id,
            notice.notice_id,
        )


@tagged("post_install", "-at_install")
class TestShippingNoticeForms(LogisticsClientCase):
    """The documents show the same thing in several forms."""

    def test_a_notice_is_read_with_and_without_its_wrapping(self):
        plain = {"shipping_notice_id": 1, "lengow_status": "SHIPMENT_NEW"}
        self.assertEqual(ShippingNotice(plain).notice_id, "1")
        self.assertEqual(ShippingNotice({"notice": plain}).notice_id, "1")
        self.assertEqual(ShippingNotice({"notice": {"id": 12345}}).notice_id, "12345")

    def test_an_answer_without_actions_is_told_from_one_with_none(self):
        self.assertIsNone(ShippingNotice({"shipping_notice_id": 1}).actions)
        self.assertEqual(ShippingNotice({"actions": []}).actions, [])

    def test_resources_in_the_singular_are_the_same(self):
        notice = ShippingNotice({"resources": {"announced_item_set": "/x"}})
        self.assertEqual(notice.resources, {"announced_item_sets"})

    def test_a_delivery_date_counts_as_confirmed_once_the_shipment_is_awaited(self):
        extra = {"delivery_date": "2021-10-11"}
        new = {"lengow_status": "SHIPMENT_NEW", "extra": extra}
        awaited = {"lengow_status": "SHIPMENT_AWAITED", "extra": extra}
        self.assertIsNone(ShippingNotice(new).confirmed_delivery_date)
        self.assertEqual(
            ShippingNotice(awaited).confirmed_delivery_date, date(2021, 10, 11)
        )

    def test_the_latest_item_set_counts(self):
        sets = [
            ItemSet({"created": "2024-01-02T00:00:00Z", "items": []}),
            ItemSet({"created": "2024-01-01T00:00:00Z", "items": []}),
        ]
        self.assertIs(latest(sets), sets[0])
        self.assertIsNone(latest([]))

    def test_nonsense_is_survived(self):
        for payload in (None, [], {"notice": []}, {"extra": [], "resources": []}):
            notice = ShippingNotice(payload)
            self.assertEqual(notice.notice_id, "")
            self.assertEqual(notice.resources, set())
            self.assertIsNone(notice.confirmed_delivery_date)

    def test_an_answer_that_names_no_notice_is_unreadable(self):
        self.wire.answer = lambda request: (
            make_json({"notice": {}}) if "shipping_notices" in request.url else None
        )
        with self.assertRaisesRegex(Exception, "could not be read"):
            self.client.get_shipping_notice(ZFS, 1)

    def test_the_documents_example_of_a_tour_is_read(self):
        example = {
            "zalando_advice_id": "99200000",
            "shipping_notice_id": "a2e9e478-f9ec-4af3-b773-75da5b6d7470",
            "tour_number": "20171026-0001-BR-ERF",
            "to_location": "Erfurt",
            "from_location": "Lille",
            "planned_arrival_time_at_dock": None,
            "planned_arrival_time_at_yard": "2021-10-05T13:11:44.362Z",
            "planned_amount_of_loading_units": {"pallets": 2, "colli": 10},
            "actual_amount_of_loading_units": {"pallets": 1, "colli": "9"},
            "type": "ZFS_NEW_GOODS",
            "current_status": {
                "status_text": "rejected",
                "status_details": "Tour get rejected because ....",
                "last_updated": "2021-10-05T13:11:44.362Z",
            },
        }
        self.wire.answer = lambda request: (
            make_json({"data": [example, None]})
            if request.url.partition("?")[0].endswith("/1/tracking_status")
            else None
        )
        (tour,) = self.client.get_tracking_status(ZFS, 1)
        self.assertEqual(
            (tour.number, tour.status, tour.details),
            ("20171026-0001-BR-ERF", "rejected", "Tour get rejected because ...."),
        )
        self.assertEqual((tour.from_location, tour.to_location), ("Lille", "Erfurt"))
        self.assertEqual(tour.planned_units, {"pallets": 2, "colli": 10})
        self.assertEqual(tour.actual_units, {"pallets": 1, "colli": 9})
        self.assertEqual(tour.planned_arrival.minute, 11)
        self.assertEqual(tour.updated_at.year, 2021)

    def test_a_page_of_notices_names_damaged_entries(self):
        self.wire.answer = lambda request: (
            make_json({"count": 2, "next": None, "results": [None, {"id": 7}]})
            if request.url.partition("?")[0].endswith("/shipping_notices/")
            else None
        )
        (page,) = self.client.iter_shipping_notice_pages(ZFS)
        self.assertEqual((page.damaged, len(page.entries)), (1, 1))
