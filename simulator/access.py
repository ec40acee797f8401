"""Keys, tokens and quotas: `/access/get_token`, `/me`, `/rate-limits`."""

import math
from datetime import datetime, timezone

from .const import RATE_WINDOW
from .errors import ApiError

TOKEN_PATH = "/access/get_token"


def authenticate(simulator, request, route):
    """Find the account behind a request, and count the request.

    :param Simulator simulator: the application
    :param Request request: the request; its `account` is set
    :param str route: path of the route
    :raise ApiError: 401 without a living session, 403 when it has expired, 429
    :source: lengow_api, "Transport"
    """
    if route == TOKEN_PATH:
        client = request.form.get("access_token") or request.remote_addr
        simulator.count_request(client, request.method, route)
        return
    token = request.headers.get("Authorization")
    if not token:
        raise ApiError(401, "Authentication credentials were not provided.")
    session = simulator.tokens.get(token)
    if session is None:
        raise ApiError(401, "Access not granted: unknown token")
    if simulator.clock() >= session["expire_at"]:
        raise ApiError(403, "Your token has expired")
    request.account = simulator.world.account(session["account_id"])
    simulator.count_request(session["account_id"], request.method, route)


def get_token(simulator, request):
    """Open a session for a pair of keys sent as form fields.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: the token and the account's id
    :rtype: dict
    :raise ApiError: 400 when the keys are wrong
    :source: 002, "Get a token"; lengow_api, "Transport"
    """
    keys = request.form.get("access_token"), request.form.get("secret")
    for account in simulator.world.accounts:
        if keys == (account["access_token"], account["secret"]):
            account_id = account["account_id"]
            return {
                "token": simulator.issue_token(account),
                "account_id": str(account_id)
                if account.get("text_ids")
                else account_id,
            }
    raise ApiError(400, "Invalid access_token or secret")


def get_me(simulator, request):
    """Tell until when the token lives.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: token, expiry, account and scopes
    :rtype: dict
    :source: 004, "Authentication token"
    """
    token = request.headers["Authorization"]
    account_id = request.account["account_id"]
    expire_at = simulator.tokens[token]["expire_at"]
    expire_at = datetime.fromtimestamp(int(expire_at), timezone.utc)
    return {
        "token": token,
        "expire_at": expire_at.isoformat(),
        "account_id": account_id,
        "scopes": {
            "feed_id": "*",
            "account_id": account_id,
            "catalog_id": "*",
            "product_id": "*",
        },
    }


def get_rate_limits(simulator, request):
    """List the quota of every route, and what is left of it.

    :param Simulator simulator: the application
    :param Request request: the request
    :return: one dict by route; what is left is null where no window is open
    :rtype: list of dict
    :source: lengow_api, "Transport"
    """
    now, boundary = simulator.clock(), simulator.rate_limit
    quotas = []
    for method, path, _view in simulator.routes:
        client = request.account["account_id"]
        if path == TOKEN_PATH:
            client = request.account["access_token"]
        start, count = simulator.windows.get((client, method, path), (-math.inf, 0))
        left = start + RATE_WINDOW - now
        is_open = left > 0
        quotas.append(
            {
                "url_base": path.rstrip("/"),
                "method": method,
                "boundary": boundary,
                "remaining_credit": boundary - count if is_open else None,
                "remaining_time": math.ceil(left) if is_open else None,
            },
        )
    return quotas


ROUTES = (
    ("POST", TOKEN_PATH, get_token),
    ("GET", "/me", get_me),
    ("GET", "/rate-limits", get_rate_limits),
)
