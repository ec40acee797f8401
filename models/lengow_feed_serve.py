from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import FEED_FETCH_NOTED_SECONDS, MAXIMUM_INTEGER

# All that a request needs: reading every field of a feed takes longer than the rest.
SERVED_FIELDS = (
    "access_token",
    "active",
    "basic_login",
    "basic_password",
    "built_at",
    "compressed",
    "etag",
    "fetched_at",
    "file_format",
    "file_version",
    "head_size",
    "row_count",
    "tail",
)


class LengowFeed(models.Model):
    """What serving a feed needs to know of it."""

    _inherit = "lengow.feed"

    # === BUSINESS METHODS === #

    @api.model
    def _find_served(self, feed_id):
        """:return: the feed of a number, with what serving needs, or an empty recordset."""
        feeds = self.with_context(active_test=False)
        return feeds.search_fetch(
            [("id", "=", min(feed_id, MAXIMUM_INTEGER))], SERVED_FIELDS, order="id"
        )

    def _get_secrets(self):
        """:return: what opens the feed; nothing does where there is no feed."""
        feed = self[:1]
        has_basic = feed.basic_login and feed.basic_password
        return {
            "token": feed.access_token,
            "basic": f"{feed.basic_login}:{feed.basic_password}" if has_basic else None,
        }

    def _note_fetch(self):
        """Note that the feed is read; who reads it at the same time waits for nothing."""
        noted_for = timedelta(seconds=FEED_FETCH_NOTED_SECONDS)
        if self.fetched_at and self.fetched_at > fields.Datetime.now() - noted_for:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE lengow_feed SET fetched_at = now() AT TIME ZONE 'UTC' "
                "WHERE id IN (SELECT id FROM lengow_feed WHERE id = %s AND "
                "coalesce(fetched_at, '-infinity') < (now() AT TIME ZONE 'UTC') "
                "- make_interval(secs => %s) FOR UPDATE SKIP LOCKED)",
                self.id,
                FEED_FETCH_NOTED_SECONDS,
            )
        )
        self.invalidate_recordset(["fetched_at"])
