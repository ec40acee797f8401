from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    # === BUSINESS METHODS === #

    @api.model
    def _lengow_prepare_exact_vals(self, currency, quantity, untaxed, tax_amounts):
        """Prepare a line that costs an exact amount, however its taxes are rounded.

        The split is kept on the line, where sale orders and invoices find it again.

        :param res.currency currency: currency of the amounts.
        :param float quantity: quantity of the line.
        :param float untaxed: what the line costs without taxes.
        :param dict tax_amounts: for each tax its ``tax_amount_currency`` and its
            ``base_amount_currency``.
        :return: values of ``price_unit`` and ``extra_tax_data``.
        """
        included = sum(
            amounts["tax_amount_currency"]
            for tax, amounts in tax_amounts.items()
            if tax.price_include and not tax.has_negative_factor
        )
        price_unit = (untaxed + included) / quantity
        return {
            "price_unit": price_unit,
            "extra_tax_data": {
                "currency_id": currency.id,
                "price_unit": price_unit,
                "discount": 0.0,
                "quantity": quantity,
                # Odoo converts the amounts with the rate of the document.
                "rate": 1.0,
                "manual_total_excluded_currency": untaxed,
                "manual_total_excluded": untaxed,
                "manual_tax_amounts": {
                    str(tax.id): {
                        **amounts,
                        "tax_amount": amounts["tax_amount_currency"],
                        "base_amount": amounts["base_amount_currency"],
                    }
                    for tax, amounts in tax_amounts.items()
                },
            },
        }
