from markupsafe import Markup

from odoo import Command, api, models, tools

from ..lengow.languages import pick_language
from ..lengow.regions import StateIndex
from ..lengow.vat import read_vat_number


class LengowOrder(models.Model):
    """Making the customers of marketplace orders."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS: CUSTOMERS === #

    def _find_partners(self, jobs):
        """Give each job its customer, its invoice address and its delivery addresses.

        :param list jobs: the :class:`OrderJob` of a batch.
        """
        buying = []
        for job in jobs:
            if job.record.state == "imported":
                # A package that came later has the customer of the others.
                job.partner = job.record.sale_order_ids.partner_id[:1]
            elif job.record._has_shared_customer():
                job.partner = job.record._get_shared_customer()
            if not job.partner:
                buying.append(job)
        if buying:
            self._find_buyers(buying)
        self._find_addresses(jobs)

    @api.model
    def _get_partner_model(self):
        """:return: contacts, to be made without what only a person's saving needs."""
        return self.env["res.partner"].with_context(
            tracking_disable=True, no_vat_validation=True
        )

    def _has_shared_customer(self):
        """:return: True when one customer stands for all buyers of the channel."""
        return self.channel_id.customer_policy == "marketplace"

    def _get_shared_customer(self):
        """:return: the customer that stands for the marketplace, made when missing."""
        channel = self.channel_id
        if not channel.customer_id:
            country = channel.marketplace_id.country_id or self.company_id.country_id
            channel.customer_id = self._get_partner_model().create(
                {
                    "name": channel.marketplace_id.name,
                    "is_company": True,
                    "country_id": country.id,
                }
            )
        return self._get_partner_model().browse(channel.customer_id.id)

    @api.model
    def _find_buyers(self, jobs):
        """Give each job the contact of its buyer."""
        buyers = self._group_by_buyer(jobs)
        new = [buyer for buyer in buyers if not buyer.partner]
        created = self._get_partner_model().create(
            [buyer.jobs[0].record._prepare_buyer_vals(buyer.jobs[0]) for buyer in new]
        )
        for buyer, partner in zip(new, created, strict=True):
            buyer.partner = partner
        for buyer in buyers:
            partner = self._get_partner_model().browse(buyer.partner.id)
            for job in buyer.jobs:
                job.partner = partner
                if buyer not in new:
                    job.record._complete_buyer(job)
        self._remember_buyers(new)

    @api.model
    def _remember_buyers(self, buyers):
        """Know the buyers again by their number or e-mail address."""
        for buyer in buyers:
            if buyer.known:
                buyer.known.partner_id = buyer.partner
        self.env["lengow.buyer"]._remember(
            [
                {
                    "company_id": self.env.company.id,
                    "marketplace_id": buyer.marketplace.id,
                    "customer_number": buyer.number or None,
                    "email": buyer.email or None,
                    "name": buyer.name or None,
                    "partner_id": buyer.partner.id,
                }
                for buyer in buyers
                if not buyer.known and (buyer.number or buyer.email)
            ]
        )

    def _complete_buyer(self, job):
        """Add to a known contact what it lacks; nothing that it has is written over."""
        tags = self.channel_id.buyer_tag_ids
        if tags and tags - job.partner.category_id:
            job.partner.category_id |= tags
        if job.view.vat_number and not job.partner.vat:
            number, _doubtful = self._read_vat_numbers(job.view)
            if number:
                job.partner.vat = number

    # === BUSINESS METHODS: VALUES === #

    def _prepare_buyer_vals(self, job):
        """Prepare the contact that stands for the buyer.

        :param OrderJob job: the order.
        :return: values of a partner.
        """
        billing = job.view.invoice_address
        number, doubtful = self._read_vat_numbers(job.view)
        vals = {
            **self._prepare_partner_vals(billing),
            **self._prepare_note_vals(billing, doubtful),
            **self._prepare_tag_vals(),
            "vat": number or False,
        }
        if billing.company:
            vals.update(name=billing.company, is_company=True)
        return vals

    def _prepare_partner_vals(self, address):
        """Prepare a contact of an address.

        :param Address address: an address of the order.
        :return: values of a partner.
        """
        country = self._find_country(address)
        name = address.get_name(self.channel_id.name_source)
        names = (name, address.company, address.email, address.city)
        vals = {
            "name": next(filter(None, names), address.street),
            "street": address.street or False,
            "street2": address.street2 or False,
            "zip": address.zip or False,
            "city": address.city or False,
            "state_id": self._find_state_id(country, address),
            "country_id": country.id,
            "phone": address.phone or False,
            "email": address.email or False,
        }
        lang = self._find_lang(address)
        return {**vals, "lang": lang} if lang else vals

    def _prepare_note_vals(self, address, doubtful_vat_numbers=()):
        """:return: values of a note of what a contact has no field for."""
        notes = [
            self.env._("VAT number given by the marketplace: %s", number)
            for number in doubtful_vat_numbers
        ]
        if others := address.phones[1:]:
            notes.append(self.env._("Other phone: %s", ", ".join(others)))
        if not notes:
            return {}
        return {
            "comment": Markup("").join(Markup("<p>%s</p>") % note for note in notes)
        }

    def _prepare_tag_vals(self):
        """:return: values of the tags that the channel gives to buyers."""
        tags = self.channel_id.buyer_tag_ids
        return {"category_id": [Command.set(tags.ids)]} if tags else {}

    def _read_vat_numbers(self, view):
        """Tell the buyer's VAT number from what is none.

        :param Order view: the order.
        :return: the number, "" when there is no valid one; and list of the other texts.
        """
        number, doubtful = "", []
        country = self._find_country(view.invoice_address)
        for given in view.vat_numbers:
            read = read_vat_number(given, country.code or "")
            # Where base_vat is installed, what it refuses could not be saved by a person.
            read, _code = self.env["res.partner"]._run_vat_checks(
                country, read, validation="setnull"
            )
            if read and not number:
                number = read
            elif not read or read != number:
                doubtful.append(given)
        return number, doubtful

    # === BUSINESS METHODS: COUNTRIES === #

    @api.model
    def _find_country(self, address):
        """:return: the country of an address, empty when unknown."""
        country_id = self._country_ids_by_code().get(address.country_code)
        return self.env["res.country"].browse(country_id)

    @api.model
    @tools.ormcache(cache="stable")
    def _country_ids_by_code(self):
        return {
            country.code: country.id
            for country in self.env["res.country"].search_fetch([], ["code"])
        }

    @api.model
    def _find_state_id(self, country, address):
        """:return: id of the state that an address names or lies in, or False."""
        if not country:
            return False
        states = self._get_state_index(country.id, address.country_code)
        return states.find(address.region, address.zip) or False

    @api.model
    @tools.ormcache("country_id")
    def _get_state_index(self, country_id, country_code):
        states = self.env["res.country.state"].search_fetch(
            [("country_id", "=", country_id)], ["name", "code"]
        )
        return StateIndex(
            country_code, [(state.id, state.code, state.name) for state in states]
        )

    def _find_lang(self, address):
        """:return: code of the installed language to write to the address in, or ""."""
        installed = tuple(code for code, _name in self.env["res.lang"].get_installed())
        country = self.marketplace_id.country_id
        return pick_language(address.country_code, installed, country.code or "")
