"""A user says which product an unknown one is, and the orders that waited are imported."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tests.common import BaseCase
from odoo.tools import mute_logger

from ..const import IMPORT_BATCH_SIZE
from ..models.lengow_order_retry import LengowOrder as RetryOrder
from ..models.likeness import compare_names
from ..simulator.money import get_lines
from .common_products import MUG, SHIRT, FindProductsCommon


@tagged("post_install", "-at_install", "lengow")
class TestMapProducts(FindProductsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "lengow_user",
            "sale_lengow.group_lengow_user",
            company_id=cls.company.id,
        )

    def add_failed(self, *names, count=1, **overrides):
        """:return: orders in error, whose next attempt is a day away."""
        payloads = [self.add(*names, **overrides) for _number in range(count)]
        orders = self.import_stored(*payloads)
        self.assertEqual(set(orders.mapped("state")), {"error"})
        orders.next_attempt = fields.Datetime.add(fields.Datetime.now(), days=1)
        self.env["ir.cron.trigger"].search([]).unlink()
        return orders.sorted("id")

    def open_wizard(self, orders):
        """:return: the wizard that the button opens for a user of Lengow."""
        action = orders.with_user(self.user).action_map_product()
        self.assertEqual(action["target"], "new")
        return (
            self.env[action["res_model"]].with_user(self.user).browse(action["res_id"])
        )

    def choose(self, wizard, *products):
        """Choose the product of each line on the screen, and confirm.

        :return: what is said to the user.
        """
        with Form(wizard) as form:
            for number, product in enumerate(products):
                with form.line_ids.edit(number) as line:
                    line.product_id = product
        action = wizard.action_map()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(
            action["params"]["next"]["type"], "ir.actions.act_window_close"
        )
        return action["params"]["message"]

    def get_mappings(self):
        mappings = self.env["lengow.product.mapping"].search([])
        return {mapping.external_id: mapping.product_id for mapping in mappings}

    # The wizard

    def test_mapping_imports_every_order_that_waits_for_the_id(self):
        first, second, other = self.add_failed("N-1", count=3)
        other_account = self.add_failed("N-2")
        wizard = self.open_wizard(first)
        line = wizard.line_ids
        self.assertEqual(
            (line.external_id, line.title, line.order_count),
            ("N-1", first.line_ids.title, 3),
        )
        message = self.choose(wizard, self.shirt)
        self.assertEqual(self.get_mappings(), {"N-1": self.shirt})
        orders = first | second | other
        self.assertEqual(set(orders.mapped("state")), {"imported"})
        self.assertEqual(orders.line_ids.product_id, self.shirt)
        self.assertEqual(set(orders.sale_order_ids.mapped("state")), {"sale"})
        self.assertIn("mapped: 1", message)
        self.assertIn("3 imported, 0 still to fix", message)
        self.assertEqual(other_account.state, "error")

    def test_a_batch_is_imported_at_once_and_the_rest_by_the_cron(self):
        count = IMPORT_BATCH_SIZE + 3
        orders = self.add_failed("N-1", count=count)
        message = self.choose(self.open_wizard(orders[:1]), self.shirt)
        states = orders.mapped("state")
        self.assertEqual(states.count("imported"), IMPORT_BATCH_SIZE)
        self.assertIn(f"{IMPORT_BATCH_SIZE} imported", message)
        self.assertIn("3 more orders", message)
        cron = self.env.ref("sale_lengow.ir_cron_import_orders")
        self.assertIn(cron, self.env["ir.cron.trigger"].search([]).cron_id)
        self.run_cron("import_orders")
        self.assertEqual(set(orders.mapped("state")), {"imported"})
        self.assertEqual(len(orders.sale_order_ids), count)

    def test_several_ids_of_several_orders_are_one_list(self):
        one = self.add_failed("N-1", SHIRT, "N-2")
        two = self.add_failed("N-2")
        wizard = self.open_wizard(one | two)
        self.assertEqual(
            wizard.line_ids.mapped(lambda line: (line.external_id, line.order_count)),
            [("N-2", 2), ("N-1", 1)],
        )
        mug = self.create_product(MUG)
        message = self.choose(wizard, mug)
        self.assertEqual(self.get_mappings(), {"N-2": mug})
        self.assertEqual((one.state, two.state), ("error", "imported"))
        self.assertIn("N-1", one.error_message)
        self.assertIn("1 imported, 1 still to fix", message)
        self.choose(self.open_wizard(one), self.shirt)
        self.assertEqual(one.state, "imported")

    def test_nothing_is_kept_until_the_user_confirms(self):
        order = self.add_failed("N-1")
        wizard = self.open_wizard(order)
        self.assertFalse(self.get_mappings())
        with self.assertRaisesRegex(UserError, "at least one"):
            wizard.action_map()
        self.assertEqual((self.get_mappings(), order.state), ({}, "error"))

    def test_ambiguous_reference_shows_the_products_it_may_be(self):
        second = self.create_product(SHIRT, name="Second shirt")
        order = self.add_failed(SHIRT)
        self.assertEqual(order.error_code, "ambiguous_product")
        wizard = self.open_wizard(order)
        self.assertEqual(wizard.line_ids.candidate_ids, self.shirt | second)
        self.choose(wizard, second)
        self.assertEqual(order.line_ids.product_id, second)

    def test_variant_of_a_parent_is_chosen(self):
        hat = self.create_template("S", "M")
        order = self.add_failed(("product_tmpl_id", hat.id))
        wizard = self.open_wizard(order)
        self.assertEqual(wizard.line_ids.candidate_ids, hat.product_variant_ids)
        self.choose(wizard, hat.product_variant_ids[1])
        self.assertEqual(order.line_ids.product_id, hat.product_variant_ids[1])

    def test_id_with_suffix_is_mapped_as_it_is(self):
        order = self.add_failed("N-1_FBA")
        self.choose(self.open_wizard(order), self.shirt)
        self.assertEqual(self.get_mappings(), {"N-1_FBA": self.shirt})
        self.assertEqual(order.state, "imported")

    def test_what_is_known_by_now_is_imported_without_asking(self):
        order = self.add_failed("N-1")
        with patch.object(RetryOrder, "_retry_errors"):
            self.create_product("N-1")
        action = order.with_user(self.user).action_map_product()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(order.state, "imported")

    def test_order_whose_product_has_no_number_cannot_be_mapped(self):
        payload = self.add("")
        order = self.import_stored(payload)
        action = order.with_user(self.user).action_map_product()
        self.assertIn("1 still to fix", action["params"]["message"])
        self.assertEqual(order.state, "error")

    def test_combo_is_mapped_to_another_product_in_the_wizard(self):
        self.create_combo("MENU")
        orders = self.add_failed("MENU", count=2)
        wizard = self.open_wizard(orders[0])
        self.assertEqual(wizard.line_ids.external_id, "MENU")
        self.assertEqual(wizard.line_ids.order_count, 2)
        self.choose(wizard, self.shirt)
        self.assertEqual(orders.mapped("state"), ["imported", "imported"])
        self.assertEqual(orders.line_ids.product_id, self.shirt)

    def test_orders_that_wait_for_no_product_are_left_out(self):
        imported = self.import_stored(self.add(SHIRT))
        with self.assertRaisesRegex(UserError, "None of the chosen orders"):
            imported.with_user(self.user).action_map_product()
        failed = self.add_failed("N-1")
        wizard = self.open_wizard(imported | failed)
        self.assertEqual(wizard.line_ids.mapped("external_id"), ["N-1"])

    def test_orders_of_several_accounts_are_mapped_each_for_its_own(self):
        ours = self.add_failed("N-1")
        other = self.account.copy({"name": "Other", "lengow_account_id": "9"})
        other._open_channels(self.account.channel_ids.marketplace_id)
        theirs = self.add_failed("N-1")
        theirs.write(
            {
                "account_id": other.id,
                "channel_id": other.channel_ids.filtered(
                    lambda channel: channel.marketplace_id == ours.marketplace_id
                ).id,
            }
        )
        wizard = self.open_wizard(ours)
        self.assertEqual(wizard.line_ids.order_count, 1)
        self.choose(wizard, self.shirt)
        self.assertEqual((ours.state, theirs.state), ("imported", "error"))
        wizard = self.open_wizard(theirs)
        self.assertEqual(wizard.line_ids.account_id, other)
        mug = self.create_product(MUG)
        self.choose(wizard, mug)
        self.assertEqual(theirs.line_ids.product_id, mug)
        self.assertEqual(ours.line_ids.product_id, self.shirt)

    def test_choosing_again_changes_the_mapping(self):
        order = self.add_failed("N-1")
        wizard = self.open_wizard(order)
        mapping = self.map_product("N-1", self.shirt)
        mug = self.create_product(MUG)
        self.choose(wizard, mug)
        self.assertEqual((self.get_mappings(), mapping.product_id), ({"N-1": mug}, mug))
        self.assertEqual(order.line_ids.product_id, mug)

    def test_product_of_another_company_cannot_be_chosen(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.create_product(
            "T", company_id=other.id, taxes=self.env["account.tax"]
        )
        wizard = self.open_wizard(self.add_failed("N-1"))
        with self.assertRaises(UserError):
            wizard.sudo().line_ids.product_id = theirs

    def test_only_users_of_lengow_may_map(self):
        orders = self.add_failed("N-1")
        wizard = self.open_wizard(orders)
        salesman = new_test_user(
            self.env, "salesman", "sales_team.group_sale_salesman_all_leads"
        )
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            orders.with_user(salesman).action_map_product()
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            wizard.with_user(salesman).action_map()

    def test_one_order_that_fails_otherwise_harms_no_other(self):
        good, bad = self.add_failed("N-1", count=2)
        bad.payload = {**bad.payload, "original_total_order": None, "total_order": None}
        message = self.choose(self.open_wizard(good), self.shirt)
        self.assertEqual((good.state, bad.state), ("imported", "error"))
        self.assertEqual(bad.error_code, "no_total")
        self.assertIn("1 imported, 1 still to fix", message)

    # The suggestion

    def add_titled(self, title, external_id="N-1"):
        payload = self.add(external_id)
        get_lines(payload)[0]["title"] = title
        return self.import_stored(payload)

    def test_product_with_a_like_title_is_suggested(self):
        shoe = self.create_product("RS-42", name="Running shoes, blue, 42")
        self.create_product("RS-44", name="Running shoes, blue, 44")
        wizard = self.open_wizard(self.add_titled("ACME Running Shoe blue 42"))
        line = wizard.line_ids
        self.assertEqual((line.product_id, bool(line.hint)), (shoe, True))
        line.product_id = self.shirt
        self.assertFalse(line.hint)
        self.assertFalse(self.get_mappings(), "a suggestion is only shown")

    def test_other_size_or_colour_is_not_suggested(self):
        self.create_product("RS-44", name="Running shoes, blue, 44")
        self.create_product("RS-42R", name="Running shoes, red, 42")
        wizard = self.open_wizard(self.add_titled("Running shoes, blue, 42"))
        self.assertFalse(wizard.line_ids.product_id)
        self.assertFalse(wizard.line_ids.hint)

    def test_variant_is_suggested_by_its_attributes(self):
        hat = self.create_template("Small", "Medium", name="Straw hat")
        order = self.add_titled("Straw hat, medium")
        self.assertEqual(
            self.open_wizard(order).line_ids.product_id, hat.product_variant_ids[1]
        )

    def test_product_with_a_like_reference_is_suggested(self):
        lamp = self.create_product("LP-OAK-7", name="Lampe")
        order = self.add_titled("Something else", "LP OAK 7")
        self.assertEqual(self.open_wizard(order).line_ids.product_id, lamp)

    def test_one_of_several_products_with_the_reference_is_suggested_by_its_name(self):
        self.create_product("KB", name="Kettlebell rack")
        bell = self.create_product("KB", name="Kettlebell 8 kg")
        order = self.add_titled("Kettlebell, 8 kg", "KB")
        self.assertEqual(self.open_wizard(order).line_ids.product_id, bell)

    def test_nothing_is_suggested_between_equals(self):
        for number in (1, 2):
            self.create_product(f"D-{number}", name="Desk lamp")
        order = self.add_titled("Desk lamp")
        self.assertFalse(self.open_wizard(order).line_ids.product_id)

    def test_order_without_a_title_has_no_suggestion_and_no_problem(self):
        order = self.add_titled(None, "%_\\")
        line = self.open_wizard(order).line_ids
        self.assertEqual((line.external_id, line.title), ("%_\\", ""))
        self.assertFalse(line.product_id)

    # The screens

    def test_buttons_are_on_the_form_and_the_list(self):
        views = (
            self.env["lengow.order"]
            .with_user(self.user)
            .get_views([(False, "form"), (False, "list")])["views"]
        )
        for view in views.values():
            self.assertIn('name="action_map_product"', view["arch"])

    def test_remedies_name_the_button(self):
        order = self.add_failed("N-1")
        self.assertIn("Map Product", order.remedy)

    # Mappings made by hand

    def test_mapping_by_hand_imports_what_waited(self):
        order = self.add_failed("N-1")
        self.env["lengow.product.mapping"].with_user(self.user).create(
            {
                "account_id": self.account.id,
                "external_id": "  N-1 ",
                "product_id": self.shirt.id,
            }
        )
        self.assertEqual(self.get_mappings(), {"N-1": self.shirt})
        cron = self.env.ref("sale_lengow.ir_cron_import_orders")
        self.assertIn(cron, self.env["ir.cron.trigger"].search([]).cron_id)
        self.run_cron("import_orders")
        self.assertEqual(order.state, "imported")

    def test_mapping_that_is_corrected_imports_what_waited(self):
        order = self.add_failed("N-1")
        mapping = self.map_product("N-2", self.shirt)
        self.run_cron("import_orders")
        self.assertEqual(order.state, "error")
        mapping.external_id = "N-1"
        self.run_cron("import_orders")
        self.assertEqual(order.state, "imported")

    def test_order_of_a_combo_is_imported_once_it_is_mapped_to_another_product(self):
        self.create_combo("MENU")
        order = self.add_failed("MENU")
        self.assertEqual(order.error_code, "combo_product")
        self.map_product("MENU", self.shirt)
        self.run_cron("import_orders")
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertEqual(order.line_ids.product_id, self.shirt)

    def test_mapping_to_a_combo_that_is_corrected_imports_what_waited(self):
        mapping = self.map_product("N-1", self.create_combo("MENU"))
        order = self.add_failed("N-1")
        self.assertEqual(order.error_code, "combo_product")
        mapping.product_id = self.shirt
        self.run_cron("import_orders")
        self.assertEqual(order.state, "imported", order.error_message)
        self.assertEqual(order.line_ids.product_id, self.shirt)

    def test_mapping_of_another_account_imports_nothing(self):
        order = self.add_failed("N-1")
        other = self.account.copy({"name": "Other"})
        self.map_product("N-1", self.shirt, account_id=other.id)
        self.assertFalse(self.env["lengow.order.retry"].search([]))
        self.run_cron("import_orders")
        self.assertEqual(order.state, "error")

    def test_mapping_needs_an_id(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.map_product("  ", self.shirt)


@tagged("post_install", "-at_install", "lengow")
class TestLikeness(BaseCase):
    def test_names_with_the_same_words(self):
        self.assertEqual(compare_names("T-shirt, white (S)", "White T-Shirt S"), 1)
        self.assertEqual(compare_names("Running shoe", "running shoes"), 1)
        self.assertEqual(compare_names("Café crème", "CAFÉ CRÈME"), 1)

    def test_names_where_one_says_more(self):
        self.assertAlmostEqual(
            compare_names("ACME desk lamp, oak", "Desk lamp oak"), 0.75
        )
        self.assertAlmostEqual(compare_names("Desk lamp", "Desk lamp, oak, large"), 0.5)

    def test_names_of_two_variants(self):
        for one, other in (
            ("T-shirt white S", "T-shirt white M"),
            ("T-shirt XL", "T-shirt XXL"),
            ("Case iPhone12", "Case iPhone13"),
            ("Lamp black", "Lamp white"),
            ("Jeans 32/32", "Jeans 34/32"),
        ):
            self.assertEqual(compare_names(one, other), 0, (one, other))

    def test_names_without_words(self):
        for one, other in (("", ""), ("a", ""), ("-", "?"), ("", "a")):
            self.assertEqual(compare_names(one, other), 0)
