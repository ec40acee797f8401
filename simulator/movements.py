"""Stock movements: `/v3.0/logistics/feed/<feed_id>/stock_movements/`."""

from .dates import parse_date
from .errors import ApiError
from .feeds import check_logistics, find_feed
from .warehouse import LIQUIDATED, RECEIVED, RELOCATED, RETURNED

_BASE = "/v3.0/logistics/feed/<feed_id>/stock_movements"
RESOURCES = {
    RECEIVED: {"required": ["from", "to"]},
    RETURNED: {"required": ["from", "to"]},
    RELOCATED: {"required": ["from", "to"]},
    LIQUIDATED: {
        "required": ["from", "to"],
        "optional": ["purchase_order_number"],
    },
}


def list_resources(simulator, request, feed_id):
    """List the kinds of movements and what they take.

    :rtype: dict
    :source: 002, "Retrieve stock movements informations"
    """
    check_logistics(find_feed(simulator, request, feed_id), "Stock movements")
    return RESOURCES


def list_movements(simulator, request, feed_id, resource):
    """List the movements of a kind in a time.

    :return: `data`
    :rtype: dict
    :raise ApiError: 404 for an unknown kind, 401 for a missing parameter, 400 for a
        date that is none
    :source: 002, "Retrieve stock movements"
    """
    check_logistics(find_feed(simulator, request, feed_id), "Stock movements")
    facts = RESOURCES.get(resource)
    if facts is None:
        message = (
            f"Resource {resource} does not exist. Available resources are "
            f"{', '.join(RESOURCES)}."
        )
        raise ApiError(404, message, form="text")
    moments = []
    for name in facts["required"]:
        if not request.args.get(name):
            message = f"Missing mandatory GET parameter : {name}"
            raise ApiError(401, message, form="text")
        moments.append(parse_date(request.args[name]))
    if None in moments:
        raise ApiError(400, "from and to must be ISO 8601 dates", form="text")
    simulator.logistics.advance()
    rows = simulator.logistics.warehouse(feed_id).list_rows(resource, *moments)
    number = request.args.get("purchase_order_number")
    if resource == LIQUIDATED and number:
        rows = [row for row in rows if row["purchase_order_number"] == number]
    return {"data": rows}


ROUTES = (
    ("GET", f"{_BASE}/", list_resources),
    ("GET", f"{_BASE}/<resource>", list_movements),
)
