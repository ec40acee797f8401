"""Shipping notices: `/v3.0/logistics/feed/<feed_id>/shipping_notices/`."""

import re

from .answers import read_json
from .dates import format_date
from .errors import ApiError
from .feeds import check_logistics, find_feed
from .notice_record import ACTIONS, STATES
from .paging import make_page

_BASE = "/v3.0/logistics/feed/<feed_id>/shipping_notices"
_UNKNOWN = "Shipping notice does not exist or does not belong to that feed."
# Parameter -> its type (002, "Parameters for shipping notice creation").
_PARAMETERS = {
    "carrier_name": str,
    "requested_zalando_location_id": str,
    "pallets_count": int,
    "colli_count": int,
    "hanging_goods_count": int,
    "earliest_delivery_date": str,
    "merchant_b2b_reference": str,
    "comments": str,
    "contact_email": str,
}
_CARRIER_NAME_LENGTH = 100
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def create_notice(simulator, request, feed_id):
    """Open a shipping notice.

    :return: 201 and the notice
    :rtype: tuple
    :raise ApiError: 400 for a marketplace without notices, or a wrong parameter, 500
        when the marketplace failed
    :source: 002, "Create a shipping notice" and "Shipping notice creation"
    """
    feed = find_feed(simulator, request, feed_id)
    check_logistics(feed, "Shipping notices")
    values = _read_parameters(request)
    settings = simulator.logistics.settings
    fault, settings.creation_fault = settings.creation_fault, None
    if fault != "before":
        notice = simulator.logistics.create(int(feed_id), values)
    if fault:
        message = "Error while creating shipping notice: Internal server error."
        raise ApiError(500, message, form="text")
    return 201, notice.show()


def list_notices(simulator, request, feed_id):
    """Answer one page of the feed's notices.

    :return: count, next, previous, results
    :rtype: dict
    :source: 002, "Retrieve all shipping notices"
    """
    feed = find_feed(simulator, request, feed_id)
    check_logistics(feed, "Shipping notices")
    simulator.logistics.advance()
    args = request.args.to_dict()
    # An example asks by `status`, for one of the marketplace's.
    marketplace_status = args.get("marketplace_status", args.get("status"))
    found = [
        notice
        for notice in simulator.logistics.notices.values()
        if notice.feed_id == int(feed_id)
        and args.get("lengow_status", STATES[notice.status][0])
        == STATES[notice.status][0]
        and marketplace_status in (None, notice.status)
    ]
    path = _BASE.replace("<feed_id>", feed_id) + "/"
    return make_page(path, args, found, lambda notice: notice.show())


def get_notice(simulator, request, feed_id, notice_id):
    """Show a notice.

    :rtype: dict
    :source: 002, "Retrieve a shipping notice"
    """
    return {"notice": _find_notice(simulator, request, feed_id, notice_id).show()}


def get_resource(simulator, request, feed_id, notice_id, name):
    """Show what belongs to a notice.

    :return: `data`
    :rtype: dict
    :raise ApiError: 404 when the notice has none of it yet
    :source: 002, "Announced item set listing", "Dispatch item set listing", "Shipment
        tracking"
    """
    notice = _find_notice(simulator, request, feed_id, notice_id)
    shown = notice.show()["resources"]
    if name not in shown:
        message = f"Resource {name} does not exist for this shipping notice."
        raise ApiError(404, message, form="text")
    if name == "tracking_status":
        return {"data": notice.show_tours()}
    if name == "announced_item_sets":
        return {"data": [_show_items(simulator, notice.announced)]}
    created = {"created": format_date(notice.dispatched_at)}
    return {"data": [{**_show_items(simulator, notice.dispatched), **created}]}


def act(simulator, request, feed_id, notice_id, action):
    """Carry out an action on a notice.

    :return: the notice
    :rtype: dict
    :raise ApiError: 400 for an action that does not exist or is not offered, or items
        that are none
    :source: 002, "Perform actions on shipping notices"
    """
    notice = _find_notice(simulator, request, feed_id, notice_id)
    offered = STATES[notice.status][1]
    available = (
        "Available actions for this shipping notice are "
        f"{', '.join(offered) or 'none'}."
    )
    if action not in ACTIONS:
        message = f"Action {action} does not exist. {available}"
        raise ApiError(400, message, form="text")
    if action not in offered:
        message = (
            f"Action {action} is not available from status {notice.status}. {available}"
        )
        raise ApiError(400, message, form="text")
    body = {}
    if action == "update_shipping_notice":
        body = _read_parameters(request)
    elif action.endswith("item_set"):
        body = {"items": _read_items(request)}
    notice.do(action, body, simulator.now())
    return {"notice": notice.show()}


def _find_notice(simulator, request, feed_id, notice_id):
    feed = find_feed(simulator, request, feed_id)
    check_logistics(feed, "Shipping notices")
    simulator.logistics.advance()
    number = int(notice_id) if notice_id.isdecimal() else None
    notice = simulator.logistics.notices.get(number)
    if notice is None or notice.feed_id != int(feed_id):
        raise ApiError(404, _UNKNOWN, form="text")
    return notice


def _read_parameters(request):
    body = read_json(request)
    if not isinstance(body, dict):
        raise ApiError(400, "A JSON object is expected", form="text")
    for name, value in body.items():
        kind = _PARAMETERS.get(name)
        if kind is None:
            raise ApiError(400, f"{name}: unknown parameter", form="text")
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ApiError(400, f"{name}: a {kind.__name__} is expected", form="text")
    if len(body.get("carrier_name", "")) > _CARRIER_NAME_LENGTH:
        raise ApiError(400, "carrier_name: max length is 100", form="text")
    day = body.get("earliest_delivery_date")
    if day is not None and not _DATE.fullmatch(day):
        raise ApiError(400, "earliest_delivery_date: a date is expected", form="text")
    return body


def _read_items(request):
    body = read_json(request)
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list) or not items:
        raise ApiError(400, "items is mandatory", form="text")
    for item in items:
        if not isinstance(item, dict) or not {"ean", "quantity"} <= item.keys():
            raise ApiError(400, "items need an ean and a quantity", form="text")
        if not isinstance(item["ean"], str) or not isinstance(item["quantity"], int):
            raise ApiError(400, "items need an ean and a quantity", form="text")
        if item["quantity"] < 1:
            raise ApiError(400, f"{item['ean']}: quantity must be positive", "text")
    eans = [item["ean"] for item in items]
    if len(set(eans)) < len(eans):
        raise ApiError(400, "items: an ean is given twice", form="text")
    return [{"ean": item["ean"], "quantity": item["quantity"]} for item in items]


def _show_items(simulator, items):
    known = simulator.logistics.known_eans
    shown = [
        {
            **item,
            "sku": f"ZAL{item['ean'][-8:]}" if item["ean"] in known else "",
            "validation_state": "valid" if item["ean"] in known else "invalid",
        }
        for item in items
    ]
    valid = sum(item["validation_state"] == "valid" for item in shown)
    return {
        "items": shown,
        "items_total": len(shown),
        "items_valid": valid,
        "validation_state": "valid" if valid == len(shown) else "invalid",
        "validation_description": ""
        if valid == len(shown)
        else f"{len(shown) - valid} items are unknown",
    }


ROUTES = (
    ("POST", f"{_BASE}/", create_notice),
    ("GET", f"{_BASE}/", list_notices),
    ("GET", _BASE, list_notices),
    ("GET", f"{_BASE}/<notice_id>", get_notice),
    ("GET", f"{_BASE}/<notice_id>/<name>", get_resource),
    ("POST", f"{_BASE}/<notice_id>/<action>", act),
)
