import logging

from odoo import api, fields, models

from ..const import WAITING_LONG_DAYS

_logger = logging.getLogger(__name__)


class LengowAccount(models.Model):
    """A mail a day to the responsible person, when there is something to do."""

    _inherit = "lengow.account"

    send_digest = fields.Boolean(
        "Daily Mail",
        default=True,
        help="Once a day the responsible person is told what is to fix, when something is.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _cron_send_digests(self):
        accounts = self.search([("send_digest", "=", True), ("state", "!=", "draft")])
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(accounts))
        for account in accounts:
            if any(account._get_digest().values()):
                account._send_to_responsible("mail_template_digest")
            # Whatever its time: begun anew, it would write to the same people again.
            commit_progress(1)

    def _get_digest(self):
        """Count what waits for the responsible person.

        :return: dict of ``problems`` (list of reason, how many, what to do), ``late`` (how
            many orders wait for long), ``error`` (what is wrong with the account).
        """
        self.ensure_one()
        orders = self.env["lengow.order"]
        ours = ("account_id", "=", self.id)
        counts = orders._read_group(
            [ours, *orders._get_to_fix_domain()],
            ["error_code"],
            ["__count"],
            order="__count DESC",
        )
        remedies = orders._get_remedies()
        unnamed = self.env._("Imported, but not finished")
        long_ago = fields.Datetime.subtract(
            fields.Datetime.now(), days=WAITING_LONG_DAYS
        )
        return {
            "problems": [
                (
                    orders._get_reason_label(code) or unnamed,
                    count,
                    remedies.get(code, ""),
                )
                for code, count in counts
            ],
            "late": orders.search_count(
                [
                    ours,
                    ("state", "in", ("waiting", "pending")),
                    ("order_date", "<", long_ago),
                ]
            ),
            "error": self.state == "error" and self.last_error,
        }

    def _get_link(self, path):
        """:return: address of a screen, for a mail."""
        return f"{self.get_base_url()}/odoo/{path}"

    def _send_to_responsible(self, template_name):
        """Send a mail to the person who is responsible, if it is one of ours.

        :param str template_name: name of a template of this module.
        """
        self.ensure_one()
        user = self.user_id
        template = self.env.ref(
            f"sale_lengow.{template_name}", raise_if_not_found=False
        )
        if not template or not user.active or user.share or not user.email:
            return
        try:
            with self.env.cr.savepoint():
                template.sudo().send_mail(
                    self.id, email_layout_xmlid="mail.mail_notification_light"
                )
        except Exception as error:  # noqa: BLE001 an edited template must stop no cron
            _logger.warning(
                "Lengow account %s: its mail cannot be written: %s",
                self.id,
                type(error).__name__,
            )
