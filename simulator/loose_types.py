"""Orders that are odd in how they are written: nulls, strings, lists, dates."""

import math

from .money import get_lines, to_text
from .oddities import Case

PAYLOAD_CASES = []


def _case(tag, *marketplaces, **more):
    def register(change):
        PAYLOAD_CASES.append(Case(tag, change, marketplaces, **more))
        return change

    return register


def _get_addresses(payload):
    deliveries = (package["delivery"] for package in payload["packages"])
    return [address for address in (payload["billing_address"], *deliveries) if address]


@_case("nulls")
@_case("nulls", "amazon_fr")
def _nulls(payload):
    for name in (
        "total_tax",
        "commission",
        "processing_fee",
        "comments",
        "payments",
        "order_meta",
        "order_types",
        "documents",
        "tax",
        "workflow_rank",
        "marketplace_customer_id",
    ):
        payload[name] = None
    if not payload["shipping"]:
        payload["shipping"] = payload["original_shipping"] = None
    payload["discount"] = payload["original_discount"] = None
    payload["original_commission"] = payload["original_total_tax"] = None
    for address in _get_addresses(payload):
        for name in ("civility", "second_line", "state_region", "phone_home"):
            address[name] = None
        address["phone_mobile"] = address["email"] = None
        for tracking in address.get("trackings", ()):
            tracking["relay"] = tracking["method"] = None
            tracking["is_delivered_by_marketplace"] = None
    for line in get_lines(payload):
        for name in ("tax", "shipping", "refunded_amount"):
            line[name] = line[f"original_{name}"] = None
        line["order_line_meta"] = line["orderline_types"] = line["documents"] = None
        line["feed_id"] = line["max_shipping_date"] = None


@_case("strings")
def _strings(payload):
    for prefix in ("", "original_"):
        for name in ("total_order", "shipping", "discount"):
            amount = payload[f"{prefix}{name}"]
            payload[f"{prefix}{name}"] = to_text(round(amount * 100))
    payload["account_id"] = str(payload["account_id"])
    payload["marketplace_customer_id"] = str(payload["marketplace_customer_id"])
    for line in get_lines(payload):
        line["quantity"] = str(line["quantity"])
        line["id"] = str(line["id"])
        product = line["merchant_product_id"]
        product["id"] = str(product["id"])


@_case("numbers", "amazon_fr", "cdon_se")
def _numbers(payload):
    for line in get_lines(payload):
        for name in ("amount", "tax", "shipping"):
            for prefix in ("", "original_"):
                line[f"{prefix}{name}"] = float(line[f"{prefix}{name}"])


@_case("float_noise")
def _float_noise(payload):
    for name in ("total_order", "original_total_order"):
        payload[name] = math.nextafter(payload[name], math.inf)


@_case("no_exchange_rate", "cdon_se", "allegro_pl")
def _no_exchange_rate(payload):
    payload["total_order"] = -1


@_case("currency_string")
def _currency_string(payload):
    payload["currency"] = payload["currency"]["iso_a3"]


@_case("comments_list")
def _comments_list(payload):
    payload["comments"] = ["Please leave it at the door", "Ring twice"]


@_case("comments_string")
def _comments_string(payload):
    payload["comments"] = "C'est un cadeau, merci de retirer la facture.\nBonne journée"


@_case("meta_list")
def _meta_list(payload):
    for line in get_lines(payload):
        line["order_line_meta"] = []


@_case("billing_null", "ebay_de", "bol_nl", "cdiscount_fr")
def _billing_null(payload):
    payload["billing_address"] = None


@_case("payment_terms", "amazon_it", "elcorteingles_es")
def _payment_terms(payload):
    payload["payments"][0].update(
        type="Invoice",
        payment_terms={
            "fiscalnb": "RSSMRA85T10A562S",
            "vat_number": "IT12345670017",
            "siret_number": None,
        },
    )


@_case("two_trackings", lines=2)
def _two_trackings(payload):
    trackings = payload["packages"][0]["delivery"]["trackings"]
    (tracking,) = trackings
    line_ids = tracking["marketplace_order_line_ids"]
    trackings[:] = [
        {**tracking, "marketplace_order_line_ids": [line_id]} for line_id in line_ids
    ]


@_case("anonymized")
def _anonymized(payload):
    payload["anonymized"] = True
    payload["marketplace_customer_id"] = None
    for address in _get_addresses(payload):
        for name in (
            "first_line",
            "second_line",
            "complement",
            "company",
            "civility",
            "first_name",
            "last_name",
            "full_name",
            "full_address",
            "phone_home",
            "phone_office",
            "phone_mobile",
            "email",
            "vat_number",
        ):
            address[name] = None
