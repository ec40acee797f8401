from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import html_escape

from ..const import FEED_PREVIEW_ROWS


class LengowFeed(models.Model):
    """The first rows of a feed as they would be built now."""

    _inherit = "lengow.feed"

    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    def _compute_preview(self):
        for feed in self:
            feed.preview = feed._origin.id and feed._origin._make_preview()

    # === BUSINESS METHODS === #

    def _make_preview(self):
        """:return: the first rows as a table, each with a link to its product."""
        try:
            with self.env.cr.savepoint():
                rows = self._get_first_rows()
        except Exception as error:  # noqa: BLE001 the form opens whatever is wrong
            return Markup("<p class='text-danger'>%s</p>") % self._explain_domain(error)
        if not rows:
            return Markup("<p>%s</p>") % self.env._("No product is chosen.")
        head = Markup("").join(
            Markup("<th class='text-nowrap'>%s</th>") % header
            for header in ["", *self._get_headers()]
        )
        body = Markup("").join(
            Markup("<tr><td><a href='%s'>%s</a></td>%s</tr>")
            % (
                self._get_product_link(key),
                self.env._("Open"),
                Markup("").join(
                    Markup(
                        "<td><div class='text-truncate' style='max-width: 12rem'>%s</div></td>"
                    )
                    % html_escape(text)
                    for text in cells
                ),
            )
            for key, cells in rows
        )
        return Markup(
            "<div class='table-responsive'><table class='table table-sm table-striped'>"
            "<thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>"
        ) % (head, body)

    def _get_product_link(self, key):
        if key < 0:
            return f"/odoo/action-product.product_template_action/{-key}"
        return f"/odoo/action-product.product_normal_action/{key}"

    def _get_first_rows(self):
        """:return: (product's id, or parent's, negative, texts) of each of the first rows."""
        feed = self._for_building()
        pairs = feed.env.execute_query(feed._select_pairs(limit=FEED_PREVIEW_ROWS))
        parents = set()
        if self.variant_mode == "parents":
            templates = feed.env["product.template"].browse({key for key, _ in pairs})
            parents = set(templates.filtered(lambda t: t.product_variant_count > 1).ids)
        batch = feed._make_batch(pairs, parents)
        cells, _flags = feed._compute_cells(batch)
        keys, seen = [], set()
        for key, product_id in pairs:
            if key in parents and key not in seen:
                keys.append(-key)
            seen.add(key)
            keys.append(product_id)
        return [(key, cells[key]) for key in keys[:FEED_PREVIEW_ROWS]]
