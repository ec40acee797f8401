"""What goes wrong between Lengow and a marketplace, on demand."""

import random
from dataclasses import dataclass

# Kind -> what the marketplace is said to have answered, where it says anything. What
# goes wrong between us and Lengow is in `faults.py`.
_MESSAGES = {
    # This try fails, the next one may not (004, "Actions on orders").
    "refuse": "Rate limit exceeded.",
    # The marketplace does it, and Lengow believes that it failed.
    "refuse_after_work": "The marketplace did not answer in time.",
    # Nothing is done, and there is no further try, yet it says `processed` (003, "Get
    # all actions on orders").
    "processed_with_errors": "The tracking ID does not map the expected format of the"
    " carrier. Please verify that you have entered the tracking ID and carrier name"
    " correctly.",
    # Lengow accepted the action and has never heard of it since.
    "drop": None,
    # Lengow says forever that it is trying.
    "stuck": None,
}
KINDS = tuple(_MESSAGES)


@dataclass
class ActionFault:
    """One thing that goes wrong with one try of an action.

    :param str kind: one of KINDS
    :param str message: what the marketplace is said to have answered
    """

    kind: str
    message: str | None = None

    def __post_init__(self):
        """Refuse what is not known, and find words for what is."""
        if self.kind not in KINDS:
            known = ", ".join(KINDS)
            raise ValueError(f"Unknown fault {self.kind!r}. Known: {known}")
        self.message = self.message or _MESSAGES[self.kind]


class ActionFaults:
    """What shall go wrong: by rate and seed, or with named actions.

    :param int seed: makes the random faults the same on every run
    """

    def __init__(self, seed=0):
        self.seed = seed
        self.clear()

    def clear(self):
        """Forget every fault and start the random row anew."""
        self._random = random.Random(f"action-faults-{self.seed}")
        self._rates = {}
        # [fault, conditions, times]
        self._rules = []

    def set_rate(self, kind, rate, message=None):
        """Let a share of all tries fail in one way.

        :param str kind: one of KINDS
        :param float rate: share of the tries, from 0 to 1
        :param str message: what the marketplace says
        :raise ValueError: for an unknown kind, or when the rates exceed 1 together
        """
        fault = ActionFault(kind, message)
        others = sum(share for name, (share, _) in self._rates.items() if name != kind)
        if not 0 <= rate <= 1 or others + rate > 1 + 1e-9:
            raise ValueError(f"The rates together must stay within 0 and 1: {rate}")
        self._rates[kind] = (rate, fault)

    def once(self, kind, times=1, message=None, **conditions):
        """Let the next tries of certain actions fail in one way.

        :param str kind: one of KINDS
        :param int times: how many tries fail; four end an action
        :param str message: what the marketplace says
        :param conditions: `marketplace`, `marketplace_order_id`, `action_type` that the
            action must have
        :raise ValueError: for an unknown kind
        :raise TypeError: for an unknown condition
        """
        unknown = {*conditions} - {"marketplace", "marketplace_order_id", "action_type"}
        if unknown:
            raise TypeError(f"Unknown conditions: {', '.join(sorted(unknown))}")
        self._rules.append([ActionFault(kind, message), conditions, times])

    def pick(self, action):
        """Choose what goes wrong with a try, and count it as done.

        :param Action action: the action
        :return: the fault, or None
        :rtype: ActionFault or None
        """
        for rule in self._rules:
            fault, conditions, _times = rule
            if all(
                getattr(action, name) == value for name, value in conditions.items()
            ):
                rule[2] -= 1
                self._rules = [other for other in self._rules if other[2] > 0]
                return fault
        draw = self._random.random() if self._rates else 1
        for rate, fault in self._rates.values():
            if draw < rate:
                return fault
            draw -= rate
        return None

    def describe(self):
        """Tell what is set.

        :return: the rates by kind, and the named faults still to come
        :rtype: dict
        """
        return {
            "rates": {kind: rate for kind, (rate, _) in self._rates.items()},
            "once": [
                {"kind": fault.kind, "times": times, **conditions}
                for fault, conditions, times in self._rules
            ],
        }
