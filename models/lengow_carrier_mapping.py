from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import CARRIER_LIKENESS
from ..lengow.parsing import text
from .likeness import compare_carriers

# Field -> the argument of marketplaces that it is sent as.
CODES = {
    "carrier_code": "carrier",
    "shipping_method_code": "shipping_method",
    "return_carrier_code": "return_carrier",
}
# Field that chooses from a list -> the field that holds the code.
CHOICES = {
    "carrier_choice_id": "carrier_code",
    "method_choice_id": "shipping_method_code",
    "return_choice_id": "return_carrier_code",
}


class LengowCarrierMapping(models.Model):
    """What a marketplace calls a carrier of ours.

    One without anything that could be told waits for a person: it is not used.
    """

    _name = "lengow.carrier.mapping"
    _description = "Carrier mapping"
    _order = "channel_id, is_mapped, sequence, id"
    _check_company_auto = True

    channel_id = fields.Many2one(
        "lengow.channel", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="channel_id.company_id", store=True)
    marketplace_id = fields.Many2one(related="channel_id.marketplace_id")
    sequence = fields.Integer(
        default=10,
        help="Where a marketplace's method fits several carriers of yours, imported orders "
        "get the first one.",
    )
    delivery_carrier_id = fields.Many2one(
        "delivery.carrier",
        "Carrier",
        required=True,
        ondelete="cascade",
        check_company=True,
        index=True,
    )
    country_id = fields.Many2one(
        "res.country", help="Only for deliveries to this country; empty for all others."
    )
    carrier_code = fields.Char(
        "Marketplace Carrier Code", help="As it is sent to the marketplace."
    )
    shipping_method_code = fields.Char(
        "Marketplace Method Code",
        help="As it is sent to the marketplace. Leave it empty unless the marketplace "
        "wants it.",
    )
    return_carrier_code = fields.Char(
        "Marketplace Return Carrier Code",
        help="Who takes parcels back, for marketplaces that ask for it.",
    )
    carrier_name = fields.Char(
        help="For marketplaces that ask for a name beside a code that means “other”. When "
        "empty, it is the name that the carrier has in Odoo.",
    )
    is_untold = fields.Boolean(
        "Not Told",
        help="The marketplace is not told who delivers. For those that need not know.",
    )
    is_mapped = fields.Boolean(compute="_compute_is_mapped", store=True)
    carrier_choice_id = fields.Many2one(
        "lengow.marketplace.carrier",
        "Marketplace Carrier",
        compute="_compute_choices",
        readonly=False,
        domain="[('marketplace_id', '=', marketplace_id)]",
    )
    method_choice_id = fields.Many2one(
        "lengow.marketplace.method",
        "Marketplace Method",
        compute="_compute_choices",
        readonly=False,
        domain="[('marketplace_id', '=', marketplace_id)]",
    )
    return_choice_id = fields.Many2one(
        "lengow.marketplace.carrier",
        "Return Carrier",
        compute="_compute_choices",
        readonly=False,
        domain="[('marketplace_id', '=', marketplace_id)]",
    )
    suggested_carrier_id = fields.Many2one(
        "lengow.marketplace.carrier",
        "Suggestion",
        compute="_compute_suggested_carrier_id",
        help="The marketplace's carrier whose name is most alike. It is used only once you "
        "choose it.",
    )
    problem = fields.Char(compute="_compute_problem")

    _carrier_uniq = models.UniqueIndex(
        "(channel_id, delivery_carrier_id, COALESCE(country_id, 0))",
        "This carrier is mapped already on this channel, for this country.",
    )

    # === COMPUTE METHODS === #

    @api.depends("channel_id", "delivery_carrier_id", "country_id")
    def _compute_display_name(self):
        for mapping in self:
            names = [
                mapping.delivery_carrier_id.name,
                mapping.country_id.name,
                mapping.channel_id.display_name,
            ]
            mapping.display_name = ", ".join(filter(None, names))

    @api.depends("is_untold", "carrier_name", *CODES)
    def _compute_is_mapped(self):
        for mapping in self:
            mapping.is_mapped = (
                mapping.is_untold
                or bool(mapping.carrier_name)
                or any(mapping[name] for name in CODES)
            )

    @api.depends("channel_id.marketplace_id", *CODES)
    def _compute_choices(self):
        for mapping in self:
            marketplace = mapping.marketplace_id.with_context(active_test=False)
            for name, code_name in CHOICES.items():
                choices = marketplace[
                    "method_ids" if name == "method_choice_id" else "carrier_ids"
                ]
                code = mapping[code_name]
                mapping[name] = choices.filtered(lambda c, code=code: c.code == code)[
                    :1
                ]

    @api.depends(
        "delivery_carrier_id.name", "channel_id.marketplace_id", "carrier_code"
    )
    def _compute_suggested_carrier_id(self):
        for mapping in self:
            suggestion = self.env["lengow.marketplace.carrier"]
            if not mapping.carrier_code and not mapping.is_untold:
                suggestion = mapping._suggest_carrier()
            mapping.suggested_carrier_id = suggestion

    @api.depends("channel_id.marketplace_id.spec", *CODES)
    def _compute_problem(self):
        for mapping in self:
            mapping.problem = mapping._find_problem()

    # === CONSTRAINTS === #

    @api.constrains("channel_id", *CODES)
    def _check_codes(self):
        for mapping in self:
            if problem := mapping._find_problem():
                raise ValidationError(problem)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Send the actions that waited for the mappings."""
        mappings = super().create(list(map(self._clean_vals, vals_list)))
        mappings.filtered("is_mapped")._take_up_actions()
        return mappings

    def write(self, vals):
        """Send the actions that waited for the mappings."""
        vals = self._clean_vals(vals)
        res = super().write(vals)
        if vals.keys() - {"sequence"}:
            self.filtered("is_mapped")._take_up_actions()
        return res

    # === ACTION METHODS === #

    def action_take_suggestion(self):
        """Map to what is suggested, because a person says so.

        :return: True, so that the view is read again.
        """
        for mapping in self:
            if mapping.suggested_carrier_id:
                mapping.carrier_code = mapping.suggested_carrier_id.code
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _find(self, channel, carrier, country):
        """Find what a carrier is on a channel.

        :param lengow.channel channel: the channel.
        :param delivery.carrier carrier: the carrier.
        :param res.country country: where it delivers to.
        :return: the mapping for the country, else the one for all; or nothing.
        """
        found = channel.carrier_mapping_ids.filtered(
            lambda mapping: (
                mapping.is_mapped
                and mapping.delivery_carrier_id == carrier
                and mapping.country_id in (country, self.env["res.country"])
            )
        )
        return found.sorted(lambda mapping: not mapping.country_id)[:1]

    @api.model
    def _clean_vals(self, vals):
        """Keep the code of what is chosen; a choice comes before a code."""
        vals = dict(vals)
        for name, code_name in CHOICES.items():
            if name in vals:
                choice = self.env[self._fields[name].comodel_name].browse(
                    vals.pop(name)
                )
                if choice or code_name not in vals:
                    vals[code_name] = choice.code
        for code_name in CODES:
            if vals.get(code_name) not in (None, False):
                vals[code_name] = text(vals[code_name]) or False
        return vals

    def _suggest_carrier(self):
        """:return: the marketplace's carrier that is most alike; none where it is unclear."""
        name = self.delivery_carrier_id.name or ""
        choices = self.marketplace_id.carrier_ids
        likeness = {choice: compare_carriers(name, choice.name) for choice in choices}
        best = max(likeness.values(), default=0)
        alike = [choice for choice in choices if likeness[choice] == best]
        if best < CARRIER_LIKENESS or len(alike) > 1:
            return choices.browse()
        return alike[0]

    def _find_problem(self):
        """Tell whether the marketplace takes the codes.

        :return: a sentence, or False.
        """
        rule = self.marketplace_id._get_rules().get_action("ship")
        for name, argument_name in CODES.items():
            argument = rule and rule.arguments.get(argument_name)
            if not argument or not argument.is_given(self[name]):
                continue
            _value, problem = argument.prepare(self[name])
            if problem:
                return self.env._(
                    "%(carrier)s on %(channel)s: %(problem)s",
                    carrier=self.delivery_carrier_id.name,
                    channel=self.channel_id.display_name,
                    problem=self.env["lengow.action"]._describe([problem]),
                )
        return False

    def _take_up_actions(self):
        """Make the shipping notices anew that wait for the mappings, and send them."""
        # Whoever maps carriers need not have rights on the outbox.
        self.env["lengow.action"].sudo()._take_up(
            self.channel_id, self.delivery_carrier_id
        )
