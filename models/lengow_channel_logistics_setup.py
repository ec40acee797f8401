import re

from odoo import fields, models
from odoo.exceptions import UserError


class LengowChannel(models.Model):
    """Creating the locations and the route of a stock at a marketplace."""

    _inherit = "lengow.channel"

    # === BUSINESS METHODS === #

    def _set_up_fulfilment(self):
        """Fill the empty locations and the empty route with new ones."""
        channel_sudo = self.sudo()  # who configures channels need not configure stock
        company = channel_sudo.company_id
        warehouse = self._get_own_warehouse()
        if not channel_sudo.fulfilment_warehouse_id:
            channel_sudo.fulfilment_warehouse_id = (
                self.env["stock.warehouse"]
                .sudo()
                .create(
                    {
                        "name": self._get_free_name("stock.warehouse"),
                        "code": self._get_free_code(company),
                        "company_id": company.id,
                    }
                )
            )
        name = self.marketplace_id.name
        vals = {
            "fulfilment_location_id": (
                channel_sudo.fulfilment_warehouse_id.lot_stock_id
            ),
            "transit_location_id": ("transit", self.env._("On the way to %s", name)),
            "return_location_id": ("transit", self.env._("Back from %s", name)),
            "defect_location_id": (
                "transit",
                self.env._("Back from %s, not as new", name),
            ),
            "liquidation_location_id": ("customer", self.env._("Sold off by %s", name)),
        }
        missing = {field: value for field, value in vals.items() if not self[field]}
        locations = self.env["stock.location"].sudo()
        for field, value in missing.items():
            if isinstance(value, tuple):
                usage, location_name = value
                value = locations.create(
                    {
                        "name": location_name,
                        "usage": usage,
                        "company_id": company.id,
                        "location_id": self._get_parent_location(usage).id,
                    }
                )
            channel_sudo[field] = value
        if not channel_sudo.fulfilment_route_id:
            channel_sudo.fulfilment_route_id = channel_sudo._create_route(warehouse)

    def _get_own_warehouse(self):
        """:return: the warehouse that the merchant sends from."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("id", "!=", self.fulfilment_warehouse_id.id),
        ]
        warehouse = self.warehouse_id or self.env["stock.warehouse"].search(
            domain, limit=1
        )
        if not warehouse:
            raise UserError(
                self.env._(
                    "The company %s has no warehouse. Create one first.",
                    self.company_id.name,
                )
            )
        return warehouse

    def _get_parent_location(self, usage):
        """Keep the new locations where Odoo's own of their kind are."""
        domain = [
            ("usage", "=", usage),
            ("company_id", "in", (False, self.company_id.id)),
        ]
        locations = self.env["stock.location"].with_context(active_test=False)
        return locations.search(domain, limit=1).location_id

    def _get_free_name(self, model):
        name, number = self.marketplace_id.name, 1
        domain = [("company_id", "=", self.company_id.id)]
        taken = self.env[model].sudo().with_context(active_test=False).search(domain)
        names = set(taken.mapped("name"))
        while name in names:
            number += 1
            name = f"{self.marketplace_id.name} ({number})"
        return name

    def _get_free_code(self, company):
        warehouses = self.env["stock.warehouse"].sudo().with_context(active_test=False)
        taken = set(warehouses.search([("company_id", "=", company.id)]).mapped("code"))
        letters = re.sub(r"[^A-Z]", "", self.marketplace_code.upper())[:3] or "MP"
        candidates = [letters, *(f"{letters}{number}" for number in range(2, 100))]
        return next(code for code in candidates if code not in taken)

    def _create_route(self, warehouse):
        """Create a route of one step: transfers leave for the marketplace.

        A rule asks for products at the marketplace, and its transfers end on the way
        there: where movements are listed only, nothing would ever bring them on.
        """
        name = self.marketplace_id.name
        types = self.env["stock.picking.type"].sudo()
        picking_type = types.create(
            {
                "name": self.env._("Shipments to %s", name),
                "code": "internal",
                "sequence_code": f"{self.fulfilment_warehouse_id.code}S",
                "warehouse_id": warehouse.id,
                "company_id": self.company_id.id,
                "default_location_src_id": warehouse.lot_stock_id.id,
                "default_location_dest_id": self.transit_location_id.id,
            }
        )
        route_name = self.env._("Supply %s", name)
        return (
            self.env["stock.route"]
            .sudo()
            .create(
                {
                    "name": route_name,
                    "company_id": self.company_id.id,
                    "product_selectable": True,
                    "product_categ_selectable": True,
                    "rule_ids": [
                        fields.Command.create(
                            {
                                "name": route_name,
                                "action": "pull",
                                "picking_type_id": picking_type.id,
                                "location_src_id": warehouse.lot_stock_id.id,
                                "location_dest_id": self.fulfilment_location_id.id,
                                "location_dest_from_rule": False,
                                "procure_method": "make_to_stock",
                                "company_id": self.company_id.id,
                                "warehouse_id": self.fulfilment_warehouse_id.id,
                            }
                        )
                    ],
                }
            )
        )
