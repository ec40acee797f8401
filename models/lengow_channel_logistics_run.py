from odoo import api, models
from odoo.exceptions import UserError

from ..lengow.errors import LengowAuthError, LengowError, LengowRequestError


class LengowChannel(models.Model):
    """Asking Lengow about the feeds of channels, by cron and for a click."""

    _inherit = "lengow.channel"

    # === BUSINESS METHODS === #

    @api.model
    def _run_logistics(self, kind, domain, method):
        """Do something for the feeds of all connected accounts.

        What Lengow refuses about one feed is shown on its channel and stops no other.

        :param str kind: the kind of the runs.
        :param domain: which channels with a feed.
        :param str method: of a channel; takes a client and a run, and returns False when
            the time is up.
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        accounts = self.env["lengow.account"]._get_connected()
        channels = self.search(
            [("account_id", "in", accounts.ids), ("feed_ref", "!=", False), *domain]
        )
        commit_progress(remaining=len(channels))
        for account, group in channels.grouped("account_id").items():
            if not group._run_account_logistics(account, kind, method):
                return

    def _run_account_logistics(self, account, kind, method):
        sync = self.env["lengow.sync"]._start(account, kind)
        commit_progress = self.env["ir.cron"]._commit_progress

        def run():
            client = account._get_client()
            for channel in self:
                is_done = channel._run_channel_logistics(method, client, sync)
                if not is_done or not commit_progress(1):
                    sync._end()
                    commit_progress()
                    return False
            problems = list(filter(None, self.mapped("logistics_problem")))
            sync._end()
            if problems:
                sync.error_message = "\n".join(problems)
            commit_progress()
            return True

        return account._run_sync(sync, run) is not False

    def _run_channel_logistics(self, method, client, sync):
        try:
            is_done = getattr(self, method)(client, sync)
        except LengowAuthError:
            raise
        except LengowRequestError as error:
            self.env.cr.rollback()
            sync._count(error=1)
            self.logistics_problem = self._explain_feed(error)
            return True
        if self.logistics_problem:
            self.logistics_problem = False
        return is_done

    def _explain_feed(self, error):
        """:return: a sentence about what Lengow refused of the channel's feed."""
        return self.env._(
            "%(channel)s, feed %(feed)s: %(error)s",
            channel=self.display_name,
            feed=self.feed_ref,
            error=error,
        )

    def _get_feed_client(self):
        """:return: a client, for a click of a person.

        :raise UserError: when the channel has no feed, or its account no connection.
        """
        self.ensure_one()
        if not self.feed_ref:
            raise UserError(
                self.env._(
                    "%s has no feed number. A manager enters it on the channel; Lengow "
                    "shows it beside the feed.",
                    self.display_name,
                )
            )
        self.account_id._check_connected()
        return self.account_id._get_client()

    def _explain_click(self, error):
        """:param LengowError error: :return: a sentence for the person who clicked."""
        assert isinstance(error, LengowError)
        if isinstance(error, LengowRequestError):
            return self._explain_feed(error)
        return self.account_id._explain(error)
