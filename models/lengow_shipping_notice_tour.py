from odoo import fields, models


class LengowShippingNoticeTour(models.Model):
    """A state that a transport of a notice's shipment was in: a step of its timeline."""

    _name = "lengow.shipping.notice.tour"
    _description = "Lengow shipping notice tour"
    _order = "updated_at, id"
    _rec_name = "number"

    notice_id = fields.Many2one(
        "lengow.shipping.notice", required=True, ondelete="cascade", index=True
    )
    number = fields.Char("Tour")
    status = fields.Char()
    details = fields.Char()
    updated_at = fields.Datetime("Date")
    from_location = fields.Char("From")
    to_location = fields.Char("To")
    planned_arrival = fields.Datetime()
    units = fields.Char("Loading Units", help="Planned and arrived.")

    _status_uniq = models.UniqueIndex(
        "(notice_id, number, status)", "A tour is in each of its states once."
    )

    # === BUSINESS METHODS === #

    def _store(self, notice, tours):
        """Keep what is new about the tours of a notice.

        Lengow tells the present state only: those before are our memory.

        :param lengow.shipping.notice notice: whose tours.
        :param list tours: :class:`Tour`.
        """
        known = {(step.number, step.status): step for step in notice.tour_ids}
        new = []
        for tour in tours:
            vals = {
                "details": tour.details,
                "updated_at": tour.updated_at
                and tour.updated_at.replace(microsecond=0),
                "from_location": tour.from_location,
                "to_location": tour.to_location,
                "planned_arrival": tour.planned_arrival,
                "units": self._describe_units(tour),
            }
            step = known.get((tour.number, tour.status))
            if step:
                step.write(vals)
            else:
                key = {"number": tour.number, "status": tour.status}
                new.append({"notice_id": notice.id, **key, **vals})
        created = self.create(new)
        for step in created:
            notice._log_step(
                self.env._(
                    "Tour %(number)s: %(status)s. %(details)s",
                    number=step.number or "?",
                    status=step.status or "?",
                    details=step.details or "",
                )
            )

    def _describe_units(self, tour):
        """:return: text such as ``pallets 2/2, colli 10/9``."""
        kinds = {**tour.planned_units, **tour.actual_units}
        return ", ".join(
            f"{kind.replace('_', ' ')} "
            f"{tour.actual_units.get(kind, 0)}/{tour.planned_units.get(kind, 0)}"
            for kind in kinds
            if tour.planned_units.get(kind) or tour.actual_units.get(kind)
        )
