"""eBay: click and collect, and reasons for what falls through."""

from .helpers import action, arg, choice, describe, labels

_EBAY_CARRIERS = labels("DHL", "DPD", "DeutschePost", "GLS", "Hermes", "UPS", "Other")
_LINE = arg("line_number")
_PICKUP = {
    "pickup_ready": action(["pickup_to_prepare"], optional=["pickup_id"]),
    "pickup_complete": action(["to_pickup"], optional=["pickup_id"]),
    "pickup_cancel": action(
        ["pickup_to_prepare", "to_pickup"],
        args=["reason"],
        reason=choice(labels("OUT_OF_STOCK", "BUYER_NO_SHOW", "BUYER_CANCELLED")),
    ),
    "pickup_refund": action(
        ["pickup_completed", "pickup_canceled"],
        args=["refund_id", "refund_price"],
        refund_price=arg("price"),
    ),
}

PICKUP = {
    "ebay_de": describe(
        "ebay_de",
        "eBay DE",
        "DE",
        "ebayde",
        "https://www.ebay.de/",
        "eBay, with click &amp; collect.",
        status={
            "new": ["Active"],
            "waiting_shipment": ["Paid"],
            "shipped": ["Shipped"],
            "closed": ["Completed"],
            "canceled": ["Cancelled"],
            "refunded": ["Refunded"],
            "pickup_to_prepare": ["PendingMerchantConfirmation"],
            "to_pickup": ["ReadyForPickup"],
            "pickup_completed": ["PickedUp"],
            "pickup_canceled": ["PickupCancelled"],
        },
        carriers=_EBAY_CARRIERS,
        shipping_methods=[],
        actions={
            "ship": action(
                ["waiting_shipment"],
                optional=["line", "tracking_number", "carrier", "shipping_date"],
                line=_LINE,
                tracking_number=arg(),
                carrier=choice(_EBAY_CARRIERS, free=True),
                shipping_date=arg("date"),
            ),
            "cancel": action(
                ["waiting_shipment"],
                args=["reason"],
                reason=choice(["OUT_OF_STOCK", "BUYER_ASKED_CANCEL", "ADDRESS_ISSUES"]),
            ),
            **_PICKUP,
        },
    ),
}
