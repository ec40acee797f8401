from odoo import api, fields, models

from ..lengow.errors import LengowAuthError, LengowError, LengowRequestError
from ..lengow.notice import ShippingNotice, latest
from .bulk import update_column
from .notification import make_notification


class LengowChannel(models.Model):
    """Keeping the notices of a channel's feed true."""

    _inherit = "lengow.channel"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_sync_notices(self):
        self._run_logistics("notices", [], "_sync_notices")

    def _sync_notices(self, client, sync):
        """Read all notices of the feed, those made elsewhere included.

        The whole list first, then what belongs to the notices that need it.

        :return: False when the time of the cron is up.
        """
        self.env["lengow.shipping.notice"]._resolve_forgotten(self, client)
        if sync.channel_id != self:
            sync.write({"channel_id": self.id, "page": 1})
        self.env["ir.cron"]._commit_progress()
        if not self._list_notices(client, sync):
            return False
        if not self._read_unread_notices(client):
            return False
        sync.channel_id = False
        if sync.error_message:
            raise LengowError(sync.error_message)
        return True

    def _list_notices(self, client, sync):
        """Apply the list of notices page by page, from the page reached.

        :return: False when the time of the cron is up.
        """
        if sync.page == 0:
            return True  # done before the time was up
        commit_progress = self.env["ir.cron"]._commit_progress
        notices = self.env["lengow.shipping.notice"]
        for page in client.iter_shipping_notice_pages(self.feed_ref, page=sync.page):
            updated = notices._apply_page(self, page.entries)
            sync._count(fetched=len(page.entries), updated=updated)
            problem = page.error and self.account_id._describe_problem(page)
            problems = [sync.error_message, problem]
            sync.write(
                {
                    "page": page.number + 1,
                    "error_message": " ".join(filter(None, problems)) or False,
                }
            )
            if not commit_progress(1, remaining=1):
                return False
            self.env.invalidate_all()  # the memory of one page, however many there are
        sync.page = 0
        commit_progress()
        return True

    def _read_unread_notices(self, client):
        """Read what belongs to notices, those that have waited longest first.

        :return: False when the time of the cron is up.
        """
        unread = (
            self.env["lengow.shipping.notice"]
            .with_context(active_test=False)
            .search(
                [("channel_id", "=", self.id), ("unread_since", "!=", False)],
                order="unread_since, id",
            )
        )
        commit_progress = self.env["ir.cron"]._commit_progress
        for left, notice in zip(range(len(unread))[::-1], unread, strict=True):
            notice.with_prefetch()._read_unread(client)
            # There is the channel at least, until its last notice is read.
            if not commit_progress(1, remaining=left + 1) and left:
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
            if notice_sudo.lengow_id and not notice_sudo._read_again(client):
                return self._notify_problem(self._explain_busy())
        except LengowError as error:
            message = self.channel_id._explain_click(error)
            return self._notify_problem(message)
        return None

    # === BUSINESS METHODS === #

    def _read_again(self, client):
        """Read the notice and what belongs to it.

        :return: False when somebody else is at it; nothing was written.
        """
        view = client.get_shipping_notice(self.channel_id.feed_ref, self.lengow_id)
        return self._read_resources(client, view)

    @api.model
    def _apply_page(self, channel, payloads):
        """Apply what a list says of notices, and note which are to be read.

        :return: how many have changed.
        """
        views = {view.notice_id: view for view in map(ShippingNotice, payloads)}
        notices = self.with_context(active_test=False)
        known = notices.search(
            [("channel_id", "=", channel.id), ("lengow_id", "in", list(views))]
        )
        known_numbers = set(known.mapped("lengow_id"))
        for number, view in views.items():
            if number not in known_numbers:
                known |= notices._adopt(channel, view)
        # One at which somebody just is comes with the next run.
        idle = known.try_lock_for_update(allow_referencing=True)
        idle = idle.filtered(lambda notice: not notice.pending_step)
        changed = idle.filtered(
            lambda notice: notice._is_changed_by(views[notice.lengow_id])
        )
        for notice in changed:
            notice._apply(views[notice.lengow_id])
        idle.filtered(
            lambda notice: (
                not notice.unread_since
                and (notice.state == "shipped" or not notice.synced_at)
            )
        ).unread_since = fields.Datetime.now()
        return len(changed)

    def _read_unread(self, client):
        """Read what belongs to the notice, as the cron does.

        That it has had its turn is committed beforehand: one that Lengow cannot answer
        lets the others pass.
        """
        if not self._lock_idle() or not self.unread_since:
            return  # somebody is just at it
        self.unread_since = False
        self.env["ir.cron"]._commit_progress()
        try:
            self._read_resources(client, ShippingNotice(self.payload))
        except LengowAuthError:
            raise
        except LengowRequestError as error:
            # The list is true all the same, and the other notices are no worse.
            self.problem = self.channel_id._explain_feed(error)

    def _lock_idle(self):
        """Lock the notice, unless somebody is at it.

        :return: whether it is locked now.
        """
        locked = self.try_lock_for_update(allow_referencing=True)
        self.invalidate_recordset()
        return bool(locked) and not self.pending_step

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
        """Write what Lengow says of the notice; what belongs to it is to be read.

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
            "synced_at": False,
        }
        if view.actions is not None:
            vals["available_actions"] = view.actions
        self.write(vals)

    def _read_resources(self, client, view):
        """Read the items and the tours, those that there are, and write them.

        All is read before the notice is locked: nobody waits for Lengow.

        :param ShippingNotice view: what Lengow says of the notice itself.
        :return: False when somebody else is at it; nothing was written.
        """
        known = (self.payload, self.synced_at)
        feed, number = self.channel_id.feed_ref, self.lengow_id
        announced = dispatched = tours = ()
        if "announced_item_sets" in view.resources:
            announced = client.get_announced_item_sets(feed, number)
        if "dispatch_item_sets" in view.resources:
            dispatched = client.get_dispatch_item_sets(feed, number)
        if "tracking_status" in view.resources:
            tours = client.get_tracking_status(feed, number)
        self.env["ir.cron"]._commit_progress()  # to see what others did meanwhile
        if not self._lock_idle() or known != (self.payload, self.synced_at):
            return False
        if self._is_changed_by(view):
            self._apply(view)
        self._apply_items(latest(announced), "announced", "announced_validation")
        self._apply_items(latest(dispatched), "dispatched", "dispatch_validation")
        self.env["lengow.shipping.notice.tour"]._store(self, tours)
        vals = {"synced_at": fields.Datetime.now(), "unread_since": False}
        if tours and tours[0].advice_id and not self.advice_id:
            vals["advice_id"] = tours[0].advice_id
        self.write(vals)
        return True

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
        title = self.env._("Shipping notice %s", self.name)
        return make_notification(title, message, "danger", sticky=True)
