import logging
from decimal import Decimal

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .lengow_shipment import OrderShipment
from .lengow_shipment_line import LineShipment
from .private_log import log_failure, no_sql_errors_logged

_logger = logging.getLogger(__name__)

_REPORT_FIELDS = [
    "lengow_order_id",
    "line_key",
    "quantity",
    "state",
    "error_code",
    "picking_id",
]


class LengowOrder(models.Model):
    """Telling marketplaces what has left.

    What to report is what has left less what was reported, whatever made us look: looking
    twice reports nothing twice, and what was missed once is found the next time.
    """

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _report_deliveries(self, lines, is_delivery=True):
        """Report what has left of some lines; whatever happens, nobody is kept from it.

        :param lengow.order.line lines: lines of which something left or was given up.
        :param bool is_delivery: whether something left.
        """
        orders = self.filtered(lambda order: order.channel_id.ship_policy != "manual")
        keys = {
            order: order_lines.mapped("line_key")
            for order, order_lines in lines.grouped("order_id").items()
        }
        orders._guard_report(lambda orders: orders._queue_reports(keys, is_delivery))

    def _queue_reports(self, keys, is_delivery):
        """Write the actions that tell marketplaces what has left.

        :param dict keys: order to the numbers of its lines to look at.
        :param bool is_delivery: whether something left of them.
        """
        jobs, past = [], {}
        waiting = unmade = self.env["lengow.action"]
        for order, shipment in self._get_shipments().items():
            order_keys = shipment.find_related(keys[order])
            jobs += shipment.make_jobs(order_keys, is_delivery)
            unmade |= shipment.find_unmade()
            if is_delivery:
                past[order] = shipment.find_past_lines(order_keys)
                waiting |= shipment.find_waiting(order_keys)
        if jobs:
            pickings = self.env["stock.picking"].union(*(job.pickings for job in jobs))
            for job in jobs:
                # So that what one needs is read for all of them at once.
                job.pickings = job.pickings.with_prefetch(pickings.ids)
                job.picking = job.pickings[-1:].with_prefetch(pickings.ids) or None
            self.env["lengow.action"]._queue(jobs)
            self._log_rest(jobs)
        waiting._take_up_again()
        if unmade:
            unmade.write({"state": "cancelled", "next_attempt": False})
            unmade.lengow_order_id._follow_actions()
        self._log_past_lines(past)

    def _get_shipments(self):
        """Look at what has left of orders, and at what was reported of it.

        :return: dict of order to :class:`OrderShipment`.
        """
        reports = self.env["lengow.action"].search_fetch(
            [
                ("lengow_order_id", "in", self.ids),
                ("action_type", "=", "ship"),
                ("is_correction", "=", False),
            ],
            _REPORT_FIELDS,
        )
        by_order = reports.grouped("lengow_order_id")
        return {
            order: OrderShipment(
                order,
                order._get_line_shipments(),
                by_order.get(order, reports.browse()),
            )
            for order in self
        }

    def _get_line_shipments(self):
        """:return: list of :class:`LineShipment`."""
        shipments = []
        for line in self.line_ids:
            sale_lines = line.sale_line_ids
            shipment = LineShipment(line, sale_lines, Decimal(str(line.quantity)))
            for sale_line in sale_lines:
                delivered, leavings = sale_line._lengow_count_delivered()
                shipment.delivered += delivered
                shipment.leavings.update(leavings)
            shipment.is_closed = all(
                sale_line._lengow_is_closed() for sale_line in sale_lines
            ) and bool(sale_lines or self._has_imported(line))
            shipments.append(shipment)
        self._let_services_follow(shipments)
        return shipments

    def _has_imported(self, line):
        """:return: whether a line that is in no sale order was taken out of it."""
        return line.package_key in self.sale_order_ids.mapped("lengow_package_key")

    @api.model
    def _let_services_follow(self, shipments):
        """Count services as delivered with the first goods of their sale order."""
        services = [shipment for shipment in shipments if shipment.is_service]
        if not services:
            return
        first = {}
        for shipment in shipments:
            for sale in shipment.sale_lines.order_id:
                if shipment.leavings:
                    first.setdefault(sale, next(iter(shipment.leavings)))
        for service in services:
            service.is_closed = True
            picking = first.get(service.sale_lines.order_id[:1])
            if picking:
                service.delivered = service.ordered
                service.leavings = {picking: service.ordered}

    def _log_past_lines(self, past):
        """Say on deliveries that the marketplace is not told again what it knows."""
        bodies = {}
        for order, lines in past.items():
            for line in lines:
                picking = next(reversed(line.leavings), None)
                if picking:
                    bodies[picking.id] = self.env._(
                        "%(marketplace)s is not told of this delivery: order %(order)s is "
                        "“%(status)s” there already.",
                        marketplace=order.channel_id.marketplace_id.name,
                        order=order.marketplace_order_id,
                        status=order._get_status_label(line.status),
                    )
        self.env["stock.picking"].browse(bodies)._message_log_batch(bodies)

    def _log_rest(self, jobs):
        """Say on deliveries that marketplaces hear of them only once the account works.

        :param list jobs: of :class:`ShipmentJob`.
        """
        resting = self.account_id.filtered(lambda account: account._is_at_rest())
        bodies = {
            job.picking.id: self.env._(
                "%(marketplace)s is not told of this delivery yet: the Lengow account "
                "%(account)s is switched off or paused. It is told as soon as somebody "
                "connects or resumes the account.",
                marketplace=job.order.channel_id.marketplace_id.name,
                account=job.order.account_id.name,
            )
            for job in jobs
            if job.picking and job.order.account_id in resting
        }
        self.env["stock.picking"].browse(bodies)._message_log_batch(bodies)

    # === BUSINESS METHODS: WHATEVER GOES WRONG === #

    def _guard_report(self, report):
        """Do something about orders that must not keep anybody from delivering.

        :param report: what to do, called with the orders.
        """
        if not self:
            return
        # What is wrong with the delivery itself is not ours to keep silent about.
        self.env.flush_all()
        try:
            # The database's own error log would show the buyers' data.
            with no_sql_errors_logged(), self.env.cr.savepoint():
                report(self)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 the delivery goes on
            if len(self) > 1:
                for order in self:
                    order._guard_report(report)
            else:
                self._set_unreported(error)

    def _set_unreported(self, error):
        """Leave it to a person to report what could not be reported."""
        self._log_unreported(error)
        try:
            with no_sql_errors_logged(), self.env.cr.savepoint():
                self._create_unreported(error)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as other_error:  # noqa: BLE001 the delivery goes on
            self._log_unreported(other_error)

    def _log_unreported(self, error):
        log_failure(
            _logger,
            error,
            "Lengow order %s, reporting a delivery",
            self.id,
            level=logging.ERROR,
        )

    def _create_unreported(self, error):
        actions = self.env["lengow.action"]
        failed = actions.search(
            [
                ("lengow_order_id", "=", self.id),
                ("action_type", "=", "ship"),
                ("state", "=", "error"),
            ]
        )
        if not any(action._is_unmade() for action in failed):
            actions.create(
                {
                    "lengow_order_id": self.id,
                    "action_type": "ship",
                    "state": "error",
                    "error_code": "unexpected",
                    "error_message": self.env._(
                        "What has left of order %(order)s could not be reported: "
                        "%(problem)s",
                        order=self.marketplace_order_id,
                        problem=str(error).strip() or type(error).__name__,
                    ),
                }
            )._notify_created()
