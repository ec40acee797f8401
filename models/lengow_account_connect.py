from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .. import const
from ..lengow.base_url import is_safe
from ..lengow.client import LengowClient
from ..lengow.errors import LengowAuthError, LengowError
from ..lengow.transport import Transport
from .lengow_api_quota import SharedRateLimiter
from .lengow_api_token import SharedTokenStore
from .notification import make_notification


class LengowAccount(models.Model):
    """How an account speaks to Lengow, and what is said where that fails."""

    _inherit = "lengow.account"

    # === CONSTRAINTS === #

    @api.constrains("base_url")
    def _check_base_url(self):
        for account in self:
            if not is_safe(account.base_url):
                raise ValidationError(
                    self.env._("The address of the API must start with https://.")
                )

    # === ACTION METHODS === #

    def action_connect(self):
        """Check the keys, then let the crons fetch marketplaces and orders.

        :raise UserError: when Lengow refuses the keys or does not answer.
        """
        self.ensure_one()
        self.check_access("write")
        account_sudo = self._with_keys()
        if not account_sudo.has_keys:
            raise UserError(
                self.env._(
                    "Enter the access token and the secret first. An administrator finds "
                    "them in Lengow under Settings, API."
                )
            )
        try:
            me = account_sudo._get_client().get_me()
        except LengowError as error:
            raise UserError(account_sudo._explain(error)) from error
        account_sudo._resume()
        account_sudo.write(
            {
                "lengow_account_id": str(me["account_id"]),
                "state": "connected",
                "last_error": False,
            }
        )
        account_sudo.activity_unlink(["mail.mail_activity_data_warning"])
        # It fetches the marketplaces first.
        self._trigger_crons("fetch_orders")
        return make_notification(
            self.env._("Connected"),
            self.env._("Marketplaces and orders are being fetched in the background."),
        )

    # === BUSINESS METHODS === #

    def _check_may_readdress(self, base_url):
        """Let nobody have the keys sent elsewhere who may not read them.

        :raise AccessError: when a manager without rights on settings changes the address.
        """
        if self.env.su or self.env.user.has_group("base.group_system"):
            return
        if any(account.base_url != base_url for account in self):
            raise AccessError(
                self.env._(
                    "The keys are sent to the address of the API: only an administrator "
                    "may change it."
                )
            )

    def _with_keys(self):
        """:return: the account with the rights to read its keys."""
        return self.sudo()  # they serve every user, and only administrators see them

    def _prepare_transport_vals(self):
        """:return: arguments of :class:`Transport`."""
        return {
            "base_url": self.base_url,
            "access_token": self.access_token,
            "secret": self.secret,
            "token_store": SharedTokenStore(self),
            "rate_limiter": SharedRateLimiter(self),
            "time_budget": const.REQUEST_SECONDS,
            "timeout": (const.CONNECT_SECONDS, const.REQUEST_SECONDS),
        }

    def _get_client(self, **options):
        """Make a client for the account.

        :param options: arguments of :class:`Transport` that differ from the usual ones.
        :return: a :class:`LengowClient` that speaks for the account.
        """
        self.ensure_one()
        account_sudo = self._with_keys()
        transport = Transport(**{**account_sudo._prepare_transport_vals(), **options})
        return LengowClient(transport, account_id=self.lengow_account_id or None)

    def _explain(self, error):
        """Say what went wrong with the API and what to do.

        :param LengowError error: what the client raised.
        :return: sentences for the user.
        """
        if isinstance(error, LengowAuthError):
            return self.env._(
                "Lengow refuses the keys of %(account)s: “%(error)s”. Enter the current "
                "keys and connect again.",
                account=self.name,
                error=error.message,
            )
        return self.env._(
            "%(account)s: %(error)s It is tried again by itself.",
            account=self.name,
            error=error,
        )

    def _check_connected(self):
        """:raise UserError: while nobody has connected an account."""
        for account in self:
            if account.state == "draft":
                raise UserError(
                    self.env._("Connect the account %s first.", account.name)
                )

    def _set_error(self, message):
        """Show a problem on the account; an unchanged one is not written again."""
        if self.state != "error":
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=self.user_id.id or self.env.uid,
                summary=self.env._("Lengow needs you"),
                note=message,
            )
        if self.state != "error" or self.last_error != message:
            self.write({"state": "error", "last_error": message})

    def _clear_error(self):
        """Show that all is well again, unless another kind of run still has a problem."""
        if self.state != "error":
            return
        problem = self.env["lengow.sync"]._find_problem(self)
        if problem:
            self._set_error(problem.error_message)
        else:
            self.write({"state": "connected", "last_error": False})
            self.activity_unlink(["mail.mail_activity_data_warning"])
