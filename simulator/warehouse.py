"""Zalando's warehouses: what lies there, and every movement in and out."""

import uuid
from collections import Counter
from datetime import timedelta

from .dates import format_date

# Warehouses as intra-community movements describe them (002).
LOCATIONS = {
    "erfurt": {
        "location_id": "32aaa430-a835-44aa-947a-4a1aaaa1a615",
        "name": "Erfurt",
        "country_code": "DE",
    },
    "gardno": {
        "location_id": "b1aa94aa-104a-457a-a17a-a52aaa88aa3a",
        "name": "Gardno",
        "country_code": "PL",
    },
}
# "The retention time for data in ZFS service is 100 days" (002).
MEMORY = timedelta(days=100)
RECEIVED, RETURNED = "received_items", "returned_items"
RELOCATED, LIQUIDATED = "intra_community_movements", "liquidated_items"
_DESTINATION = {
    "city": "Lille",
    "country_code": "FR",
    "first_name": "La",
    "last_name": "Boutique",
    "salutation": "",
    "street": "1 rue de la Clef",
    "zip": "59000",
}


class Warehouse:
    """The stock of one merchant at Zalando.

    :param clock: returns the present, an aware datetime
    """

    def __init__(self, clock):
        self.clock = clock
        # (ean, location) -> pieces
        self.stock = Counter()
        self.unsaleable = Counter()
        # Kind -> list of (moment, row)
        self.movements = {
            kind: [] for kind in (RECEIVED, RETURNED, RELOCATED, LIQUIDATED)
        }
        self._labels = 0

    def receive(
        self, ean, quantity, location="erfurt", reference="", advice=0, tour=""
    ):
        """Take pieces in, each with a label of its own.

        :return: the rows
        :rtype: list of dict
        """
        now = self.clock()
        rows = [
            {
                "zalando_advice_id": advice,
                "merchant_b2b_reference": reference,
                "ean": ean,
                "parent": {"id": f"box-{advice}"},
                "quality_label": self._make_label(),
                "location_id": LOCATIONS[location]["location_id"],
                "received_timestamp": format_date(now, "seconds"),
                "consumed_timestamp": format_date(now, "seconds"),
                "tour_number": tour,
            }
            for _piece in range(quantity)
        ]
        self.stock[ean, location] += quantity
        return self._note(RECEIVED, rows)

    def send_back(self, ean, quantity, quality="A", location="erfurt"):
        """Send pieces back to the merchant.

        :return: the rows
        :rtype: list of dict
        """
        now = self.clock()
        defects = {} if quality == "A" else {"level_1": "Stained", "level_2": "Collar"}
        rows = [
            {
                "merchant_b2b_reference": "",
                "ean": ean,
                "quality_label": self._make_label(),
                "location_id": LOCATIONS[location]["location_id"],
                "shipped_timestamp": format_date(now, "seconds"),
                "consumed_timestamp": format_date(now, "seconds"),
                "zalando_shipment_number": f"{self._labels:016d}",
                "destination": _DESTINATION,
                "quality_category": quality,
                "defect_levels": defects,
            }
            for _piece in range(quantity)
        ]
        self.stock[ean, location] -= quantity
        return self._note(RETURNED, rows)

    def relocate(self, ean, quantity, source="erfurt", destination="gardno"):
        """Carry pieces from one warehouse to another.

        :return: the row
        :rtype: dict
        """
        day = self.clock()
        row = {
            "product_sku": f"ZAL{ean[-8:]}",
            "ean": ean,
            "quantity": quantity,
            "destination_stock_location": LOCATIONS[destination],
            "source_stock_location": LOCATIONS[source],
            "order_number": f"{day:%Y%m%d}-{source}-{destination}",
            "movement_type": "customer_order_relocation",
        }
        self.stock[ean, source] -= quantity
        self.stock[ean, destination] += quantity
        return self._note(RELOCATED, [row])[0]

    def liquidate(self, ean, quantity, location="erfurt", purchase_order="PO123"):
        """Sell pieces off.

        :return: the row
        :rtype: dict
        """
        day = f"{self.clock():%Y-%m-%d}"
        row = {
            "merchant_id": "899561ce-e76e-11ea-b770-5ff9afbbecdd",
            "purchase_order_number": purchase_order,
            "shipping_notice_number": str(uuid.UUID(int=self._labels)),
            "ean": ean,
            "sku_simple": f"ZAL{ean[-8:]}",
            # In words of the documents: a text.
            "quantity": str(quantity),
            "stock_location_id": LOCATIONS[location]["location_id"],
            "liquidation_date": day,
            "reporting_date": day,
        }
        self.stock[ean, location] -= quantity
        return self._note(LIQUIDATED, [row])[0]

    def list_rows(self, kind, since, until):
        """List what happened in a time, as far as it is remembered.

        :param str kind: name of the resource
        :param datetime since: aware
        :param datetime until: aware, not included
        :return: the rows
        :rtype: list of dict
        """
        oldest = self.clock() - MEMORY
        found = [
            (moment, row)
            for moment, row in self.movements[kind]
            if max(since, oldest) <= moment < until
        ]
        if kind != RELOCATED:
            return [row for _moment, row in found]
        reports = {}
        for moment, row in found:
            reports.setdefault(f"{moment:%Y-%m-%d}", []).append(row)
        return [
            {"report_date": day, "movements": rows} for day, rows in reports.items()
        ]

    def _note(self, kind, rows):
        now = self.clock()
        self.movements[kind] += [(now, row) for row in rows]
        return rows

    def _make_label(self):
        self._labels += 1
        return f"{self._labels:011X}"
