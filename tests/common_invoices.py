"""Orders of a channel that has them invoiced and paid."""

from .common_money import LengowMoneyCommon


class LengowInvoiceCommon(LengowMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_service("IN", cls.get_tax(20, "tax_included"))
        cls.create_service("EX", cls.get_tax(20, "tax_excluded"))
        # Whatever a product's own policy says: the channel's counts.
        cls.box = cls.create_product(
            "BOX", cls.get_tax(20, "tax_excluded"), invoice_policy="delivery"
        )
        cls.sales_journal = cls.env["account.journal"].create(
            {"name": "Marketplaces", "code": "MKT", "type": "sale"}
        )
        cls.bank = cls.env["account.journal"].create(
            {"name": "Payouts", "code": "PAY", "type": "bank"}
        )
        cls.channel.write(
            {
                "invoice_policy": "import",
                "invoice_journal_id": cls.sales_journal.id,
                "payment_journal_id": cls.bank.id,
            }
        )

    def import_order(self, *carts, **amounts):
        """:return: an imported order for three boxes, or for what is given."""
        carts = carts or ([("BOX", 3, 1000)],)
        return self.import_payloads(self.make_payload(*carts, **amounts))

    def invoice(self, orders):
        """Run the cron that invoices.

        :return: the invoices.
        """
        self.run_cron("invoice_orders")
        return orders.sale_order_ids.invoice_ids

    def get_payments(self, invoices):
        """:return: the payments of invoices."""
        return invoices.matched_payment_ids

    def deliver(self, sale, quantity):
        """Deliver so many pieces of the first line, the rest later."""
        picking = sale.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        picking.move_ids[0].write({"quantity": quantity, "picked": True})
        action = picking.button_validate()
        if isinstance(action, dict):
            wizard = self.env[action["res_model"]].with_context(**action["context"])
            wizard.create({}).process()
