import io

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..lengow.stock_report import StockReportError, read_stock_report
from ..simulator.const import ACCOUNT_ID
from .common_fulfilment import FulfilmentCommon

HEADER = '"ean","total_quantity","total_offerable_quantity"\n'


@tagged("post_install", "-at_install")
class TestStockReports(FulfilmentCommon):
    def setUp(self):
        super().setUp()
        self.channel.fetch_stock_report = True
        self.location = self.channel.fulfilment_location_id

    def add(self, content=None, **options):
        """Let the marketplace make its report."""
        content = content if content is None else content.encode()
        return self.logistics.documents.add(ACCOUNT_ID, content, **options)

    def fetch(self):
        self.run_cron("fetch_stock_reports")
        return self.env["lengow.stock.report"].search([])

    def get_differences(self, report):
        return {
            line.ean: (line.reported_quantity, line.odoo_quantity, line.difference)
            for line in report.line_ids
            if line.is_different
        }

    def test_the_latest_report_is_fetched_once_and_compared(self):
        self.stock_up(self.first, 3, self.location)
        self.stock_up(self.second, 4, self.location)
        self.stock_up(self.third, 1, self.location)
        self.at_zalando.receive(self.first.barcode, 3)
        self.at_zalando.receive(self.second.barcode, 2)
        self.at_zalando.receive("4006381333931", 1)
        self.add(status="error")
        self.wait(minutes=1)
        self.add()
        report = self.fetch()
        self.assertEqual(report.state, "done")
        self.assertEqual(
            self.get_differences(report),
            {self.second.barcode: (2, 4, -2), self.third.barcode: (0, 1, -1)},
        )
        self.assertEqual(report.difference_count, 2)
        self.assertEqual(report.unmatched_count, 1)
        self.assertIn(self.first.barcode.encode(), report.attachment_id.raw)
        self.assertEqual(self.fetch(), report)
        self.assertEqual(report.action_compare(), None)
        self.assertEqual(report.line_count, 4, "nothing is listed twice")

    def test_an_adjustment_is_prepared_and_applied_by_a_person(self):
        self.stock_up(self.second, 4, self.location)
        self.stock_up(self.third, 1, self.location)
        self.at_zalando.receive(self.first.barcode, 3)
        self.at_zalando.receive(self.second.barcode, 2)
        self.add()
        report = self.fetch()
        action = report.action_prepare_adjustment()
        self.assertEqual(self.count_stock(self.second), 4, "nothing is applied yet")
        quants = self.env["stock.quant"].search(action["domain"])
        self.assertEqual(len(quants), 3)
        quants.with_context(inventory_mode=True).action_apply_inventory()
        self.assertEqual(self.count_stock(self.first), 3)
        self.assertEqual(self.count_stock(self.second), 2)
        self.assertEqual(self.count_stock(self.third), 0)
        report.action_compare()
        self.assertEqual(report.difference_count, 0)
        with self.assertRaisesRegex(UserError, "Nothing differs"):
            report.action_prepare_adjustment()

    def test_products_in_lots_are_left_to_a_person(self):
        self.second.tracking = "lot"
        self.at_zalando.receive(self.second.barcode, 2)
        self.add()
        report = self.fetch()
        with self.assertRaisesRegex(UserError, "tracked by lot"):
            report.action_prepare_adjustment()

    def test_only_users_of_inventory_prepare_an_adjustment(self):
        self.at_zalando.receive(self.first.barcode, 1)
        self.add()
        report = self.fetch()
        user = new_test_user(self.env, "seller", "sale_lengow.group_lengow_user")
        report.with_user(user).action_compare()
        with self.assertRaisesRegex(UserError, "Only users of Inventory"):
            report.with_user(user).action_prepare_adjustment()

    def test_packs_and_pieces_of_a_product_are_one_quantity(self):
        self.stock_up(self.first, 13, self.location)
        pack = self.world.products[0]["pack_ean"]
        self.add(f'{HEADER}"{self.first.barcode}","1","1"\n"{pack}","2","2"\n')
        report = self.fetch()
        self.assertEqual(report.difference_count, 0)

    def test_a_report_by_warehouse_is_compared_by_location(self):
        self.at_zalando.relocate(self.first.barcode, 0)
        self.fetch_movements()
        self.channel.place_ids.action_create_location()
        self.at_zalando.receive(self.first.barcode, 3)
        self.at_zalando.relocate(self.first.barcode, 1)
        erfurt = self.channel.place_ids.filtered(lambda p: p.name == "Erfurt")
        self.stock_up(self.first, 3, erfurt.location_id)
        content = self.logistics.documents.write_report(ACCOUNT_ID, by_location=True)
        self.add(content.decode())
        report = self.fetch()
        self.assertEqual(
            {line.place_id.name: line.difference for line in report.line_ids},
            {"Erfurt": -1, "Gardno": 1},
        )

    def test_a_report_that_cannot_be_used_says_why_and_changes_nothing(self):
        for content, words in (
            ('"sku","stock"\n"A","1"\n', "has the columns sku, stock, and not ean"),
            (f'{HEADER}"376","3","3"\n"3760', "cut short or damaged at line"),
            (f'{HEADER}"376","3","3"\n"377","4"\n', "cut short or damaged at line 3"),
            (f'{HEADER}"376","some","3"\n', "line 2 has no EAN or no whole quantity"),
            ("", "it is empty"),
        ):
            self.wait(minutes=1)
            self.add(content)
            report = self.fetch()[0]
            self.assertEqual(report.state, "error", content)
            self.assertIn(words, report.problem)
            self.assertIn("Nothing was compared", report.problem)
            self.assertFalse(report.line_ids)
            self.assertTrue(report.attachment_id)

    def test_columns_that_nobody_knows_are_named(self):
        self.add(f'"ean","total_quantity","colour"\n"{self.first.barcode}","0","red"\n')
        report = self.fetch()
        self.assertEqual(report.state, "done")
        self.assertIn("colour", report.problem)

    def test_without_a_location_there_is_nothing_to_compare_with(self):
        self.channel.fulfilment_location_id = False
        self.at_zalando.receive(self.first.barcode, 1)
        self.add()
        report = self.fetch()
        self.assertIn("no location at the marketplace", report.problem)
        self.channel.fulfilment_location_id = self.location
        report.action_compare()
        self.assertEqual(report.difference_count, 1)

    def test_a_document_that_expired_meanwhile_is_no_problem(self):
        self.add(is_expired=True)
        self.assertFalse(self.fetch())
        self.assertFalse(self.channel.logistics_problem)

    def test_no_report_is_no_problem(self):
        self.assertFalse(self.fetch())
        self.channel.feed_ref = "404404"
        self.fetch()
        self.assertIn("Unknown feed id", self.channel.logistics_problem)


@tagged("post_install", "-at_install")
class TestReadingStockReports(FulfilmentCommon):
    def read_report(self, content):
        return read_stock_report(io.BytesIO(content))

    def test_the_documented_forms_are_read(self):
        rows = self.read_report(
            b'"ean","total_quantity","total_offerable_quantity",'
            b'"total_non_offerable_quantity"\n"0123456789123","3","2","1"\n'
        ).rows
        self.assertEqual(
            [(row.ean, row.location, row.quantity, row.offerable) for row in rows],
            [("0123456789123", "", 3, 2)],
        )
        rows = self.read_report(
            b'"ean","total_quantity","location_id","location_quantity",'
            b'"location_offerable_quantity"\n"1","3","a","1","1"\n"1","3","b","2","2"\n'
        ).rows
        self.assertEqual([(r.location, r.quantity) for r in rows], [("a", 1), ("b", 2)])

    def test_what_is_no_report_is_told_apart(self):
        for content, code in (
            (b"", "empty"),
            (b"ean;total_quantity\n1;2\n", "columns"),
            (b"ean,total_quantity\n1,2\n3,4", "truncated"),
            (b'"ean","total_quantity"\n"1","2', "truncated"),
            (b"\xff\xfe\x00", "text"),
            (b"ean,total_quantity\n,2\n", "quantity"),
        ):
            with self.assertRaises(StockReportError) as caught:
                self.read_report(content)
            self.assertEqual(caught.exception.code, code, content)

    def test_a_row_that_comes_twice_counts_once(self):
        rows = self.read_report(b"ean,total_quantity\n1,2\n1,2\n").rows
        self.assertEqual(len(rows), 1)

    def test_parts_of_a_warehouse_under_one_number_add_up(self):
        """The documents' own example by location, as it stands there."""
        rows = self.read_report(
            b'"ean","total_quantity","total_offerable_quantity",'
            b'"total_non_offerable_quantity","location_id","location_quantity",'
            b'"location_offerable_quantity","location_non_offerable_quantity"\n'
            b'"0123456789123","3","3","0","zalando_location_id","1","1","0"\n'
            b'"0123456789123","3","3","0","zalando_location_id","2","2","0"\n'
        ).rows
        self.assertEqual(
            [(row.location, row.quantity, row.offerable) for row in rows],
            [("zalando_location_id", 3, 3)],
        )
