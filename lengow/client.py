"""Lengow's API in verbs: one method per endpoint, plain Python in and out."""

import logging
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from . import const
from .documents import DocumentEndpoints
from .errors import (
    LengowError,
    LengowNotFoundError,
    LengowResponseError,
    LengowServerError,
)
from .parsing import as_dict, as_list, integer, iso, text
from .shipping_notices import NoticeEndpoints
from .stock_movements import MovementEndpoints

_logger = logging.getLogger(__name__)

#: Stands for "no filter" where None is a filter.
UNSET = object()

_ORDERS_PATH = "/v3.0/orders/"
_ACTIONS_PATH = "/v3.0/orders/actions/"


@dataclass(frozen=True)
class OrderPage:
    """One page of orders.

    :param int number: number of the page, from 1
    :param list orders: the orders' payloads
    :param int count: orders of the whole query, None if Lengow did not say
    :param LengowError error: why the page could not be read, None if it could; while
        it is set, `orders` is empty and the query has not been read completely
    :param int damaged: entries that were no orders and are left out
    """

    number: int
    orders: list = field(default_factory=list, repr=False)
    count: int | None = None
    error: LengowError | None = None
    damaged: int = 0


@dataclass(frozen=True)
class ActionPage:
    """One page of actions.

    :param int number: number of the page, from 1
    :param list actions: the actions' payloads
    :param int count: actions of the whole query, None if Lengow did not say
    :param LengowError error: why the page could not be read, None if it could; while
        it is set, `actions` is empty and the query has not been read completely
    :param int damaged: entries that were no actions and are left out
    """

    number: int
    actions: list = field(default_factory=list, repr=False)
    count: int | None = None
    error: LengowError | None = None
    damaged: int = 0


class LengowClient(DocumentEndpoints, NoticeEndpoints, MovementEndpoints):
    """The endpoints of one Lengow account.

    :param Transport transport: sends the requests
    :param account_id: Lengow's number of the account; the one of the keys if not given
    """

    def __init__(self, transport, account_id=None):
        self._transport = transport
        # Odoo's empty field is False; 0 is a number like any other.
        known = "" if isinstance(account_id, bool) else text(account_id)
        self._account_id = known or None

    def __repr__(self):
        return f"{type(self).__name__}({self._transport!r})"

    def get_account_id(self):
        """Tell which account is asked about; every request names it.

        :return: Lengow's number of the account
        :rtype: str
        :raise LengowError: when it is not known and no token can be had
        """
        if self._account_id is None:
            self._account_id = self._transport.get_account_id()
        return self._account_id

    def get_me(self):
        """Tell whose the current token is, and until when.

        :return: `token`, `expire_at`, `account_id` and `scopes`; the token is a secret
        :rtype: dict
        :raise LengowError: when the request failed
        :source: advice on the Orders API, "Authentication token"
        """
        return self._transport.request("GET", "/me", accept=_is_object)

    def get_rate_limits(self):
        """List the quotas of the routes, as far as Lengow tells.

        The endpoint is optional: it is asked once, and when it fails nothing is known.

        :return: objects with `url_base`, `method`, `boundary`, `remaining_credit` and
            `remaining_time` (seconds); the last two may be None
        :rtype: list[dict]
        :source: lengow_api, "Transport"
        """
        try:
            answer = self._transport.request("GET", "/rate-limits", retry=False)
        except LengowError as error:
            _logger.info("The rate limits are not known: %s", type(error).__name__)
            return []
        return [entry for entry in as_list(answer) if isinstance(entry, dict)]

    # === ORDERS === #

    def iter_order_pages(
        self,
        *,
        marketplace=None,
        marketplace_order_id=None,
        merchant_order_id=UNSET,
        lengow_status=None,
        marketplace_status=None,
        lengow_line_status=None,
        marketplace_order_date_from=None,
        marketplace_order_date_to=None,
        imported_from=None,
        imported_to=None,
        updated_from=None,
        updated_to=None,
        order_type=None,
        set_currency=None,
        ordering=None,
        page_size=const.PAGE_SIZE,
        page=1,
    ):
        """Read the orders of a query page by page, one page in memory.

        Filters take a text or a list of texts, dates a `datetime` (naive means UTC) or
        a `date`; what is not given is not sent. Without a valid date Lengow answers
        the last seven days only.

        A later page that stays unreadable comes as a page with its `error`, and the
        next ones follow as far as `count` says they exist: the caller must not take the
        query for complete.

        :param marketplace: codes of marketplaces
        :param marketplace_order_id: number of an order; Lengow wants `marketplace` too
        :param merchant_order_id: our number of an order; None: not yet marked with one
        :param lengow_status: Lengow's statuses
        :param marketplace_status: the marketplace's statuses
        :param lengow_line_status: statuses that at least one line has
        :param marketplace_order_date_from: ordered from
        :param marketplace_order_date_to: ordered until
        :param imported_from: read by Lengow from
        :param imported_to: read by Lengow until
        :param updated_from: changed from
        :param updated_to: changed until
        :param order_type: types such as `is_business`
        :param set_currency: code of the currency of the amounts
        :param ordering: fields, each with `-` before it for the reverse order
        :param int page_size: orders per page, from 1 to 100
        :param int page: number of the page to begin with
        :return: the pages
        :rtype: Iterator[OrderPage]
        :raise LengowError: when the page to begin with, or later the access, the
            allowance or the connection failed
        :source: API reference, "Get orders"; help centre, "List of supported
            parameters"
        """
        filters = {
            "marketplace": marketplace,
            "marketplace_order_id": marketplace_order_id,
            "lengow_status": lengow_status,
            "marketplace_status": marketplace_status,
            "lengow_line_status": lengow_line_status,
            "marketplace_order_date_from": marketplace_order_date_from,
            "marketplace_order_date_to": marketplace_order_date_to,
            "imported_from": imported_from,
            "imported_to": imported_to,
            "updated_from": updated_from,
            "updated_to": updated_to,
            "order_type": order_type,
            "set_currency": set_currency,
            "ordering": ordering,
        }
        if merchant_order_id is not UNSET:
            # API reference, "Filtering": "None to get empty values".
            named = "None" if merchant_order_id is None else merchant_order_id
            filters["merchant_order_id"] = named
        yield from self._iter_pages(_ORDERS_PATH, OrderPage, filters, page_size, page)

    def _iter_pages(self, path, page_class, filters, page_size, first):
        page_size = min(max(page_size, 1), const.PAGE_SIZE)
        query = {name: _filter_text(value) for name, value in filters.items()}
        query = {
            "account_id": self.get_account_id(),
            **{name: value for name, value in query.items() if value is not None},
            "page_size": str(page_size),
        }
        number = first
        params = dict(query) if first == 1 else {**query, "page": str(first)}
        total = None
        seen = set()
        while params is not None:
            seen.add(_page_key(params))
            try:
                answer = self._transport.request(
                    "GET", path, params=params, accept=_is_page
                )
            except LengowNotFoundError:
                if number == 1:
                    raise
                # The list became shorter since it was begun (advice on the Orders
                # API, "Pagination": a page beyond the existing ones is a 404).
                return
            except (LengowResponseError, LengowServerError) as error:
                if number == first:
                    raise
                page = page_class(number, count=total, error=error)
                params = None
                if total is not None and number * page_size < total:
                    params = {**query, "page": str(number + 1)}
            else:
                page = _make_page(page_class, number, answer)
                total = page.count if page.count is not None else total
                params = _get_next_params(query, number, answer)
                del answer
            yield page
            # Only the caller may still hold it while the next one is fetched.
            del page
            if params is not None and _page_key(params) in seen:
                _logger.warning("Lengow's link after page %d leads back", number)
                return
            if params is not None:
                number = integer(params["page"])

    def get_order(self, marketplace, marketplace_order_id):
        """Read one order.

        :param str marketplace: code of the marketplace
        :param marketplace_order_id: the marketplace's number of the order
        :return: the order's payload, None if Lengow does not know it
        :rtype: dict | None
        :raise LengowError: when the request failed
        :source: API reference, "Filtering": "this couple is mandatory"
        """
        wanted = text(marketplace_order_id)
        try:
            answer = self._transport.request(
                "GET",
                _ORDERS_PATH,
                params={
                    "account_id": self.get_account_id(),
                    "marketplace": text(marketplace),
                    "marketplace_order_id": wanted,
                },
                accept=_is_page,
            )
        except LengowNotFoundError:
            return None
        return _find_entry(answer, "marketplace_order_id", wanted)

    def set_merchant_order_id(self, marketplace, marketplace_order_id, names):
        """Mark an order with our own numbers of it.

        :param str marketplace: code of the marketplace
        :param marketplace_order_id: the marketplace's number of the order
        :param list names: our numbers, such as the names of its sale orders
        :return: the order's payload, {} if Lengow did not send it
        :rtype: dict
        :raise LengowError: when the request failed
        :source: API reference, "Set Merchant Order ID"
        """
        answer = self._transport.request(
            "PATCH",
            "/v3.0/orders/moi/",
            json={
                "account_id": self._get_account_number(),
                "marketplace": text(marketplace),
                "marketplace_order_id": text(marketplace_order_id),
                "merchant_order_id": [text(name) for name in as_list(names)],
            },
        )
        return as_dict(answer)

    def _get_account_number(self):
        """Tell the account as a body names it: a number, where it is one."""
        account_id = self.get_account_id()
        number = integer(account_id)
        return account_id if number is None else number

    # === ACTIONS === #

    def post_action(self, body):
        """Ask a marketplace to do something with an order; it does so later.

        Lengow takes the same action as often as it is sent, so this is never sent
        twice: after an error for which `action_result.may_have_been_done` is true, look
        for the action with `iter_action_pages` before you post it again.

        :param dict body: `marketplace`, `marketplace_order_id`, `action_type` and the
            arguments, see `action.ActionRequest.body`
        :return: Lengow's number of the action
        :rtype: str
        :raise LengowRequestError: when Lengow refused it, with its words
        :raise LengowError: when the request failed otherwise
        :source: API reference, "Create an action on an order"
        """
        answer = self._transport.request(
            "POST",
            _ACTIONS_PATH,
            json={**body, "account_id": self._get_account_number()},
            retry=False,
            accept=_has_id,
        )
        return text(answer["id"])

    def iter_action_pages(
        self,
        *,
        lengow_id=None,
        marketplace=None,
        marketplace_order_id=None,
        action_type=None,
        processed=None,
        queued=None,
        tracking_number=None,
        carrier=None,
        line=None,
        created_from=None,
        created_to=None,
        updated_from=None,
        updated_to=None,
        errors=None,
        page_size=const.PAGE_SIZE,
        page=1,
    ):
        """Read the actions of a query page by page, one page in memory.

        Filters, dates and unreadable pages are as in :meth:`iter_order_pages`. While it
        is read, an action that changes may leave its window, and the next ones move up:
        windows should overlap, and what stays open be asked for by its number.

        :param lengow_id: Lengow's number of an action
        :param marketplace: codes of marketplaces
        :param marketplace_order_id: number of an order
        :param action_type: such as `ship`
        :param bool processed: whether it was successful
        :param bool queued: whether Lengow is still trying
        :param tracking_number: the tracking number that was sent
        :param carrier: the carrier that was sent
        :param line: number of the order's line
        :param created_from: made from
        :param created_to: made until
        :param updated_from: changed from
        :param updated_to: changed until
        :param errors: the error that was returned
        :param int page_size: actions per page, from 1 to 100
        :param int page: number of the page to begin with
        :return: the pages; see `action_result.ActionResult` for an action
        :rtype: Iterator[ActionPage]
        :raise LengowError: when the page to begin with, or later the access, the
            allowance or the connection failed
        :source: API reference, "Get all actions on orders"; advice on the Orders API,
            "Actions on orders"
        """
        filters = {
            "id": lengow_id,
            "marketplace": marketplace,
            "marketplace_order_id": marketplace_order_id,
            "action_type": action_type,
            "processed": _write_flag(processed),
            "queued": _write_flag(queued),
            "tracking_number": tracking_number,
            "carrier": carrier,
            "line": line,
            "created_from": created_from,
            "created_to": created_to,
            "updated_from": updated_from,
            "updated_to": updated_to,
            "errors": errors,
        }
        yield from self._iter_pages(_ACTIONS_PATH, ActionPage, filters, page_size, page)

    def get_action(self, lengow_id):
        """Read one action.

        :param lengow_id: Lengow's number of the action
        :return: the action's payload, None if Lengow does not know it
        :rtype: dict | None
        :raise LengowError: when the request failed
        :source: advice on the Orders API, "Actions on orders"
        """
        wanted = text(lengow_id)
        try:
            answer = self._transport.request(
                "GET",
                _ACTIONS_PATH,
                params={"account_id": self.get_account_id(), "id": wanted},
                accept=_is_page,
            )
        except LengowNotFoundError:
            return None
        return _find_entry(answer, "id", wanted)

    # === MARKETPLACES === #

    def get_marketplaces(self, marketplace=None):
        """Read what the account's marketplaces allow; it changes very little.

        :param str marketplace: code of the only one wanted
        :return: code -> description of each marketplace
        :rtype: dict
        :raise LengowError: when the request failed
        :source: API reference, "Get marketplace informations"
        """
        params = {"account_id": self.get_account_id()}
        if marketplace is not None:
            params["marketplace"] = text(marketplace)
        answer = self._transport.request(
            "GET", "/v3.0/marketplaces/", params=params, accept=_is_object
        )
        if marketplace is not None and "orders" in answer and "name" in answer:
            # The reference shows a single marketplace both with and without its code.
            answer = {text(marketplace): answer}
        return {code: spec for code, spec in answer.items() if isinstance(spec, dict)}

    # === CATALOGUES === #

    def create_preprocessing_job(self, catalog):
        """Tell Lengow to fetch the sources of a catalogue now.

        :param catalog: Lengow's number of the catalogue; others that share sources
            with it are fetched too
        :raise LengowRequestError: when Lengow refused it, with its words
        :raise LengowError: when the request failed otherwise
        :source: API reference, "Preprocessing": its answer is not described; the
            example says `catalog`, the table of its parameters `catalog_id`
        """
        wanted = text(catalog)
        params = {
            "account_id": self.get_account_id(),
            "catalog": wanted,
            "catalog_id": wanted,
        }
        self._transport.request_raw("GET", "/v3.0/preprocessing/job/", params=params)


def _is_object(answer):
    return isinstance(answer, dict)


def _has_id(answer):
    return text(as_dict(answer).get("id")) != ""


def _is_page(answer):
    return isinstance(as_dict(answer).get("results"), list)


def _make_page(page_class, number, answer):
    entries = answer["results"]
    objects = [entry for entry in entries if isinstance(entry, dict)]
    return page_class(
        number,
        objects,
        count=integer(answer.get("count")),
        damaged=len(entries) - len(objects),
    )


def _find_entry(answer, name, wanted):
    """Find what was asked for: a filter that Lengow ignores must not give us another."""
    for entry in answer["results"]:
        if text(as_dict(entry).get(name)) == wanted:
            return entry
    return None


def _write_flag(value):
    """Write a yes or no as the documents do: `processed=False`."""
    return None if value is None else str(bool(value))


def _get_next_params(query, number, answer):
    """Take the next page from `next`: its query, but our base and our filters.

    :return: the query of the next page, None after the last one
    """
    link = answer.get("next")
    if not answer["results"] or not link:
        return None
    linked = dict(parse_qsl(urlsplit(text(link)).query, keep_blank_values=True))
    page = integer(linked.get("page"))
    # What we asked for stands: a link that forgets a filter, or leaves the `+` of a
    # date's offset unescaped, would silently turn into the last seven days.
    return {**linked, **query, "page": str(number + 1 if page is None else page)}


def _page_key(params):
    return tuple(sorted({"page": "1", **params}.items()))


def _filter_text(value):
    """Write a filter's value as Lengow's query wants it, None to leave it out."""
    if value is None:
        return None
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(text(entry) for entry in value) or None
    return text(value)
