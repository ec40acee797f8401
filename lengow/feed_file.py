"""Putting a feed's file together from what is kept and what is new.

Beside the file lies one for those who accept gzip. It is a single stream whose blocks do
not refer to each other, so that blocks in which nothing changed are copied as they are.
"""

import os
import struct
import zlib
from array import array
from dataclasses import dataclass
from pathlib import Path

from .feed_index import FeedIndex

_COPY_BYTES = 1 << 20
_UNITS_PER_BLOCK = 32  # keys that share a block of the compressed file
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_GZIP_LEVEL = 1  # the fastest: a feed is read far less often than it is built


@dataclass(frozen=True)
class FeedFiles:
    """The files of one version of a feed.

    :param Path folder: where they lie
    :param str version: their name
    """

    folder: Path
    version: str

    @property
    def rows(self):
        """The feed itself."""
        return self.folder / f"{self.version}.feed"

    @property
    def zipped(self):
        """The feed, compressed."""
        return self.folder / f"{self.version}.gz"

    @property
    def index(self):
        """What lies where in the feed."""
        return self.folder / f"{self.version}.index"

    @property
    def blocks(self):
        """What lies where in the compressed feed."""
        return self.folder / f"{self.version}.blocks"

    @property
    def positions(self):
        """Where each row begins, eight bytes each, to read a page without the index."""
        return self.folder / f"{self.version}.rows"

    @property
    def keys(self):
        """Which products the feed is made of."""
        return self.folder / f"{self.version}.keys"

    def get_all(self):
        """:return: the paths of all files."""
        return (
            self.rows,
            self.zipped,
            self.index,
            self.blocks,
            self.positions,
            self.keys,
        )

    def exist(self):
        """Tell whether the version can be served and built upon."""
        return all(path.is_file() for path in self.get_all())

    def remove(self):
        """Delete the files, as far as they are there."""
        for path in self.get_all():
            path.unlink(missing_ok=True)

    def read_index(self):
        """:return: the index of the feed."""
        index = FeedIndex()
        with self.index.open("rb") as file:
            index.load(file)
        return index

    def read_span(self, first, count):
        """Tell where rows lie.

        :param int first: number of the first row, from 0
        :param int count: how many, None for all that follow
        :return: start and end in bytes
        :rtype: tuple[int, int]
        """
        total = self.positions.stat().st_size // 8 - 1
        first = min(first, total)
        last = total if count is None else min(first + count, total)
        with self.positions.open("rb") as file:
            return tuple(_read_position(file, number) for number in (first, last))


def _read_position(file, number):
    file.seek(8 * number)
    return array("Q", file.read(8))[0]


class FeedPart:
    """Rows that were computed, of a build that may go on in another process.

    What was not committed by :meth:`save` is cut off when it is opened again.

    :param Path folder: where its files lie
    :param str name: their name
    """

    def __init__(self, folder, name):
        self.folder = folder
        self.path = folder / f"{name}.part"
        self.index_path = folder / f"{name}.part-index"

    def open(self, size, index_size):
        """Make both files as long as they were when the build was last committed.

        :raise FileNotFoundError: when they are gone
        """
        for path, length in ((self.path, size), (self.index_path, index_size)):
            if length:
                if path.stat().st_size < length:
                    raise FileNotFoundError(path)
                os.truncate(path, length)
            else:
                path.write_bytes(b"")

    def save(self, index, rows):
        """Append computed units.

        :param FeedIndex index: the units
        :param list rows: bytes of each row
        :return: sizes of both files
        :rtype: tuple[int, int]
        """
        with self.path.open("ab") as file:
            file.write(b"".join(rows))
            size = file.tell()
        with self.index_path.open("ab") as file:
            index.save(file)
            return size, file.tell()

    def read_index(self):
        """:return: the index of all units that were saved."""
        index = FeedIndex()
        with self.index_path.open("rb") as file:
            index.load(file)
        return index

    def remove(self):
        """Delete the files."""
        self.path.unlink(missing_ok=True)
        self.index_path.unlink(missing_ok=True)


class _Source:
    """A file of rows with its index, from which units are taken by their keys."""

    def __init__(self, path, index, start):
        self.index = index
        self.firsts = index.get_first_rows()
        self.positions = index.get_positions(start)
        self.file = path.open("rb")

    def get_span(self, unit):
        first = self.firsts[unit]
        return (
            self.positions[first],
            self.positions[first + self.index.counts[unit]],
        )


def assemble(files, keys, part, old, head, old_head, tail, separator):
    """Write a new version: units of the part, and of the old version where there are none.

    :param FeedFiles files: where it goes
    :param keys: keys of all units in their order
    :param FeedPart part: what was computed
    :param FeedFiles old: the version before, or None
    :param bytes head: what comes before the first row
    :param int old_head: how many bytes that is in the old version
    :param bytes tail: what comes after the last row
    :param bytes separator: what parts rows; the first row has blanks instead
    :return: the index of the new version
    :rtype: FeedIndex
    """
    sources = [_Source(part.path, part.read_index(), 0)]
    if old:
        sources.append(_Source(old.rows, old.read_index(), old_head))
    try:
        return _Assembly(files, sources, old, separator).run(keys, head, tail)
    finally:
        for source in sources:
            source.file.close()


class _Assembly:
    def __init__(self, files, sources, old, separator):
        self.files = files
        self.sources = sources
        # What was computed counts before what was kept.
        self.places = {
            key: (source, unit)
            for source in reversed(sources)
            for unit, key in enumerate(source.index.keys)
        }
        self.separator = separator
        self.index = FeedIndex()
        self.new_blocks = array("q")
        self.old_blocks = _read_blocks(old) if old else {}
        self.old_zipped = old.zipped.open("rb") if old else None
        self.checksum = 0
        self.is_first_row = True

    def run(self, keys, head, tail):
        with self.files.rows.open("wb") as self.out, self.files.zipped.open("wb") as gz:
            self.gz = gz
            gz.write(_GZIP_HEAD)
            self._write(head)
            self._zip(head)
            for number, units in _split(keys):
                self._write_block(number, units)
            self._write(tail)
            self._zip(tail, last=True)
            size = self.out.tell()
            gz.write(struct.pack("<LL", self.checksum, size & 0xFFFFFFFF))
        if self.old_zipped:
            self.old_zipped.close()
        with self.files.index.open("wb") as file:
            self.index.save(file)
        with self.files.blocks.open("wb") as file:
            self.new_blocks.tofile(file)
        with self.files.positions.open("wb") as file:
            self.index.get_positions(len(head)).tofile(file)
        return self.index

    def _write_block(self, number, keys):
        """Write the units of a block, and their compressed form anew where need be."""
        pieces, is_new, rows = [], False, len(self.index)
        for source, first_unit, last_unit in self._find_runs(keys):
            is_new = is_new or source is self.sources[0]
            start = source.get_span(first_unit)[0]
            end = source.get_span(last_unit)[1]
            source.file.seek(start)
            pieces.append(source.file.read(end - start))
            last = last_unit + 1
            self.index.add_units_of(
                source.index,
                slice(first_unit, last),
                slice(source.firsts[first_unit], source.firsts[last]),
            )
        data = b"".join(pieces)
        if not data:
            return
        if self.is_first_row and self.separator:
            data = b" " * len(self.separator) + data[len(self.separator) :]
            is_new = True
        self.is_first_row = False
        self._write(data)
        start, count = self.gz.tell(), len(self.index) - rows
        kept = None if is_new else self.old_blocks.get(number)
        if kept and kept[2:] == (count, len(data)):
            self.old_zipped.seek(kept[0])
            self.gz.write(self.old_zipped.read(kept[1] - kept[0]))
        else:
            self._zip(data)
        self.new_blocks.extend((number, start, self.gz.tell(), count, len(data)))

    def _find_runs(self, keys):
        """Find the units of a block: stretches of one source that lie side by side."""
        runs = []
        for key in keys:
            source, unit = self.places.get(key, (None, None))
            if source is None:
                continue  # its products are gone since the build began
            if runs and runs[-1][0] is source and runs[-1][2] == unit - 1:
                runs[-1][2] = unit
            else:
                runs.append([source, unit, unit])
        return runs

    def _write(self, data):
        self.checksum = zlib.crc32(data, self.checksum)
        self.out.write(data)

    def _zip(self, data, last=False):
        compressor = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self.gz.write(compressor.compress(data))
        self.gz.write(compressor.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH))


def _split(keys):
    """Part keys into blocks; a key is in the same block in every version."""
    units, current = [], None
    for key in keys:
        number = key // _UNITS_PER_BLOCK
        if number != current and units:
            yield current, units
            units = []
        current = number
        units.append(key)
    if units:
        yield current, units


def _read_blocks(old):
    numbers = array("q")
    with old.blocks.open("rb") as file:
        numbers.frombytes(file.read())
    return {
        numbers[i]: (numbers[i + 1], numbers[i + 2], numbers[i + 3], numbers[i + 4])
        for i in range(0, len(numbers), 5)
    }
