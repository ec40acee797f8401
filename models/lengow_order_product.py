from odoo import models
from odoo.exceptions import UserError

from ..const import FBA_SUFFIX, NAMES_SHOWN
from .lengow_order_job import OrderProblem
from .lengow_order_product_search import ProductKey
from .lengow_order_retry import PRODUCT_PROBLEMS


class LengowOrder(models.Model):
    """Finding the products of marketplace lines."""

    _inherit = "lengow.order"

    # === ACTION METHODS === #

    def action_map_product(self):
        """Ask which products the unknown ones of the orders are.

        :return: action that opens a wizard, or tries the orders again where nothing is
            unknown any more.
        :raise UserError: when none of the orders waits for a product.
        """
        orders = self.filtered(
            lambda order: order.state == "error"
            and order.error_code in PRODUCT_PROBLEMS
        )
        if not orders:
            raise UserError(
                self.env._(
                    "None of the chosen orders waits for a product to be mapped."
                )
            )
        wizard = self.env["lengow.map.product"]._open_for(orders)
        if not wizard.line_ids:
            return orders.action_retry()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Map Products"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # === BUSINESS METHODS === #

    def _find_products(self, keys):
        """Find the products of a batch, step by step.

        :param set keys: :class:`ProductKey` of its lines.
        :return: dict of key to :class:`Found`, without those that are not found.
        """
        found = self._search_products(keys)
        shortened = {
            key: key._replace(id=key.id[: -len(FBA_SUFFIX)])
            for key in keys - found.keys()
            if key.id.upper().endswith(FBA_SUFFIX)
        }
        if shortened:
            matches = self._search_products(set(shortened.values()))
            found.update(
                {
                    key: matches[short]
                    for key, short in shortened.items()
                    if short in matches
                }
            )
        # One prefetch for all: the taxes and names of a batch are read at once.
        everything = self.env["product.product"].union(
            *(match.products for match in found.values())
        )
        return {
            key: match._replace(products=match.products.with_prefetch(everything.ids))
            for key, match in found.items()
        }

    def _get_product_keys(self):
        """:return: set of :class:`ProductKey` of the lines that are to be delivered."""
        return {
            self._get_product_key(line)
            for order in self
            for line in order._view().lines
            if line.is_counted
        }

    def _get_product_key(self, line):
        return ProductKey(self._get_product_field(line.product_field), line.product_id)

    def _get_found(self, line):
        """:return: the :class:`Found` of a :class:`LineJob`, or None."""
        key = self._get_product_key(line.view)
        found = self.env.context.get("lengow_products")
        if found is None:
            found = self._find_products({key})
        return found.get(key)

    def _find_product(self, line):
        """Find the product of a marketplace line.

        :param LineJob line: the line.
        :return: the product; the channel's fallback where there is none.
        :raise OrderProblem: when there is none, or several.
        """
        found = self._get_found(line)
        if found is None:
            fallback = self.channel_id.fallback_product_id
            if not fallback:
                raise self._make_unknown_product_problem(line.view)
            products = fallback
        else:
            products = found.products
        if len(products) > 1:
            raise self._make_ambiguous_product_problem(line.view, products)
        if products.type == "combo":
            raise OrderProblem(
                "combo_product",
                self.env._(
                    "Order %(order)s: “%(sku)s” is the combo “%(product)s”, of which Odoo "
                    "cannot tell what to deliver.",
                    order=self.marketplace_order_id,
                    sku=line.view.product_id,
                    product=products.display_name,
                ),
            )
        return products

    def _find_uom(self, line):
        """Find what the quantity of a marketplace line counts.

        Where Lengow names a packaging, it counts packagings. The sale line does too, so
        that quantity and price are the marketplace's own, with nothing to divide or round.

        :param LineJob line: the line, whose product is known.
        :return: the unit.
        """
        found = self._get_found(line)
        is_packaging = (
            found is not None and found.uom and found.products == line.product
        )
        return found.uom if is_packaging else line.product.uom_id

    def _prepare_product_line_vals(self, line):
        """Prepare what a sale line says of its product.

        :param LineJob line: the line.
        :return: values of a sale order line.
        """
        vals = {"product_uom_id": self._find_uom(line).id}
        if line.product == self.channel_id.fallback_product_id:
            view = line.view
            name = [f"[{view.product_id}]" if view.product_id else "", view.title]
            vals["name"] = " ".join(filter(None, name)) or line.product.display_name
        return vals

    def _make_unknown_product_problem(self, view):
        if not view.product_id:
            message = self.env._(
                "Order %(order)s: Lengow gives no number for the product “%(title)s”.",
                order=self.marketplace_order_id,
                title=view.title,
            )
        else:
            message = self.env._(
                "Order %(order)s: no product for “%(title)s”, which Lengow calls “%(sku)s”.",
                order=self.marketplace_order_id,
                title=view.title,
                sku=view.product_id,
            )
        return OrderProblem("unknown_product", message)

    def _make_ambiguous_product_problem(self, view, products):
        details = {
            "order": self.marketplace_order_id,
            "sku": view.product_id,
            "count": len(products),
            "names": self._name_products(products),
        }
        if len(products.product_tmpl_id) == 1:
            message = self.env._(
                "Order %(order)s: “%(sku)s” is the product “%(template)s”, of which "
                "%(count)s variants can be meant: %(names)s. Map it to the one that is sold.",
                template=products.product_tmpl_id.name,
                **details,
            )
        else:
            message = self.env._(
                "Order %(order)s: “%(sku)s” is the reference of %(count)s products: "
                "%(names)s.",
                **details,
            )
        return OrderProblem("ambiguous_product", message)

    def _name_products(self, products):
        """:return: the names of the first products, as one text."""
        names = products[:NAMES_SHOWN].mapped("display_name")
        return ", ".join(names) + (", …" if len(products) > NAMES_SHOWN else "")
