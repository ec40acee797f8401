"""Which taxes an order has: by its delivery, its buyer, or what the channel says."""

from odoo import Command
from odoo.tests import tagged

from .common_money import LengowMoneyCommon
from .needs_module import needs_module

BUSINESS = {"order_types": [{"type": "is_business", "label": "B2B"}]}
DEEMED_SUPPLIER = {"tax": {"is_marketplace_deemed_supplier": True}}
UNTAXED = {"original_total_tax": "0.00"}


@tagged("post_install", "-at_install", "lengow")
class TestFiscalPositions(LengowMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Those of the chart of accounts.
        cls.env["account.fiscal.position"].search([]).auto_apply = False
        cls.tax = cls.get_tax(20, "tax_included")
        cls.create_service("IN", cls.tax)
        cls.untaxed = cls.create_position("Untaxed")
        cls.forced = cls.create_position("Forced", cls.get_tax(21, "tax_included"))

    @classmethod
    def create_position(cls, name, tax=None, **vals):
        """Create a fiscal position that maps 20 % to another tax, or to none."""
        position = cls.env["account.fiscal.position"].create({"name": name, **vals})
        if tax:
            tax.write(
                {
                    "fiscal_position_ids": [Command.link(position.id)],
                    "original_tax_ids": [Command.link(cls.tax.id)],
                }
            )
        return position

    def create_oss_positions(self):
        """:return: one position per country for consumers, as ``l10n_eu_oss`` has them."""
        return {
            code: self.create_position(
                f"OSS B2C {code}",
                self.create_tax(rate, "tax_included"),
                auto_apply=True,
                country_id=self.env.ref(f"base.{code.lower()}").id,
            )
            for code, rate in (("DE", 19), ("IT", 22))
        }

    def import_order(self, *kinds, country="FR", billing=None, **amounts):
        """:return: the sale order of an order for 12.00 and 4.99 shipping."""
        payload = self.make_payload(
            [("IN", 3, 1200)], country=country, shipping=499, **amounts
        )
        for kind in kinds:
            payload.update(kind)
        if billing:
            payload["billing_address"] = {**payload["billing_address"], **billing}
        order = self.import_payloads(payload)
        self.assert_exact(order)
        return order.sale_order_ids

    def assert_position(self, sale, position, rate):
        """Check the fiscal position and the taxes of an order and of its invoice."""
        self.assertEqual(sale.fiscal_position_id, position)
        self.assert_invoiced_exactly(sale.lengow_order_id)
        self.assertEqual(sale.invoice_ids.fiscal_position_id, position)
        for lines in (sale.order_line, sale.invoice_ids.invoice_line_ids):
            self.assertEqual(lines.tax_ids.mapped("amount"), [rate] if rate else [])

    # The delivery decides

    def test_the_delivery_address_decides_the_rate_of_a_consumer(self):
        """Pitfall 48."""
        positions = self.create_oss_positions()
        sale = self.import_order(country="DE", billing={"common_country_iso_a2": "IT"})
        self.assert_position(sale, positions["DE"], 19)

    def test_an_order_at_home_has_no_position_even_when_it_is_billed_abroad(self):
        self.create_oss_positions()
        sale = self.import_order(billing={"common_country_iso_a2": "DE"})
        self.assert_position(sale, self.untaxed.browse(), 20)

    def test_shipping_has_the_rate_of_the_country_too(self):
        """Pitfall 34."""
        self.create_oss_positions()
        sale = self.import_order(country="IT")
        shipping = sale.order_line.filtered("is_delivery")
        self.assertEqual(shipping.tax_ids.amount, 22)
        self.assertAlmostEqual(shipping.price_total, 4.99)

    def test_two_packages_to_two_countries_have_a_position_each(self):
        positions = self.create_oss_positions()
        payload = self.make_payload([("IN", 1, 1000)], [("IN", 1, 2000)], country="DE")
        package = payload["packages"][1]
        package["delivery"] = {**package["delivery"], "common_country_iso_a2": "IT"}
        order = self.import_payloads(payload)
        self.assert_exact(order)
        self.assertEqual(
            order.sale_order_ids.sorted("id").mapped("fiscal_position_id"),
            positions["DE"] + positions["IT"],
        )

    def test_the_country_decides_for_a_customer_that_stands_for_all(self):
        positions = self.create_oss_positions()
        self.channel.write(
            {
                "customer_policy": "marketplace",
                "customer_id": self.env["res.partner"].create({"name": "Market"}).id,
            }
        )
        self.assert_position(self.import_order(country="DE"), positions["DE"], 19)

    @needs_module("l10n_eu_oss")
    def test_the_positions_that_l10n_eu_oss_makes_are_found(self):
        self.company.account_fiscal_country_id = self.company.country_id
        self.tax.country_id = self.company.country_id
        self.company._map_eu_taxes()
        sale = self.import_order(country="DE", billing={"common_country_iso_a2": "FR"})
        position = sale.fiscal_position_id
        self.assertEqual(position.country_id.code, "DE")
        self.assertIn("OSS", position.name)
        self.assert_position(sale, position, 19)

    # The channel's own positions

    def test_a_business_has_the_position_for_businesses(self):
        """Pitfall 37: business orders without tax, their shipping included."""
        self.channel.business_fiscal_position_id = self.untaxed
        sale = self.import_order(BUSINESS, UNTAXED)
        self.assert_position(sale, self.untaxed, 0)
        self.assertEqual(sale.amount_tax, 0)

    def test_a_consumer_has_not(self):
        self.channel.business_fiscal_position_id = self.untaxed
        sale = self.import_order()
        self.assert_position(sale, self.untaxed.browse(), 20)

    def test_where_the_marketplace_owes_the_tax_its_position_is_used(self):
        self.channel.deemed_supplier_fiscal_position_id = self.untaxed
        self.assert_position(self.import_order(DEEMED_SUPPLIER), self.untaxed, 0)
        self.assert_position(self.import_order(), self.untaxed.browse(), 20)

    def test_the_marketplace_may_say_so_in_words(self):
        self.channel.deemed_supplier_fiscal_position_id = self.untaxed
        for said, position in (
            ("true", self.untaxed),
            ("True", self.untaxed),
            (1, self.untaxed),
            ("false", self.untaxed.browse()),
            (None, self.untaxed.browse()),
        ):
            with self.subTest(said=said):
                sale = self.import_order(
                    {"tax": {"is_marketplace_deemed_supplier": said}}
                )
                self.assertEqual(sale.fiscal_position_id, position)

    def test_who_owes_the_tax_matters_more_than_who_buys(self):
        self.channel.deemed_supplier_fiscal_position_id = self.untaxed
        self.channel.business_fiscal_position_id = self.forced
        self.assert_position(
            self.import_order(BUSINESS, DEEMED_SUPPLIER), self.untaxed, 0
        )

    def test_the_position_for_all_other_orders(self):
        self.create_oss_positions()
        self.channel.fiscal_position_id = self.forced
        self.channel.business_fiscal_position_id = self.untaxed
        self.assert_position(self.import_order(country="DE"), self.forced, 21)
        self.assert_position(self.import_order(BUSINESS, country="DE"), self.untaxed, 0)

    def test_without_a_position_of_its_own_the_delivery_decides_for_all_kinds(self):
        positions = self.create_oss_positions()
        sale = self.import_order(BUSINESS, DEEMED_SUPPLIER, country="DE")
        self.assert_position(sale, positions["DE"], 19)

    # What a person should look at

    def get_log(self, sale):
        """:return: what the chatter says of where the order comes from."""
        return " ".join(sale.message_ids.mapped("body"))

    def test_a_tax_that_the_marketplace_did_not_charge_a_business_is_told(self):
        sale = self.import_order(BUSINESS, UNTAXED)
        self.assertGreater(sale.amount_tax, 0)
        self.assertIn("no tax", self.get_log(sale))

    def test_nothing_is_told_where_nobody_said_that_there_is_no_tax(self):
        self.assertNotIn("no tax", self.get_log(self.import_order(BUSINESS)))
        taxed = self.import_order(BUSINESS, {"original_total_tax": "2.00"})
        self.assertNotIn("no tax", self.get_log(taxed))
        self.assertNotIn("no tax", self.get_log(self.import_order(UNTAXED)))

    # Taxes of their own kind

    def test_a_tax_that_is_charged_and_taken_off_again(self):
        """A reverse charge: the buyer pays what the marketplace says."""
        reverse = self.create_tax(20, "tax_excluded")
        for lines in (
            reverse.invoice_repartition_line_ids,
            reverse.refund_repartition_line_ids,
        ):
            lines.filtered(lambda line: line.repartition_type == "tax").copy(
                {"factor_percent": -100}
            )
        self.channel.fiscal_position_id = self.create_position("Reverse", reverse)
        sale = self.import_order()
        self.assertEqual((sale.amount_untaxed, sale.amount_tax), (16.99, 0))
        self.assert_invoiced_exactly(sale.lengow_order_id)
        taxes = sale.invoice_ids.line_ids.filtered("tax_line_id")
        self.assertEqual(sorted(taxes.mapped("balance")), [-3.4, 3.4])
