import os
from collections import defaultdict
from mimetypes import guess_extension
from urllib.parse import quote

from odoo import models
from odoo.tools.misc import limited_field_access_token

from .lengow_feed_column import MAXIMUM_IMAGES

# Field that holds a model's own image, and the field to show it by.
OWN_IMAGES = {
    "product.product": ("image_variant_1920", "image_1920"),
    "product.template": ("image_1920", "image_1920"),
    "product.image": ("image_1920", "image_1920"),
}


class LengowFeed(models.Model):
    """Addresses of images.

    Each bears a token that opens it though its product is not published. Odoo's tokens
    live 14 to 42 days; every row is computed again each week.
    """

    _inherit = "lengow.feed"

    # === BUSINESS METHODS === #

    def _get_image_urls(self, batch):
        """List the images of a batch, the product's own first.

        :return: pair of dicts, of products and of templates: id -> list of addresses.
        """
        of_products = self._find_images(batch.products)
        of_templates = self._find_images(batch.templates)
        extra = self._get_extra_images(batch)
        products, templates = {}, {}
        for template in batch.templates:
            own = of_templates.get(template.id)
            templates[template.id] = [
                *([own] if own else []),
                *extra["product_tmpl_id", template.id],
            ][:MAXIMUM_IMAGES]
        for template_id, product_id in batch.pairs:
            own = of_products.get(product_id)
            variant_extra = extra["product_variant_id", product_id]
            known = templates[template_id]
            products[product_id] = (
                [*([own] if own else []), *variant_extra, *known][:MAXIMUM_IMAGES]
                if own or variant_extra
                else known
            )
        return products, templates

    def _get_extra_images(self, batch):
        """:return: dict of (field, id) to addresses of the website's further images."""
        found = defaultdict(list)
        if "product.image" not in self.env:
            return found
        for name, records in (
            ("product_tmpl_id", batch.templates),
            ("product_variant_id", batch.products),
        ):
            images = self.env["product.image"].search([(name, "in", records.ids)])
            urls = self._find_images(images)
            for image in images:
                if url := urls.get(image.id):
                    found[name, image[name].id].append(url)
        return found

    def _find_images(self, records):
        """:return: dict of record's id to the address of its own image."""
        own_field, shown_field = OWN_IMAGES[records._name]
        attachments = self.env["ir.attachment"].search_fetch(
            [
                ("res_model", "=", records._name),
                ("res_field", "=", own_field),
                ("res_id", "in", records.ids),
            ],
            ["res_id", "checksum", "mimetype", "store_fname"],
        )
        base = self.get_base_url()
        lost = self.env.context.get("lengow_lost_images")
        urls = {}
        for attachment in attachments:
            record = records.browse(attachment.res_id)
            if attachment.store_fname and not os.path.exists(
                attachment._full_path(attachment.store_fname)
            ):
                if lost is not None:
                    lost.add((records._name, record.id))
                continue
            token = limited_field_access_token(record, shown_field, scope="binary")
            extension = guess_extension(attachment.mimetype or "") or ".jpg"
            name = quote(f"{record.id}{extension}")
            # The checksum changes with the image, so that nobody keeps the old one.
            urls[record.id] = (
                f"{base}/web/image/{records._name}/{record.id}/{shown_field}/{name}"
                f"?access_token={token}&unique={(attachment.checksum or '')[:8]}"
            )
        return urls
