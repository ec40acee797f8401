"""Who owes the tax of an order, and whether any was charged."""

from .parsing import as_dict, decimal, text


def is_business(order):
    """Tell whether the marketplace marks an order as bought by a business.

    :param Order order: the order.
    :return: True for a business order.
    """
    return "is_business" in order.order_types


def is_deemed_supplier(order):
    """Tell whether the marketplace collects and pays the tax itself.

    :param Order order: the order.
    :return: True when the marketplace is the deemed supplier.
    :source: API reference, "Tax object".
    """
    value = as_dict(order.payload.get("tax")).get("is_marketplace_deemed_supplier")
    return text(value).lower() in ("true", "1")


def is_untaxed(order):
    """Tell whether the marketplace says that it charged no tax.

    :param Order order: the order.
    :return: True when it does; False when it charged some, or says nothing.
    """
    payload = order.payload
    totals = [
        decimal(payload.get(f"{prefix}total_tax")) for prefix in ("original_", "")
    ]
    taxes = [
        decimal(line.payload.get(f"{prefix}tax"))
        for line in order.lines
        for prefix in ("original_", "")
    ]
    return any(total is not None for total in totals) and not any((*totals, *taxes))
