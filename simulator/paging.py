"""Lists in pages, and the links between them."""

from urllib.parse import urlencode

from .const import LINK_BASE, PAGE_SIZE
from .errors import ApiError

# Arguments that choose a page of what is found, not what is found.
PAGE_ARGS = ("page", "page_size")


def make_page(path, args, found, show):
    """Show one page of a list.

    :param str path: path of the list
    :param dict args: the query
    :param list found: everything that passes its filters
    :param show: turns one thing found into JSON
    :return: count, next, previous, results
    :rtype: dict
    :raise ApiError: 404 beyond the last page
    :source: 002, "Pagination"; 004, "Pagination" and "Actions on orders"
    """
    page, page_size = _read_page(args, len(found))
    chosen = found[(page - 1) * page_size : page * page_size]
    return {
        "count": len(found),
        "next": _link(path, args, page + 1) if page * page_size < len(found) else None,
        "previous": _link(path, args, page - 1) if page > 1 else None,
        "results": [show(thing) for thing in chosen],
    }


def _read_page(args, count):
    try:
        page_size = int(args.get("page_size", PAGE_SIZE))
    except ValueError:
        page_size = PAGE_SIZE
    if not 1 <= page_size <= PAGE_SIZE:
        page_size = PAGE_SIZE
    try:
        page = int(args.get("page", 1))
    except ValueError:
        page = 0
    last_page = max(1, -(-count // page_size))
    if not 1 <= page <= last_page:
        raise ApiError(404, "Invalid page.", form="detail")
    return page, page_size


def _link(path, args, page):
    return f"{LINK_BASE}{path}?{urlencode({**args, 'page': page})}"
