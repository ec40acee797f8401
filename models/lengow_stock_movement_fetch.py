from datetime import timedelta

from odoo import api, fields, models

from ..const import MOVEMENT_OVERLAP_DAYS, MOVEMENT_WINDOW_DAYS
from ..lengow import const as lengow_const
from ..lengow.errors import LengowParameterError


class LengowChannel(models.Model):
    """Fetching the movements of a channel's feed."""

    _inherit = "lengow.channel"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_fetch_movements(self):
        self._run_logistics(
            "movements", [("movement_policy", "!=", "none")], "_fetch_movements"
        )
        self.env["lengow.stock.movement"]._match_waiting()
        self.env["lengow.account"]._trigger_crons("move_stock")

    def _fetch_movements(self, client, sync):
        """Fetch all kinds, each from where the last fetch ended, with overlap.

        A window is stored and committed before the next one is asked for.

        :return: False when the time of the cron is up.
        """
        now = fields.Datetime.now()
        unclear = []
        for resource in client.get_movement_resources(self.feed_ref):
            if set(resource.required) - {"from", "to"}:
                # Nothing tells what to give; the others are fetched all the same.
                unclear.append(f"{resource.name} ({', '.join(resource.required)})")
                continue
            for since, until in self._get_movement_windows(resource.name, now):
                rows = client.get_movements(
                    self.feed_ref, resource, since=since, until=until
                )
                created = self.env["lengow.stock.movement"]._store(
                    self, resource.name, rows
                )
                self.movement_cursors = {
                    **(self.movement_cursors or {}),
                    resource.name: fields.Datetime.to_string(until),
                }
                sync._count(fetched=len(rows), created=created)
                if not self.env["ir.cron"]._commit_progress():
                    return False
        if unclear:
            raise LengowParameterError(", ".join(unclear))
        return True

    def _get_movement_windows(self, resource, now):
        """:return: list of (since, until) from the last fetch, less the overlap, to now."""
        oldest = now - timedelta(days=lengow_const.MOVEMENT_DAYS)
        cursor = (self.movement_cursors or {}).get(resource)
        since = oldest
        if cursor:
            overlap = timedelta(days=MOVEMENT_OVERLAP_DAYS)
            since = max(oldest, fields.Datetime.to_datetime(cursor) - overlap)
        windows = []
        while since < now:
            until = min(now, since + timedelta(days=MOVEMENT_WINDOW_DAYS))
            windows.append((since, until))
            since = until
        return windows
