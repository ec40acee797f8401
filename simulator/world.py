"""The simulated world: accounts, marketplaces, products and orders."""

from datetime import datetime, timedelta

from .builder import build_payload, translate_status
from .const import ACCOUNT_CURRENCY, RATES
from .dates import format_date, parse_date
from .money import compute_total, convert, get_lines, to_cents, to_number, to_text

# Amounts whose twin in the marketplace's currency follows when only one is set.
_AMOUNTS = ("shipping", "discount", "processing_fee", "commission", "total_tax")
_LINE_AMOUNTS = ("amount", "tax", "discount", "shipping", "refunded_amount")
_MICROSECOND = timedelta(microseconds=1)


class World:
    """Everything that a simulated Lengow knows.

    :param list accounts: dicts of `account_id`, `access_token`, `secret`, `name`, and
        the options `text_ids` (ids as text), `always_default_days` (the 7 days stay
        beside other dates), `marketplaces` (codes, all when missing) and `catalogs`
        (numbers of the catalogues that can be fetched)
    :param dict marketplaces: marketplace code -> description
    :param list products: the catalogue
    :param DraftFactory factory: makes further orders
    :param datetime now: aware; the present until a simulator brings its clock
    """

    def __init__(self, accounts, marketplaces, products, factory, now):
        self.accounts = accounts
        self.marketplaces = marketplaces
        self.products = products
        self.orders = []
        # marketplace_order_id -> set of case tags
        self.cases = {}
        self.clock = lambda: now
        # Grows with every change, for whoever remembers what was found.
        self.revision = 0
        self.last_search = None
        self.last_found = ()
        self._factory = factory
        self._index = {}

    def account(self, account_id):
        """Find an account.

        :param int account_id: its id
        :return: the account
        :rtype: dict
        :raise KeyError: when there is none
        """
        for account in self.accounts:
            if account["account_id"] == account_id:
                return account
        raise KeyError(account_id)

    def order(self, marketplace_order_id):
        """Find an order by the marketplace's number.

        :param str marketplace_order_id: the number
        :return: the order itself, not a copy
        :rtype: dict
        :raise KeyError: when there is none
        """
        order = self.find_order(None, marketplace_order_id)
        if order is None:
            raise KeyError(marketplace_order_id)
        return order

    def find_order(self, marketplace, marketplace_order_id, account_id=None):
        """Find an order, or None.

        :param str marketplace: marketplace code, None for any
        :param marketplace_order_id: the marketplace's number
        :param int account_id: the account it belongs to, None for any
        :return: the order itself, not a copy
        :rtype: dict or None
        """
        for order in self._index.get(str(marketplace_order_id), ()):
            if marketplace in (None, order["marketplace"]) and account_id in (
                None,
                int(order["account_id"]),
            ):
                return order
        return None

    def add_order(self, marketplace="amazon_fr", lines=1, **overrides):
        """Add a plain order, waiting for shipment, placed now unless told otherwise.

        Amounts that the overrides leave alone follow those that they set.

        :param str marketplace: marketplace code
        :param lines: how many, or a list of pairs of SKU and quantity
        :param overrides: keys of the payload; dicts are merged, anything else is
            replaced, datetimes are written as Lengow does
        :return: the order, already in the world
        :rtype: dict
        """
        now = self.clock()
        account = self.accounts[0]["account_id"]
        draft = self._factory.make(
            marketplace,
            (now, now, now),
            status=overrides.get("lengow_status", "waiting_shipment"),
            lines=lines,
            order_id=overrides.get("marketplace_order_id"),
            account_id=int(overrides.get("account_id", account)),
        )
        order = self.insert(draft)
        _apply(order, overrides)
        return order

    def insert(self, draft):
        """Write a draft down and put it into the world.

        :param Draft draft: the order
        :return: the order
        :rtype: dict
        """
        payload = build_payload(draft, self._get_statuses(draft.profile.code))
        self.orders.append(payload)
        self.revision += 1
        order_id = payload["marketplace_order_id"]
        self._index.setdefault(str(order_id), []).append(payload)
        self.cases.setdefault(order_id, set()).update(draft.cases)
        return payload

    def touch(self, marketplace_order_id, **changes):
        """Change an order, as a marketplace does, and move its `updated_at`.

        The lines follow the order's status; totals that added up still do.

        :param str marketplace_order_id: the marketplace's number
        :param changes: keys of the payload, as in `add_order`
        :return: the order
        :rtype: dict
        :raise KeyError: when there is none
        """
        return self.change(self.order(marketplace_order_id), **changes)

    def change(self, order, **changes):
        """Change an order that is already at hand; see `touch`.

        :param dict order: the order
        :param changes: keys of the payload
        :return: the order
        :rtype: dict
        """
        before = parse_date(order["updated_at"])
        if "lengow_status" in changes:
            statuses = self._get_statuses(order["marketplace"])
            word = translate_status(changes["lengow_status"], statuses)
            changes.setdefault("marketplace_status", word)
        if "updated_at" not in changes:
            now = self.clock()
            # Two changes within one tick of the clock are two all the same.
            changes["updated_at"] = max(now, before + _MICROSECOND) if before else now
        _apply(order, changes)
        self.revision += 1
        return order

    def _get_statuses(self, code):
        return self.marketplaces[code]["orders"]["status"]


def _apply(order, changes):
    """Merge changes into an order; its lines and amounts follow."""
    kept_totals = [
        prefix
        for prefix in ("", "original_")
        if f"{prefix}total_order" not in changes
        and to_cents(order[f"{prefix}total_order"]) == compute_total(order, prefix)
    ]
    status = order["lengow_status"]
    _merge(order, changes)
    if "packages" in changes:
        for line in get_lines(order):
            _follow(order, line, [name for name in _LINE_AMOUNTS if name in line])
    elif order["lengow_status"] != status:
        for line in get_lines(order):
            if line["lengow_status"] == status:
                line["lengow_status"] = order["lengow_status"]
                line["marketplace_status"] = order["marketplace_status"]
    given = [name for name in _AMOUNTS if name in changes]
    for name in given:
        if f"original_{name}" not in changes:
            order.pop(f"original_{name}", None)
    _follow(order, order, given)
    for prefix in kept_totals:
        name, total = f"{prefix}total_order", compute_total(order, prefix)
        if to_cents(order[name]) != total:
            order[name] = write_like(order[name], total)


def _merge(record, changes):
    for name, value in changes.items():
        if isinstance(value, datetime):
            record[name] = format_date(value)
        elif isinstance(value, dict) and isinstance(record.get(name), dict):
            _merge(record[name], value)
        else:
            record[name] = value


def _follow(order, record, names):
    """Fill the amounts that are missing in the marketplace's currency."""
    currency = (order.get("original_currency") or {}).get("iso_a3")
    for name in names:
        value, original = record[name], f"original_{name}"
        if original in record:
            continue
        if value is None or currency not in RATES:
            record[original] = value
            continue
        cents = convert(to_cents(value), ACCOUNT_CURRENCY, currency)
        record[original] = write_like(value, cents)


def write_like(value, cents):
    """Write an amount with the type of the one that it replaces.

    :param value: the amount that stood there
    :param int cents: the new one
    :return: the new one, as text or as a number
    """
    return to_text(cents) if isinstance(value, str) else to_number(cents)
