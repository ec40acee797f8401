"""What marketplaces want of an action, and how it differs from one to the other."""

import copy
import json
from decimal import Decimal

from odoo.tests import tagged

from ..lengow import const
from ..lengow.action import (
    ActionRequest,
    LinePart,
    build_requests,
    check_request,
)
from ..lengow.marketplace import Marketplace
from .common_actions import (
    SPECS,
    ActionCase,
    codes,
    make_line,
    make_order,
    make_rule,
    said,
    when,
)


@tagged("lengow")
class TestWishes(ActionCase):
    """What single marketplaces want, as data."""

    def ship(self, code, values, order=None):
        parts = [LinePart("1", 1)]
        return self.build(code, "ship", order or make_order(), parts, values)

    def test_amazon_gets_a_carrier_name_beside_other_only(self):
        name = {"carrier_name": "Bob's Bikes"}
        plan = self.ship("amazon_fr", {"carrier": "Colissimo", **name})
        self.assert_built(plan, {"line": "1", "carrier": "Colissimo"})
        plan = self.ship("amazon_fr", {"carrier": "Other", **name})
        self.assert_built(plan, {"line": "1", "carrier": "Other", **name})

    def test_amazon_gets_no_shipping_method_that_nobody_chose(self):
        spec = copy.deepcopy(SPECS["amazon_fr"])
        described = spec["orders"]["actions"]["ship"]["args_description"]
        described["shipping_method"]["default_value"] = "Std"
        plan = build_requests(
            Marketplace(spec), "ship", make_order(), None, {"carrier": "DHL"}
        )
        self.assert_built(plan, {"line": "1", "carrier": "DHL"})

    def test_otto_gets_return_labels_for_parcels(self):
        values = {
            "carrier": "DHL",
            "tracking_number": "1",
            "return_tracking_number": "2",
            "return_carrier": "HERMES",
        }
        parcel = make_order(order_meta={"delivery_type": "PARCEL"})
        plan = self.ship("otto_de", values, parcel)
        self.assert_built(plan, {"line": "1", **values})
        del values["return_carrier"]
        plan = self.ship("otto_de", values, parcel)
        self.assert_refused(plan, ("missing_because", "return_carrier"))
        self.assertIn("order_meta.delivery_type equals PARCEL", str(plan.problems[0]))
        forwarder = make_order(order_meta={"delivery_type": "FORWARDER"})
        plan = self.ship("otto_de", {**values, "carrier": "RHENUS"}, forwarder)
        self.assertEqual(said(plan), [{"line": "1", "carrier": "RHENUS"}])

    def test_zalando_wants_a_return_tracking_number(self):
        plan = self.ship("zalando_zfs_de", {"tracking_number": "1"})
        self.assert_refused(plan, ("missing", "return_tracking_number"))

    def test_bol_wants_tracking_of_some_carriers(self):
        self.assert_built(
            self.ship("bol_nl", {"carrier": "BPOST_BE", "tracking_number": "1"}),
            {"line": "1", "carrier": "BPOST_BE", "shipped_quantity": 1},
        )
        # The marketplace lists it as optional, so its rule stops nothing.
        plan = self.ship("bol_nl", {"carrier": "DPD-NL"})
        self.assertEqual(len(plan.requests), 1)
        self.assertEqual(codes(plan.notices), [("asked_for", "tracking_number")])

    def test_a_carrier_code_that_vanished_is_told_before_anything_is_sent(self):
        plan = self.ship("amazon_fr", {"carrier": "Pony Express"})
        self.assert_refused(plan, ("not_listed", "carrier"))
        self.assertIn("Pony Express", str(plan.problems[0]))

    def test_a_carrier_0_is_a_carrier(self):
        plan = self.ship("decathlon_fr", {"carrier": 0, "tracking_number": "1"})
        self.assert_built(plan, {"tracking_number": "1", "carrier": "0"})

    def test_el_corte_ingles_is_told_the_delivery_date(self):
        plan = self.build(
            "elcorteingles_es",
            "set_delivery_date",
            make_order(status="shipped"),
            values={"delivery_date": "2024-03-05"},
        )
        self.assert_built(plan, {"delivery_date": "2024-03-05T00:00:00+00:00"})


@tagged("lengow")
class TestOtherActions(ActionCase):
    def test_a_required_reason_falls_back_on_this_actions_own_default(self):
        order = make_order(make_line("1", status="shipped"), status="shipped")
        for code, reason in (("amazon_fr", "CustomerReturn"), ("zalando_zfs_de", "0")):
            plan = self.build(code, "refund", order, [LinePart("1")])
            self.assert_built(plan, {"line": "1", "reason": reason})
        plan = self.build("otto_de", "refund", order, [LinePart("1")])
        self.assert_refused(plan, ("missing", "reason"))

    def test_an_optional_default_is_not_sent(self):
        plan = self.build("amazon_fr", "cancel", make_order(), [LinePart("1")])
        self.assert_built(plan, {"line": "1"})

    def test_a_reason_is_one_of_the_listed_ones(self):
        order = make_order()
        plan = self.build("bol_nl", "cancel", order, None, {"reason": "OUT_OF_STOCK"})
        self.assert_built(plan, {"line": "1", "reason": "OUT_OF_STOCK"})
        plan = self.build("bol_nl", "cancel", order, None, {"reason": "out of stock"})
        self.assert_refused(plan, ("not_listed", "reason"))

    def test_a_whole_order_is_accepted_at_once_or_by_lines(self):
        status = "waiting_acceptance"
        order = make_order(
            make_line("a", status=status), make_line("b", status=status), status=status
        )
        plan = self.build("decathlon_fr", "accept", order)
        self.assert_built(plan, {})
        plan = self.build("decathlon_fr", "accept", order, [LinePart("b")])
        self.assert_built(plan, {"line": "b"})
        plan = self.build("decathlon_fr", "refuse", order, values={"reason": "0"})
        self.assert_built(plan, {"reason": "0"})

    def test_a_part_is_not_cancelled_where_only_the_whole_can_be(self):
        order = make_order(make_line("a", 2), make_line("b"))
        plan = self.build("cdiscount_fr", "cancel", order, [LinePart("a", 2)])
        self.assert_refused(plan, ("whole_order_only", ""))
        plan = self.build(
            "cdiscount_fr", "cancel", order, [LinePart("a", 2), LinePart("b", 1)]
        )
        self.assert_built(plan, {})
        plan = self.build("cdon_se", "cancel", order, [LinePart("a", 1)])
        self.assert_refused(plan, ("whole_line_only", "a"))

    def test_a_part_is_cancelled_by_quantity_where_that_is_possible(self):
        order = make_order(make_line("a", 3))
        plan = self.build("allegro_pl", "partial_cancel", order, [LinePart("a", 1)])
        self.assert_built(plan, {"line": "a", "quantity": 1})
        plan = self.build("allegro_pl", "partial_cancel", order, [LinePart("a", 4)])
        self.assert_refused(plan, ("too_much", "a"))
        plan = self.build(
            "allegro_pl", "partial_cancel", order, [LinePart("a")], done={"a": 3}
        )
        self.assert_refused(plan, ("nothing_left", "a"))

    def test_pieces_named_among_the_values_are_counted_too(self):
        order = make_order(make_line("a", 2), status="shipped")
        rule = make_rule(["line"], ["quantity"], name="refund")
        for pieces, problems in ((2, []), (3, [("too_much", "a")])):
            plan = build_requests(
                rule.marketplace, "refund", order, [LinePart("a")], {"quantity": pieces}
            )
            self.assertEqual(codes(plan.problems), problems)
            quantities = [request.quantity for request in plan.requests]
            self.assertEqual(quantities, [] if problems else [2])

    def test_a_refund_of_one_line_sends_its_amounts(self):
        order = make_order(
            make_line("a", 2, "shipped", amount="20.00"),
            make_line("b", 1, "shipped", amount="10.00"),
            status="shipped",
            shipping=5,
        )
        part = LinePart("a", 1, {"refund_price": Decimal("10.00")})
        values = {"reason": "25", "refund_shipping_price": "2,50"}
        plan = self.build("decathlon_fr", "refund", order, [part], values)
        self.assert_built(
            plan,
            {
                "line": "a",
                "reason": "25",
                "refund_price": "10.00",
                "refund_shipping_price": "2.50",
                "refund_quantity": 1,
            },
        )

    def test_amounts_of_lines_are_one_amount_where_orders_are_refunded(self):
        order = make_order(
            make_line("a", 1, "shipped"),
            make_line("b", 1, "shipped"),
            make_line("c", 1, "shipped"),
            status="shipped",
            total_order=30,
        )
        parts = [LinePart(name, 1, {"refund_price": "7.25"}) for name in ("a", "b")]
        plan = self.build("cdiscount_fr", "refund", order, parts, {"reason": "130"})
        self.assertEqual(said(plan), [{"reason": "130", "refund_price": "14.50"}])
        plan = self.build(
            "cdiscount_fr", "refund", order, [LinePart("a", 1)], {"reason": "130"}
        )
        self.assert_refused(plan, ("whole_order_only", ""))

    def test_no_more_is_refunded_than_was_paid(self):
        order = make_order(
            make_line("a", 2, "shipped", amount="20.00", refunded_amount="5.00"),
            make_line("b", 1, "shipped", amount=None),
            status="shipped",
            shipping="4.00",
            total_order="24.00",
        )
        reason = {"reason": "25"}
        for line, price, shipping, expected in (
            ("a", "15.00", "4.00", []),
            ("a", "15.01", None, [("above_paid", "refund_price")]),
            ("a", "1.00", "4.01", [("above_paid", "refund_shipping_price")]),
            ("b", "999.00", None, []),
        ):
            with self.subTest(line=line, price=price, shipping=shipping):
                values = {"refund_price": price, "refund_shipping_price": shipping}
                plan = self.build(
                    "decathlon_fr",
                    "refund",
                    order,
                    [LinePart(line, None, values)],
                    reason,
                )
                self.assertEqual(codes(plan.problems), expected)
                self.assertEqual(len(plan.requests), not expected)
        for price, expected in (
            ("19", []),
            ("19.01", [("above_paid", "refund_price")]),
        ):
            plan = self.build(
                "cdiscount_fr",
                "refund",
                order,
                values={"reason": "130", "refund_price": price},
            )
            self.assertEqual(codes(plan.problems), expected)

    def test_what_is_paid_back_in_full_is_not_above_what_was_paid(self):
        order = make_order(
            make_line("a", 1, "shipped", amount=19.899999999999999),
            status="shipped",
            shipping=4.8999999999999995,
        )
        for price, shipping in (("19.90", "4.90"), (19.9, 4.6 + 0.3)):
            values = {"refund_price": price, "refund_shipping_price": shipping}
            plan = self.build(
                "decathlon_fr",
                "refund",
                order,
                [LinePart("a")],
                {**values, "reason": 0},
            )
            self.assertEqual(plan.problems, [])
            (request,) = plan.requests
            self.assertEqual(float(request.arguments["refund_price"]), 19.9)
            self.assertEqual(float(request.arguments["refund_shipping_price"]), 4.9)

    def test_shipping_is_not_given_back_once_per_line(self):
        order = make_order(
            make_line("a", 1, "shipped"),
            make_line("b", 1, "shipped"),
            status="shipped",
            shipping=5,
        )
        parts = [LinePart(name, 1, {"refund_price": 1}) for name in ("a", "b")]
        for shipping, problems in (
            ("2.50", []),
            ("2.51", [("above_paid", "refund_shipping_price")]),
        ):
            values = {"reason": "25", "refund_shipping_price": shipping}
            plan = self.build("decathlon_fr", "refund", order, parts, values)
            self.assertEqual(codes(plan.problems), problems)
            self.assertEqual(len(plan.requests), 0 if problems else 2)

    def test_goods_and_shipping_together_are_no_more_than_the_order(self):
        rule = make_rule(
            [],
            ["refund_price", "refund_shipping_price"],
            name="refund",
            status=["shipped"],
            refund_price={"type": "price"},
            refund_shipping_price={"type": "price"},
        )
        order = make_order(status="shipped", total_order=15, shipping=5)
        for price, problems in (
            ("10", []),
            ("10.01", [("above_paid", "refund_shipping_price")]),
        ):
            values = {"refund_price": price, "refund_shipping_price": "5"}
            plan = build_requests(rule.marketplace, "refund", order, None, values)
            self.assertEqual(codes(plan.problems), problems)

    def test_money_alone_is_given_back_where_pieces_may_be_left_out(self):
        order = make_order(make_line("a", 2, "shipped"), status="shipped")
        part = LinePart("a", 0, {"refund_price": "3.00"})
        values = {"reason": "25"}
        plan = self.build("decathlon_fr", "refund", order, [part], values)
        self.assert_built(plan, {"line": "a", **values, "refund_price": "3.00"})
        rule = make_rule(["line", "quantity"], name="refund", status=["shipped"])
        plan = build_requests(rule.marketplace, "refund", order, [part])
        self.assert_refused(plan, ("not_positive", "quantity"))

    def test_a_part_whose_amount_cannot_be_told_is_not_given_back_as_a_whole(self):
        price = {
            "type": "price",
            "depends_on": when("action_data", "reason", "equals", "PARTIAL"),
        }
        order = make_order(
            make_line("a", 2, "shipped"), make_line("b", 1, "shipped"), status="shipped"
        )
        part = LinePart("a", 1, {"refund_price": "3.00"})
        for args, problem in (
            (["line"], ("whole_line_only", "a")),
            ([], ("whole_order_only", "")),
        ):
            rule = make_rule(
                [*args, "reason"],
                ["refund_price", "refund_shipping_price"],
                name="refund",
                status=["shipped"],
                refund_price=price,
                refund_shipping_price={"type": "price"},
            )
            marketplace = rule.marketplace
            values = {"reason": "PARTIAL", "refund_shipping_price": "1"}
            plan = build_requests(marketplace, "refund", order, [part], values)
            self.assertEqual(len(plan.requests), 1)
            values["reason"] = "OTHER"
            plan = build_requests(marketplace, "refund", order, [part], values)
            self.assert_refused(plan, problem)
            # Shipping alone does not make it a part.
            part_of_shipping = LinePart("a", 1)
            plan = build_requests(
                marketplace, "refund", order, [part_of_shipping], values
            )
            self.assert_refused(plan, problem)

    def test_an_empty_amount_of_one_line_does_not_hide_that_of_another(self):
        order = make_order(
            make_line("a", 1, "shipped"), make_line("b", 1, "shipped"), status="shipped"
        )
        parts = [
            LinePart("a", 1, {"refund_price": None}),
            LinePart("b", 1, {"refund_price": "3.00"}),
        ]
        plan = self.build("cdiscount_fr", "refund", order, parts, {"reason": "130"})
        self.assertEqual(said(plan), [{"reason": "130", "refund_price": "3.00"}])

    def test_a_line_among_the_values_is_the_one_that_it_is_about(self):
        order = make_order(make_line("a", 2), make_line("b"))
        for args in ((["line"], ["quantity"]), ([], ["line", "quantity"])):
            for values, problems in (
                ({"line": "a", "quantity": 1}, []),
                ({"line": "a", "quantity": 3}, [("too_much", "a")]),
                ({"line": "nobody"}, [("unknown_line", "nobody")]),
            ):
                rule = make_rule(*args, name="cancel")
                plan = build_requests(rule.marketplace, "cancel", order, None, values)
                self.assertEqual(codes(plan.problems), problems)
                self.assertEqual(said(plan), [] if problems else [values])

    def test_a_request_without_arguments_has_a_body(self):
        request = ActionRequest("bazaar_fr", "B-1", "accept", False)
        self.assertEqual(request.body["action_type"], "accept")

    def test_an_amount_in_another_currency_is_no_limit(self):
        order = make_order(
            make_line("a", 1, "shipped", amount="1.00", original_amount=None),
            status="shipped",
            original_currency={"iso_a3": "SEK"},
        )
        part = LinePart("a", 1, {"refund_price": "10.00"})
        plan = self.build("decathlon_fr", "refund", order, [part], {"reason": "25"})
        self.assertEqual(len(plan.requests), 1)

    def test_an_action_in_the_wrong_status_is_told_once(self):
        plan = self.build("amazon_fr", "ship", make_order(status="closed"))
        self.assert_refused(plan, ("status", ""))
        plan = self.build("cdiscount_fr", "accept", make_order())
        self.assert_refused(plan, ("status", ""))

    def test_an_action_without_lines_is_told(self):
        plan = self.build("amazon_fr", "ship", make_order(), [])
        self.assert_refused(plan, ("no_lines", ""))

    def test_an_unknown_action_is_told(self):
        plan = self.build("admarkt", "ship", make_order())
        self.assert_refused(plan, ("unknown_action", ""))


@tagged("lengow")
class TestEveryMarketplace(ActionCase):
    """Each action of each simulated marketplace can be built, and then is valid."""

    samples = {
        "text": "text",
        "date": "2024-03-05",
        "quantity": 1,
        "line": "1",
        "amount": "1.00",
        "number": "1",
        "integer": "1",
        "boolean": True,
    }

    def fill(self, rule):
        values = {}
        for name, argument in rule.arguments.items():
            values[name] = next(
                iter(argument.valid_values), self.samples[argument.kind]
            )
        return values

    def test_every_action_of_every_marketplace(self):
        seen = set()
        for code, spec in SPECS.items():
            marketplace = Marketplace(spec, code)
            for name, rule in marketplace.actions.items():
                for status in rule.statuses:
                    with self.subTest(marketplace=code, action=name, status=status):
                        order = make_order(status=status, marketplace=code)
                        plan = build_requests(
                            marketplace, name, order, None, self.fill(rule)
                        )
                        self.assertEqual(plan.problems, [])
                        (request,) = plan.requests
                        seen.add(name)
                        left = check_request(
                            marketplace, name, order, request.arguments
                        )
                        self.assertTrue(all(problem.is_notice for problem in left))
                        json.dumps(request.body, allow_nan=False)
        self.assertEqual(seen, set(const.ACTION_TYPES))

    def test_an_action_of_the_future_is_built_like_any_other(self):
        rule = make_rule(
            ["line", "colour"], name="repaint", colour={"valid_values": ["red"]}
        )
        plan = build_requests(
            rule.marketplace, "repaint", make_order(), None, {"colour": "red"}
        )
        self.assert_built(plan, {"line": "1", "colour": "red"})
