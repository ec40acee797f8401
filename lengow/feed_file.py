"""Putting a feed's file together from what is kept and what is new.

Beside the file lies one for those who accept gzip. It is a single stream whose blocks do
not refer to each other, so that blocks in which nothing changed are copied as they are.
"""

import os
import struct
import zlib
from array import array
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path

from .feed_index import FeedIndex

_UNITS_PER_BLOCK = 16  # keys that share a block of the compressed file
_BLOCKS_AT_ONCE = 64  # blocks that are copied together: some megabytes
_BLOCK_NUMBERS = 4  # what is kept of each block
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

    def read_positions(self):
        """:return: where each row of the feed begins, and where the last one ends."""
        with self.positions.open("rb") as file:
            return array("Q", file.read())

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

    What the build has not noted is cut off when it is opened again.

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

    def __init__(self, path, index, positions):
        self.index = index
        self.firsts = index.get_first_rows()
        self.positions = positions
        self.file = path.open("rb")

    def read_units(self, first_unit, last_unit):
        """:return: bytes of units that lie side by side."""
        start = self.positions[self.firsts[first_unit]]
        end = self.positions[self.firsts[last_unit + 1]]
        self.file.seek(start)
        return self.file.read(end - start)

    def add_facts_to(self, index, first_unit, last_unit):
        """Append what is known of units that lie side by side to another index."""
        last = last_unit + 1
        rows = slice(self.firsts[first_unit], self.firsts[last])
        index.add_units_of(self.index, slice(first_unit, last), rows)


def assemble(files, keys, part, old, head, tail, separator):
    """Write a new version: units of the part, and of the old version where there are none.

    :param FeedFiles files: where it goes
    :param keys: keys of all units in their order
    :param FeedPart part: what was computed
    :param FeedFiles old: the version before, or None
    :param bytes head: what comes before the first row
    :param bytes tail: what comes after the last row
    :param bytes separator: what parts rows; the first row has blanks instead
    :return: the index of the new version
    :rtype: FeedIndex
    """
    index = part.read_index()
    sources = [_Source(part.path, index, index.get_positions())]
    if old:
        sources.append(_Source(old.rows, old.read_index(), old.read_positions()))
    try:
        return _Assembly(files, sources, old, separator).run(keys, head, tail)
    finally:
        for source in sources:
            source.file.close()


class _Assembly:
    def __init__(self, files, sources, old, separator):
        self.files = files
        self.new = sources[0]
        self.old = sources[1] if old else None
        self.new_units = {key: unit for unit, key in enumerate(self.new.index.keys)}
        self.separator = separator
        self.index = FeedIndex()
        self.blocks = array("q")
        self.old_blocks = _read_blocks(old, self.old.index) if old else {}
        self.old_zipped = old.zipped.open("rb") if old else None
        self.checksum = 0
        self.is_first_row = True

    def run(self, keys, head, tail):
        with self.files.rows.open("wb") as self.out, self.files.zipped.open("wb") as gz:
            self.gz = gz
            gz.write(_GZIP_HEAD)
            self._write(head)
            self._zip(head)
            self._write_blocks(keys)
            self._write(tail)
            self._zip(tail, last=True)
            size = self.out.tell()
            gz.write(struct.pack("<LL", self.checksum, size & 0xFFFFFFFF))
        if self.old_zipped:
            self.old_zipped.close()
        with self.files.index.open("wb") as file:
            self.index.save(file)
        with self.files.blocks.open("wb") as file:
            self.blocks.tofile(file)
        with self.files.positions.open("wb") as file:
            self.index.get_positions(len(head)).tofile(file)
        return self.index

    def _write_blocks(self, keys):
        """Write blocks in which something changed; copy the others, several at once."""
        kept = []
        for number, block_keys in _split(keys):
            old = self.old_blocks.get(number)
            is_kept = old and self._is_kept(old, block_keys)
            if kept and not (
                is_kept and kept[-1].is_before(old) and len(kept) < _BLOCKS_AT_ONCE
            ):
                self._copy_blocks(kept)
                kept = []
            if is_kept:
                kept.append(old)
            else:
                self._write_block(number, block_keys, old)
        if kept:
            self._copy_blocks(kept)

    def _is_kept(self, old, keys):
        return (
            old.keys == keys
            and old.size > 0
            and self.new_units.keys().isdisjoint(keys)
            and not (self.is_first_row and self.separator)
        )

    def _copy_blocks(self, blocks):
        """Copy blocks of the old version that lie side by side."""
        first, last = blocks[0], blocks[-1]
        self._write(self.old.read_units(first.first_unit, last.last_unit))
        self.old.add_facts_to(self.index, first.first_unit, last.last_unit)
        self.is_first_row = False
        moved = self.gz.tell() - first.start
        self.old_zipped.seek(first.start)
        self.gz.write(self.old_zipped.read(last.end - first.start))
        for block in blocks:
            start, end = block.start + moved, block.end + moved
            self.blocks.extend((block.number, start, end, block.size))

    def _write_block(self, number, keys, old):
        """Write the units of a block, and their compressed form anew."""
        pieces = []
        for source, *units in self._find_runs(keys, old):
            pieces.append(source.read_units(*units))
            source.add_facts_to(self.index, *units)
        data = b"".join(pieces)
        if not data:
            return
        if self.is_first_row and self.separator:
            data = b" " * len(self.separator) + data[len(self.separator) :]
        self.is_first_row = False
        self._write(data)
        start = self.gz.tell()
        self._zip(data)
        self.blocks.extend((number, start, self.gz.tell(), len(data)))

    def _find_runs(self, keys, old):
        """Find the units of a block: stretches of one source that lie side by side."""
        old_units = dict(zip(old.keys, count(old.first_unit))) if old else {}
        runs = []
        for key in keys:
            if key in self.new_units:
                # What was computed counts before what was kept.
                source, unit = self.new, self.new_units[key]
            elif key in old_units:
                source, unit = self.old, old_units[key]
            else:
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
    for number, block_keys in groupby(keys, lambda key: key // _UNITS_PER_BLOCK):  # pylint: disable=bad-builtin-groupby
        yield number, list(block_keys)


@dataclass(frozen=True)
class _Block:
    """A block of the old version.

    :param int number: its number
    :param list keys: keys of its units
    :param int first_unit: number of the first one in the index
    :param int start: where its compressed form begins
    :param int end: where that ends
    :param int size: bytes of its rows
    """

    number: int
    keys: list
    first_unit: int
    start: int = 0
    end: int = 0
    size: int = 0

    @property
    def last_unit(self):
        return self.first_unit + len(self.keys) - 1

    def is_before(self, other):
        """Tell whether another block lies right behind it, in the index and compressed."""
        return self.last_unit + 1 == other.first_unit and self.end == other.start


def _read_blocks(old, index):
    """:return: dict of number to :class:`_Block` of the old version."""
    numbers = array("q")
    with old.blocks.open("rb") as file:
        numbers.frombytes(file.read())
    places = {
        numbers[i]: tuple(numbers[i + 1 : i + _BLOCK_NUMBERS])
        for i in range(0, len(numbers), _BLOCK_NUMBERS)
    }
    blocks, first_unit = {}, 0
    for number, keys in _split(index.keys):
        blocks[number] = _Block(number, keys, first_unit, *places.get(number, ()))
        first_unit += len(keys)
    return blocks
