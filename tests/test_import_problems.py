"""An order that cannot be imported fails alone, says why, and is tried again."""

from odoo import api, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..const import RETRY_PAUSES_MINUTES
from ..models.lengow_order_sale import LengowOrder
from ..models.res_partner import ResPartner
from ..simulator.money import get_lines
from .common_imports import NOVEL, SHIRT, ImportOrdersCommon


@tagged("post_install", "-at_install", "lengow")
class TestImportProblems(ImportOrdersCommon):
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
