import uuid

from odoo import Command, api, models

from ..lengow.action import LinePart
from ..lengow.parsing import decimal
from ..models.lengow_action_job import ActionJob
from .lengow_action_wizard import ORIGINS


class LengowActionWizard(models.TransientModel):
    """Drawing the form: what can be chosen, and what it begins with."""

    _inherit = "lengow.action.wizard"

    # === BUSINESS METHODS: DRAWING === #

    def _get_origin_vals(self):
        """:return: what the wizard was opened from, as `default_get` has it."""
        return {name: self[name].id for name in ORIGINS}

    def _make_first_job(self, order, vals):
        """Tell what the wizard begins with.

        :param dict vals: what it was opened from.
        :return: :class:`ActionJob`.
        """
        picking = self.env["stock.picking"].browse(vals.get("picking_id"))
        move = self.env["account.move"].browse(vals.get("move_id"))
        job = ActionJob(
            order,
            "",
            self._find_parts(vals),
            picking=picking or None,
            move=move or None,
        )
        if picking:
            job.values = {
                "tracking_number": picking.carrier_tracking_ref or "",
                "tracking_url": picking.carrier_tracking_url or "",
            }
        return job

    @api.model
    def _find_parts(self, vals):
        """Find the lines that the wizard is about from the beginning.

        :param dict vals: what it was opened from.
        :return: list of :class:`LinePart`, None for the whole order.
        """
        sale = self.env["sale.order"].browse(vals.get("sale_order_id"))
        picking = self.env["stock.picking"].browse(vals.get("picking_id"))
        if picking:
            return picking._lengow_get_parts()
        if sale:
            return sale._lengow_get_parts()
        return None

    @api.model
    def _read_failed(self, action):
        """:return: the :class:`ActionJob` that a failed action was made of."""
        action.check_access("read")
        job = ActionJob.from_json(
            action.lengow_order_id,
            action.action_type,
            action.source or {"lines": None, "values": {}, "parcels": [], "closed": []},
            picking=action.picking_id or None,
            move=action.move_id or None,
        )
        if action.line_key:
            own = [part for part in job.lines or () if part.line_id == action.line_key]
            job.lines = own or [LinePart(action.line_key, action.quantity or None)]
        known = self.env["lengow.action"]._prepare_arguments(job)
        for parcel in job.parcels:
            known.setdefault("tracking_number", parcel.tracking_number)
            known.setdefault("tracking_url", parcel.tracking_url)
            known.setdefault("return_tracking_number", parcel.return_tracking_number)
            known.setdefault("weight", parcel.weight)
        job.values = {**known, **(action.arguments or {})}
        job.parcels = []
        return job

    @api.model
    def _prepare_first_vals(self, order, name, job):
        """Prepare the wizard's first values.

        :param str name: of the action that it must offer, or False.
        :return: values of a wizard.
        """
        wanted = name or self.env.context.get("lengow_action_type")
        names = order._get_allowed_actions()
        if name and name not in names:
            names.append(name)
        key = uuid.uuid4().hex
        labels = self.env["lengow.action"]._get_names()
        rows = self.env["lengow.action.choice"].create(
            [
                {
                    "key": key,
                    "code": name,
                    "name": labels.get(name) or name.replace("_", " ").capitalize(),
                }
                for name in names
            ]
        )
        chosen = rows.filtered(lambda row: row.code == wanted) or rows[:1]
        job.action_type = chosen.code
        return {
            "lengow_order_id": order.id,
            "type_key": key,
            "type_id": chosen.id,
            **self._prepare_drawn_vals(job),
        }

    @api.model
    def _prepare_drawn_vals(self, job):
        """Prepare what depends on the kind of action.

        :param ActionJob job: what it begins with.
        :return: values of a wizard.
        """
        rule = job.rule
        scope = self._get_first_scope(rule, job)
        return {
            "scope": scope,
            "drawn_type": job.action_type,
            "drawn_scope": scope,
            "line_ids": self._prepare_line_commands(rule, job),
            "argument_ids": self._prepare_argument_commands(job, scope),
        }

    @api.model
    def _prepare_line_commands(self, rule, job):
        view = job.order._view()
        parts = None if job.lines is None else {p.line_id: p for p in job.lines}
        done = self._get_done(rule, job)
        commands = [Command.clear()]
        for sequence, line in enumerate(view.lines):
            is_open = (
                line.quantity > 0 and rule is not None and rule.is_allowed(view, line)
            )
            if not is_open and line.key not in (parts or ()):
                continue
            vals = {
                "sequence": sequence,
                "line_key": line.key,
                "title": line.title or line.product_id or line.key,
                "status": line.lengow_status or view.lengow_status,
                "ordered": float(line.quantity),
                "done": float(done.get(line.key, 0)),
                "is_chosen": is_open if parts is None else line.key in parts,
            }
            part = (parts or {}).get(line.key)
            commands.append(
                Command.create(
                    {**vals, **self._prepare_part_vals(rule, job, line, part, done)}
                )
            )
        return commands

    @api.model
    def _prepare_part_vals(self, rule, job, line, part, done):
        """Prepare how much of a line an action is about at first.

        :param Line line: the line.
        :param LinePart part: what is known of it, or None.
        :param dict done: line number -> pieces that it was done with before.
        :return: values of a row.
        """
        left = max(line.quantity - done.get(line.key, 0), 0)
        given = None if part is None else decimal(part.quantity)
        return {"quantity": float(left if given is None else given)}

    @api.model
    def _prepare_argument_commands(self, job, scope):
        rule = job.rule
        commands = [Command.clear()]
        for sequence, argument in enumerate(self._get_arguments(rule, scope)):
            value = job.values.get(argument.name)
            if not argument.is_given(value):
                value = self._propose(rule, job, argument)
            vals = self.env["lengow.action.wizard.argument"]._prepare_vals(
                argument, value
            )
            commands.append(Command.create({**vals, "sequence": sequence}))
        return commands

    @api.model
    def _propose(self, rule, job, argument):
        """:return: what a detail begins with, None for nothing.

        What is optional is sent only when somebody wants it.
        """
        return argument.default_value if argument.is_listed_as_required else None

    @api.model
    def _get_arguments(self, rule, scope):
        """:return: list of the :class:`Argument` that are filled in for all lines."""
        if rule is None:
            return []
        by_line = self._get_line_arguments(rule) if scope == "lines" else ()
        targets = (rule.line_argument, rule.quantity_argument)
        return [
            argument
            for argument in rule.arguments.values()
            if argument not in targets and argument.name not in by_line
        ]

    @api.model
    def _get_line_arguments(self, rule):
        """:return: names of the arguments that each line has its own value of."""
        return ()
