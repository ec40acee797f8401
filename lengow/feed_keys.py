"""Which products a version of a feed is made of."""

import struct
import zlib
from array import array
from bisect import bisect_left, bisect_right
from heapq import merge
from itertools import groupby

_NUMBER_BYTES = 8
_CHECKSUM = struct.Struct("<L")


class FeedKeys:
    """The products of a feed, template by template.

    Arrays keep a million products in sixteen megabytes.
    """

    def __init__(self):
        #: Ids of each product's template and of the product, in ascending order.
        self.templates = array("q")
        self.products = array("q")
        #: Ids of the templates that have more than one variant.
        self.with_variants = array("q")
        #: Ids of the templates that are to be computed.
        self.todo = array("q")
        #: A text that is another one where other products are in the feed.
        self.digest = ""

    def __len__(self):
        return len(self.products)

    def add_pairs(self, pairs):
        """Append products.

        :param list pairs: (template's id, product's id)
        """
        templates, products = zip(*pairs, strict=True)
        self.templates.extend(templates)
        self.products.extend(products)

    def set_with_variants(self, templates):
        """Tell which templates have more than one variant.

        :param set templates: their ids
        """
        self.with_variants = array("q", sorted(templates))

    def get_units(self):
        """:return: ids of all templates, in their order."""
        return list(dict.fromkeys(self.templates))

    def iter_todo(self):
        """:return: (template's id, ids of its products) of each that is to be computed."""
        for key in self.todo:
            first = bisect_left(self.templates, key)
            last = bisect_right(self.templates, key, lo=first)
            yield key, self.products[first:last].tolist()

    def find_differing(self, old):
        """Tell which templates came, went, or have other variants.

        :param FeedKeys old: those of the version before
        :return: ids of templates, also of those that are gone
        :rtype: set
        """
        differing = set(self.with_variants) ^ set(old.with_variants)
        if self.products != old.products or self.templates != old.templates:
            # Both are in the same order: no set of a million pairs is needed.
            pairs = merge(
                *(zip(k.templates, k.products, strict=True) for k in (self, old))
            )
            for (key, _product), same in groupby(pairs):  # pylint: disable=bad-builtin-groupby
                if len(list(same)) == 1:
                    differing.add(key)
        return differing

    def save(self, path):
        """Write the keys into a file."""
        arrays = self._get_arrays()
        parts = [array("q", map(len, arrays)), *arrays]
        data = b"".join([*(part.tobytes() for part in parts), self.digest.encode()])
        path.write_bytes(data + _CHECKSUM.pack(zlib.crc32(data)))

    def load(self, path):
        """Read the keys from a file.

        :raise FileNotFoundError: when it is not there
        :raise ValueError: when it is damaged
        """
        content = path.read_bytes()
        data, checksum = content[: -_CHECKSUM.size], content[-_CHECKSUM.size :]
        if checksum != _CHECKSUM.pack(zlib.crc32(data)) or not data:
            raise ValueError(f"{path.name} is damaged")
        arrays = self._get_arrays()
        start = _NUMBER_BYTES * len(arrays)
        for numbers, size in zip(arrays, array("q", data[:start]), strict=True):
            end = start + _NUMBER_BYTES * size
            numbers.frombytes(data[start:end])
            start = end
        self.digest = data[start:].decode()
        return self

    def _get_arrays(self):
        return self.templates, self.products, self.with_variants, self.todo
