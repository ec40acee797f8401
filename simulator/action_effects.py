"""What becomes of an order when a marketplace does what it was asked to.

An effect takes an ActionTask, whose edit of the order is saved when it returns, or raises
a Refusal before it has noted anything.
"""

from .dates import format_date, parse_date
from .effects_refund import refund
from .effects_shipping import add_trackings, ship
from .errors import Refusal
from .order_edit import get_quantity

# What Amazon offers for any parcel (ours).
_SHIPPING_SERVICES = (
    ("STD-1", "STD-1-offer", "Standard", "4.90"),
    ("EXP-1", "EXP-1-offer", "Express", "9.90"),
)


def accept(task):
    """Accept the order; the marketplace lets it be shipped at once or after a while."""
    status = "accepted" if task.edit.knows("accepted") else "waiting_shipment"
    _move(task, status)
    if status == "accepted":
        task.next_step = ("accepted", "waiting_shipment")


def cancel(task):
    """Cancel what has not been shipped: of a line, pieces of it, or of the order."""
    shares = task.share_out(task.find_targets(), "quantity")
    shares = [(line, quantity) for line, quantity in shares if quantity > 0]
    if not shares:
        raise Refusal("Everything has been shipped: nothing is left to cancel.")
    for line, quantity in shares:
        account = task.get_account(line)
        account.canceled += quantity
        if quantity == get_quantity(line):
            task.edit.set_status(line, "canceled")
            continue
        task.edit.take_away(line, quantity)
        if get_quantity(line) == account.shipped:
            task.edit.set_status(line, "shipped")


def set_delivery_date(task):
    """Keep the date; an order that has been delivered is closed."""
    date = task.arguments["delivery_date"]
    task.edit.changes["order_meta"] = {"delivery_date": date}
    if parse_date(date) <= task.moment and task.edit.knows("closed"):
        _move(task, "closed")


def set_eligible_shipping_methods(task):
    """Offer the services that could carry such a parcel."""
    names = ("shipping_service_id", "shipping_service_offer_id", "name", "price")
    offers = [dict(zip(names, service, strict=True)) for service in _SHIPPING_SERVICES]
    task.edit.changes["order_meta"] = {"eligible_shipping_methods": offers}


def buy_shipment_label(task):
    """Sell a label: a document of the order, and a tracking number."""
    order = task.edit.order
    offers = (order.get("order_meta") or {}).get("eligible_shipping_methods")
    service = str(task.arguments.get("shipping_service_id"))
    if offers and service not in [offer["shipping_service_id"] for offer in offers]:
        raise Refusal(("shipping_service_id", f"{service} is not eligible."))
    number = f"LABEL{task.action.id}"
    task.edit.changes["documents"] = [
        *(order.get("documents") or ()),
        {
            "id": task.action.id,
            "type": "shipment_label",
            "created_at": format_date(task.moment),
        },
    ]
    lines = task.find_targets()
    add_trackings(task, lines, {"numbers": [number], "carrier": service})


def carry_on(task):
    """Do nothing that anybody could see: a kind of action younger than this file."""


def _moving_to(status):
    def effect(task):
        _move(task, status)

    effect.__doc__ = f"Let the lines become {status}."
    return effect


def _move(task, status):
    for line in task.find_targets():
        task.edit.set_status(line, status)


# 002, "Available action types"
EFFECTS = {
    "accept": accept,
    "refuse": _moving_to("refused"),
    "ship": ship,
    "cancel": cancel,
    "partial_cancel": cancel,
    "refund": refund,
    "partial_refund": refund,
    "set_delivery_date": set_delivery_date,
    "set_eligible_shipping_methods": set_eligible_shipping_methods,
    "buy_shipment_label": buy_shipment_label,
    "pickup_ready": _moving_to("to_pickup"),
    "pickup_complete": _moving_to("pickup_completed"),
    "pickup_cancel": _moving_to("pickup_canceled"),
    "pickup_refund": refund,
}
