import json
from dataclasses import replace

from odoo import api, fields, models

from ..lengow.action import ActionPlan
from ..lengow.problems import Problem
from .bulk import insert_rows

# Nothing came of these at the marketplace, unless they are in doubt.
VOID_ERRORS = ("refused", "failed", "unexpected", "unsent")
# What only a mapping can tell.
MAPPED_ARGUMENTS = ("carrier", "shipping_method")
NAME_ARGUMENTS = ("carrier_name", "custom_carrier")
RELAY_ARGUMENTS = ("pickup_id", "relay_id")
RELATED_FIELDS = ("account_id", "channel_id", "company_id", "marketplace_id")
JSON_FIELDS = ("arguments", "source")


class LengowAction(models.Model):
    """Shipping notices: what a delivery tells of itself.

    Whenever a notice is made, also again, it says what the delivery says at that moment.
    """

    _inherit = "lengow.action"

    is_correction = fields.Boolean(
        readonly=True,
        help="Tells of a delivery again, whose tracking number was added or changed.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Insert notices in bulk, as other staging rows are."""
        is_uniform = len({frozenset(vals) for vals in vals_list}) == 1
        if not is_uniform or not all(map(_is_plain, vals_list)):
            return super().create(vals_list)
        names = list(vals_list[0])
        actions = insert_rows(
            self,
            [
                {
                    name: json.dumps(vals[name]) if name in JSON_FIELDS else vals[name]
                    for name in names
                }
                for vals in vals_list
            ],
        )
        for name in ("lengow_order_id", "line_id", "picking_id", "move_id"):
            self.env[self._fields[name].comodel_name].invalidate_model(
                [field.name for field in self.pool.field_inverses[self._fields[name]]]
            )
        given = [self._fields[name] for name in RELATED_FIELDS]
        with self.env.protecting(given, actions):
            actions.modified(names)
        return actions

    # === BUSINESS METHODS: WHAT IS KNOWN === #

    def _is_not_ready(self):
        """:return: whether it waits for something that is missing."""
        return self.state == "error" and self.error_code == "not_ready"

    def _is_void(self):
        """:return: whether it is certain that the marketplace did not do it."""
        return self.state == "cancelled" or (
            self.state == "error"
            and self.error_code in VOID_ERRORS
            and not self.is_doubtful
        )

    def _is_unsent(self):
        """:return: whether it is certain that Lengow has not got it."""
        return self.state == "pending" and not (
            self.is_doubtful or self.sent_at or self.lengow_id
        )

    # === BUSINESS METHODS: MAKING A NOTICE === #

    @api.model
    def _queue(self, jobs):
        self.sudo()._find_mappings(filter(_is_delivery, jobs))
        return super()._queue(jobs)

    @api.model
    def _get_done(self, job):
        """Leave out, of a delivery that is reported late, what was reported meanwhile."""
        if not _is_delivery(job):
            return super()._get_done(job)
        reports = self.search(
            [
                ("lengow_order_id", "=", job.order.id),
                ("action_type", "=", "ship"),
                ("is_correction", "=", False),
                ("line_key", "!=", False),
            ]
        )
        done = {}
        for report in reports:
            if not (report._is_void() or report._is_not_ready()):
                told = done.get(report.line_key, 0)
                done[report.line_key] = told + report.quantity
        return done

    @api.model
    def _plan(self, job):
        if not _is_delivery(job):
            return super()._plan(job)
        if not job.parcels:
            pickings = getattr(job, "pickings", None) or job.order._find_pickings(job)
            parcels = [picking._lengow_make_parcel() for picking in pickings]
            job = replace(job, parcels=parcels)
        plan = super()._plan(job)
        if any(not request.line_id for request in plan.requests):
            # What is told of a line belongs to the notice about the whole order.
            plan = replace(
                plan,
                notices=[replace(notice, line_id="") for notice in plan.notices],
            )
        return self._demand_mapping(job, plan)

    @api.model
    def _prepare_vals_list(self, job):
        """Add what Odoo would read from the order, and write apart, for each action."""
        vals_list = super()._prepare_vals_list(job)
        if _is_delivery(job):
            related = {name: job.order[name].id for name in RELATED_FIELDS}
            for vals in vals_list:
                vals.update(related)
        return vals_list

    @api.model
    def _prepare_arguments(self, job):
        values = super()._prepare_arguments(job)
        if not _is_delivery(job):
            return values
        known = {
            "shipping_date": job.picking.date_done,
            **self._prepare_carrier_values(job),
            **self._prepare_fact_values(job),
        }
        return {**known, **values}

    @api.model
    def _prepare_carrier_values(self, job):
        """:return: dict of argument to value, what the carrier's mapping says."""
        carrier = job.picking._lengow_get_carrier()
        if not carrier:
            # Rather the marketplace's own choice than none.
            return {"carrier": job.order._get_chosen_carrier_code()}
        mapping = self._find_mapping(job)
        if mapping.is_untold:
            return {}
        values = {
            "carrier": mapping.carrier_code,
            "shipping_method": mapping.shipping_method_code,
            "return_carrier": mapping.return_carrier_code,
        }
        rule = job.rule
        for name in NAME_ARGUMENTS:
            argument = rule and rule.arguments.get(name)
            is_asked_for = argument and (
                argument.is_listed_as_required or argument.is_conditional
            )
            values[name] = mapping.carrier_name or (is_asked_for and carrier.name)
        return values

    @api.model
    def _prepare_fact_values(self, job):
        """Prepare what nobody has chosen, and what is left out where it does not fit.

        :return: dict of argument to value.
        """
        rule, picking = job.rule, job.picking
        facts = {
            "weight_unit": lambda: picking.weight_uom_name,
            **dict.fromkeys(RELAY_ARGUMENTS, lambda: picking.lengow_relay_point_id),
        }
        if rule and "delivery_date" in rule.args:
            facts["delivery_date"] = lambda: picking.date_done
        values = {
            name: get_value()
            for name, get_value in facts.items()
            if rule and name in rule.arguments
        }
        return {
            name: value
            for name, value in values.items()
            if value and rule.arguments[name].prepare(value)[1] is None
        }

    # === BUSINESS METHODS: MAPPINGS === #

    @api.model
    def _find_mapping(self, job):
        """:return: the mapping of the carrier of a delivery, or nothing."""
        if job.mapping is None:
            self._find_mappings([job])
        return job.mapping

    @api.model
    def _find_mappings(self, jobs):
        """Find the mappings of the carriers of deliveries, each one once."""
        found = {}
        for job in jobs:
            key = (
                job.order.channel_id,
                job.picking._lengow_get_carrier(),
                job.picking.partner_id.country_id,
            )
            if key not in found:
                found[key] = self.env["lengow.carrier.mapping"]._find(*key)
            job.mapping = found[key]

    @api.model
    def _demand_mapping(self, job, plan):
        """Let nothing be sent that would have to guess who delivers.

        :param ActionJob job: the delivery.
        :param ActionPlan plan: what it comes to.
        :return: the plan, or one that says which carrier is not mapped.
        """
        carrier = job.picking._lengow_get_carrier()
        rule = job.rule
        asked = [name for name in MAPPED_ARGUMENTS if rule and name in rule.arguments]
        if (
            not carrier
            or not asked
            or any(
                rule.arguments[name].is_given(job.values.get(name)) for name in asked
            )
            or self._find_mapping(job)
        ):
            return plan
        values = {
            "carrier": carrier.name,
            "channel": job.order.channel_id.display_name,
        }
        line_keys = dict.fromkeys(
            entry.line_id for entry in (*plan.requests, *plan.problems)
        )
        problems = [
            *(Problem("no_mapping", "carrier", key, values) for key in line_keys),
            *(
                problem
                for problem in plan.problems
                if problem.argument not in MAPPED_ARGUMENTS
            ),
        ]
        return ActionPlan([], problems, plan.notices, plan.waiting)


def _is_plain(vals):
    """Tell whether an action can be inserted as it is: nothing of it is computed."""
    return (
        vals.keys() >= set(RELATED_FIELDS)
        and all(vals.get(name) for name in JSON_FIELDS)
        and not vals.get("error_message")
        and "\n" not in (vals.get("notice") or "")
    )


def _is_delivery(job):
    return job.action_type == "ship" and bool(job.picking)
