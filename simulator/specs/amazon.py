"""Amazon: by line, `carrier_name` only beside carrier Other, refunds in parts, FBA."""

from .helpers import action, arg, choice, describe, labels, when

_STATUS = {
    "new": ["Pending", "PendingAvailability"],
    "waiting_shipment": ["Unshipped", "PartiallyShipped"],
    "shipped": ["Shipped", "InvoiceUnconfirmed"],
    "canceled": ["Canceled", "Unfulfillable"],
    "partial_refunded": ["PartiallyRefunded"],
    "refunded": ["Refunded"],
}
_CARRIERS = {
    "FR": ("Chronopost", "Colis Prive", "Colissimo", "La Poste", "Mondial Relay"),
    "GB": ("Evri", "Parcelforce", "Royal Mail", "Yodel"),
    "IT": ("BRT", "Poste Italiane", "SDA"),
}
_EVERYWHERE = ("DHL", "DPD", "GLS", "UPS", "FedEx", "Other")
_METHODS = labels("Standard", "Express", "NextDay", "Std", Std="Std FR Dom")
_REFUND_REASONS = {
    "NoInventory": {"label": "No inventory"},
    "CustomerReturn": {"label": "Customer return"},
    "GeneralAdjustment": {"label": "General adjustment"},
    "CouldNotShip": {"label": "Could not ship"},
    "DifferentItem": {"label": "Different item"},
    "Abandoned": {"label": "Abandoned"},
    "CustomerCancel": {"label": "Customer cancel"},
    "PriceError": {"label": "Price error"},
}
_CANCEL_REASONS = {
    "NoInventory": "No inventory",
    "ShippingAddressUndeliverable": "Shipping address undeliverable",
    "CustomerExchange": "Customer exchange",
    "BuyerCanceled": "Buyer canceled",
    "PricingError": "Pricing error",
}
_LABEL_FIELDS = (
    "weight",
    "weight_unit",
    "package_dimension_length",
    "package_dimension_width",
    "package_dimension_height",
    "package_dimension_unit",
    "from_address_name",
    "from_address_line",
    "from_address_city",
    "from_address_postal_code",
    "from_address_country_code",
    "from_address_mail",
    "from_address_phone",
)


def _make_actions(carriers):
    amount = arg("price", default_value="0.00")
    return {
        "ship": action(
            ["waiting_shipment"],
            args=["line", "carrier"],
            optional=[
                "tracking_number",
                "carrier_name",
                "shipping_method",
                "shipping_date",
            ],
            line=arg("line_number"),
            carrier=choice(carriers),
            carrier_name=arg(
                depends_on=when("action_data", "carrier", "equals", "Other"),
            ),
            tracking_number=arg(depends_on=None),
            shipping_method=choice(_METHODS, free=True),
            shipping_date=arg("date"),
        ),
        "cancel": action(
            ["new", "waiting_shipment"],
            args=["line"],
            optional=["reason"],
            line=arg("line_number"),
            reason=choice(_CANCEL_REASONS, default_value="NoInventory"),
        ),
        "refund": action(
            ["waiting_shipment", "shipped", "partial_refunded", "canceled"],
            args=["line", "reason"],
            optional=[
                "refund_price",
                "refund_taxes",
                "refund_shipping_price",
                "refund_shipping_taxes",
            ],
            line=arg("line_number"),
            reason=choice(_REFUND_REASONS, default_value="CustomerReturn"),
            refund_price=arg("price"),
            refund_taxes=amount,
            refund_shipping_price=amount,
            refund_shipping_taxes=amount,
        ),
        "set_eligible_shipping_methods": action(
            ["waiting_shipment"],
            args=_LABEL_FIELDS,
            weight_unit=choice(["g", "oz"], default_value="g"),
            package_dimension_unit=choice(["centimeters", "inches"]),
        ),
        "buy_shipment_label": action(
            ["waiting_shipment"],
            args=[*_LABEL_FIELDS, "shipping_service_id"],
            optional=["shipping_service_offer_id", "declared_value", "currency_code"],
            weight_unit=choice(["g", "oz"], default_value="g"),
            currency_code=arg(
                depends_on=when(
                    "action_data",
                    "declared_value",
                    "greater_than",
                    0,
                ),
            ),
        ),
    }


def _describe_amazon(country, domain, legacy_code):
    code = f"amazon_{'uk' if country == 'GB' else country.lower()}"
    carriers = labels(*_CARRIERS[country], *_EVERYWHERE)
    for carrier, lengow_code in (("Colissimo", "LAPOSTE_COLISSIMO"), ("DPD", "DPD")):
        if carrier in carriers:
            carriers[carrier]["lengow_code"] = lengow_code
    return {
        code: describe(
            code,
            f"Amazon {'UK' if country == 'GB' else country}",
            country,
            legacy_code,
            f"https://www.{domain}/",
            "Amazon is the first marketplace of <b>Europe</b>.",
            status=_STATUS,
            carriers=carriers,
            shipping_methods=_METHODS,
            actions=_make_actions(carriers),
        ),
    }


AMAZON = {
    # The French one was the first, and had no country in its name.
    **_describe_amazon("FR", "amazon.fr", "amazon"),
    **_describe_amazon("GB", "amazon.co.uk", "amazonuk"),
    **_describe_amazon("IT", "amazon.it", "amazonit"),
}
