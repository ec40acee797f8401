from odoo import api, fields, models

NUMBER_SHOWN = 8  # signs of a number such as 29809185-6a98-4691-a15b-e8d16839b6e8


class LengowPlace(models.Model):
    """One of the warehouses that a marketplace keeps stock in."""

    _name = "lengow.place"
    _description = "Lengow: warehouse of a marketplace"
    _order = "channel_id, name, id"
    _check_company_auto = True

    channel_id = fields.Many2one(
        "lengow.channel", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="channel_id.company_id", store=True)
    code = fields.Char("Marketplace's Number", required=True)
    name = fields.Char()
    country_code = fields.Char("Country")
    location_id = fields.Many2one(
        "stock.location",
        check_company=True,
        domain=[("usage", "in", ("internal", "transit"))],
        help="When empty, it is the channel's location at the marketplace.",
    )

    _code_uniq = models.UniqueIndex(
        "(channel_id, code)", "A warehouse of a marketplace is listed once per channel."
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "country_code", "code")
    def _compute_display_name(self):
        for place in self:
            name = place.name or place.code
            if name and not place.name and len(name) > NUMBER_SHOWN:
                name = f"{name[:NUMBER_SHOWN]}…"
            country = f" ({place.country_code})" if place.country_code else ""
            place.display_name = f"{name}{country}"

    # === ACTION METHODS === #

    def action_create_location(self):
        """Create a location within the channel's, for the pieces of this warehouse."""
        self.check_access("write")
        for place in self.filtered(lambda place: not place.location_id):
            place.location_id = (
                self.env["stock.location"]
                .sudo()  # who configures channels need not configure stock
                .create(
                    {
                        "name": place.display_name,
                        "usage": "internal",
                        "company_id": place.company_id.id,
                        "location_id": place.channel_id.fulfilment_location_id.id,
                    }
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _find_or_create(self, channel, places):
        """Find warehouses by the marketplace's numbers; what is new of them is kept.

        :param lengow.channel channel: whose warehouses.
        :param list places: :class:`Place`.
        :return: dict of number to record.
        """
        wanted = {}
        for place in places:
            known = wanted.get(place.code)
            if known is None or (place.name and not known.name):
                wanted[place.code] = place
        found = {
            place.code: place
            for place in self.search(
                [("channel_id", "=", channel.id), ("code", "in", list(wanted))]
            )
        }
        for code, record in found.items():
            if wanted[code].name and not record.name:
                record.write(self._prepare_vals(wanted[code]))
        missing = [place for code, place in wanted.items() if code not in found]
        created = self.create(
            [{"channel_id": channel.id, **self._prepare_vals(p)} for p in missing]
        )
        return {**found, **{place.code: place for place in created}}

    @api.model
    def _prepare_vals(self, place):
        return {
            "code": place.code,
            "name": place.name or False,
            "country_code": place.country_code or False,
        }
