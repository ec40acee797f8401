"""Orders whose buyers and addresses a test makes up."""

from .common import LengowCommon

SHIRT = "TS-WHT-S"
VAT = "FR23334175221"
# What an address says of a person and of a place.
BLANK = dict.fromkeys(
    (
        "civility",
        "first_name",
        "last_name",
        "full_name",
        "company",
        "first_line",
        "second_line",
        "complement",
        "full_address",
        "zipcode",
        "city",
        "state_region",
        "phone_home",
        "phone_office",
        "phone_mobile",
        "email",
        "vat_number",
    )
)
JEANNE = {
    **BLANK,
    "first_name": "Jeanne",
    "last_name": "Dupont",
    "first_line": "25 allée des Paix",
    "zipcode": "38000",
    "city": "Grenoble",
    "phone_mobile": "0612345678",
    "email": "jeanne@example.com",
    "common_country_iso_a2": "FR",
}


class LengowBuyersCommon(LengowCommon):
    """Orders of one shirt, delivered to where they are invoiced unless told otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.shirt = cls.create_product(SHIRT)

    def add(self, billing=None, delivery=None, relay=None, **overrides):
        """Add an order to the world.

        :param dict billing: what Jeanne's billing address says otherwise.
        :param dict delivery: what the delivery address says otherwise than the billing one.
        :param dict relay: the relay point of its tracking.
        :param overrides: keys of the payload, as in ``World.add_order``.
        :return: the payload.
        """
        payload = self.world.add_order(lines=[(SHIRT, 1)], shipping=0, **overrides)
        payload["billing_address"].update({**JEANNE, **(billing or {})})
        delivered = payload["packages"][0]["delivery"]
        delivered.update({**JEANNE, **(billing or {}), **(delivery or {})})
        if relay:
            delivered["trackings"][0]["relay"] = relay
        return payload

    def import_sales(self, *payloads):
        """Import orders together.

        :return: their sale orders, in the order of the payloads.
        """
        orders = self.import_stored(*payloads)
        for order in orders:
            self.assertEqual(order.state, "imported", order.error_message)
        sales = self.env["sale.order"]
        return sales.union(*(self.find(payload).sale_order_ids for payload in payloads))

    def import_sale(self, billing=None, delivery=None, relay=None, **overrides):
        """:return: the sale order of one order, made as in ``add``."""
        return self.import_sales(self.add(billing, delivery, relay, **overrides))

    def count_partners(self):
        """:return: how many contacts there are, archived ones too."""
        partners = self.env["res.partner"].with_context(active_test=False)
        return partners.search_count([])
