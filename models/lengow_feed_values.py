from odoo import models
from odoo.tools import html2plaintext, is_html_empty

from ..lengow.feed_expression import Expression
from .lengow_feed_batch import FeedBatch

CATEGORY_SEPARATOR = " > "  # as in Lengow's own example
BRAND_FIELDS = ("product_brand_id", "brand_id", "x_brand", "x_brand_id")
BRAND_ATTRIBUTES = ("brand", "marque", "marke", "marca", "merk", "manufacturer")


class LengowFeed(models.Model):
    """What the columns of a feed hold."""

    _inherit = "lengow.feed"

    # === BUSINESS METHODS === #

    def _get_column_values(self, products, column):
        """Compute a column: the seam for columns of other modules.

        :param products: ``product.product``, or the ``product.template`` of parent rows.
        :param column: the ``lengow.feed.column``.
        :return: dict of id to value: a text, number, truth value, date or record.
        """
        if column.kind == "standard":
            return getattr(self, f"_get_{column.value}_values")(products, column)
        return getattr(self, f"_get_column_{column.kind}_values")(products, column)

    def _get_batch(self, records):
        """:return: the batch that is being computed; else one of the records alone."""
        batch = self.env.context.get("lengow_feed_batch")
        if batch:
            return batch
        if records._name == "product.template":
            records = records.product_variant_ids
        return FeedBatch(
            self,
            [(product.product_tmpl_id.id, product.id) for product in records],
            set(),
        )

    # === BUSINESS METHODS: CHOSEN CONTENT === #

    def _get_column_text_values(self, records, column):
        return dict.fromkeys(records._ids, column.text)

    def _get_column_field_values(self, records, column):
        return self._get_path_values(records, column.path)

    def _get_column_attribute_values(self, records, column):
        attributes = self._get_batch(records).attributes
        is_template = records._name == "product.template"
        texts = attributes.templates if is_template else attributes.products
        attribute_id = column.attribute_id.id
        return {
            record_id: texts.get(record_id, {}).get(attribute_id, "")
            for record_id in records._ids
        }

    def _get_column_price_values(self, records, column):
        batch = self._get_batch(records)
        prices = batch.get_prices(column.pricelist_id)
        return self._write_prices(batch, records, prices, lambda price: price.price)

    def _get_column_stock_values(self, records, column):
        batch = self._get_batch(records)
        return self._get_offered(batch, records, batch.get_stock(column.warehouse_id))

    def _get_column_expression_values(self, records, column):
        expression = Expression(column.expression)
        values = {
            path: self._get_path_values(records, path) for path in expression.paths
        }
        return {
            record_id: expression.evaluate(
                {
                    path: self._make_plain(by_id.get(record_id))
                    for path, by_id in values.items()
                }
            )
            for record_id in records._ids
        }

    def _make_plain(self, value):
        """:return: what an expression may see: never a record."""
        if isinstance(value, models.BaseModel):
            return ", ".join(value.mapped("display_name"))
        return value

    def _get_path_values(self, records, path):
        """Follow a path of fields.

        :return: dict of id to value; several values of one record become a list.
        """
        name, _dot, rest = path.partition(".")
        if records._name == "product.product":
            templates, rest_of_template = self._get_template_path(records, name, path)
            if templates:
                values = self._get_path_values(templates, rest_of_template)
                return self._get_batch(records).spread(records, values)
        elif records._name == "product.template":
            if name == "product_tmpl_id":
                return self._get_path_values(records, rest or "display_name")
            if name not in records._fields:
                return dict.fromkeys(records._ids)  # only variants have it
        if not rest:
            if records._fields[name].relational:
                return {record.id: record[name] for record in records}
            return _read(records, name)
        related = self._get_path_values(records[name], rest)
        if records._fields[name].type == "many2one":
            return {record.id: related.get(record[name].id) for record in records}
        return {
            record.id: [related.get(target.id) for target in record[name]]
            for record in records
        }

    def _get_template_path(self, products, name, path):
        """Let a field that the template holds be read once for all its variants."""
        field = products._fields[name]
        if name == "product_tmpl_id":
            rest = path.partition(".")[2] or "display_name"
        elif field.inherited:
            rest = path
        else:
            return None, path
        return self._get_batch(products).templates, rest

    # === BUSINESS METHODS: STANDARD CONTENT === #

    def _get_id_values(self, records, _column):
        if records._name == "product.template":
            return {
                template_id: self._make_parent_id(template_id)
                for template_id in records._ids
            }
        if self.id_source == "id":
            return {product_id: str(product_id) for product_id in records._ids}
        return _read(records, self.id_source)

    def _make_parent_id(self, template_id):
        """:return: an id that no product can have, since nobody can buy a parent."""
        return f"parent-{template_id}"

    def _get_parent_id_values(self, records, _column):
        batch = self._get_batch(records)
        parents = {
            template.id: self._make_parent_id(template.id)
            if self._has_variants(template)
            else ""
            for template in batch.templates
        }
        return batch.spread(records, parents)

    def _has_variants(self, template):
        variant_counts = self.env.context.get("lengow_variant_counts")
        if variant_counts is None:
            return template.product_variant_count > 1
        return template.id in variant_counts

    def _get_product_type_values(self, records, _column):
        if records._name == "product.template":
            return dict.fromkeys(records._ids, "parent")
        batch = self._get_batch(records)
        types = {
            template.id: "child" if self._has_variants(template) else "simple"
            for template in batch.templates
        }
        return batch.spread(records, types)

    def _get_product_variation_values(self, records, _column):
        batch = self._get_batch(records)
        varying = batch.attributes.varying
        names = batch.variant_attributes
        texts = {
            template_id: ",".join(
                names[key] for key in varying.get(template_id, ()) if key in names
            )
            for template_id in batch.templates._ids
        }
        return batch.spread(records, texts)

    def _get_variant_attributes(self):
        """:return: dict of id to name of each attribute that makes variants."""
        attributes = self.env["product.attribute"].search(
            [("create_variant", "!=", "no_variant")]
        )
        return {attribute.id: attribute.name for attribute in attributes}

    def _get_name_values(self, records, _column):
        return self._get_path_values(records, "name")

    def _get_reference_values(self, records, _column):
        return _read(records, "default_code")

    def _get_ean_values(self, records, _column):
        if records._name == "product.template":
            return dict.fromkeys(records._ids, "")  # a parent is no article
        return _read(records, "barcode")

    def _get_brand_values(self, records, _column):
        """Take a field of other modules, or else an attribute that is called so."""
        fields_ = records.env["product.template"]._fields
        name = next((name for name in BRAND_FIELDS if name in fields_), None)
        if name:
            return self._get_path_values(records, f"product_tmpl_id.{name}")
        batch = self._get_batch(records)
        attributes, brands = batch.attributes, batch.brand_attributes
        is_template = records._name == "product.template"
        texts = attributes.templates if is_template else attributes.products
        return {
            record_id: next(filter(None, map(texts.get(record_id, {}).get, brands)), "")
            for record_id in records._ids
        }

    def _get_brand_attributes(self):
        attributes = self.env["product.attribute"].search(
            [("attribute_line_ids", "!=", False)]
        )
        return [a.id for a in attributes if a.name.strip().lower() in BRAND_ATTRIBUTES]

    def _get_category_values(self, records, _column):
        batch = self._get_batch(records)
        paths = {
            category: self._get_category_path(category)
            for category in batch.templates.categ_id
        }
        by_template = {
            template.id: paths.get(template.categ_id, "")
            for template in batch.templates
        }
        return batch.spread(records, by_template)

    def _get_category_path(self, category):
        """Name the category and those above it, but for Odoo's root of all products."""
        root = self.env.ref("product.product_category_all", raise_if_not_found=False)
        names = []
        while category and category != root:
            names.append(category.name)
            category = category.parent_id
        return CATEGORY_SEPARATOR.join(reversed(names))

    def _get_description_values(self, records, column):
        batch = self._get_batch(records)
        texts = {
            template.id: html2plaintext(html, include_references=False).strip()
            if html
            else template.description_sale
            for template, html in self._get_descriptions(batch)
        }
        return batch.spread(records, texts)

    def _get_description_html_values(self, records, column):
        batch = self._get_batch(records)
        texts = {template.id: html for template, html in self._get_descriptions(batch)}
        return batch.spread(records, texts)

    def _get_descriptions(self, batch):
        """:return: each template with its description for customers in HTML, or ""."""
        names = [
            name
            for name in ("description_ecommerce", "website_description")
            if name in batch.templates._fields
        ]
        for template in batch.templates:
            htmls = (template[name] for name in names)
            html = next((html for html in htmls if not is_html_empty(html)), "")
            yield template, str(html)

    def _get_description_short_values(self, records, _column):
        return self._get_path_values(records, "description_sale")

    def _get_weight_values(self, records, _column):
        return _read(records, "weight")

    def _get_url_values(self, records, _column):
        if not self.product_url:
            if "website_url" not in records._fields:
                return dict.fromkeys(records._ids, "")
            base = self.get_base_url()
            return {
                record.id: record.website_url and f"{base}{record.website_url}"
                for record in records
            }
        is_template = records._name == "product.template"
        return {
            record.id: self.product_url.format(
                id=record.id,
                template_id=record.id if is_template else record.product_tmpl_id.id,
                reference=record.default_code or "",
                barcode=record.barcode or "",
            )
            for record in records
        }

    def _get_image_values(self, records, column):
        products, templates = self._get_batch(records).images
        urls = templates if records._name == "product.template" else products
        number = max(column.image_number, 1) - 1
        return {
            record_id: found[number]
            if len(found := urls.get(record_id, ())) > number
            else ""
            for record_id in records._ids
        }

    def _get_quantity_values(self, records, _column):
        batch = self._get_batch(records)
        stock = batch.get_stock(self.warehouse_ids)
        return self._get_offered(batch, records, stock)


def _read(records, name):
    """:return: dict of id to the value of a field that is no relation."""
    return dict(zip(records._ids, records.mapped(name), strict=True))
