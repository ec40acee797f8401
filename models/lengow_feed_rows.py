import logging
from datetime import date, datetime
from decimal import Decimal

import pytz

from odoo import models

from ..lengow.feed_format import FORMATS
from ..lengow.feed_headers import clean_headers
from ..lengow.feed_index import FeedIndex, hash_id
from .lengow_feed_batch import FeedBatch

_logger = logging.getLogger(__name__)

# Problems of a row, as bits of what the index keeps of it.
NO_ID, NO_EAN, NO_IMAGE, NOT_FOUND, FAILED, UNWRITABLE, LOST_IMAGE, NO_PRICE = (
    1 << bit for bit in range(8)
)
# As in Lengow's own example.
DATETIME_FORMAT = "%d/%m/%Y %H:%M"
DATE_FORMAT = "%d/%m/%Y"
# Contents that only we compute: they run no code that others wrote.
SAFE_KINDS = {"standard", "text", "attribute", "stock"}


class LengowFeed(models.Model):
    """From products to rows."""

    _inherit = "lengow.feed"

    # === BUSINESS METHODS: SETTING === #

    def _for_building(self):
        """:return: the feed in the environment in which its rows are computed."""
        self.ensure_one()
        # The rows are the same whoever asks for them, also the system in the night.
        feed_sudo = self.sudo()
        return feed_sudo.with_context(
            lengow_pricelists=feed_sudo._get_pricelists(),
            lang=self.lang,
            allowed_company_ids=self.company_id.ids,
            tz=self.user_id.tz or self.company_id.partner_id.tz or "UTC",
            lengow_failures={},
            lengow_lost_images=set(),
        )

    def _get_columns(self):
        """:return: the columns in their order."""
        # Sorting by `_order` would compare the feeds too, which takes far longer.
        return self.column_ids.sorted(lambda column: (column.sequence, column.id))

    def _get_headers(self):
        """:return: names of the columns as they are written."""
        return clean_headers(self._get_columns().mapped("name"))[0]

    def _get_writer(self):
        """:return: the format that writes rows."""
        headers = self._get_headers()
        if self.format == "csv":
            return FORMATS["csv"](headers, self.delimiter)
        return FORMATS[self.format](headers)

    # === BUSINESS METHODS: ROWS === #

    def _compute_rows(self, units, parents, writer):
        """Compute all rows of some templates.

        :param list units: (template's id, ids of its variants in the feed).
        :param set parents: ids of the templates that have a parent row.
        :param writer: a format.
        :return: the units' :class:`FeedIndex`, and bytes of each row.
        """
        pairs = [(key, product) for key, products in units for product in products]
        batch = self._make_batch(pairs, parents)
        cells, flags = self._compute_cells(batch)
        ids = batch.ids
        for product_id in self._find_unknown(batch, ids):
            flags[product_id] |= NOT_FOUND
        for key, text in ids.items():
            if not text:
                flags[key] |= NO_ID
        self._flag_cells(batch, cells, flags, writer)
        kept, keys = [], []
        left_out = self._find_left_out(batch)
        for key, product_ids in units:
            shown = [each for each in product_ids if each not in left_out]
            if shown and key in parents:
                shown.insert(0, -key)
            kept.append((key, shown))
            keys.extend(shown)
        lines = writer.write_rows([cells[key] for key in keys])
        lengths = dict(zip(keys, map(len, lines), strict=True))
        index = FeedIndex()
        for key, shown in kept:
            index.add_unit(
                key,
                [
                    (lengths[each], each, hash_id(ids[each]), flags[each])
                    for each in shown
                ],
            )
        return index, lines

    def _make_batch(self, pairs, parents):
        return FeedBatch(self, pairs, parents)

    def _compute_cells(self, batch):
        """Compute all columns.

        :return: texts and flags of each row: dicts by product's id, or parent's, negative.
        """
        columns = self._get_columns()
        keys = [*batch.products.ids, *(-key for key in batch.parents.ids)]
        flags = dict.fromkeys(keys, 0)
        texts = []
        for column in columns:
            write = self._get_cell_writer(column)
            cells = []
            for records in (batch.products, batch.parents):
                if not records:
                    continue
                values = self._get_values_guarded(batch, records, column, flags)
                cells += [
                    value if value.__class__ is str else write(value)
                    for value in map(values.get, records._ids)
                ]
            texts.append(cells)
        return dict(zip(keys, zip(*texts, strict=True), strict=True)), flags

    def _get_values_guarded(self, batch, records, column, flags):
        """Compute a column; what fails leaves its cells empty, and nothing else."""
        feed = batch.feed
        if column.kind in SAFE_KINDS:
            try:
                return feed._get_column_values(records, column)
            except Exception as error:  # noqa: BLE001 a column must not break a feed
                _logger.info("Feed %s, column %s fails", self.id, column.id)
                return self._note_failure(records, column, flags, error)
        try:
            with self.env.cr.savepoint():
                return feed._get_column_values(records, column)
        except Exception as error:  # noqa: BLE001 a column must not break a feed
            if len(records) == 1:
                return self._note_failure(records, column, flags, error)
        values = {}
        for record in records:
            values.update(self._get_values_guarded(batch, record, column, flags))
        return values

    def _note_failure(self, records, column, flags, error):
        failures = self.env.context["lengow_failures"]
        failures.setdefault(column.id, f"{type(error).__name__}: {error}")
        sign = -1 if records._name == "product.template" else 1
        for record_id in records._ids:
            flags[sign * record_id] |= FAILED
        return {}

    def _get_cell_writer(self, column):
        """:return: function that writes a value that is no text yet."""
        zone = pytz.timezone(self.env.context.get("tz") or "UTC")

        def write(value):
            if value is None or value is False:
                return "false" if value is False and is_boolean else ""
            if value is True:
                return "true"
            if isinstance(value, float):
                return format(Decimal(repr(value)).normalize(), "f")
            if isinstance(value, datetime):
                local = pytz.utc.localize(value).astimezone(zone)
                return local.strftime(DATETIME_FORMAT)
            if isinstance(value, date):
                return value.strftime(DATE_FORMAT)
            if isinstance(value, list | tuple):
                return ",".join(map(write, value))
            if isinstance(value, models.BaseModel):
                return ", ".join(value.mapped("display_name"))
            return str(value)

        is_boolean = column.kind == "field" and column._is_boolean()
        return write

    def _flag_cells(self, batch, cells, flags, writer):
        """Note what is wrong with rows, by what their cells hold."""
        numbers = {}
        for number, column in enumerate(self._get_columns()):
            if column.kind == "standard":
                numbers.setdefault(column.value, number)
        expected = [
            (numbers[value], flag)
            for value, flag in (("ean", NO_EAN), ("image", NO_IMAGE))
            if value in numbers
        ]
        price = numbers.get("price")
        for key, row in cells.items():
            if not writer.can_hold("".join(row)):
                flags[key] |= UNWRITABLE
            if key < 0:
                continue
            for number, flag in expected:
                if not row[number]:
                    flags[key] |= flag
            if price is not None and not row[price].strip("-0.,"):
                flags[key] |= NO_PRICE
        lost = self.env.context["lengow_lost_images"]
        for template_id, product_id in batch.pairs:
            if {
                ("product.template", template_id),
                ("product.product", product_id),
            } & lost:
                flags[product_id] |= LOST_IMAGE

    def _find_left_out(self, batch):
        """:return: set of ids of the products that are out of stock and not wanted so."""
        if self.include_out_of_stock:
            return set()
        quantities = batch.feed._get_quantity_values(
            batch.products, self.column_ids.browse()
        )
        return {key for key, quantity in quantities.items() if quantity <= 0}
