from odoo import models

from ..lengow.marketplace import PER_QUANTITY


class LengowOrder(models.Model):
    """Telling marketplaces of tracking numbers that are added or corrected later."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _report_corrections(self, pickings):
        """Tell what deliveries say now of which marketplaces were told already.

        :param stock.picking pickings: done deliveries whose carrier or tracking changed.
        """
        orders = self.filtered(lambda order: order.channel_id.ship_policy != "manual")
        orders._guard_report(lambda orders: orders._correct_reports(pickings))

    def _correct_reports(self, pickings):
        """Change what is not sent yet, and send again what is, where that is possible."""
        reports = self.env["lengow.action"].search(
            [
                ("lengow_order_id", "in", self.ids),
                ("action_type", "=", "ship"),
                ("state", "!=", "cancelled"),
                ("picking_id", "!=", False),
                ("source", "!=", False),
            ],
            order="id",
        )
        for order, shipment in reports.lengow_order_id._get_shipments().items():
            subjects = {}
            for report in reports.filtered(lambda r, o=order: r.lengow_order_id == o):
                if shipment.get_report_pickings(report) & pickings:
                    subject = report._get_subject(shipment)
                    subjects[subject] = subjects.get(subject, report) | report
            for entries in subjects.values():
                order._correct_subject(entries, shipment, pickings)

    def _correct_subject(self, reports, shipment, pickings):
        """Tell what is so now, with the one of all notices about it that can be changed.

        :param lengow.action reports: about the same pieces, the oldest first.
        :param OrderShipment shipment: what has left of the order.
        :param stock.picking pickings: the deliveries that say something else now.
        """
        reports.filtered(lambda report: report._is_not_ready())._take_up_again()
        unsent = reports.filtered(lambda report: report._is_unsent())
        sent = (reports - unsent).filtered(
            lambda report: not report._is_void() and not report._is_not_ready()
        )
        if sent and not unsent:
            self._correct(sent[-1], shipment, pickings)
        elif unsent or not reports - sent - unsent:
            unsent[-1:]._renew()
        else:
            reports.filtered(lambda report: report._is_void())[-1:]._renew()

    def _correct(self, report, shipment, pickings):
        """Send a notice again that Lengow has, if the marketplace takes that.

        Of a line that has left in part, it would be read as more pieces.

        :param lengow.action report: what was sent last.
        :param OrderShipment shipment: what has left of the order.
        :param stock.picking pickings: the deliveries that say something else now.
        """
        vals = report._prepare_renewed_vals()
        old = report.arguments or {}
        if vals is None or vals.get("arguments") == old:
            return
        if "arguments" in vals and self._takes_corrections(report, shipment):
            correction = report._prepare_correction_vals()
            report.create({**correction, **vals})._notify_created()
            return
        number = ",".join(filter(None, pickings.mapped("carrier_tracking_ref")))
        if number and number != old.get("tracking_number"):
            body = self.env._(
                "%(marketplace)s was told of order %(order)s before, and takes no change "
                "of it. Correct it there.",
                marketplace=self.channel_id.marketplace_id.name,
                order=self.marketplace_order_id,
            )
            pickings._message_log_batch(dict.fromkeys(pickings.ids, body))

    def _takes_corrections(self, report, shipment):
        """:return: whether the marketplace lets a notice be sent again."""
        rule = shipment.rule
        if rule is None or not rule.allows("shipped"):
            return False
        return rule.granularity != PER_QUANTITY or shipment.is_told(
            shipment.get_keys(report)
        )

    def _find_pickings(self, job):
        """Find the deliveries whose parcels a notice names.

        :param ActionJob job: the notice.
        :return: ``stock.picking``
        """
        shipment = self._get_shipments()[self]
        if job.lines is None:
            keys = list(shipment.lines)
        else:
            keys = [part.line_id for part in job.lines]
        return shipment.get_pickings(keys, job.picking)


class LengowAction(models.Model):
    _inherit = "lengow.action"

    # === BUSINESS METHODS === #

    def _prepare_correction_vals(self):
        """:return: values of an action about the same as one that was sent."""
        self.ensure_one()
        return {
            "lengow_order_id": self.lengow_order_id.id,
            "line_id": self.line_id.id,
            "line_key": self.line_key,
            "picking_id": self.picking_id.id,
            "action_type": self.action_type,
            "quantity": self.quantity,
            "source": self.source,
            "is_correction": True,
        }

    def _get_subject(self, shipment):
        """:return: what an action tells of: two about the same are told one by one."""
        is_by_delivery = shipment.rule and shipment.rule.granularity == PER_QUANTITY
        return self.line_key, self.picking_id if is_by_delivery else None
