"""What is kept for the operator for a while only is deleted in its time."""

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..const import SYNC_KEPT_DAYS
from ..models import lengow_sync
from .common import LengowCommon


@tagged("post_install", "-at_install", "lengow")
class TestHousekeeping(LengowCommon):
    def create_runs(self, *ages, **vals):
        """:return: runs that began so many days ago, ended unless told otherwise."""
        now = fields.Datetime.now()
        return self.env["lengow.sync"].create(
            [
                {
                    "account_id": self.account.id,
                    "kind": "mark",
                    "state": "done",
                    "started_at": now - timedelta(days=age),
                    **vals,
                }
                for age in ages
            ]
        )

    def test_runs_are_kept_for_some_days_and_then_deleted(self):
        runs = self.create_runs(0, SYNC_KEPT_DAYS - 1, SYNC_KEPT_DAYS + 1, 400)
        runs |= self.create_runs(SYNC_KEPT_DAYS + 1, state="error")
        self.assertEqual(self.env["lengow.sync"]._gc_old_runs(), (3, False))
        self.assertEqual(runs.exists(), runs[:2])
        self.assertEqual(self.env["lengow.sync"]._gc_old_runs(), (0, False))

    def test_many_old_runs_are_deleted_in_several_transactions(self):
        runs = self.create_runs(*[SYNC_KEPT_DAYS + 1] * 5, 0)
        with patch.object(lengow_sync, "RECORDS_AT_ONCE", 2):
            left = []
            for expected in ((2, True), (2, True), (1, False)):
                self.assertEqual(self.env["lengow.sync"]._gc_old_runs(), expected)
                left.append(len(runs.exists()))
        self.assertEqual(left, [4, 2, 1])

    def test_odoos_housekeeping_deletes_old_runs_to_the_last(self):
        runs = self.create_runs(*[SYNC_KEPT_DAYS + 1] * 5, 0)
        with (
            patch.object(lengow_sync, "RECORDS_AT_ONCE", 2),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("base.autovacuum_job").method_direct_trigger()
        self.assertEqual(runs.exists(), runs[-1])

    def test_run_whose_worker_was_killed_is_ended(self):
        killed, young = self.create_runs(2, 0, state="running")
        fetch = self.create_runs(2, state="running", kind="fetch")
        self.env["lengow.sync"]._gc_interrupted_runs()
        self.assertEqual(killed.state, "error")
        self.assertIn("interrupted", killed.error_message)
        self.assertEqual((young.state, fetch.state), ("running", "running"))

    def test_no_other_database_deletes_files_of_this_one(self):
        folder = Path(self.env["ir.attachment"]._filestore())
        self.assertEqual(folder.name, self.env.cr.dbname)
