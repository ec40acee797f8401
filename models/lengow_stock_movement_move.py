import logging
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import GOOD_QUALITY, MOVEMENTS_MOVED_AT_ONCE
from ..lengow.movement import LIQUIDATED, RECEIVED, RETURNED
from .private_log import log_failure

_logger = logging.getLogger(__name__)


class MoveKey(NamedTuple):
    """Movements that share it become one stock move."""

    channel: Any
    kind: str
    notice: Any
    product: Any
    uom: Any
    source: Any
    destination: Any
    day: Any


class LengowStockMovement(models.Model):
    """Turning movements into stock moves, and taking them back."""

    _inherit = "lengow.stock.movement"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_move_stock(self):
        domain = [
            ("state", "=", "todo"),
            ("channel_id.movement_policy", "=", "move"),
        ]
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=self.search_count(domain))
        # Ordered so that a stock move takes in as many of its kind as there are.
        order = "channel_id, kind, product_id, id"
        while found := self.search(domain, limit=MOVEMENTS_MOVED_AT_ONCE, order=order):
            batch = found.try_lock_for_update()
            if not batch:
                return
            batch._move_stock()
            if not commit_progress(len(batch)):
                return

    @api.model
    def _retry_errors(self, channels):
        """Try movements again whose channel lacked a location."""
        self.sudo().search(  # who configures channels need not write movements
            [("channel_id", "in", channels.ids), ("state", "=", "error")]
        ).write({"state": "todo", "problem": False})

    def _request_move(self):
        """Mark movements as to be moved, whatever their channel's usual way is."""
        wanted = self.filtered(
            lambda m: m.product_id and m.state in ("listed", "reversed", "error")
        )
        wanted.write({"state": "todo", "problem": False})

    def _move_stock(self):
        """Make the stock moves of movements; one that fails harms no other."""
        groups = {}
        for movement in self.filtered(lambda movement: movement.state == "todo"):
            reason = movement._find_reason_not_to_move()
            if reason:
                state, problem = reason
                movement.write({"state": state, "problem": problem})
                continue
            key = movement._get_move_key()
            groups[key] = groups.get(key, self.browse()) | movement
        try:
            with self.env.cr.savepoint():
                self._move_groups(groups)
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 each one is tried by itself
            self.env.invalidate_all()
            _logger.info("Stock moves one by one after %s", type(error).__name__)
        for key, movements in groups.items():
            movements._move_guarded(key)

    def _move_guarded(self, key):
        try:
            with self.env.cr.savepoint():
                self._move_groups({key: self})
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 a person looks at it
            self.env.invalidate_all()
            log_failure(_logger, error, "Lengow stock movements %s", self.ids)
            problem = self.env._(
                "%(product)s cannot be moved from %(start)s to %(end)s: %(problem)s",
                product=key.product.display_name,
                start=key.source.display_name,
                end=key.destination.display_name,
                problem=str(error).strip() or type(error).__name__,
            )
            self.write({"state": "error", "problem": problem})

    def _find_reason_not_to_move(self):
        """:return: state and sentence when there is nothing to move, or None."""
        if self.quantity <= 0:
            return "counted", self.env._(
                "It is a movement of %s pieces.", self.quantity
            )
        if self._is_brought_by_transfer():
            vals = self._prepare_brought_vals(self.notice_id.picking_id)
            return vals["state"], vals["problem"]
        source, destination = self._get_locations()
        for wanted, name in ((source, "source"), (destination, "destination")):
            if not wanted:
                return "error", self._explain_missing_location(name)
        if source == destination:
            return "counted", self.env._(
                "Both warehouses are the same location in Odoo: %s.",
                source.display_name,
            )
        return None

    def _explain_missing_location(self, side):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "The channel %(channel)s has no location for the %(side)s of movements of "
            "the kind “%(kind)s”. Set it there; they are moved by themselves then.",
            channel=self.channel_id.display_name,
            side=self.env._("source")
            if side == "source"
            else self.env._("destination"),
            kind=kinds[self.kind],
        )

    def _get_locations(self):
        """:return: the locations it leaves and reaches, either may be empty."""
        channel = self.channel_id
        own = channel.fulfilment_location_id
        source = self.source_id.location_id or own
        destination = self.destination_id.location_id or own
        if self.kind == RECEIVED:
            source = channel.transit_location_id
        elif self.kind == RETURNED:
            is_good = self.quality == GOOD_QUALITY
            destination = (
                channel.return_location_id if is_good else channel.defect_location_id
            )
        elif self.kind == LIQUIDATED:
            destination = channel.liquidation_location_id
        return source, destination

    def _get_move_key(self):
        source, destination = self._get_locations()
        day = self.moved_at and self.moved_at.date()
        return MoveKey(
            self.channel_id,
            self.kind,
            self.notice_id,
            self.product_id,
            self.uom_id or self.product_id.uom_id,
            source,
            destination,
            day,
        )

    @api.model
    def _move_groups(self, groups):
        """Make one stock move per group.

        :param dict groups: of :class:`MoveKey` to movements.
        """
        if not groups:
            return
        moves = self._create_moves(
            [
                (key, sum(movements.mapped("quantity")), key.source, key.destination)
                for key, movements in groups.items()
            ]
        )
        for move, movements in zip(moves, groups.values(), strict=True):
            movements.write({"state": "moved", "problem": False, "move_id": move.id})

    def _reverse(self):
        """Take stock moves back, as far as these movements are part of them."""
        groups = {}
        for movement in self:
            groups[movement.move_id] = groups.get(movement.move_id, self.browse()) | (
                movement
            )
        moves = self._create_moves(
            [
                (
                    movements[0]._get_move_key(),
                    sum(movements.mapped("quantity")),
                    move.location_dest_id,
                    move.location_id,
                )
                for move, movements in groups.items()
            ],
            is_reverse=True,
        )
        for move, movements in zip(moves, groups.values(), strict=True):
            movements.write({"state": "reversed", "reverse_move_id": move.id})

    @api.model
    def _create_moves(self, wanted, is_reverse=False):
        """Create stock moves and do them.

        :param list wanted: (key, quantity, source, destination) of each.
        :return: the moves, in the same sequence.
        """
        moves = self.env["stock.move"].create(
            [
                self._prepare_move_vals(key, quantity, source, destination, is_reverse)
                for key, quantity, source, destination in wanted
            ]
        )
        done = moves._action_done()
        if done != moves:
            # Odoo splits or merges what is not plain, such as products in lots.
            raise ValueError(
                self.env._(
                    "Odoo did not move it as a whole, as with products in lots. Make a "
                    "transfer by hand instead."
                )
            )
        return moves

    @api.model
    def _prepare_move_vals(self, key, quantity, source, destination, is_reverse):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        name = f"{key.channel.marketplace_id.name}: {kinds[key.kind]}"
        if is_reverse:
            name = self.env._("%s (reversed)", name)
        origin = key.notice.name or (key.day and fields.Date.to_string(key.day)) or ""
        common = {
            "product_id": key.product.id,
            "company_id": key.channel.company_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
        }
        return {
            **common,
            "origin": f"{name} {origin}".strip(),
            "lengow_name": name,
            "product_uom": key.uom.id,
            "product_uom_qty": quantity,
            "state": "confirmed",
            "picked": True,
            "move_line_ids": [
                fields.Command.create(
                    {**common, "product_uom_id": key.uom.id, "quantity": quantity}
                )
            ],
        }
