"""What happens to an order after it was placed can be had on demand."""

from odoo.tests import tagged

from ..simulator.changes import CHANGES
from ..simulator.money import compute_total, get_lines, to_cents
from .common_simulator import BASE, SimulatorCase

ARGUMENTS = {
    "set_status": {"status": "shipped"},
    "set_quantity": {"quantity": 1},
    "set_price": {"cents": 777},
    "add_line": {"sku": "MG-SPK", "quantity": 2},
    "refund": {"cents": 100},
    "readdress": {"city": "Lille"},
    "tell_vat_number": {"number": "FR40303265045"},
}


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorChanges(SimulatorCase):
    def setUp(self):
        super().setUp()
        self.login()

    def change(self, order, **options):
        path = f"changes/{order['marketplace']}/{order['marketplace_order_id']}"
        return self.session.post(f"{BASE}/_simulator/{path}", json=options)

    def test_every_change_moves_the_order_and_keeps_it_adding_up(self):
        for marketplace in ("amazon_fr", "amazon_uk"):
            for kind in CHANGES:
                with self.subTest(kind=kind, marketplace=marketplace):
                    order = self.world.add_order(marketplace, lines=[("TS-WHT-S", 3)])
                    before = order["updated_at"]
                    response = self.change(order, kind=kind, **ARGUMENTS.get(kind, {}))
                    self.assertEqual(response.status_code, 201, response.text)
                    self.assertGreater(order["updated_at"], before)
                    for prefix in ("", "original_"):
                        self.assertEqual(
                            to_cents(order[f"{prefix}total_order"]),
                            compute_total(order, prefix),
                        )

    def test_changes_show_in_what_lengow_answers(self):
        order = self.world.add_order(lines=[("TS-WHT-S", 3), ("MG-SPK", 1)])
        self.change(order, kind="cancel_line", line=1)
        self.change(order, kind="refund")
        self.change(order, kind="add_line", sku="BO-NVL", is_package=True)
        (shown,) = self.get_orders()["results"]
        self.assertEqual(shown["lengow_status"], "partial_refunded")
        self.assertEqual(
            [line["lengow_status"] for line in get_lines(shown)],
            ["refunded", "canceled", "partial_refunded"],
        )
        self.assertEqual(len(shown["packages"]), 2)
        self.assertEqual(
            get_lines(shown)[0]["refunded_amount"], get_lines(shown)[0]["amount"]
        )

    def test_erased_order_names_nobody(self):
        order = self.world.add_order()
        self.change(order, kind="erase")
        self.assertIs(order["anonymized"], True)
        self.assertIsNone(order["billing_address"]["last_name"])
        self.assertIsNone(order["packages"][0]["delivery"]["email"])

    def test_nonsense_is_refused(self):
        order = self.world.add_order()
        for options in (
            {},
            {"kind": "explode"},
            {"kind": "cancel_line", "line": 7},
            {"kind": "add_line", "sku": "none"},
            {"kind": "refund", "money": 1},
        ):
            self.assertEqual(self.change(order, **options).status_code, 400, options)
        order = {**order, "marketplace_order_id": "nobody's"}
        self.assertEqual(self.change(order, kind="cancel").status_code, 404)
