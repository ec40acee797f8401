"""Stored orders become sale orders as the marketplace sold them."""

import copy
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, api, fields
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..const import RETRY_PAUSES_MINUTES
from ..models.lengow_order_sale import LengowOrder
from ..models.res_partner import ResPartner
from ..simulator.money import get_lines
from .common import LengowCommon

SHIRT, MUG, NOVEL = "TS-WHT-S", "MG-SPK", "BO-NVL"


@tagged("post_install", "-at_install", "lengow")
class TestImportOrders(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.shirt = cls.create_product(SHIRT)
        cls.mug = cls.create_product(MUG)

    def add(self, *skus, **overrides):
        """Add an order of one piece of each product, without charges, to the world."""
        overrides.setdefault("shipping", 0)
        skus = skus or (SHIRT,)
        return self.world.add_order(lines=[(sku, 1) for sku in skus], **overrides)

    def import_one(self, *skus, **overrides):
        """:return: the order of a new payload, and its sale order."""
        order = self.import_stored(self.add(*skus, **overrides))
        self.assertEqual(order.state, "imported", order.error_message)
        return order, order.sale_order_ids

    def assert_problem(self, order, code, *words):
        self.assertEqual((order.state, order.error_code), ("error", code))
        for word in (order.marketplace_order_id, *words):
            self.assertIn(word, order.error_message)
        self.assertTrue(order.remedy)
        self.assertFalse(order.sale_order_ids)

    def let_pause_pass(self, orders):
        orders.next_attempt = fields.Datetime.now() - timedelta(seconds=1)
        self.run_cron("import_orders")

    # Lines

    def test_cancelled_line_without_quantity_is_left_out(self):
        payload = self.add(SHIRT, MUG)
        get_lines(payload)[1].update(quantity=0, lengow_status="canceled")
        total = float(get_lines(payload)[0]["amount"])
        payload.update(total_order=total, original_total_order=total)
        order = self.import_stored(payload)
        self.assertEqual(order.sale_order_ids.order_line.product_id, self.shirt)
        self.assertEqual(order.sale_order_ids.amount_total, total)
        self.assertEqual(order.sale_order_ids.state, "sale")

    def test_same_product_on_several_lines_is_as_many_sale_lines(self):
        payload = self.add(SHIRT, SHIRT)
        first, second = get_lines(payload)
        second.update(amount="17.00", original_amount="17.00")
        payload.update(total_order=36.9, original_total_order=36.9)
        order = self.import_stored(payload)
        lines = order.sale_order_ids.order_line
        self.assertEqual(lines.lengow_line_id, order.line_ids)
        self.assertEqual(lines.mapped("price_total"), [19.9, 17.0])
        self.assertEqual(
            lines.lengow_line_id.mapped("marketplace_order_line_id"),
            [line["marketplace_order_line_id"] for line in (first, second)],
        )

    def test_amount_is_the_total_of_the_line(self):
        payload = self.world.add_order(lines=[(SHIRT, 3)], shipping=0)
        line = self.import_stored(payload).sale_order_ids.order_line
        self.assertEqual((line.product_uom_qty, line.price_total), (3, 59.7))
        self.assertAlmostEqual(line.price_unit, 19.9)

    def test_product_out_of_stock_imports_and_waits_for_its_delivery(self):
        self.assertEqual(self.shirt.qty_available, 0)
        _order, sale = self.import_one()
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.picking_ids.move_ids.product_id, self.shirt)
        self.assertEqual(sale.picking_ids.state, "confirmed")

    def test_quantity_of_the_marketplace_stays(self):
        payload = self.world.add_order(lines=[(SHIRT, 999)], shipping=0)
        sale = self.import_stored(payload).sale_order_ids
        self.assertEqual(sale.order_line.product_uom_qty, 999)
        self.assertEqual(sale.amount_total, payload["total_order"])
        self.assertEqual(sale.picking_ids.move_ids.product_uom_qty, 999)

    def test_gift_is_kept_and_stays_free(self):
        payload = self.add(SHIRT, MUG)
        get_lines(payload)[1].update(amount="0.00", original_amount="0.00", quantity=1)
        payload.update(total_order=19.9, original_total_order=19.9)
        sale = self.import_stored(payload).sale_order_ids
        gift = sale.order_line.filtered(lambda line: line.product_id == self.mug)
        self.assertEqual((gift.product_uom_qty, gift.price_total), (1, 0))
        self.assertIn(self.mug, sale.picking_ids.move_ids.product_id)
        gift.product_uom_qty = 3
        self.assertEqual((gift.price_unit, sale.amount_total), (0, 19.9))

    def test_odoo_does_not_reprice_what_the_buyer_paid(self):
        channel = self.get_channel()
        channel.auto_confirm = False
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 50,
                            "applied_on": "3_global",
                        }
                    )
                ],
            }
        )
        channel.pricelist_id = pricelist
        _order, sale = self.import_one()
        line = sale.order_line
        self.assertEqual(sale.pricelist_id, pricelist)
        self.assertEqual((line.price_unit, line.discount), (19.9, 0))
        sale.action_update_prices()
        self.assertEqual((line.price_unit, line.discount), (19.9, 0))
        line.product_uom_qty = 2
        self.assertEqual((line.price_unit, sale.amount_total), (19.9, 39.8))
        with Form(sale) as form, form.order_line.edit(0) as form_line:
            form_line.product_uom_qty = 5
        self.assertEqual((line.price_unit, line.discount), (19.9, 0))

    def test_line_that_a_person_adds_has_odoos_price(self):
        self.get_channel().auto_confirm = False
        _order, sale = self.import_one()
        own = self.env["sale.order.line"].create(
            {"order_id": sale.id, "product_id": self.mug.id, "price_unit": 5}
        )
        sale.action_update_prices()
        self.assertEqual(own.price_unit, self.mug.list_price)

    # The sale order

    def test_no_message_reaches_the_buyer(self):
        with patch.object(type(self.env["mail.mail"]), "create") as create_mail:
            _order, sale = self.import_one()
        create_mail.assert_not_called()
        buyers = sale.partner_id | sale.partner_invoice_id | sale.partner_shipping_id
        documents = (sale, *sale.picking_ids, *buyers)
        for document in documents:
            self.assertFalse(document.message_partner_ids & buyers, document)
            for message in document.message_ids:
                self.assertFalse(message.partner_ids & buyers)
                self.assertFalse(message.notified_partner_ids & buyers)

    def test_confirmed_order_keeps_its_own_date_and_has_a_delivery(self):
        day = self.simulator.now() - timedelta(days=2, hours=3)
        order, sale = self.import_one(marketplace_order_date=day)
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.date_order, day.replace(microsecond=0, tzinfo=None))
        self.assertEqual(sale.date_order, order.order_date)
        self.assertEqual(sale.picking_ids.partner_id, sale.partner_shipping_id)
        self.assertEqual(sale.client_order_ref, order.marketplace_order_id)

    def test_channel_decides_team_user_warehouse_and_fiscal_position(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Far", "code": "FAR"})
        team = self.env["crm.team"].create({"name": "Marketplaces"})
        position = self.env["account.fiscal.position"].create(
            {"name": "Exempt", "company_id": self.company.id}
        )
        exempt = self.create_tax(0, "tax_included")
        exempt.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(self.tax_20.id)],
            }
        )
        self.get_channel().write(
            {
                "team_id": team.id,
                "user_id": self.env.ref("base.user_admin").id,
                "warehouse_id": warehouse.id,
                "fiscal_position_id": position.id,
            }
        )
        _order, sale = self.import_one()
        self.assertEqual((sale.team_id, sale.warehouse_id), (team, warehouse))
        self.assertEqual(sale.user_id, self.env.ref("base.user_admin"))
        self.assertEqual(sale.fiscal_position_id, position)
        self.assertEqual(sale.order_line.tax_ids, exempt)
        self.assertEqual(sale.amount_total, 19.9)
        self.assertEqual(sale.picking_ids.picking_type_id.warehouse_id, warehouse)

    def test_order_belongs_to_nobody_where_the_channel_names_nobody(self):
        _order, sale = self.import_one()
        self.assertFalse(sale.user_id)

    def test_channel_may_leave_the_confirmation_to_people(self):
        self.get_channel().auto_confirm = False
        day = self.simulator.now() - timedelta(days=1)
        order, sale = self.import_one(marketplace_order_date=day)
        self.assertEqual((sale.state, sale.amount_total), ("draft", 19.9))
        self.assertFalse(sale.picking_ids)
        sale.action_confirm()
        self.assertEqual(sale.date_order, order.order_date)
        self.assertTrue(sale.picking_ids)

    def test_channel_off_keeps_orders_until_it_is_on_again(self):
        channel = self.get_channel()
        channel.import_orders = False
        order = self.import_stored(self.add())
        self.assertEqual((order.state, order.error_code), ("ignored", "channel_off"))
        channel.import_orders = True
        self.run_cron("import_orders")
        self.assertEqual((order.state, order.error_code), ("imported", False))
        self.assertEqual(len(order.sale_order_ids), 1)
        channel.active = False
        later = self.import_stored(self.add())
        self.assertEqual((later.state, later.channel_id), ("ignored", channel))
        self.assertEqual(order.state, "imported", "what is imported stays")
        channel.active = True
        self.run_cron("import_orders")
        self.assertEqual(later.state, "imported")

    def test_channel_that_goes_off_stops_orders_that_are_due(self):
        order = self.store(self.add())
        self.get_channel().import_orders = False
        self.run_cron("import_orders")
        self.assertEqual((order.state, order.sale_order_count), ("ignored", 0))

    def test_order_fulfilled_by_the_marketplace(self):
        order_types = [{"type": "is_delivered_by_marketplace", "label": "AFN"}]
        payload = self.add(order_types=order_types, lengow_status="shipped")
        order = self.import_stored(payload)
        self.assertEqual(
            (order.state, order.error_code), ("ignored", "fulfilled_by_marketplace")
        )
        self.get_channel().fulfilled_by_marketplace = "no_delivery"
        self.run_cron("import_orders")
        sale = order.sale_order_ids
        self.assertEqual((order.state, sale.state), ("imported", "sale"))
        self.assertFalse(sale.picking_ids)
        ours, their = self.add(), self.add(order_types=order_types)
        self.import_stored(ours, their)
        self.assertTrue(self.find(ours).sale_order_ids.picking_ids)
        self.assertFalse(self.find(their).sale_order_ids.picking_ids)

    # Currencies

    def test_inactive_currency_is_told_and_heals_once_it_is_active(self):
        pln = self.env.ref("base.PLN")
        pln.active = False
        shirt_id = str(self.world.products[0]["id"])
        self.env["lengow.product.mapping"].create(
            {
                "account_id": self.account.id,
                "external_id": shirt_id,
                "product_id": self.shirt.id,
            }
        )
        order = self.import_stored(self.add(marketplace="allegro_pl"))
        self.assert_problem(order, "inactive_currency", "PLN")
        pln.active = True
        self.let_pause_pass(order)
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertEqual(order.sale_order_ids.currency_id, pln)
        self.assertEqual(
            order.sale_order_ids.amount_total, order.payload["original_total_order"]
        )

    def test_currency_without_a_rate_is_told_and_heals(self):
        usd = self.env.ref("base.USD")
        usd.rate_ids.unlink()
        payload = self.add()
        payload["original_currency"] = {"iso_a3": "USD"}
        order = self.import_stored(payload)
        self.assert_problem(order, "no_exchange_rate", "USD")
        usd.rate_ids = [Command.create({"name": "2020-01-01", "rate": 1.1})]
        order.action_retry()
        self.assertEqual(order.state, "imported", order.error_message)

    def test_currency_that_nobody_knows_is_told(self):
        payload = self.add()
        payload["original_currency"] = {"iso_a3": "XXL"}
        self.assert_problem(self.import_stored(payload), "inactive_currency", "XXL")

    def test_order_that_names_no_currency_is_told(self):
        payload = self.add()
        payload["original_currency"] = payload["currency"] = None
        self.assert_problem(self.import_stored(payload), "no_currency")

    def test_total_of_minus_one_is_a_missing_rate(self):
        self.account.order_currency = "account"
        payload = self.add()
        payload["total_order"] = -1
        order = self.import_stored(payload)
        self.assert_problem(order, "no_exchange_rate", "EUR")
        payload["total_order"] = payload["original_total_order"]
        self.import_stored(payload)
        self.assertEqual(order.state, "imported")

    def test_total_that_does_not_add_up_is_imported_but_held(self):
        payload = self.add()
        payload["total_order"] = payload["original_total_order"] = 25
        order = self.import_stored(payload)
        self.assertEqual(
            (order.state, order.error_code), ("imported", "total_mismatch")
        )
        sale = order.sale_order_ids
        self.assertEqual(sale.state, "draft")
        self.assertIn("25", sale.lengow_hold_reason)

    # Buyers and addresses

    def test_billing_that_is_missing_is_the_delivery(self):
        payload = self.add()
        payload["billing_address"] = None
        delivery = payload["packages"][0]["delivery"]
        order = self.import_stored(payload)
        sale = order.sale_order_ids
        self.assertEqual(sale.partner_invoice_id.street, delivery["first_line"])
        self.assertEqual(sale.partner_id.city, delivery["city"])

    def test_no_address_at_all_is_told_and_nothing_half_made_stays(self):
        partners = self.env["res.partner"].search_count([])
        payload = self.add()
        payload["billing_address"] = payload["packages"][0]["delivery"] = None
        order = self.import_stored(payload)
        self.assert_problem(order, "no_address")
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_address_of_a_street_alone_still_makes_a_contact(self):
        payload = self.add()
        kept = ("first_line", "common_country_iso_a2", "trackings")
        for address in (payload["billing_address"], payload["packages"][0]["delivery"]):
            for name in address.keys() - set(kept):
                address[name] = None
        order = self.import_stored(payload)
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertTrue(order.sale_order_ids.partner_id.name)

    def test_names_keep_the_spelling_of_the_marketplace(self):
        spellings = (
            ("Ronald", "McDONALD", "L'Haÿ-les-Roses"),
            ("Jan", "van der Berg", "'s-Hertogenbosch"),
            ("ANNE-SOPHIE", "d'ORMESSON", "SAINT-MALO"),
        )
        payloads = []
        for first, last, city in spellings:
            payload = self.add()
            for address in (
                payload["billing_address"],
                payload["packages"][0]["delivery"],
            ):
                address.update(first_name=first, last_name=last, city=city)
            payloads.append(payload)
        orders = self.import_stored(*payloads)
        for order, (first, last, city) in zip(orders, spellings, strict=True):
            for partner in (
                order.sale_order_ids.partner_id,
                order.sale_order_ids.partner_shipping_id,
            ):
                self.assertEqual(
                    (partner.name, partner.city), (f"{first} {last}", city)
                )

    def test_same_marketplace_customer_is_one_partner(self):
        first, second, other = self.add(), self.add(), self.add()
        for payload in (second, other):
            payload["billing_address"] = copy.deepcopy(first["billing_address"])
            payload["packages"][0]["delivery"].update(
                {
                    name: value
                    for name, value in first["billing_address"].items()
                    if name != "id"
                }
            )
        second["marketplace_customer_id"] = first["marketplace_customer_id"]
        partners = self.import_stored(first, other).sale_order_ids.partner_id
        self.assertEqual(len(partners), 2, "one e-mail and one name, yet two customers")
        before = self.env["res.partner"].search_count([])
        again = self.import_stored(second).sale_order_ids
        self.assertEqual(again.partner_id, self.find(first).sale_order_ids.partner_id)
        self.assertEqual(
            again.partner_shipping_id,
            self.find(first).sale_order_ids.partner_shipping_id,
        )
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_customers_of_one_batch_with_one_number_are_one_partner(self):
        first, second = self.add(), self.add()
        second["marketplace_customer_id"] = first["marketplace_customer_id"]
        sales = self.import_stored(first, second).sale_order_ids
        self.assertEqual(len(sales.partner_id), 1)
        self.assertEqual(len(sales.partner_shipping_id), 2, "each to its own address")

    def test_customers_without_a_number_are_never_the_same(self):
        first, second = self.add(), self.add()
        for payload in (first, second):
            payload["marketplace_customer_id"] = None
        self.assertEqual(
            len(self.import_stored(first, second).sale_order_ids.partner_id), 2
        )

    def test_same_number_on_two_marketplaces_is_two_customers(self):
        first, second = self.add(), self.add(marketplace="decathlon_fr")
        second["marketplace_customer_id"] = first["marketplace_customer_id"]
        self.assertEqual(
            len(self.import_stored(first, second).sale_order_ids.partner_id), 2
        )

    def test_business_has_its_company_and_its_vat_number(self):
        payload = self.add()
        payload["billing_address"].update(
            company="Dupont SARL", vat_number="FR23334175221"
        )
        sale = self.import_stored(payload).sale_order_ids
        self.assertEqual(sale.partner_id.name, "Dupont SARL")
        self.assertTrue(sale.partner_id.is_company)
        self.assertEqual(sale.partner_id.vat, "FR23334175221")
        self.assertEqual(
            sale.partner_invoice_id.commercial_partner_id,
            sale.partner_id,
            "one company",
        )

    def test_dirty_vat_number_does_not_block(self):
        payloads = []
        for vat in ("N/A", "FR 00 000", "-", "123", "FR23334175221 / TVA intra"):
            payload = self.add()
            payload["billing_address"].update(company="Dirty & Co", vat_number=vat)
            payloads.append(payload)
        orders = self.import_stored(*payloads)
        self.assertEqual(set(orders.mapped("state")), {"imported"})

    # Problems

    def test_one_bad_order_fails_alone(self):  # pylint: disable=missing-return
        payloads = [self.add() for _number in range(25)]
        bad = payloads[11]
        bad["billing_address"]["email"] = "refused@example.com"

        @api.model_create_multi
        def create(partners, vals_list):
            if any(vals.get("email") == "refused@example.com" for vals in vals_list):
                raise ValidationError(self.env._("This e-mail is refused."))
            return super(ResPartner, partners).create(vals_list)

        self.patch(ResPartner, "create", create)
        with mute_logger("odoo.addons.sale_lengow.models.lengow_order_import"):
            orders = self.import_stored(*payloads)
        guilty = self.find(bad)
        self.assert_problem(guilty, "unexpected", "This e-mail is refused.")
        self.assertEqual(set((orders - guilty).mapped("state")), {"imported"})
        self.assertEqual(len(orders.sale_order_ids), 24)
        self.assertEqual(set(orders.sale_order_ids.mapped("state")), {"sale"})

    def test_error_of_the_database_fails_alone(self):
        payloads = [self.add() for _number in range(3)]
        bad = payloads[1]["marketplace_order_id"]
        prepare = LengowOrder._prepare_sale_order_vals

        def _prepare_sale_order_vals(order, package):
            if order.marketplace_order_id == bad:
                self.env.cr.execute("SELECT 1 / 0")
            return prepare(order, package)

        self.patch(LengowOrder, "_prepare_sale_order_vals", _prepare_sale_order_vals)
        with mute_logger("odoo.addons.sale_lengow.models.lengow_order_import"):
            orders = self.import_stored(*payloads)
        self.assertEqual(orders.mapped("state"), ["imported", "error", "imported"])
        self.assertFalse(orders[1].sale_order_ids)

    def test_unknown_product_is_told_and_nothing_half_made_stays(self):
        partners = self.env["res.partner"].search_count([])
        sales = self.env["sale.order"].search_count([])
        payload = self.add(SHIRT, NOVEL)
        order = self.import_stored(payload)
        self.assert_problem(
            order, "unknown_product", NOVEL, get_lines(payload)[1]["title"]
        )
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertEqual(self.env["sale.order"].search_count([]), sales)
        product = self.create_product(NOVEL)
        order.action_retry()
        self.assertEqual((order.state, order.error_message), ("imported", False))
        self.assertIn(product, order.sale_order_ids.order_line.product_id)

    def test_mapping_makes_an_unknown_product_known(self):
        order = self.import_stored(self.add(NOVEL))
        self.env["lengow.product.mapping"].create(
            {
                "account_id": self.account.id,
                "external_id": NOVEL,
                "product_id": self.mug.id,
            }
        )
        order.action_retry()
        self.assertEqual(order.sale_order_ids.order_line.product_id, self.mug)

    def test_product_is_found_by_barcode_and_reference_goes_first(self):
        by_barcode = self.create_product("OTHER", barcode=NOVEL)
        _order, sale = self.import_one(NOVEL)
        self.assertEqual(sale.order_line.product_id, by_barcode)
        by_reference = self.create_product(NOVEL)
        _order, sale = self.import_one(NOVEL)
        self.assertEqual(sale.order_line.product_id, by_reference)

    def test_reference_of_two_products_is_told(self):
        self.create_product(SHIRT, name="Second shirt")
        order = self.import_stored(self.add())
        self.assert_problem(order, "ambiguous_product", SHIRT, "Second shirt")

    def test_product_of_another_company_is_not_taken(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.create_product(NOVEL, company_id=other.id, taxes=self.env["account.tax"])
        self.assert_problem(self.import_stored(self.add(NOVEL)), "unknown_product")

    def test_missing_product_for_charges_is_told(self):
        self.account.shipping_product_id = False
        order = self.import_stored(self.add(shipping=4.9))
        self.assert_problem(order, "no_service_product", "Shipping")

    def test_attempts_are_bounded_and_their_pauses_grow(self):
        order = self.import_stored(self.add(NOVEL))
        pauses = []
        while order.next_attempt:
            pause = order.next_attempt - fields.Datetime.now()
            pauses.append(round(pause.total_seconds() / 60))
            attempts = order.attempts
            self.run_cron("import_orders")
            self.assertEqual(order.attempts, attempts, "the pause is kept")
            self.let_pause_pass(order)
            self.assertEqual(order.attempts, attempts + 1)
            self.assertLess(order.attempts, 20)
        self.assertEqual(tuple(pauses), RETRY_PAUSES_MINUTES)
        self.assertEqual(pauses, sorted(set(pauses)))
        self.run_cron("import_orders")
        self.assertEqual(order.attempts, len(pauses) + 1, "then a person must")
        self.create_product(NOVEL)
        order.action_retry()
        self.assertEqual(order.state, "imported")

    def test_cron_tries_again_when_the_pause_is_over(self):
        order = self.import_stored(self.add(NOVEL))
        product = self.create_product("OTHER")
        # Behind Odoo's back: what Odoo notices is tried at once.
        self.env.cr.execute(
            "UPDATE product_product SET default_code = %s WHERE id = %s",
            (NOVEL, product.id),
        )
        product.invalidate_recordset()
        self.run_cron("import_orders")
        self.assertEqual(order.state, "error")
        self.let_pause_pass(order)
        self.assertEqual(order.state, "imported")

    def test_order_that_changes_at_lengow_is_tried_at_once(self):
        payload = self.add(NOVEL)
        order = self.import_stored(payload)
        get_lines(payload)[0]["merchant_product_id"]["id"] = SHIRT
        self.import_stored(payload)
        self.assertEqual((order.state, order.next_attempt), ("imported", False))

    def test_queue_of_more_than_a_batch_is_imported_in_one_run(self):
        payloads = [self.add() for _number in range(30)]
        orders = self.import_stored(*payloads)
        self.assertEqual(set(orders.mapped("state")), {"imported"})
        run = self.env["lengow.sync"].search([("kind", "=", "import")])
        self.assertEqual((run.done_count, run.state), (30, "done"))
