"""Asking marketplaces to do something with an order, and reading what came of it."""

from . import const
from .pages import PagedEndpoints
from .parsing import as_dict, text

_PATH = "/v3.0/orders/actions/"


class ActionEndpoints(PagedEndpoints):
    """The part of :class:`LengowClient` that speaks of actions."""

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
            _PATH,
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
        :rtype: Iterator[Page]
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
        yield from self._iter_pages(_PATH, filters, page_size, page)

    def get_action(self, lengow_id):
        """Read one action.

        :param lengow_id: Lengow's number of the action
        :return: the action's payload, None if Lengow does not know it
        :rtype: dict | None
        :raise LengowError: when the request failed
        :source: advice on the Orders API, "Actions on orders"
        """
        return self._find_entry(_PATH, "id", text(lengow_id), {})


def _has_id(answer):
    return text(as_dict(answer).get("id")) != ""


def _write_flag(value):
    """Write a yes or no as the documents do: `processed=False`."""
    return None if value is None else str(bool(value))
