"""Actions on orders: `/v3.0/orders/actions/`, which takes them and lists them."""

from .action_desk import find_line
from .action_queries import find_actions
from .answers import read_json
from .errors import ApiError
from .paging import make_page
from .rules import check, find_missing

ACTIONS_PATH = "/v3.0/orders/actions/"
_MANDATORY = ("marketplace_order_id", "marketplace", "action_type")


def list_actions(simulator, request):
    """Answer one page of the actions that pass the filters, the newest first.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: count, next, previous, results
    :rtype: dict
    :raise ApiError: 400 for a filter that makes no sense, 403 for a foreign account,
        404 beyond the last page
    :source: 002, "Get all actions on orders"; 003; 004, "Actions on orders"
    """
    args = request.args.to_dict()
    account_id = simulator.check_account(request, args.get("account_id"))
    found = find_actions(simulator.actions, args, account_id)
    is_text_id = bool(request.account.get("text_ids"))
    return make_page(
        ACTIONS_PATH,
        args,
        found,
        lambda action: action.show(is_text_id),
    )


def create_action(simulator, request):
    """Take an action, which the marketplace will be asked for later.

    Lengow itself looks at what no order and no condition can change: whether the order
    and the kind of action exist, and whether what must always be given is. The rest is
    left to the marketplace, unless the desk `is_strict`.

    :param Simulator simulator: the application
    :param Request request: JSON or a form with the account, the order, `action_type` and
        the arguments
    :return: 202 and the action's id
    :rtype: tuple
    :raise ApiError: 400 for a wrong body, 403 for a foreign account or marketplace, 404
        when there is no such marketplace or order
    :source: 002, "Create an action on an order"; lengow_api, "Actions"
    """
    body = _read_body(request)
    account_id = simulator.check_account(request, body.pop("account_id", None))
    for name in _MANDATORY:
        if body.get(name) in (None, ""):
            raise ApiError(400, f"{name} is mandatory", form="text")
        if isinstance(body[name], (bool, dict, list)):
            raise ApiError(400, f"{name} must be a string", form="text")
    order_id, marketplace, action_type = (str(body.pop(name)) for name in _MANDATORY)
    spec = _find_marketplace(simulator, request, marketplace)
    order = simulator.world.find_order(marketplace, order_id, account_id)
    if order is None:
        raise ApiError(404, "Pas trouvé.", form="detail")
    _check_action(spec, action_type, body)
    desk = simulator.actions
    if desk.settings.is_strict:
        line = find_line(order, body)
        problems = check(spec, order, line, action_type, body)
        if problems:
            errors = [problem.message for problem in problems]
            return 422, {"code": "422", "errors": errors}
    action = desk.accept(order, action_type, body)
    return desk.settings.accepted_status, {
        "id": str(action.id) if request.account.get("text_ids") else action.id,
    }


def _read_body(request):
    """Read a JSON object, or the form fields that Lengow's own plugins send."""
    body = read_json(request)
    if body is None and request.form:
        body = request.form.to_dict()
    if not isinstance(body, dict):
        raise ApiError(400, "A JSON object is expected", form="text")
    return dict(body)


def _find_marketplace(simulator, request, code):
    spec = simulator.world.marketplaces.get(code)
    if spec is None:
        raise ApiError(404, f"Marketplace {code} does not exist.", form="text")
    if code not in request.account.get("marketplaces", (code,)):
        raise ApiError(403, "Forbidden: account and marketplace don't match")
    return spec


def _check_action(spec, action_type, arguments):
    actions = spec["orders"]["actions"] or {}
    if action_type not in actions:
        message = (
            f"Action {action_type} does not exist. Available actions for this"
            f" marketplace are {', '.join(actions) or 'none'}."
        )
        raise ApiError(400, message, form="text")
    for name, value in arguments.items():
        if isinstance(value, (dict, list)):
            raise ApiError(400, f"{name} must be a single value", form="text")
    missing = find_missing(actions[action_type], arguments)
    if missing:
        message = f"Missing mandatory arguments: {', '.join(missing)}"
        raise ApiError(400, message, form="text")


ROUTES = (
    ("GET", ACTIONS_PATH, list_actions),
    ("POST", ACTIONS_PATH, create_action),
)
