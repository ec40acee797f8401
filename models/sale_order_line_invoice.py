from odoo import models


class SaleOrderLine(models.Model):
    """What is invoiced of a marketplace line, and at which exact amounts."""

    _inherit = "sale.order.line"

    # === COMPUTE METHODS === #

    def _compute_qty_to_invoice(self):
        """Let the channel say when marketplace orders are invoiced, not the products."""
        res = super()._compute_qty_to_invoice()
        lines_sudo = self.sudo()  # salespeople may not read channels
        for line in lines_sudo.filtered("order_id.lengow_channel_id"):
            policy = line.order_id.lengow_channel_id.invoice_policy
            is_delivered_elsewhere = line.order_id.lengow_delivered_by == "marketplace"
            if (
                (policy == "manual" and not is_delivered_elsewhere)
                or line.state != "sale"
                or line.display_type
                or line.is_downpayment
                or line.product_id.type == "combo"
            ):
                continue
            ordered = line.product_uom_qty
            if policy == "delivery" and line._lengow_is_to_deliver():
                ordered = min(ordered, line.qty_delivered)
            line.qty_to_invoice = ordered - line.qty_invoiced
        return res

    # === BUSINESS METHODS === #

    def _can_be_invoiced_alone(self):
        return super()._can_be_invoiced_alone() and not self._lengow_is_charge()

    def _lengow_is_charge(self):
        """:return: True for shipping, fee, discount and adjustment."""
        return self.lengow_kind not in (False, "product")

    def _lengow_is_to_deliver(self):
        """:return: True when a delivery in Odoo shows how much of it the buyer has."""
        if self._lengow_is_charge() or self.product_id.type == "service":
            return False
        # What the marketplace delivers without a transfer in Odoo counts as delivered.
        return self.order_id.lengow_delivered_by != "marketplace"

    def _prepare_invoice_line(self, **optional_values):
        vals = super()._prepare_invoice_line(**optional_values)
        if self.lengow_kind and not self.display_type:
            vals.update(self._lengow_prepare_part_vals(vals["quantity"]))
        return vals

    def _lengow_prepare_part_vals(self, quantity):
        """Prepare an invoice line for a part of the line, so that all parts add up to it.

        Odoo keeps the exact amounts of a line only where all of it is invoiced at once.

        :param float quantity: how much is invoiced now.
        :return: values of an account move line; none where Odoo's own are exact, and where
            somebody changed the line.
        """
        ordered, before = self.product_uom_qty, self.qty_invoiced
        compare = self.product_uom_id.compare
        if (
            self.discount
            or compare(quantity, 0) <= 0
            or compare(quantity, ordered) == 0
            or compare(before, 0) < 0
            or compare(before + quantity, ordered) > 0
        ):
            return {}
        currency = self.currency_id

        def part(amount):
            past, upto = (
                currency.round(amount * invoiced / ordered)
                for invoiced in (before, before + quantity)
            )
            return currency.round(upto - past)

        if not self.tax_ids:
            return {"price_unit": part(self.price_subtotal) / quantity}
        base_line = self._prepare_base_line_for_taxes_computation()
        if not base_line["manual_tax_amounts"]:
            return {}
        return self.env["account.tax"]._lengow_prepare_exact_vals(
            currency,
            quantity,
            part(base_line["manual_total_excluded_currency"]),
            {
                tax: {
                    name: part(base_line["manual_tax_amounts"][str(tax.id)][name])
                    for name in ("tax_amount_currency", "base_amount_currency")
                }
                for tax in self.tax_ids.flatten_taxes_hierarchy()
            },
        )
