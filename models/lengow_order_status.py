from odoo import api, fields, models


class LengowStatusMixin(models.AbstractModel):
    """Lengow's status of an order or a line, in words."""

    _name = "lengow.status.mixin"
    _description = "Lengow status"

    lengow_status = fields.Char(readonly=True)
    lengow_status_name = fields.Char(
        "Status at Lengow", compute="_compute_lengow_status_name"
    )

    # === COMPUTE METHODS === #

    @api.depends("lengow_status")
    @api.depends_context("lang")
    def _compute_lengow_status_name(self):
        for record in self:
            record.lengow_status_name = self._get_status_label(record.lengow_status)

    # === BUSINESS METHODS === #

    @api.model
    def _get_status_label(self, status):
        """:return: a Lengow status in words, a new one as it is."""
        _ = self.env._
        labels = {
            "new": _("New"),
            "waiting_acceptance": _("To Accept"),
            "accepted": _("Accepted"),
            "refused": _("Refused"),
            "waiting_shipment": _("To Ship"),
            "shipped": _("Shipped"),
            "closed": _("Closed"),
            "canceled": _("Cancelled"),
            "partial_refunded": _("Partially Refunded"),
            "to_refund": _("To Refund"),
            "refunding": _("Being Refunded"),
            "refunded": _("Refunded"),
            "pickup_to_prepare": _("Pick-Up to Prepare"),
            "to_pickup": _("Ready for Pick-Up"),
            "pickup_completed": _("Picked Up"),
            "pickup_canceled": _("Pick-Up Cancelled"),
        }
        return labels.get(status, status)


class LengowOrder(models.Model):
    _name = "lengow.order"
    _inherit = ["lengow.order", "lengow.status.mixin"]

    # === BUSINESS METHODS === #

    def _report_status(self, changes, report):
        """Say that the status is another one.

        :param OrderChanges changes: what differs.
        :param ChangeReport report: is told.
        """
        report.done.append(
            self.env._(
                "Status: %(new)s (was: %(old)s).",
                new=self._get_status_label(changes.new.lengow_status),
                old=self._get_status_label(changes.old.lengow_status),
            )
        )


class LengowOrderLine(models.Model):
    _name = "lengow.order.line"
    _inherit = ["lengow.order.line", "lengow.status.mixin"]
