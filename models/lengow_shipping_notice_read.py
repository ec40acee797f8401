from odoo import api, fields, models

from ..lengow.errors import LengowAuthError, LengowError, LengowRequestError
from ..lengow.notice import ShippingNotice, latest
from .bulk import update_column

ANNOUNCED = ("announced_item_sets", "announced")
DISPATCHED = ("dispatch_item_sets", "dispatched")
OPEN_STATES = (
    "new",
    "announced",
    "confirmed",
    "awaited",
    "preparation",
    "shipped",
    "other",
)


class LengowChannel(models.Model):
    """Keeping the notices of a channel's feed true."""

    _inherit = "lengow.channel"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_sync_notices(self):
        self._run_logistics("notices", [], "_sync_notices")

    def _sync_notices(self, client, sync):
        """Read all notices of the feed, those made elsewhere included.

        :return: False when the time of the cron is up.
        """
        notices = self.env["lengow.shipping.notice"]
        notices._resolve_forgotten(self, client)
        self.env["ir.cron"]._commit_progress()
        known = {
            notice.lengow_id: notice
            for notice in notices.with_context(active_test=False).search(
                [("channel_id", "=", self.id), ("lengow_id", "!=", False)]
            )
        }
        for page in client.iter_shipping_notice_pages(self.feed_ref):
            if page.error:
                raise page.error
            for payload in page.entries:
                view = ShippingNotice(payload)
                notice = known.get(view.notice_id) or notices._adopt(self, view)
                if notice:
                    is_changed = notice._sync_one(client, view)
                    sync._count(fetched=1, updated=int(is_changed))
                if not self.env["ir.cron"]._commit_progress():
                    return False
        return True


class LengowShippingNotice(models.Model):
    """What Lengow says of a notice, and what is kept of it."""

    _inherit = "lengow.shipping.notice"

    # === ACTION METHODS === #

    def action_refresh(self):
        """Read the notice, its items and its tours again.

        :return: notification when Lengow does not tell.
        """
        self.ensure_one()
        self.check_access("write")
        notice_sudo = (
            self.sudo()
        )  # applies what Lengow says, whatever the user may write
        client = notice_sudo.channel_id._get_feed_client()
        try:
            if notice_sudo.pending_step and notice_sudo._is_being_sent():
                message = self.env._("It is just being sent. Try again in a minute.")
                return self._notify_problem(message)
            if notice_sudo.pending_step:
                return notice_sudo._resolve(client)
            if notice_sudo.lengow_id:
                notice_sudo._read_again(client)
        except LengowError as error:
            message = self.channel_id._explain_click(error)
            return self._notify_problem(message)
        return None

    # === BUSINESS METHODS === #

    def _read_again(self, client):
        view = client.get_shipping_notice(self.channel_id.feed_ref, self.lengow_id)
        self._apply(view)
        self._read_resources(client, view)

    def _sync_one(self, client, view):
        """Apply what a list says of the notice; what belongs to it is read if need be.

        :return: whether something has changed.
        """
        locked = self.try_lock_for_update(allow_referencing=True)
        if not locked or self.pending_step:
            return False  # somebody is just at it
        is_changed = self._is_changed_by(view)
        if is_changed:
            self._apply(view)
        if is_changed or self.state == "shipped" or not self.synced_at:
            try:
                self._read_resources(client, view)
            except LengowAuthError:
                raise
            except LengowRequestError as error:
                # The list is true all the same, and the other notices are no worse.
                self.problem = self.channel_id._explain_feed(error)
        return is_changed

    @api.model
    def _adopt(self, channel, view):
        """Keep a notice that was made elsewhere, or of which we lost the answer.

        :return: the notice, empty when it names none.
        """
        if not view.notice_id:
            return self.browse()
        domain = [("channel_id", "=", channel.id), ("name", "=", view.reference)]
        own = self.with_context(active_test=False).search(domain, limit=1)
        if own and not own.lengow_id:
            own._settle(view)
            return own
        name = view.reference if view.reference and not own else None
        return self.create(
            {
                "channel_id": channel.id,
                "name": name or f"{channel.feed_ref}/{view.notice_id}",
                "lengow_id": view.notice_id,
                "lengow_status": view.lengow_status,
                "marketplace_status": view.marketplace_status,
            }
        )

    def _is_changed_by(self, view):
        return self.payload != view.payload

    def _apply(self, view):
        """Write what Lengow says of the notice.

        :param ShippingNotice view: what it says.
        """
        vals = {
            "lengow_id": view.notice_id or self.lengow_id,
            "marketplace_ref": view.marketplace_id or self.marketplace_ref,
            "lengow_status": view.lengow_status or self.lengow_status,
            "marketplace_status": view.marketplace_status or self.marketplace_status,
            "advice_id": view.advice_id or self.advice_id,
            "confirmed_delivery_date": view.confirmed_delivery_date
            or self.confirmed_delivery_date,
            "payload": view.payload,
            "synced_at": fields.Datetime.now(),
        }
        if view.actions is not None:
            vals["available_actions"] = view.actions
        self.write(vals)

    def _read_resources(self, client, view):
        """Read the items and the tours, those that there are."""
        feed = self.channel_id.feed_ref
        if ANNOUNCED[0] in view.resources:
            sets = client.get_announced_item_sets(feed, self.lengow_id)
            self._apply_items(latest(sets), "announced", "announced_validation")
        if DISPATCHED[0] in view.resources:
            sets = client.get_dispatch_item_sets(feed, self.lengow_id)
            self._apply_items(latest(sets), "dispatched", "dispatch_validation")
        if "tracking_status" in view.resources:
            tours = client.get_tracking_status(feed, self.lengow_id)
            self.env["lengow.shipping.notice.tour"]._store(self, tours)
            if tours and tours[0].advice_id and not self.advice_id:
                self.advice_id = tours[0].advice_id
        self.synced_at = fields.Datetime.now()

    def _apply_items(self, item_set, side, validation_field):
        """Write what Lengow holds of the items beside what we have.

        :param ItemSet item_set: the set that counts, or None.
        :param str side: ``announced`` or ``dispatched``.
        :param str validation_field: where the items' states go.
        """
        if item_set is None:
            return
        if item_set.validation_description or self.validation_message:
            self.validation_message = item_set.validation_description
        shown = {item.ean: item for item in item_set.items if item.ean}
        by_vals, skus = {}, {}
        for line in self.line_ids:
            item = shown.pop(line.ean, None)
            vals = {
                f"lengow_{side}": item.quantity if item else 0,
                validation_field: item.validation_state if item else False,
            }
            if item and item.sku and item.sku != line.sku:
                skus[line.id] = item.sku  # another one for each: at once
            if any(
                (line[name] or False) != (value or False)
                for name, value in vals.items()
            ):
                key = tuple(vals.items())
                by_vals.setdefault(key, []).append(line.id)
        lines = self.env["lengow.shipping.notice.line"]
        for key, ids in by_vals.items():
            lines.browse(ids).write(dict(key))
        update_column(lines, "sku", skus)
        self._create_shown_lines(shown, side, validation_field)

    def _create_shown_lines(self, shown, side, validation_field):
        """Add the items that only Lengow knows: the notice was changed elsewhere."""
        products = self.env["product.product"]._lengow_find_by_ean(
            shown, self.company_id
        )
        self.env["lengow.shipping.notice.line"].create(
            [
                {
                    "notice_id": self.id,
                    "ean": ean,
                    "product_id": (
                        products[ean].products[:1].id if ean in products else False
                    ),
                    "uom_id": products[ean].uom.id if ean in products else False,
                    "sku": item.sku,
                    f"{side}_quantity": item.quantity,
                    f"lengow_{side}": item.quantity,
                    validation_field: item.validation_state,
                }
                for ean, item in shown.items()
            ]
        )

    def _log_step(self, message):
        """Write a step into the chatter, without telling anybody by mail."""
        self.message_post(body=message, subtype_xmlid="mail.mt_note")

    def _notify_problem(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": self.env._("Shipping notice %s", self.name),
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
