"""Reading orders, and marking them with our own numbers."""

from . import const
from .pages import PagedEndpoints
from .parsing import as_dict, as_list, text

#: Stands for "no filter" where None is a filter.
UNSET = object()

_PATH = "/v3.0/orders/"


class OrderEndpoints(PagedEndpoints):
    """The part of :class:`LengowClient` that speaks of orders."""

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
        :rtype: Iterator[Page]
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
        yield from self._iter_pages(_PATH, filters, page_size, page)

    def get_order(self, marketplace, marketplace_order_id):
        """Read one order.

        :param str marketplace: code of the marketplace
        :param marketplace_order_id: the marketplace's number of the order
        :return: the order's payload, None if Lengow does not know it
        :rtype: dict | None
        :raise LengowError: when the request failed
        :source: API reference, "Filtering": "this couple is mandatory"
        """
        return self._find_entry(
            _PATH,
            "marketplace_order_id",
            text(marketplace_order_id),
            {"marketplace": text(marketplace)},
        )

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
