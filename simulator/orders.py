"""Orders: `/v3.0/orders/` with its filters, and `/v3.0/orders/moi/`."""

from datetime import datetime, timedelta, timezone

from .answers import read_json
from .const import DEFAULT_DAYS
from .dates import parse_date
from .errors import ApiError
from .money import get_lines, in_currency
from .paging import PAGE_ARGS, make_page

ORDERS_PATH = "/v3.0/orders/"
DEFAULT_ORDERING = "marketplace,-marketplace_order_date,-imported_at"
_DATE_FIELDS = ("marketplace_order_date", "imported_at", "updated_at")
_ORDERING_FIELDS = (
    "marketplace",
    "marketplace_order_id",
    "merchant_order_id",
    "lengow_status",
    "marketplace_status",
    *_DATE_FIELDS,
)
# Filter -> (field, comparison); the exact ones are of the older reference (001).
_DATE_FILTERS = {
    "marketplace_order_date_from": ("marketplace_order_date", "from"),
    "marketplace_order_date_to": ("marketplace_order_date", "to"),
    "imported_from": ("imported_at", "from"),
    "imported_to": ("imported_at", "to"),
    "updated_from": ("updated_at", "from"),
    "updated_to": ("updated_at", "to"),
    "marketplace_order_date": ("marketplace_order_date", "exact"),
    "imported_at": ("imported_at", "exact"),
    "updated_at": ("updated_at", "exact"),
}
# Arguments that change what is shown of the orders found, not which are found.
_SHOW_ARGS = (*PAGE_ARGS, "set_currency", "no_currency_conversion")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def list_orders(simulator, request):
    """Answer one page of the orders that pass the filters.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: count, next, previous, results
    :rtype: dict
    :raise ApiError: 400 or 403 for the account, 404 beyond the last page
    :source: 002, "Get orders"; 003, "List of supported parameters"; 004, "Pagination"
    """
    args = request.args.to_dict()
    account_id = simulator.check_account(request, args.get("account_id"))
    found = _find(simulator, request, args, account_id)
    return make_page(
        ORDERS_PATH,
        args,
        found,
        lambda order: show_order(simulator, order, args),
    )


def set_merchant_order_id(simulator, request):
    """Keep the merchant's own numbers of an order.

    :param Simulator simulator: the application
    :param Request request: JSON with the account, the order and `merchant_order_id`
    :return: the order
    :rtype: dict
    :raise ApiError: 400 for a wrong body, 403 for a foreign account, 404 when there is
        no such order
    :source: 002, "Set Merchant Order ID"
    """
    body = read_json(request)
    if not isinstance(body, dict):
        raise ApiError(400, "A JSON object is expected", form="text")
    simulator.check_account(request, body.get("account_id"))
    for name in ("marketplace", "marketplace_order_id", "merchant_order_id"):
        if body.get(name) is None:
            raise ApiError(400, f"{name} is mandatory", form="text")
    if not isinstance(body["merchant_order_id"], list):
        raise ApiError(400, "merchant_order_id must be an array", form="text")
    marketplace_order_id = body["marketplace_order_id"]
    order = simulator.world.find_order(
        body["marketplace"],
        marketplace_order_id,
        request.account["account_id"],
    )
    if order is None:
        raise ApiError(404, "Pas trouvé.", form="detail")
    numbers = [str(number) for number in body["merchant_order_id"]]
    if order["merchant_order_id"] != numbers:
        simulator.world.change(order, merchant_order_id=numbers)
    return show_order(simulator, order, {})


def show_order(simulator, order, args):
    """Copy an order the way a call shows it.

    :param Simulator simulator: the application
    :param dict order: the order
    :param dict args: the query, of which the currency counts
    :return: the order in the wanted currency, with new ids of its delivery addresses
    :rtype: dict
    :source: lengow_api, "Orders"
    """
    currency = args.get("set_currency", "").upper()
    if args.get("no_currency_conversion") == "1":
        order = in_currency(order, None)
    elif len(currency) == 3 and currency.isalpha():
        order = in_currency(order, currency)
    packages = []
    for package in order.get("packages") or ():
        if package.get("delivery"):
            simulator.next_delivery_id += 1
            delivery = {**package["delivery"], "id": simulator.next_delivery_id}
            package = {**package, "delivery": delivery}
        packages.append(package)
    return {**order, "packages": packages}


def _find(simulator, request, args, account_id):
    """Collect the orders that pass the filters, in the wanted order.

    A walk over pages asks the same thing again and again: only its first page, or a
    change of the world, makes the search anew.
    """
    world = simulator.world
    asked = sorted(pair for pair in args.items() if pair[0] not in _SHOW_ARGS)
    search = (world.revision, account_id, asked)
    if args.get("page", "1") != "1" and world.last_search == search:
        return world.last_found
    tests = [
        *_prepare_value_tests(args, account_id),
        *_prepare_date_tests(args, request.account, simulator.now()),
    ]
    found = [order for order in world.orders if all(test(order) for test in tests)]
    world.last_found = _sort(found, args.get("ordering"))
    world.last_search = search
    return world.last_found


def _prepare_value_tests(args, account_id):
    """Build a test for every filter on a value; unknown filters are ignored."""

    def split(name):
        return {value.strip() for value in args[name].split(",") if value.strip()}

    def marked_as(order):
        numbers = order["merchant_order_id"]
        numbers = numbers if isinstance(numbers, list) else [numbers]
        return {str(number) for number in numbers if number not in (None, "")}

    yield lambda order: int(order["account_id"]) == account_id
    for name in ("marketplace", "lengow_status"):
        if args.get(name):
            values = split(name)
            yield lambda order, name=name, values=values: order[name] in values
    for name in ("marketplace_order_id", "marketplace_status"):
        if args.get(name):
            yield lambda order, name=name: str(order[name]) == args[name]
    number = args.get("merchant_order_id")
    if number == "None":
        yield lambda order: not marked_as(order)
    elif number:
        yield lambda order: number in marked_as(order)
    if args.get("lengow_line_status"):
        statuses = split("lengow_line_status")
        yield lambda order: any(
            line.get("lengow_status") in statuses for line in get_lines(order)
        )
    if args.get("order_type"):
        types = split("order_type")
        yield lambda order: any(
            order_type["type"] in types for order_type in order.get("order_types") or ()
        )


def _prepare_date_tests(args, account, now):
    """Build a test for every valid date filter, or the default when there is none."""
    limits = []
    for name, (field, comparison) in _DATE_FILTERS.items():
        limit = parse_date(args.get(name))
        if limit is not None:
            limits.append((field, comparison, limit))
    is_one_order = args.get("marketplace") and args.get("marketplace_order_id")
    is_from_given = parse_date(args.get("marketplace_order_date_from")) is not None
    # For some accounts the default stays, whatever other date is asked for.
    is_stubborn = account.get("always_default_days") and not is_from_given
    if not is_one_order and (not limits or is_stubborn):
        limits.append(
            ("marketplace_order_date", "from", now - timedelta(days=DEFAULT_DAYS)),
        )
    for field, comparison, limit in limits:
        if comparison == "from":
            yield lambda order, f=field, lim=limit: _get_date(order, f) >= lim
        elif comparison == "to":
            yield lambda order, f=field, lim=limit: _get_date(order, f) <= lim
        else:
            yield lambda order, f=field, lim=limit: _get_date(order, f) == lim


def _get_date(order, field):
    return parse_date(order[field]) or _EPOCH


def _sort(orders, ordering):
    """Order by a comma list of fields, those with `-` downwards, nulls last."""
    fields = [field.strip() for field in (ordering or "").split(",")]
    fields = [field for field in fields if field.lstrip("-") in _ORDERING_FIELDS]
    for field in reversed(fields or DEFAULT_ORDERING.split(",")):
        name = field.lstrip("-")
        if name in _DATE_FIELDS:
            orders = sorted(
                orders,
                key=lambda order, name=name: _get_date(order, name),
                reverse=field.startswith("-"),
            )
        else:
            empty = [order for order in orders if order[name] in (None, "", [])]
            full = [order for order in orders if order[name] not in (None, "", [])]
            full.sort(
                key=lambda order, name=name: _to_sort_key(order[name]),
                reverse=field.startswith("-"),
            )
            orders = full + empty
    return orders


def _to_sort_key(value):
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


ROUTES = (
    ("GET", ORDERS_PATH, list_orders),
    ("PATCH", f"{ORDERS_PATH}moi/", set_merchant_order_id),
)
