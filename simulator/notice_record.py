"""One shipping notice and its life, from the announcement to the warehouse's door."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .dates import format_date

# Marketplace status -> Lengow's status and the actions offered then (002, "Zalando
# Fulfillment Solutions").
STATES = {
    "initial": (
        "SHIPMENT_NEW",
        ("update_shipping_notice", "create_announced_item_set"),
    ),
    "initial_announced": (
        "SHIPMENT_CONTENT_ANNOUNCED",
        ("update_announced_item_set", "confirm_announcement"),
    ),
    "ready_for_delivery_date": ("SHIPMENT_CONTENT_CONFIRMED", ()),
    "delivery_date_confirmed": ("SHIPMENT_AWAITED", ("create_dispatch_item_set",)),
    "ready_for_dispatch": (
        "SHIPMENT_PREPARATION",
        ("update_dispatch_item_set", "confirm_dispatch"),
    ),
    "ready_to_receive": ("SHIPMENT_SHIPPED", ()),
    "closed": ("SHIPMENT_SHIPPED", ()),
}
ACTIONS = tuple(
    dict.fromkeys(action for _status, actions in STATES.values() for action in actions)
)
# Action -> the marketplace status that it leads to, where it leads to another one.
_LEADS_TO = {
    "create_announced_item_set": "initial_announced",
    "confirm_announcement": "ready_for_delivery_date",
    "create_dispatch_item_set": "ready_for_dispatch",
    "confirm_dispatch": "ready_to_receive",
}
# How a tour goes on (Zalando's Tours API).
TOUR_STATES = ("initialized", "arrived", "unloading", "unloaded")


@dataclass
class NoticeRecord:
    """A notice as Lengow and Zalando keep it.

    :param int notice_id: Lengow's number
    :param int feed_id: the feed it was made for
    :param dict values: the parameters of its creation, and of updates since
    :param datetime changed_at: when its status changed
    """

    notice_id: int
    feed_id: int
    values: dict
    changed_at: datetime
    status: str = "initial"
    announced: list = field(default_factory=list)
    dispatched: list = field(default_factory=list)
    dispatched_at: datetime | None = None
    delivery_date: str | None = None
    tour_state: str | None = None
    tour_changed_at: datetime | None = None

    @property
    def marketplace_id(self):
        """Zalando's own number of it."""
        return f"a2e9e478-f9ec-4af3-b773-{self.notice_id:012d}"

    @property
    def advice_id(self):
        """Zalando's short number of it."""
        return 99_200_000 + self.notice_id

    @property
    def tour_number(self):
        """The tour that brings it."""
        return f"{self.changed_at:%Y%m%d}-{self.notice_id:04d}-BR-ERF"

    @property
    def reference(self):
        """The merchant's own name of it."""
        return self.values.get("merchant_b2b_reference") or ""

    def show(self):
        """Describe it as Lengow does.

        :rtype: dict
        :source: 002, "Shipping notice object"
        """
        lengow_status, actions = STATES[self.status]
        base = f"/feed/{self.feed_id}/shipping_notices/{self.notice_id}"
        resources = {
            "announced_item_sets": bool(self.announced),
            "dispatch_item_sets": bool(self.dispatched),
            "tracking_status": self.tour_state is not None,
        }
        extra = {"zalando_advice_id": str(self.advice_id)}
        if self.reference:
            extra["merchant_b2b_reference"] = self.reference
        if self.delivery_date:
            extra["confirmed_delivery_date"] = self.delivery_date
        return {
            "shipping_notice_id": self.notice_id,
            "marketplace_shipping_notice_id": self.marketplace_id,
            "lengow_status": lengow_status,
            "marketplace_status": self.status,
            "extra": extra,
            "resources": {
                name: f"{base}/{name}" for name, there in resources.items() if there
            },
            "actions": list(actions),
        }

    def do(self, action, body, now):
        """Carry out an action that is offered.

        :param str action: its name
        :param dict body: what it takes, already checked
        :param datetime now: aware
        """
        if action == "update_shipping_notice":
            self.values.update(body)
        elif action.endswith("announced_item_set"):
            self.announced = list(body["items"])
        elif action.endswith("dispatch_item_set"):
            self.dispatched = list(body["items"])
            self.dispatched_at = now
        if action == "confirm_dispatch":
            self._set_tour(TOUR_STATES[0], now)
        if action in _LEADS_TO:
            self.move_to(_LEADS_TO[action], now)

    def move_to(self, status, now):
        """Change its status.

        :param str status: the marketplace's status
        :param datetime now: aware
        """
        self.status = status
        self.changed_at = now

    def confirm_date(self, now, days):
        """Let Zalando name the day on which it awaits the shipment.

        :param datetime now: aware
        :param int days: how many days from now, unless a later day was asked for
        """
        day = f"{now + timedelta(days=days):%Y-%m-%d}"
        wanted = str(self.values.get("earliest_delivery_date") or "")
        self.delivery_date = max(day, wanted)
        self.move_to("delivery_date_confirmed", now)

    def advance_tour(self, now):
        """Let its tour go one step further.

        :return: True when that was the last one
        :rtype: bool
        """
        step = TOUR_STATES.index(self.tour_state) + 1
        if step < len(TOUR_STATES):
            self._set_tour(TOUR_STATES[step], now)
        return step >= len(TOUR_STATES) - 1

    def show_tours(self):
        """Describe its tour as Lengow does.

        :rtype: list of dict
        :source: 002, "Shipment tracking"
        """
        if self.tour_state is None:
            return []
        units = {
            "pallets": self.values.get("pallets_count") or 0,
            "colli": self.values.get("colli_count") or 0,
            "hanging_garments": self.values.get("hanging_goods_count") or 0,
        }
        arrived = self.tour_state != TOUR_STATES[0]
        planned = f"{self.delivery_date}T08:00:00.000Z"
        return [
            {
                "zalando_advice_id": str(self.advice_id),
                "shipping_notice_id": self.marketplace_id,
                "tour_number": self.tour_number,
                "to_location": "Erfurt",
                "from_location": "Lille",
                "planned_arrival_time_at_dock": planned,
                "planned_arrival_time_at_yard": planned,
                "planned_amount_of_loading_units": units,
                "actual_amount_of_loading_units": units
                if arrived
                else dict.fromkeys(units, 0),
                "type": "ZFS_NEW_GOODS",
                "current_status": {
                    "status_text": self.tour_state,
                    "status_details": "",
                    "last_updated": format_date(self.tour_changed_at),
                },
            },
        ]

    def _set_tour(self, state, now):
        self.tour_state = state
        self.tour_changed_at = now
