from odoo import models

from ..lengow import shipping_notices as steps

# What the marketplace takes beside the items, by our field.
PARAMETERS = {
    "carrier_name": "carrier_name",
    "requested_location": "requested_zalando_location_id",
    "pallets_count": "pallets_count",
    "colli_count": "colli_count",
    "hanging_goods_count": "hanging_goods_count",
    "earliest_delivery_date": "earliest_delivery_date",
    "name": "merchant_b2b_reference",
    "comments": "comments",
    "contact_email": "contact_email",
}


class LengowShippingNotice(models.Model):
    """What of a notice is sent: its parameters and the quantities of its items."""

    _inherit = "lengow.shipping.notice"

    # === ACTION METHODS === #

    def action_fill_dispatched(self):
        """Dispatch what the transfer brings, or what was announced."""
        for notice in self:
            notice._fill_dispatched()

    # === BUSINESS METHODS === #

    def _fill_dispatched(self):
        """Take the quantities to dispatch from the transfer once it is done."""
        quantities = {}
        if self.picking_id.state == "done":
            quantities = self._get_picked_quantities()
        for product, lines in self.line_ids.grouped("product_id").items():
            if self.picking_id.state == "done":
                lines._share_pieces(quantities.pop(product, 0))
                continue
            for line in lines:
                line.dispatched_quantity = line.announced_quantity
        self.env["lengow.shipping.notice.line"].create(
            [
                {
                    "notice_id": self.id,
                    "product_id": product.id,
                    "ean": product.barcode,
                    "dispatched_quantity": quantity,
                }
                for product, quantity in quantities.items()
                if product.barcode and quantity
            ]
        )

    def _get_picked_quantities(self):
        """:return: dict of product to whole pieces that the transfer has brought."""
        quantities = {}
        for move in self.picking_id.move_ids.filtered(lambda m: m.state == "done"):
            quantity = move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id
            )
            quantities[move.product_id] = quantities.get(move.product_id, 0) + quantity
        return {product: int(quantity) for product, quantity in quantities.items()}

    def _prepare_parameters(self):
        """:return: the values of creation and update, as Lengow calls them."""
        values = {}
        for field, parameter in PARAMETERS.items():
            value = self[field]
            is_number = self._fields[field].type == "integer"
            values[parameter] = value if value or is_number else None
        return values

    def _prepare_items(self, quantity_field):
        """:return: list of (EAN, quantity) to send."""
        return [
            (line.ean, line[quantity_field])
            for line in self.line_ids
            if line[quantity_field] > 0
        ]

    def _get_quantity_field(self, step):
        """:return: which quantities a step sends, or None."""
        if step in (steps.ANNOUNCE, steps.UPDATE_ANNOUNCED):
            return "announced_quantity"
        if step in (steps.DISPATCH, steps.UPDATE_DISPATCH):
            return "dispatched_quantity"
        return None
