"""What becomes of a channel's orders, with the account's values to begin with."""

from odoo import Command
from odoo.tests import tagged

from .common_money import LengowMoneyCommon


@tagged("post_install", "-at_install", "lengow")
class TestPolicyDefaults(LengowMoneyCommon):
    def open_another_channel(self):
        """:return: a channel that opens now."""
        marketplace = self.env["lengow.marketplace"]._store({"other_de": {"name": "O"}})
        self.account._open_channels(marketplace)
        return self.account.channel_ids - self.channel

    def test_a_new_channel_begins_with_the_values_of_the_account(self):
        team = self.env["crm.team"].create({"name": "Marketplaces"})
        tags = self.env["crm.tag"].create([{"name": "A"}, {"name": "B"}])
        self.account.write(
            {
                "auto_confirm": False,
                "import_days": 30,
                "order_name": "marketplace",
                "order_name_prefix": "L-",
                "team_id": team.id,
                "tag_ids": [Command.set(tags.ids)],
                "tolerance": 0.5,
                "invoice_policy": "delivery",
                "salesperson_id": self.env.user.id,
            }
        )
        channel = self.open_another_channel()
        self.assertFalse(channel.auto_confirm)
        self.assertEqual(channel.import_days, 30)
        self.assertEqual(channel.order_name, "marketplace")
        self.assertEqual(channel.order_name_prefix, "L-")
        self.assertEqual(channel.team_id, team)
        self.assertEqual(channel.tag_ids, tags)
        self.assertEqual(channel.tolerance, 0.5)
        self.assertEqual(channel.invoice_policy, "delivery")
        self.assertEqual(channel.user_id, self.env.user)

    def test_a_change_goes_on_to_the_channels_that_had_the_old_value(self):
        other = self.open_another_channel()
        other.write({"tolerance": 2.0, "order_name_prefix": "O-"})
        tags = self.env["crm.tag"].create({"name": "A"})
        self.account.write(
            {
                "tolerance": 0.1,
                "order_name_prefix": "L-",
                "tag_ids": [Command.set(tags.ids)],
                "salesperson_id": self.env.user.id,
            }
        )
        self.assertEqual(self.channel.tolerance, 0.1)
        self.assertEqual(self.channel.order_name_prefix, "L-")
        self.assertEqual(other.tolerance, 2.0)
        self.assertEqual(other.order_name_prefix, "O-")
        for channel in self.channel + other:
            self.assertEqual(channel.tag_ids, tags)
            self.assertEqual(channel.user_id, self.env.user)

    def test_a_change_back_to_nothing_goes_on_too(self):
        self.account.salesperson_id = self.env.user
        self.account.salesperson_id = False
        self.assertFalse(self.channel.user_id)

    def test_a_change_of_something_else_leaves_channels_alone(self):
        self.channel.tolerance = 1.0
        self.account.write({"name": "Renamed", "overlap_minutes": 60})
        self.assertEqual(self.channel.tolerance, 1.0)

    def test_an_archived_channel_follows_as_well(self):
        self.channel.active = False
        self.account.tolerance = 0.2
        self.assertEqual(self.channel.tolerance, 0.2)


@tagged("post_install", "-at_install", "lengow")
class TestPolicies(LengowMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_service("IN", cls.get_tax(20, "tax_included"))

    def import_one(self, *carts, **payload_vals):
        """:return: the sale orders of an order."""
        payload = self.make_payload(*(carts or ([("IN", 1, 1000)],)))
        return self.import_payloads({**payload, **payload_vals}).sale_order_ids

    def test_team_salesperson_and_tags_show_in_the_sale_order(self):
        team = self.env["crm.team"].create({"name": "Marketplaces"})
        tags = self.env["crm.tag"].create([{"name": "A"}, {"name": "B"}])
        self.channel.write(
            {
                "team_id": team.id,
                "user_id": self.env.user.id,
                "tag_ids": [Command.set(tags.ids)],
            }
        )
        sale = self.import_one()
        self.assertEqual(sale.team_id, team)
        self.assertEqual(sale.user_id, self.env.user)
        self.assertEqual(sale.tag_ids, tags)
        invoice = sale._create_invoices()
        self.assertEqual(
            (invoice.team_id, invoice.invoice_user_id), (team, sale.user_id)
        )

    def test_the_salesperson_may_be_nobody_also_on_the_invoice(self):
        sale = self.import_one()
        self.assertFalse(sale.user_id)
        invoice = sale._create_invoices()
        self.assertFalse(invoice.invoice_user_id)

    def test_the_payment_terms_are_the_channels_else_the_buyers(self):
        sale = self.import_one()
        self.assertEqual(sale.payment_term_id, sale.partner_id.property_payment_term_id)
        term = self.env["account.payment.term"].create({"name": "Marketplace"})
        self.channel.payment_term_id = term
        sale = self.import_one()
        self.assertEqual(sale.payment_term_id, term)
        self.assertEqual(sale._create_invoices().invoice_payment_term_id, term)

    def test_the_warehouse(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Far", "code": "FAR"})
        self.channel.warehouse_id = warehouse
        self.create_product("BOX")
        sale = self.import_one([("BOX", 2, 1000)])
        self.assertEqual(sale.warehouse_id, warehouse)
        self.assertEqual(sale.picking_ids.location_id, warehouse.lot_stock_id)

    def test_the_pricelist_gives_no_price(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "currency_id": self.env.ref("base.EUR").id,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        self.channel.pricelist_id = pricelist
        sale = self.import_one()
        self.assertEqual(sale.pricelist_id, pricelist)
        self.assertEqual(sale.amount_total, 10.0)
        pounds = self.make_payload([("IN", 1, 1000)], currency="GBP")
        sale = self.import_payloads(pounds).sale_order_ids
        self.assertNotEqual(sale.pricelist_id, pricelist)
        self.assertEqual(sale.currency_id.name, "GBP")

    def test_orders_are_confirmed_or_not(self):
        self.assertEqual(self.import_one().state, "sale")
        self.channel.auto_confirm = False
        sale = self.import_one()
        self.assertEqual(sale.state, "draft")
        self.assertFalse(sale.lengow_hold_reason)

    def test_the_journal_is_that_of_invoices_made_by_hand_too(self):
        journal = self.env["account.journal"].create(
            {"name": "Marketplaces", "code": "MKT", "type": "sale"}
        )
        self.channel.invoice_journal_id = journal
        sale = self.import_one()
        self.assertEqual(sale.journal_id, journal)
        self.assertEqual(sale._create_invoices().journal_id, journal)

    # Names

    def test_orders_have_odoos_own_number_unless_the_channel_says_otherwise(self):
        sale = self.import_one()
        self.assertNotIn(sale.lengow_order_id.marketplace_order_id, sale.name)

    def test_an_order_is_named_after_the_marketplaces_number(self):
        self.channel.order_name = "marketplace"
        sale = self.import_one()
        self.assertEqual(sale.name, sale.lengow_order_id.marketplace_order_id)
        self.channel.order_name_prefix = "MY-"
        sale = self.import_one(marketplace_order_id="403-1")
        self.assertEqual(sale.name, "MY-403-1")
        self.assertEqual(sale._create_invoices().invoice_origin, "MY-403-1")

    def test_further_packages_are_numbered(self):
        self.channel.order_name = "marketplace"
        cart = [("IN", 1, 1000)]
        sales = self.import_one(cart, cart, cart, marketplace_order_id="403-2")
        self.assertEqual(
            sales.sorted("id").mapped("name"), ["403-2", "403-2-2", "403-2-3"]
        )

    def test_a_name_is_given_once(self):
        self.channel.write({"order_name": "marketplace", "order_name_prefix": "A"})
        partner = self.env["res.partner"].create({"name": "Buyer"})
        self.env["sale.order"].create(
            [{"partner_id": partner.id, "name": name} for name in ("A403", "A403-2")]
        )
        cart = [("IN", 1, 1000)]
        first = self.import_one(cart, cart, marketplace_order_id="403")
        self.assertEqual(first.sorted("id").mapped("name"), ["A403-3", "A403-4"])

    def test_orders_of_one_batch_whose_names_meet_are_named_apart(self):
        self.channel.order_name = "marketplace"
        cart = [("IN", 1, 1000)]
        payloads = [
            {**self.make_payload(cart, cart), "marketplace_order_id": "7"},
            {**self.make_payload(cart), "marketplace_order_id": "7-2"},
        ]
        names = self.import_payloads(*payloads).sale_order_ids.mapped("name")
        self.assertEqual(len(set(names)), 3, names)

    def test_lengow_is_told_the_names_that_we_gave(self):
        self.create_catalogue()
        self.connect()
        self.import_all()
        self.account.channel_ids.write(
            {"order_name": "marketplace", "order_name_prefix": "MY-"}
        )
        payload = self.world.add_order(lines=1)
        self.import_all()
        self.assertEqual(
            self.world.order(payload["marketplace_order_id"])["merchant_order_id"],
            [f"MY-{payload['marketplace_order_id']}"],
        )

    def test_a_policy_costs_no_query_per_order(self):
        """Twenty orders of a channel with every policy cost as much as ten, and theirs."""
        journal = self.env["account.journal"].create(
            {"name": "Marketplaces", "code": "MKT", "type": "sale"}
        )
        plain = self.count_queries(10)
        self.channel.write(
            {
                "order_name": "marketplace",
                "team_id": self.env["crm.team"].create({"name": "T"}).id,
                "payment_term_id": self.env["account.payment.term"]
                .create({"name": "M"})
                .id,
                "tag_ids": [Command.create({"name": "A"})],
                "invoice_journal_id": journal.id,
                "invoice_policy": "import",
            }
        )
        self.count_queries(1)
        # Looked up once for the batch: names, records of the policy, the queue of invoices.
        self.assertLess(self.count_queries(10), plain + 25)

    def count_queries(self, number):
        """:return: how many queries it takes to import so many orders."""
        payloads = [self.make_payload([("IN", 1, 1000)]) for _order in range(number)]
        orders = self.env["lengow.order"]
        orders._store_page(self.account, payloads)
        orders = orders.concat(*map(self.find, payloads))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        orders._import_guarded()
        self.env.flush_all()
        self.assertEqual(set(orders.mapped("state")), {"imported"})
        return self.env.cr.sql_log_count - before
