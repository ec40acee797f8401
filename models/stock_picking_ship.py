import json
import re

from odoo import fields, models

from ..lengow.action import Parcel

# What a delivery tells of its parcels.
TOLD_FIELDS = {"carrier_id", "carrier_tracking_ref", "lengow_return_tracking_ref"}


class StockPicking(models.Model):
    """Deliveries confirm themselves at the marketplace."""

    _inherit = "stock.picking"

    lengow_delivered_by = fields.Selection(related="sale_id.lengow_delivered_by")
    lengow_return_tracking_ref = fields.Char(
        "Return Tracking Reference",
        copy=False,
        help="Number of the label that lies in the parcel to send it back with, for "
        "marketplaces that ask for it.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        """Tell marketplaces of a tracking number that is added or corrected later."""
        res = super().write(vals)
        if TOLD_FIELDS & vals.keys() and not self.env.context.get("lengow_reporting"):
            # Warehouse people may read neither sale orders nor marketplace orders.
            lines_sudo = self.sudo()._lengow_get_left_lines()
            if lines_sudo:
                lines_sudo.order_id._report_corrections(self.sudo())
        return res

    # === BUSINESS METHODS === #

    def _action_done(self):
        """Write what marketplaces are to be told, in the transaction of the delivery."""
        # Warehouse people may read neither sale orders nor marketplace orders.
        lines_sudo = self.sudo().move_ids._lengow_get_lines()
        if not lines_sudo:
            return super()._action_done()
        orders_sudo = lines_sudo.order_id
        orders_sudo._begin_acting()
        pickings = self.with_context(lengow_reporting=True)
        res = super(StockPicking, pickings)._action_done()
        orders_sudo._report_deliveries(lines_sudo)
        return res

    def _lengow_get_left_lines(self):
        """:return: marketplace lines of which something has left with the deliveries."""
        done = self.filtered(lambda picking: picking.state == "done")
        return done.move_ids._lengow_get_lines()

    def _lengow_get_carrier(self):
        """:return: who delivers, as the delivery or else its sale order says."""
        return self.carrier_id or self.sale_id.carrier_id

    def _lengow_sorted(self):
        """:return: the deliveries, the oldest first."""
        return self.sorted(lambda picking: picking._lengow_leaving_key())

    def _lengow_leaving_key(self):
        return (self.date_done or fields.Datetime.now(), self.id)

    def _lengow_make_parcel(self):
        """:return: :class:`Parcel` that a marketplace is told of."""
        self.ensure_one()
        return Parcel(
            tracking_number=self.carrier_tracking_ref or "",
            tracking_url=self._lengow_get_tracking_url(),
            return_tracking_number=self._lengow_get_return_tracking(),
            weight=str(self.shipping_weight) if self.shipping_weight else None,
        )

    def _lengow_get_tracking_url(self):
        """:return: where the buyer can follow the first parcel, or ""."""
        url, numbers = self.carrier_tracking_url or "", self.carrier_tracking_ref or ""
        if not url.startswith("["):
            first = numbers.split(",")[0].strip()
            return url.replace(numbers, first) if numbers else url
        try:
            # Carriers give a list of name and address for several parcels.
            url = json.loads(url)[0][1]
        except (ValueError, LookupError, TypeError):
            return ""
        return url if isinstance(url, str) else ""

    def _lengow_get_return_tracking(self):
        """:return: number of the label to send the parcel back with, or ""."""
        if self.lengow_return_tracking_ref:
            return self.lengow_return_tracking_ref
        returned = self.return_ids.filtered("carrier_tracking_ref")
        if returned:
            return ",".join(returned.mapped("carrier_tracking_ref"))
        if not self.carrier_id.can_generate_return:
            return ""
        prefix = re.escape(self.carrier_id.get_return_label_prefix())
        # Carriers call a label's file prefix-number-1.pdf.
        names = [
            re.fullmatch(rf"{prefix}-(.+?)(?:-\d+)?\.\w+", name or "")
            for name in self.return_label_ids.mapped("name")
        ]
        return ",".join(dict.fromkeys(match[1] for match in names if match))
