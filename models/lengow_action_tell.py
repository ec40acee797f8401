from markupsafe import Markup

from odoo import api, models

from ..const import TOLD_AT_ONCE
from .conflicts import CONFLICTS


class LengowAction(models.Model):
    """Telling people what became of actions, once for each order."""

    _inherit = "lengow.action"

    # === BUSINESS METHODS === #

    @api.model
    def _tell_settled(self):
        """Tell of all that was settled, many orders at a time.

        :return: False when the time of the cron is up.
        """
        to_tell = [("is_to_tell", "=", True)]
        while orders := self.search(to_tell, limit=TOLD_AT_ONCE).lengow_order_id:
            settled = self.search([*to_tell, ("lengow_order_id", "in", orders.ids)])
            try:
                settled._tell()
                seconds = self.env["ir.cron"]._commit_progress(1, remaining=1)
            except CONFLICTS:
                self.env.cr.rollback()  # it is begun again
                return False
            if not seconds:
                return False
            self.env.invalidate_all()  # the memory of one round, however many there are
        return True

    def _tell(self):
        """Tell of settled actions, of all of an order at once."""
        self.is_to_tell = False
        states = self.grouped("state")
        nothing = self.browse()
        states.get("done", nothing)._log(self.env._("Done at %(marketplace)s:"))
        states.get("error", nothing)._log_failed()
        self.lengow_order_id._follow_actions()

    def _tell_failed(self):
        """Say in the chatters what went wrong, and give a person something to do."""
        self._log_failed()
        self.lengow_order_id._follow_actions()

    def _log_failed(self):
        self._log(self.env._("Not done at %(marketplace)s:"), "error_message", "remedy")

    def _log(self, title, *names):
        """Write a message for each order that actions are about.

        :param str title: what they have in common, with the marketplace's name.
        :param names: fields that are told of each, beside what it is.
        """
        threads = {}
        for action in self:
            threads.setdefault(action._get_thread(), []).append(action.id)
        bodies = {}
        for thread, ids in threads.items():
            actions = self._pick(ids)
            heading = title % {"marketplace": actions[:1].marketplace_id.name}
            texts = bodies.setdefault(thread._name, {})
            texts[thread.id] = actions._format(heading, names)
        for model, texts in bodies.items():
            self.env[model].browse(texts)._message_log_batch(bodies=texts)

    def _format(self, title, names):
        """:return: HTML about actions, one entry for each."""
        return Markup("<p>%s</p><ul>%s</ul>") % (
            title,
            Markup().join(
                Markup("<li>%s</li>") % action._describe_outcome(names)
                for action in self
            ),
        )

    def _get_thread(self):
        """:return: the document whose chatter tells about the action."""
        return (
            self.picking_id.sale_id
            or self.line_id.sale_line_ids[:1].order_id
            or self.lengow_order_id._get_action_document()
        )

    def _describe_outcome(self, names):
        """:return: one sentence or more about what became of the action."""
        sentences = [self._get_title(), *(self[name] for name in names)]
        return " ".join(filter(None, sentences))

    def _get_title(self):
        """:return: what it is about, such as *Ship, White shirt (2), tracking ABC.*"""
        parts = [self.action_name]
        if self.line_key:
            about = self.line_id.title or self.line_key
            pieces = f" ({self.quantity:g})" if self.quantity else ""
            parts.append(f"{about}{pieces}")
        if tracking := (self.arguments or {}).get("tracking_number"):
            parts.append(self.env._("tracking %s", tracking))
        return f"{', '.join(parts)}."
