from datetime import datetime, timedelta

from odoo.tests import tagged

from ..lengow.errors import (
    LengowFeatureError,
    LengowFeedError,
    LengowNotFoundError,
    LengowParameterError,
    LengowRequestError,
)
from ..lengow.movement import (
    LIQUIDATED,
    RECEIVED,
    RELOCATED,
    RETURNED,
    Movement,
    read_rows,
)
from ..simulator.feeds import ZFS_SECOND_FEED
from .common_client import TOKEN
from .common_logistics import OTHER, PLAIN, UNKNOWN, ZFS, LogisticsClientCase


@tagged("post_install", "-at_install")
class TestMovementEndpoints(LogisticsClientCase):
    def read_items(self, kind, feed=ZFS, **more):
        day = timedelta(days=1)
        rows = self.client.get_movements(
            feed, kind, since=self.now() - day, until=self.now() + day, **more
        )
        return [Movement(kind, row) for row in rows]

    def test_the_kinds_are_listed_with_their_parameters(self):
        resources = self.client.get_movement_resources(ZFS)
        self.assertEqual(
            {resource.name: resource.required for resource in resources},
            dict.fromkeys((RECEIVED, RETURNED, RELOCATED, LIQUIDATED), ("from", "to")),
        )
        self.assertEqual(resources[-1].optional, ("purchase_order_number",))

    def test_each_received_piece_is_a_movement(self):
        self.warehouse.receive(self.eans[0], 2, reference="sn1", advice=7, tour="T")
        first, second = self.read_items(RECEIVED)
        self.assertNotEqual(first.fingerprint, second.fingerprint)
        self.assertEqual(
            (first.ean, first.quantity, first.reference, first.advice_id, first.number),
            (self.eans[0], 1, "sn1", "7", "T"),
        )
        self.assertIsNone(first.source)
        self.assertTrue(first.destination.code)
        self.assertEqual(first.moved_at, self.now().replace(microsecond=0))

    def test_returned_pieces_tell_their_quality(self):
        self.warehouse.send_back(self.eans[0], 1, quality="C")
        (returned,) = self.read_items(RETURNED)
        self.assertEqual((returned.quality, returned.quantity), ("C", 1))
        self.assertTrue(returned.source.code)
        self.assertIsNone(returned.destination)

    def test_relocations_tell_both_warehouses_and_the_day(self):
        self.warehouse.relocate(self.eans[0], 5)
        self.warehouse.relocate(self.eans[1], 6)
        first, second = self.read_items(RELOCATED)
        self.assertEqual((first.quantity, second.quantity), (5, 6))
        self.assertEqual(first.source.name, "Erfurt")
        self.assertEqual(first.destination.country_code, "PL")
        self.assertEqual(first.moved_at, datetime(2023, 11, 14))

    def test_liquidated_quantities_are_read_from_texts(self):
        self.warehouse.liquidate(self.eans[0], 40, purchase_order="PO1")
        self.warehouse.liquidate(self.eans[0], 2, purchase_order="PO2")
        self.assertEqual([m.quantity for m in self.read_items(LIQUIDATED)], [40, 2])
        (only,) = self.read_items(LIQUIDATED, purchase_order_number="PO2")
        self.assertEqual((only.quantity, only.number), (2, "PO2"))

    def test_any_feed_of_the_merchant_tells_the_same(self):
        self.warehouse.receive(self.eans[0], 1)
        self.assertEqual(
            [m.fingerprint for m in self.read_items(RECEIVED)],
            [m.fingerprint for m in self.read_items(RECEIVED, feed=ZFS_SECOND_FEED)],
        )

    def test_after_a_hundred_days_movements_are_forgotten(self):
        self.warehouse.receive(self.eans[0], 1)
        since = self.now()
        self.wait(days=99)
        until = self.now()
        self.assertEqual(
            len(self.client.get_movements(ZFS, RECEIVED, since=since, until=until)), 1
        )
        self.wait(days=2)
        self.assertEqual(
            self.client.get_movements(ZFS, RECEIVED, since=since, until=until), []
        )

    def test_dates_are_written_as_documented(self):
        self.read_items(RECEIVED)
        args = self.simulator.requests[-1].args
        self.assertEqual(args["from"], "2023-11-13T22:13:20Z")
        self.assertEqual(args["to"], "2023-11-15T22:13:20Z")

    def test_a_missing_parameter_is_named_and_no_token_is_renewed(self):
        with self.assertRaisesRegex(LengowParameterError, r"parameter : to\. Fill"):
            self.client.get_movements(ZFS, RECEIVED, since=self.now())
        self.assertEqual(self.count_requests(TOKEN), 1)
        sent = len(self.wire.sent)
        resource = self.client.get_movement_resources(ZFS)[0]
        with self.assertRaisesRegex(LengowParameterError, "to"):
            self.client.get_movements(ZFS, resource, since=self.now())
        self.assertEqual(len(self.wire.sent), sent + 1, "it was asked for all the same")

    def test_wrong_dates_and_unknown_kinds_are_refused_in_words(self):
        with self.assertRaisesRegex(LengowRequestError, "must be ISO 8601 dates"):
            self.client.get_movements(ZFS, RECEIVED, since="soon", until="later")
        with self.assertRaisesRegex(
            LengowNotFoundError, "Resource lost_items does not exist"
        ):
            self.client.get_movements(ZFS, "lost_items")

    def test_feeds_are_checked(self):
        for feed, kind in (
            (UNKNOWN, LengowFeedError),
            (OTHER, LengowFeedError),
            (PLAIN, LengowFeatureError),
        ):
            with self.assertRaises(kind):
                self.client.get_movement_resources(feed)
            with self.assertRaises(kind):
                self.read_items(RECEIVED, feed=feed)


@tagged("post_install", "-at_install")
class TestMovementForms(LogisticsClientCase):
    def test_a_movement_read_again_later_is_the_same(self):
        row = {"ean": "1", "quality_label": "X", "consumed_timestamp": None}
        later = {**row, "consumed_timestamp": "2024-01-01T00:00:00Z"}
        other = {**row, "quality_label": "Y"}
        one, two, three = (
            Movement(RECEIVED, r).fingerprint for r in (row, later, other)
        )
        self.assertEqual(one, two)
        self.assertNotEqual(one, three)
        self.assertNotEqual(one, Movement(RETURNED, row).fingerprint)

    def test_a_quantity_of_zero_is_one_and_nonsense_is_none(self):
        self.assertEqual(Movement(LIQUIDATED, {"quantity": "0"}).quantity, 0)
        self.assertEqual(Movement(LIQUIDATED, {"quantity": None}).quantity, 1)
        self.assertIsNone(Movement(LIQUIDATED, {"quantity": "many"}).quantity)

    def test_nonsense_is_survived(self):
        self.assertEqual(
            read_rows([None, "x", {"movements": [1, {"ean": "2"}]}]), [{"ean": "2"}]
        )
        movement = Movement("unheard_of", None)
        self.assertEqual((movement.ean, movement.moved_at), ("", None))
        self.assertIsNone(movement.source)
