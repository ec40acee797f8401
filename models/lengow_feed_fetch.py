from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lengow.errors import LengowError
from .notification import make_notification


class LengowFeed(models.Model):
    """Telling Lengow to fetch a feed."""

    _inherit = "lengow.feed"

    catalog_ref = fields.Char(
        "Lengow Catalogue",
        help="Lengow's number of the catalogue that the feed is a source of.",
    )
    fetch_after_build = fields.Boolean(
        "Let Lengow Fetch New Files",
        help="Lengow is asked to fetch the feed whenever a build changed it; else it "
        "does so at the hours that are set in Lengow.",
    )
    fetch_pending = fields.Boolean(copy=False)
    fetch_requested_at = fields.Datetime(
        "Asked Lengow to Fetch", readonly=True, copy=False
    )
    fetched_at = fields.Datetime(
        "Last Read", readonly=True, copy=False, help="When somebody last read the feed."
    )
    fetch_error = fields.Char("Problem with Lengow", readonly=True, copy=False)

    # === ACTION METHODS === #

    def action_fetch_now(self):
        """Tell Lengow to fetch the feed now.

        :raise UserError: when that is not possible.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_is_built()
        if not self.catalog_ref:
            raise UserError(
                self.env._(
                    "Enter Lengow's number of the catalogue first. Lengow shows it in the "
                    "address of the catalogue's page."
                )
            )
        self.account_id._check_connected()
        try:
            self._send_fetch_request()
        except LengowError as error:
            raise UserError(self._explain_fetch_problem(error)) from error
        return make_notification(
            self.env._("Lengow was told"),
            self.env._("Lengow fetches the catalogue in a moment."),
        )

    # === BUSINESS METHODS === #

    def _request_fetch(self):
        """Let Lengow be told after the new version can be read."""
        if self.fetch_after_build and self.catalog_ref:
            self.fetch_pending = True

    @api.model
    def _send_fetch_requests(self):
        """Tell Lengow of all new versions; one request does for a catalogue."""
        connected = self.env["lengow.account"]._get_connected_domain()
        feeds = self.search(
            [("fetch_pending", "=", True), ("account_id", "any", connected)]
        )
        for same in feeds.grouped(lambda f: (f.account_id, f.catalog_ref)).values():
            feed = same[0]
            try:
                feed._send_fetch_request()
                same.fetch_error = False
            except LengowError as error:
                message = feed._explain_fetch_problem(error)
                same.fetch_error = message
                same.fetch_pending = error.retryable
            else:
                same.fetch_pending = False
            self.env["ir.cron"]._commit_progress()

    def _send_fetch_request(self):
        self.account_id._get_client().create_preprocessing_job(self.catalog_ref)
        self.write(
            {
                "fetch_requested_at": fields.Datetime.now(),
                "fetch_error": False,
                "fetch_pending": False,
            }
        )

    def _explain_fetch_problem(self, error):
        return self.env._(
            "Lengow could not be told to fetch the feed %(feed)s: %(error)s It fetches the "
            "feed at its own hours all the same. Check the catalogue's number, then "
            "choose Tell Lengow to Fetch.",
            feed=self.name,
            error=error,
        )
