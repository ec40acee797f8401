"""Mirakl shops: accept or refuse first; one has a status that nobody knows yet."""

from .helpers import action, arg, choice, describe, when

_STATUS = {
    "new": ["STAGING"],
    "waiting_acceptance": ["WAITING_ACCEPTANCE"],
    "accepted": ["WAITING_DEBIT", "WAITING_DEBIT_PAYMENT"],
    "waiting_shipment": ["SHIPPING"],
    "to_pickup": ["TO_COLLECT"],
    "shipped": ["SHIPPED"],
    "closed": ["RECEIVED", "CLOSED"],
    "partial_refunded": ["PARTIALLY_REFUNDED"],
    "refunded": ["REFUNDED"],
    "refused": ["REFUSED"],
    "canceled": ["CANCELED"],
}
_CARRIERS = {
    "0": {"label": "La Poste - Colissimo", "lengow_code": "LAPOSTE_COLISSIMO"},
    "1": {"label": "Chronopost"},
    "2": {"label": "Mondial Relay"},
    "DPD": {"label": "DPD France"},
    "GLS": {"label": "GLS"},
    "OTHER": {"label": "Autre transporteur"},
}
_METHODS = {
    "STD": {"label": "Livraison standard"},
    "EXP": {"label": "Livraison express"},
    "REL": {"label": "Point relais"},
}
_REASONS = {
    "0": {"label": "Rupture de stock"},
    "11": {"label": "Produit défectueux"},
    "14": {"label": "Annulation à la demande du client"},
    "25": {"label": "Retour client"},
}


def _make_actions():
    return {
        "accept": action(
            ["waiting_acceptance"],
            optional=["line"],
            line={"type": "line_number"},
        ),
        "refuse": action(
            ["waiting_acceptance"],
            optional=["line", "reason"],
            line={"type": "line_number"},
            reason=choice(_REASONS),
        ),
        "ship": action(
            ["waiting_shipment", "shipped"],
            args=["tracking_number"],
            optional=["carrier", "carrier_name", "tracking_url"],
            tracking_number={"type": "string"},
            carrier=choice(_CARRIERS, free=True, default_value="0"),
            carrier_name={
                "accept_free_values": True,
                "depends_on": when("action_data", "carrier", "equals", "OTHER"),
            },
            tracking_url=arg(
                depends_on=when(
                    "action_data",
                    "carrier",
                    "not_in_list",
                    ["0", "1", "2", "DPD", "GLS"],
                ),
            ),
        ),
        "cancel": action(["waiting_shipment"], optional=["reason"]),
        "refund": action(
            ["waiting_shipment", "shipped", "closed", "partial_refunded"],
            args=["line", "reason", "refund_price"],
            optional=["refund_shipping_price", "refund_quantity"],
            line=arg("line_number"),
            reason=choice(_REASONS),
            refund_price=arg("price"),
            refund_shipping_price=arg(
                "price",
                default_value=0,
                depends_on=when("order", "shipping", "greater_than", 0),
            ),
            refund_quantity=arg("quantity"),
        ),
    }


MIRAKL = {
    "decathlon_fr": describe(
        "decathlon_fr",
        "Decathlon",
        "FR",
        "decathlon",
        "https://www.decathlon.fr/",
        "Decathlon opens its shelves to partners, through Mirakl.",
        status=_STATUS,
        carriers=_CARRIERS,
        shipping_methods=_METHODS,
        actions=_make_actions(),
    ),
    "galerieslafayette_fr": describe(
        "galerieslafayette_fr",
        "Galeries Lafayette",
        "FR",
        "galerieslafayette",
        "https://www.galerieslafayette.com/",
        "The Parisian department store, through Mirakl.",
        # Newer than every document: what reads it must not stumble.
        status={**_STATUS, "on_hold_customs": ["ON_HOLD_CUSTOMS"]},
        carriers=_CARRIERS,
        shipping_methods=[],
        actions=_make_actions(),
    ),
}
