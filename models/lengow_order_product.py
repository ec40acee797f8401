from odoo import models

from .lengow_order_job import OrderProblem


class LengowOrder(models.Model):
    """Finding the products of marketplace lines."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _find_products(self, external_ids):
        """Find products by mapping, then internal reference, then barcode.

        :param set external_ids: product ids as Lengow names them.
        :return: dict of id to its products; several mean that the id is ambiguous.
        """
        account = self.account_id
        found = {
            mapping.external_id: mapping.product_id
            for mapping in self.env["lengow.product.mapping"].search(
                [
                    ("account_id", "=", account.id),
                    ("external_id", "in", list(external_ids)),
                ]
            )
        }
        products = self.env["product.product"]
        for field_name in ("default_code", "barcode"):
            missing = [
                external_id
                for external_id in external_ids
                if external_id and external_id not in found
            ]
            matches = products.search(
                [
                    *products._check_company_domain(account.company_id),
                    (field_name, "in", missing),
                ]
            )
            found.update(matches.grouped(field_name))
        # One prefetch for all: the taxes and names of a batch are read at once.
        everything = products.union(*found.values())
        return {
            external_id: product.with_prefetch(everything.ids)
            for external_id, product in found.items()
        }

    def _find_product(self, line):
        """Find the product of a marketplace line.

        :param LineJob line: the line.
        :return: the product.
        :raise OrderProblem: when there is none, or several.
        """
        external_id = line.view.product_id
        found = self.env.context.get("lengow_products")
        if found is None:
            found = self._find_products({external_id})
        products = found.get(external_id)
        if not products:
            raise OrderProblem(
                "unknown_product",
                self.env._(
                    "Order %(order)s: no product for “%(title)s”, which Lengow calls "
                    "“%(sku)s”.",
                    order=self.marketplace_order_id,
                    title=line.view.title,
                    sku=external_id,
                ),
            )
        if len(products) > 1:
            raise OrderProblem(
                "ambiguous_product",
                self.env._(
                    "Order %(order)s: “%(sku)s” is the reference of %(count)s products: "
                    "%(names)s.",
                    order=self.marketplace_order_id,
                    sku=external_id,
                    count=len(products),
                    names=", ".join(products.mapped("name")),
                ),
            )
        return products
