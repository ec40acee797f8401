from odoo import api, fields, models

from ..const import FEED_BUILDS_KEPT


class LengowFeedBuild(models.Model):
    """One build of a feed, for the operator, and for the worker that goes on with it."""

    _name = "lengow.feed.build"
    _description = "Lengow feed build"
    _order = "id desc"
    _rec_name = "started_at"

    feed_id = fields.Many2one(
        "lengow.feed", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="feed_id.company_id", store=True)
    kind = fields.Selection(
        [("full", "All products"), ("changes", "What changed")], required=True
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("error", "Error"),
            ("dropped", "Begun again"),
        ],
        default="running",
        required=True,
    )
    started_at = fields.Datetime("Start", required=True)
    ended_at = fields.Datetime("End")
    seconds = fields.Float(digits=(12, 1))
    computed_count = fields.Integer("Rows Computed")
    row_count = fields.Integer("Rows of the Feed")
    changed = fields.Boolean("New File")
    error_message = fields.Text()
    progress = fields.Float(compute="_compute_progress")

    # How far it is
    name = fields.Char(required=True)
    total = fields.Integer()
    done = fields.Integer()
    part_size = fields.Float(digits=(16, 0))
    index_size = fields.Float(digits=(16, 0))
    changes_from = fields.Datetime()
    fingerprint = fields.Char()
    failures = fields.Json()

    # === COMPUTE METHODS === #

    @api.depends("done", "total")
    def _compute_progress(self):
        for build in self:
            build.progress = 100.0 * build.done / build.total if build.total else 100.0

    # === BUSINESS METHODS === #

    def _end(self, state, message=False, **counts):
        """Note the end of the build, and forget old ones."""
        self.ensure_one()
        self.write(
            {
                "state": state,
                "ended_at": fields.Datetime.now(),
                "error_message": message,
                **counts,
            }
        )
        self.search(
            [("feed_id", "=", self.feed_id.id)], offset=FEED_BUILDS_KEPT
        ).unlink()
