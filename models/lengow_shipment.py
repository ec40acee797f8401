"""What has left of a marketplace order, and what of it the marketplace is to be told."""

from decimal import Decimal

from ..lengow.action import LinePart
from ..lengow.marketplace import PER_ORDER, PER_QUANTITY
from ..lengow.money import ZERO
from ..lengow.order import REFUNDED_STATUSES
from .lengow_order_alert import SENT_STATUSES
from .lengow_shipment_line import ShipmentJob

# The marketplace knows already that these have left.
PAST_STATUSES = {*SENT_STATUSES, *REFUNDED_STATUSES, "partial_refunded"}


class OrderShipment:
    """What has left of a marketplace order, and what the marketplace was told of it.

    :param order: the ``lengow.order``
    :param list lines: its :class:`LineShipment`
    :param reports: ``lengow.action`` that report deliveries, but for corrections
    """

    def __init__(self, order, lines, reports):
        self.order = order
        self.rules = order._get_rules()
        self.rule = self.rules.get_action("ship")
        self.lines = {line.key: line for line in lines}
        self._reports = reports
        self._told = reports.filtered(lambda report: not report._is_void())

    # === WHAT TO REPORT === #

    def find_related(self, keys):
        """Add the services to lines, which count as delivered with the goods.

        :param keys: numbers of lines.
        :return: list of numbers of lines.
        """
        if not any(line.is_service for line in self.lines.values()):
            return list(keys)
        sales = {self.lines[key].sale_lines.order_id for key in keys}
        return [
            key
            for key, line in self.lines.items()
            if key in keys or (line.is_service and line.sale_lines.order_id in sales)
        ]

    def make_jobs(self, keys, is_delivery=True):
        """Make the jobs that tell the marketplace what it has not been told.

        A marketplace takes lines in parts, lines, or whole orders: what is not complete
        has no job yet.

        :param keys: numbers of the lines of which something left or was given up.
        :param bool is_delivery: whether something left; if not, only what the marketplace
            takes now is reported.
        :return: list of :class:`ShipmentJob`.
        """
        if self.order.channel_id.ship_policy == "order":
            if not all(line.is_settled for line in self._open_lines):
                return []
            keys = self.lines
        if self.rule is None:
            # Whoever offers no action at all wants to hear of none.
            is_dropped = is_delivery and self.rules.actions
            return self._make_whole_job(self.lines.values()) if is_dropped else []
        if self.rule.granularity == PER_ORDER:
            return self._make_order_jobs(is_delivery)
        lines = [self.lines[key] for key in keys]
        lines = [line for line in lines if self._is_wanted(line, is_delivery)]
        if self.rule.granularity == PER_QUANTITY:
            return self._make_part_jobs(lines)
        return self._make_line_jobs(lines)

    def find_waiting(self, keys):
        """:return: ``lengow.action`` about some lines that wait for what was missing."""
        return self._reports.filtered(
            lambda report: (
                report._is_not_ready()
                and (not report.line_key or report.line_key in keys)
            )
        )

    def find_unmade(self):
        """:return: ``lengow.action`` that stand for what could not be reported."""
        return self._reports.filtered(
            lambda report: report.state == "error" and report._is_unmade()
        )

    def find_past_lines(self, keys):
        """:return: list of lines that left, of which the marketplace says so already."""
        if self.rule is None:
            return []
        return [
            line
            for line in map(self.lines.get, keys)
            if line.delivered
            and line.status in PAST_STATUSES
            and not self._allows(line)
            and not self.get_told(line)
        ]

    def _make_order_jobs(self, is_delivery):
        status = self.order.lengow_status or ""
        is_allowed = self.rule.allows(status, self.order.marketplace_status or "")
        if not is_allowed and (not is_delivery or status in PAST_STATUSES):
            return []
        lines = self._open_lines
        if is_allowed:
            lines = [line for line in lines if self._allows(line)]
        elif not lines:
            # All is cancelled at the marketplace: a person should know what left.
            lines = [line for line in self.lines.values() if line.delivered > 0]
        is_ready = all(line.is_settled for line in lines)
        return self._make_whole_job(lines) if is_ready else []

    def _make_whole_job(self, lines):
        delivered = [line for line in lines if line.delivered > 0]
        if not delivered or self._is_reported(delivered):
            return []
        return [self._make_job(delivered, closed=lines)]

    def _make_line_jobs(self, lines):
        ready = [
            line
            for line in lines
            if line.delivered > 0 and line.is_settled and not self._is_reported([line])
        ]
        groups = {}
        for line in ready:
            groups.setdefault(tuple(line.leavings), []).append(line)
        return [self._make_job(group, closed=group) for group in groups.values()]

    def _make_part_jobs(self, lines):
        """Make a job for each delivery, of the pieces that left with it."""
        jobs = {}
        for line in lines:
            for pickings, pieces in self._share_out(line):
                parts = jobs.setdefault(pickings, {})
                parts[line] = LinePart(line.key, pieces)
        told = {line.key: self.get_told(line) for line in lines}
        made = []
        for pickings, parts in sorted(
            jobs.items(), key=lambda item: item[0][-1]._lengow_leaving_key()
        ):
            done = {line.key: told[line.key] for line in parts}
            parts = list(parts.values())
            made.append(self._make_job(parts=parts, pickings=pickings, done=done))
            for part in parts:
                told[part.line_id] += part.quantity
        return made

    def _share_out(self, line):
        """Tell which pieces of a line left untold, and with which deliveries.

        :return: list of pickings and pieces; nothing is reported twice, whatever came
            back meanwhile.
        """
        rest = line.delivered - self.get_told(line)
        if not line.is_countable:
            last = next(reversed(line.leavings), None)
            is_told = rest <= 0 or self._count_reported(line, last)
            return [] if is_told else [(self._get_span(line, last), rest)]
        shares = []
        for picking, pieces in reversed(line.leavings.items()):
            share = min(pieces - self._count_reported(line, picking), rest)
            if share > 0:
                shares.append(((picking,), share))
                rest -= share
        return shares

    def _make_job(self, lines=(), closed=(), parts=None, pickings=None, done=None):
        if pickings is None:
            pickings = {picking: None for line in lines for picking in line.leavings}
            pickings = sorted(
                pickings, key=lambda picking: picking._lengow_leaving_key()
            )
        return ShipmentJob(
            self.order,
            "ship",
            [line.part for line in lines] if parts is None else parts,
            done=done,
            closed=[line.key for line in closed if line.is_closed],
            pickings=self.order.env["stock.picking"].union(*pickings),
        )

    # === WHAT IS KNOWN === #

    def get_told(self, line):
        """Count the pieces of a line that the marketplace was told of, or will be.

        :param LineShipment line: the line.
        :return: Decimal
        """
        return sum(
            (
                _to_decimal(report.quantity) or line.ordered
                for report in self._told
                if report.line_key in (False, line.key)
            ),
            ZERO,
        )

    def is_told(self, keys):
        """:return: whether the marketplace was told of all pieces of some lines."""
        lines = [self.lines[key] for key in keys]
        return all(self.get_told(line) >= line.ordered for line in lines)

    def get_keys(self, report):
        """:return: numbers of the lines that a ``lengow.action`` is about."""
        return [report.line_key] if report.line_key else list(self.lines)

    def get_report_pickings(self, report):
        """:return: ``stock.picking`` whose parcels a ``lengow.action`` names."""
        return self.get_pickings(self.get_keys(report), report.picking_id)

    def is_past(self, report):
        """:return: whether the marketplace knows itself what a ``lengow.action`` says."""
        if self.rule is None:
            return False
        if not report.line_key:
            status = self.order.lengow_status or ""
            return status in PAST_STATUSES and not self.rule.allows(status)
        line = self.lines.get(report.line_key)
        return bool(line) and line.status in PAST_STATUSES and not self._allows(line)

    def get_pickings(self, keys, picking):
        """Find the deliveries whose parcels a report names.

        :param keys: numbers of the lines that it is about.
        :param stock.picking picking: the delivery that it comes from.
        :return: ``stock.picking``
        """
        lines = [self.lines[key] for key in keys if key in self.lines]
        if self.rule is None or self.rule.granularity != PER_QUANTITY:
            found = {entry: None for line in lines for entry in line.leavings}
        else:
            spans = [
                self._get_span(line, picking)
                for line in lines
                if not line.is_countable and picking in line.leavings
            ]
            found = {entry: None for span in spans for entry in span}
        return picking.union(*found)._lengow_sorted()

    def _get_span(self, line, last):
        """Find the deliveries that together completed pieces of a line.

        :param LineShipment line: the line, of which pieces leave in parts.
        :param stock.picking last: the last one of them.
        :return: tuple of ``stock.picking``, the oldest first
        """
        span = []
        for picking in line.leavings:
            span.append(picking)
            if picking == last:
                break
            if self._count_reported(line, picking):
                span = []
        return tuple(span)

    @property
    def _open_lines(self):
        return [line for line in self.lines.values() if line.is_open]

    def _is_wanted(self, line, is_delivery):
        """Tell whether the marketplace takes a line now, or a person should know why not."""
        is_strange = is_delivery and line.status not in PAST_STATUSES
        return self._allows(line) or is_strange

    def _allows(self, line):
        own_status = "" if line.record.lengow_status else self.order.marketplace_status
        return self.rule.allows(line.status, own_status or "")

    def _is_reported(self, lines):
        """Tell whether the marketplace was told that lines left, or a person knows why not.

        What failed, or what a person cancelled, stays with its action, until more leaves.
        """
        if any(map(self.get_told, lines)):
            return True
        pickings = self.order.env["stock.picking"].union(
            *(picking for line in lines for picking in line.leavings)
        )
        last, keys = pickings._lengow_sorted()[-1:], [line.key for line in lines]
        return bool(last) and any(
            report.picking_id == last
            and (not report.line_key or report.line_key in keys)
            for report in self._reports
        )

    def _count_reported(self, line, picking):
        return sum(
            (
                _to_decimal(report.quantity)
                for report in self._reports
                if report.line_key == line.key and report.picking_id == picking
            ),
            ZERO,
        )


def _to_decimal(number):
    return Decimal(str(number))
