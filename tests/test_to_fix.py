"""Every problem is said in words, with a remedy, and mended for many orders at once."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.lengow_order import PROBLEMS, REASONS
from .common import LengowCommon

SHIRT, NOVEL = "TS-WHT-S", "BO-NVL"


@tagged("post_install", "-at_install", "lengow")
class TestToFix(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.create_product(SHIRT)
        cls.user, cls.manager = (
            new_test_user(cls.env, name, f"sale_lengow.group_lengow_{name}")
            for name in ("user", "manager")
        )

    def add(self, sku=SHIRT, **overrides):
        overrides.setdefault("shipping", 0)
        return self.world.add_order(lines=[(sku, 1)], **overrides)

    def tell(self, action):
        """:return: type and message of a notification."""
        self.assertEqual(action["tag"], "display_notification")
        return action["params"]["type"], action["params"]["message"]

    # Words

    def test_every_problem_has_a_name_and_a_remedy(self):
        remedies = self.env["lengow.order"]._get_remedies()
        for code, label in PROBLEMS + REASONS:
            with self.subTest(code=code):
                self.assertTrue(label)
                self.assertTrue(remedies.get(code), "what to do")
        codes = [code for code, _label in PROBLEMS + REASONS]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertFalse(remedies.keys() - set(codes))

    def test_the_list_shows_what_needs_a_person_by_reason(self):
        payloads = [self.add(NOVEL), self.add(), self.add(), self.add()]
        payloads[2]["total_order"] = payloads[2]["original_total_order"] = 999
        unknown, fine, held, refused = self.import_stored(*payloads)
        refused._give_up_mark("It says no.")
        action = self.env.ref("sale_lengow.action_lengow_order_to_fix")
        self.assertIn("search_default_group_error_code", action.context)
        self.assertIn("search_default_to_fix", action.context)
        orders = self.env["lengow.order"]
        groups = dict(
            orders._read_group(
                orders._get_to_fix_domain(), ["error_code"], ["id:recordset"]
            )
        )
        self.assertEqual(
            groups,
            {
                "unknown_product": unknown,
                "total_mismatch": held,
                "not_marked": refused,
            },
        )
        self.assertEqual(fine.state, "imported")
        for order in unknown + held + refused:
            self.assertIn(order.marketplace_order_id, order.error_message)
            self.assertTrue(order.remedy)

    def test_filter_of_the_list_is_what_the_counters_count(self):
        view = self.env["lengow.order"].get_view(
            self.env.ref("sale_lengow.lengow_order_view_search").id, "search"
        )
        domain = str(self.env["lengow.order"]._get_to_fix_domain())
        arch = view["arch"].replace("&amp;", "&").replace('"', "'")
        self.assertIn(domain.replace('"', "'"), arch)

    # Retry

    def test_retry_sends_refused_names_again(self):
        order = self.import_stored(self.add())
        order._give_up_mark("It says no.")
        self.assertEqual(order.error_code, "not_marked")
        kind, message = self.tell(order.with_user(self.user).action_retry())
        self.assertEqual(kind, "success")
        self.assertIn("sent again", message)
        self.run_cron("mark_orders")
        self.assertEqual((order.merchant_id_state, order.error_code), ("done", False))

    def test_retry_of_what_needs_none_says_so(self):
        order = self.import_stored(self.add())
        _kind, message = self.tell(order.action_retry())
        self.assertIn("Nothing here", message)

    # Ignore and import anyway

    def test_ignored_order_stays_ignored_whatever_lengow_says(self):
        payload = self.add(NOVEL)
        order = self.import_stored(payload)
        imported = self.import_stored(self.add())
        orders = (order + imported).with_user(self.user)
        kind, message = self.tell(orders.action_ignore())
        self.assertEqual(kind, "warning")
        self.assertIn("1 orders are ignored", message)
        self.assertIn(imported.marketplace_order_id, message)
        self.assertEqual((order.state, order.error_code), ("ignored", "by_person"))
        self.assertIn(self.user.name, order.message_ids[0].body)
        self.assertEqual(imported.state, "imported")
        self.create_product(NOVEL)
        self.world.touch(payload["marketplace_order_id"], comments="Hurry")
        self.import_stored(payload)
        self.account.order_currency = "account"
        self.run_cron("import_orders")
        self.assertEqual((order.state, order.error_code), ("ignored", "by_person"))

    def test_ignored_order_is_imported_after_all(self):
        order = self.import_stored(self.add(NOVEL))
        order.action_ignore()
        self.create_product(NOVEL)
        kind, message = self.tell(order.with_user(self.user).action_import_anyway())
        self.assertEqual((order.state, kind), ("imported", "success"), message)
        self.assertIn("1 imported", message)

    def test_settings_do_not_keep_an_order_that_a_person_wants(self):
        self.account.import_from = fields.Date.today()
        self.get_channel("decathlon_fr").import_orders = False
        long_ago = fields.Datetime.subtract(fields.Datetime.now(), days=120)
        types = [{"type": "is_delivered_by_marketplace", "label": "FBA"}]
        orders = self.import_stored(
            self.add(
                marketplace_order_date=fields.Datetime.subtract(
                    fields.Datetime.now(), days=3
                )
            ),
            self.add(marketplace_order_date=long_ago),
            self.add(marketplace="decathlon_fr"),
            self.add(order_types=types),
        )
        self.assertEqual(set(orders.mapped("state")), {"ignored"})
        self.tell(orders.action_import_anyway())
        self.assertEqual(
            set(orders.mapped("state")), {"imported"}, orders.mapped("error_code")
        )

    def test_wanted_order_is_wanted_for_good(self):
        self.account.import_from = fields.Date.today()
        placed = fields.Datetime.subtract(fields.Datetime.now(), days=3)
        payload = self.add(NOVEL, marketplace_order_date=placed)
        order = self.import_stored(payload)
        order.action_import_anyway()
        self.assertEqual(order.error_code, "unknown_product")
        self.world.touch(payload["marketplace_order_id"], comments="Hurry")
        self.import_stored(payload)
        self.assertEqual(order.error_code, "unknown_product")

    def test_erased_and_cancelled_orders_are_not_imported_anyway(self):
        erased, cancelled = self.import_stored(
            self.add(anonymized=True), self.add(lengow_status="canceled")
        )
        kind, message = self.tell((erased + cancelled).action_import_anyway())
        self.assertEqual(kind, "warning")
        for order in erased + cancelled:
            self.assertEqual(order.state, "ignored")
            self.assertIn(order.marketplace_order_id, message)
            self.assertFalse(order.decision)
        self.assertIn("erased", message)

    def test_order_that_waits_is_not_imported_anyway_but_is_wanted(self):
        self.account.import_from = fields.Date.add(fields.Date.today(), days=1)
        order = self.import_stored(self.add(lengow_status="waiting_acceptance"))
        self.assertEqual(order.error_code, "before_cut_off")
        _kind, message = self.tell(order.action_import_anyway())
        self.assertEqual((order.state, order.error_code), ("waiting", "not_accepted"))
        self.assertIn("not released", message)
        payload = self.world.touch(
            order.marketplace_order_id, lengow_status="waiting_shipment"
        )
        self.import_stored(payload)
        self.assertEqual(order.state, "imported")

    # Activate currencies

    def test_manager_activates_the_currencies_of_the_selected_orders(self):
        gbp, pln = self.env.ref("base.GBP"), self.env.ref("base.PLN")
        (gbp + pln).active = False
        pln.rate_ids.unlink()
        nobody_knows = self.add()
        nobody_knows["original_currency"] = {"iso_a3": "XXL"}
        orders = self.import_stored(
            self.add(marketplace="amazon_uk"),
            self.add(marketplace="allegro_pl"),
            nobody_knows,
            self.add(NOVEL),
        )
        with self.assertRaises(AccessError):
            orders.with_user(self.user).action_activate_currencies()
        action = orders.with_user(self.manager).action_activate_currencies()
        kind, message = self.tell(action)
        self.assertTrue(gbp.active and pln.active)
        self.assertEqual(kind, "warning")
        for words in (
            "Activated: GBP, PLN",
            "Enter a rate under Accounting, Configuration, Currencies: PLN",
            "1 imported, 1 still to fix",
            "does not know their currency",
            "do not wait for a currency",
        ):
            self.assertIn(words, message)
        self.assertEqual(
            orders.mapped("error_code"),
            [False, "no_exchange_rate", "inactive_currency", "unknown_product"],
        )

    def test_foreigners_repair_nothing(self):
        order = self.import_stored(self.add(NOVEL))
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_manager")
        for name in (
            "action_retry",
            "action_ignore",
            "action_import_anyway",
            "action_import_again",
            "action_activate_currencies",
        ):
            with self.subTest(action=name), self.assertRaises(AccessError):
                getattr(order.with_user(seller), name)()

    def test_more_than_a_batch_is_left_to_the_cron(self):
        orders = self.import_stored(*(self.add(NOVEL) for _number in range(26)))
        self.create_product(NOVEL)
        _kind, message = self.tell(orders.action_retry())
        self.assertIn("26 orders are imported in the background", message)
        self.assertEqual(set(orders.mapped("state")), {"error"})
        self.run_cron("import_orders")
        self.assertEqual(set(orders.mapped("state")), {"imported"})

    def test_ten_orders_broken_in_ten_ways_are_repaired_by_hand(self):
        """What an operator does on the screens, by the methods behind the buttons."""
        pln = self.env.ref("base.PLN")
        usd = self.env.ref("base.USD")
        pln.active = False
        usd.rate_ids.unlink()
        charge = self.account.shipping_product_id
        self.account.shipping_product_id = False
        self.create_product("twice")
        twin = self.create_product("twice", name="Twin")
        self.get_channel("otto_de").import_orders = False
        payloads = [self.add() for _way in range(10)]
        (
            unknown,
            ambiguous,
            inactive,
            no_rate,
            no_charge,
            no_address,
            no_country,
            elsewhere,
            mismatch,
            channel_off,
        ) = payloads
        self._lines(unknown)[0]["merchant_product_id"]["id"] = NOVEL
        self._lines(ambiguous)[0]["merchant_product_id"]["id"] = "twice"
        inactive["original_currency"] = {"iso_a3": "PLN"}
        no_rate["original_currency"] = {"iso_a3": "USD"}
        no_charge.update(shipping=4.9, original_shipping=4.9)
        for name in ("total_order", "original_total_order"):
            no_charge[name] = round(no_charge[name] + 4.9, 2)
            mismatch[name] += 7
        address = no_address["packages"][0]["delivery"]
        billing = no_address["billing_address"]
        no_address["packages"][0]["delivery"] = no_address["billing_address"] = None
        for part in (
            no_country["packages"][0]["delivery"],
            no_country["billing_address"],
        ):
            part["common_country_iso_a2"] = None
        elsewhere["marketplace"] = "nowhere"
        channel_off["marketplace"] = "otto_de"
        orders = self.import_stored(*payloads)
        self.assertEqual(
            orders.mapped("error_code"),
            [
                "unknown_product",
                "ambiguous_product",
                "inactive_currency",
                "no_exchange_rate",
                "no_service_product",
                "no_address",
                "no_country",
                "unknown_marketplace",
                "total_mismatch",
                "channel_off",
            ],
        )
        # The remedies, as each order says.
        self.create_product(NOVEL)
        twin.default_code = "another"
        orders[2].with_user(self.manager).action_activate_currencies()
        usd.rate_ids = [fields.Command.create({"name": "2020-01-01", "rate": 1.1})]
        self.account.shipping_product_id = charge
        no_address["packages"][0]["delivery"] = address
        no_address["billing_address"] = billing
        for part in (
            no_country["packages"][0]["delivery"],
            no_country["billing_address"],
        ):
            part["common_country_iso_a2"] = "FR"
        self.store(no_address, no_country)
        spec = self.world.marketplaces["amazon_fr"]
        marketplace = self.env["lengow.marketplace"]._store(
            {"nowhere": {**spec, "name": "Nowhere", "legacy_code": None}}
        )
        self.account._open_channels(marketplace)
        sale = orders[8].sale_order_ids
        sale.order_line[0].price_unit += 7
        sale.action_confirm()
        orders[9].with_user(self.user).action_import_anyway()
        self.run_cron("import_orders")
        for order in orders:
            with self.subTest(order=order.id):
                self.assertEqual((order.state, order.error_code), ("imported", False))
                self.assertEqual(set(order.sale_order_ids.mapped("state")), {"sale"})

    def _lines(self, payload):
        return payload["packages"][0]["cart"]
