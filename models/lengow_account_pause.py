from odoo import fields, models

from ..const import PAUSE_AFTER_DAYS


class LengowAccount(models.Model):
    """An account that fails for days stops asking Lengow, until a person says so."""

    _inherit = "lengow.account"

    failed_on = fields.Date(readonly=True, copy=False)
    failing_days = fields.Integer(
        readonly=True,
        copy=False,
        help="On how many days in a row its orders could not be fetched.",
    )
    paused_at = fields.Datetime(
        "Paused Since",
        readonly=True,
        copy=False,
        tracking=True,
        help="Since then nothing is asked of Lengow, as it failed for days.",
    )

    # === ACTION METHODS === #

    def action_resume(self):
        """Let the account synchronise again, at once.

        :return: notification.
        """
        self.check_access("write")
        return self.action_import_now()

    # === BUSINESS METHODS === #

    def _is_at_rest(self):
        """:return: whether it does nothing until a person says so."""
        self.ensure_one()
        return not self.active or self.state == "draft" or bool(self.paused_at)

    def _count_failure(self, message):
        """Note that orders cannot be fetched today, and pause after days of it.

        :param str message: what is wrong.
        """
        today = fields.Date.today()
        if self.failed_on == today or self.paused_at:
            return
        self.write({"failed_on": today, "failing_days": self.failing_days + 1})
        if self.failing_days > PAUSE_AFTER_DAYS:
            self._pause(message)

    def _forget_failures(self):
        if self.failing_days:
            self.write({"failed_on": False, "failing_days": 0})

    def _pause(self, message):
        """Stop synchronising, and tell the person who is responsible, once.

        :param str message: what is wrong.
        """
        self.paused_at = fields.Datetime.now()
        user = self.user_id
        account = self.with_context(lang=user.lang) if user.lang else self
        # The activity's own mail would be a second one.
        account.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=user.id or self.env.uid,
            summary=account.env._("Lengow account paused"),
            note=account.env._(
                "Orders could not be fetched on %(days)s days in a row: %(problem)s Mend "
                "it, then choose Resume on the account.",
                days=self.failing_days,
                problem=message,
            ),
        )
        self._send_to_responsible("mail_template_account_paused")

    def _resume(self):
        """Begin anew, as if nothing had failed."""
        paused = self.filtered(
            lambda account: account.failing_days or account.paused_at
        )
        paused_sudo = paused.sudo()  # who may start an import may start it again
        paused_sudo.write({"paused_at": False, "failed_on": False, "failing_days": 0})
