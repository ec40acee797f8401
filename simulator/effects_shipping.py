"""Parcels that leave: whole orders, lines, pieces, and the trackings that they get."""

from .dates import format_date, parse_date
from .errors import Refusal
from .order_edit import get_quantity

_QUANTITIES = ("quantity", "shipped_quantity")
# A carrier's own name is worth more than the code that stands for "other".
_CARRIERS = ("carrier_name", "custom_carrier", "carrier")
# What a package without any tracking starts from (002, "Tracking object").
_TRACKING = {
    "number": None,
    "method": None,
    "carrier": None,
    "url": None,
    "is_delivered_by_marketplace": False,
    "parcel_weight": None,
    "shipped_at": None,
    "relay": {"name": None, "id": None, "type": None},
    "marketplace_order_line_ids": [],
}


def ship(task):
    """Confirm a shipment, or bring another tracking of what has left before."""
    lines = task.find_targets()
    parcel = _describe_parcel(task.arguments)
    waiting = [line for line in lines if task.edit.get_status(line) != "shipped"]
    if task.takes_doubles:
        shares = _share_out_again(task, lines)
    else:
        shares = task.share_out(waiting, *_QUANTITIES) if waiting else ()
    shares = [(line, quantity) for line, quantity in shares if quantity > 0]
    if shares:
        for line, quantity in shares:
            _confirm(task, line, quantity, parcel)
        add_trackings(task, [line for line, _quantity in shares], parcel)
    elif parcel["numbers"] and not waiting:
        for line in lines:
            _confirm(task, line, 0, parcel)
        add_trackings(task, lines, parcel, is_correction=True)
    else:
        raise Refusal("Everything has already been shipped.")


def add_trackings(task, lines, parcel, is_correction=False):
    """Put the parcels of some lines into their packages.

    :param ActionTask task: the task
    :param list lines: the lines
    :param dict parcel: `numbers` and `carrier`
    :param bool is_correction: they replace what was known of the lines
    :source: 002, "Tracking object"
    """
    shipped = {
        str(line["marketplace_order_line_id"])
        for line in lines
        if is_correction or task.edit.get_status(line) == "shipped"
    }
    chosen = {id(line) for line in lines}
    for package in task.edit.packages:
        line_ids = [
            line["marketplace_order_line_id"]
            for line in package.get("cart") or ()
            if id(line) in chosen
        ]
        delivery = package.get("delivery")
        if not line_ids or not delivery:
            continue
        trackings = delivery.get("trackings") or []
        delivery["trackings"] = [
            *_leave_out(trackings, shipped, is_correction),
            *_make_trackings(task, trackings, line_ids, parcel),
        ]


def _describe_parcel(arguments):
    """Read the numbers, several between commas, and who carries them."""
    text = str(arguments.get("tracking_number") or "")
    numbers = [number.strip() for number in text.split(",") if number.strip()]
    names = [arguments[name] for name in _CARRIERS if arguments.get(name) is not None]
    return {"numbers": numbers, "carrier": str(names[0]) if names else None}


def _share_out_again(task, lines):
    """Say how many pieces of each line leave, whatever has left before."""
    quantity = task.get_quantity(*_QUANTITIES)
    return [
        (line, quantity or task.count_left(line) or get_quantity(line))
        for line in lines
    ]


def _confirm(task, line, quantity, parcel):
    edit = task.edit
    task.ledger.confirm(edit.order, line, task.action, quantity, parcel, task.moment)
    if quantity and task.count_left(line) == 0:
        edit.set_status(line, "shipped")


def _leave_out(trackings, line_ids, is_correction):
    """Take lines out of the trackings that only wait for a number."""
    for tracking in trackings:
        if tracking.get("number") and not is_correction:
            yield tracking
            continue
        known = tracking.get("marketplace_order_line_ids") or ()
        others = [line_id for line_id in known if str(line_id) not in line_ids]
        if others:
            yield {**tracking, "marketplace_order_line_ids": others}


def _make_trackings(task, trackings, line_ids, parcel):
    """Make a tracking by number, at the relay point and by the method that are known."""
    arguments = task.arguments
    pattern = next(
        (
            tracking
            for tracking in trackings
            if line_ids[0] in (tracking.get("marketplace_order_line_ids") or ())
        ),
        trackings[0] if trackings else _TRACKING,
    )
    shipped_at = parse_date(arguments.get("shipping_date")) or task.moment
    for number in parcel["numbers"] or [None]:
        yield {
            **pattern,
            "number": number,
            "carrier": parcel["carrier"],
            "url": arguments.get("tracking_url"),
            "method": arguments.get("shipping_method") or pattern.get("method"),
            "parcel_weight": arguments.get("weight"),
            "shipped_at": format_date(shipped_at, "naive"),
            "marketplace_order_line_ids": list(line_ids),
        }
