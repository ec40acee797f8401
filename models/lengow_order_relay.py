from odoo import api, models

from ..lengow.names import is_same_person
from .lengow_order_address import WantedAddress

PLACE_FIELDS = ("street", "street2", "zip", "city", "state_id")
# What Odoo finds a pickup location by when an order is confirmed.
PICKUP_FIELDS = ("parent_id", "street", "city", "state_id", "country_id")


class LengowOrder(models.Model):
    """Relay points, which are Odoo's pickup locations.

    Odoo keeps a pickup location as an address below the person who fetches the parcel, and
    makes it the delivery address when the order is confirmed. We make it beforehand, for
    its country decides the taxes; Odoo finds it then, and uses it again for later orders.
    """

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _want_recipient(self, job, package, invoice):
        """Prepare the contact of the person who fetches a package at a relay point.

        :param OrderJob job: the order.
        :param Package package: the package.
        :param WantedAddress invoice: the invoice address, used where it is the same person.
        :return: :class:`WantedAddress`, without a place: the buyer does not live there.
        """
        source = self.channel_id.name_source
        address = package.delivery_address
        name = address.get_name(source)
        payer = job.view.invoice_address.get_name(source)
        if not name or (payer and is_same_person(name, payer)):
            return invoice
        wanted = self._want_address(job, address, "other")
        return WantedAddress(
            {**wanted.vals, **dict.fromkeys(PLACE_FIELDS, False)}, wanted.is_shared
        )

    @api.model
    def _find_pickups(self, packages):
        """Give packages for relay points their pickup location below the recipient.

        :param list packages: :class:`PackageJob`, whose delivery address is the recipient.
        """
        packages = [package for package in packages if package.view.is_at_relay_point]
        if not packages:
            return
        partners = self._get_partner_model()
        recipients = partners.union(*(package.delivery_partner for package in packages))
        pickups = partners.search(
            [
                ("parent_id", "in", recipients.ids),
                ("type", "=", "delivery"),
                ("is_pickup_location", "=", True),
            ],
            order="id desc",
        )
        known = {
            (
                pickup.parent_id.id,
                pickup.street,
                pickup.city,
                pickup.state_id.id,
                pickup.country_id.id,
            ): pickup
            for pickup in pickups
        }
        wanted = {}
        for package in packages:
            vals = package.order.record._prepare_pickup_vals(package)
            key = tuple(vals[name] for name in PICKUP_FIELDS)
            wanted.setdefault(key, (vals, []))[1].append(package)
        missing = [key for key in wanted if key not in known]
        created = partners.create([wanted[key][0] for key in missing])
        known.update(zip(missing, created, strict=True))
        for key, (vals, owners) in wanted.items():
            # The shop at the address may be another one by now, and the phone is where
            # it tells the buyer that the parcel is there.
            newer = {
                name: vals[name]
                for name in ("name", "phone")
                if vals[name] and known[key][name] != vals[name]
            }
            if newer:
                known[key].write(newer)
            for package in owners:
                package.delivery_partner = known[key]

    def _prepare_pickup_vals(self, package):
        """Prepare the pickup location of a package.

        :param PackageJob package: the package, whose delivery address is the recipient.
        :return: values of a partner.
        """
        recipient = package.delivery_partner
        address = package.view.delivery_address
        vals = self._prepare_partner_vals(address)
        return {
            **vals,
            "name": self._get_relay_point_name(package.view),
            "phone": vals["phone"] or recipient.phone,
            "email": vals["email"] or recipient.email,
            "parent_id": recipient.id,
            "type": "delivery",
            "is_pickup_location": True,
        }

    @api.model
    def _get_relay_point_name(self, package):
        """:return: what a relay point is called, by its number where it has no name."""
        relay = package.relay_point
        company = package.delivery.company if package.is_at_relay_point else ""
        return relay.name or company or self.env._("Relay point %s", relay.id)

    def _prepare_relay_vals(self, package):
        """Prepare what a sale order says of the relay point of its package.

        :param PackageJob package: the package, whose delivery address is known.
        :return: values of a sale order, empty ones where there is no relay point.
        """
        relay, pickup = package.view.relay_point, package.delivery_partner
        vals = {
            "lengow_relay_point_id": relay and relay.id,
            "lengow_relay_point_name": relay
            and self._get_relay_point_name(package.view),
            "lengow_relay_point_type": relay and relay.type,
            "pickup_location_data": False,
        }
        if relay and pickup.is_pickup_location:
            # Odoo looks for the pickup location below the address that the order has.
            vals["partner_shipping_id"] = pickup.parent_id.id
            vals["pickup_location_data"] = {
                "id": relay.id,
                "name": pickup.name,
                "street": pickup.street,
                "city": pickup.city,
                "zip_code": pickup.zip,
                "state": pickup.state_id.code,
                "country_code": pickup.country_id.code,
            }
        return vals
