"""What a person does about actions: send again, correct, cancel; and who may."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..const import SETTLE_DAYS
from ..lengow.action import LinePart
from ..models.lengow_action_job import ActionJob
from ..models.lengow_action_queue import LengowAction as LengowActionQueue
from .common_outbox import BOL, MUG, NOVEL, OutboxCommon


@tagged("post_install", "-at_install", "lengow")
class TestOutboxFix(OutboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "repairer",
            "sale_lengow.group_lengow_user",
            company_id=cls.company.id,
        )

    def queue_job(self, job):
        return self.env["lengow.action"]._queue([job])

    def add_failed(self, *lines):
        """:return: an action that the marketplace refused."""
        self.simulator.actions.faults.once("processed_with_errors")
        action = self.ship(self.add_stored(*lines))
        self.send()
        self.settle()
        self.assert_failed(action, "failed")
        return action

    def add_unready(self, *lines):
        """:return: actions whose carrier is missing, and the missing value."""
        order = self.add_stored(*lines)
        actions = self.queue_job(self.make_ship(order, carrier=""))
        self.assertEqual(set(actions.mapped("error_code")), {"not_ready"})
        return actions

    def mend_carrier(self):
        """Let the carrier be known from now on."""
        self.patch(
            LengowActionQueue,
            "_prepare_arguments",
            lambda actions, job: {**job.values, "carrier": "DHL"},
        )

    def press(self, actions, button):
        """Let a user of ours press a button.

        :return: the notification's parameters.
        """
        action = getattr(actions.with_user(self.user), button)()
        self.env.invalidate_all()
        return action["params"]

    # Send again

    def test_what_the_marketplace_refused_is_sent_again_as_a_new_one(self):
        action = self.add_failed()
        old = action.lengow_id
        told = self.press(action, "action_send_again")
        self.assertEqual(told["type"], "success")
        self.assert_states(action, "pending")
        self.assertFalse(action.lengow_id or action.error_code or action.attempts)
        self.send()
        self.settle()
        self.assert_states(action, "done")
        self.assertNotEqual(action.lengow_id, old)
        self.assertEqual(len(self.get_posts()), 2)
        history = " ".join(action.lengow_order_id.message_ids.mapped("body"))
        for words in (self.user.name, "sends again", old, "expected format"):
            self.assertIn(words, history)

    def test_a_cancellation_that_failed_is_sent_again(self):
        """Pitfall 61."""
        order = self.add_stored((MUG, 1))
        action = self.queue(order, "cancel", reason="OUT_OF_STOCK")
        self.fail_post("400")
        self.send()
        self.assert_failed(action, "refused")
        self.press(action, "action_send_again")
        self.send()
        self.settle()
        self.assert_states(action, "done")

    def test_what_is_not_possible_any_more_is_said_and_not_sent(self):
        action = self.add_failed()
        number = action.lengow_order_id.marketplace_order_id
        self.store(self.world.touch(number, lengow_status="shipped"))
        told = self.press(action, "action_send_again")
        self.assertEqual(told["type"], "warning")
        self.assertIn("1 are still to fix", told["message"])
        self.assert_failed(action, "not_ready", "shipped")
        self.send()
        self.assertEqual(len(self.get_posts()), 1)

    def test_what_was_missing_is_looked_for_anew(self):
        actions = self.add_unready((MUG, 3), (NOVEL, 1))
        self.mend_carrier()
        self.press(actions, "action_send_again")
        self.assert_states(actions, "pending", "pending")
        self.assertEqual([one.arguments["carrier"] for one in actions], ["DHL", "DHL"])
        self.send()
        self.settle()
        self.assertEqual(self.get_shipped(actions.lengow_order_id), [3, 1])

    def test_what_is_still_missing_stays_with_its_reason(self):
        actions = self.add_unready((MUG, 3))
        told = self.press(actions, "action_send_again")
        self.assertEqual(told["type"], "warning")
        self.assert_failed(actions, "not_ready", "Carrier is missing")

    def test_one_line_is_made_again_without_those_that_were_ready(self):
        order = self.add_stored((MUG, 3), (NOVEL, 2))
        first, second = order.line_ids
        parts = [
            LinePart(first.line_key, 3, {"carrier": "DHL"}),
            LinePart(second.line_key, 2, {"carrier": "Unknown"}),
        ]
        job = ActionJob(order, "ship", parts, {"tracking_number": "T1"})
        ready, unready = self.queue_job(job)
        self.assert_states(ready + unready, "pending", "error")
        source = unready.source
        source["lines"][1]["values"] = {"carrier": "TNT"}
        unready.source = source
        self.press(unready, "action_send_again")
        self.assert_states(ready + unready, "pending", "pending")
        self.assertEqual(len(order.action_ids), 2)
        self.send()
        self.settle()
        self.assertEqual(self.get_shipped(order), [3, 2])

    def test_what_was_done_before_is_counted_anew(self):
        actions = self.add_unready((MUG, 3))
        order = actions.lengow_order_id
        key = order.line_ids.line_key
        self.patch(LengowActionQueue, "_get_done", lambda actions, job: {key: 2})
        self.mend_carrier()
        self.press(actions, "action_send_again")
        self.assertEqual(actions.quantity, 1)

    def test_what_comes_to_nothing_any_more_is_cancelled(self):
        actions = self.add_unready((MUG, 3))
        key = actions.lengow_order_id.line_ids.line_key
        self.patch(LengowActionQueue, "_get_done", lambda actions, job: {key: 3})
        self.mend_carrier()
        self.press(actions, "action_send_again")
        self.assert_states(actions, "cancelled")
        self.assertFalse(actions.lengow_order_id.activity_ids)

    def test_two_equal_wishes_are_made_again_as_two(self):
        order = self.add_stored((MUG, 3))
        jobs = [
            self.make_ship(order, (order.line_ids, 1), carrier="") for _n in range(2)
        ]
        actions = self.env["lengow.action"]._queue(jobs)
        self.mend_carrier()
        self.press(actions, "action_send_again")
        self.assert_states(actions, "pending", "pending")
        self.send()
        self.settle()
        self.assertEqual(self.get_shipped(order), [2])

    def test_a_rule_that_was_broken_while_it_waited_and_mended_since(self):
        action = self.ship(self.add_stored((MUG, 3)))
        marketplace = self.get_channel(BOL).marketplace_id
        whole = marketplace.spec
        broken = marketplace.spec
        broken["orders"]["actions"].pop("ship")
        marketplace.spec = broken
        self.env.registry.clear_cache()
        self.send()
        self.assert_failed(action, "not_ready")
        marketplace.spec = whole
        self.env.registry.clear_cache()
        self.press(action, "action_send_again")
        self.send()
        self.settle()
        self.assert_states(action, "done")

    def test_what_has_no_answer_is_asked_for_before_it_is_sent_again(self):
        action = self.add_unsettled()
        (stuck,) = self.simulator.actions.actions.values()
        stuck.queued, stuck.processed = False, True
        self.press(action, "action_send_again")
        self.send()
        self.assert_states(action, "done")
        self.assertEqual(len(self.get_posts()), 1)

    def test_what_lengow_still_tries_is_not_sent_again(self):
        action = self.add_unsettled()
        self.press(action, "action_send_again")
        self.send()
        self.assert_states(action, "queued")
        self.assertEqual(len(self.get_posts()), 1)

    def test_what_lengow_still_tries_is_not_changed(self):
        action = self.add_unsettled()
        self.assertFalse(action.is_editable)
        with self.assertRaisesRegex(UserError, "Send Again asks Lengow first"):
            action.action_edit()

    def test_what_lengow_has_forgotten_is_sent_again(self):
        action = self.add_unsettled("drop")
        self.press(action, "action_send_again")
        for _look in range(2):
            self.send(action)
        self.assert_states(action, "queued")
        self.settle()
        self.assert_states(action, "done")
        self.assertEqual(len(self.get_posts()), 2)

    def add_unsettled(self, fault="stuck"):
        self.simulator.actions.faults.once(fault)
        action = self.ship(self.add_stored((MUG, 1)))
        self.send()
        action.sent_at -= timedelta(days=SETTLE_DAYS, hours=1)
        action.next_attempt = fields.Datetime.now() - timedelta(seconds=1)
        self.settle()
        self.assert_failed(action, "unsettled")
        return action

    def test_many_are_sent_again_at_once_and_the_others_named(self):
        failed = self.add_failed() + self.add_failed()
        done = self.ship(self.add_stored())
        self.send()
        self.settle()
        told = self.press(failed + done, "action_send_again")
        self.assert_states(failed + done, "pending", "pending", "done")
        self.assertIn("2 are being sent", told["message"])
        self.assertIn(done.lengow_order_id.marketplace_order_id, told["message"])
        self.assertEqual(told["type"], "warning")

    # Cancel

    def test_what_waits_or_failed_is_cancelled(self):
        failed = self.add_failed()
        waiting = self.ship(self.add_stored())
        told = self.press(failed + waiting, "action_cancel")
        self.assertIn("2 actions are cancelled", told["message"])
        self.assert_states(failed + waiting, "cancelled", "cancelled")
        self.send()
        self.assertEqual(len(self.get_posts()), 1)
        self.assertIn(
            "cancelled", " ".join(waiting.lengow_order_id.message_ids.mapped("body"))
        )

    def test_what_lengow_has_or_may_have_is_not_cancelled(self):
        queued = self.ship(self.add_stored())
        self.send()
        doubtful = self.ship(self.add_stored())
        self.fail_post("503")
        self.send()
        told = self.press(queued + doubtful, "action_cancel")
        self.assert_states(queued + doubtful, "queued", "pending")
        self.assertIn("Lengow may have them already", told["message"])
        self.assertIn("Lengow has them, or they are settled", told["message"])

    # Edit and send

    def test_the_wizard_opens_for_what_can_be_changed(self):
        action = self.add_failed().with_user(self.user)
        opened = action.action_edit()
        self.assertEqual(opened["res_model"], "lengow.action.wizard")
        self.assertEqual(opened["context"], {"default_action_id": action.id})

    def test_what_lengow_has_or_may_have_is_not_changed(self):
        queued = self.ship(self.add_stored())
        self.send()
        doubtful = self.ship(self.add_stored())
        self.fail_post("503")
        self.send()
        for action in (queued, doubtful):
            with self.assertRaisesRegex(UserError, "cannot be changed any more"):
                action.with_user(self.user).action_edit()

    # Rights

    def test_who_may_not_repair_orders_may_not_press_the_buttons(self):
        salesman = new_test_user(
            self.env, "salesman", "sales_team.group_sale_salesman_all_leads"
        )
        action = self.add_failed()
        for button in ("action_send_again", "action_cancel", "action_edit"):
            with self.assertRaises(AccessError):
                getattr(action.with_user(salesman), button)()

    def test_nobody_writes_actions_by_hand(self):
        action = self.add_failed().with_user(self.user)
        self.assertTrue(action.arguments_text)
        for attempt in (
            lambda: action.write({"state": "done"}),
            action.unlink,
            lambda: action.create(
                {"lengow_order_id": action.lengow_order_id.id, "action_type": "ship"}
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_another_companys_actions_are_not_seen(self):
        action = self.add_failed()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "sale_lengow.group_lengow_user",
            company_id=company.id,
            company_ids=[fields.Command.set(company.ids)],
        )
        self.assertFalse(self.env["lengow.action"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            action.with_user(stranger).action_send_again()

    # Reading

    def test_what_is_sent_reads_as_the_marketplace_labels_it(self):
        action = self.ship(self.add_stored(marketplace="bol_nl"), carrier="TNT")
        self.assertIn("Carrier: PostNL (TNT)", action.arguments_text)
        self.assertIn("Tracking number: T1", action.arguments_text)
        self.assertEqual(action.action_name, "Ship")
        action.action_type = "something_new"
        self.assertEqual(action.action_name, "Something new")
        self.assertTrue(action.arguments_text)

    def test_the_smart_buttons_count_and_open_them(self):
        action = self.add_failed()
        order = action.lengow_order_id.with_user(self.user)
        self.assertEqual(order.action_count, 1)
        found = self.env["lengow.action"].search(order.action_view_actions()["domain"])
        self.assertEqual(found, action)

    def test_the_account_counts_what_is_to_fix(self):
        failed = self.add_failed()
        self.ship(self.add_stored())
        self.env.invalidate_all()
        self.assertEqual(self.account.action_to_fix_count, 1)
        opened = self.account.action_view_actions_to_fix()
        found = self.env["lengow.action"].search(opened["domain"])
        self.assertIn(failed, found)
        (entry,) = self.account._get_digest()["actions"]
        self.assertEqual(entry[:2], ("Refused by the marketplace", 1))
        self.assertIn("Edit and Send", entry[2])
