"""Zalando with its own warehouse (ZFS), and Otto: return labels on conditions."""

from .helpers import action, arg, both, choice, describe, labels, when

_ZALANDO_CARRIERS = {
    "DHL_DE": {"label": "DHL Germany", "lengow_code": "DHL"},
    "HERMES_DE": {"label": "Hermes Germany", "lengow_code": "HERMES"},
    "DPD_DE": {"label": "DPD Germany", "lengow_code": "DPD"},
    "UPS": {"label": "UPS", "lengow_code": "UPS"},
}
_OTTO_CARRIERS = labels("DHL", "DHL_EXPRESS", "DPD", "GLS", "HERMES", "HES", "UPS")
_OTTO_FORWARDERS = labels("DHL_FREIGHT", "DB_SCHENKER", "HELLMANN", "RHENUS")
_PARCEL = ("order", "order_meta.delivery_type", "equals", "PARCEL")
_FORWARDER = ("order", "order_meta.delivery_type", "not_equals", "PARCEL")

_ZFS = describe(
    "zalando_zfs_de",
    "Zalando ZFS DE",
    "DE",
    "zalandozfs",
    "https://www.zalando.de/",
    "Zalando Fulfillment Solutions: orders leave Zalando's own warehouses.",
    status={
        "new": ["initial"],
        "waiting_shipment": ["approved"],
        "shipped": ["fulfilled"],
        "canceled": ["cancelled", "canceled"],
        "partial_refunded": ["partially_returned"],
        "refunded": ["returned"],
    },
    carriers=_ZALANDO_CARRIERS,
    shipping_methods={},
    actions={
        "ship": action(
            ["waiting_shipment"],
            args=["line", "tracking_number", "return_tracking_number"],
            optional=["carrier", "return_carrier"],
            line=arg("line_number"),
            tracking_number=arg(),
            return_tracking_number=arg(),
            carrier=choice(_ZALANDO_CARRIERS),
            return_carrier=choice(_ZALANDO_CARRIERS),
        ),
        "cancel": action(
            ["waiting_shipment"],
            args=["line"],
            line=arg("line_number"),
        ),
        "refund": action(
            ["shipped", "partial_refunded"],
            args=["line", "reason"],
            line=arg("line_number"),
            # The first reason's code is zero, and is as good as the others.
            reason=choice(
                {
                    "0": "Unknown",
                    "1": "Too large",
                    "2": "Too small",
                    "8": "Item is faulty",
                    "20": "Refused at the door",
                },
                default_value="0",
            ),
        ),
    },
)

_OTTO = describe(
    "otto_de",
    "Otto",
    "DE",
    "otto",
    "https://www.otto.de/",
    "Otto is Germany&apos;s second largest online shop.",
    status={
        "new": ["ANNOUNCED"],
        "waiting_shipment": ["PROCESSABLE"],
        "shipped": ["SENT"],
        "refunded": ["RETURNED"],
        "canceled": ["CANCELLED_BY_PARTNER", "CANCELLED_BY_MARKETPLACE"],
    },
    carriers={**_OTTO_CARRIERS, **_OTTO_FORWARDERS},
    shipping_methods=[],
    actions={
        "ship": action(
            ["waiting_shipment"],
            args=[
                "line",
                "carrier",
                "tracking_number",
                "return_tracking_number",
                "return_carrier",
            ],
            optional=["shipping_date", "comment"],
            line=arg("line_number"),
            carrier=choice(list({**_OTTO_CARRIERS, **_OTTO_FORWARDERS})),
            tracking_number=arg(depends_on=both(_PARCEL)),
            return_tracking_number=arg(depends_on=both(_PARCEL)),
            return_carrier=choice(list(_OTTO_CARRIERS), depends_on=both(_PARCEL)),
            shipping_date=arg("date"),
            comment=arg(
                depends_on=both(
                    _FORWARDER,
                    ("action_data", "carrier", "in_list", list(_OTTO_FORWARDERS)),
                    operator="anyOf",
                ),
            ),
        ),
        "cancel": action(
            ["new", "waiting_shipment"],
            args=["line"],
            line=arg("line_number"),
        ),
        "refund": action(
            ["shipped"],
            args=["line", "reason"],
            optional=["comment"],
            line=arg("line_number"),
            reason=choice(labels("DAMAGED", "NOT_AS_DESCRIBED", "RETURNED", "OTHER")),
            comment=arg(depends_on=when("action_data", "reason", "equals", "OTHER")),
        ),
    },
)

FASHION = {"zalando_zfs_de": _ZFS, "otto_de": _OTTO}
