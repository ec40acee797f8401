"""Tests whose transactions are real: committed, on connections of their own."""

import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name

from .processes import PATIENCE


class CommittedCase(BaseCase):
    """Deletes the marketplace and the triggers of crons that a test leaves behind."""

    cron = None  # such as import_orders
    marketplace = None  # its code
    patience = PATIENCE  # for a thread, in seconds

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.delete_leftovers)
        with self.open_env() as env:
            self.first_trigger_id = (
                env["ir.cron.trigger"]
                .create(
                    {
                        "cron_id": env.ref(f"sale_lengow.ir_cron_{self.cron}").id,
                        "call_at": fields.Datetime.now(),
                    }
                )
                .id
            )
            self.is_marketplace_ours = not self.find_marketplace(env)

    def delete_leftovers(self):
        with self.open_env() as env:
            env["ir.cron.trigger"].search(
                [("id", ">=", self.first_trigger_id)]
            ).unlink()
            if self.is_marketplace_ours:
                self.find_marketplace(env).unlink()

    def find_marketplace(self, env):
        return env["lengow.marketplace"].search([("code", "=", self.marketplace)])

    @contextmanager
    def open_env(self):
        """Open an environment on a connection of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def in_threads(self, *functions):
        """Run functions at the same time; what one raises, the test raises."""
        errors = []
        barrier = threading.Barrier(len(functions), timeout=self.patience)

        def run(function):
            try:
                barrier.wait()
                function()
            except Exception as error:  # noqa: BLE001 it is raised in the main thread
                errors.append(error)

        threads = [
            threading.Thread(target=run, args=(function,), daemon=True)
            for function in functions
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(self.patience)
            self.assertFalse(thread.is_alive(), "a thread is stuck")
        if errors:
            raise errors[0]
