"""Which arguments an action takes beside each other, and what is wrong with given ones."""

from dataclasses import dataclass

from . import const
from .arguments import Argument, is_empty
from .conditions import describe
from .parsing import text
from .problems import Problem


@dataclass(frozen=True)
class ArgumentState:
    """What becomes of an argument, as far as the other values are known.

    :param Argument argument: the argument
    :param applies: whether it may be given; None when that is unclear
    :param bool is_required: whether it must be given
    """

    argument: Argument
    applies: bool | None
    is_required: bool


def get_states(rule, conditions, values):
    """Tell of each argument whether it may and must be given.

    :param ActionRule rule: what the marketplace wants of the action
    :param Conditions conditions: judges rules about the order
    :param dict values: what is given so far, by argument
    :return: dict of argument name to :class:`ArgumentState`
    """
    states = {}
    for name, argument in rule.arguments.items():
        is_met = conditions.judge(argument.depends_on, values).is_met
        states[name] = ArgumentState(argument, is_met, _is_required(argument, is_met))
    return states


def _is_required(argument, is_met):
    """Tell whether an argument must be given.

    A rule says when an argument is asked for; the list that it stands in, whether it
    must then be given.
    """
    return argument.is_listed_as_required and is_met is True


def select_arguments(rule, conditions, values):
    """Choose, of all values at hand, those that a request takes, and write them.

    What the action does not list, or asks for in other cases only, is left out. A
    required argument without a value gets this action's own default; an optional one
    never does.

    :param ActionRule rule: what the marketplace wants of the action
    :param Conditions conditions: judges rules about the order
    :param dict values: what is at hand, by argument
    :return: the arguments, values that are refused as they were given; and the
        problems that rules which contradict each other make
    :rtype: tuple[dict, list[Problem]]
    """
    given = {}
    for name, argument in rule.arguments.items():
        value = values.get(name)
        if argument.is_given(value):
            prepared, problem = argument.prepare(value)
            given[name] = value if problem else prepared
        elif argument.is_listed_as_required and argument.default_value is not None:
            prepared, problem = argument.prepare(argument.default_value)
            if problem is None:
                given[name] = prepared
    selected = dict(given)
    # The last listed come first: of two that exclude each other, the first one stays.
    ruled = [name for name in reversed(given) if rule.arguments[name].is_conditional]
    for _round in range(const.RULE_ROUNDS):
        changed = _apply_rules(rule, conditions, ruled, given, selected)
        if not changed:
            return {name: selected[name] for name in given if name in selected}, []
    return selected, [_contradiction(rule, name) for name in changed]


def _apply_rules(rule, conditions, names, given, selected):
    """Drop what is not asked for beside the rest, and take back what now is.

    :return: list of the names that were dropped or taken back
    """
    changed = []
    for name in names:
        is_met = conditions.judge(rule.arguments[name].depends_on, selected).is_met
        if (is_met is not False) != (name in selected):
            changed.append(name)
            if name in selected:
                del selected[name]
            else:
                selected[name] = given[name]
    return changed


def check_arguments(rule, conditions, arguments):
    """Tell what is wrong with the arguments of a request.

    :param ActionRule rule: what the marketplace wants of the action
    :param Conditions conditions: judges rules about the order
    :param dict arguments: the arguments as they are to be sent
    :return: list of :class:`.problems.Problem`, notices among them
    """
    known = rule.arguments
    given = {name: value for name, value in arguments.items() if not is_empty(value)}
    problems = [
        _problem("unknown_argument", rule, Argument(name, None))
        for name in given
        if name not in known
    ]
    for name, argument in known.items():
        verdict = conditions.judge(argument.depends_on, given)
        if name in given:
            problems += _check_given(rule, argument, verdict, given[name])
        else:
            problems += _check_absent(rule, argument, verdict)
        if verdict.is_met is None:
            problems.append(_problem(verdict.doubt, rule, argument, name=verdict.name))
        if name in rule.ambiguous_args:
            problems.append(_problem("both_lists", rule, argument))
    return problems


def _check_given(rule, argument, verdict, value):
    if verdict.is_met is False:
        return [_conditional("not_applicable", rule, argument)]
    problem = argument.check(value)
    problems = [problem] if problem else []
    if argument.kind == "other":
        problems.append(_problem("unknown_type", rule, argument, type=argument.type))
    if not argument.accepts_free_values and not argument.valid_values:
        problems.append(_problem("no_choices", rule, argument))
    return problems


def _check_absent(rule, argument, verdict):
    if not verdict.is_met:
        return []
    if not _is_required(argument, verdict.is_met):
        is_asked_for = argument.is_conditional
        return [_conditional("asked_for", rule, argument)] if is_asked_for else []
    problems = []
    default = argument.default_value
    if default is not None and argument.prepare(default)[1]:
        problems.append(_problem("bad_default", rule, argument, value=text(default)))
    if argument.is_conditional:
        return [*problems, _conditional("missing_because", rule, argument)]
    return [*problems, _problem("missing", rule, argument)]


def _problem(code, rule, argument, **values):
    return Problem(
        code,
        argument.name,
        values={
            "argument": argument.label,
            "action": rule.name,
            "marketplace": rule.marketplace.name,
            **values,
        },
    )


def _conditional(code, rule, argument):
    return _problem(code, rule, argument, condition=describe(argument.depends_on))


def _contradiction(rule, name):
    return _problem("contradiction", rule, rule.arguments[name])
