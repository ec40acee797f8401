"""Marketplaces that ship whole orders, quantities, or hand parcels over the counter."""

from .helpers import action, arg, choice, describe, labels, when

_CDISCOUNT_CARRIERS = labels(
    "Chronopost",
    "Colis Privé",
    "Colissimo",
    "DPD France",
    "Mondial Relay",
    "Relais Colis",
    "Autre",
)
_EBAY_CARRIERS = labels("DHL", "DPD", "DeutschePost", "GLS", "Hermes", "UPS", "Other")
_ECI_CARRIERS = labels("SEUR", "Correos", "MRW", "GLS", "DHL", "NACEX")
_ALLEGRO_CARRIERS = labels(
    "ALLEGRO",
    "DPD",
    "INPOST",
    "POCZTA_POLSKA",
    "OTHER",
    INPOST="InPost",
)
_CDON_CARRIERS = labels("PostNord", "Bring", "DHL", "DSV", "Budbee")
_BOL_CARRIERS = {"TNT": "PostNL", "DHL": "DHL", "BPOST_BE": "bpost", "DPD-NL": "DPD"}
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

OTHERS = {
    "cdiscount_fr": describe(
        "cdiscount_fr",
        "Cdiscount",
        "FR",
        "cdiscount",
        "https://www.cdiscount.com/",
        "Cdiscount (Octopia) sells everything to French homes.",
        status={
            "waiting_acceptance": ["WaitingForSellerAcceptation"],
            "accepted": ["AcceptedBySeller", "PaymentInProgress"],
            "waiting_shipment": ["WaitingForShipmentAcceptation"],
            "shipped": ["Shipped"],
            "refused": ["RefusedBySeller", "RefusedNoShipment"],
            "canceled": ["CancelledByCustomer", "AutomaticCancellation"],
            "refunded": ["ShipmentRefusedBySeller"],
        },
        carriers=_CDISCOUNT_CARRIERS,
        shipping_methods=labels("Standard", "Tracked", "Registered", "RelaisColis"),
        actions={
            "accept": action(["waiting_acceptance"]),
            "refuse": action(["waiting_acceptance"]),
            "ship": action(
                ["waiting_shipment"],
                args=["tracking_number", "carrier"],
                optional=["tracking_url"],
                tracking_number=arg(),
                carrier=choice(_CDISCOUNT_CARRIERS, free=True),
                tracking_url=arg(
                    depends_on=when("action_data", "carrier", "equals", "Autre"),
                ),
            ),
            "cancel": action(["waiting_shipment"]),
            "refund": action(
                ["shipped"],
                args=["reason"],
                optional=["refund_price", "comment"],
                reason=choice({"130": "Compensation", "131": "Geste commercial"}),
                refund_price=arg("price"),
            ),
        },
    ),
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
    "elcorteingles_es": describe(
        "elcorteingles_es",
        "El Corte Inglés",
        "ES",
        "elcorteingles",
        "https://www.elcorteingles.es/",
        "Spain&apos;s department store.",
        status={
            "waiting_acceptance": ["PENDIENTE"],
            "waiting_shipment": ["ACEPTADO"],
            "shipped": ["ENVIADO"],
            "closed": ["ENTREGADO"],
            "canceled": ["CANCELADO"],
            "refunded": ["DEVUELTO"],
        },
        carriers=_ECI_CARRIERS,
        shipping_methods={},
        actions={
            "accept": action(["waiting_acceptance"]),
            "ship": action(
                ["waiting_shipment"],
                args=["carrier", "tracking_number"],
                optional=["tracking_url", "shipping_date"],
                carrier=choice(_ECI_CARRIERS),
                tracking_number=arg(
                    depends_on=when("order", "shipping", "greater_than_or_equals", 0),
                ),
                shipping_date=arg("date"),
            ),
            "set_delivery_date": action(
                ["shipped"],
                args=["delivery_date"],
                optional=["delivery_experience"],
                delivery_date=arg("date"),
                delivery_experience=choice(["OK", "KO"], default_value="OK"),
            ),
            "cancel": action(
                ["waiting_acceptance", "waiting_shipment"],
                optional=["reason"],
                reason=arg(),
            ),
        },
    ),
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
                optional=["carrier_name"],
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
    "cdon_se": describe(
        "cdon_se",
        "CDON",
        "SE",
        "cdon",
        "https://cdon.se/",
        "The Nordic marketplace.",
        status={
            "waiting_shipment": ["Pending"],
            "shipped": ["Delivered"],
            "closed": ["Invoiced"],
            "canceled": ["Cancelled"],
            "refunded": ["Returned"],
        },
        carriers=_CDON_CARRIERS,
        shipping_methods=[],
        actions={
            "ship": action(
                ["waiting_shipment"],
                optional=["tracking_number", "carrier"],
                carrier=choice(_CDON_CARRIERS, free=True),
            ),
            "cancel": action(["waiting_shipment"], optional=["line"], line=_LINE),
            "refund": action(["shipped", "closed"], args=["line"], line=_LINE),
        },
    ),
    # No orders, no actions: comparison sites are described like this.
    "admarkt": describe(
        "admarkt",
        "Admarkt",
        "NL",
        "admarkt",
        "https://www.marktplaatszakelijk.nl/admarkt/",
        "Admarkt brings qualified traffic to an online shop.",
    ),
}
