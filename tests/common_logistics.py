"""What the tests of documents, shipping notices and stock movements share."""

from datetime import timedelta, timezone

from ..simulator.feeds import OTHER_FEED, PLAIN_FEED, ZFS_FEED
from .common_client import ClientCase

ZFS = ZFS_FEED
PLAIN = PLAIN_FEED
OTHER = OTHER_FEED
UNKNOWN = 999_999
NOTICES = f"/v3.0/logistics/feed/{ZFS}/shipping_notices/"


class LogisticsClientCase(ClientCase):
    """A real client against Zalando's simulated warehouse."""

    orders = 0

    def setUp(self):
        super().setUp()
        self.logistics = self.simulator.logistics
        self.eans = [product["ean"] for product in self.world.products]
        self.warehouse = self.logistics.warehouse(ZFS)

    def wait(self, **delta):
        """Let time pass."""
        self.clock.now += timedelta(**delta).total_seconds()

    def now(self):
        """:return: naive UTC datetime of the simulator."""
        return self.simulator.now().astimezone(timezone.utc).replace(tzinfo=None)

    def create_notice(self, feed=ZFS, **values):
        return self.client.create_shipping_notice(feed, values)

    def act(self, notice, action, *pairs, feed=ZFS):
        """Do an action with pairs of EAN and quantity."""
        values = {"items": pairs} if pairs else None
        return self.client.act_on_shipping_notice(
            feed, notice.notice_id, action, values
        )
