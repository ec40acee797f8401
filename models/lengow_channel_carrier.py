from odoo import fields, models

from ..const import CARRIER_DAYS


class LengowChannel(models.Model):
    """Which carriers a channel has to call by the marketplace's names."""

    _inherit = "lengow.channel"

    carrier_mapping_ids = fields.One2many("lengow.carrier.mapping", "channel_id")
    unmapped_carrier_count = fields.Integer(compute="_compute_unmapped_carrier_count")

    # === COMPUTE METHODS === #

    def _compute_unmapped_carrier_count(self):
        unmapped = self._get_unmapped_carriers()
        for channel in self:
            channel.unmapped_carrier_count = len(unmapped[channel])

    # === ACTION METHODS === #

    def action_map_carriers(self):
        """Prepare a mapping for each carrier that has none.

        :return: action that lists the channel's mappings, those to do first.
        """
        self.ensure_one()
        mappings = self.env["lengow.carrier.mapping"]
        listed = self.carrier_mapping_ids.delivery_carrier_id
        mappings.create(
            [
                {"channel_id": self.id, "delivery_carrier_id": carrier.id}
                for carrier in self._get_unmapped_carriers()[self] - listed
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_lengow.action_lengow_carrier_mapping"
        )
        return {
            **action,
            "domain": [("channel_id", "=", self.id)],
            "context": {"default_channel_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _takes_carriers(self):
        """:return: whether the marketplace wants to know who delivers."""
        rule = self.marketplace_id._get_rules().get_action("ship")
        return bool(rule) and not rule.arguments.keys().isdisjoint(
            ("carrier", "shipping_method")
        )

    def _get_unmapped_carriers(self):
        """Find the carriers that have no mapping.

        :return: dict of channel to those of its recent orders and deliveries; where there
            are none yet, to all carriers of its company.
        """
        used = self._get_used_carriers()
        unmapped = {}
        for channel in self:
            mapped = channel.carrier_mapping_ids.filtered("is_mapped")
            carriers = used.get(channel) or channel._get_company_carriers()
            if not channel._takes_carriers():
                carriers = carriers.browse()
            unmapped[channel] = carriers - mapped.delivery_carrier_id
        return unmapped

    def _get_company_carriers(self):
        carriers = self.env["delivery.carrier"]
        return carriers.search(carriers._check_company_domain(self.company_id))

    def _get_used_carriers(self):
        """:return: dict of channel to the carriers of its recent orders and deliveries."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=CARRIER_DAYS)
        used = {}
        # Those who map carriers may read neither sale orders nor deliveries.
        for model, path, date_name in (
            (self.env["sale.order"].sudo(), "", "date_order"),
            (self.env["stock.picking"].sudo(), "sale_id.", "scheduled_date"),
        ):
            rows = model._read_group(
                [
                    (f"{path}lengow_channel_id", "in", self.ids),
                    (f"{path}lengow_delivered_by", "=", "merchant"),
                    ("carrier_id", "!=", False),
                    ("state", "!=", "cancel"),
                    (date_name, ">=", since),
                ],
                [f"{path}lengow_channel_id"],
                ["carrier_id:recordset"],
            )
            for channel, carriers in rows:
                known = used.get(channel, self.env["delivery.carrier"])
                used[channel] = known | carriers.sudo(False)
        return used
