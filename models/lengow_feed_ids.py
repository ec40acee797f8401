from odoo import models

from .lengow_order_product_search import ProductKey, read_numbers


class LengowFeed(models.Model):
    """The ids in a feed, by which the import of orders finds the products again."""

    _inherit = "lengow.feed"

    # === BUSINESS METHODS === #

    def _get_ids(self, batch):
        """:return: dict of product's id, or parent's, negative, to the id in the feed."""
        column = self.column_ids.browse()
        ids = self._get_id_values(batch.products, column)
        parents = self._get_id_values(batch.parents, column)
        return {
            **{key: str(text or "") for key, text in ids.items()},
            **{-key: text for key, text in parents.items()},
        }

    def _get_id_header(self):
        """:return: the name of the column by which marketplaces know products."""
        columns = self._get_columns()
        for header, column in zip(self._get_headers(), columns, strict=True):
            if column.kind == "standard" and column.value == "id":
                return header
        return ""

    def _find_unknown(self, batch, ids):
        """List products that the import of orders would not find by their id in the feed."""
        order = self.env["lengow.order"].new({"account_id": self.account_id.id})
        field = order._get_product_field(self._get_id_header())
        keys = {
            product_id: ProductKey(field, ids[product_id])
            for product_id in batch.products._ids
            if ids[product_id]
        }
        doubtful = self._find_doubtful(order, field, set(keys.values()))
        found = order._search_products(doubtful)
        return [
            product_id
            for product_id, key in keys.items()
            if key in doubtful
            and (not (match := found.get(key)) or match.products._ids != (product_id,))
        ]

    def _find_doubtful(self, order, field, keys):
        """Leave out ids that the import's first step finds, at one product only.

        It is the usual case, and all steps together take ten times as long.

        :param order: a new ``lengow.order`` of the feed's account.
        :param field: the field of products that Lengow means, or None.
        :param set keys: :class:`ProductKey` of products that bear these ids.
        :return: set of the keys that all steps must look for.
        """
        source = self.id_source
        products = self.env["product.product"].with_context(active_test=False)
        is_number = field and products._fields[field].type != "char"
        if source == (field or "default_code"):
            doubtful = set()
        elif source == "default_code" and is_number:
            doubtful = {key for key in keys if read_numbers({key.id})}
        else:
            return keys
        doubtful |= order._find_mapped_products(keys).keys()
        if source != "id":
            shared = products._read_group(
                [(source, "in", [key.id for key in keys])],
                [source],
                having=[("__count", ">", 1)],
            )
            doubtful |= {ProductKey(field, text) for (text,) in shared}
        return doubtful
