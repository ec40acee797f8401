"""Reading the marketplace's stock report, a CSV file."""

import codecs
import csv
from dataclasses import dataclass

from .parsing import integer, text

EAN = "ean"
TOTAL = "total_quantity"
LOCATION = "location_id"
_QUANTITIES = (
    "total_quantity",
    "total_offerable_quantity",
    "total_non_offerable_quantity",
)
_LOCATION_QUANTITIES = (
    "location_quantity",
    "location_offerable_quantity",
    "location_non_offerable_quantity",
)
KNOWN = frozenset({EAN, LOCATION, *_QUANTITIES, *_LOCATION_QUANTITIES})


class StockReportError(Exception):
    """The report cannot be used.

    :param str code: `empty`, `columns`, `truncated`, `quantity` or `text`
    :param facts: what belongs into a sentence about it
    """

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class StockRow:
    """What lies at the marketplace of one EAN, in one of its warehouses or in all.

    :param str ean: the EAN
    :param str location: the marketplace's number of the warehouse, "" for all
    :param int quantity: all pieces
    :param int offerable: those that can be sold, None when not told
    """

    ean: str
    location: str
    quantity: int
    offerable: int | None


@dataclass(frozen=True)
class StockReport:
    """The whole report.

    :param list rows: :class:`StockRow`, each EAN and warehouse once
    :param tuple unknown: columns that are not documented, and were not read
    """

    rows: list
    unknown: tuple


def read_stock_report(file):
    """Read a report completely, or not at all.

    :param file: binary file
    :rtype: StockReport
    :raise StockReportError: when it is cut short or is no stock report
    :source: API reference, "Document Content"
    """
    file.seek(0)
    lines = codecs.getreader("utf-8-sig")(file, errors="strict")
    reader = csv.reader(_watch(lines), strict=True)
    try:
        header = [text(name).lower() for name in next(reader, [])]
        if not any(header):
            raise StockReportError("empty")
        if len(header) == 1 and ";" in header[0]:
            raise StockReportError("columns", found=header[0])
        is_by_location = {LOCATION, "location_quantity"} <= set(header)
        wanted = {EAN, "location_quantity" if is_by_location else TOTAL}
        if wanted - set(header):
            raise StockReportError(
                "columns",
                found=", ".join(header),
                missing=", ".join(sorted(wanted - set(header))),
            )
        rows = _read_rows(reader, header, is_by_location)
    except csv.Error:
        raise StockReportError("truncated", line=reader.line_num) from None
    except UnicodeDecodeError:
        raise StockReportError("text") from None
    unknown = tuple(name for name in header if name not in KNOWN)
    return StockReport(rows, unknown)


def _watch(lines):
    """Pass lines on, and refuse a last one without an end: something is missing."""
    line = ""
    for line in lines:
        if "\0" in line:
            raise StockReportError("text")
        yield line
    if line and not line.endswith(("\n", "\r")) and not line.endswith('"'):
        raise csv.Error("no end of line")


def _read_rows(reader, header, is_by_location):
    names = _LOCATION_QUANTITIES if is_by_location else _QUANTITIES
    found = {}
    for cells in reader:
        if not any(cells):
            continue
        if len(cells) != len(header):
            raise StockReportError("truncated", line=reader.line_num)
        values = dict(zip(header, cells, strict=True))
        quantity = integer(values[names[0]])
        if quantity is None or not text(values[EAN]):
            raise StockReportError("quantity", line=reader.line_num)
        row = StockRow(
            text(values[EAN]),
            text(values[LOCATION]) if is_by_location else "",
            quantity,
            integer(values.get(names[1])),
        )
        # A row that comes twice is the same stock told twice; parts of a warehouse that
        # come under one number, as in the documents' example, add up.
        rows = found.setdefault((row.ean, row.location), {})
        rows[tuple(cells)] = row
    return [_add_up(list(rows.values()), is_by_location) for rows in found.values()]


def _add_up(rows, is_by_location):
    last = rows[-1]
    if len(rows) == 1 or not is_by_location:
        return last
    offerable = [row.offerable for row in rows]
    return StockRow(
        last.ean,
        last.location,
        sum(row.quantity for row in rows),
        None if None in offerable else sum(offerable),
    )
