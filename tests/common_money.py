"""Orders of one's own making, and checks that they cost what the buyer paid."""

from decimal import Decimal

from odoo import fields

from .common import LengowCommon

MODES = ("tax_included", "tax_excluded")


def to_amount(cents):
    """Write cents the way lines do."""
    return str(Decimal(cents) / 100)


class LengowMoneyCommon(LengowCommon):
    """Orders of one's own making, stored and imported without HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marketplace = cls.env["lengow.marketplace"]._store(
            {"mymarket_fr": {"name": "My market", "country_iso_a2": "FR"}}
        )
        cls.account._open_channels(cls.marketplace)
        cls.channel = cls.account.channel_ids
        cls.charges = (
            cls.account.shipping_product_id
            + cls.account.processing_fee_product_id
            + cls.account.discount_product_id
        )
        cls.numbers = iter(range(1, 100_000))

    @classmethod
    def get_tax(cls, rate, mode):
        """:return: the tax of a rate, made when there is none yet."""
        domain = [
            ("amount", "=", rate),
            ("amount_type", "=", "percent"),
            ("type_tax_use", "=", "sale"),
            ("price_include_override", "=", mode),
        ]
        return cls.env["account.tax"].search(domain) or cls.create_tax(rate, mode)

    @classmethod
    def create_service(cls, sku, taxes):
        """Create a product that is invoiced as ordered and needs no delivery."""
        return cls.create_product(
            sku, taxes, type="service", is_storable=False, invoice_policy="order"
        )

    def make_payload(self, *carts, currency="EUR", country="FR", **amounts):
        """Make an order.

        :param carts: one list per package, of tuples of SKU, quantity and amount in cents.
        :param amounts: in cents; the total is their sum unless it is given.
        """
        number = next(self.numbers)
        amounts.setdefault(
            "total_order",
            sum(cents for cart in carts for _sku, _quantity, cents in cart)
            + amounts.get("shipping", 0)
            + amounts.get("processing_fee", 0)
            - amounts.get("discount", 0),
        )
        address = {
            "first_name": "Ada",
            "last_name": f"Byron {number}",
            "first_line": "1 rue de la Paix",
            "zipcode": "75002",
            "city": "Paris",
            "common_country_iso_a2": country,
        }
        packages = [
            {
                "delivery": {**address, "id": number},
                "cart": [
                    {
                        "marketplace_order_line_id": f"{number}-{package}-{position}",
                        "merchant_product_id": {"field": "id", "id": sku},
                        "title": sku,
                        "lengow_status": "waiting_shipment",
                        "quantity": quantity,
                        "original_amount": to_amount(cents),
                    }
                    for position, (sku, quantity, cents) in enumerate(cart)
                ],
            }
            for package, cart in enumerate(carts)
        ]
        return {
            "marketplace": "mymarket_fr",
            "marketplace_order_id": f"M-{number}",
            "marketplace_customer_id": f"C-{number}",
            "marketplace_order_date": fields.Datetime.now().isoformat(),
            "lengow_status": "waiting_shipment",
            "original_currency": {"iso_a3": currency},
            "currency": {"iso_a3": "EUR"},
            "billing_address": address,
            "packages": packages,
            **{f"original_{name}": cents / 100 for name, cents in amounts.items()},
        }

    def import_payloads(self, *payloads):
        """Store and import orders.

        :return: their ``lengow.order``, in the same sequence.
        """
        empty = self.env["lengow.order"]
        empty._store_page(self.account, payloads)
        orders = empty.concat(*map(self.find, payloads))
        orders._import_guarded()
        return orders

    def assert_exact(self, orders):
        """Check that orders were imported and confirmed at their total."""
        for order in orders:
            self.assertEqual(order.state, "imported", order.error_message)
            self.assertFalse(order.error_message)
            sales = order.sale_order_ids
            self.assertEqual(set(sales.mapped("state")), {"sale"})
            self.assertEqual(sales.currency_id, order.currency_id)
            self.assert_same(order, sum(sales.mapped("amount_total")))
            for line in sales.order_line.filtered("lengow_line_id"):
                paid = line.lengow_line_id.amount
                self.assertEqual(f"{line.price_total:.2f}", f"{paid:.2f}")

    def assert_same(self, order, total):
        """Compare with the marketplace's total, to the cent."""
        expected = order.payload["original_total_order"]
        self.assertEqual(
            f"{total:.2f}",
            f"{expected:.2f}",
            f"{order.marketplace_order_id}: {order.payload}",
        )

    def assert_invoiced_exactly(self, orders, grouped=False):
        """Invoice the orders as the button does, post, and compare again.

        :param bool grouped: one invoice per sale order, also for the same buyer.
        """
        sales = orders.sale_order_ids.with_context(tracking_disable=True)
        invoices = sales._create_invoices(grouped=grouped)
        invoices.action_post()
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        for order in orders:
            own = order.sale_order_ids.invoice_ids
            self.assertEqual(own.currency_id, order.currency_id)
            self.assert_same(order, sum(own.mapped("amount_total")))
            receivable = own.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            self.assert_same(order, sum(receivable.mapped("amount_currency")))
