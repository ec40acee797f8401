from typing import NamedTuple

from odoo import api, models

from ..const import MOVEMENTS_AT_ONCE
from ..lengow.movement import KINDS, Movement
from ..lengow.payload import make_storable
from .bulk import insert_rows


class Known(NamedTuple):
    """What the movements of a batch name, looked up once for all of them.

    :param dict products: EAN -> columns that say which product it is of.
    :param dict places: the marketplace's number of a warehouse -> id.
    :param dict notices: ("reference" or "advice", number of a notice) -> id.
    """

    products: dict
    places: dict
    notices: dict


class LengowStockMovement(models.Model):
    """Storing movements, each once."""

    _inherit = "lengow.stock.movement"

    # === BUSINESS METHODS === #

    @api.model
    def _store(self, channel, resource, rows):
        """Store what is new of the rows of an answer.

        The same row is the same movement, whether it comes again, twice in one answer, or
        from another feed of the account.

        :param lengow.channel channel: whose feed was asked.
        :param str resource: Lengow's name of the kind.
        :param list rows: payloads.
        :return: how many are new.
        """
        created = 0
        for start in range(0, len(rows), MOVEMENTS_AT_ONCE):
            part = rows[start : start + MOVEMENTS_AT_ONCE]
            created += self._store_part(channel, resource, part)
        return created

    @api.model
    def _store_part(self, channel, resource, rows):
        account = channel.account_id.id
        views = {}
        for row in rows:
            payload, text = make_storable(row)
            view = Movement(resource, payload)
            views.setdefault(f"{account}-{view.fingerprint}", (view, text))
        for fingerprint in self._find_known(list(views)):
            del views[fingerprint]
        if not views:
            return 0
        known = self._look_up(channel, [view for view, _text in views.values()])
        insert_rows(
            self,
            [
                {
                    "channel_id": channel.id,
                    "fingerprint": fingerprint,
                    "payload": text,
                    **self._prepare_vals(channel, view, known),
                }
                for fingerprint, (view, text) in views.items()
            ],
        )
        self.env["lengow.shipping.notice"].invalidate_model(["movement_ids"])
        return len(views)

    @api.model
    def _find_known(self, fingerprints):
        self.env.cr.execute(
            "SELECT fingerprint FROM lengow_stock_movement WHERE fingerprint = ANY(%s)",
            (fingerprints,),
        )
        return [fingerprint for (fingerprint,) in self.env.cr.fetchall()]

    @api.model
    def _look_up(self, channel, views):
        places = {
            (place.code, place.name): place
            for view in views
            for place in (view.source, view.destination)
            if place
        }
        found = self.env["lengow.place"]._find_or_create(channel, places.values())
        return Known(
            self._find_products({view.ean for view in views}, channel.company_id),
            {code: place.id for code, place in found.items()},
            self._find_notices(channel, views),
        )

    @api.model
    def _find_notices(self, channel, views):
        """:return: dict of reference or marketplace's short number to notice."""
        references = {view.reference for view in views} - {""}
        advice_ids = {view.advice_id for view in views} - {""}
        notices = self.env["lengow.shipping.notice"].search_fetch(
            [
                ("channel_id.account_id", "=", channel.account_id.id),
                "|",
                ("name", "in", list(references)),
                ("advice_id", "in", list(advice_ids)),
            ],
            ["name", "advice_id"],
        )
        return {
            **{("reference", notice.name): notice.id for notice in notices},
            **{("advice", n.advice_id): n.id for n in notices if n.advice_id},
        }

    @api.model
    def _prepare_vals(self, channel, view, known):
        """:return: the columns of a movement, beside its channel and its payload."""
        source, destination = view.source, view.destination
        reference, advice_id = view.reference, view.advice_id
        vals = {
            "kind": view.kind if view.kind in KINDS else "other",
            "resource": view.kind,
            "ean": view.ean,
            "sku": view.sku,
            "quantity": view.quantity or 0,
            "moved_at": view.moved_at,
            "quality": view.quality,
            "quality_label": view.quality_label,
            "number": view.number,
            "reference": reference or None,
            "advice_id": advice_id or None,
            "source_id": known.places[source.code] if source else None,
            "destination_id": known.places[destination.code] if destination else None,
            "notice_id": known.notices.get(("advice", advice_id))
            or known.notices.get(("reference", reference)),
        }
        return {**vals, **self._prepare_match_vals(channel, vals, known.products)}
