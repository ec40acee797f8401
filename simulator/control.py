"""The simulator's own doors, outside Lengow's paths and without authentication."""

from collections import Counter

from .answers import read_json
from .changes import CHANGES
from .errors import ApiError


def get_summary(simulator, request):
    """Count what the world holds and what was asked of it.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: orders, orders by status, marked orders, requests by path and status
    :rtype: dict
    """
    orders = simulator.world.orders
    requests = {}
    for (path, status), count in sorted(simulator.request_counts.items()):
        requests.setdefault(path, {})[status] = count
    return {
        "now": simulator.now().isoformat(),
        "accounts": len(simulator.world.accounts),
        "marketplaces": len(simulator.world.marketplaces),
        "products": len(simulator.world.products),
        "orders": len(orders),
        "by_status": dict(Counter(str(order["lengow_status"]) for order in orders)),
        "marked": sum(bool(order["merchant_order_id"]) for order in orders),
        "tokens": len(simulator.tokens),
        "requests": requests,
        "actions": simulator.actions.describe(),
        "faults": simulator.faults.describe(),
        "preprocessing_jobs": simulator.preprocessing_jobs,
    }


def list_products(simulator, request):
    """List the merchant's catalogue.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: the products
    :rtype: list of dict
    """
    return simulator.world.products


def get_order(simulator, request, marketplace, marketplace_order_id):
    """Show one order as it is now.

    :param Simulator simulator: the application
    :param Request request: the request
    :param str marketplace: marketplace code
    :param str marketplace_order_id: the marketplace's number of the order
    :return: the order
    :rtype: dict
    :raise ApiError: 404 when there is none
    """
    order = simulator.world.find_order(marketplace, marketplace_order_id)
    if order is None:
        raise ApiError(404, "Not found.")
    return order


def change_order(simulator, request, marketplace, marketplace_order_id):
    """Let something happen to an order.

    :param Simulator simulator: the application
    :param Request request: JSON with `kind`, one of the changes, and its arguments
    :param str marketplace: marketplace code
    :param str marketplace_order_id: the marketplace's number of the order
    :return: the order
    :rtype: dict
    :raise ApiError: 400 when the change makes no sense, 404 when there is no such order
    """
    order = get_order(simulator, request, marketplace, marketplace_order_id)
    options = read_json(request)
    change = (
        CHANGES.get(options.pop("kind", None)) if isinstance(options, dict) else None
    )
    if change is None:
        raise ApiError(400, f"A kind is expected, one of: {', '.join(CHANGES)}")
    try:
        return 201, change(simulator.world, order, **options)
    except (IndexError, StopIteration, TypeError, ValueError) as error:
        raise ApiError(400, f"The change makes no sense: {error!r}") from error


def add_fault(simulator, request):
    """Set a fault: with `rate` at random, without at the next matching requests.

    :param Simulator simulator: the application
    :param Request request: JSON with `kind` and the arguments of Faults' methods
    :return: what is set now
    :rtype: dict
    :raise ApiError: 400 when the fault makes no sense
    """
    options = read_json(request)
    if not isinstance(options, dict) or "kind" not in options:
        raise ApiError(400, "A JSON object with a kind is expected")
    faults = simulator.faults
    set_fault = faults.set_rate if "rate" in options else faults.once
    try:
        set_fault(**options)
    except (TypeError, ValueError) as error:
        raise ApiError(400, str(error)) from error
    return 201, faults.describe()


def clear_faults(simulator, request):
    """Let everything go well again.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: what is set now, nothing
    :rtype: dict
    """
    simulator.faults.clear()
    return simulator.faults.describe()


ROUTES = (
    ("GET", "/_simulator/", get_summary),
    ("GET", "/_simulator/products", list_products),
    (
        "GET",
        "/_simulator/orders/<marketplace>/<path:marketplace_order_id>",
        get_order,
    ),
    (
        "POST",
        "/_simulator/changes/<marketplace>/<path:marketplace_order_id>",
        change_order,
    ),
    ("POST", "/_simulator/faults", add_fault),
    ("DELETE", "/_simulator/faults", clear_faults),
)
