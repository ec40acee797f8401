"""The shapes in which Lengow reads a catalogue: CSV, XML and JSON.

A feed is a head, rows, and a tail; every row is bytes of its own, so that a feed can be
put together from old and new rows.

:source: API reference, "Technical Guidelines", "Sources format"
"""

import csv
import json
import re

from .feed_headers import make_tags

_SPECIAL_IN_XML = re.compile("[&<>\r]")
# XML 1.0 has no way at all to write these.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _Lines(list):
    write = list.append


class CsvFormat:
    """Formatted text, the format that Lengow prefers.

    :param list headers: names of the columns
    :param str delimiter: one of `;`, `,`, `|` and the tabulator
    """

    extension = "csv"
    mimetype = "text/csv; charset=utf-8"
    #: Bytes at the start of each row that part it from the one before.
    separator = b""

    def __init__(self, headers, delimiter=";"):
        self._headers = headers
        self._delimiter = delimiter

    def write_head(self, _date):
        """:return: the bytes before the first row."""
        return self.write_rows([self._headers])[0]

    def write_tail(self):
        """:return: the bytes after the last row."""
        return b""

    def write_rows(self, rows):
        """Write rows.

        :param list rows: texts of each row, one for each column
        :return: bytes of each row
        :rtype: list[bytes]
        """
        lines = _Lines()
        # Both characters of the line's end are quoted within a text.
        csv.writer(lines, delimiter=self._delimiter, lineterminator="\r\n").writerows(
            rows
        )
        return [line.replace("\x00", "").encode() for line in lines]

    @staticmethod
    def can_hold(text):
        """Tell whether a text can be written as it is."""
        return "\x00" not in text


class XmlFormat:
    """Collection of product nodes, each with its attributes at the same level.

    :param list headers: names of the columns
    """

    extension = "xml"
    mimetype = "application/xml; charset=utf-8"
    separator = b""

    def __init__(self, headers):
        cells = "".join(f"<{tag}>%s</{tag}>" for tag in make_tags(headers))
        self._row = f"<product>{cells}</product>\n"

    def write_head(self, _date):
        """:return: the bytes before the first row."""
        return b'<?xml version="1.0" encoding="UTF-8"?>\n<products>\n'

    def write_tail(self):
        """:return: the bytes after the last row."""
        return b"</products>\n"

    def write_rows(self, rows):
        """Write rows.

        :param list rows: texts of each row, one for each column
        :return: bytes of each row
        :rtype: list[bytes]
        """
        return [(self._row % tuple(map(_escape, row))).encode() for row in rows]

    @staticmethod
    def can_hold(text):
        """Tell whether a text can be written as it is."""
        return not _NOT_IN_XML.search(text)


class JsonFormat:
    """One object per product, without any tree below it.

    :param list headers: names of the columns
    """

    extension = "json"
    mimetype = "application/json; charset=utf-8"
    separator = b","

    def __init__(self, headers):
        self._headers = headers

    def write_head(self, date):
        """:return: the bytes before the first row."""
        return f'{{"date": {json.dumps(date)}, "products": {{"product": ['.encode()

    def write_tail(self):
        """:return: the bytes after the last row."""
        return b"\n]}}\n"

    def write_rows(self, rows):
        """Write rows.

        :param list rows: texts of each row, one for each column
        :return: bytes of each row
        :rtype: list[bytes]
        """
        write = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
        return [
            f",\n{write(dict(zip(self._headers, row, strict=True)))}".encode()
            for row in rows
        ]

    @staticmethod
    def can_hold(_text):
        """Tell whether a text can be written as it is."""
        return True


def _escape(text):
    if _NOT_IN_XML.search(text):
        text = _NOT_IN_XML.sub("", text)
    if _SPECIAL_IN_XML.search(text):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = text.replace("\r", "&#13;")  # a bare one is read as a line feed
    return text


FORMATS = {"csv": CsvFormat, "xml": XmlFormat, "json": JsonFormat}
