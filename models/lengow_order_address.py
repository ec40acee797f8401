from dataclasses import dataclass
from functools import cached_property

from odoo import api, models
from odoo.fields import Domain

from ..lengow.contacts import ContactKey, find_contact
from ..lengow.texts import fold


@dataclass
class WantedAddress:
    """A contact to find below its parent, or to make.

    :param dict vals: values of a partner, with ``parent_id`` and ``type``.
    :param bool is_shared: True when the parent stands for the buyers of a marketplace.
    """

    vals: dict
    is_shared: bool

    @property
    def parent_id(self):
        """:return: id of the customer."""
        return self.vals["parent_id"]

    @cached_property
    def key(self):
        """:return: :class:`ContactKey`."""
        return ContactKey.of(self.vals, self.vals["country_id"], self.is_shared)


class LengowOrder(models.Model):
    """Finding the addresses of marketplace orders among those of their customers.

    What a contact says is never changed: another address is another contact.
    """

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    @api.model
    def _find_addresses(self, jobs):
        """Give each job its invoice address, and each package its delivery address.

        :param list jobs: the :class:`OrderJob` of a batch, whose customers are known.
        """
        wanted = []
        for job in jobs:
            order = job.record
            invoice = order._want_address(job, job.view.invoice_address, "invoice")
            wanted.append(invoice)
            for package in job.packages:
                view = package.view
                wanted.append(
                    order._want_recipient(job, view, invoice)
                    if view.is_at_relay_point
                    else order._want_address(job, view.delivery_address, "delivery")
                )
        found = iter(self._find_or_create_addresses(wanted))
        for job in jobs:
            job.invoice_partner = next(found)
            for package in job.packages:
                package.delivery_partner = next(found)
        self._find_pickups([package for job in jobs for package in job.packages])

    @api.model
    def _find_or_create_addresses(self, wanted):
        """Find contacts below their parents, and make the missing ones at once.

        :param list wanted: :class:`WantedAddress` for each.
        :return: list of the contacts, in the same sequence.
        """
        partners = self._get_partner_model()
        known = self._get_known_addresses(wanted)
        places, missing = [], {}
        for address in wanted:
            parent_id, key = address.parent_id, address.key
            siblings = known.setdefault(parent_id, {})
            contact = find_contact(key, siblings, address.is_shared)
            if contact is not None:
                siblings[key] = contact
            else:
                missing.setdefault((parent_id, key), address.vals)
            places.append((parent_id, key))
        created = partners.create(list(missing.values()))
        for (parent_id, key), contact in zip(missing, created, strict=True):
            known[parent_id][key] = contact
        return [partners.browse(known[parent_id][key].id) for parent_id, key in places]

    @api.model
    def _get_known_addresses(self, wanted):
        """Get the contacts that may be wanted.

        :return: dict of parent id to a dict of key to contact.
        """
        partners = self._get_partner_model()
        shared_ids = {address.parent_id for address in wanted if address.is_shared}
        own_ids = {address.parent_id for address in wanted} - shared_ids
        domain = Domain("parent_id", "in", list(own_ids))
        if shared_ids:
            # Who stands for a marketplace has as many addresses as it has buyers.
            names = list({address.vals["name"] for address in wanted})
            domain |= Domain("parent_id", "in", list(shared_ids)) & Domain(
                "name", "in", names
            )
        domain &= Domain("is_pickup_location", "=", False)
        known = {}
        children = partners.search(domain, order="id")
        for parent_id, contact in (
            *((parent.id, parent) for parent in partners.browse(own_ids)),
            *((child.parent_id.id, child) for child in children),
        ):
            key = ContactKey.of(contact, contact.country_id.id, parent_id in shared_ids)
            known.setdefault(parent_id, {}).setdefault(key, contact)
        return known

    # === BUSINESS METHODS: VALUES === #

    def _want_address(self, job, address, kind):
        """Prepare the contact of an address below the order's customer.

        :param OrderJob job: the order, whose ``partner`` is known.
        :param Address address: the address.
        :param str kind: ``type`` of the contact, should it be a new one.
        :return: :class:`WantedAddress`.
        """
        vals = {
            **self._prepare_partner_vals(address),
            "name": self._get_contact_name(job.partner, address),
            "parent_id": job.partner.id,
            "type": kind,
        }
        doubtful = ()
        if self._has_shared_customer():
            vals.update(self._prepare_tag_vals())
            doubtful = job.view.vat_numbers if kind == "invoice" else ()
        vals.update(self._prepare_note_vals(address, doubtful))
        return WantedAddress(vals, self._has_shared_customer())

    def _get_contact_name(self, partner, address):
        """Name the person, and the company where the customer's is another one."""
        name, company = address.get_name(self.channel_id.name_source), address.company
        if fold(company) == fold(partner.commercial_company_name or ""):
            company = company if not name else ""
        if not name and not company and not self._has_shared_customer():
            # A name that is erased or missing is the customer's own.
            return partner.name
        names = (", ".join(filter(None, (company, name))), address.email, address.city)
        return next(filter(None, names), address.street)
