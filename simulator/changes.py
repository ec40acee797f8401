"""What happens to an order after it was placed, as marketplaces and buyers do it.

Each change takes the world and the order, moves `updated_at`, and keeps totals adding up.
"""

from copy import deepcopy

from .const import ACCOUNT_CURRENCY, UNCOUNTED_STATUSES
from .dates import format_date
from .money import convert, get_lines, to_cents, to_text

_ADDRESS_KEYS = (
    "company",
    "civility",
    "first_name",
    "last_name",
    "full_name",
    "first_line",
    "second_line",
    "complement",
    "full_address",
    "zipcode",
    "city",
    "phone_home",
    "phone_office",
    "phone_mobile",
    "email",
    "state_region",
    "vat_number",
)


def set_status(world, order, status):
    """Give the order another status; its lines follow.

    :param World world: the world
    :param dict order: the order
    :param str status: Lengow status
    :return: the order
    :rtype: dict
    """
    return world.change(order, lengow_status=status)


def cancel(world, order, status="canceled"):
    """Cancel the whole order; nothing is left to pay.

    :param World world: the world
    :param dict order: the order
    :param str status: `canceled` or `refused`
    :return: the order
    :rtype: dict
    """
    nothing = {
        name: 0 for name in ("shipping", "processing_fee", "discount") if order[name]
    }
    return world.change(order, lengow_status=status, **nothing)


def cancel_line(world, order, line=0, status="canceled"):
    """Cancel one line; it stays in the cart.

    :param World world: the world
    :param dict order: the order
    :param int line: its place in the cart, from 0
    :param str status: `canceled` or `refused`
    :return: the order
    :rtype: dict
    """

    def change(lines):
        lines[line].update(lengow_status=status, marketplace_status=status)

    return _change_lines(world, order, change)


def set_quantity(world, order, quantity, line=0):
    """Let the buyer have more or less of a line, at the same price each.

    :param World world: the world
    :param dict order: the order
    :param int quantity: how many
    :param int line: its place in the cart, from 0
    :return: the order
    :rtype: dict
    """

    def change(lines):
        record = lines[line]
        unit = to_cents(record["original_amount"]) // record["quantity"]
        _set_amount(order, record, unit * quantity)
        record["quantity"] = quantity

    return _change_lines(world, order, change)


def set_price(world, order, cents, line=0):
    """Let a line cost something else.

    :param World world: the world
    :param dict order: the order
    :param int cents: what the whole line costs, in the marketplace's currency
    :param int line: its place in the cart, from 0
    :return: the order
    :rtype: dict
    """
    return _change_lines(
        world, order, lambda lines: _set_amount(order, lines[line], cents)
    )


def add_line(world, order, sku, quantity=1, is_package=False):
    """Put a further product into the order.

    :param World world: the world
    :param dict order: the order
    :param str sku: the product
    :param int quantity: how many
    :param bool is_package: let it travel in a package of its own
    :return: the order
    :rtype: dict
    """
    packages = deepcopy(order["packages"])
    product = next(product for product in world.products if product["sku"] == sku)
    record = deepcopy(packages[0]["cart"][0])
    record.update(
        id=record["id"] + 50 + len(get_lines(order)),
        marketplace_order_line_id=f"{order['marketplace_order_id']}-{sku}-{len(get_lines(order))}",
        merchant_product_id={**record["merchant_product_id"], "id": sku},
        title=product["name"],
        quantity=quantity,
        lengow_status=order["lengow_status"],
        marketplace_status=order["marketplace_status"],
        refunded_amount="0.00",
        original_refunded_amount="0.00",
    )
    price = convert(round(product["price"] * 100), ACCOUNT_CURRENCY, _currency(order))
    _set_amount(order, record, price * quantity)
    if is_package:
        packages.append({**deepcopy(packages[-1]), "cart": [record]})
    else:
        packages[0]["cart"].append(record)
    return world.change(order, packages=packages)


def refund(world, order, cents=None, line=0):
    """Give money back to the buyer.

    :param World world: the world
    :param dict order: the order
    :param int cents: how much, in the marketplace's currency; default the whole line
    :param int line: the line's place in the cart, from 0
    :return: the order
    :rtype: dict
    """

    def change(lines):
        record = lines[line]
        amount = to_cents(record["original_amount"]) if cents is None else cents
        euros = convert(amount, _currency(order), ACCOUNT_CURRENCY)
        record.update(
            original_refunded_amount=to_text(amount), refunded_amount=to_text(euros)
        )
        is_kept = record["lengow_status"] not in UNCOUNTED_STATUSES
        if is_kept and amount >= to_cents(record["original_amount"]):
            record.update(lengow_status="refunded", marketplace_status="Refunded")

    _change_lines(world, order, change)
    is_whole = all(record["lengow_status"] == "refunded" for record in get_lines(order))
    return world.change(
        order, lengow_status="refunded" if is_whole else "partial_refunded"
    )


def readdress(world, order, **address):
    """Let the buyer have the parcels brought elsewhere, or to another telephone.

    :param World world: the world
    :param dict order: the order
    :param address: keys of an address
    :return: the order
    :rtype: dict
    """
    packages = deepcopy(order["packages"])
    for package in packages:
        package["delivery"].update(address)
    return world.change(order, packages=packages)


def tell_vat_number(world, order, number):
    """Let the buyer's VAT number arrive late.

    :param World world: the world
    :param dict order: the order
    :param str number: the number
    :return: the order
    :rtype: dict
    """
    return world.change(order, billing_address={"vat_number": number})


def ship(world, order, number="6C00000000001", carrier="Colissimo"):
    """Ship the order somewhere else than in Odoo.

    :param World world: the world
    :param dict order: the order
    :param str number: tracking number
    :param str carrier: carrier
    :return: the order
    :rtype: dict
    """
    packages = deepcopy(order["packages"])
    for package in packages:
        for tracking in package["delivery"]["trackings"]:
            tracking.update(
                number=number,
                carrier=carrier,
                shipped_at=format_date(world.clock(), "naive"),
            )
    world.change(order, packages=packages)
    return world.change(order, lengow_status="shipped")


def erase(world, order):
    """Erase the buyer's data, as Lengow does after some months.

    :param World world: the world
    :param dict order: the order
    :return: the order
    :rtype: dict
    :source: 002, "Order object": `anonymized`
    """
    blank = dict.fromkeys(_ADDRESS_KEYS)
    packages = deepcopy(order["packages"])
    for package in packages:
        package["delivery"].update(blank)
    return world.change(
        order,
        packages=packages,
        billing_address=blank,
        comments=None,
        anonymized=True,
    )


def _change_lines(world, order, change):
    packages = deepcopy(order["packages"])
    change(get_lines({"packages": packages}))
    return world.change(order, packages=packages)


def _set_amount(order, record, cents):
    euros = convert(cents, _currency(order), ACCOUNT_CURRENCY)
    record.update(original_amount=to_text(cents), amount=to_text(euros))


def _currency(order):
    return (order.get("original_currency") or {}).get("iso_a3") or ACCOUNT_CURRENCY


CHANGES = {
    "set_status": set_status,
    "cancel": cancel,
    "cancel_line": cancel_line,
    "set_quantity": set_quantity,
    "set_price": set_price,
    "add_line": add_line,
    "refund": refund,
    "readdress": readdress,
    "tell_vat_number": tell_vat_number,
    "ship": ship,
    "erase": erase,
}
