"""The documents that Lengow keeps or has made: reports of Zalando's stock."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime

from .dates import format_date
from .warehouse import LOCATIONS

SNAPSHOT, ONE_SHOT = "zfs-item-quantity-snapshot", "zfs-item-quantity-one-shot"
# As the documents show them (002, "List available document types").
TYPES = {
    ONE_SHOT: {
        "description": "Real-time snapshot of ZFS warehouses inventory",
        "is_one_shot": True,
    },
    SNAPSHOT: {
        "description": "Daily report of ZFS warehouses inventory",
        "is_one_shot": False,
    },
}
CSV = "application/csv"


@dataclass
class StoredDocument:
    """A document that is kept.

    :param int document_id: Lengow's number
    :param int account_id: whose it is
    :param datetime created_at: aware
    :param str status: `ready`, `error` or `unknown`
    :param content: bytes, or a function that yields them
    :param bool is_expired: listed still, but gone
    """

    document_id: int
    account_id: int
    created_at: datetime
    status: str
    content: object
    content_type: str = CSV
    is_expired: bool = False
    name: str | None = None

    def describe(self):
        """Describe it as the list does."""
        return {
            "created_at": format_date(self.created_at),
            "type": self.content_type,
            "status": self.status,
        }


class DocumentStore:
    """The stored documents, and how one-shot ones are made.

    :param Logistics logistics: knows the stock
    """

    def __init__(self, logistics):
        self._logistics = logistics
        self.documents = {}
        # What a one-shot report fails with, when it shall fail.
        self.errors = None
        # HTTP status of such a failure: the documents leave open whether it is 422 too.
        self.errors_status = 422

    def add(self, account_id, content=None, status="ready", **options):
        """Keep a document.

        :param int account_id: whose it is
        :param content: default the report of the present stock
        :return: the document
        :rtype: StoredDocument
        """
        if content is None:
            content = self.write_report(account_id)
        document = StoredDocument(
            len(self.documents) + 1,
            account_id,
            self._logistics.now(),
            status,
            content,
            **options,
        )
        self.documents[document.document_id] = document
        return document

    def write_report(self, account_id, eans=None, by_location=False):
        """Write the report of what lies at Zalando.

        :param int account_id: whose stock
        :param eans: only these, None for all
        :param bool by_location: a row per warehouse
        :return: the CSV
        :rtype: bytes
        :source: 002, "Document Content"
        """
        warehouse = self._logistics.warehouses[account_id]
        totals, places = {}, {}
        for (ean, location), quantity in sorted(warehouse.stock.items()):
            if eans is None or ean in eans:
                bad = warehouse.unsaleable[ean, location]
                places[ean, location] = (quantity, quantity - bad, bad)
                total = totals.get(ean, (0, 0, 0))
                totals[ean] = tuple(
                    map(sum, zip(total, places[ean, location], strict=True))
                )
        header = ["ean", "total_quantity", "total_offerable_quantity"]
        header.append("total_non_offerable_quantity")
        rows = [[ean, *total] for ean, total in totals.items()]
        if by_location:
            header += [
                "location_id",
                "location_quantity",
                "location_offerable_quantity",
                "location_non_offerable_quantity",
            ]
            rows = [
                [ean, *totals[ean], LOCATIONS[location]["location_id"], *numbers]
                for (ean, location), numbers in places.items()
            ]
        file = io.StringIO()
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        return file.getvalue().encode()
