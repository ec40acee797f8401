from odoo import models

from ..lengow.argument_rules import get_states
from ..lengow.conditions import Conditions
from ..models.lengow_action_job import ActionJob

# What can be asked for again and again, as long as the marketplace allows it.
REPEATABLE = (
    "buy_shipment_label",
    "set_delivery_date",
    "set_eligible_shipping_methods",
)


class LengowActionWizard(models.TransientModel):
    """Reading what is filled in, and telling what is missing or wrong."""

    _inherit = "lengow.action.wizard"

    # === BUSINESS METHODS: WHAT IS FILLED IN === #

    def _get_rule(self):
        """:return: :class:`ActionRule`, None when the marketplace does not offer it."""
        order = self.lengow_order_id
        if not order or not self.type_id:
            return None
        return order._get_rules().get_action(self.type_id.code)

    def _get_values(self):
        """:return: dict of argument to what is filled in, for all lines."""
        values = {row.name: row._get_value() for row in self.argument_ids}
        return {name: value for name, value in values.items() if value is not None}

    def _get_chosen(self):
        """:return: the rows of the lines that the action is about; none for all."""
        if self.scope == "order":
            return self.line_ids.browse()
        return self.line_ids.filtered("is_chosen")

    def _make_job(self):
        """:return: :class:`ActionJob` of what is filled in."""
        rule = self._get_rule()
        job = ActionJob(
            self.lengow_order_id,
            self.type_id.code or "",
            values=self._get_values(),
            picking=self.picking_id or None,
            move=self.move_id or None,
        )
        if self.action_id:
            job.picking = job.picking or self.action_id.picking_id or None
            job.move = job.move or self.action_id.move_id or None
        if self.scope == "lines":
            job.lines = [row._make_part(rule) for row in self._get_chosen()]
        job.done = self._get_done(rule, job)
        return job

    def _get_argument_states(self):
        """:return: dict of argument to :class:`ArgumentState`, as far as it is filled in."""
        rule = self._get_rule()
        if rule is None:
            return {}
        values = self._get_values()
        for row in self._get_chosen()[:1]:
            values = {**row._get_values(rule), **values}
        for name, value in values.items():
            prepared, problem = rule.arguments[name].prepare(value)
            values[name] = value if problem else prepared
        conditions = Conditions(self.lengow_order_id.payload or {})
        return get_states(rule, conditions, values)

    # === BUSINESS METHODS: CHECKING === #

    def _check(self):
        """Tell what is missing or wrong.

        :return: list of what stops it, and list of what is worth knowing.
        """
        self.ensure_one()
        if not self.lengow_order_id or not self.type_id:
            return [self.env._("Choose an action.")], []
        job = self._make_job()
        plan = self.env["lengow.action"]._plan(job)
        problems = self._describe(plan.problems)
        if plan.waiting:
            problems += self._describe_waiting(plan.waiting)
        elif not problems and (not plan.requests or self._is_done(job, plan)):
            problems.append(self._describe_nothing())
        return problems + self._check_more(job), self._describe(plan.notices)

    def _is_done(self, job, plan):
        """Tell whether all that is asked for has been asked for before."""
        if job.lines is None and job.action_type not in REPEATABLE:
            rule = self._get_rule()
            lines = [
                line
                for line in job.order._view().lines
                if line.quantity > 0 and rule.is_allowed(job.order._view(), line)
            ]
            if lines and all(job.done.get(x.key, 0) >= x.quantity for x in lines):
                return True
        under_way = [
            (action.line_key or "", action.arguments or {})
            for action in job.order.action_ids - self.action_id
            if action.action_type == job.action_type
            and action.state in ("pending", "queued")
        ]
        return all((r.line_id, r.arguments) in under_way for r in plan.requests)

    def _check_more(self, job):
        """:return: list of what is wrong beside what the marketplace's rules tell."""
        return []

    def _describe(self, problems):
        """:return: list of sentences, each once."""
        sentences = [
            self.env["lengow.action"]._describe([problem]) for problem in problems
        ]
        return list(dict.fromkeys(sentences))

    def _describe_waiting(self, keys):
        titles = [row.title for row in self.line_ids if row.line_key in keys]
        return [
            self.env._(
                "%(marketplace)s takes “%(action)s” once all pieces have left. Of these "
                "some are left: %(lines)s.",
                marketplace=self.marketplace_id.name,
                action=self.type_id.name,
                lines=", ".join(titles or keys),
            )
        ]

    def _describe_nothing(self):
        return self.env._(
            "There is nothing to send: order %(order)s was told of with “%(action)s” "
            "before, and %(marketplace)s is at it or has done it.",
            order=self.lengow_order_id.marketplace_order_id,
            action=self.type_id.name,
            marketplace=self.marketplace_id.name,
        )
