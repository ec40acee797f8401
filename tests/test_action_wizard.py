"""The wizard of marketplace actions draws its form from the marketplace's rules."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..models.lengow_action_job import ActionJob
from .common_wizard import WizardCommon, get_rows


@tagged("post_install", "-at_install", "lengow")
class TestActionWizard(WizardCommon):
    def set_actions(self, order, **actions):
        """Give the order's marketplace other rules.

        :param actions: name -> description, None for one that is dropped.
        """
        marketplace = order.marketplace_id
        spec = dict(marketplace.spec)
        offered = {**spec["orders"]["actions"], **actions}
        offered = {name: rule for name, rule in offered.items() if rule is not None}
        spec["orders"] = {**spec["orders"], "actions": offered}
        marketplace.spec = spec
        # The rules are kept until the marketplace is written in another transaction.
        self.env.registry.clear_cache()

    # Which actions

    def test_only_the_actions_that_are_possible_now_are_offered(self):
        _payload, order = self.import_one("decathlon_fr")
        form = self.open(order.action_act())
        self.assertEqual(set(self.get_offered(form)), {"ship", "cancel", "refund"})
        _payload, order = self.import_one(
            "decathlon_fr", lengow_status="waiting_acceptance"
        )
        self.assertEqual(order.state, "waiting")
        form = self.open(order.action_act())
        self.assertEqual(set(self.get_offered(form)), {"accept", "refuse"})

    def test_an_action_that_is_new_to_us_is_offered_by_its_name_and_sent(self):
        _payload, order = self.import_one("cdiscount_fr")
        rule = {
            "status": ["waiting_shipment"],
            "args": ["box"],
            "args_description": {"box": {"label": "Box", "type": "integer"}},
        }
        self.set_actions(order, wrap_as_gift=rule)
        form = self.open(order.action_act())
        self.choose(form, "wrap_as_gift")
        self.assertEqual(form.type_id.name, "Wrap as gift")
        self.assertEqual(form.problem, "Box is missing.")
        self.fill_in(form, box="2")
        (action,) = self.send(form)
        self.assertEqual(action.arguments, {"box": 2})

    def test_the_wizard_opens_from_the_sale_order_and_from_the_delivery(self):
        _payload, order = self.import_one("amazon_fr")
        sale = order.sale_order_ids
        picking = sale.picking_ids
        picking.carrier_tracking_ref = "T-1"
        for record in (sale, picking):
            form = self.open(record.action_lengow_act())
            self.assertEqual(form.lengow_order_id, order)
            self.choose(form, "ship")
        self.fill_in(form, carrier="DPD")
        (action,) = self.send(form)
        self.assertEqual(action.picking_id, picking)
        self.assertEqual(action.arguments["tracking_number"], "T-1")

    def test_a_package_begins_with_its_own_lines(self):
        payload = self.world.add_order("amazon_fr", lines=2)
        cart = payload["packages"][0]["cart"]
        payload["packages"].append({**payload["packages"][0], "cart": [cart.pop()]})
        order = self.import_stored(payload)
        sale = order.sale_order_ids[0]
        form = self.open(sale.action_lengow_act())
        chosen = [
            row["line_key"] for row in get_rows(form.line_ids) if row["is_chosen"]
        ]
        self.assertEqual(chosen, [sale.lengow_package_key])

    # Details

    def test_lists_dates_and_texts_have_fields_of_their_own(self):
        _payload, order = self.import_one("amazon_fr")
        form = self.open(order.action_act())
        self.choose(form, "ship")
        rows = {row["name"]: row for row in get_rows(form.argument_ids)}
        self.assertTrue(rows["carrier"]["choice_key"])
        self.assertFalse(rows["carrier"]["is_free"])
        self.assertTrue(rows["shipping_method"]["is_free"])
        self.assertEqual(rows["shipping_date"]["kind"], "date")
        self.assertFalse(rows["tracking_number"]["choice_key"])
        self.assertTrue(form.has_choices and form.has_texts and form.has_dates)

    def test_what_is_asked_for_follows_what_is_filled_in(self):
        _payload, order = self.import_one("amazon_fr")
        form = self.open(order.action_act())
        self.choose(form, "ship")
        self.assertEqual(self.get_statuses(form)["carrier_name"], "off")
        self.assertEqual(form.problem, "Carrier is missing.")
        self.fill_in(form, carrier="Other")
        self.assertEqual(self.get_statuses(form)["carrier_name"], "optional")
        self.assertFalse(form.problem)
        self.assertIn("Carrier name is empty", form.notice)
        self.fill_in(form, carrier="DPD")
        self.assertEqual(self.get_statuses(form)["carrier_name"], "off")

    def test_conditions_about_the_order_count(self):
        for delivery_type, status in (("PARCEL", "required"), ("FREIGHT", "off")):
            _payload, order = self.import_one(
                "otto_de", order_meta={"delivery_type": delivery_type}
            )
            form = self.open(order.action_act())
            self.assertEqual(self.get_statuses(form)["return_carrier"], status)

    def test_defaults_are_those_of_the_action_and_only_of_what_is_required(self):
        # pitfalls 55 and 56
        _payload, order = self.import_one("amazon_fr", lengow_status="shipped")
        form = self.open(order.action_act())
        self.choose(form, "refund")
        (action,) = self.send(form)
        self.assertEqual(action.arguments["reason"], "CustomerReturn")
        self.assertNotIn("refund_taxes", action.arguments)
        _payload, order = self.import_one("amazon_fr")
        form = self.open(order.action_act())
        self.choose(form, "cancel")
        (row,) = get_rows(form.argument_ids)
        self.assertFalse(row["choice_id"])
        self.assertEqual(row["hint"], "Usual value: NoInventory")

    def test_zero_is_a_value_and_no_value_is_none(self):
        # pitfall 23
        _payload, order = self.import_one(
            "decathlon_fr", lengow_status="waiting_acceptance"
        )
        form = self.open(order.action_act())
        self.choose(form, "refuse")
        self.fill_in(form, reason="0")
        (action,) = self.send(form)
        self.assertEqual(action.arguments, {"reason": "0"})

    def test_a_list_that_takes_other_values_takes_them_typed(self):
        _payload, order = self.import_one("cdiscount_fr")
        form = self.open(order.action_act())
        self.choose(form, "ship")
        for index in range(len(form.argument_ids)):
            with form.argument_ids.edit(index) as row:
                if row.name in ("carrier", "tracking_number"):
                    row.text_value = f"my {row.name}"
        (action,) = self.send(form)
        self.assertEqual(action.arguments["carrier"], "my carrier")

    def test_numbers_are_written_exactly_however_they_are_typed(self):
        _payload, order = self.import_one("ebay_de", lengow_status="pickup_completed")
        form = self.open(order.action_act())
        self.choose(form, "pickup_refund")
        self.fill_in(form, refund_id="1", refund_price="0,07")
        (action,) = self.send(form)
        self.assertEqual(action.arguments["refund_price"], "0.07")

    # Lines

    def test_pieces_of_a_line_are_sent_where_the_marketplace_takes_them(self):
        _payload, order = self.import_one("allegro_pl", lines=[("MG-SPK", 5)])
        form = self.open(order.action_act())
        self.choose(form, "ship")
        self.fill_in(form, carrier="DPD", tracking_number="1")
        with form.line_ids.edit(0) as line:
            self.assertEqual((line.ordered, line.quantity), (5, 5))
            line.quantity = 2
        (action,) = self.send(form)
        self.assertEqual(action.arguments["quantity"], 2)
        form = self.open(order.action_act())
        self.choose(form, "ship")
        (row,) = get_rows(form.line_ids)
        self.assertEqual((row["done"], row["quantity"]), (2, 3))

    def test_more_pieces_than_are_left_are_refused(self):
        _payload, order = self.import_one("allegro_pl", lines=[("MG-SPK", 5)])
        form = self.open(order.action_act())
        self.choose(form, "partial_cancel")
        with form.line_ids.edit(0) as line:
            line.quantity = 6
        self.assertIn("6 pieces are more than the 5 that are left", form.problem)
        with self.assertRaisesRegex(UserError, "more than the 5"):
            form.save().action_send()
        self.assertFalse(order.action_ids)

    def test_a_line_that_is_shipped_already_is_not_shipped_again(self):
        _payload, order = self.import_one("amazon_fr")
        form = self.open(order.action_act())
        self.choose(form, "ship")
        self.fill_in(form, carrier="DPD")
        self.send(form)
        form = self.open(order.action_act())
        self.choose(form, "ship")
        self.fill_in(form, carrier="DPD")
        self.assertTrue(form.problem)
        with self.assertRaises(UserError):
            form.save().action_send()
        self.assertEqual(len(order.action_ids), 1)

    def test_lines_that_are_not_chosen_are_left_alone(self):
        _payload, order = self.import_one("amazon_fr", lines=2)
        form = self.open(order.action_act())
        self.choose(form, "ship")
        self.fill_in(form, carrier="DPD")
        with form.line_ids.edit(0) as line:
            line.is_chosen = False
        (action,) = self.send(form)
        self.assertEqual(action.line_id, order.line_ids[1])
        with form.line_ids.edit(1) as line:
            line.is_chosen = False
        self.assertIn("no line", form.problem)

    def test_an_action_for_the_whole_order_takes_no_part_of_it(self):
        _payload, order = self.import_one("cdiscount_fr", lines=2)
        form = self.open(order.action_act())
        self.choose(form, "cancel")
        self.assertEqual((form.scope, form.has_scope), ("order", False))
        (action,) = self.send(form)
        self.assertFalse(action.line_key)

    def test_the_whole_order_is_not_asked_for_the_same_twice(self):
        for marketplace, status, name, details in (
            ("cdiscount_fr", "waiting_shipment", "cancel", {}),
            ("cdiscount_fr", "waiting_acceptance", "accept", {}),
            ("cdiscount_fr", "shipped", "refund", {"reason": "130"}),
        ):
            _payload, order = self.import_one(marketplace, lengow_status=status)
            for attempt in range(2):
                form = self.open(order.action_act())
                self.choose(form, name)
                self.fill_in(form, **details)
                wizard = form.save()
                if attempt == 0:
                    wizard.action_send()
                    continue
                with self.assertRaisesRegex(UserError, "nothing to send"):
                    wizard.action_send()
            self.assertEqual(len(order.action_ids), 1, name)

    def test_a_tracking_number_is_corrected_where_the_marketplace_takes_it(self):
        # pitfall 67
        _payload, order = self.import_one("decathlon_fr", lengow_status="shipped")
        for number in ("wrong", "right"):
            form = self.open(order.action_act())
            self.choose(form, "ship")
            self.fill_in(form, tracking_number=number)
            (action,) = self.send(form)
            self.assertEqual(action.arguments["tracking_number"], number)
            action.sudo().state = "done"

    def test_a_delivery_date_can_be_told_again(self):
        _payload, order = self.import_one("elcorteingles_es", lengow_status="shipped")
        for day in ("2025-03-14 10:00:00", "2025-03-15 10:00:00"):
            form = self.open(order.action_act())
            self.fill_in(form, delivery_date=day)
            (action,) = self.send(form)
            self.assertEqual(
                action.arguments["delivery_date"], day.replace(" ", "T") + "+00:00"
            )

    # Words instead of tracebacks

    def test_a_marketplace_without_rules_says_so(self):
        _payload, order = self.import_one()
        order.marketplace_id.spec = {}
        self.assertFalse(order.can_act)
        for button in (
            order.action_act,
            order.sale_order_ids.action_lengow_act,
            order.sale_order_ids.picking_ids.action_lengow_act,
        ):
            with self.assertRaisesRegex(UserError, "takes no action on order"):
                button()

    def test_an_order_without_a_channel_says_so(self):
        payload = self.world.add_order()
        payload["marketplace"] = "nowhere_xx"
        order = self.store(payload)
        self.assertFalse(order.channel_id)
        self.assertFalse(order.can_act or order.can_accept)
        with self.assertRaisesRegex(UserError, "nowhere_xx"):
            order.action_act()

    def test_an_unknown_type_is_told_of_and_sent_as_it_is(self):
        _payload, order = self.import_one("cdiscount_fr")
        rule = {
            "status": ["waiting_shipment"],
            "args": ["thing"],
            "args_description": {"thing": {"type": "hologram"}},
        }
        self.set_actions(order, cancel=rule)
        form = self.open(order.action_act())
        self.choose(form, "cancel")
        self.fill_in(form, thing='{"a": [1]}')
        self.assertIn("unknown type, “hologram”", form.notice)
        (action,) = self.send(form)
        self.assertEqual(action.arguments, {"thing": {"a": [1]}})

    def test_rules_that_contradict_each_other_are_told_of(self):
        def only(name, other):
            condition = {
                "key_path": {"root": "action_data", "path": other},
                "function": "equals",
                "value": None,
            }
            return {"depends_on": {"operator": "allOf", "conditions": [condition]}}

        _payload, order = self.import_one("cdiscount_fr")
        rule = {
            "status": ["waiting_shipment"],
            "args": ["a", "b"],
            "optional_args": ["a"],
            "args_description": {
                "a": {**only("a", "a"), "type": "string"},
                "b": {"type": "list", "accept_free_values": False},
            },
        }
        self.set_actions(order, cancel=rule)
        form = self.open(order.action_act())
        self.choose(form, "cancel")
        for index in range(2):
            with form.argument_ids.edit(index) as row:
                row.text_value = "x"
        self.assertIn("contradict each other", form.problem)
        with self.assertRaises(UserError):
            form.save().action_send()

    def test_nonsense_in_the_rules_draws_a_form_all_the_same(self):
        _payload, order = self.import_one("cdiscount_fr")
        for rule in (
            {"args": None, "args_description": []},
            {"status": ["waiting_shipment"], "args": {"x": 1}, "optional_args": "y"},
            {
                "status": ["waiting_shipment"],
                "args": ["q"],
                "args_description": {"q": 5},
            },
            {
                "status": ["waiting_shipment"],
                "args": ["q"],
                "args_description": {"q": {"depends_on": {"conditions": 7}}},
            },
            {
                "status": ["waiting_shipment"],
                "args": ["quantity", "line"],
                "args_description": {"line": {"type": "quantity"}},
            },
        ):
            with self.subTest(rule=rule):
                self.set_actions(order, cancel=rule)
                form = self.open(order.action_act())
                self.choose(form, "cancel")

    def test_a_hostile_pattern_does_not_keep_the_form_from_opening(self):
        _payload, order = self.import_one("cdiscount_fr")
        condition = {
            "key_path": {"root": "action_data", "path": "a"},
            "function": "regex",
            "value": "(a+)+$",
        }
        rule = {
            "status": ["waiting_shipment"],
            "args": ["a"],
            "optional_args": ["b"],
            "args_description": {
                "b": {"depends_on": {"operator": "allOf", "conditions": [condition]}}
            },
        }
        self.set_actions(order, cancel=rule)
        form = self.open(order.action_act())
        self.choose(form, "cancel")
        self.fill_in(form, a="a" * 40 + "!")
        self.assertFalse(form.problem)

    # Edit and send

    def make_failed(self, order, values=None):
        """:return: an action in error, as a delivery would leave it."""
        job = ActionJob(order, "ship", values=values or {"tracking_number": "T-1"})
        return self.env["lengow.action"]._queue([job])

    def test_a_failed_action_is_completed_and_sent_instead(self):
        _payload, order = self.import_one("amazon_fr", lines=2)
        failed = self.make_failed(order)
        self.assertEqual(set(failed.mapped("state")), {"error"})
        first = failed.filtered(
            lambda action: action.line_key == order.line_ids[0].line_key
        )
        form = self.open(first.action_edit())
        self.assertEqual(form.type_id.code, "ship")
        chosen = [
            row["line_key"] for row in get_rows(form.line_ids) if row["is_chosen"]
        ]
        self.assertEqual(chosen, [first.line_key])
        rows = {row["name"]: row for row in get_rows(form.argument_ids)}
        self.assertEqual(rows["tracking_number"]["text_value"], "T-1")
        self.fill_in(form, carrier="DPD")
        (action,) = self.send(form)
        self.assertEqual((first.state, action.state), ("cancelled", "pending"))
        self.assertEqual(
            (failed - first).state, "error", "the other line is not concerned"
        )
        self.assertEqual(action.arguments["tracking_number"], "T-1")

    def test_a_refused_action_shows_what_was_sent(self):
        _payload, order = self.import_one("amazon_fr")
        form = self.open(order.action_act())
        self.choose(form, "ship")
        self.fill_in(form, carrier="DPD", tracking_number="wrong")
        (action,) = self.send(form)
        action.sudo().write(
            {"state": "error", "error_code": "failed", "error_message": "No"}
        )
        form = self.open(action.action_edit())
        rows = {row["name"]: row for row in get_rows(form.argument_ids)}
        carrier = self.env["lengow.action.choice"].browse(rows["carrier"]["choice_id"])
        self.assertEqual(carrier.code, "DPD")
        self.fill_in(form, tracking_number="right")
        (renewed,) = self.send(form)
        self.assertEqual(renewed.arguments["tracking_number"], "right")
        self.assertEqual(action.state, "cancelled")

    def test_a_value_that_vanished_from_the_list_is_shown_and_refused(self):
        _payload, order = self.import_one("amazon_fr")
        failed = self.make_failed(
            order, {"carrier": "Gone Ltd", "tracking_number": "1"}
        )
        form = self.open(failed.action_edit())
        self.assertIn("“Gone Ltd” is not one of", form.problem)
        self.fill_in(form, carrier="DPD")
        self.assertFalse(form.problem)

    def test_an_action_that_the_marketplace_dropped_can_be_looked_at(self):
        _payload, order = self.import_one("amazon_fr")
        failed = self.make_failed(order)
        self.set_actions(order, ship=None)
        form = self.open(failed.action_edit())
        self.assertIn("does not offer", form.problem)

    def test_an_action_that_was_sent_meanwhile_is_not_sent_again(self):
        _payload, order = self.import_one("amazon_fr")
        failed = self.make_failed(order)
        form = self.open(failed.action_edit())
        self.fill_in(form, carrier="DPD")
        wizard = form.save()
        failed.sudo().state = "queued"
        with self.assertRaisesRegex(UserError, "meanwhile"):
            wizard.action_send()
        self.assertEqual(order.action_ids, failed)

    # Rights

    def test_another_company_and_other_people_send_nothing(self):
        _payload, order = self.import_one("cdiscount_fr")
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "sale_lengow.group_lengow_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        salesman = new_test_user(self.env, "salesman", "sales_team.group_sale_salesman")
        context = order.action_act()["context"]
        for user in (stranger, salesman):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                wizard = self.env["lengow.action.wizard"].with_user(user)
                Form(wizard.with_context(**context)).save().action_send()
        self.assertFalse(order.action_ids)
