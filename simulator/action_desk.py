"""Where actions wait for their marketplace, and what it made of them."""

import heapq
import random
from collections import Counter
from datetime import datetime, timezone
from itertools import count

from .action_effects import EFFECTS, carry_on
from .action_faults import ActionFaults
from .action_record import Action
from .action_settings import ActionSettings
from .action_task import ActionTask
from .errors import Refusal
from .ledger import Ledger
from .order_edit import OrderEdit
from .rules import check, drop_empty

# Lengow's ids have nine digits (003, "Get all actions on orders").
_FIRST_ID = 123_456_789


class ActionDesk:
    """Takes actions, tries them when their time has come, and remembers all of them.

    :param Simulator simulator: its world and clock
    :param int seed: makes what is left to chance the same on every run
    """

    def __init__(self, simulator, seed=0):
        self.simulator = simulator
        self.settings = ActionSettings()
        self.faults = ActionFaults(seed)
        self.ledger = Ledger()
        # Lengow's id -> Action
        self.actions = {}
        # Grows with every change, for whoever remembers what was found.
        self.revision = 0
        self.last_search = None
        self.last_found = ()
        self._random = random.Random(f"actions-{seed}")
        self._ids = count(_FIRST_ID)
        # (time, sequence, what to do at that time)
        self._jobs = []
        self._sequence = count()

    def accept(self, order, action_type, arguments):
        """Queue an action.

        :param dict order: the order that it is about
        :param str action_type: such as `ship`
        :param dict arguments: argument -> value
        :return: the action
        :rtype: Action
        """
        now = self.simulator.now()
        action = Action(
            id=next(self._ids),
            account_id=int(order["account_id"]),
            marketplace=order["marketplace"],
            marketplace_order_id=str(order["marketplace_order_id"]),
            action_type=action_type,
            arguments=arguments,
            created_at=now,
            updated_at=now,
            error_form=self.settings.error_form,
        )
        self.actions[action.id] = action
        self.revision += 1
        wait = self.settings.delay + self._random.random() * self.settings.spread
        self._plan(self.simulator.clock() + wait, lambda at: self._try(action, at))
        return action

    def advance(self):
        """Do what has become due since the last time, each at its own moment."""
        now = self.simulator.clock()
        while self._jobs and self._jobs[0][0] <= now:
            due, _sequence, job = heapq.heappop(self._jobs)
            job(due)

    def finish(self):
        """Do everything that is waiting now, retries included, without the waiting."""
        now = self.simulator.clock()
        while self._jobs:
            due, _sequence, job = heapq.heappop(self._jobs)
            job(min(due, now))

    def confirmations(self, marketplace_order_id=None, marketplace=None):
        """Tell what the marketplaces really got, line by line.

        :param marketplace_order_id: only this order's lines
        :param str marketplace: only this marketplace's
        :return: see Ledger.report
        :rtype: list of dict
        """
        return self.ledger.report(
            order
            for order in self.simulator.world.orders
            if marketplace in (None, order["marketplace"])
            and (
                marketplace_order_id is None
                or str(order["marketplace_order_id"]) == str(marketplace_order_id)
            )
        )

    def describe(self):
        """Count the actions by what has become of them.

        :return: how many are queued, done and failed
        :rtype: dict
        """
        states = Counter(
            "queued"
            if action.queued
            else "failed"
            if action.problems or not action.processed
            else "done"
            for action in self.actions.values()
        )
        return {state: states[state] for state in ("queued", "done", "failed")}

    def _plan(self, due, job):
        heapq.heappush(self._jobs, (due, next(self._sequence), job))

    def _try(self, action, at):
        """Ask the marketplace once, and plan the next try when it refuses."""
        fault = self.faults.pick(action)
        kind = fault and fault.kind
        self.revision += 1
        if kind == "drop":
            del self.actions[action.id]
            return
        action.tries += 1
        action.updated_at = moment = datetime.fromtimestamp(at, timezone.utc)
        if kind == "stuck":
            return
        try:
            if kind in ("refuse", "processed_with_errors"):
                raise Refusal(fault.message)
            self._carry_out(action, moment, at)
            if kind == "refuse_after_work":
                raise Refusal(fault.message)
        except Refusal as refusal:
            self._settle_refusal(action, refusal, at, kind)
        else:
            action.queued, action.processed, action.problems = False, True, ()

    def _settle_refusal(self, action, refusal, at, kind):
        settings = self.settings
        action.problems = tuple(refusal.problems)
        order = self._find_order(action)
        if order and kind != "refuse_after_work":
            line = find_line(order, action.arguments)
            self.ledger.refuse(order, line, action, str(refusal))
        if kind == "processed_with_errors":
            action.queued, action.processed = False, True
        elif action.tries > settings.retries:
            action.queued = False
        else:
            retry_at = at + settings.retry_delay
            self._plan(retry_at, lambda later: self._try(action, later))

    def _carry_out(self, action, moment, at):
        """Hold the action against the rules of this moment, and change the order."""
        world, order = self.simulator.world, self._find_order(action)
        if order is None:
            raise Refusal("The order does not exist.")
        spec = world.marketplaces[action.marketplace]
        takes_doubles = self.settings.takes_doubles and action.action_type == "ship"
        self._check(spec, order, action, takes_doubles)
        rules = spec["orders"]["actions"][action.action_type]
        statuses = rules.get("status")
        if statuses is not None:
            statuses = (*statuses, "shipped") if takes_doubles else tuple(statuses)
        task = ActionTask(
            action=action,
            arguments=drop_empty(action.arguments),
            statuses=statuses,
            edit=OrderEdit(world, order),
            ledger=self.ledger,
            moment=moment,
            takes_doubles=takes_doubles,
        )
        EFFECTS.get(action.action_type, carry_on)(task)
        task.edit.save(moment)
        if task.next_step:
            step = task.next_step
            due = at + self.settings.approval_delay
            self._plan(due, lambda later: self._move_on(order, step, later))

    @staticmethod
    def _check(spec, order, action, takes_doubles):
        line = find_line(order, action.arguments)
        problems = check(spec, order, line, action.action_type, action.arguments)
        if takes_doubles and (line or order)["lengow_status"] == "shipped":
            problems = [problem for problem in problems if problem.code != "status"]
        if problems:
            raise Refusal(
                *((problem.argument, problem.message) for problem in problems),
            )

    def _move_on(self, order, step, at):
        before, after = step
        edit = OrderEdit(self.simulator.world, order)
        for line in edit.lines:
            if edit.get_status(line) == before:
                edit.set_status(line, after)
        edit.save(datetime.fromtimestamp(at, timezone.utc))

    def _find_order(self, action):
        return self.simulator.world.find_order(
            action.marketplace,
            action.marketplace_order_id,
            action.account_id,
        )


def find_line(order, arguments):
    """Find the line that an action is about.

    :param dict order: the order
    :param dict arguments: the action's
    :return: the line, or None when it is about the whole order, or about no line of it
    :rtype: dict or None
    """
    line_id = arguments.get("line")
    if line_id is None:
        return None
    for package in order.get("packages") or ():
        for line in package.get("cart") or ():
            if str(line.get("marketplace_order_line_id")) == str(line_id):
                return line
    return None
