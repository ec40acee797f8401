"""Feeds: what a merchant's catalogue is on one marketplace, and what that one offers."""

from .const import ACCOUNT_ID, OTHER_ACCOUNT_ID
from .errors import ApiError

# Numbers of feeds (ours): two of Zalando's warehouse, one without any of it, and one of
# the other account.
ZFS_FEED, ZFS_SECOND_FEED, PLAIN_FEED, OTHER_FEED = 2001, 2003, 2002, 3001

FEEDS = {
    ZFS_FEED: {
        "account_id": ACCOUNT_ID,
        "marketplace": "Zalando ZFS DE",
        "has_documents": True,
        "has_logistics": True,
    },
    ZFS_SECOND_FEED: {
        "account_id": ACCOUNT_ID,
        "marketplace": "Zalando ZFS DE",
        "has_documents": True,
        "has_logistics": True,
    },
    PLAIN_FEED: {
        "account_id": ACCOUNT_ID,
        "marketplace": "Amazon FR",
        "has_documents": False,
        "has_logistics": False,
    },
    OTHER_FEED: {
        "account_id": OTHER_ACCOUNT_ID,
        "marketplace": "Zalando ZFS DE",
        "has_documents": True,
        "has_logistics": True,
    },
}


def find_feed(simulator, request, feed_id):
    """Find the feed that a request is about.

    :param Simulator simulator: the application
    :param Request request: the authenticated request, with `account_id` in its query
    :param str feed_id: the feed's number in the path
    :return: the feed
    :rtype: dict
    :raise ApiError: 404 when it is unknown, 403 when it is another account's
    :source: 002, "Get Documents linked to your feed"
    """
    account_id = simulator.check_account(request, request.args.get("account_id"))
    feed = FEEDS.get(int(feed_id)) if feed_id.isdecimal() else None
    if feed is None:
        raise ApiError(404, "Unknown feed id", form="text")
    if feed["account_id"] != account_id:
        raise ApiError(403, "Forbidden: Account and Feed don't match", form="text")
    return feed


def check_logistics(feed, what):
    """Make sure that a feed's marketplace keeps stock for merchants.

    :param dict feed: the feed
    :param str what: what was asked for, in the plural
    :raise ApiError: 400 when it does not
    :source: 002, "Create and retrieve shipping notices"
    """
    if not feed["has_logistics"]:
        message = f"{what} are not available for {feed['marketplace']}."
        raise ApiError(400, message, form="text")
