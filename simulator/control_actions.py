"""The simulator's own doors to what the marketplaces make of actions."""

from .answers import read_options
from .errors import ApiError

_PREFIX = "/_simulator/actions"


def list_all(simulator, request):
    """List the actions of all accounts, with their tries.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: the actions, the oldest first
    :rtype: list of dict
    """
    actions = simulator.actions.actions.values()
    return [{**action.show(), "tries": action.tries} for action in actions]


def list_confirmations(simulator, request):
    """Tell what the marketplaces really got, line by line.

    :param Simulator simulator: the application
    :param Request request: `marketplace` and `marketplace_order_id` narrow it down
    :return: see Ledger.report
    :rtype: list of dict
    """
    return simulator.actions.confirmations(
        request.args.get("marketplace_order_id"),
        request.args.get("marketplace"),
    )


def finish(simulator, request):
    """Do all that is waiting, retries included, without the waiting.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: how many actions are queued, done and failed
    :rtype: dict
    """
    simulator.actions.finish()
    return simulator.actions.describe()


def change_settings(simulator, request):
    """Change how long things take, and what is answered.

    :param Simulator simulator: the application
    :param Request request: JSON with some of the ActionSettings
    :return: the settings
    :rtype: dict
    :raise ApiError: 400 for a setting that does not exist
    """
    settings = simulator.actions.settings
    try:
        settings.update(**read_options(request))
    except ValueError as error:
        raise ApiError(400, str(error)) from error
    return vars(settings)


def add_fault(simulator, request):
    """Set a fault: with `rate` at random, without with the next matching actions.

    :param Simulator simulator: the application
    :param Request request: JSON with `kind` and the arguments of ActionFaults' methods
    :return: what is set now
    :rtype: dict
    :raise ApiError: 400 when the fault makes no sense
    """
    options = read_options(request)
    faults = simulator.actions.faults
    set_fault = faults.set_rate if "rate" in options else faults.once
    try:
        set_fault(**options)
    except (TypeError, ValueError) as error:
        raise ApiError(400, str(error)) from error
    return 201, faults.describe()


def clear_faults(simulator, request):
    """Let the marketplaces do what they are asked again.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: what is set now, nothing
    :rtype: dict
    """
    simulator.actions.faults.clear()
    return simulator.actions.faults.describe()


ROUTES = (
    ("GET", _PREFIX, list_all),
    ("POST", f"{_PREFIX}/finish", finish),
    ("PATCH", f"{_PREFIX}/settings", change_settings),
    ("POST", f"{_PREFIX}/faults", add_fault),
    ("DELETE", f"{_PREFIX}/faults", clear_faults),
    ("GET", "/_simulator/confirmations", list_confirmations),
)
