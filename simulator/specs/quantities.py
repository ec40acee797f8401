"""Marketplaces that ship lines in parts."""

from .helpers import action, arg, choice, describe, labels, when

_ALLEGRO_CARRIERS = labels(
    "ALLEGRO",
    "DPD",
    "INPOST",
    "POCZTA_POLSKA",
    "OTHER",
    INPOST="InPost",
)
_BOL_CARRIERS = {"TNT": "PostNL", "DHL": "DHL", "BPOST_BE": "bpost", "DPD-NL": "DPD"}
_LINE = arg("line_number")

QUANTITIES = {
    "allegro_pl": describe(
        "allegro_pl",
        "Allegro",
        "PL",
        "allegro",
        "https://allegro.pl/",
        "Poland&apos;s first marketplace.",
        status={
            "new": ["BOUGHT", "FILLED_IN"],
            "waiting_shipment": ["READY_FOR_PROCESSING", "PROCESSING"],
            "shipped": ["SENT"],
            "closed": ["PICKED_UP"],
            "canceled": ["CANCELLED"],
            "refunded": ["RETURNED"],
        },
        carriers=_ALLEGRO_CARRIERS,
        shipping_methods=labels("COURIER", "PARCEL_LOCKER"),
        actions={
            "ship": action(
                ["waiting_shipment"],
                args=["line", "quantity", "carrier", "tracking_number"],
                optional=["carrier_name", "weight", "carrier_pickup", "pickup_id"],
                line=_LINE,
                quantity=arg("quantity"),
                carrier=choice(_ALLEGRO_CARRIERS),
                carrier_name=arg(
                    depends_on=when("action_data", "carrier", "equals", "OTHER"),
                ),
                tracking_number=arg(
                    depends_on=when(
                        "action_data",
                        "carrier",
                        "in_list",
                        ["ALLEGRO", "DPD", "INPOST", "POCZTA_POLSKA"],
                    ),
                ),
                weight=arg("decimal"),
                carrier_pickup=choice(
                    ["COURIER", "DROP_OFF"],
                    depends_on=when("action_data", "weight", "lower_than", 20),
                ),
                pickup_id=arg(
                    depends_on=when(
                        "order",
                        "order_meta.delivery_method",
                        "contains",
                        "LOCKER",
                    ),
                ),
            ),
            "partial_cancel": action(
                ["waiting_shipment"],
                args=["line", "quantity"],
                line=_LINE,
                quantity=arg("quantity"),
            ),
            "refund": action(
                ["shipped", "closed"],
                args=["line", "reason"],
                optional=["refund_quantity"],
                line=_LINE,
                reason=choice(labels("REFUND", "COMPLAINT", "PRODUCT_NOT_AVAILABLE")),
            ),
        },
    ),
    "bol_nl": describe(
        "bol_nl",
        "bol",
        "NL",
        "bol",
        "https://www.bol.com/",
        "The shop of the Netherlands and Belgium.",
        status={
            "waiting_shipment": ["OPEN"],
            "shipped": ["SHIPPED"],
            "canceled": ["CANCELLED"],
            "refunded": ["RETURNED"],
        },
        carriers=_BOL_CARRIERS,
        shipping_methods={},
        actions={
            "ship": action(
                ["waiting_shipment"],
                args=["line", "carrier"],
                optional=["shipped_quantity", "tracking_number"],
                line=_LINE,
                shipped_quantity=arg("quantity"),
                carrier=choice(_BOL_CARRIERS),
                tracking_number=arg(
                    depends_on=when(
                        "action_data", "carrier", "regex", "^(TNT|DHL|DPD)"
                    ),
                ),
            ),
            "cancel": action(
                ["waiting_shipment"],
                args=["line", "reason"],
                line=_LINE,
                reason=choice(
                    ["OUT_OF_STOCK", "REQUESTED_BY_CUSTOMER", "BAD_CONDITION"]
                ),
            ),
        },
    ),
}
