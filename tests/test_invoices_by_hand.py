"""Invoices by hand, where the channel leaves it to people: exact in parts, too."""

import random

from odoo.tests import tagged

from .common_invoices import LengowInvoiceCommon
from .common_money import MODES


@tagged("post_install", "-at_install", "lengow")
class TestInvoicesByHand(LengowInvoiceCommon):
    def import_delivered_by_marketplace(self, **amounts):
        """:return: the sale order of three boxes that the marketplace delivers."""
        self.channel.write(
            {"invoice_policy": "manual", "fulfilled_by_marketplace": "no_delivery"}
        )
        payload = self.make_payload([("BOX", 3, 1000)], **amounts)
        payload["order_types"] = [{"type": "is_delivered_by_marketplace"}]
        order = self.import_payloads(payload)
        self.assertEqual(self.box.invoice_policy, "delivery")
        self.assertFalse(order.sale_order_ids.picking_ids)
        return order.sale_order_ids

    def test_goods_that_the_marketplace_delivers_are_invoiced_by_hand(self):
        sale = self.import_delivered_by_marketplace(shipping=499)
        self.assertEqual(sale.invoice_status, "to invoice")
        invoice = sale._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 14.99)
        self.assertEqual(sale.invoice_status, "invoiced")
        self.assertFalse(any(sale.order_line.mapped("qty_to_invoice")))

    def test_goods_that_we_deliver_wait_for_it_where_their_product_says_so(self):
        self.channel.invoice_policy = "manual"
        sale = self.import_order().sale_order_ids
        self.assertEqual(sale.invoice_status, "no")
        self.deliver(sale, 3)
        self.assertEqual(sale._create_invoices().amount_total, 10.0)

    def test_charges_are_not_offered_for_an_invoice_before_the_goods(self):
        self.channel.invoice_policy = "manual"
        for amounts in (
            {"shipping": 499},
            {"processing_fee": 250},
            {"shipping": 499, "processing_fee": 250, "discount": 100},
            {"total_order": 1003},  # an adjustment, which the channel tolerates
        ):
            with self.subTest(**amounts):
                order = self.import_order(**amounts)
                sale = order.sale_order_ids
                charges = sale.order_line.filtered(
                    lambda line: line.lengow_kind != "product"
                )
                self.assertIn("to invoice", charges.mapped("invoice_status"))
                self.assertEqual(sale.invoice_status, "no")
                self.deliver(sale, 3)
                self.assertEqual(sale.invoice_status, "to invoice")
                self.assert_same(order, sale._create_invoices().amount_total)

    def test_one_invoice_for_several_orders_of_a_buyer_is_exact(self):
        self.channel.invoice_policy = "manual"
        payloads = [
            {
                **self.make_payload([("EX", 3, 1000), ("IN", 7, 999)], shipping=333),
                "marketplace_customer_id": "C-1",
            }
            for _order in range(3)
        ]
        street = payloads[0]["billing_address"]
        for payload in payloads:
            payload["billing_address"] = payload["packages"][0]["delivery"] = street
        orders = self.import_payloads(*payloads)
        invoice = orders.sale_order_ids._create_invoices()
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.amount_total, 69.96)

    def test_random_parts_of_random_lines_add_up(self):
        self.channel.invoice_policy = "manual"
        rng = random.Random(7)
        skus = ["untaxed"]
        self.create_service("untaxed", self.env["account.tax"])
        for mode in MODES:
            for rate in (5.5, 20):
                skus.append(f"{rate} {mode}")
                self.create_service(skus[-1], self.get_tax(rate, mode))
        both = self.get_tax(20, MODES[0]) + self.get_tax(5.5, MODES[1])
        skus.append("both")
        self.create_service("both", both)
        self.env["product.product"].search(
            [("default_code", "in", skus)]
        ).invoice_policy = "delivery"
        orders = self.import_payloads(
            *(
                self.make_payload(
                    [
                        (rng.choice(skus), rng.randint(2, 9), rng.randint(1, 9999))
                        for _line in range(rng.randint(1, 3))
                    ],
                    currency=rng.choice(("EUR", "PLN")),
                    shipping=rng.choice((0, 333)),
                )
                for _order in range(20)
            )
        )
        sales = orders.sale_order_ids
        goods = sales.order_line.filtered(lambda line: line.lengow_kind == "product")
        for share in (0.3, 0.7, 1):
            for line in goods:
                line.qty_delivered = max(1, round(line.product_uom_qty * share))
            sales.with_context(raise_if_nothing_to_invoice=False)._create_invoices(
                grouped=True
            )
        for order in orders:
            invoices = order.sale_order_ids.invoice_ids
            self.assert_same(order, sum(invoices.mapped("amount_total")))
        for line in goods:
            parts = line.invoice_lines.mapped("price_total")
            self.assertAlmostEqual(sum(parts), line.price_total)
