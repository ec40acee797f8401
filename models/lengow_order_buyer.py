from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from odoo import api, models

from ..lengow.emails import is_relay_email, normalize_email
from ..lengow.names import is_same_person


@dataclass(eq=False)
class BuyerJob:
    """A buyer of a batch, with the orders that are theirs.

    The fields typed ``Any`` are Odoo's records; ``partner`` is empty until it is known.
    """

    marketplace: Any
    number: str = ""
    email: str = ""
    name: str = ""
    known: Any = None
    partner: Any = None
    jobs: list = field(default_factory=list)


def _contradict(*buyers):
    """:return: True when two of the buyers have names of different people."""
    names = {buyer.name for buyer in buyers}
    return any(not is_same_person(*pair) for pair in combinations(names, 2))


class LengowOrder(models.Model):
    """Telling buyers apart: strangers are never made one."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    @api.model
    def _group_by_buyer(self, jobs):
        """Find out whose the orders of a batch are.

        The marketplace's number of the customer decides. Where it gives none, the e-mail
        address does, as long as nobody of another name has used it on the marketplace.

        :param list jobs: the :class:`OrderJob` of a batch.
        :return: list of :class:`BuyerJob`.
        """
        asked = [job.record._identify_buyer(job) for job in jobs]
        numbers = {
            (buyer.marketplace.id, buyer.number) for buyer in asked if buyer.number
        }
        emails = {
            (buyer.marketplace.id, buyer.email)
            for buyer in asked
            if buyer.email and not buyer.number
        }
        known = self.env["lengow.buyer"]._find(self.env.company, numbers, emails)
        buyers = [
            BuyerJob(
                each.marketplace_id,
                each.customer_number or "",
                each.email or "",
                each.name or "",
                each,
                each._get_partner(),
            )
            for each in known
        ]
        self._group_by_number([buyer for buyer in asked if buyer.number], buyers)
        by_email = defaultdict(list)
        for buyer in asked:
            if buyer.email and not buyer.number:
                by_email[buyer.marketplace, buyer.email].append(buyer)
            elif not buyer.number:
                buyers.append(buyer)
        for same_email in by_email.values():
            self._group_by_email(same_email, buyers)
        return [buyer for buyer in buyers if buyer.jobs]

    def _identify_buyer(self, job):
        """:return: :class:`BuyerJob` of one order, not looked up yet."""
        billing, marketplace = job.view.invoice_address, self.marketplace_id
        email = normalize_email(billing.email)
        if is_relay_email(email, marketplace.homepage or ""):
            email = ""
        return BuyerJob(
            marketplace=marketplace,
            number=job.view.customer_id,
            email=email,
            name=billing.company or billing.get_name(self.channel_id.name_source),
            jobs=[job],
        )

    @api.model
    def _group_by_number(self, asked, buyers):
        """Add orders to the buyers of their numbers, and the buyers that are missing."""
        by_number = {(buyer.marketplace, buyer.number): buyer for buyer in buyers}
        for buyer in asked:
            same = by_number.setdefault((buyer.marketplace, buyer.number), buyer)
            if same is buyer:
                buyers.append(buyer)
            else:
                same.jobs += buyer.jobs

    @api.model
    def _group_by_email(self, asked, buyers):
        """Add orders of one e-mail address to the buyer who uses it.

        Where names contradict each other it is a mailbox of several: everybody stays apart.
        """
        first = asked[0]
        users = [
            buyer
            for buyer in buyers
            if (buyer.marketplace, buyer.email) == (first.marketplace, first.email)
        ]
        if _contradict(*users, *asked):
            if _contradict(*users):
                # That it is nobody's own is known; more users of it would tell nothing.
                for buyer in asked:
                    buyer.email = ""
            buyers += asked
            return
        usable = [buyer for buyer in users if buyer.partner or buyer.jobs]
        if not usable:
            buyers.append(first)
        buyer, others = (usable[0], asked) if usable else (first, asked[1:])
        for other in others:
            buyer.jobs += other.jobs
