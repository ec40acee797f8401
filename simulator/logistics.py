"""Where shipping notices wait for Zalando, and what becomes of them in time."""

from collections import defaultdict
from dataclasses import dataclass, fields

from .document_store import DocumentStore
from .feeds import FEEDS
from .notice_record import NoticeRecord
from .warehouse import Warehouse


@dataclass
class LogisticsSettings:
    """How Zalando works; times in seconds of the simulator's clock.

    :param float date_delay: until it confirms a delivery date
    :param int date_days: so many days later the shipment is awaited
    :param float tour_delay: until a tour goes one step further
    :param float close_delay: until a received notice is closed
    :param float received_share: share of the dispatched pieces that arrive
    :param str creation_fault: `before` or `after`: the next notice fails, and is made
        all the same when it is `after`
    """

    date_delay: float = 60
    date_days: int = 3
    tour_delay: float = 60
    close_delay: float = 60
    received_share: float = 1.0
    creation_fault: str | None = None

    def update(self, **options):
        """Change some settings.

        :raise ValueError: for one that does not exist
        """
        unknown = {*options} - {entry.name for entry in fields(self)}
        if unknown:
            raise ValueError(f"Unknown settings: {', '.join(sorted(unknown))}")
        for name, value in options.items():
            setattr(self, name, value)


class Logistics:
    """All notices, warehouses and documents.

    :param Simulator simulator: lends its clock and its catalogue
    """

    def __init__(self, simulator):
        self._simulator = simulator
        self.settings = LogisticsSettings()
        self.notices = {}
        # "You can use any feed_id you want": the stock is the merchant's, not the feed's.
        self.warehouses = defaultdict(lambda: Warehouse(simulator.now))
        self.documents = DocumentStore(self)
        # Never one that an earlier simulator gave to somebody's database.
        self._next_id = int(simulator.clock())

    @property
    def known_eans(self):
        """The EANs that Zalando knows, those of the catalogue."""
        return {product["ean"] for product in self._simulator.world.products}

    def now(self):
        """Read the simulator's clock."""
        return self._simulator.now()

    def warehouse(self, feed_id):
        """Find the stock of a feed's merchant.

        :rtype: Warehouse
        """
        return self.warehouses[FEEDS[int(feed_id)]["account_id"]]

    def create(self, feed_id, values):
        """Open a notice.

        :rtype: NoticeRecord
        """
        notice = NoticeRecord(self._next_id, feed_id, dict(values), self.now())
        self._next_id += 1
        self.notices[notice.notice_id] = notice
        return notice

    def advance(self):
        """Let happen what has become due; the doors ask before they look."""
        for notice in self.notices.values():
            while self._advance_one(notice):
                pass

    def _advance_one(self, notice):
        now, settings = self.now(), self.settings
        waited = (now - notice.changed_at).total_seconds()
        if notice.status == "ready_for_delivery_date" and waited >= settings.date_delay:
            notice.confirm_date(now, settings.date_days)
            return True
        if notice.status != "ready_to_receive":
            return False
        ridden = (now - notice.tour_changed_at).total_seconds()
        if notice.tour_state != "unloaded":
            if ridden < settings.tour_delay:
                return False
            if notice.advance_tour(now):
                self.receive(notice)
            return True
        if ridden >= settings.close_delay:
            notice.move_to("closed", now)
            return True
        return False

    def receive(self, notice):
        """Take the pieces of a notice into the warehouse, those that did arrive."""
        for item in notice.dispatched:
            if item["ean"] in self.known_eans:
                self.warehouse(notice.feed_id).receive(
                    item["ean"],
                    int(item["quantity"] * self.settings.received_share),
                    reference=notice.reference,
                    advice=notice.advice_id,
                    tour=notice.tour_number,
                )

    def finish(self):
        """Do all that waits, without the waiting."""
        for notice in self.notices.values():
            if notice.status == "ready_for_delivery_date":
                notice.confirm_date(self.now(), self.settings.date_days)
            elif notice.status == "ready_to_receive":
                while notice.tour_state != "unloaded":
                    if notice.advance_tour(self.now()):
                        self.receive(notice)
                notice.move_to("closed", self.now())
