import hashlib

from odoo import api, fields, models

from ..lengow.token_store import Token, TokenStore


class LengowApiToken(models.Model):
    """The session token of an account: one for all workers."""

    _name = "lengow.api.token"
    _description = "Lengow API token"
    _inherit = ["lengow.api.mixin"]

    value = fields.Char(groups="base.group_system")
    keys_digest = fields.Char(help="Tells the keys that the token was given for.")
    issued_at = fields.Float(digits=0, help="In seconds since the epoch.")
    lengow_account_id = fields.Char()

    # === BUSINESS METHODS === #

    @api.model
    def _load(self, cr, account, keys_digest):
        value, issued_at, lengow_account_id, given_for = self._read_row(
            cr, account, "value", "issued_at", "lengow_account_id", "keys_digest"
        )
        if not value or given_for != keys_digest:
            return None
        return Token(value, issued_at, lengow_account_id)


class SharedTokenStore(TokenStore):
    """Keeps an account's token in the database.

    :param lengow.account account: the account.
    """

    def __init__(self, account):
        self.account = account
        self.tokens_sudo = account.env["lengow.api.token"].sudo()  # nobody may read it
        keys = (account.base_url, account.access_token, account.secret)
        # With other keys a token is worth nothing.
        self.keys_digest = hashlib.sha256(repr(keys).encode()).hexdigest()

    def load(self):
        """:return: the account's :class:`Token`, or None."""
        cr = self.account.env.cr
        return self.tokens_sudo._load(cr, self.account, self.keys_digest)

    def renew(self, stale, request_token):
        """Renew the token, unless another worker just did.

        :param stale: the :class:`Token` that no longer serves, or None.
        :param request_token: function that asks Lengow for a new :class:`Token`.
        :return: a :class:`Token` other than ``stale``.
        """
        with self.tokens_sudo._exclusive(self.account) as cr:
            current = self.tokens_sudo._load(cr, self.account, self.keys_digest)
            cr.commit()  # pylint: disable=invalid-commit; the cursor is our own
            if current and current != stale:
                return current
            token = request_token()
            self.tokens_sudo._write_row(
                cr,
                self.account,
                value=token.value,
                issued_at=token.issued_at,
                lengow_account_id=token.account_id,
                keys_digest=self.keys_digest,
            )
            return token
