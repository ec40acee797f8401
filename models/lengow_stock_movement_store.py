from datetime import timedelta

from odoo import api, fields, models

from ..const import (
    MOVEMENT_OVERLAP_DAYS,
    MOVEMENT_WINDOW_DAYS,
    MOVEMENTS_AT_ONCE,
)
from ..lengow import const as lengow_const
from ..lengow.errors import LengowParameterError
from ..lengow.movement import LIQUIDATED, RECEIVED, RELOCATED, RETURNED, Movement
from ..lengow.payload import read_payload
from .bulk import insert_rows

KINDS = (RECEIVED, RETURNED, RELOCATED, LIQUIDATED)


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


class LengowStockMovement(models.Model):
    """Storing movements, each once, and finding their products."""

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
        views = {}
        for row in rows:
            storable = read_payload(row)
            view = Movement(resource, storable.value)
            views.setdefault(view.fingerprint, (view, storable.text))
        for fingerprint in self._find_known(channel, list(views)):
            del views[fingerprint]
        if not views:
            return 0
        all_views = [view for view, _text in views.values()]
        products = self.env["product.product"]._lengow_find_by_ean(
            [view.ean for view in all_views], channel.company_id
        )
        places = self.env["lengow.place"]._find_or_create(
            channel,
            [p for view in all_views for p in (view.source, view.destination) if p],
        )
        notices = self._find_notices(channel, all_views)
        insert_rows(
            self,
            [
                {
                    "channel_id": channel.id,
                    "account_id": channel.account_id.id,
                    "company_id": channel.company_id.id,
                    "fingerprint": fingerprint,
                    "payload": text,
                    **self._prepare_vals(channel, view, products, places, notices),
                }
                for fingerprint, (view, text) in views.items()
            ],
        )
        self.env["lengow.shipping.notice"].invalidate_model(["movement_ids"])
        return len(views)

    @api.model
    def _find_known(self, channel, fingerprints):
        self.env.cr.execute(
            "SELECT fingerprint FROM lengow_stock_movement "
            "WHERE account_id = %s AND fingerprint = ANY(%s)",
            (channel.account_id.id, fingerprints),
        )
        return [fingerprint for (fingerprint,) in self.env.cr.fetchall()]

    @api.model
    def _find_notices(self, channel, views):
        """:return: dict of reference or marketplace's short number to notice."""
        references = {view.reference for view in views} - {""}
        advice_ids = {view.advice_id for view in views} - {"", "0"}
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
    def _prepare_vals(self, channel, view, products, places, notices):
        """:return: the columns of a movement, beside who it belongs to."""
        source, destination = view.source, view.destination
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
            "source_id": places[source.code].id if source else None,
            "destination_id": places[destination.code].id if destination else None,
            "notice_id": notices.get(("advice", view.advice_id))
            or notices.get(("reference", view.reference)),
        }
        return {**vals, **self._prepare_match_vals(channel, vals, products)}

    @api.model
    def _prepare_match_vals(self, channel, vals, products):
        """Say which product a movement is of, and what shall become of it.

        :param dict vals: its `ean`, `kind`, `quantity` and `moved_at`.
        :param dict products: of EAN to :class:`EanMatch`.
        """
        match = products.get(vals["ean"])
        found = {"product_id": None, "uom_id": None, "problem": None}
        if match is None:
            return {**found, "state": "unmatched"}
        if len(match.products) > 1:
            problem = self.env._(
                "Several products have the barcode %(ean)s: %(names)s. Leave it on one.",
                ean=vals["ean"],
                names=", ".join(match.products.mapped("display_name")),
            )
            return {**found, "state": "unmatched", "problem": problem}
        found["product_id"] = match.products.id
        found["uom_id"] = match.uom.id or None
        return {**found, "state": self._choose_state(channel, vals)}

    @api.model
    def _choose_state(self, channel, vals):
        """:return: the state of a movement whose product is known."""
        if channel.movement_policy != "move" or vals["kind"] not in KINDS:
            return "listed"
        if not vals["moved_at"] or not channel.move_since:
            return "listed"
        return "listed" if vals["moved_at"] < channel.move_since else "todo"

    @api.model
    def _match_waiting(self):
        """Look for the products of all unmatched movements again."""
        domain = [("state", "=", "unmatched")]
        for channel, eans in self._read_group(
            domain, ["channel_id"], ["ean:array_agg_distinct"]
        ):
            found = self.env["product.product"]._lengow_find_by_ean(
                filter(None, eans), channel.company_id
            )
            unique = [ean for ean, match in found.items() if len(match.products) == 1]
            self.search(
                [*domain, ("channel_id", "=", channel.id), ("ean", "in", unique)]
            )._match_again()

    def _match_again(self):
        """Look for the products of unmatched movements."""
        unmatched = self.filtered(lambda movement: movement.state == "unmatched")
        for channel, group in unmatched.grouped("channel_id").items():
            products = self.env["product.product"]._lengow_find_by_ean(
                group.mapped("ean"), channel.company_id
            )
            by_vals = {}
            for movement in group:
                vals = self._prepare_match_vals(channel, movement, products)
                if movement.problem or vals["state"] != "unmatched" or vals["problem"]:
                    key = tuple(vals.items())
                    by_vals[key] = by_vals.get(key, self.browse()) | movement
            for vals, movements in by_vals.items():
                movements.write(dict(vals))
