from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import IMPORT_BATCH_SIZE, MAXIMUM_SUGGESTIONS


class LengowMapProduct(models.TransientModel):
    """Says which products the unknown ones of marketplace orders are."""

    _name = "lengow.map.product"
    _description = "Map Lengow products"

    line_ids = fields.One2many("lengow.map.product.line", "wizard_id")

    # === ACTION METHODS === #

    def action_map(self):
        """Keep the choices as mappings, and import the orders that waited for them.

        A batch of them is imported at once, the others by the cron.

        :return: action that says what happened.
        :raise UserError: when no product is chosen.
        """
        self.ensure_one()
        lines = self.line_ids.filtered("product_id")
        if not lines:
            raise UserError(
                self.env._("Choose the product of at least one Lengow product.")
            )
        orders = lines._get_waiting_orders()
        for account, group in lines.grouped("account_id").items():
            self.env["lengow.product.mapping"]._map(
                account, {line.external_id: line.product_id for line in group}
            )
        orders.check_access("write")
        batch_sudo = orders[
            :IMPORT_BATCH_SIZE
        ].sudo()  # imports touch what users may not
        done = [
            self.env._("Lengow products mapped: %s.", len(lines)),
            *batch_sudo._import_at_once(),
        ]
        rest = orders[IMPORT_BATCH_SIZE:]
        if rest:
            # The mappings have let the cron know of them.
            done.append(
                self.env._("%s more orders are imported in the background.", len(rest))
            )
        is_warning = any(order.state == "error" for order in batch_sudo)
        action = orders._report(self.env._("Map Products"), done, is_warning=is_warning)
        action["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _open_for(self, orders):
        """Make a wizard for the products that orders wait for.

        :param lengow.order orders: orders in error.
        :return: the wizard; without lines when every product is known by now.
        """
        return self.create(
            {
                "line_ids": [
                    Command.create(vals)
                    for account, group in orders.grouped("account_id").items()
                    for vals in self._prepare_line_vals(account, group)
                ]
            }
        )

    @api.model
    def _prepare_line_vals(self, account, orders):
        lines = self.env["lengow.map.product.line"]
        unclear = self._find_unclear_products(orders)
        counts = lines._count_waiting_orders(account, list(unclear))
        titles = {line.external_id: line.title for line in orders.line_ids}
        vals_list = [
            {
                "account_id": account.id,
                "external_id": external_id,
                "title": titles.get(external_id),
                "candidate_ids": [Command.set(products.ids)],
                "order_count": counts.get(external_id, 0),
            }
            for external_id, products in unclear.items()
        ]
        vals_list.sort(key=lambda vals: (-vals["order_count"], vals["external_id"]))
        for vals in vals_list[:MAXIMUM_SUGGESTIONS]:
            suggestion = lines._suggest_product(
                account.company_id,
                vals["external_id"],
                vals["title"],
                unclear[vals["external_id"]],
            )
            vals["product_id"] = vals["suggested_product_id"] = suggestion.id
        return vals_list

    @api.model
    def _find_unclear_products(self, orders):
        """:return: dict of id to the products that it may mean: none, several, no combo."""
        orders_sudo = orders.sudo()  # looked up as imports do, whoever asks
        keys = orders_sudo._get_product_keys()
        found = orders_sudo._find_products(keys)
        products = self.env["product.product"]
        unclear = {}
        for key in keys:
            matches_sudo = found[key].products if key in found else products.sudo()
            sellable = matches_sudo.filtered(lambda product: product.type != "combo")
            if key.id and not len(sellable) == len(matches_sudo) == 1:
                unclear[key.id] = products.browse(sellable.ids)
        return unclear
