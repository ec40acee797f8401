"""The filters of `/v3.0/orders/actions/`."""

from .dates import parse_date
from .errors import ApiError
from .paging import PAGE_ARGS

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
# Filter -> attribute of the action
_TEXTS = {
    "marketplace": "marketplace",
    "marketplace_order_id": "marketplace_order_id",
    "action_type": "action_type",
}
_ARGUMENTS = ("tracking_number", "carrier", "line")
# Filter -> (attribute, comparison); the exact one is of the older reference (001).
_DATES = {
    "created_at": ("created_at", "exact"),
    "created_from": ("created_at", "from"),
    "created_to": ("created_at", "to"),
    "updated_from": ("updated_at", "from"),
    "updated_to": ("updated_at", "to"),
}


def find_actions(desk, args, account_id):
    """Collect the actions that pass the filters, the newest first.

    A walk over pages asks the same thing again and again: only its first page, or a
    change, makes the search anew. Unknown filters are ignored, and so are empty ones.

    :param ActionDesk desk: the actions
    :param dict args: the query
    :param int account_id: the account that asks
    :return: the actions
    :rtype: list of Action
    :raise ApiError: 400 for a value that a filter cannot have
    :source: 002, "Get all actions on orders"; 003, "List of supported parameters"
    """
    asked = sorted(pair for pair in args.items() if pair[0] not in PAGE_ARGS)
    search = (desk.revision, account_id, asked)
    if args.get("page", "1") != "1" and desk.last_search == search:
        return desk.last_found
    given = {name: value for name, value in args.items() if value != ""}
    tests = [
        lambda action: action.account_id == account_id,
        *_prepare_value_tests(given),
        *_prepare_date_tests(given),
    ]
    desk.last_found = [
        action
        for action in reversed(desk.actions.values())
        if all(test(action) for test in tests)
    ]
    desk.last_search = search
    return desk.last_found


def _prepare_value_tests(args):
    if "id" in args:
        number = _read_id(args["id"])
        yield lambda action: action.id == number
    for name, attribute in _TEXTS.items():
        if name in args:
            values = {value.strip() for value in args[name].split(",")}
            yield lambda action, a=attribute, v=values: getattr(action, a) in v
    for name in ("processed", "queued"):
        if name in args:
            value = _read_boolean(name, args[name])
            yield lambda action, n=name, v=value: getattr(action, n) is v
    for name in _ARGUMENTS:
        if name in args:
            yield lambda action, n=name: str(action.arguments.get(n)) == args[n]
    if "errors" in args:
        words = args["errors"].lower()
        yield lambda action: any(
            words in message.lower() for _argument, message in action.problems
        )


def _prepare_date_tests(args):
    for name, (attribute, comparison) in _DATES.items():
        if name not in args:
            continue
        limit = parse_date(args[name])
        if limit is None:
            raise ApiError(400, f"{name} must be a date in ISO 8601", form="text")
        if comparison == "from":
            yield lambda action, a=attribute, lim=limit: getattr(action, a) >= lim
        elif comparison == "to":
            yield lambda action, a=attribute, lim=limit: getattr(action, a) <= lim
        else:
            yield lambda action, a=attribute, lim=limit: getattr(action, a) == lim


def _read_id(text):
    try:
        return int(text)
    except ValueError:
        raise ApiError(400, "id must be an integer", form="text") from None


def _read_boolean(name, text):
    value = _BOOLEANS.get(text.lower())
    if value is None:
        raise ApiError(400, f"{name} must be True or False", form="text")
    return value
