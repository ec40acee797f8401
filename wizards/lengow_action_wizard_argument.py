import json
import uuid

from odoo import api, fields, models

from ..lengow.arguments import is_empty
from ..lengow.choices import find_choice
from ..lengow.conditions import describe
from ..lengow.parsing import iso, text, timestamp


class LengowActionWizardArgument(models.TransientModel):
    """One argument of an action, as a person fills it in."""

    _name = "lengow.action.wizard.argument"
    _description = "Argument of a marketplace action"
    _order = "sequence, id"
    _rec_name = "label"

    wizard_id = fields.Many2one(
        "lengow.action.wizard", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    name = fields.Char(required=True)
    label = fields.Char("Detail")
    hint = fields.Char()
    kind = fields.Char()
    is_free = fields.Boolean(help="Takes what is in no list, too.")
    choice_key = fields.Char()
    choice_id = fields.Many2one(
        "lengow.action.choice",
        "From the List",
        ondelete="set null",
        domain="[('key', '=', choice_key)]",
    )
    text_value = fields.Char("Value")
    date_value = fields.Datetime("Date")
    status = fields.Selection(
        [
            ("required", "Required"),
            ("optional", "Optional"),
            ("unclear", "May be asked for"),
            ("off", "Not asked for"),
        ],
        "Needed",
        compute="_compute_status",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "wizard_id.type_id",
        "wizard_id.scope",
        "wizard_id.argument_ids.choice_id",
        "wizard_id.argument_ids.text_value",
        "wizard_id.argument_ids.date_value",
        "wizard_id.line_ids.is_chosen",
        "wizard_id.line_ids.refund_price",
    )
    def _compute_status(self):
        for wizard, rows in self.grouped("wizard_id").items():
            states = wizard._get_argument_states()
            for row in rows:
                row.status = _name_state(states.get(row.name))

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_vals(self, argument, value):
        """Prepare the row of an argument.

        :param Argument argument: the argument.
        :param value: what it is filled in with, None for nothing.
        :return: values of a row.
        """
        choices = argument.valid_values
        # What is given may stand in no list any more: it is shown, so that it is mended.
        vals = {
            "name": argument.name,
            "label": argument.label,
            "hint": self._describe(argument),
            "kind": argument.kind,
            "is_free": argument.accepts_free_values or not choices,
            "text_value": False,
            "date_value": False,
            "choice_id": False,
            "choice_key": False,
        }
        entries = [(choice.code, choice.label) for choice in choices.values()]
        if argument.kind == "boolean" and not entries:
            entries = [("true", self.env._("Yes")), ("false", self.env._("No"))]
            vals["is_free"] = False
        rows = self.env["lengow.action.choice"]
        if entries:
            vals["choice_key"] = uuid.uuid4().hex
            rows = rows.create(
                [
                    {"key": vals["choice_key"], "code": code, "name": label}
                    for code, label in entries
                ]
            )
        if not is_empty(value):
            vals.update(self._prepare_value_vals(argument, value, rows))
        return vals

    @api.model
    def _prepare_value_vals(self, argument, value, rows):
        choice = find_choice(argument.valid_values, value)
        wanted = text(value) if choice is None else choice.code
        row = rows.filtered(lambda row: row.code == wanted)[:1]
        if row:
            return {"choice_id": row.id}
        if argument.kind == "date" and not rows and timestamp(value) is not None:
            return {"date_value": timestamp(value).replace(microsecond=0)}
        if isinstance(value, dict | list):
            return {"text_value": json.dumps(value)}
        return {"text_value": text(value)}

    @api.model
    def _describe(self, argument):
        """:return: what the marketplace says about an argument, False for nothing."""
        sentences = [argument.description]
        if argument.is_conditional:
            sentences.append(
                self.env._("Asked for when %s.", describe(argument.depends_on))
            )
        if argument.default_value is not None and not argument.is_listed_as_required:
            sentences.append(self.env._("Usual value: %s", argument.default_value))
        return " ".join(filter(None, sentences)) or False

    def _get_value(self):
        """:return: what is filled in, None for nothing."""
        self.ensure_one()
        if self.choice_id:
            return self.choice_id.code or ""
        if self.date_value:
            return iso(self.date_value)
        value = (self.text_value or "").strip()
        if self.kind == "other" and value[:1] in ("[", "{"):
            try:
                return json.loads(value)
            except ValueError:
                return value
        return value or None


def _name_state(state):
    if state is None or state.is_required:
        return "required" if state else "optional"
    if state.applies is None:
        return "unclear"
    return "optional" if state.applies else "off"
