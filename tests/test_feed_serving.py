"""Feeds are served to whoever has the secret, as bytes that are already built."""

import gzip
import json
import logging
from base64 import b64encode

from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from ..controllers.lengow_feed import mask_secrets
from .common_feed import FeedCommon, read_feed

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)


@tagged("post_install", "-at_install", "lengow")
class TestFeedServing(FeedCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.products = [self.create_marked(f"P{number:02}") for number in range(12)]
        self.feed = self.create_feed()
        self.build(self.feed)
        self.path = f"/lengow/feed/{self.feed.id}/{self.feed.access_token}"
        self.data = self.read_bytes(self.feed)

    def get(self, path=None, method="GET", **headers):
        headers = {"Accept-Encoding": "identity", **headers}
        return self.url_open(path or self.path, headers=headers, method=method)

    def test_the_address_never_changes(self):
        """Pitfall 76: merchants have entered it in Lengow."""
        self.assertTrue(self.feed.url.endswith(self.path))

    def test_the_file_is_served_as_it_is(self):
        response = self.get()
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, self.data)
        self.assertEqual(response.headers["Content-Type"], "text/csv; charset=utf-8")
        self.assertIn("ETag", response.headers)
        self.assertIn("Last-Modified", response.headers)
        self.assertEqual(response.headers["Accept-Ranges"], "bytes")
        self.assertNotIn("session_id", response.cookies)
        self.env.invalidate_all()
        self.assertTrue(self.feed.fetched_at)

    def test_head_tells_the_size(self):
        response = self.get(method="HEAD")
        self.assertEqual(response.headers["Content-Length"], str(len(self.data)))
        self.assertFalse(response.content)

    def test_an_unchanged_file_is_not_sent_again(self):
        first = self.get()
        for headers in (
            {"If-None-Match": first.headers["ETag"]},
            {"If-Modified-Since": first.headers["Last-Modified"]},
        ):
            response = self.get(**headers)
            self.assertEqual((response.status_code, response.content), (304, b""))
        self.products[0].name = "Renamed"
        self.build(self.feed)
        response = self.get(**{"If-None-Match": first.headers["ETag"]})
        self.assertEqual(response.status_code, 200)
        self.assertIn(b"Renamed", response.content)

    def test_gzip_is_for_those_who_accept_it(self):
        response = self.get(**{"Accept-Encoding": "gzip"})
        self.assertEqual(response.headers["Content-Encoding"], "gzip")
        self.assertEqual(response.content, self.data)
        self.assertLess(int(response.headers["Content-Length"]), len(self.data))
        self.assertIn("Accept-Encoding", response.headers["Vary"])
        self.assertNotEqual(response.headers["ETag"], self.get().headers["ETag"])

    def test_a_compressed_feed_is_a_gzip_file(self):
        self.feed.compressed = True
        response = self.get()
        self.assertEqual(response.headers["Content-Type"], "application/gzip")
        self.assertNotIn("Content-Encoding", response.headers)
        self.assertEqual(gzip.decompress(response.content), self.data)

    def test_a_broken_download_is_resumed(self):
        first = self.get()
        resumed = {"Range": "bytes=100-", "If-Range": first.headers["ETag"]}
        response = self.get(**resumed)
        self.assertEqual(response.status_code, 206)
        self.assertEqual(response.content, self.data[100:])
        self.assertEqual(
            response.headers["Content-Range"],
            f"bytes 100-{len(self.data) - 1}/{len(self.data)}",
        )
        response = self.get(Range=f"bytes={len(self.data) + 1}-")
        self.assertEqual(response.status_code, 416)
        self.products[0].name = "Renamed"
        self.build(self.feed)
        self.assertEqual(self.get(**resumed).status_code, 200, "another file")

    def test_pages_are_feeds_of_their_own(self):
        for form in ("csv", "json", "xml"):
            with self.subTest(form=form):
                self.feed.format = form
                self.build(self.feed)
                rows = self.read_rows(self.feed)
                pages = []
                for offset in (0, 5, 10, 15):
                    response = self.get(f"{self.path}?offset={offset}&limit=5")
                    self.assertEqual(response.status_code, 200)
                    self.assertEqual(response.headers["X-Total-Count"], "12")
                    pages += read_feed(response.content, form)
                self.assertEqual(pages, rows)
                response = self.get(f"{self.path}?limit=2")
                self.assertEqual(read_feed(response.content, form), rows[:2])
                response = self.get(f"{self.path}?offset=nonsense")
                self.assertEqual(read_feed(response.content, form), rows)

    def test_no_product_is_read_to_serve_a_feed(self):
        """Pitfall 73: large catalogues took too long, and too much memory, to send."""

        def fail(*_args):
            raise AssertionError("a product was read")

        self.get()  # what the test itself wrote is flushed
        for model in ("product.product", "product.template"):
            self.patch(self.registry[model], "_fetch_query", fail)
        self.assertEqual(self.get().content, self.data)
        page = self.get(f"{self.path}?offset=5&limit=5")
        self.assertEqual(read_feed(page.content), self.read_rows(self.feed)[5:10])

    def test_the_columns_are_told_for_support(self):
        facts = self.get(f"{self.path}?columns").json()
        self.assertEqual(facts["row_count"], 12)
        self.assertEqual(facts["columns"][:2], ["ID_PRODUCT", "NAME_PRODUCT"])

    # Who may

    def test_a_wrong_address_tells_nothing(self):
        token = self.feed.access_token
        unknown = f"/lengow/feed/{self.feed.id + 1000}/{token}"
        huge = f"/lengow/feed/{10**30}/{token}"
        wrong = f"/lengow/feed/{self.feed.id}/wrong"
        texts = set()
        odd = f"/lengow/feed/{self.feed.id}/é"
        for path in (unknown, huge, wrong, f"{self.path}x", odd):
            response = self.get(path)
            self.assertEqual(response.status_code, 404)
            texts.add(response.text)
        self.assertEqual(len(texts), 1)

    def test_a_revoked_address_is_dead(self):
        with self.enter_registry_test_mode():
            self.feed.action_renew_token()
        self.assertEqual(self.get().status_code, 404)
        path = f"/lengow/feed/{self.feed.id}/{self.feed.access_token}"
        self.assertEqual(self.get(path).status_code, 200)
        self.feed.active = False
        self.assertEqual(self.get(path).status_code, 404)

    def test_user_and_password_open_the_feed_too(self):
        path = f"/lengow/feed/{self.feed.id}"
        self.feed.write({"basic_login": "lengow", "basic_password": "pass:wörd"})
        right = {"Authorization": _basic("lengow:pass:wörd")}
        self.assertEqual(self.get(path, **right).content, self.data)
        for headers in (
            {},
            {"Authorization": _basic("lengow:wrong")},
            {"Authorization": _basic(":")},
            {"Authorization": "Basic nonsense"},
            {"Authorization": "Bearer x"},
        ):
            response = self.get(path, **headers)
            self.assertEqual((response.status_code, response.text), (401, ""))
            self.assertIn("Basic", response.headers["WWW-Authenticate"])
        unknown = self.get(f"/lengow/feed/{self.feed.id + 1000}", **right)
        self.assertEqual((unknown.status_code, unknown.text), (401, ""))
        self.feed.basic_password = False
        self.assertEqual(self.get(path, **right).status_code, 401)
        empty = {"Authorization": _basic("lengow:")}
        self.assertEqual(self.get(path, **empty).status_code, 401)

    def test_no_secret_is_written_into_the_log(self):
        """Pitfall 78: the server's log holds the paths of requests."""
        record = logging.LogRecord(
            "werkzeug",
            20,
            "",
            0,
            '"%s" %s',
            ("GET /lengow/feed/3/s3cret HTTP/1.1", 200),
            None,
        )
        self.assertTrue(mask_secrets(record))
        self.assertEqual(record.getMessage(), '"GET /lengow/feed/3/*** HTTP/1.1" 200')
        self.assertIn(mask_secrets, logging.getLogger("werkzeug").filters)

    def test_a_copy_of_the_database_serves_nobody(self):
        with file_open("sale_lengow/data/neutralize.sql") as script:
            self.env.flush_all()
            self.env.cr.execute(script.read())
            self.env.invalidate_all()
        self.assertEqual(self.get().status_code, 404)
        self.assertEqual(
            self.get(f"/lengow/feed/{self.feed.id}/False").status_code, 404
        )

    # Whatever is going on

    def test_a_feed_that_is_not_built_asks_for_patience(self):
        feed = self.create_feed()
        response = self.get(f"/lengow/feed/{feed.id}/{feed.access_token}")
        self.assertEqual(response.status_code, 503)
        self.assertTrue(int(response.headers["Retry-After"]))
        self.feed._get_files().rows.unlink()
        self.assertEqual(self.get().status_code, 503)
        self.build(self.feed)
        self.assertEqual(self.get().content, self.data)

    def test_an_empty_feed_is_a_feed(self):
        """Pitfall 75: no product at all was a bad request."""
        for product in self.products:
            product.lengow_published = False
        self.build(self.feed)
        response = self.get()
        self.assertEqual(response.status_code, 200)
        self.assertEqual(read_feed(response.content), [])
        self.assertIn("no_products", self.get_warnings(self.feed))
        for form in ("json", "xml"):
            self.feed.format = form
            self.build(self.feed)
            self.assertEqual(read_feed(self.get().content, form), [])

    def test_images_of_unpublished_products_are_reachable(self):
        """Pitfall 74: images were missing, or not to be had."""
        self.products[0].image_1920 = PIXEL
        self.build(self.feed)
        url = self.read_by_id(self.feed)["P00"]["IMAGE_PRODUCT"]
        path = url.removeprefix(self.feed.get_base_url())
        response = self.get(path)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "image/png")
        self.assertTrue(path.partition("?")[0].endswith(".png"))
        without = path.replace("access_token=", "x=")
        self.assertNotEqual(self.get(without).content, response.content)

    def test_a_json_feed_says_when_it_was_built(self):
        self.feed.format = "json"
        self.build(self.feed)
        response = self.get()
        self.assertEqual(
            response.headers["Content-Type"], "application/json; charset=utf-8"
        )
        self.assertRegex(json.loads(response.content)["date"], r"^\d{4}-\d\d-\d\d ")


def _basic(text):
    return f"Basic {b64encode(text.encode()).decode()}"
