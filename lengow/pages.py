"""Lists of Lengow's, a page at a time."""

import logging
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from . import const
from .errors import (
    LengowError,
    LengowNotFoundError,
    LengowResponseError,
    LengowServerError,
)
from .parsing import as_dict, integer, iso, text

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """One page of a list.

    :param int number: number of the page, from 1
    :param list entries: the payloads
    :param int count: entries of the whole query, None if Lengow did not say
    :param LengowError error: why the page could not be read, None if it could; while
        it is set, `entries` is empty and the query has not been read completely
    :param int damaged: entries that were no objects and are left out
    """

    number: int
    entries: list = field(default_factory=list, repr=False)
    count: int | None = None
    error: LengowError | None = None
    damaged: int = 0


class PagedEndpoints:
    """The part of :class:`LengowClient` that reads lists."""

    def _iter_pages(self, path, filters, page_size=const.PAGE_SIZE, first=1):
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
                page = Page(number, count=total, error=error)
                params = None
                if total is not None and number * page_size < total:
                    params = {**query, "page": str(number + 1)}
            else:
                page = _make_page(number, answer)
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

    def _find_entry(self, path, name, wanted, filters):
        """Read the one entry of a list that is asked for.

        A filter that Lengow ignores must not give us another.

        :return: its payload, None if Lengow does not know it
        """
        params = {"account_id": self.get_account_id(), **filters, name: wanted}
        try:
            answer = self._transport.request(
                "GET", path, params=params, accept=_is_page
            )
        except LengowNotFoundError:
            return None
        for entry in answer["results"]:
            if text(as_dict(entry).get(name)) == wanted:
                return entry
        return None


def _is_page(answer):
    """Tell whether an answer is a page of a list."""
    return isinstance(as_dict(answer).get("results"), list)


def _make_page(number, answer):
    entries = answer["results"]
    objects = [entry for entry in entries if isinstance(entry, dict)]
    return Page(
        number,
        objects,
        count=integer(answer.get("count")),
        damaged=len(entries) - len(objects),
    )


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
