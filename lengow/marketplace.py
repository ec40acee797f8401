"""What a marketplace allows: read-only views over ``GET /v3.0/marketplaces/``.

The description is never changed, and read in every form that it takes: what is missing
or of another type counts as not told.
"""

from functools import cached_property

from . import const
from .arguments import Argument
from .choices import read_choices
from .parsing import as_dict, as_list, text

#: An action takes one request per part of a line, per line, or per order.
PER_QUANTITY, PER_LINE, PER_ORDER = "quantity", "line", "order"

# Which of the marketplace's own lists an argument without a list takes its values from.
_LISTS = {
    "carrier": "carriers",
    "return_carrier": "carriers",
    "shipping_method": "shipping_methods",
}


class Marketplace:
    """One marketplace as Lengow describes it.

    :param dict spec: the description
    :param str code: the marketplace's code, the description's key
    :source: API reference, "Get marketplace informations"
    """

    def __init__(self, spec, code=""):
        self.spec = as_dict(spec)
        self.code = code
        self._orders = as_dict(self.spec.get("orders"))

    def __repr__(self):
        return f"{type(self).__name__}({self.code!r})"

    @property
    def name(self):
        """:return: its name for people, else its code."""
        return text(self.spec.get("name")) or self.code

    @cached_property
    def statuses(self):
        """:return: dict of Lengow status to list of the marketplace's statuses."""
        return {
            name: [text(status) for status in as_list(statuses)]
            for name, statuses in as_dict(self._orders.get("status")).items()
        }

    @cached_property
    def carriers(self):
        """:return: dict of code to :class:`.choices.Choice`."""
        return read_choices(self._orders.get("carriers"))

    @cached_property
    def shipping_methods(self):
        """:return: dict of code to :class:`.choices.Choice`."""
        return read_choices(self._orders.get("shipping_methods"))

    @cached_property
    def actions(self):
        """:return: dict of name to :class:`ActionRule`, documented or not."""
        return {
            name: ActionRule(self, name, spec)
            for name, spec in as_dict(self._orders.get("actions")).items()
        }

    def get_action(self, name):
        """Find the rules of an action.

        :param str name: type of the action, such as `ship`
        :return: :class:`ActionRule`, None when the marketplace does not offer it
        """
        return self.actions.get(name)

    def get_allowed_actions(self, order):
        """List what can be done with an order now, or with a line of it.

        :param Order order: the order
        :return: list of :class:`ActionRule`
        """
        return [
            rule
            for rule in self.actions.values()
            if rule.is_allowed(order)
            or (
                rule.line_argument is not None
                and any(rule.is_allowed(order, line) for line in order.lines)
            )
        ]

    def get_lengow_status(self, marketplace_status):
        """Translate a status of the marketplace.

        :param str marketplace_status: as the marketplace names it
        :return: Lengow's status, "" when it is not known, or not the only one
        :rtype: str
        """
        found = [
            name for name, known in self.statuses.items() if marketplace_status in known
        ]
        return found[0] if len(found) == 1 else ""

    def get_list(self, argument_name):
        """Read the list that an argument without one of its own takes its values from.

        :param str argument_name: such as `carrier`
        :return: dict of code to :class:`.choices.Choice`
        """
        name = _LISTS.get(argument_name)
        return getattr(self, name) if name else {}


class ActionRule:
    """What a marketplace wants of one action.

    :param Marketplace marketplace: the marketplace
    :param str name: type of the action
    :param dict spec: the action's description
    :source: API reference, "Detail of orders.actions"
    """

    def __init__(self, marketplace, name, spec):
        self.marketplace = marketplace
        self.name = name
        self.spec = as_dict(spec)

    def __repr__(self):
        return f"{type(self).__name__}({self.marketplace.code!r}, {self.name!r})"

    # === ARGUMENTS === #

    @cached_property
    def args(self):
        """:return: list of the names of the arguments that must be given."""
        return _names(self.spec.get("args"))

    @cached_property
    def optional_args(self):
        """:return: list of the names of the other arguments that may be given."""
        names = _names(self.spec.get("optional_args"))
        return [name for name in names if name not in self.args]

    @cached_property
    def ambiguous_args(self):
        """:return: list of the names in both lists; they count as required."""
        return [
            name for name in _names(self.spec.get("optional_args")) if name in self.args
        ]

    @cached_property
    def arguments(self):
        """:return: dict of name to :class:`.arguments.Argument`, required ones first."""
        descriptions = as_dict(self.spec.get("args_description"))
        return {
            name: Argument(
                name,
                descriptions.get(name),
                is_listed_as_required=name in self.args,
                choices=self.marketplace.get_list(name),
            )
            for name in self.args + self.optional_args
        }

    @property
    def default_values(self):
        """:return: dict of argument to default value, of this action alone."""
        return {
            name: argument.default_value
            for name, argument in self.arguments.items()
            if argument.default_value is not None
        }

    @cached_property
    def line_argument(self):
        """:return: the :class:`.arguments.Argument` that names the line, or None."""
        return self._find_argument("line", const.LINE_ARGUMENTS)

    @cached_property
    def quantity_argument(self):
        """:return: the :class:`.arguments.Argument` of the line's quantity, or None."""
        return self._find_argument("quantity", const.QUANTITY_ARGUMENTS)

    def _find_argument(self, kind, names):
        """Find the argument that is named so; else the first one of that kind."""
        found = [entry for entry in self.arguments.values() if entry.kind == kind]
        named = [entry for entry in found if entry.name in names]
        return next(iter(named or found), None)

    @property
    def granularity(self):
        """:return: PER_QUANTITY, PER_LINE or PER_ORDER.

        :source: lengow_api, "Actions"
        """
        if self.line_argument is None:
            return PER_ORDER
        return PER_LINE if self.quantity_argument is None else PER_QUANTITY

    # === STATUS === #

    @cached_property
    def statuses(self):
        """:return: list of the statuses in which it is allowed; None when not told."""
        status = self.spec.get("status")
        return None if status is None else [text(entry) for entry in as_list(status)]

    def allows(self, lengow_status, marketplace_status=""):
        """Tell whether the action is allowed in a status.

        The description names Lengow's statuses; a name that is none of them is one of
        the marketplace's own.

        :param str lengow_status: Lengow's status, "" when it is not known
        :param str marketplace_status: the marketplace's own
        :rtype: bool
        """
        if self.statuses is None:
            return True
        known = self.marketplace.statuses
        if not lengow_status:
            lengow_status = self.marketplace.get_lengow_status(marketplace_status)
        if lengow_status and lengow_status in self.statuses:
            return True
        own = [marketplace_status] if marketplace_status else known.get(lengow_status)
        own = {*(own or ())} - const.LENGOW_STATUSES - known.keys()
        return not own.isdisjoint(self.statuses)

    def is_allowed(self, order, line=None):
        """Tell whether the action is allowed for an order, or for a line of it.

        A line has its own status; the order's counts where the line tells none.

        :param Order order: the order
        :param Line line: the line
        :rtype: bool
        """
        if line is not None and (line.lengow_status or _marketplace_status(line)):
            return self.allows(line.lengow_status, _marketplace_status(line))
        return self.allows(order.lengow_status, order.marketplace_status)


def _marketplace_status(line):
    return text(line.payload.get("marketplace_status"))


def _names(value):
    """Read names of arguments, without those that every request says anyway."""
    entries = value if isinstance(value, dict) else as_list(value)
    names = dict.fromkeys(entry for entry in entries if isinstance(entry, str))
    return [name for name in names if name and name not in const.ACTION_KEYS]
