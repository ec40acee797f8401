from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..simulator.const import ACCOUNT_ID
from ..simulator.document_store import ONE_SHOT, SNAPSHOT
from ..simulator.feeds import OTHER_FEED, PLAIN_FEED
from .common_fulfilment import FulfilmentCommon


@tagged("post_install", "-at_install")
class TestDocumentWizard(FulfilmentCommon):
    def setUp(self):
        super().setUp()
        self.store_ = self.logistics.documents
        self.at_zalando.receive(self.first.barcode, 3)

    def open(self):
        """:return: the wizard, its documents listed."""
        action = self.channel.action_open_documents()
        return self.env["lengow.documents"].browse(action["res_id"])

    def get_line(self, wizard, document_type):
        return wizard.line_ids.filtered(
            lambda line: line.document_type == document_type
        )[:1]

    def test_types_and_documents_are_listed(self):
        self.store_.add(ACCOUNT_ID)
        self.store_.add(ACCOUNT_ID, status="mysterious")
        wizard = self.open()
        self.assertEqual(
            sorted(
                wizard.line_ids.mapped(lambda line: (line.document_type, line.status))
            ),
            [(ONE_SHOT, False), (SNAPSHOT, "ready"), (SNAPSHOT, "unknown")],
        )
        self.assertTrue(wizard.has_one_shot)

    def test_a_stored_document_becomes_an_attachment_as_it_is(self):
        self.store_.add(
            ACCOUNT_ID, b"%PDF-1.4 x", content_type="application/pdf", name="a.pdf"
        )
        line = self.get_line(self.open(), SNAPSHOT)
        line.action_download()
        attachment = line.attachment_id
        self.assertEqual(attachment.name, "a.pdf")
        self.assertEqual(attachment.mimetype, "application/pdf")
        self.assertEqual(attachment.raw, b"%PDF-1.4 x")
        self.assertEqual(attachment.file_size, 10)
        self.assertEqual(
            (attachment.res_model, attachment.res_id),
            ("lengow.channel", self.channel.id),
        )
        self.assertIn(str(attachment.id), line.action_open()["url"])

    def test_the_attachment_is_one_like_any_other(self):
        self.store_.add(ACCOUNT_ID, b"some content", name="a.csv")
        line = self.get_line(self.open(), SNAPSHOT)
        line.action_download()
        attachment = line.attachment_id
        same = self.env["ir.attachment"].create({"name": "b", "raw": b"some content"})
        self.assertEqual(attachment.checksum, same.checksum)
        self.assertEqual(attachment.store_fname, same.store_fname)
        self.assertEqual(attachment.copy().raw, b"some content")

    def test_it_works_where_attachments_are_in_the_database(self):
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        self.store_.add(ACCOUNT_ID, b"some content")
        line = self.get_line(self.open(), SNAPSHOT)
        line.action_download()
        self.assertEqual(line.attachment_id.raw, b"some content")

    def test_one_shot_documents_take_their_parameters(self):
        wizard = self.open()
        line = self.get_line(wizard, ONE_SHOT)
        wizard.ean_list = f"{self.first.barcode}\n{self.second.barcode}"
        wizard.by_location = True
        line.action_download()
        self.assertFalse(line.problem)
        self.assertEqual(line.content_type, "application/csv")
        self.assertIn(b"location_id", line.attachment_id.raw)
        self.assertIn(self.first.barcode.encode(), line.attachment_id.raw)
        self.assertTrue(line.attachment_id.name.endswith(".csv"))

    def test_exactly_one_of_eans_and_a_date_is_asked_for(self):
        wizard = self.open()
        line = self.get_line(wizard, ONE_SHOT)
        with self.assertRaisesRegex(UserError, "exactly one of them"):
            line.action_download()
        wizard.write({"ean_list": "1", "since": "2024-01-01 00:00:00"})
        with self.assertRaisesRegex(UserError, "exactly one of them"):
            line.action_download()
        wizard.write({"ean_list": "\n".join(map(str, range(301))), "since": False})
        with self.assertRaisesRegex(UserError, "Enter at most 300"):
            line.action_download()

    def test_errors_met_by_the_marketplace_are_told(self):
        self.store_.errors = ["Zalando timed out"]
        for status in (422, 200):
            self.store_.errors_status = status
            wizard = self.open()
            wizard.since = "2024-01-01 00:00:00"
            line = self.get_line(wizard, ONE_SHOT)
            line.action_download()
            self.assertIn("Zalando timed out", line.problem)
            self.assertFalse(line.attachment_id)

    def test_a_document_in_error_tells_its_error(self):
        self.store_.add(ACCOUNT_ID, b"Zalando did not answer", status="error")
        line = self.get_line(self.open(), SNAPSHOT)
        line.action_download()
        self.assertEqual(
            line.problem,
            "The marketplace could not make this document: Zalando did not answer",
        )
        self.assertFalse(line.attachment_id)

    def test_an_expired_document_says_so_and_the_others_can_be_had(self):
        document = self.store_.add(ACCOUNT_ID)
        line = self.get_line(self.open(), SNAPSHOT)
        document.is_expired = True
        line.action_download()
        self.assertIn("unavailable or expired", line.problem)
        self.assertIn("List the documents again", line.problem)
        document.is_expired = False
        line.action_download()
        self.assertFalse(line.problem)
        self.assertTrue(line.attachment_id)

    def test_a_document_that_is_cut_short_leaves_nothing(self):
        self.store_.add(ACCOUNT_ID)
        line = self.get_line(self.open(), SNAPSHOT)
        self.simulator.faults.once("truncated", path="/v3.0/document/*/download/*")
        before = self.env["ir.attachment"].search_count([])
        line.action_download()
        self.assertIn("cut short", line.problem)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    def test_feeds_without_documents_or_of_another_account_are_named(self):
        for feed, words in (
            (PLAIN_FEED, "does not feature document management"),
            (OTHER_FEED, "Account and Feed don't match"),
            (404404, "Unknown feed id"),
        ):
            self.channel.feed_ref = str(feed)
            wizard = self.open()
            self.assertIn(words, wizard.problem)
            self.assertIn(str(feed), wizard.problem)
            self.assertFalse(wizard.line_ids)

    def test_a_user_of_lengow_fetches_documents(self):
        self.store_.add(ACCOUNT_ID, b"x")
        user = new_test_user(self.env, "seller", "sale_lengow.group_lengow_user")
        action = self.channel.with_user(user).action_open_documents()
        wizard = self.env["lengow.documents"].with_user(user).browse(action["res_id"])
        line = self.get_line(wizard, SNAPSHOT)
        line.action_download()
        self.assertEqual(line.attachment_id.raw, b"x")
