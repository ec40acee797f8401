import io
from datetime import datetime

from werkzeug.wrappers import Response

from odoo.tests import tagged

from ..lengow.errors import (
    LengowConnectionError,
    LengowExpiredError,
    LengowFeatureError,
    LengowFeedError,
    LengowNotFoundError,
    LengowParameterError,
    LengowResponseError,
    LengowUnprocessableError,
)
from ..simulator.const import ACCOUNT_ID, OTHER_ACCOUNT_ID
from ..simulator.document_store import ONE_SHOT, SNAPSHOT
from .common_client import TOKEN
from .common_logistics import OTHER, PLAIN, UNKNOWN, ZFS, LogisticsClientCase


@tagged("post_install", "-at_install")
class TestDocumentEndpoints(LogisticsClientCase):
    def setUp(self):
        super().setUp()
        self.store = self.logistics.documents
        self.warehouse.receive(self.eans[0], 3)
        self.file = io.BytesIO()

    def download(self, document_type=SNAPSHOT, feed=ZFS, **options):
        return self.client.download_document(feed, document_type, self.file, **options)

    def test_types_are_listed_with_what_they_are(self):
        one_shot, snapshot = self.client.get_document_types(ZFS)
        self.assertEqual((one_shot.code, one_shot.is_one_shot), (ONE_SHOT, True))
        self.assertEqual((snapshot.code, snapshot.is_one_shot), (SNAPSHOT, False))
        self.assertIn("Daily report", snapshot.description)

    def test_stored_documents_are_listed_newest_first(self):
        self.store.add(ACCOUNT_ID)
        self.wait(hours=1)
        self.store.add(ACCOUNT_ID, b"no stock", status="error")
        self.store.add(OTHER_ACCOUNT_ID)
        newest, oldest = self.client.get_documents(ZFS, SNAPSHOT)
        self.assertEqual((newest.document_id, newest.status), ("2", "error"))
        self.assertEqual((oldest.document_id, oldest.status), ("1", "ready"))
        self.assertEqual(oldest.content_type, "application/csv")
        self.assertEqual(oldest.created_at, datetime(2023, 11, 14, 22, 13, 20))

    def test_a_feed_without_documents_of_a_kind_lists_none(self):
        self.assertEqual(self.client.get_documents(ZFS, SNAPSHOT), [])
        self.assertEqual(self.client.get_documents(ZFS, ONE_SHOT), [])

    def test_a_stored_document_is_downloaded_with_its_type_and_name(self):
        self.store.add(ACCOUNT_ID)
        download = self.download(document_id=1)
        self.assertEqual(download.content_type, "application/csv")
        self.assertEqual(download.name, f"{SNAPSHOT}-1.csv")
        content = self.file.getvalue()
        self.assertEqual(download.size, len(content))
        self.assertIn(f'"{self.eans[0]}","3","3","0"'.encode(), content)

    def test_the_name_that_the_answer_gives_is_kept_without_any_path(self):
        self.store.add(
            ACCOUNT_ID, b"x", content_type="application/pdf", name="../a.pdf"
        )
        download = self.download(document_id=1)
        self.assertEqual(download.name, "a.pdf")
        self.assertEqual(download.content_type, "application/pdf")

    def test_a_document_in_error_is_a_text_that_tells_why(self):
        self.store.add(ACCOUNT_ID, b"Zalando did not answer", status="error")
        download = self.download(document_id="1")
        self.assertEqual(download.content_type, "text/plain")
        self.assertEqual(self.file.getvalue(), b"Zalando did not answer")

    def test_one_shot_reports_take_eans_or_a_date_and_a_way_to_count(self):
        self.warehouse.relocate(self.eans[0], 1)
        self.warehouse.receive(self.eans[1], 1)
        self.download(ONE_SHOT, eans=[self.eans[0]])
        self.assertEqual(len(self.file.getvalue().splitlines()), 2)
        self.download(ONE_SHOT, since=datetime(2023, 1, 1), by_location=True)
        lines = self.file.getvalue().splitlines()
        self.assertEqual(len(lines), 4, "two warehouses and another product")
        self.assertIn(b'"location_quantity"', lines[0])
        self.assertEqual(
            self.simulator.requests[-1].args,
            {
                "account_id": "1001",
                "from": "2023-01-01T00:00:00Z",
                "by_location": "True",
            },
        )

    def test_a_missing_parameter_is_named_and_no_token_is_renewed(self):
        """Lengow answers it with 401, which elsewhere means a stale token."""
        with self.assertRaisesRegex(
            LengowParameterError, "Missing mandatory GET parameter : eans"
        ):
            self.download(ONE_SHOT)
        self.assertEqual(self.count_requests(TOKEN), 1)

    def test_eans_and_a_date_exclude_each_other(self):
        with self.assertRaisesRegex(LengowUnprocessableError, "mutually exclusive"):
            self.download(ONE_SHOT, eans=["1"], since=datetime(2023, 1, 1))

    def test_errors_met_while_streaming_are_told_whatever_the_status(self):
        for status in (422, 200):
            self.store.errors = [{"ean": ["Unknown"]}, "Zalando timed out"]
            self.store.errors_status = status
            with (
                self.subTest(status),
                self.assertRaisesRegex(
                    LengowUnprocessableError, "ean: Unknown, Zalando timed out"
                ),
            ):
                self.download(ONE_SHOT, eans=["1"])

    def test_a_json_document_is_no_error(self):
        self.store.add(ACCOUNT_ID, b'{"code": 1}', content_type="application/json")
        self.assertEqual(self.download(document_id=1).size, 11)

    def test_expired_and_unknown_documents_are_gone(self):
        self.store.add(ACCOUNT_ID, is_expired=True)
        self.store.add(OTHER_ACCOUNT_ID)
        for number in (1, 2, 3):
            with self.assertRaisesRegex(
                LengowExpiredError, r"\(HTTP 410\).*unavailable or expired"
            ):
                self.download(document_id=number)

    def test_feeds_are_checked(self):
        for feed, kind, words in (
            (UNKNOWN, LengowFeedError, "Unknown feed id"),
            (OTHER, LengowFeedError, "Account and Feed don't match"),
            (PLAIN, LengowFeatureError, "does not feature document management"),
        ):
            for call in (
                lambda feed=feed: self.client.get_document_types(feed),
                lambda feed=feed: self.client.get_documents(feed, SNAPSHOT),
                lambda feed=feed: self.download(feed=feed, document_id=1),
            ):
                with self.assertRaisesRegex(kind, words):
                    call()
        self.assertEqual(self.count_requests(TOKEN), 1)

    def test_an_unknown_type_is_not_found(self):
        with self.assertRaises(LengowNotFoundError):
            self.client.get_documents(ZFS, "poems")


@tagged("post_install", "-at_install")
class TestDownloads(LogisticsClientCase):
    def setUp(self):
        super().setUp()
        self.file = io.BytesIO(b"what was there before")

    def answer(self, response):
        self.wire.answer = lambda request: (
            response if "/document/" in request.url else None
        )

    def download(self, **options):
        return self.client.download_document(
            ZFS, SNAPSHOT, self.file, document_id=1, **options
        )

    def test_a_document_that_is_cut_short_is_refused(self):
        self.logistics.documents.add(ACCOUNT_ID, b"whole")
        self.simulator.faults.once("truncated", path="/v3.0/document/*")
        with self.assertRaisesRegex(LengowResponseError, "cut short"):
            self.download()

    def test_a_document_that_takes_too_long_is_given_up(self):
        self.answer(Response(b"whole"))
        with self.assertRaisesRegex(LengowConnectionError, "took too long"):
            self.download(seconds=-1)

    def test_compressed_documents_are_unpacked(self):
        self.logistics.documents.add(ACCOUNT_ID, b"ean\n" * 1000)
        self.assertEqual(self.download().size, 4000)
        self.assertEqual(self.file.getvalue(), b"ean\n" * 1000)

    def test_the_file_holds_nothing_of_before(self):
        self.answer(Response(b"new", content_type="text/csv; charset=utf-8"))
        download = self.download()
        self.assertEqual(self.file.getvalue(), b"new")
        self.assertEqual(download.content_type, "text/csv")

    def test_a_failed_start_is_repeated(self):
        self.logistics.documents.add(ACCOUNT_ID, b"whole")
        self.simulator.faults.once("503", path="/v3.0/document/*")
        self.assertEqual(self.download().size, 5)
