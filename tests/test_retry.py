"""Orders in error are imported at once when what they lacked appears."""

import time
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from ..const import RETRY_PAUSES_MINUTES
from ..models.lengow_order_import import LengowOrder
from .common import LengowCommon

SHIRT, MUG, NOVEL = "TS-WHT-S", "MG-SPK", "BO-NVL"


class Killed(BaseException):
    """A worker that the server stops says nothing, and nobody can catch it."""


@tagged("post_install", "-at_install", "lengow")
class TestRetry(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.shirt = cls.create_product(SHIRT)

    def add_failed(self, code="unknown_product", sku=NOVEL, **overrides):
        """:return: an order in error, whose next attempt is a day away."""
        overrides.setdefault("shipping", 0)
        payload = self.world.add_order(lines=[(sku, 1)], **overrides)
        order = self.import_stored(payload)
        self.assertEqual((order.state, order.error_code), ("error", code))
        order.write(
            {
                "attempts": 4,
                "next_attempt": fields.Datetime.add(order.create_date, days=1),
            }
        )
        self.env["ir.cron.trigger"].search([]).unlink()
        return order

    def assert_heals(self, order):
        """Run the import, which was asked for, as the scheduler does."""
        cron = self.env.ref("sale_lengow.ir_cron_import_orders")
        self.assertIn(cron, self.env["ir.cron.trigger"].search([]).cron_id)
        self.run_cron("import_orders")
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertFalse(self.env["lengow.order.retry"].search([]))

    def assert_left_alone(self, order):
        self.assertFalse(self.env["lengow.order.retry"].search([]))
        self.assertFalse(self.env["ir.cron.trigger"].search([]))
        self.run_cron("import_orders")
        self.assertEqual((order.state, order.attempts), ("error", 4))

    # Products

    def test_product_that_is_created(self):
        order = self.add_failed()
        self.create_product(NOVEL)
        self.assert_heals(order)

    def test_product_that_gets_the_reference(self):
        order = self.add_failed()
        template = self.env["product.template"].create({"name": "Novel"})
        template.default_code = NOVEL
        self.assert_heals(order)

    def test_template_that_is_created_with_the_reference(self):
        order = self.add_failed()
        self.env["product.template"].create({"name": "Novel", "default_code": NOVEL})
        self.assert_heals(order)

    def test_product_that_gets_the_barcode(self):
        order = self.add_failed()
        self.create_product("other").barcode = NOVEL
        self.assert_heals(order)

    def test_product_that_is_known_by_its_number_without_fba(self):
        order = self.add_failed()
        order.line_ids.external_id = f"{NOVEL}_FBA"
        self.create_product(NOVEL)
        self.assertEqual(self.env["lengow.order.retry"].search([]).order_id, order)

    def test_product_that_is_one_of_two_no_longer(self):
        first = self.create_product(NOVEL)
        second = self.create_product(NOVEL)
        for mend in (
            lambda: second.write({"default_code": "another"}),
            lambda: second.unlink(),
        ):
            second.default_code = NOVEL
            order = self.add_failed("ambiguous_product")
            mend()
            self.assert_heals(order)
            self.assertEqual(order.sale_order_ids.order_line.product_id, first)

    def test_packaging_and_supplier_ask_for_their_orders(self):
        order = self.add_failed()
        retries = self.env["lengow.order.retry"]
        packaging = self.env["product.uom"].create(
            {
                "product_id": self.shirt.id,
                "uom_id": self.env.ref("uom.product_uom_dozen").id,
                "barcode": NOVEL,
            }
        )
        self.assertEqual(retries.search([]).order_id, order)
        retries.search([]).unlink()
        packaging.barcode = "other"
        self.assertFalse(retries.search([]))
        supplier = self.env["res.partner"].create({"name": "Supplier"})
        price = self.env["product.supplierinfo"].create(
            {
                "partner_id": supplier.id,
                "product_tmpl_id": self.shirt.product_tmpl_id.id,
                "product_code": "other",
            }
        )
        self.assertFalse(retries.search([]))
        price.product_code = NOVEL
        self.assertEqual(retries.search([]).order_id, order)

    def test_product_of_another_name_heals_nothing(self):
        order = self.add_failed()
        self.create_product(MUG)
        self.create_product(False)
        self.shirt.write({"default_code": "other", "list_price": 3})
        self.assert_left_alone(order)

    def test_product_of_another_company_heals_nothing(self):
        order = self.add_failed()
        other = self.env["res.company"].create({"name": "Other"})
        self.create_product(NOVEL, company_id=other.id, taxes=self.env["account.tax"])
        self.assert_left_alone(order)

    def test_whoever_keeps_products_need_not_see_marketplace_orders(self):
        order = self.add_failed()
        keeper = new_test_user(
            self.env, "keeper", "base.group_user,product.group_product_manager"
        )
        self.env["product.product"].with_user(keeper).create(
            {"name": "Novel", "default_code": NOVEL}
        )
        self.assert_heals(order)

    def test_saving_products_costs_one_small_query(self):
        self.add_failed()
        names = {f"SKU-{number}" for number in range(1000)}
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.env["lengow.order"]._retry_product_errors(names)
        self.env["lengow.order"].search([("state", "=", "error")]).state = "ignored"
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env["lengow.order"]._retry_product_errors(names)
        with self.assertQueryCount(0):
            self.env["lengow.order"]._retry_product_errors([False, None, ""])

    def test_fallback_product_of_the_channel_heals_its_orders(self):
        order = self.add_failed()
        elsewhere = self.add_failed(marketplace="decathlon_fr")
        order.channel_id.fallback_product_id = self.shirt
        self.assertEqual(self.env["lengow.order.retry"].search([]).order_id, order)
        self.assertNotEqual(order.channel_id, elsewhere.channel_id)

    # Currencies, countries, charges, marketplaces

    def test_currency_that_is_activated(self):
        gbp = self.env.ref("base.GBP")
        gbp.active = False
        order = self.add_failed("inactive_currency", SHIRT, marketplace="amazon_uk")
        self.env.ref("base.CHF").active = True
        self.assert_left_alone(order)
        gbp.active = True
        self.assert_heals(order)

    def test_currency_that_is_created(self):
        payload = self.world.add_order(lines=[(SHIRT, 1)], shipping=0)
        payload["original_currency"] = {"iso_a3": "XXL"}
        order = self.import_stored(payload)
        self.env["ir.cron.trigger"].search([]).unlink()
        self.env["res.currency"].create(
            {
                "name": "XXL",
                "symbol": "X",
                "active": True,
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2})],
            }
        )
        self.assert_heals(order)

    def test_rate_that_arrives(self):
        gbp = self.env.ref("base.GBP")
        gbp.rate_ids.unlink()
        order = self.add_failed("no_exchange_rate", SHIRT, marketplace="amazon_uk")
        self.env["res.currency.rate"].create(
            {"currency_id": gbp.id, "name": "2020-01-01", "rate": 0.9}
        )
        self.assert_heals(order)

    def test_country_that_appears(self):
        payload = self.world.add_order(lines=[(SHIRT, 1)], shipping=0)
        payload["packages"][0]["delivery"]["common_country_iso_a2"] = "XQ"
        order = self.import_stored(payload)
        self.assertEqual(order.error_code, "no_country")
        self.env["ir.cron.trigger"].search([]).unlink()
        self.env["res.country"].create({"name": "Xanadu", "code": "XQ"})
        self.assert_heals(order)

    def test_product_for_charges_that_is_chosen(self):
        product = self.account.shipping_product_id
        self.account.shipping_product_id = False
        order = self.add_failed("no_service_product", SHIRT, shipping=4.9)
        self.account.shipping_product_id = product
        self.assert_heals(order)

    def test_unknown_marketplace_is_asked_for_again_by_itself(self):
        payload = self.world.add_order(lines=[(SHIRT, 1)], shipping=0)
        spec = self.world.marketplaces["amazon_fr"]
        payload["marketplace"] = "amazon_nl"
        self.run_cron("fetch_orders", "import_orders")
        order = self.find(payload)
        self.assertEqual(order.error_code, "unknown_marketplace")
        self.assertIn("amazon_nl", order.error_message)
        self.assertTrue(order.remedy)
        self.world.marketplaces["amazon_nl"] = {**spec, "name": "Amazon NL"}
        self.world.accounts[0].pop("marketplaces", None)
        self.run_cron("fetch_orders", "import_orders")
        self.assertEqual(order.state, "error", "not more than once an hour")
        self.account.marketplaces_synced_at = fields.Datetime.subtract(
            fields.Datetime.now(), hours=2
        )
        self.env["ir.cron.trigger"].search([]).unlink()
        self.run_cron("fetch_orders")
        self.assert_heals(order)
        self.assertEqual(order.marketplace_id.name, "Amazon NL")

    # The queue

    def test_only_orders_in_error_are_taken_up(self):
        order = self.add_failed()
        self.create_product(NOVEL)
        order.write({"state": "ignored", "attempts": 0, "next_attempt": False})
        self.run_cron("import_orders")
        self.assertEqual((order.state, order.next_attempt), ("ignored", False))
        self.assertFalse(self.env["lengow.order.retry"].search([]))

    def test_product_saved_while_the_order_is_imported_is_not_forgotten(self):
        order = self.add_failed()
        self.create_product(NOVEL)
        lock = type(order).try_lock_for_update

        def others_have_it(records, **options):
            if records._name == "lengow.order":
                return records.browse()
            return lock(records, **options)

        with patch.object(type(order), "try_lock_for_update", others_have_it):
            self.env["lengow.order.retry"]._take_up()
        self.assertEqual(self.env["lengow.order.retry"].search([]).order_id, order)
        self.assert_heals(order)

    # Orders that bring their worker down

    def let_pause_pass(self):
        orders = self.env["lengow.order"].search([("next_attempt", "!=", False)])
        orders.next_attempt = fields.Datetime.now() - timedelta(seconds=1)

    def kill_worker_of(self, guilty):
        """Let the worker die whenever it imports some order."""
        import_ = LengowOrder._import

        def _import(orders):
            if guilty in orders:
                raise Killed
            return import_(orders)

        self.patch(LengowOrder, "_import", _import)

    def run_import(self):
        """:return: whether the worker survived."""
        try:
            with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
                self.env(cr=cr)["lengow.order"]._cron_import_orders()
            return True
        except Killed:
            return False
        finally:
            self.env.invalidate_all()

    def test_attempt_is_counted_though_the_worker_dies(self):
        guilty, other = self.store(*(self.add_payload() for _order in range(2)))
        self.kill_worker_of(guilty)
        self.assertFalse(self.run_import())
        self.assertEqual(guilty.attempts, 1)
        self.assertTrue(guilty.is_being_imported)
        self.assertGreater(guilty.next_attempt, fields.Datetime.now())
        self.assertTrue(self.run_import(), "nobody is due before the pause is over")
        self.assertEqual((guilty.state, other.state), ("pending", "pending"))

    def test_order_that_kills_its_worker_takes_nobody_along_twice(self):
        orders = self.store(*(self.add_payload() for _order in range(3)))
        guilty = orders[0]
        self.kill_worker_of(guilty)
        self.assertFalse(self.run_import())
        late = self.store(self.add_payload())
        self.let_pause_pass()
        self.assertFalse(self.run_import())
        self.assertEqual(late.state, "imported", "new ones go first")
        self.assertTrue(self.run_import())
        self.assertEqual(orders.mapped("state"), ["pending", "imported", "imported"])

    def test_order_that_always_kills_its_worker_is_left_behind(self):
        guilty = self.store(self.add_payload())
        self.kill_worker_of(guilty)
        deaths = 0
        while not self.run_import():
            deaths += 1
            self.assertEqual(guilty.state, "pending")
            self.assertLess(deaths, 20)
            self.let_pause_pass()
        self.assertEqual(deaths, len(RETRY_PAUSES_MINUTES) + 1)
        self.assertEqual((guilty.state, guilty.error_code), ("error", "cut_short"))
        self.assertIn(guilty.marketplace_order_id, guilty.error_message)
        self.assertTrue(guilty.remedy)
        self.assertFalse(guilty.next_attempt)

    def test_person_may_try_again_what_was_left_behind(self):
        guilty = self.store(self.add_payload())
        guilty.write({"attempts": 6, "is_being_imported": True})
        self.run_cron("import_orders")
        self.assertEqual(guilty.error_code, "cut_short")
        guilty.action_retry()
        self.assertEqual((guilty.state, guilty.is_being_imported), ("imported", False))

    def test_attempt_that_another_worker_prevented_does_not_count(self):
        order = self.store(self.add_payload())
        failures = [psycopg2.errors.SerializationFailure]
        import_ = LengowOrder._import

        def _import(orders):
            if failures:
                time.sleep(
                    1
                )  # it is given back in a later second than the cron's first
                raise failures.pop()()
            return import_(orders)

        self.patch(LengowOrder, "_import", _import)
        self.run_cron("import_orders")
        self.assertEqual((order.state, order.attempts), ("imported", 1))

    def add_payload(self):
        return self.world.add_order(lines=[(SHIRT, 1)], shipping=0)
