"""What a marketplace allows is read from its description, in whatever form it comes."""

from odoo.tests import BaseCase, tagged

from ..lengow import const
from ..lengow.action import check_request
from ..lengow.argument_rules import get_states
from ..lengow.choices import Choice
from ..lengow.conditions import Conditions
from ..lengow.marketplace import PER_LINE, PER_ORDER, PER_QUANTITY, Marketplace
from ..simulator.specs import build_marketplaces
from .common_actions import (
    codes,
    make_line,
    make_marketplace,
    make_order,
    make_rule,
    when,
)

# API reference, "Get marketplace informations".
BOULANGER = {
    "name": "Boulanger",
    "legacy_code": "boulanger",
    "country": "FRA",
    "homepage": "http://www.boulanger.com/",
    "orders": {
        "status": {
            "canceled": ["CANCELED"],
            "closed": ["RECEIVED", "CLOSED"],
            "refunded": ["REFUNDED"],
            "accepted": ["WAITING_DEBIT", "WAITING_DEBIT_PAYMENT"],
            "shipped": ["SHIPPED"],
        },
        "carriers": {"DHL": {"label": "DHL"}, "Chronopost": {"label": "Chronopost"}},
        "actions": {
            "ship": {
                "status": ["waiting_shipment"],
                "optional_args": ["carrier", "carrier_name", "tracking_url"],
                "args_description": {
                    "tracking_url": {
                        "accept_free_values": True,
                        "depends_on": when(
                            "order", "order_meta.delivery_type", "equals", "PARCEL"
                        ),
                    },
                    "carrier_name": {"accept_free_values": True},
                },
                "args": ["tracking_number"],
            },
            "accept": {
                "status": ["waiting_acceptance"],
                "optional_args": ["line"],
                "args_description": {},
                "args": [],
            },
            "refuse": {
                "status": ["waiting_acceptance"],
                "optional_args": ["line"],
                "args_description": {},
                "args": [],
            },
        },
    },
}
# API reference, release note.
ADMARKT = {
    "package": "mp_admarkt",
    "country_iso_a2": "NL",
    "name": "Admarkt",
    "legacy_code": "admarkt",
    "orders": {"carriers": {}, "actions": {}, "status": {}},
}


@tagged("lengow")
class TestMarketplace(BaseCase):
    def test_the_documented_example_is_read(self):
        marketplace = Marketplace(BOULANGER, "boulanger")
        self.assertEqual(marketplace.name, "Boulanger")
        self.assertEqual(list(marketplace.carriers), ["DHL", "Chronopost"])
        self.assertEqual(marketplace.shipping_methods, {})
        self.assertEqual(list(marketplace.actions), ["ship", "accept", "refuse"])
        ship = marketplace.get_action("ship")
        self.assertEqual(ship.args, ["tracking_number"])
        self.assertEqual(
            ship.optional_args, ["carrier", "carrier_name", "tracking_url"]
        )
        self.assertEqual(ship.granularity, PER_ORDER)
        self.assertEqual(marketplace.get_action("accept").granularity, PER_LINE)
        self.assertEqual(
            list(ship.arguments["carrier"].valid_values), ["DHL", "Chronopost"]
        )
        self.assertTrue(ship.arguments["carrier"].accepts_free_values)
        self.assertTrue(ship.arguments["tracking_url"].is_conditional)
        self.assertIsNone(marketplace.get_action("refund"))

    def test_the_documented_condition_decides(self):
        ship = Marketplace(BOULANGER).get_action("ship")
        for kind, applies in (("PARCEL", True), ("FORWARDER", False), (None, False)):
            conditions = Conditions({"order_meta": {"delivery_type": kind}})
            state = get_states(ship, conditions, {})["tracking_url"]
            self.assertEqual((state.applies, state.is_required), (applies, False))

    def test_the_documented_otto_arguments_are_required_for_parcels_only(self):
        parcel = when("order", "order_meta.delivery_type", "equals", "PARCEL")
        rule = make_rule(
            ["return_tracking_number", "return_carrier"],
            return_tracking_number={
                "accept_free_values": True,
                "type": "string",
                "depends_on": parcel,
            },
            return_carrier={
                "accept_free_values": False,
                "type": "list",
                "valid_values": ["DHL"],
                "depends_on": parcel,
            },
        )
        for kind, required in (("PARCEL", True), ("FORWARDER", False)):
            order = make_order(order_meta={"delivery_type": kind})
            missing = ["return_tracking_number", "return_carrier"] if required else []
            self.assertEqual(
                codes(check_request(rule.marketplace, "ship", order, {})),
                [("missing_because", name) for name in missing],
            )

    def test_a_marketplace_without_orders_offers_nothing(self):
        for spec in (
            ADMARKT,
            {},
            None,
            [],
            {"orders": []},
            {"orders": {"actions": []}},
        ):
            marketplace = Marketplace(spec, "x")
            self.assertEqual(marketplace.actions, {})
            self.assertEqual(marketplace.carriers, {})
            self.assertEqual(marketplace.statuses, {})
            self.assertEqual(marketplace.get_allowed_actions(make_order()), [])

    def test_lists_of_values_come_in_every_form(self):
        for values, expected in (
            (
                {"0": {"label": "La Poste", "lengow_code": "LP"}},
                {"0": ("La Poste", "LP")},
            ),
            (
                {"130": "Compensation", "131": None},
                {"130": ("Compensation", ""), "131": ("131", "")},
            ),
            (["DHL", 5], {"DHL": ("DHL", ""), "5": ("5", "")}),
            (
                [{"code": "a", "label": "A"}, {"value": 0}],
                {"a": ("A", ""), "0": ("0", "")},
            ),
            ([], {}),
            (None, {}),
            ([None, {}, "", [1]], {}),
        ):
            with self.subTest(values=values):
                marketplace = make_marketplace({}, carriers=values)
                self.assertEqual(
                    marketplace.carriers,
                    {code: Choice(code, *entry) for code, entry in expected.items()},
                )

    def test_every_simulated_marketplace_is_read(self):
        seen = set()
        for code, spec in build_marketplaces().items():
            marketplace = Marketplace(spec, code)
            for name, rule in marketplace.actions.items():
                with self.subTest(marketplace=code, action=name):
                    seen.add(name)
                    self.assertTrue(rule.statuses)
                    self.assertEqual(
                        set(rule.arguments), {*rule.args, *rule.optional_args}
                    )
                    for argument in rule.arguments.values():
                        self.assertNotEqual(argument.kind, "other")
                        default = argument.default_value
                        if default is not None:
                            self.assertIsNone(argument.prepare(default)[1])
        self.assertEqual(seen, set(const.ACTION_TYPES))

    def test_arguments_that_are_named_so_come_before_those_typed_so(self):
        rule = make_rule(
            ["parent_line", "parcels"],
            ["line", "quantity"],
            parent_line={"type": "line_number"},
            parcels={"type": "quantity"},
        )
        self.assertEqual(rule.line_argument.name, "line")
        self.assertEqual(rule.quantity_argument.name, "quantity")

    def test_how_often_an_action_is_sent_follows_from_its_arguments(self):
        for args, optional, described, granularity in (
            ([], [], {}, PER_ORDER),
            (["tracking_number"], [], {}, PER_ORDER),
            (["line"], [], {}, PER_LINE),
            ([], ["line"], {}, PER_LINE),
            (["line", "quantity"], [], {}, PER_QUANTITY),
            (["line"], ["shipped_quantity"], {}, PER_QUANTITY),
            (["item"], [], {"item": {"type": "line_number"}}, PER_LINE),
            (
                ["item", "pieces"],
                [],
                {"item": {"type": "line_number"}, "pieces": {"type": "quantity"}},
                PER_QUANTITY,
            ),
            (["quantity"], [], {}, PER_ORDER),
        ):
            with self.subTest(args=args, optional=optional):
                rule = make_rule(args, optional, **described)
                self.assertEqual(rule.granularity, granularity)


@tagged("lengow")
class TestStatus(BaseCase):
    status = {
        "waiting_shipment": ["SHIPPING", "TO_SEND"],
        "shipped": ["SHIPPED", "shipped_late"],
        "on_hold": ["HOLD"],
        "closed": ["SHIPPED_AND_CLOSED", "BOTH"],
        "refunded": ["BOTH"],
    }

    def make_rule(self, status):
        spec = {"status": status} if status is not None else {}
        return make_marketplace({"ship": spec}, status=self.status).get_action("ship")

    def test_statuses_are_lengows_or_the_marketplaces_own(self):
        for statuses, lengow_status, own, is_allowed in (
            (["waiting_shipment"], "waiting_shipment", "SHIPPING", True),
            (["waiting_shipment"], "shipped", "SHIPPING", False),
            (["waiting_shipment"], "", "SHIPPING", True),
            (["waiting_shipment"], "", "SHIPPED", False),
            (["waiting_shipment"], "", "", False),
            (["closed"], "", "BOTH", False),
            (["SHIPPING"], "waiting_shipment", "SHIPPING", True),
            (["SHIPPING"], "waiting_shipment", "TO_SEND", False),
            (["SHIPPING"], "waiting_shipment", "", True),
            (["shipped"], "closed", "shipped", False),
            (["on_hold"], "on_hold", "HOLD", True),
            (["waiting_shipment"], "on_hold_customs", "ON_HOLD_CUSTOMS", False),
            ("waiting_shipment", "waiting_shipment", "", True),
            ([], "waiting_shipment", "SHIPPING", False),
            (None, "whatever", "", True),
        ):
            with self.subTest(statuses=statuses, status=lengow_status, own=own):
                rule = self.make_rule(statuses)
                self.assertIs(rule.allows(lengow_status, own), is_allowed)

    def test_a_line_goes_by_its_own_status(self):
        rule = self.make_rule(["waiting_shipment"])
        order = make_order(
            make_line("1", status="shipped"),
            make_line("2"),
            make_line("3", status=None),
            make_line("4", status=None, marketplace_status="SHIPPED"),
        )
        self.assertTrue(rule.is_allowed(order))
        self.assertEqual(
            [rule.is_allowed(order, line) for line in order.lines],
            [False, True, True, False],
        )

    def test_allowed_actions_count_the_lines_where_lines_can_be_named(self):
        marketplace = make_marketplace(
            {
                "ship": {"status": ["waiting_shipment"], "args": ["line"]},
                "cancel": {"status": ["waiting_shipment"]},
                "refund": {"status": ["shipped"]},
            }
        )
        order = make_order(
            make_line("1"), make_line("2", status="shipped"), status="shipped"
        )
        names = [rule.name for rule in marketplace.get_allowed_actions(order)]
        self.assertEqual(names, ["ship", "refund"])

    def test_what_is_not_possible_is_said_with_what_would_be(self):
        rule = make_rule()
        order = make_order(status="shipped")
        (problem,) = check_request(rule.marketplace, "ship", order, {})
        self.assertEqual(problem.code, "status")
        self.assertIn("“shipped”", str(problem))
        self.assertIn("waiting_shipment", str(problem))
        rule = make_rule(status=())
        (problem,) = check_request(rule.marketplace, "ship", order, {})
        self.assertEqual(problem.code, "never_allowed")
        self.assertIn("Bazaar", str(problem))
