"""What is asked for is sent: at once, once, in order, and only while it is right."""

from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..const import RETRY_PAUSES_MINUTES
from ..lengow.action import LinePart
from ..models.lengow_account_connect import LengowAccount
from ..models.lengow_action_queue import LengowAction as LengowActionQueue
from ..models.lengow_api_quota import SharedRateLimiter
from .common_outbox import ACTION_LOGGER, ACTIONS, BOL, MUG, NOVEL, OutboxCommon


@tagged("post_install", "-at_install", "lengow")
class TestOutboxSend(OutboxCommon):
    # Writing

    def test_what_is_asked_for_starts_the_cron_at_once(self):
        cron = self.env.ref("sale_lengow.ir_cron_send_actions")
        triggers = self.env["ir.cron.trigger"]
        triggers.search([]).unlink()
        self.ship(self.add_stored())
        self.assertEqual(triggers.search([]).cron_id, cron)
        self.assertLessEqual(triggers.search([]).call_at, fields.Datetime.now())

    def test_nothing_is_sent_by_the_transaction_itself(self):
        self.ship(self.add_stored())
        self.assertFalse(self.get_requests(ACTIONS))

    def test_what_is_missing_stops_the_action_and_not_its_cause(self):
        order = self.add_stored()
        actions = self.env["lengow.action"]._queue([self.make_ship(order, carrier="")])
        self.assert_failed(actions, "not_ready", "Carrier is missing")
        self.send(actions)
        self.assertFalse(self.get_requests(ACTIONS))

    # Sending

    def test_an_action_is_posted_once_with_what_the_marketplace_wants(self):
        order = self.add_stored((MUG, 3))
        action = self.ship(order)
        self.send()
        self.send()
        self.assertEqual(
            self.get_posts(),
            [
                {
                    "account_id": 1001,
                    "marketplace": BOL,
                    "marketplace_order_id": order.marketplace_order_id,
                    "action_type": "ship",
                    "line": order.line_ids.marketplace_order_line_id,
                    "shipped_quantity": 3,
                    "carrier": "DHL",
                    "tracking_number": "T1",
                }
            ],
        )
        self.assert_states(action, "queued")
        self.assertEqual(
            action.lengow_id, str(next(iter(self.simulator.actions.actions)))
        )
        self.assertTrue(action.sent_at)
        self.assertFalse(action.is_doubtful)

    def test_order_by_its_old_marketplace_code_is_named_as_lengow_names_it(self):
        self.get_channel(BOL).marketplace_id.legacy_code = "bol"
        payload = self.world.add_order(BOL, lines=[(MUG, 1)])
        payload["marketplace"] = "bol"
        self.ship(self.store(payload))
        self.send()
        (post,) = self.get_posts()
        self.assertEqual(post["marketplace"], "bol")

    def test_lines_of_an_order_are_sent_each_with_its_quantity(self):
        order = self.add_stored((MUG, 3), (NOVEL, 2))
        actions = self.ship(order)
        self.send()
        self.assertEqual(
            [post["shipped_quantity"] for post in self.get_posts()], [3, 2]
        )
        self.settle()
        self.assert_states(actions, "done", "done")
        self.assertEqual(self.get_shipped(order), [3, 2])

    def test_an_account_that_is_not_connected_sends_nothing(self):
        action = self.ship(self.add_stored())
        self.account.state = "draft"
        self.send(action)
        self.assertFalse(self.simulator.requests)
        self.assert_states(action, "pending")

    def test_a_worker_claims_nothing_that_was_sent_meanwhile(self):
        action = self.ship(self.add_stored())
        due = self.env["lengow.action"]._find_due(self.account)
        self.send()
        with self.open_worker() as env:
            due.with_env(env)._send(self.account.with_env(env))
        self.assertEqual(len(self.get_posts()), 1)
        self.assert_states(action, "queued")

    # In order

    def test_actions_of_an_order_are_sent_in_their_order(self):
        order = self.add_stored((MUG, 3))
        line = order.line_ids
        for number in ("A", "B", "C"):
            self.ship(order, (line, 1), number=number)
        self.send()
        self.assertEqual(
            [post["tracking_number"] for post in self.get_posts()], ["A", "B", "C"]
        )

    def test_a_later_action_waits_for_an_earlier_one_of_its_line(self):
        order = self.add_stored((MUG, 3))
        first, second = (
            self.ship(order, (order.line_ids, 1), number=number) for number in "AB"
        )
        self.fail_post("503")
        self.send()
        self.send()
        self.assertEqual(len(self.get_posts()), 1)
        self.assertTrue(first.is_doubtful)
        self.assert_states(first + second, "pending", "pending")
        self.assertFalse(self.env["lengow.action"]._find_due(self.account))
        self.send(first)
        self.send(first)
        self.assert_states(first + second, "queued", "queued")
        numbers = [post["tracking_number"] for post in self.get_posts()]
        self.assertEqual(numbers, ["A", "A", "B"])

    def test_another_line_and_another_order_do_not_wait(self):
        order = self.add_stored((MUG, 3), (NOVEL, 2))
        first, second = self.ship(order)
        third = self.ship(self.add_stored())
        self.fail_post("503")
        self.send()
        self.assert_states(first + second + third, "pending", "queued", "queued")

    def test_what_is_about_the_order_waits_for_its_lines(self):
        order = self.add_stored((MUG, 3), marketplace="amazon_fr")
        first = self.ship(order)
        second = first.copy({"line_id": False, "line_key": False})
        self.fail_post("503")
        self.send()
        self.assert_states(first + second, "pending", "pending")
        self.assertFalse(second.attempts)

    def test_an_action_in_error_keeps_nobody(self):
        order = self.add_stored((MUG, 3))
        first, second = (
            self.ship(order, (order.line_ids, 1), number=number) for number in "AB"
        )
        self.fail_post("400")
        self.send()
        self.assert_states(first + second, "error", "queued")

    # Checked again

    def rewrite_rules(self, change):
        """Let the marketplace change its rules, as the next fetch brings them."""
        marketplace = self.get_channel(BOL).marketplace_id
        spec = marketplace.spec
        change(spec["orders"]["actions"])
        marketplace.spec = spec
        self.env.registry.clear_cache()

    def test_an_action_that_the_marketplace_dropped_is_not_sent(self):
        action = self.ship(self.add_stored())
        self.rewrite_rules(lambda actions: actions.pop("ship"))
        self.send()
        self.assert_failed(action, "not_ready", "bol does not offer the action “ship”")
        self.assertFalse(self.get_posts())
        self.assertEqual(self.account.state, "connected")

    def test_a_carrier_that_vanished_is_not_sent(self):
        action = self.ship(self.add_stored())

        def drop_dhl(actions):
            actions["ship"]["args_description"]["carrier"]["valid_values"].pop("DHL")

        self.rewrite_rules(drop_dhl)
        self.send()
        self.assert_failed(action, "not_ready", "Carrier", "DHL")
        self.assertFalse(self.get_posts())

    def test_a_line_that_is_shipped_already_is_not_sent(self):
        order = self.add_stored()
        action = self.ship(order)
        number = order.marketplace_order_id
        self.store(self.world.touch(number, lengow_status="shipped"))
        self.send()
        self.assert_failed(action, "not_ready", "“ship” is not possible", "shipped")
        self.assertFalse(self.get_posts())

    def test_arguments_of_unknown_type_are_sent_as_they_are(self):
        def add_argument(actions):
            actions["ship"]["optional_args"].append("mood")
            actions["ship"]["args_description"]["mood"] = {"type": "feeling"}

        self.rewrite_rules(add_argument)
        action = self.ship(self.add_stored(), mood="cheerful")
        self.assertIn("unknown type", action.notice)
        self.send()
        self.assertEqual(self.get_posts()[0]["mood"], "cheerful")

    def test_one_action_that_cannot_be_looked_at_harms_no_other(self):
        first, second = (self.ship(self.add_stored()) for _number in range(2))
        find_problems = type(first)._find_problems

        def stumble(action):
            if action == first:
                raise ZeroDivisionError("secret")
            return find_problems(action)

        self.patch(type(first), "_find_problems", stumble)
        with mute_logger(ACTION_LOGGER):
            self.send()
        self.assert_states(first + second, "error", "queued")
        self.assert_failed(first, "unexpected", "ZeroDivisionError")
        self.assertNotIn("secret", first.error_message)

    # Refusals and failures

    def test_what_lengow_refuses_is_not_tried_again(self):
        action = self.ship(self.add_stored())
        self.fail_post("400")
        self.send()
        self.assert_failed(
            action,
            "refused",
            "Ship",
            action.lengow_order_id.marketplace_order_id,
            "Bad Request",
        )
        self.send()
        self.assertEqual(len(self.get_posts()), 1)
        self.assertEqual(self.account.state, "connected")
        self.assertFalse(action.is_doubtful)

    def test_an_order_that_lengow_does_not_find_is_tried_again_with_pauses(self):
        """Pitfall 66."""
        action = self.ship(self.add_stored())
        other = self.ship(self.add_stored())
        self.world._index.pop(action.lengow_order_id.marketplace_order_id)
        pauses = []
        self.send()
        self.assert_states(other, "queued")
        while action.state == "pending":
            pause = action.next_attempt - fields.Datetime.now()
            pauses.append(round(pause.total_seconds() / 60))
            self.assertIn("404", action.error_message)
            self.send()
            self.assertEqual(action.attempts, len(pauses), "the pause is kept")
            self.send(action)
            self.assertLess(len(pauses), 20)
        self.assertEqual(tuple(pauses), RETRY_PAUSES_MINUTES)
        self.assert_failed(action, "refused", "404")
        self.assertFalse(self.get_looks(), "it surely was not taken")

    def test_wrong_keys_let_all_wait_and_count_against_none(self):
        actions = self.ship(self.add_stored()) + self.ship(self.add_stored())
        self.simulator.faults.set_rate("401", 1)
        self.send()
        self.assert_states(actions, "pending", "pending")
        self.assertEqual(actions.mapped("attempts"), [0, 0])
        self.assertFalse(any(actions.mapped("is_doubtful")))
        self.assertEqual(self.account.state, "error")
        self.assertGreater(min(actions.mapped("next_attempt")), fields.Datetime.now())
        self.simulator.faults.clear()
        self.send(actions)
        self.assert_states(actions, "queued", "queued")
        self.assertEqual(self.account.state, "connected")

    def test_no_connection_lets_all_wait_without_a_doubt(self):
        actions = self.ship(self.add_stored()) + self.ship(self.add_stored())
        with patch.object(
            type(self), "_request_handler", side_effect=_refuse_connection
        ):
            self.send()
        self.assertFalse(any(actions.mapped("is_doubtful")))
        self.assertEqual(actions.mapped("attempts"), [0, 0])
        self.send(actions)
        self.assert_states(actions, "queued", "queued")
        self.assertEqual(len(self.get_posts()), 2)

    def test_several_failures_in_a_row_let_the_others_wait(self):
        actions = self.env["lengow.action"]
        for _number in range(6):
            actions += self.ship(self.add_stored())
        self.fail_post("503", times=50)
        self.send()
        self.assertEqual(len(self.get_posts()), 3)
        self.assertEqual(actions.mapped("is_doubtful"), 3 * [True] + 3 * [False])
        self.send()
        self.assertEqual(len(self.get_posts()), 3)
        self.assertEqual(self.account.state, "error")
        self.simulator.faults.clear()
        for _round in range(2):
            self.send(actions)
        self.assertEqual(set(actions.mapped("state")), {"queued"})
        self.assertEqual(len(self.simulator.actions.actions), 6)

    def test_the_trouble_of_one_account_is_not_that_of_another(self):
        other = self.account.copy({"name": "Other", "lengow_account_id": False})
        other._with_keys().write({"access_token": "wrong", "secret": "wrong"})
        other.state = "connected"
        other._open_channels(self.env["lengow.marketplace"].search([]))
        action = self.ship(self.add_stored())
        payload = self.world.add_order(BOL, lines=[(MUG, 1)])
        with self.enter_registry_test_mode():
            other._store_orders([payload])
        foreign = self.env["lengow.order"].search([("account_id", "=", other.id)])
        waiting = self.ship(foreign)
        self.send()
        self.assert_states(action + waiting, "queued", "pending")
        self.assertEqual((self.account.state, other.state), ("connected", "error"))

    # The allowance

    def test_sending_uses_the_allowance_and_never_more(self):
        limit, count = 60, 150
        self.account.requests_per_minute = limit
        self.share_the_clock()
        order = self.add_stored((MUG, count))
        (action,) = self.ship(order, (order.line_ids, 1))
        vals = action.copy_data()[0]
        self.env["lengow.action"].create([{**vals} for _copy in range(count - 1)])
        self.env.flush_all()
        started = self.clock.now
        while self.env["lengow.action"]._find_due(self.account):
            self.run_cron("send_actions")  # as the scheduler does, while there is some
        posts = self.get_requests(ACTIONS, "POST")
        self.assertEqual(len(posts), count)
        minutes = [int((post.time - started) // 60) for post in posts]
        full = [minutes.count(minute) for minute in range(max(minutes))]
        self.assertEqual(len(full), 2)
        self.assertLessEqual(max(full), limit)
        self.assertGreaterEqual(min(full), 0.95 * limit)

    def share_the_clock(self):
        """Let the allowance be counted by the clock that moves when somebody waits."""
        prepare = LengowAccount._prepare_transport_vals

        def with_limiter(account):
            limiter = SharedRateLimiter(account, clock=self.clock.time)
            return {**prepare(account), "rate_limiter": limiter}

        self.patch(LengowAccount, "_prepare_transport_vals", with_limiter)

    def test_a_429_is_waited_for_and_doubts_nothing(self):
        action = self.ship(self.add_stored())
        self.fail_post("429", retry_after=20)
        self.send()
        self.assert_states(action, "queued")
        self.assertEqual(len(self.simulator.actions.actions), 1)
        self.assertFalse(self.get_looks())

    def test_a_long_429_lets_all_wait_as_long_as_lengow_says(self):
        actions = self.ship(self.add_stored()) + self.ship(self.add_stored())
        self.fail_post("429", retry_after=1200)
        self.send()
        pause = min(actions.mapped("next_attempt")) - fields.Datetime.now()
        self.assertAlmostEqual(pause.total_seconds(), 1200, delta=60)
        self.assertEqual(actions.mapped("attempts"), [0, 0])

    # Runs

    def test_a_run_is_kept_for_the_operator_with_its_counts(self):
        self.ship(self.add_stored())
        self.ship(self.add_stored())
        self.fail_post("400")
        self.send()
        run = self.env["lengow.sync"].search([("kind", "=", "send")])
        self.assertEqual((run.state, run.done_count, run.error_count), ("done", 1, 1))

    def test_rows_in_the_future_do_not_start_a_run(self):
        action = self.ship(self.add_stored())
        action.next_attempt = fields.Datetime.now() + timedelta(minutes=5)
        self.run_cron("send_actions")
        self.assertFalse(self.env["lengow.sync"].search([("kind", "=", "send")]))

    def test_values_of_a_line_alone_are_sent_with_it(self):
        order = self.add_stored((MUG, 1), (NOVEL, 1))
        first, second = order.line_ids
        self.queue(
            order,
            "cancel",
            [
                LinePart(first.line_key, None, {"reason": "BAD_CONDITION"}),
                LinePart(second.line_key),
            ],
            reason="OUT_OF_STOCK",
        )
        self.send()
        reasons = [post["reason"] for post in self.get_posts()]
        self.assertEqual(reasons, ["BAD_CONDITION", "OUT_OF_STOCK"])

    def test_arguments_are_prepared_for_each_action_anew(self):
        """Pitfall 56."""
        given = []

        def prepare(actions, job):
            given.append(dict(job.values))
            return {**job.values, "reason": "OUT_OF_STOCK"}

        self.patch(LengowActionQueue, "_prepare_arguments", prepare)
        order = self.add_stored((MUG, 1))
        values = {"carrier": "DHL"}
        for _number in range(2):
            self.queue(order, "cancel", **values)
        self.assertEqual(given, [values, values])


def _refuse_connection(*_args, **_kwargs):
    raise requests.exceptions.ConnectTimeout
