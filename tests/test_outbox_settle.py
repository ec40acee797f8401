"""What becomes of actions is read in bulk, each is settled on its own, none is lost."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.tests import tagged

from ..const import SETTLE_DAYS, SETTLE_OVERLAP_MINUTES, STRAGGLER_MINUTES
from ..models.lengow_action_settle import LengowAction as LengowActionSettle
from .common_outbox import ACTIONS, BOL, MUG, NOVEL, OutboxCommon


@tagged("post_install", "-at_install", "lengow")
class TestOutboxSettle(OutboxCommon):
    def add_queued(self, *lines, **values):
        """:return: actions that Lengow has."""
        actions = self.ship(self.add_stored(*lines), **values)
        self.send()
        self.assertEqual(set(actions.mapped("state")), {"queued"})
        return actions

    def age(self, actions, **ago):
        """Let actions be sent longer ago, and be due to be asked for."""
        moment = fields.Datetime.now() - timedelta(**ago)
        actions.write({"sent_at": moment, "requested_at": moment})
        actions.next_attempt = fields.Datetime.now() - timedelta(seconds=1)

    # Each on its own

    def test_what_is_done_is_done(self):
        action = self.add_queued()
        self.settle()
        self.assert_states(action, "done")
        self.assertTrue(action.settled_at)
        self.assertFalse(action.error_message)

    def test_what_lengow_still_tries_stays_queued(self):
        action = self.add_queued()
        self.run_cron("settle_actions")
        self.assert_states(action, "queued")

    def test_errors_of_every_form_are_told_in_the_marketplaces_words(self):
        """Pitfall 81."""
        for form in ("string", "list", "dict"):
            self.simulator.actions.settings.update(error_form=form)
            self.simulator.actions.faults.once(
                "refuse", times=4, message="No such label"
            )
            action = self.add_queued()
            self.settle()
            self.assert_failed(action, "failed")
            self.assertEqual(action.error_message, "No such label", form)

    def test_no_errors_of_every_form_are_none(self):
        """Pitfall 81."""
        action = self.add_queued()
        for nothing in (None, "", [], {}, "None"):
            action.write({"state": "queued"})
            answer = self.answer(action, processed=True, queued=False, errors=nothing)
            self.settle_page(answer)
            self.assert_states(action, "done")

    def test_processed_with_errors_is_an_error(self):
        """Pitfall 63."""
        self.simulator.actions.faults.once("processed_with_errors")
        action = self.add_queued()
        self.settle()
        self.assert_failed(action, "failed", "expected format of the carrier")

    def test_an_error_without_words_is_an_error_with_words(self):
        action = self.add_queued()
        answer = self.answer(action, processed=False, queued=False, errors=None)
        self.settle_page(answer)
        self.assert_failed(action, "failed", "gave no reason")

    def test_each_action_of_an_order_is_settled_on_its_own(self):
        """Pitfall 82."""
        actions = self.add_queued((MUG, 1), (NOVEL, 2), (MUG, 3))
        first, second, third = actions
        page = [
            self.answer(first, processed=True, queued=False),
            self.answer(second, processed=False, queued=False, errors=["Broken"]),
            self.answer(third, processed=False, queued=True, errors="Trying"),
        ]
        self.settle_page(*page)
        self.assert_states(actions, "done", "error", "queued")
        self.assertEqual(second.error_message, "Broken")

    def test_errors_of_a_queued_action_are_not_final(self):
        self.simulator.actions.faults.once("refuse", times=2)
        action = self.add_queued()
        self.clock.sleep(6)
        self.run_cron("settle_actions")
        self.assert_states(action, "queued")
        self.settle()
        self.assert_states(action, "done")

    def answer(self, action, **says):
        return {
            "id": int(action.lengow_id),
            "marketplace": BOL,
            "marketplace_order_id": action.lengow_order_id.marketplace_order_id,
            "action_type": action.action_type,
            **says,
        }

    def settle_page(self, *answers):
        with self.enter_registry_test_mode():
            self.env["lengow.action"]._settle_page(self.account, list(answers))

    def test_a_number_that_is_used_again_for_another_order_settles_nothing(self):
        action = self.add_queued()
        answer = self.answer(action, processed=True, queued=False)
        self.settle_page({**answer, "marketplace_order_id": "other"})
        self.assert_states(action, "queued")
        self.settle_page({**answer, "action_type": "refund"})
        self.assert_states(action, "queued")

    def test_nonsense_in_a_page_settles_the_rest(self):
        action = self.add_queued()
        answer = self.answer(action, processed=True, queued=False)
        self.settle_page({}, {"id": None}, {"id": {}, "queued": False}, answer)
        self.assert_states(action, "done")

    def test_what_failed_and_was_mended_at_lengow_is_done(self):
        action = self.add_queued()
        failed = self.answer(action, processed=False, queued=False, errors="Broken")
        self.settle_page(failed)
        self.assert_states(action, "error")
        self.settle_page(self.answer(action, processed=True, queued=False))
        self.assert_states(action, "done")

    def test_many_are_settled_with_few_queries(self):
        order = self.add_stored((MUG, 500))
        action = self.ship(order, (order.line_ids, 1))
        copies = [{"lengow_id": str(number)} for number in range(1, 201)]
        actions = self.env["lengow.action"].create(
            [{**action.copy_data()[0], "state": "queued", **vals} for vals in copies]
        )
        answers = [self.answer(one, processed=True, queued=False) for one in actions]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            self.env["lengow.action"]._settle_page(self.account, answers)
            self.env.flush_all()
        self.assertEqual(set(actions.mapped("state")), {"done"})

    # Windows

    def test_only_what_changed_since_the_last_time_is_read(self):
        """Pitfall 83."""
        self.add_queued()
        before = fields.Datetime.now()
        self.settle()
        self.assertGreaterEqual(
            self.account.actions_settled_until, before - timedelta(seconds=1)
        )
        action = self.add_queued()
        self.simulator.requests.clear()
        self.settle()
        self.assert_states(action, "done")
        (look,) = self.get_looks()
        since = fields.Datetime.to_datetime(
            look.args["updated_from"][:19].replace("T", " ")
        )
        overlap = timedelta(minutes=SETTLE_OVERLAP_MINUTES)
        self.assertGreaterEqual(since, before - overlap - timedelta(seconds=2))

    def test_long_after_the_last_time_only_what_may_be_ours_is_read(self):
        self.account.actions_settled_until = fields.Datetime.now() - timedelta(days=90)
        self.add_queued()
        self.simulator.requests.clear()
        self.settle()
        (look,) = self.get_looks()
        self.assertGreater(
            look.args["updated_from"],
            fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=1)),
        )

    def test_nothing_is_asked_when_nothing_is_open(self):
        self.run_cron("settle_actions")
        self.assertFalse(self.simulator.requests)
        self.assertFalse(self.env["lengow.sync"].search([("kind", "=", "settle")]))

    def test_the_cursor_moves_only_after_the_last_page(self):
        """Pitfall 83."""
        actions = self.add_queued((MUG, 250))
        payload = self.world.order(actions.lengow_order_id.marketplace_order_id)
        for _number in range(250):
            self.simulator.actions.accept(
                payload, "ship", {"line": "x", "carrier": "DHL"}
            )
        self.simulator.actions.finish()
        self.simulator.faults.once("503", path=ACTIONS, method="GET", skip=1, times=50)
        self.run_cron("settle_actions")
        self.assertFalse(self.account.actions_settled_until)
        self.assertEqual(self.account.state, "error")
        self.assertIn("Page 2", self.account.last_error)
        self.simulator.faults.clear()
        self.run_cron("settle_actions")
        self.assert_states(actions, "done")
        self.assertTrue(self.account.actions_settled_until)
        self.assertEqual(self.account.state, "connected")

    def test_a_run_that_ran_out_of_time_goes_on_from_its_page(self):
        actions = self.add_queued((MUG, 250))
        payload = self.world.order(actions.lengow_order_id.marketplace_order_id)
        for _number in range(250):
            self.simulator.actions.accept(
                payload, "ship", {"line": "x", "carrier": "DHL"}
            )
        self.simulator.actions.finish()
        crons = type(self.env["ir.cron"])
        commit_progress = crons._commit_progress

        def out_of_time(cron, processed=0, **kwargs):
            left = commit_progress(cron, processed, **kwargs)
            run = cron.env["lengow.sync"].search([("kind", "=", "settle")], limit=1)
            return 0 if run.page == 2 else left

        with self.open_worker() as env:
            account = self.account.with_env(env)
            with patch.object(crons, "_commit_progress", out_of_time):
                self.assertIs(account._settle_actions(), False)
            self.simulator.requests.clear()
            self.assertTrue(account._settle_actions())
        self.assertEqual([look.args["page"] for look in self.get_looks()], ["2", "3"])
        self.assert_states(actions, "done")
        runs = self.env["lengow.sync"].search([("kind", "=", "settle")])
        self.assertEqual((len(runs), runs.state, runs.fetched_count), (1, "done", 251))

    # What no window shows

    def test_what_failed_is_asked_for_in_one_go(self):
        self.simulator.actions.faults.once("refuse", times=4, message="Broken")
        action = self.add_queued()
        self.simulator.actions.finish()
        self.hide_changes()
        self.age(action, minutes=STRAGGLER_MINUTES + 5)
        self.simulator.requests.clear()
        self.run_cron("settle_actions")
        self.assert_failed(action, "failed", "Broken")
        look = self.get_looks()[-1]
        self.assertEqual(
            (look.args["processed"], look.args["queued"]), ("False", "False")
        )

    def test_what_no_list_shows_is_asked_for_by_its_number(self):
        """Pitfall 64."""
        action = self.add_queued()
        self.simulator.actions.finish()
        self.hide_changes()
        self.run_cron("settle_actions")
        self.assert_states(action, "queued")
        self.age(action, minutes=STRAGGLER_MINUTES + 5)
        self.run_cron("settle_actions")
        self.assert_states(action, "done")
        self.assertEqual(self.get_looks()[-1].args["id"], action.lengow_id)

    def hide_changes(self):
        """Let Lengow's changes be older than any window."""
        for action in self.simulator.actions.actions.values():
            action.updated_at -= timedelta(days=30)
            action.created_at -= timedelta(hours=1)
        self.simulator.actions.revision += 1

    def test_what_lengow_has_forgotten_is_told(self):
        self.simulator.actions.faults.once("drop")
        action = self.add_queued()
        self.settle()
        self.assert_states(action, "queued")
        self.age(action, minutes=STRAGGLER_MINUTES + 5)
        self.settle()
        self.assert_failed(action, "unsettled", action.lengow_id, "does not know")

    def test_what_lengow_tries_for_ever_is_told_after_the_channels_days(self):
        """Pitfall 64."""
        self.get_channel(BOL).settle_days = 2
        self.simulator.actions.faults.once("stuck")
        action = self.add_queued()
        self.age(action, days=1, hours=23)
        self.settle()
        self.assert_states(action, "queued")
        left = action.next_attempt - fields.Datetime.now()
        self.assertLess(left, timedelta(hours=1, minutes=1), "asked again at the limit")
        self.age(action, days=2, hours=1)
        self.settle()
        self.assert_failed(action, "unsettled", action.lengow_id, "still trying")
        self.assertEqual(self.account.state, "connected")

    def test_what_was_told_to_have_no_answer_is_settled_when_one_comes(self):
        self.simulator.actions.faults.once("stuck")
        action = self.add_queued()
        self.age(action, days=SETTLE_DAYS, hours=1)
        self.settle()
        self.assert_failed(action, "unsettled")
        (stuck,) = self.simulator.actions.actions.values()
        stuck.queued, stuck.processed = False, True
        self.age(action, days=SETTLE_DAYS, hours=5)
        self.run_cron("settle_actions")
        self.assert_states(action, "done")
        self.assertFalse(action.error_code)

    def test_what_cannot_be_asked_about_is_told_in_any_case(self):
        action = self.add_queued()
        waiting = self.ship(self.add_stored())
        doubtful = self.ship(self.add_stored())
        doubtful.write({"is_doubtful": True})
        self.account.state = "draft"
        for one in (action, waiting, doubtful):
            self.age(one, days=SETTLE_DAYS, hours=1)
        action.next_attempt = fields.Datetime.now() - timedelta(days=1, hours=1)
        self.run_cron("settle_actions")
        self.assert_failed(action, "unsettled", "could not be asked")
        self.assert_failed(waiting, "unsent", self.account.name, "not connected")
        self.assert_failed(doubtful, "unsettled", "could not be asked")
        self.assertEqual(len(self.get_posts()), 1)

    def test_one_that_lengow_cannot_answer_keeps_no_other(self):
        first, second = self.add_queued(), self.add_queued()
        self.simulator.actions.finish()
        self.hide_changes()
        self.age(first + second, minutes=STRAGGLER_MINUTES + 5)
        get_action = type(self.account._get_client()).get_action

        def fail(client, lengow_id):
            if lengow_id == first.lengow_id:
                self.simulator.faults.once("503", path=ACTIONS, times=50)
            try:
                return get_action(client, lengow_id)
            finally:
                self.simulator.faults.clear()

        self.patch(type(self.account._get_client()), "get_action", fail)
        self.run_cron("settle_actions")
        self.run_cron("settle_actions")
        self.assert_states(first + second, "queued", "done")

    def test_another_worker_at_the_same_page_is_given_way(self):
        action = self.add_queued()
        self.simulator.actions.finish()
        settle, tries = LengowActionSettle._settle, []

        def conflict(actions, results):
            tries.append(actions)
            if len(tries) == 1:
                raise psycopg2.errors.SerializationFailure
            return settle(actions, results)

        self.patch(LengowActionSettle, "_settle", conflict)
        self.run_cron("settle_actions")
        self.assert_states(action, "done")
        self.assertEqual(len(tries), 2)
