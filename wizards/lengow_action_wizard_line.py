from odoo import fields, models

from ..lengow.action import LinePart
from ..lengow.parsing import decimal, text


class LengowActionWizardLine(models.TransientModel):
    """One line of the order, as far as an action is about it."""

    _name = "lengow.action.wizard.line"
    _description = "Line of a marketplace action"
    _order = "sequence, id"
    _rec_name = "title"

    wizard_id = fields.Many2one(
        "lengow.action.wizard", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    line_key = fields.Char("Line Number", required=True)
    title = fields.Char("Line")
    status = fields.Char()
    ordered = fields.Float(digits="Product Unit")
    done = fields.Float(
        "Done Before",
        digits="Product Unit",
        help="With this action, or about to be.",
    )
    is_chosen = fields.Boolean("Choose")
    quantity = fields.Float(digits="Product Unit")

    # === BUSINESS METHODS === #

    def _make_part(self, rule):
        """:return: the :class:`LinePart` that an action is to be about."""
        self.ensure_one()
        return LinePart(self.line_key, self._get_quantity(), self._get_values(rule))

    def _get_quantity(self):
        """:return: pieces as text, None where it is not about pieces."""
        return text(decimal(self.quantity))

    def _get_values(self, rule):
        """:return: dict of argument to value, of this line alone."""
        return {}
