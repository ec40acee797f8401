"""Reading a list of EANs and quantities that somebody pasted or uploaded."""

import csv
import io
import re
from dataclasses import dataclass

from .parsing import integer, text

_SEPARATORS = "\t;,|"
_WORDS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class EanLine:
    """One line of a list.

    :param int number: its number, from 1
    :param str ean: as it is written, "" when missing
    :param int quantity: None when it is no whole number
    :param str written: the quantity as it is written
    """

    number: int
    ean: str
    quantity: int | None
    written: str


def read_ean_list(content):
    """Read a list; the first line may be a heading.

    :param str content: one EAN and quantity a line, with any usual separator; an EAN
        without a quantity is one piece
    :return: list of :class:`EanLine`, without the blank ones
    """
    return read_rows(
        _split(line) if line.strip() else [] for line in content.splitlines()
    )


def read_rows(rows):
    """Read the rows of a list, such as those of a sheet.

    :param rows: lists of cells, of which the first two with something in them count
    :return: list of :class:`EanLine`
    """
    lines = []
    for number, cells in enumerate(rows, start=1):
        cells = [_read_cell(cell) for cell in cells]
        while cells and not cells[0]:
            cells = cells[1:]
        if not cells or (not lines and _is_heading(cells)):
            continue
        written = cells[1] if len(cells) > 1 else ""
        quantity = 1 if len(cells) == 1 else integer(written)
        lines.append(EanLine(number, cells[0], quantity, written))
    return lines


def _split(line):
    separator = next((mark for mark in _SEPARATORS if mark in line), None)
    if separator is None:
        return line.split()
    return next(csv.reader(io.StringIO(line), delimiter=separator), [])


def _read_cell(cell):
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return text(cell).strip("'\"\u00a0 ")


def _is_heading(cells):
    return all(_WORDS.search(cell) or not cell for cell in cells)
