"""The products whose rows are computed together, and what their columns share."""

from functools import cached_property


class FeedBatch:
    """Looks up, once for all columns, what several of them need.

    :param feed: a ``lengow.feed`` in the environment of a build.
    :param list pairs: (template's id, product's id) of each variant.
    :param set parents: ids of the templates that have a parent row.
    """

    def __init__(self, feed, pairs, parents):
        self.feed = feed.with_context(lengow_feed_batch=self)
        env = self.feed.env
        self.pairs = pairs
        self.products = env["product.product"].browse([pair[1] for pair in pairs])
        self.templates = env["product.template"].browse(
            dict.fromkeys(pair[0] for pair in pairs)
        )
        self.parents = self.templates.filtered(lambda t: t.id in parents)
        self.template_ids = {product: template for template, product in pairs}
        self.prices_by_pricelist = {}
        self.stock_by_warehouses = {}

    def spread(self, records, by_template):
        """Give products what their templates have.

        :param records: products, or templates.
        :param dict by_template: value of each template, by id.
        :return: dict of id to value.
        """
        if records._name == "product.template":
            return {record_id: by_template[record_id] for record_id in records._ids}
        ids = self.template_ids
        return {record_id: by_template[ids[record_id]] for record_id in records._ids}

    def gather(self, templates, by_product, combine):
        """Give templates what their variants have together.

        :param templates: templates of the batch.
        :param dict by_product: value of each product, by id.
        :param combine: makes one value of a list of them.
        :return: dict of id to value.
        """
        found = {template_id: [] for template_id in templates._ids}
        for template_id, product_id in self.pairs:
            if template_id in found:
                found[template_id].append(by_product[product_id])
        return {template_id: combine(values) for template_id, values in found.items()}

    @cached_property
    def ids(self):
        """Ids in the feed: dict of product's id, or parent's, negative, to text."""
        return self.feed._get_ids(self)

    @cached_property
    def attributes(self):
        """The :class:`BatchAttributes` of the products."""
        return self.feed._get_attributes(self)

    @cached_property
    def variant_attributes(self):
        """Attributes that make variants: dict of id to name."""
        return self.feed._get_variant_attributes()

    @cached_property
    def brand_attributes(self):
        """Ids of the attributes that are called a brand."""
        return self.feed._get_brand_attributes()

    @cached_property
    def images(self):
        """Addresses of images: (products, templates), each id -> list."""
        return self.feed._get_image_urls(self)

    @cached_property
    def reductions(self):
        """Prices that are reduced: (products, templates), each id -> Price, or None."""
        return self.feed._find_reductions(self)

    def get_prices(self, pricelist):
        """:return: dict of product's id to :class:`Price`."""
        if pricelist not in self.prices_by_pricelist:
            self.prices_by_pricelist[pricelist] = self.feed._get_prices(self, pricelist)
        return self.prices_by_pricelist[pricelist]

    def get_stock(self, warehouses):
        """:return: dict of product's id to quantity."""
        if warehouses not in self.stock_by_warehouses:
            self.stock_by_warehouses[warehouses] = self.feed._get_stock(
                self, warehouses
            )
        return self.stock_by_warehouses[warehouses]
