"""Shipping notices: what a merchant announces and sends to a marketplace's warehouse."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import quote

from .notice import ItemSet, ShippingNotice, Tour
from .pages import PagedEndpoints
from .parsing import as_dict, as_list, text

#: What Lengow calls the steps, in their usual sequence.
UPDATE = "update_shipping_notice"
ANNOUNCE = "create_announced_item_set"
UPDATE_ANNOUNCED = "update_announced_item_set"
CONFIRM_ANNOUNCEMENT = "confirm_announcement"
DISPATCH = "create_dispatch_item_set"
UPDATE_DISPATCH = "update_dispatch_item_set"
CONFIRM_DISPATCH = "confirm_dispatch"
ACTIONS = (
    UPDATE,
    ANNOUNCE,
    UPDATE_ANNOUNCED,
    CONFIRM_ANNOUNCEMENT,
    DISPATCH,
    UPDATE_DISPATCH,
    CONFIRM_DISPATCH,
)


class NoticeEndpoints(PagedEndpoints):
    """The part of :class:`LengowClient` that speaks of shipping notices.

    None of what changes something is sent twice: after an error for which
    `action_result.may_have_been_done` is true, read the notice again, or look for it,
    before you send it again.

    :source: API reference, "Logistics" and "Zalando Fulfillment Solutions"
    """

    def create_shipping_notice(self, feed_id, values):
        """Create a notice; all its values are optional.

        :param feed_id: Lengow's number of the feed
        :param dict values: the documented parameters; None is left out, dates are written
        :rtype: ShippingNotice
        :raise LengowFeatureError: when the feed's marketplace has no notices
        :raise LengowError: when the request failed otherwise
        """
        return self._post_notice(f"{_path(feed_id)}/", _write(values))

    def iter_shipping_notice_pages(
        self, feed_id, *, lengow_status=None, marketplace_status=None, page=1
    ):
        """Read the notices of a feed page by page.

        :param feed_id: Lengow's number of the feed
        :param lengow_status: Lengow's status they shall have
        :param marketplace_status: the marketplace's status they shall have
        :param int page: the page to begin with
        :rtype: Iterator[Page]
        :raise LengowError: when the request failed
        """
        filters = {
            "lengow_status": lengow_status,
            "marketplace_status": marketplace_status,
        }
        yield from self._iter_pages(f"{_path(feed_id)}/", filters, first=page)

    def find_shipping_notice(self, feed_id, reference):
        """Look for a notice by the merchant's own reference of it.

        :param feed_id: Lengow's number of the feed
        :param str reference: its `merchant_b2b_reference`
        :return: the notice, None if no page holds it
        :rtype: ShippingNotice | None
        :raise LengowError: when the list could not be read completely
        """
        for page in self.iter_shipping_notice_pages(feed_id):
            if page.error:
                raise page.error
            for payload in page.entries:
                notice = ShippingNotice(payload)
                if notice.reference == text(reference):
                    return notice
        return None

    def get_shipping_notice(self, feed_id, notice_id):
        """Read one notice.

        :param feed_id: Lengow's number of the feed
        :param notice_id: Lengow's number of the notice
        :rtype: ShippingNotice
        :raise LengowNotFoundError: when there is none, or it is another feed's
        :raise LengowError: when the request failed otherwise
        """
        answer = self._transport.request(
            "GET",
            f"{_path(feed_id)}/{_segment(notice_id)}",
            params={"account_id": self.get_account_id()},
            accept=lambda answer: ShippingNotice(answer).notice_id != "",
        )
        return ShippingNotice(answer)

    def act_on_shipping_notice(self, feed_id, notice_id, action, values=None):
        """Do the next step of a notice.

        :param feed_id: Lengow's number of the feed
        :param notice_id: Lengow's number of the notice
        :param str action: one of those that the notice offers
        :param dict values: what the action takes: the parameters of creation, or
            `items`, a list of pairs of EAN and quantity, or a mapping; none to confirm
        :rtype: ShippingNotice
        :raise LengowOfferError: when the action does not exist or is not offered now
        :raise LengowError: when the request failed otherwise
        """
        path = f"{_path(feed_id)}/{_segment(notice_id)}/{_segment(action)}"
        return self._post_notice(path, _write(values or {}))

    def get_announced_item_sets(self, feed_id, notice_id):
        """Read what a notice announces.

        :rtype: list[ItemSet]
        :raise LengowError: when the request failed
        """
        return self._get_resource(feed_id, notice_id, "announced_item_sets", ItemSet)

    def get_dispatch_item_sets(self, feed_id, notice_id):
        """Read what of a notice was sent.

        :rtype: list[ItemSet]
        :raise LengowError: when the request failed
        """
        return self._get_resource(feed_id, notice_id, "dispatch_item_sets", ItemSet)

    def get_tracking_status(self, feed_id, notice_id):
        """Read where the shipment of a notice is.

        :rtype: list[Tour]
        :raise LengowError: when the request failed
        """
        return self._get_resource(feed_id, notice_id, "tracking_status", Tour)

    def _get_resource(self, feed_id, notice_id, name, view):
        answer = self._transport.request(
            "GET",
            f"{_path(feed_id)}/{_segment(notice_id)}/{name}",
            params={"account_id": self.get_account_id()},
            accept=lambda answer: "data" in as_dict(answer),
        )
        return [
            view(entry) for entry in as_list(answer["data"]) if isinstance(entry, dict)
        ]

    def _post_notice(self, path, body):
        answer = self._transport.request(
            "POST",
            path,
            params={"account_id": self.get_account_id()},
            json=body,
            retry=False,
            accept=lambda answer: ShippingNotice(answer).notice_id != "",
        )
        return ShippingNotice(answer)


def _path(feed_id):
    return f"/v3.0/logistics/feed/{_segment(feed_id)}/shipping_notices"


def _segment(value):
    return quote(text(value), safe="")


def _write(values):
    """Write what a notice takes as JSON can hold it."""
    body = {}
    for name, value in values.items():
        if value is None:
            continue
        if name == "items":
            pairs = value.items() if isinstance(value, Mapping) else value
            value = [{"ean": text(ean), "quantity": count} for ean, count in pairs]
        elif isinstance(value, date):
            value = value.isoformat()[:10]
        body[name] = value
    return body
