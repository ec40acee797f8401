from odoo import api, models

from ..lengow.marketplace import PER_ORDER


class LengowActionWizard(models.TransientModel):
    """What an action can be about: the order, lines of it, pieces of a line."""

    _inherit = "lengow.action.wizard"

    # === BUSINESS METHODS: ABOUT WHAT === #

    @api.model
    def _names_lines(self, rule):
        """Tell whether every request of an action has to name a line."""
        targets = (rule.line_argument, rule.quantity_argument)
        return any(target and target.is_listed_as_required for target in targets)

    @api.model
    def _can_choose_scope(self, rule):
        if self._names_lines(rule):
            return False
        is_partial = self.scope == "lines" and rule.granularity == PER_ORDER
        return is_partial or self._can_be_partial(rule)

    @api.model
    def _can_be_partial(self, rule):
        return rule.line_argument is not None or bool(self._get_line_arguments(rule))

    @api.model
    def _can_take_parts(self, rule):
        """Tell whether an action can be about some pieces of a line."""
        by_line = self._get_line_arguments(rule)
        return rule.quantity_argument is not None or bool(by_line)

    @api.model
    def _get_first_scope(self, rule, job):
        if rule is None:
            return "order"
        if self._names_lines(rule):
            return "lines"
        if job.lines is None or self._is_whole(rule, job):
            return "order"
        return "lines"

    @api.model
    def _is_whole(self, rule, job):
        """Tell whether a job names all lines that the action is possible for."""
        view = job.order._view()
        given = {
            part.line_id
            for part in job.lines
            if part.quantity is None and not part.values
        }
        return all(
            line.key in given
            for line in view.lines
            if line.quantity > 0 and rule.is_allowed(view, line)
        )

    @api.model
    def _get_done(self, rule, job):
        """:return: dict of line number to pieces that the action was done with before."""
        name = rule and rule.quantity_argument and rule.quantity_argument.name
        failed = self.env["lengow.action"].browse(
            self.env.context.get("default_action_id")
        )
        done = job.order._get_pieces_done(
            job.action_type, name, failed | self.action_id
        )
        return done if rule is None else self._leave_corrections(rule, job, done)

    @api.model
    def _leave_corrections(self, rule, job, done):
        """Let a line be reported anew whose marketplace takes that once it has shipped.

        A tracking number that is corrected is sent this way.
        """
        view = job.order._view()
        if job.action_type != "ship":
            return done
        again = {
            line.key
            for line in view.lines
            if line.lengow_status in ("shipped", "closed")
            and rule.is_allowed(view, line)
        }
        return {key: count for key, count in done.items() if key not in again}
