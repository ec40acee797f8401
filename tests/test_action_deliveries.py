"""What was delivered becomes the requests that a marketplace takes."""

from datetime import datetime
from decimal import Decimal

from odoo.tests import tagged

from ..lengow.action import LinePart, Parcel
from .common_actions import ActionCase, codes, make_line, make_order, said


@tagged("lengow")
class TestDeliveries(ActionCase):
    def test_a_request_names_the_order_and_nothing_can_overwrite_that(self):
        plan = self.build(
            "bol_nl",
            "ship",
            make_order(make_line("7", 2)),
            [LinePart("7", 2)],
            {"carrier": "TNT", "marketplace_order_id": "X", "action_type": "cancel"},
            parcels=[Parcel("3S")],
        )
        (request,) = plan.requests
        self.assertEqual(
            request.body,
            {
                "marketplace": "bazaar_fr",
                "marketplace_order_id": "B-1",
                "action_type": "ship",
                "line": "7",
                "carrier": "TNT",
                "shipped_quantity": 2,
                "tracking_number": "3S",
            },
        )
        self.assertEqual((request.line_id, request.quantity), ("7", 2))

    def test_quantities_are_told_where_the_marketplace_takes_them(self):
        order = make_order(make_line("a", 3), make_line("b", 1))
        args = (["line", "quantity"], [])
        plan = self.build_ship(*args, order, [LinePart("a", 2)])
        self.assert_built(plan, {"line": "a", "quantity": 2})
        plan = self.build_ship(
            *args, order, [LinePart("a", 1), LinePart("b", 1)], done={"a": 2}
        )
        self.assert_built(
            plan, {"line": "a", "quantity": 1}, {"line": "b", "quantity": 1}
        )

    def test_a_line_is_told_once_it_is_complete_where_only_lines_are_taken(self):
        order = make_order(make_line("a", 3), make_line("b", 1))
        parts = [LinePart("a", 2), LinePart("b", 1)]
        plan = self.build_ship(["line"], [], order, parts)
        self.assert_built(plan, {"line": "b"}, waiting=["a"])
        plan = self.build_ship(["line"], [], order, [LinePart("a", 1)], done={"a": 2})
        self.assert_built(plan, {"line": "a"})

    def test_an_order_is_told_once_all_is_shipped_where_only_orders_are_taken(self):
        order = make_order(
            make_line("a", 3),
            make_line("b", 1),
            make_line("c", 1, status="canceled"),
            make_line("d", 0),
        )
        args = ([], ["tracking_number"])
        plan = self.build_ship(*args, order, [LinePart("a", 3)])
        self.assert_built(plan, waiting=["b"])
        plan = self.build_ship(
            *args, order, [LinePart("b", 1)], done={"a": 3}, parcels=[Parcel("T")]
        )
        self.assert_built(plan, {"tracking_number": "T"})

    def test_two_packages_of_one_order_make_one_request_after_the_last(self):
        order = make_order(
            packages=[{"cart": [make_line("a")]}, {"cart": [make_line("b", 2)]}]
        )
        plan = self.build_ship([], [], order, [LinePart("a", 1)])
        self.assert_built(plan, waiting=["b"])
        plan = self.build_ship([], [], order, [LinePart("b", 2)], done={"a": 1})
        self.assert_built(plan, {})

    def test_lines_without_a_quantity_are_shipped_as_far_as_they_are_open(self):
        order = make_order(make_line("a", 5))
        plan = self.build_ship(
            ["line", "quantity"], [], order, [LinePart("a")], done={"a": 2}
        )
        self.assert_built(plan, {"line": "a", "quantity": 3})

    def test_a_whole_order_is_shipped_by_its_open_lines(self):
        order = make_order(make_line("a", 2), make_line("b", status="shipped"))
        plan = self.build_ship(["line", "quantity"], [], order)
        self.assert_built(plan, {"line": "a", "quantity": 2})
        plan = self.build_ship([], ["line"], order)
        self.assert_built(plan, {})

    def test_no_more_is_told_than_was_ordered(self):
        order = make_order(make_line("a", 2))
        clipped = ("clipped", "a")
        plan = self.build_ship(["line", "quantity"], [], order, [LinePart("a", 3)])
        self.assert_built(plan, {"line": "a", "quantity": 2}, notices=[clipped])
        for args in (["line", "quantity"], ["line"]):
            plan = self.build_ship(args, [], order, [LinePart("a", 1)], done={"a": 2})
            self.assert_built(plan, notices=[clipped])
        plan = self.build_ship(["line"], [], order, [LinePart("a", 3)])
        self.assert_built(plan, {"line": "a"})

    def test_what_will_not_be_delivered_does_not_hold_the_rest_for_ever(self):
        order = make_order(make_line("a", 3), make_line("b", 1))
        short = ("short", "a")
        plan = self.build_ship(["line"], [], order, [LinePart("a", 2)], closed=["a"])
        self.assert_built(plan, {"line": "a"}, notices=[short])
        plan = self.build_ship(
            [], [], order, [LinePart("b", 1)], done={"a": 2}, closed=["a"]
        )
        self.assert_built(plan, {}, notices=[short])
        # Nothing of it ever left.
        for args in (["line"], ["line", "quantity"], []):
            plan = self.build_ship(
                args, [], order, [LinePart("a", 0)], closed=["a", "b"]
            )
            self.assert_built(plan)

    def test_parts_of_kits_count_when_the_kit_is_complete(self):
        order = make_order(make_line("a", 2))
        args = (["line", "quantity"], [], order)
        half = Decimal("0.5")
        plan = self.build_ship(*args, [LinePart("a", half)])
        self.assert_built(plan, waiting=["a"])
        plan = self.build_ship(*args, [LinePart("a", half)], done={"a": half})
        self.assert_built(plan, {"line": "a", "quantity": 1})
        plan = self.build_ship(*args, [LinePart("a", "1.5")], done={"a": "0.5"})
        self.assert_built(plan, {"line": "a", "quantity": 2})

    def test_moves_of_one_line_are_one_request(self):
        order = make_order(make_line(0, 3))
        parts = [LinePart("0", 1), LinePart(0, 2)]
        plan = self.build_ship(["line", "quantity"], [], order, parts)
        self.assert_built(plan, {"line": "0", "quantity": 3})

    def test_one_product_on_two_lines_is_two_requests(self):
        lines = [
            make_line(name, merchant_product_id={"id": "SKU"}) for name in ("a", "b")
        ]
        plan = self.build_ship(
            ["line"], [], make_order(*lines), [LinePart("a", 1), LinePart("b", 1)]
        )
        self.assert_built(plan, {"line": "a"}, {"line": "b"})

    def test_several_parcels_are_joined_and_repeated_ones_told_once(self):
        parcels = [
            Parcel("A, B", "https://a.example/?A", "R1", "1.5"),
            Parcel("B", "https://b.example/?B", "R1", Decimal("0.5")),
            Parcel("", None, "", None),
        ]
        optional = [
            "tracking_number",
            "tracking_url",
            "return_tracking_number",
            "weight",
        ]
        plan = self.build_ship([], optional, make_order(), parcels=parcels)
        self.assert_built(
            plan,
            {
                "tracking_number": "A,B",
                "tracking_url": "https://a.example/?A",
                "return_tracking_number": "R1",
                "weight": "2",
            },
        )
        plan = self.build_ship(
            [],
            optional,
            make_order(),
            None,
            {"tracking_number": "C"},
            parcels=parcels[2:],
        )
        self.assert_built(plan, {"tracking_number": "C"})

    def test_what_the_marketplace_does_not_list_is_left_out(self):
        plan = self.build_ship(
            ["carrier"],
            [],
            make_order(),
            None,
            {"carrier": "DHL", "weight": 5, "relay_id": "17"},
            parcels=[Parcel("A", "https://a.example")],
        )
        self.assert_built(plan, {"carrier": "DHL"})

    def test_the_date_of_the_delivery_is_told(self):
        left_at = datetime(2024, 3, 1, 17, 30)
        plan = self.build(
            "ebay_de",
            "ship",
            make_order(),
            [LinePart("1", 1)],
            {"shipping_date": left_at},
        )
        self.assert_built(
            plan, {"line": "1", "shipping_date": "2024-03-01T17:30:00+00:00"}
        )

    def test_a_tracking_number_can_be_corrected_while_the_marketplace_takes_it(self):
        order = make_order(make_line("1", 2, "shipped"), status="shipped")
        parts = [LinePart("1", 2)]
        values = {"carrier": "1", "tracking_number": "NEW"}
        plan = self.build("decathlon_fr", "ship", order, parts, values)
        self.assert_built(plan, {"tracking_number": "NEW", "carrier": "1"})
        plan = self.build("amazon_fr", "ship", order, parts, values)
        self.assert_refused(plan, ("line_status", "1"))

    def test_a_line_with_a_problem_keeps_no_other_from_being_told(self):
        order = make_order(make_line("a"), make_line("b", status="shipped"))
        parts = [LinePart("a", 1), LinePart("b", 1), LinePart("c", 1)]
        plan = self.build_ship(["line"], [], order, parts)
        self.assertEqual(said(plan), [{"line": "a"}])
        self.assertEqual(
            codes(plan.problems), [("line_status", "b"), ("unknown_line", "c")]
        )

    def test_what_is_missing_is_told_for_each_line(self):
        order = make_order(make_line("a"), make_line("b"))
        plan = self.build(
            "allegro_pl",
            "ship",
            order,
            [
                LinePart("a", 1),
                LinePart("b", 1, {"carrier": "DPD", "tracking_number": "1"}),
            ],
        )
        self.assertEqual([request.line_id for request in plan.requests], ["b"])
        self.assertEqual(
            [
                (problem.code, problem.argument, problem.line_id)
                for problem in plan.problems
            ],
            [("missing", "carrier", "a")],
        )
        self.assertEqual(str(plan.problems[0]), "Carrier is missing.")

    def test_the_same_request_has_the_same_fingerprint(self):
        def build(number):
            plan = self.build_ship(
                [], ["tracking_number"], make_order(), parcels=[Parcel(number)]
            )
            return plan.requests[0].fingerprint

        self.assertEqual(build("A"), build("A"))
        self.assertNotEqual(build("A"), build("B"))
