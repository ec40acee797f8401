from uuid import uuid4

from odoo import api, models

from ..lengow.action import build_requests


class LengowAction(models.Model):
    """Writing what marketplaces are to be asked for, in the transaction of its cause."""

    _inherit = "lengow.action"

    # === BUSINESS METHODS === #

    @api.model
    def _queue(self, jobs):
        """Make requests of what somebody wants; they are sent after this transaction.

        What a marketplace's rules do not allow is kept as an action in error, with the
        reason in words; it never stops what it comes from.

        :param list jobs: of :class:`ActionJob`.
        :return: the new actions, none for a line that is not complete yet.
        """
        # Whoever delivers or refunds need not have rights on the outbox.
        self_sudo = self.sudo()
        vals_list = [vals for job in jobs for vals in self_sudo._prepare_vals_list(job)]
        actions_sudo = self_sudo.create(vals_list)
        if actions_sudo:
            orders = {vals["lengow_order_id"]: None for vals in vals_list}
            self_sudo.env["lengow.order"].browse(orders)._begin_acting()
            actions_sudo._notify_created()
        return actions_sudo.sudo(False)

    @api.model
    def _prepare_arguments(self, job):
        """Prepare all that is known for a request; what is not asked for is left out.

        :param ActionJob job: what somebody wants.
        :return: dict of argument to value.
        """
        return dict(job.values)

    @api.model
    def _get_done(self, job):
        """Tell what an order's lines were done with before, for a job that is made again.

        :param ActionJob job: what somebody wanted.
        :return: dict of line number to pieces, empty where it makes no difference.
        """
        return {}

    @api.model
    def _plan(self, job):
        """Ask the marketplace's rules what an action comes to.

        :param ActionJob job: what somebody wants.
        :return: :class:`ActionPlan`.
        """
        return build_requests(
            job.rules,
            job.action_type,
            job.order._view(),
            job.lines,
            self._prepare_arguments(job),
            parcels=job.parcels,
            done=job.done,
            closed=job.closed,
        )

    @api.model
    def _prepare_vals_list(self, job):
        """Prepare the actions that come of one job."""
        plan = self._plan(job)
        lines = {line.line_key: line.id for line in job.order.line_ids}
        pieces = {part.line_id: part.quantity for part in job.lines or ()}
        common = {
            "lengow_order_id": job.order.id,
            "action_type": job.action_type,
            "picking_id": job.picking.id if job.picking else False,
            "move_id": job.move.id if job.move else False,
            "source": job.to_json(),
            "job_key": uuid4().hex,
        }

        def about(line_key, quantity):
            return {
                **common,
                "line_id": lines.get(line_key, False),
                "line_key": line_key or False,
                "quantity": quantity or 0,
            }

        notices = {}
        for problem in plan.notices:
            notices.setdefault(problem.line_id, []).append(problem)
        problems = {}
        for problem in plan.problems:
            problems.setdefault(problem.line_id, []).append(problem)
        return [
            *(
                {
                    **about(
                        request.line_id,
                        pieces.get(request.line_id)
                        if request.quantity is None
                        else request.quantity,
                    ),
                    "arguments": request.arguments,
                    "notice": self._describe(notices.get(request.line_id, ())),
                }
                for request in plan.requests
            ),
            *(
                {
                    **about(line_key, pieces.get(line_key)),
                    "state": "error",
                    "error_code": "not_ready",
                    "error_message": self._describe(found),
                }
                for line_key, found in problems.items()
            ),
        ]

    @api.model
    def _describe(self, problems):
        """:return: problems of the rules in the user's language, False for none."""
        return (
            "\n".join(
                self.env._(problem.template, **problem.values) for problem in problems
            )
            or False
        )

    def _notify_created(self):
        """Send what is ready after the transaction, and tell what a person must do."""
        self.fetch(["state"])
        states = set(self.mapped("state"))
        if "pending" in states:
            self.env["lengow.account"]._trigger_crons("send_actions")
        if "error" in states:
            self.lengow_order_id._follow_actions()
