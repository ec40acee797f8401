"""What was sent without an answer is looked for, and never sent twice."""

from contextlib import suppress
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..const import RETRY_PAUSES_MINUTES
from ..simulator.faults import AFTER
from .common_outbox import ACTIONS, MUG, OutboxCommon

BEFORE = ("408", "500", "502", "503", "504", "540", "html", "empty", "not_json")


@tagged("post_install", "-at_install", "lengow")
class TestOutboxDoubt(OutboxCommon):
    """Pitfalls 60 and 65."""

    def get_lengow_ids(self):
        return [str(number) for number in self.simulator.actions.actions]

    def add_doubtful(self, kind="503_after", order=None):
        """:return: an action whose request failed in some way."""
        action = self.ship(order or self.add_stored())
        self.fail_post(kind)
        self.send()
        self.assert_states(action, "pending")
        self.assertTrue(action.is_doubtful, kind)
        return action

    # What was done is adopted

    def test_what_lengow_did_before_it_failed_is_adopted(self):
        for kind in (*AFTER, "reset_after", "truncated"):
            with self.subTest(kind=kind):
                action = self.add_doubtful(kind)
                posts = len(self.get_posts())
                self.assertIn("Ship", action.error_message)
                self.send()
                self.assertEqual(len(self.get_posts()), posts, "the pause is kept")
                self.send(action)
                self.assert_states(action, "queued")
                self.assertFalse(action.is_doubtful)
                self.assertFalse(action.error_message)
                self.assertEqual(action.lengow_id, self.get_lengow_ids()[-1])
                self.assertEqual(len(self.get_posts()), posts)

    def test_what_timed_out_is_adopted(self):
        action = self.ship(self.add_stored())
        self.fail_post("slow", seconds=300)
        self.send()
        self.assertTrue(action.is_doubtful)
        self.send(action)
        self.assert_states(action, "queued")
        self.assertEqual(len(self.simulator.actions.actions), 1)

    def test_what_the_marketplace_has_done_meanwhile_is_done_at_once(self):
        action = self.add_doubtful()
        self.simulator.actions.finish()
        self.send(action)
        self.assert_states(action, "done")

    def test_what_the_marketplace_has_refused_meanwhile_is_told_at_once(self):
        self.simulator.actions.faults.once("refuse", times=4, message="Not now")
        action = self.add_doubtful()
        self.simulator.actions.finish()
        self.send(action)
        self.assert_failed(action, "failed", "Not now")

    # What was not done is sent again, after two looks

    def test_what_lengow_did_not_do_is_sent_again_after_two_looks(self):
        for kind in (*BEFORE, "reset_before"):
            with self.subTest(kind=kind):
                action = self.add_doubtful(kind)
                posts, looks = len(self.get_posts()), len(self.get_looks())
                self.send(action)
                self.assertEqual(action.looks, 1)
                self.assertEqual(len(self.get_posts()), posts, "looked for only once")
                self.send()
                self.assertEqual(len(self.get_looks()), looks + 1, "the pause is kept")
                self.send(action)
                self.assertEqual(len(self.get_looks()), looks + 2)
                self.assertEqual(len(self.get_posts()), posts + 1)
                self.assert_states(action, "queued")
                self.assertEqual(action.attempts, 2)

    def test_what_lengow_shows_late_is_not_sent_again(self):
        action = self.add_doubtful()
        desk = self.simulator.actions
        hidden, desk.actions = desk.actions, {}
        desk.revision += 1
        self.send(action)
        self.assert_states(action, "pending")
        desk.actions = hidden
        desk.revision += 1
        self.send(action)
        self.assert_states(action, "queued")
        self.assertEqual(len(self.get_posts()), 1)

    def test_when_lengow_cannot_be_asked_it_waits(self):
        action = self.add_doubtful()
        for kind in ("400", "403", "503", "html"):
            self.simulator.faults.once(kind, path=ACTIONS, method="GET", times=50)
            self.send(action)
            self.assert_states(action, "pending")
            self.assertTrue(action.is_doubtful)
            self.assertGreater(action.next_attempt, fields.Datetime.now())
            self.simulator.faults.clear()
        self.assertEqual(len(self.get_posts()), 1)
        self.send(action)
        self.assertIn(action.state, ("queued", "done"))
        self.assertEqual(len(self.get_posts()), 1)

    def test_a_page_that_cannot_be_read_is_no_answer(self):
        action = self.add_doubtful("503")
        order = action.lengow_order_id
        payload = self.world.order(order.marketplace_order_id)
        for number in range(150):
            arguments = {"line": f"other-{number}", "carrier": "DHL"}
            self.simulator.actions.accept(payload, "ship", arguments)
        self.simulator.faults.once("503", path=ACTIONS, method="GET", skip=1, times=50)
        self.send(action)
        self.simulator.faults.clear()
        self.assert_states(action, "pending")
        self.assertEqual((action.looks, len(self.get_posts())), (0, 1))

    def test_it_ends_after_growing_pauses(self):
        action = self.ship(self.add_stored())
        pauses = []
        while action.state == "pending":
            self.fail_post("503")
            self.send(action)  # sent
            if action.state != "pending":
                break
            pause = action.next_attempt - fields.Datetime.now()
            pauses.append(round(pause.total_seconds() / 60))
            self.send(action)  # looked for; the next time, sent again
            self.assertLess(len(pauses), 20)
        self.assertEqual(
            tuple(pauses), (*RETRY_PAUSES_MINUTES, RETRY_PAUSES_MINUTES[-1])
        )
        self.assert_failed(action, "unsent", "503")
        self.assertFalse(action.is_doubtful, "Lengow certainly has none")
        self.assertEqual(len(self.get_posts()), len(RETRY_PAUSES_MINUTES) + 1)

    # A worker that dies

    def test_a_worker_that_dies_while_it_posts_leaves_a_doubt(self):
        action = self.ship(self.add_stored())

        class Killed(BaseException):
            pass

        post_action = type(self.account._get_client()).post_action

        def die(client, body):
            post_action(client, body)
            raise Killed

        self.patch(type(self.account._get_client()), "post_action", die)
        # assertRaises would roll back what the worker has committed.
        with suppress(Killed), self.open_worker() as env:
            env["lengow.action"]._cron_send_actions()
        self.env.invalidate_all()
        self.assertTrue(action.is_doubtful)
        self.assertEqual(action.attempts, 1)
        self.assertGreater(action.next_attempt, fields.Datetime.now())
        self.patch(type(self.account._get_client()), "post_action", post_action)
        self.send(action)
        self.assert_states(action, "queued")
        self.assertEqual(len(self.get_posts()), 1)

    # Two equal ones are two

    def test_one_piece_twice_is_two_actions(self):
        order = self.add_stored((MUG, 3))
        first = self.ship(order, (order.line_ids, 1))
        self.send()
        second = self.ship(order, (order.line_ids, 1))
        self.assertEqual(first.arguments, second.arguments)
        self.fail_post("503")
        self.send()
        for _look in range(2):
            self.send(second)
        self.assert_states(first + second, "queued", "queued")
        self.assertEqual(len(self.simulator.actions.actions), 2)
        self.settle()
        self.assertEqual(self.get_shipped(order), [2])

    def test_one_piece_twice_is_adopted_once_each(self):
        order = self.add_stored((MUG, 3))
        line = order.line_ids
        actions = self.ship(order, (line, 1)) + self.ship(order, (line, 1))
        self.fail_post("503_after", times=2)
        self.send()
        for _round in range(3):
            self.send(actions)
        self.assert_states(actions, "queued", "queued")
        self.assertEqual(actions.mapped("lengow_id"), self.get_lengow_ids())
        self.assertEqual(len(self.get_posts()), 2)

    def test_what_differs_is_not_adopted(self):
        order = self.add_stored((MUG, 3))
        payload = self.world.order(order.marketplace_order_id)
        action = self.add_doubtful("503", order)
        equal = dict(action.arguments)
        for change in (
            {"tracking_number": "T2"},
            {"shipped_quantity": 2},
            {"line": "other"},
            {"carrier": "TNT"},
        ):
            self.simulator.actions.accept(payload, "ship", {**equal, **change})
        self.simulator.actions.accept(payload, "cancel", equal)
        for _look in range(2):
            self.send(action)
        self.assertEqual(len(self.get_posts()), 2)
        self.assertEqual(action.lengow_id, self.get_lengow_ids()[-1])

    def test_what_is_older_than_the_request_is_not_adopted(self):
        order = self.add_stored((MUG, 3))
        payload = self.world.order(order.marketplace_order_id)
        action = self.add_doubtful("503", order)
        old = self.simulator.actions.accept(payload, "ship", dict(action.arguments))
        old.created_at -= timedelta(hours=3)
        for _look in range(2):
            self.send(action)
        self.assertEqual(len(self.get_posts()), 2)

    def test_what_failed_before_is_not_adopted_when_it_is_sent_again(self):
        action = self.ship(self.add_stored())
        self.simulator.actions.faults.once("processed_with_errors")
        self.send()
        self.settle()
        self.assert_failed(action, "failed")
        old = action.lengow_id
        action.action_send_again()
        self.fail_post("503")
        self.send(action)
        for _look in range(2):
            self.send(action)
        self.assert_states(action, "queued")
        self.assertNotEqual(action.lengow_id, old)
        self.assertEqual(action.former_lengow_ids, [old])
