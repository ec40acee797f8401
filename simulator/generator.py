"""A reproducible world from a seed."""

import random
from datetime import datetime, timedelta, timezone

from .catalogue import build_products, make_unknown_product
from .const import (
    ACCESS_TOKEN,
    ACCOUNT_CURRENCY,
    ACCOUNT_ID,
    OTHER_ACCESS_TOKEN,
    OTHER_ACCOUNT_ID,
    OTHER_SECRET,
    SECRET,
)
from .factory import DraftFactory
from .loose_types import PAYLOAD_CASES
from .oddities import DRAFT_CASES, STATUS_CASES
from .oddities_buyers import BUYER_CASES
from .oddities_money import MONEY_CASES
from .oddities_products import PRODUCT_CASES
from .profiles import PROFILES
from .specs import build_marketplaces
from .world import World

CASES = (
    *DRAFT_CASES,
    *BUYER_CASES,
    *PRODUCT_CASES,
    *PAYLOAD_CASES,
    *MONEY_CASES,
    *STATUS_CASES,
)
# One order in so many is odd: 200 orders have room for 100 cases (ours).
_ODD_EVERY = 2
# One order in so many was placed within the last minutes (ours).
_JUST_NOW_EVERY = 20
_JUST_NOW = timedelta(minutes=10)
# At most so much later Lengow has an order, and its last change (ours).
_IMPORT_DELAY = timedelta(minutes=20)
_UPDATE_DELAY = timedelta(hours=8)


def generate_world(
    orders=200,
    seed=1,
    now=None,
    days=5,
    oddities=True,
    lines=None,
    errors=0,
):
    """Make a world; the same seed and the same now make the same one.

    :param int orders: how many orders
    :param int seed: the source of chance
    :param datetime now: aware, default the present
    :param float days: the orders were placed within so many days before now
    :param bool oddities: let every second order be odd; otherwise all are plain,
        importable, and in the account's currency
    :param int lines: lines of every plain order, default 1 to 3
    :param int errors: how many further orders hold a product that is in no catalogue
    :return: the world
    :rtype: World
    """
    now = now or datetime.now(timezone.utc)
    rng = random.Random(f"world-{seed}")
    products = build_products()
    factory = DraftFactory(rng, products)
    marketplaces = build_marketplaces()
    world = World(_build_accounts(), marketplaces, products, factory, now)
    profiles = [
        profile
        for profile in PROFILES.values()
        if oddities or profile.currency == ACCOUNT_CURRENCY
    ]
    codes = [profile.code for profile in profiles]
    weights = [profile.weight for profile in profiles]

    def draw_code():
        return rng.choices(codes, weights)[0]

    cases = 0
    for number in range(orders + errors):
        dates = _draw_dates(rng, now, timedelta(days=days), number)
        if number >= orders:
            _add_unknown(world, factory, draw_code(), dates, number - orders + 1)
        elif oddities and number % _ODD_EVERY == _ODD_EVERY - 1:
            case = CASES[cases % len(CASES)]
            cases += 1
            code = rng.choice(case.marketplaces or (draw_code(),))
            _add_odd(world, factory, case, code, dates)
        else:
            count = lines or rng.choice((1, 1, 2, 3))
            draft = factory.make(draw_code(), dates, lines=count)
            if draft.profile.currency != ACCOUNT_CURRENCY:
                draft.cases.add("foreign_currency")
            world.insert(draft)
    return world


def _build_accounts():
    codes = list(PROFILES)
    return [
        {
            "account_id": ACCOUNT_ID,
            "access_token": ACCESS_TOKEN,
            "secret": SECRET,
            "name": "Demo Merchant",
            "text_ids": False,
            "always_default_days": False,
            "marketplaces": codes,
            "catalogs": [501, 502],
        },
        {
            "account_id": OTHER_ACCOUNT_ID,
            "access_token": OTHER_ACCESS_TOKEN,
            "secret": OTHER_SECRET,
            "name": "Other Merchant",
            "text_ids": True,
            "always_default_days": True,
            "marketplaces": codes[:3],
            "catalogs": [601],
        },
    ]


def _draw_dates(rng, now, span, number):
    """Draw when an order was placed, reached Lengow, and last changed."""
    if number % _JUST_NOW_EVERY == 0:
        span = min(span, _JUST_NOW)
    order_date = now - span * rng.random()
    imported_at = min(now, order_date + _IMPORT_DELAY * rng.random())
    updated_at = min(now, imported_at + _UPDATE_DELAY * rng.random() ** 4)
    return order_date, imported_at, updated_at


def _add_odd(world, factory, case, code, dates):
    count = case.lines or factory.rng.choice((1, 2, 3))
    draft = factory.make(code, dates, status=case.status, lines=count)
    draft.cases.update((case.tag, "commission"))
    if draft.profile.currency != ACCOUNT_CURRENCY:
        draft.cases.add("foreign_currency")
    if case in (*DRAFT_CASES, *BUYER_CASES, *PRODUCT_CASES):
        case.change(draft, factory)
    payload = world.insert(draft)
    if case in (*PAYLOAD_CASES, *MONEY_CASES):
        case.change(payload)


def _add_unknown(world, factory, code, dates, number):
    draft = factory.make(code, dates)
    draft.cases.add("unknown_product")
    draft.lines.clear()
    factory.add_line(draft, make_unknown_product(number))
    world.insert(draft)
