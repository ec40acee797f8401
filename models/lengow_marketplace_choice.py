from odoo import Command, api, fields, models

from ..lengow.marketplace import Marketplace
from ..lengow.parsing import text


class LengowMarketplaceChoice(models.AbstractModel):
    """One value of a list that a marketplace gives, such as one of its carriers.

    What vanishes from the list is archived, so that mappings can say so.
    """

    _name = "lengow.marketplace.choice"
    _description = "Value that a marketplace takes"
    _order = "name, id"
    _rec_names_search = ["name", "code"]

    #: The list of the marketplace, and the arguments of actions that take its values.
    _list_name = ""
    _argument_names = ()

    marketplace_id = fields.Many2one(
        "lengow.marketplace", required=True, ondelete="cascade", index=True
    )
    code = fields.Char(required=True)
    name = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(marketplace_id, code)", "A code is unique within the list of a marketplace."
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "code")
    def _compute_display_name(self):
        for choice in self:
            is_telling = choice.name == choice.code
            choice.display_name = (
                choice.name if is_telling else f"{choice.name} ({choice.code})"
            )

    # === BUSINESS METHODS === #

    def _prepare_commands(self, spec):
        """Prepare what makes a marketplace's records those of its description.

        :param dict spec: the marketplace as Lengow describes it.
        :return: list of commands, for what differs from the records that there are.
        """
        known = {choice.code: choice for choice in self}
        choices = self._read_choices(Marketplace(spec))
        commands = [
            Command.update(choice.id, {"active": False})
            for code, choice in known.items()
            if code not in choices and choice.active
        ]
        for code, choice in choices.items():
            vals = {"active": True, **self._prepare_choice_vals(choice)}
            if code not in known:
                commands.append(Command.create({"code": code, **vals}))
            elif any((known[code][name] or False) != vals[name] for name in vals):
                commands.append(Command.update(known[code].id, vals))
        return commands

    @api.model
    def _read_choices(self, rules):
        """:return: dict of code to :class:`Choice`, from the list and from actions."""
        choices = {}
        for rule in rules.actions.values():
            for name in self._argument_names:
                if name in rule.arguments:
                    choices.update(rule.arguments[name].valid_values)
        choices.update(getattr(rules, self._list_name))
        return {code: choice for code, choice in choices.items() if text(code)}

    @api.model
    def _prepare_choice_vals(self, choice):
        """:return: values of the record of a :class:`Choice`, but for its code."""
        return {"name": text(choice.label) or text(choice.code)}
