from odoo import api, fields, models, tools

from ..lengow.marketplace import Marketplace
from ..lengow.parsing import as_dict, text


class LengowMarketplace(models.Model):
    """One marketplace as Lengow describes it, shared by all accounts."""

    _name = "lengow.marketplace"
    _description = "Marketplace"
    _order = "name, id"

    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    legacy_code = fields.Char(index="btree_not_null", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    homepage = fields.Char(readonly=True)
    spec = fields.Json(
        readonly=True, prefetch=False, help="The marketplace as Lengow describes it."
    )
    carrier_ids = fields.One2many(
        "lengow.marketplace.carrier", "marketplace_id", readonly=True
    )
    method_ids = fields.One2many(
        "lengow.marketplace.method",
        "marketplace_id",
        "Shipping Methods",
        readonly=True,
    )
    channel_ids = fields.One2many("lengow.channel", "marketplace_id")
    action_types = fields.Char("Actions", compute="_compute_action_types")

    _code_uniq = models.UniqueIndex("(code)", "A marketplace code is unique.")

    # === COMPUTE METHODS === #

    @api.depends("spec")
    def _compute_action_types(self):
        for marketplace in self:
            actions = as_dict(
                as_dict(as_dict(marketplace.spec).get("orders")).get("actions")
            )
            marketplace.action_types = ", ".join(sorted(actions))

    # === BUSINESS METHODS === #

    @api.model
    def _store(self, specs):
        """Create or update marketplaces.

        :param dict specs: the answer of ``GET /v3.0/marketplaces/``, by code.
        :return: the marketplaces named in it.
        """
        specs = {
            text(code): as_dict(spec) for code, spec in specs.items() if text(code)
        }
        self._rename(specs)
        known = {
            marketplace.code: marketplace
            for marketplace in self.search([("code", "in", list(specs))])
        }
        countries = {
            country.code: country.id for country in self.env["res.country"].search([])
        }
        missing = []
        for code, spec in specs.items():
            marketplace = known.get(code, self.browse())
            choice_vals = marketplace._prepare_choice_vals(spec)
            if marketplace and marketplace.spec == spec and not choice_vals:
                continue
            vals = {
                "code": code,
                "name": text(spec.get("name")) or code,
                "legacy_code": text(spec.get("legacy_code")) or False,
                "country_id": countries.get(text(spec.get("country_iso_a2")).upper()),
                "homepage": text(spec.get("homepage")) or False,
                "spec": spec,
                **choice_vals,
            }
            if marketplace:
                marketplace.write(vals)
            else:
                missing.append(vals)
        created = self.create(missing)
        return self.union(*known.values(), created)

    @tools.ormcache("self.id", "self.write_date")
    def _get_rules(self):
        """:return: the description as a :class:`Marketplace`, parsed once per worker."""
        return Marketplace(self.spec, self.code)

    @api.model
    def _rename(self, specs):
        """Give marketplaces whose code has changed the new one.

        Else their orders would come a second time, under the new code.
        """
        new_codes = {}
        for code, spec in specs.items():
            new_codes.setdefault(text(spec.get("legacy_code")), []).append(code)
        candidates = self.search(
            [("code", "in", list(new_codes.keys() - specs.keys()))]
        )
        for marketplace in candidates:
            codes = new_codes[marketplace.code]
            # One old code can have become several: then nobody knows which is which.
            if len(codes) == 1 and not self.search([("code", "=", codes[0])]):
                marketplace.code = codes[0]
                channels = marketplace.with_context(active_test=False).channel_ids
                channels.order_ids._set_marketplace_code(codes[0])

    def _prepare_choice_vals(self, spec):
        """Prepare what makes carriers and shipping methods those of a description.

        :param dict spec: the marketplace as Lengow describes it.
        :return: values of the marketplace, nothing where they are so already.
        """
        marketplace = self.with_context(active_test=False)
        vals = {
            name: marketplace[name]._prepare_commands(spec)
            for name in ("carrier_ids", "method_ids")
        }
        return {name: commands for name, commands in vals.items() if commands}

    @api.model
    def _find_by_codes(self, codes):
        """Find marketplaces by their code or by the code they had before.

        :param codes: codes as orders name them.
        :return: dict of code to marketplace, without the unknown ones.
        """
        codes = list(codes)
        marketplaces = self.search_fetch(
            ["|", ("code", "in", codes), ("legacy_code", "in", codes)],
            ["code", "legacy_code"],
            order="id desc",
        )
        found = {m.legacy_code: m for m in marketplaces if m.legacy_code in codes}
        found.update({m.code: m for m in marketplaces if m.code in codes})
        return found
