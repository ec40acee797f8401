"""What lies where in a feed's file, and what is known of each row."""

from array import array
from hashlib import blake2b
from itertools import accumulate

_MAGIC = b"LFI1"
_HEAD = 2  # numbers in front of a piece: how many units, how many rows


class FeedIndex:
    """The rows of a feed in their order, in units that are computed together.

    A unit is a template: its parent row and those of its variants, one after the other.
    Arrays keep a million rows in some thirty megabytes.
    """

    def __init__(self):
        #: Of each unit: its key, which is the template's id, and its number of rows.
        self.keys = array("q")
        self.counts = array("I")
        #: Of each row: its length in bytes, the product's id (the template's, negative,
        #: for a parent row), a hash of the id that the row bears, and its problems.
        self.lengths = array("I")
        self.products = array("q")
        self.ids = array("q")
        self.flags = array("H")

    def __len__(self):
        return len(self.lengths)

    def add_unit(self, key, rows):
        """Append a unit.

        :param int key: the template's id
        :param list rows: `(length, product, id hash, flags)` of each row
        """
        self.keys.append(key)
        self.counts.append(len(rows))
        for length, product, hashed, flags in rows:
            self.lengths.append(length)
            self.products.append(product)
            self.ids.append(hashed)
            self.flags.append(flags)

    def add_units_of(self, other, units, rows):
        """Append units of another index that lie side by side.

        :param FeedIndex other: the other one
        :param slice units: their numbers in it
        :param slice rows: the numbers of their rows in it
        """
        self.keys.extend(other.keys[units])
        self.counts.extend(other.counts[units])
        self.lengths.extend(other.lengths[rows])
        self.products.extend(other.products[rows])
        self.ids.extend(other.ids[rows])
        self.flags.extend(other.flags[rows])

    def has_facts_of(self, other):
        """Tell whether all rows are those of another index, with the same problems.

        :param FeedIndex other: the other one
        :rtype: bool
        """
        return (
            self.products == other.products
            and self.ids == other.ids
            and self.flags == other.flags
        )

    def get_first_rows(self):
        """:return: number of the first row of each unit, and of all rows at the end."""
        return list(accumulate(self.counts, initial=0))

    def get_positions(self, start=0):
        """:return: where each row begins, and where the last one ends."""
        return array("Q", accumulate(self.lengths, initial=start))

    def save(self, file):
        """Append the index to a file, as a piece that :meth:`load` finds again."""
        file.write(_MAGIC)
        array("q", (len(self.keys), len(self.lengths))).tofile(file)
        for numbers in self._get_arrays():
            numbers.tofile(file)

    def load(self, file):
        """Append all pieces of a file, from where it stands.

        :raise ValueError: when the file is damaged
        """
        while magic := file.read(len(_MAGIC)):
            if magic != _MAGIC:
                raise ValueError("the index of the feed is damaged")
            head = array("q")
            try:
                head.fromfile(file, _HEAD)
                sizes = (head[0], head[0], head[1], head[1], head[1], head[1])
                for numbers, size in zip(self._get_arrays(), sizes, strict=True):
                    numbers.fromfile(file, size)
            except EOFError as error:
                raise ValueError("the index of the feed is cut off") from error

    def _get_arrays(self):
        return (
            self.keys,
            self.counts,
            self.lengths,
            self.products,
            self.ids,
            self.flags,
        )


def hash_id(text):
    """:return: a number for an id, to find those that are there twice; 0 for none."""
    if not text:
        return 0
    digest = blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True) or 1
