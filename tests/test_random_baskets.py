"""Two thousand random baskets cost in Odoo what they cost at the marketplace."""

import random
from itertools import cycle, islice, product

from odoo import Command
from odoo.tests import tagged

from .common_money import MODES, LengowMoneyCommon

RATES = (0, 2.1, 5.5, 10, 20, 21)
CURRENCIES = ("EUR", "GBP", "PLN")
METHODS = ("round_globally", "round_per_line")
PAGES, PAGE_SIZE = 20, 100
# Of each page so many are confirmed, invoiced and posted: 25 times as slow as a draft.
POSTED = 4


@tagged("post_install", "-at_install", "lengow")
class TestRandomBaskets(LengowMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for rate, mode in product(RATES, MODES):
            cls.create_service(f"{rate} {mode}", cls.get_tax(rate, mode))
        cls.create_service("untaxed", cls.env["account.tax"])
        cls.channel.auto_confirm = False
        cls.income_account = cls.env["account.account"].search(
            [
                *cls.env["account.account"]._check_company_domain(cls.company),
                ("account_type", "=", "income"),
            ],
            limit=1,
        )

    def make_basket(self, rng):
        """Make a random order out of few rates, of one kind of taxes or of both."""
        modes = rng.choice((MODES, MODES[:1], MODES[1:]))
        skus = [
            f"{rate} {rng.choice(modes)}"
            for rate in rng.sample(RATES, rng.randint(0, 3))
        ] or ["untaxed"]
        carts = [
            [
                (
                    rng.choice(skus),
                    rng.choice((1, 1, 2, 3, rng.randint(1, 50))),
                    rng.choice((0, rng.randint(1, 999), rng.randint(1, 99_999))),
                )
                for _line in range(rng.choice((1, 1, 1, 2, 2, 3, rng.randint(1, 8))))
            ]
            for _package in range(rng.choice((1,) * 9 + (2,)))
        ]
        goods = sum(cents for _sku, _quantity, cents in carts[0])
        payload = self.make_payload(
            *carts,
            currency=rng.choice(CURRENCIES),
            shipping=rng.choice((0, rng.randint(1, 1500))),
            processing_fee=rng.choice((0, 0, rng.randint(1, 200))),
            discount=rng.choice((0, 0, rng.randint(0, goods // 3))),
        )
        # One buyer for all: this is about money.
        payload["marketplace_customer_id"] = "C-1"
        for address in (
            payload["billing_address"],
            *(package["delivery"] for package in payload["packages"]),
        ):
            address["last_name"] = "Byron"
        return payload

    def prepare_invoice_total(self, sale):
        """:return: the total that Odoo shows of a sale order's invoice before it is saved."""
        vals = sale._prepare_invoice()
        vals["invoice_line_ids"] = [
            Command.create(
                {
                    **line._prepare_invoice_line(quantity=line.product_uom_qty),
                    # Odoo would look for both, line by line; no amount depends on them.
                    "account_id": self.income_account.id,
                    "analytic_distribution": False,
                }
            )
            for line in sale.order_line
        ]
        invoice = self.env["account.move"].new(vals)
        base_lines, _tax_lines = invoice._get_rounded_base_and_tax_lines()
        totals = self.env["account.tax"]._get_tax_totals_summary(
            base_lines, invoice.currency_id, invoice.company_id
        )
        return totals["total_amount_currency"]

    def assert_basket(self, order):
        """Check a quotation and its invoice."""
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertFalse(order.error_message)
        sales = order.sale_order_ids
        self.assertEqual(sales.currency_id, order.currency_id)
        self.assertNotIn("adjustment", sales.order_line.mapped("lengow_kind"))
        self.assert_same(order, sum(sales.mapped("amount_total")))
        self.assert_same(order, sum(map(self.prepare_invoice_total, sales)))

    def test_orders_and_invoices_add_up_to_the_cent(self):
        rng = random.Random(2026)
        settings = product((*MODES, None), METHODS)
        for mode, method in islice(cycle(list(settings)), PAGES):
            with self.subTest(charges=mode, method=method):
                taxes = self.get_tax(20, mode) if mode else self.tax_20.browse()
                self.charges.taxes_id = taxes
                self.company.tax_calculation_rounding_method = method
                payloads = [self.make_basket(rng) for _basket in range(PAGE_SIZE)]
                orders = self.import_payloads(*payloads)
                self.assertEqual(len(orders), PAGE_SIZE)
                for order in orders:
                    self.assert_basket(order)
                posted = orders[:POSTED]
                posted.sale_order_ids.action_confirm()
                self.assert_exact(posted)
                self.assert_invoiced_exactly(posted, grouped=True)
                self.env.invalidate_all()
