from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import NAMES_SHOWN
from ..lengow.movement import LIQUIDATED, RECEIVED, RELOCATED, RETURNED
from .notification import make_notification


class LengowStockMovement(models.Model):
    """One movement in a marketplace's warehouse."""

    _name = "lengow.stock.movement"
    _description = "Lengow stock movement"
    _order = "moved_at desc, id desc"
    _rec_name = "ean"
    # A year's movements are a million rows, and each reference to another table is checked
    # for every one of them: the channel tells the account and the company, and nobody but
    # the system writes.
    _log_access = False

    channel_id = fields.Many2one(
        "lengow.channel", required=True, ondelete="cascade", index=True
    )
    account_id = fields.Many2one(related="channel_id.account_id")
    company_id = fields.Many2one(related="channel_id.company_id")
    kind = fields.Selection(
        [
            (RECEIVED, "Received"),
            (RETURNED, "Returned to us"),
            (RELOCATED, "Relocated"),
            (LIQUIDATED, "Sold off"),
            ("other", "Other"),
        ],
        required=True,
        readonly=True,
    )
    resource = fields.Char("Lengow's Kind", readonly=True)
    ean = fields.Char("EAN", readonly=True)
    sku = fields.Char("Marketplace's Article", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, index=True)
    uom_id = fields.Many2one(
        "uom.uom", "Packaging", readonly=True, help="When the EAN is a packaging's."
    )
    quantity = fields.Integer(readonly=True)
    moved_at = fields.Datetime("Date", readonly=True, index=True)
    quality = fields.Char(readonly=True)
    quality_label = fields.Char("Label of the Piece", readonly=True)
    number = fields.Char(
        readonly=True, help="Of the tour, shipment, relocation or purchase."
    )
    reference = fields.Char("Notice's Reference", readonly=True)
    advice_id = fields.Char("Advice Number", readonly=True)
    source_id = fields.Many2one("lengow.place", "From Warehouse", readonly=True)
    destination_id = fields.Many2one("lengow.place", "To Warehouse", readonly=True)
    notice_id = fields.Many2one(
        "lengow.shipping.notice", readonly=True, index="btree_not_null"
    )
    payload = fields.Json(readonly=True)
    fingerprint = fields.Char(
        readonly=True,
        required=True,
        help="Tells it apart, in all of an account's feeds.",
    )
    state = fields.Selection(
        [
            ("unmatched", "Product Unknown"),
            ("listed", "Listed Only"),
            ("todo", "To Move"),
            ("moved", "Moved"),
            ("counted", "Nothing to Move"),
            ("reversed", "Reversed"),
            ("error", "Error"),
        ],
        required=True,
        readonly=True,
    )
    problem = fields.Text(readonly=True)
    move_id = fields.Many2one(
        "stock.move", "Stock Move", readonly=True, index="btree_not_null"
    )
    reverse_move_id = fields.Many2one(
        "stock.move", "Reversed By", readonly=True, index="btree_not_null"
    )

    _fingerprint_uniq = models.UniqueIndex(
        "(fingerprint)", "A stock movement is stored once."
    )
    _open_idx = models.Index(
        "(state, channel_id) WHERE state IN ('unmatched', 'todo', 'error')"
    )

    # A notice that becomes known later looks for what arrived of it.
    _reference_idx = models.Index("(reference) WHERE notice_id IS NULL")
    _advice_idx = models.Index("(advice_id) WHERE notice_id IS NULL")

    # === COMPUTE METHODS === #

    @api.depends("kind", "ean")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for movement in self:
            movement.display_name = f"{kinds.get(movement.kind, '')} {movement.ean}"

    # === ACTION METHODS === #

    def action_match(self):
        """Look for the products of unmatched movements again."""
        self._check_may_move()
        self.sudo()._match_again()
        return self._notify_unmatched()

    def action_move(self):
        """Turn movements into stock moves now, those that were reversed included."""
        self._check_may_move()
        self.sudo()._request_move()
        self.sudo()._move_stock()

    def action_reverse(self):
        """Take the stock moves of the movements back."""
        self._check_may_move()
        moved = self.filtered(lambda movement: movement.state == "moved")
        if not moved:
            raise UserError(
                self.env._("None of these movements is moved: nothing to reverse.")
            )
        moved.sudo()._reverse()

    def action_view_move(self):
        """:return: action that opens the stock moves of the movements."""
        moves = self.move_id | self.reverse_move_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stock Moves"),
            "res_model": "stock.move",
            "view_mode": "list,form",
            "domain": [("id", "in", moves.ids)],
        }

    # === BUSINESS METHODS === #

    def _check_may_move(self):
        """Let those who may correct marketplace orders correct their stock too."""
        self.check_access("write")

    def _notify_unmatched(self):
        unmatched = self.filtered(lambda movement: movement.state == "unmatched")
        eans = sorted({movement.ean or "?" for movement in unmatched})
        message = (
            self.env._(
                "%(count)s movements wait for a product with one of these barcodes: "
                "%(eans)s",
                count=len(unmatched),
                eans=", ".join(eans[:NAMES_SHOWN])
                + ("…" if eans[NAMES_SHOWN:] else ""),
            )
            if unmatched
            else self.env._("Every movement has its product.")
        )
        return make_notification(self.env._("Products"), message)
