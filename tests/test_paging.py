import weakref
from urllib.parse import parse_qs, urlsplit

import requests
from werkzeug.wrappers import Response

from odoo.tests import tagged

from ..lengow.errors import (
    LengowAuthError,
    LengowConnectionError,
    LengowNotFoundError,
    LengowRateLimitError,
    LengowRequestError,
    LengowResponseError,
    LengowServerError,
)
from ..lengow.pages import PagedEndpoints
from ..simulator import ACCOUNT_ID
from .common_client import LONG_AGO, ORDERS, TOKEN, ClientCase, is_path, make_json


@tagged("post_install", "-at_install", "lengow")
class TestPaging(ClientCase):
    def read_pages(self, **filters):
        filters.setdefault("marketplace_order_date_from", LONG_AGO)
        filters.setdefault("page_size", 10)
        filters.setdefault("ordering", "marketplace_order_id")
        return list(self.client.iter_order_pages(**filters))

    def own_orders(self):
        return sorted(
            str(order["marketplace_order_id"])
            for order in self.world.orders
            if str(order["account_id"]) == str(ACCOUNT_ID)
        )

    @staticmethod
    def numbers(pages):
        return [
            str(order["marketplace_order_id"])
            for page in pages
            for order in page.entries
        ]

    def garble(self, pages, answer):
        def get_page(request):
            query = parse_qs(urlsplit(request.url).query)
            return int(query.get("page", ["1"])[0])

        self.wire.answer = lambda request: (
            answer()
            if is_path(request, ORDERS) and get_page(request) in pages
            else None
        )

    def test_every_order_comes_once_by_the_links(self):
        pages = self.read_pages()
        self.assertGreater(len(pages), 4)
        self.assertEqual(self.numbers(pages), self.own_orders())
        self.assertEqual([page.number for page in pages], [*range(1, len(pages) + 1)])
        self.assertEqual({page.count for page in pages}, {len(self.own_orders())})
        # No page is asked for in vain, and the links' other prefix is not ours.
        self.assertEqual(self.wire.paths(), [TOKEN, *[ORDERS] * len(pages)])

    def test_one_page_is_asked_for_at_a_time(self):
        pages = self.client.iter_order_pages(
            marketplace_order_date_from=LONG_AGO, page_size=10
        )
        self.assertEqual(self.wire.sent, [])
        next(pages)
        self.assertEqual(self.count_requests(ORDERS), 1)
        next(pages)
        self.assertEqual(self.count_requests(ORDERS), 2)

    def test_reading_can_go_on_at_a_later_page(self):
        pages = self.read_pages(page=4)
        self.assertEqual(pages[0].number, 4)
        self.assertEqual(self.numbers(pages), self.own_orders()[30:])
        self.assertEqual(self.read_pages(page=1000), [])
        self.garble({4}, lambda: Response("garbage"))
        with self.assertRaises(LengowResponseError):
            self.read_pages(page=4)

    def test_a_page_is_forgotten_before_the_next_one_is_fetched(self):
        pages = self.client.iter_order_pages(
            marketplace_order_date_from=LONG_AGO, page_size=10
        )
        kept = weakref.ref(next(pages))
        found = []
        self.wire.answer = lambda request: found.append(kept())
        next(pages)
        self.assertEqual(found, [None])

    def test_filters_survive_a_link_that_forgets_or_breaks_them(self):
        orders = [{"marketplace_order_id": "1"}]
        dates = "marketplace_order_date_from=2000-01-01T00:00:00+00:00"
        links = [
            None,
            f"https://api.lengow.io/api/v3.0/orders/?page=2&cursor=x&{dates}",
        ]
        self.wire.answer = lambda request: (
            make_json({"count": 2, "next": links.pop(), "results": orders})
            if is_path(request, ORDERS)
            else None
        )
        self.read_pages(marketplace="amazon_fr")
        first, second = (
            parse_qs(urlsplit(request.url).query) for request in self.wire.sent[1:]
        )
        self.assertEqual(second, {**first, "page": ["2"], "cursor": ["x"]})
        self.assertEqual(
            first["marketplace_order_date_from"], ["2000-01-01T00:00:00+00:00"]
        )

    def test_an_empty_page_ends_it_whatever_its_link_says(self):
        answer = {"count": 0, "next": "https://x/?page=2", "results": []}
        self.garble({1}, lambda: make_json(answer))
        (page,) = self.read_pages()
        self.assertEqual((page.entries, page.count), ([], 0))
        self.assertEqual(self.wire.paths(), [TOKEN, ORDERS])

    def test_a_link_in_a_circle_ends_it(self):
        answer = {"count": 99, "next": "?page=1", "results": [{"id": 0}]}
        self.garble({1, 2}, lambda: make_json(answer))
        for link, count in (("?page=1", 1), ("?page=2", 2)):
            answer["next"] = link
            with self.assertLogs(PagedEndpoints.__module__, level="WARNING"):
                self.assertEqual(len(self.read_pages()), count)

    def test_an_unreadable_page_does_not_cost_the_next_ones(self):
        for garbage, error in (
            (lambda: Response("<html>Back soon</html>"), LengowResponseError),
            (lambda: Response('{"count": 50, "resul'), LengowResponseError),
            (lambda: make_json({"results": None}), LengowResponseError),
            (lambda: make_json([]), LengowResponseError),
            (lambda: Response(status=502), LengowServerError),
        ):
            with self.subTest(error=error):
                self.garble({3}, garbage)
                pages = self.read_pages()
                self.assertEqual(
                    [page.number for page in pages], [*range(1, len(pages) + 1)]
                )
                self.assertIs(type(pages[2].error), error)
                self.assertEqual(pages[2].entries, [])
                self.assertTrue(
                    all(page.error is None for page in pages if page.number != 3)
                )
                wanted = self.own_orders()
                self.assertEqual(self.numbers(pages), wanted[:20] + wanted[30:])

    def test_an_unreadable_last_page_is_not_gone_beyond(self):
        answer = {"count": 20, "next": "?page=2", "results": [{"id": 0}]}
        self.garble({1}, lambda: make_json(answer))
        self.simulator.faults.once("not_json", path=ORDERS, times=99)
        pages = self.read_pages(page_size=10)
        self.assertEqual([page.number for page in pages], [1, 2])
        self.assertIsInstance(pages[1].error, LengowResponseError)
        self.assertFalse([sent for sent in self.wire.sent if "page=3" in sent.url])

    def test_an_unreadable_first_page_is_raised(self):
        self.garble({1}, lambda: Response(""))
        with self.assertRaises(LengowResponseError):
            self.read_pages()

    def test_a_lost_connection_or_access_on_a_later_page_is_raised(self):
        for answer, error in (
            (requests.exceptions.ConnectionError, LengowConnectionError),
            (lambda: Response(status=401), LengowAuthError),
            (
                lambda: Response(status=429, headers={"Retry-After": 600}),
                LengowRateLimitError,
            ),
            (lambda: Response(status=400), LengowRequestError),
        ):
            with self.subTest(error=error):
                self.garble({2}, answer)
                with self.assertRaises(error):
                    self.read_pages()

    def test_a_later_page_that_is_gone_ends_it_quietly(self):
        self.garble({3}, lambda: make_json({"detail": "Invalid page."}, 404))
        pages = self.read_pages()
        self.assertEqual([page.error for page in pages], [None, None])
        self.garble({1}, lambda: make_json({"detail": "Not found."}, 404))
        with self.assertRaises(LengowNotFoundError):
            self.read_pages()

    def test_entries_that_are_no_orders_are_left_out_and_counted(self):
        answer = {"count": "4", "next": None, "results": [None, {"id": 0}, "x", []]}
        self.garble({1}, lambda: make_json(answer))
        (page,) = self.read_pages()
        self.assertEqual((page.entries, page.damaged, page.count), ([{"id": 0}], 3, 4))
