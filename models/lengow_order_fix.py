from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const import IMPORT_BATCH_SIZE, NAMES_SHOWN
from .notification import make_notification


class LengowOrder(models.Model):
    """What a person does about orders that need one, for many of them at once.

    Each action serves some of the selected orders, and says why not the others.
    """

    _inherit = "lengow.order"

    decision = fields.Selection(
        [("import", "Import"), ("ignore", "Ignore")],
        readonly=True,
        help="What a person has decided, whatever the settings say.",
    )

    # === ACTION METHODS === #

    def action_retry(self):
        """Import orders in error at once, send refused names again, and say how it went.

        More than a batch of them is left to the cron.

        :return: notification.
        """
        self.check_access("write")
        orders_sudo = self.sudo()  # imports touch what users may not
        refused = orders_sudo.filtered(lambda order: order.merchant_id_state == "error")
        refused._mark_again()
        orders_sudo = orders_sudo.filtered(
            lambda order: order.state in ("error", "pending")
        )
        orders_sudo.filtered(lambda order: not order.channel_id)._find_channels()
        done = orders_sudo.exists()._import_at_once()
        if refused:
            done.append(
                self.env._(
                    "The names of the sales orders of %s are sent again.", len(refused)
                )
            )
        if not done:
            done.append(self.env._("Nothing here can be tried again."))
        return self._report(
            self.env._("Import"),
            done,
            is_warning=any(order.state == "error" for order in orders_sudo.exists()),
        )

    def action_ignore(self):
        """Decide that orders are not to be imported.

        :return: notification.
        """
        self.check_access("write")
        # Only the connector writes what becomes of an order.
        orders_sudo = self.sudo().filtered(
            lambda order: order.state in ("error", "pending", "waiting")
        )
        orders_sudo.write(self._prepare_ignored_vals())
        orders_sudo._log_decision(
            self.env._("%s decided not to import this order.", self.env.user.name)
        )
        return self._report(
            self.env._("Ignore"),
            [self.env._("%s orders are ignored.", len(orders_sudo))],
            {
                self.env._("they are imported or ignored already"): self
                - orders_sudo.sudo(False)
            },
        )

    def action_import_anyway(self):
        """Import ignored orders, whatever the settings say.

        :return: notification.
        """
        self.check_access("write")
        orders_sudo = self.sudo().filtered(  # imports touch what users may not
            lambda order: order.state == "ignored"
        )
        wanted = orders_sudo._want_import()
        wanted._log_decision(
            self.env._("%s decided to import this order.", self.env.user.name)
        )
        due = wanted.filtered(lambda order: order.state == "pending")
        left = {
            self.env._("they are not ignored"): self - orders_sudo.sudo(False),
            self.env._("the marketplace has not released them yet"): wanted - due,
        }
        for reason, orders in (orders_sudo - wanted).grouped("error_code").items():
            left[self._get_reason_label(reason)] = orders
        done = due._import_at_once()
        return self._report(
            self.env._("Import Anyway"),
            done or [self.env._("No order is imported.")],
            left,
            is_warning=any(order.state == "error" for order in due),
        )

    def action_activate_currencies(self):
        """Activate the currencies that orders in error are in, and import these.

        :return: notification.
        :raise AccessError: when the user is not a manager.
        """
        self.check_access("write")
        if not self.env.user.has_group("sale_lengow.group_lengow_manager"):
            raise AccessError(
                self.env._("Only a manager of Lengow may activate currencies.")
            )
        orders = self.filtered(lambda order: order.error_code == "inactive_currency")
        unknown = orders.filtered(lambda order: not order.currency_id)
        currencies_sudo = orders.currency_id.sudo()  # a manager need not keep the books
        currencies_sudo.active = True
        done = [
            self.env._("Activated: %s.", ", ".join(currencies_sudo.mapped("name")))
            if currencies_sudo
            else self.env._("No currency was activated.")
        ]
        unrated = currencies_sudo.filtered(lambda currency: not currency.rate_ids)
        if unrated:
            done.append(
                self.env._(
                    "Enter a rate under Accounting, Configuration, Currencies: %s.",
                    ", ".join(unrated.mapped("name")),
                )
            )
        done += (orders - unknown).sudo()._import_at_once()
        return self._report(
            self.env._("Activate Currencies"),
            done,
            {
                self.env._("they do not wait for a currency"): self - orders,
                self.env._("Odoo does not know their currency"): unknown,
            },
            is_warning=bool(unrated),
        )

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_ignored_vals(self):
        """:return: values of an order that a person does not want."""
        return {
            "decision": "ignore",
            "state": "ignored",
            "error_code": "by_person",
            "error_message": False,
            "next_attempt": False,
        }

    def _forget_deleted_sale_orders(self):
        """Take orders whose quotations a person has deleted for ignored."""
        orders = self.filtered(
            lambda order: order.state == "imported" and not order.sale_order_ids
        )
        for order in orders:
            order.write({**order._prepare_anew_vals(), **self._prepare_ignored_vals()})
        orders._log_decision(
            self.env._(
                "%s deleted the sales orders of this order. Choose Import Anyway to import "
                "it again.",
                self.env.user.name,
            )
        )

    def _want_import(self):
        """Let no setting keep orders from their import.

        :return: the orders that are imported now or later; the others are cancelled or
            without data.
        """
        self.decision = "import"
        for order in self:
            order.write(
                order._prepare_state_vals(
                    order.account_id, order.channel_id, order._view(), order.state
                )
            )
        wanted = self.filtered(lambda order: order.state != "ignored")
        (self - wanted).decision = False
        return wanted

    def _import_at_once(self):
        """Import orders of which no worker is importing any; more than a batch by the cron.

        :return: list of sentences, none where there is no order.
        """
        if not self:
            return []
        self._make_due()
        if len(self) > IMPORT_BATCH_SIZE:
            self.env["lengow.account"]._trigger_crons("import_orders")
            return [self.env._("%s orders are imported in the background.", len(self))]
        free = self.try_lock_for_update(allow_referencing=True)
        free._import_guarded()
        free.is_being_imported = False
        self.env["lengow.account"]._trigger_crons("mark_orders")
        states = self.mapped("state")
        return [
            self.env._(
                "%(imported)s imported, %(failed)s still to fix.",
                imported=states.count("imported"),
                failed=states.count("error"),
            )
        ]

    def _log_decision(self, body):
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    @api.model
    def _get_reason_label(self, code):
        """:return: what the user reads for an ``error_code``."""
        labels = dict(self._fields["error_code"]._description_selection(self.env))
        return labels.get(code, "")

    @api.model
    def _report(self, title, done, left=None, is_warning=False):
        """Say what a button did, and of which records it did nothing.

        :param str title: title of the notification.
        :param list done: sentences about what was done.
        :param dict left: records that were left out, by the reason.
        :param bool is_warning: whether there is something left to do.
        :return: notification.
        """
        sentences = list(done)
        for reason, records in (left or {}).items():
            if records:
                names = records[:NAMES_SHOWN].mapped("display_name")
                sentences.append(
                    self.env._(
                        "%(count)s left out, since %(reason)s: %(names)s%(more)s.",
                        count=len(records),
                        reason=reason,
                        names=", ".join(names),
                        more="…" if len(records) > NAMES_SHOWN else "",
                    )
                )
        is_warning = is_warning or any((left or {}).values())
        return make_notification(
            title, " ".join(sentences), "warning" if is_warning else "success"
        )
