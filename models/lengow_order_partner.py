from odoo import api, models, tools

ADDRESS_FIELDS = (
    "name",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "phone",
)


class LengowOrder(models.Model):
    """Finding or making the buyers of marketplace orders and their addresses."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _find_partners(self, jobs):
        """Give each job its buyer, its invoice address and its delivery addresses.

        A buyer is known again only by the marketplace's own number of the customer.

        :param list jobs: the :class:`OrderJob` of a batch.
        """
        partners = self.env["res.partner"].with_context(
            tracking_disable=True, no_vat_validation=True
        )
        keys = {job: job.record._get_customer_key(job) for job in jobs}
        by_key = partners.search(
            [
                *partners._check_company_domain(self.env.company),
                ("lengow_customer_key", "in", list(filter(None, keys.values()))),
            ],
            order="id desc",
        ).grouped("lengow_customer_key")
        new = {}
        for job in jobs:
            key = keys[job]
            if key in by_key:
                job.partner = by_key[key][-1:]
            else:
                new.setdefault(key or job, []).append(job)
        vals_list = [
            {
                **owners[0].record._prepare_buyer_vals(owners[0]),
                "lengow_customer_key": keys[owners[0]],
            }
            for owners in new.values()
        ]
        created = partners.create(vals_list)
        for owners, partner in zip(new.values(), created, strict=True):
            for job in owners:
                job.partner = partner
        self._find_addresses(jobs, created)

    def _get_customer_key(self, job):
        """:return: what the buyer is known by, or False."""
        customer = job.view.customer_id
        return f"{self.marketplace_code}/{customer}" if customer else False

    def _find_addresses(self, jobs, new_partners):
        """Use the addresses that partners have, and create the missing ones at once."""
        known = {}
        for job in jobs:
            partner = job.partner
            children = (
                partner.child_ids if partner not in new_partners else partner.browse()
            )
            for address in partner | children:
                values = [address[name] for name in ADDRESS_FIELDS]
                identity = tuple(
                    value.id if isinstance(value, models.BaseModel) else value or False
                    for value in values
                )
                known.setdefault((partner, identity), address)
        missing = {}

        def find(job, address, kind):
            vals = self._prepare_partner_vals(address)
            key = (
                job.partner,
                tuple(vals.get(name) or False for name in ADDRESS_FIELDS),
            )
            if key not in known:
                missing.setdefault(
                    key, {**vals, "parent_id": job.partner.id, "type": kind}
                )
            return key

        wanted = [
            (
                job,
                find(job, self._get_billing(job.view), "invoice"),
                [
                    (package, find(job, package.view.delivery, "delivery"))
                    for package in job.packages
                ],
            )
            for job in jobs
        ]
        created = new_partners.create(list(missing.values()))
        known.update(zip(missing, created, strict=True))
        for job, invoice_key, packages in wanted:
            job.invoice_partner = known[invoice_key]
            for package, key in packages:
                package.delivery_partner = known[key]

    @api.model
    def _get_billing(self, view):
        """:return: the billing address, or the delivery's where there is none."""
        return view.packages[0].delivery if view.billing.is_empty else view.billing

    def _prepare_buyer_vals(self, job):
        """Prepare the contact that stands for the buyer.

        :param OrderJob job: the order.
        :return: values of a partner.
        """
        billing = self._get_billing(job.view)
        vals = self._prepare_partner_vals(billing)
        vals["vat"] = job.view.vat_number or False
        if billing.company:
            vals.update(name=billing.company, is_company=True)
        return vals

    @api.model
    def _prepare_partner_vals(self, address):
        """Prepare a contact of an address.

        :param Address address: an address of the order.
        :return: values of a partner.
        """
        country = self._find_country(address)
        names = (address.name, address.company, address.email, address.city)
        return {
            "name": next(filter(None, names), address.street),
            "street": address.street or False,
            "street2": address.street2 or False,
            "zip": address.zip or False,
            "city": address.city or False,
            "state_id": self._find_state_id(country.id, address.region),
            "country_id": country.id,
            "phone": address.phone or False,
            "email": address.email or False,
        }

    @api.model
    def _find_country(self, address):
        """:return: the country of an address, empty when unknown."""
        country_id = self._country_ids_by_code().get(address.country_code)
        return self.env["res.country"].browse(country_id)

    @api.model
    @tools.ormcache()
    def _country_ids_by_code(self):
        return {
            country.code: country.id
            for country in self.env["res.country"].search_fetch([], ["code"])
        }

    @api.model
    def _find_state_id(self, country_id, region):
        """:return: id of the state that a region names by code or name, or False."""
        return self._state_ids_by_region(country_id).get(region.casefold(), False)

    @api.model
    @tools.ormcache("country_id")
    def _state_ids_by_region(self, country_id):
        states = self.env["res.country.state"].search_fetch(
            [("country_id", "=", country_id)], ["name", "code"]
        )
        return {
            region.casefold(): state.id
            for state in states
            for region in (state.name, state.code)
        }
