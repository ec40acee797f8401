"""A version of a feed is whole, whatever of the one before it is made of."""

import gzip
import random
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..lengow import feed_file
from ..lengow.feed_index import FeedIndex, hash_id

HEAD, TAIL = b"head\n", b"tail"
VERSIONS = 40
KEYS = 300


@tagged("post_install", "-at_install", "lengow")
class TestFeedFiles(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.rng = random.Random(7)

    def make_unit(self, key):
        """:return: rows of a template, none where all its products are left out."""
        count = self.rng.choice((0, 1, 1, 3))
        return [
            (10 * key + number, f"{key}.{number} {self.rng.random()}\n".encode())
            for number in range(count)
        ]

    def change(self, units):
        """Change, add and remove some units.

        :return: keys of those that were made anew.
        """
        if self.rng.random() < 0.3:  # whole blocks go
            start = self.rng.randrange(KEYS)
            for key in range(start, start + 40):
                units.pop(key, None)
        made = set()
        for key in self.rng.sample(range(1, KEYS), self.rng.randint(0, 8)):
            if self.rng.random() < 0.3:
                units.pop(key, None)
            else:
                units[key] = self.make_unit(key)
                made.add(key)
        return made

    def build(self, name, units, made, old, separator):
        """:return: files of the version."""
        part = feed_file.FeedPart(self.folder, name)
        part.open(0, 0)
        for key in sorted(made):
            index = FeedIndex()
            rows = [separator + data for _product, data in units[key]]
            facts = [
                (len(row), product, hash_id(str(product)), product % 3)
                for (product, _data), row in zip(units[key], rows, strict=True)
            ]
            index.add_unit(key, facts)
            part.save(index, rows)
        files = feed_file.FeedFiles(self.folder, name)
        feed_file.assemble(files, sorted(units), part, old, HEAD, TAIL, separator)
        files.keys.touch()
        return files

    def assert_whole(self, files, units, separator):
        rows = [row for key in sorted(units) for row in units[key]]
        texts = [separator + data for _product, data in rows]
        if texts:
            texts[0] = b" " * len(separator) + rows[0][1]
        data = files.rows.read_bytes()
        self.assertEqual(data, HEAD + b"".join(texts) + TAIL)
        self.assertEqual(gzip.decompress(files.zipped.read_bytes()), data)
        index = files.read_index()
        self.assertEqual(index.products.tolist(), [product for product, _data in rows])
        self.assertEqual(index.flags.tolist(), [product % 3 for product, _data in rows])
        self.assertEqual(index.keys.tolist(), sorted(units))
        for number, text in enumerate(texts):
            start, end = files.read_span(number, 1)
            self.assertEqual(data[start:end], text)

    def test_versions_that_are_built_upon_each_other(self):
        for separator in (b"", b",\n"):
            with self.subTest(separator=separator), self.count_copies() as copied:
                units = {key: self.make_unit(key) for key in range(1, KEYS, 2)}
                files = self.build(
                    f"v{len(separator)}-0", units, units, None, separator
                )
                self.assert_whole(files, units, separator)
                for number in range(1, VERSIONS):
                    first = next((key for key in sorted(units) if units[key]), None)
                    made = self.change(units)
                    if separator and first in units:
                        # As a build does: it was written without what parts it.
                        made.add(first)
                    name = f"v{len(separator)}-{number}"
                    files = self.build(name, units, made, files, separator)
                    self.assert_whole(files, units, separator)
                self.assertGreater(sum(copied), VERSIONS)
                self.assertGreater(max(copied), 2, "never several blocks at once")

    @contextmanager
    def count_copies(self):
        """:return: list of how many blocks were copied at once, each time."""
        copied, copy = [], feed_file._Assembly._copy_blocks

        def copy_counted(assembly, blocks):
            copied.append(len(blocks))
            copy(assembly, blocks)

        with patch.object(feed_file._Assembly, "_copy_blocks", copy_counted):
            yield copied
