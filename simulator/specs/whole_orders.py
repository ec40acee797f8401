"""Marketplaces that ship whole orders, and comparison sites that ship none."""

from .helpers import action, arg, both, choice, describe, labels, when

_CDISCOUNT_CARRIERS = labels(
    "Chronopost",
    "Colis Privé",
    "Colissimo",
    "DPD France",
    "Mondial Relay",
    "Relais Colis",
    "Autre",
)
_ECI_CARRIERS = labels("SEUR", "Correos", "MRW", "GLS", "DHL", "NACEX")
_CDON_CARRIERS = labels("PostNord", "Bring", "DHL", "DSV", "Budbee")
_LINE = arg("line_number")

WHOLE_ORDERS = {
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
                optional=["refund_price", "refund_mode", "comment"],
                reason=choice({"130": "Compensation", "131": "Geste commercial"}),
                refund_price=arg("price"),
                refund_mode=choice(
                    labels("TRANSFER", "VOUCHER"),
                    depends_on=when(
                        "action_data",
                        "refund_price",
                        "lower_than_or_equals",
                        50,
                    ),
                ),
            ),
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
                optional=["delivery_experience", "comment"],
                delivery_date=arg("date"),
                delivery_experience=choice(["OK", "KO"], default_value="OK"),
                comment=arg(
                    depends_on=when(
                        "action_data", "delivery_experience", "equals", "KO"
                    ),
                ),
            ),
            "cancel": action(
                ["waiting_acceptance", "waiting_shipment"],
                optional=["reason"],
                reason=arg(),
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
            "refund": action(
                ["shipped", "closed"],
                args=["line"],
                optional=["reason", "refund_price", "comment"],
                line=_LINE,
                reason=choice(labels("RETURN", "OTHER")),
                refund_price=arg("price"),
                # For another reason or a high price, not for both: those go by mail.
                comment=arg(
                    depends_on=both(
                        ("action_data", "reason", "equals", "OTHER"),
                        ("action_data", "refund_price", "greater_than", 1000),
                        operator="oneOf",
                    ),
                ),
            ),
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
