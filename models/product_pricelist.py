import psycopg2

from odoo import api, fields, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    lengow_is_neutral = fields.Boolean(
        "For Marketplace Orders",
        copy=False,
        help="It has no rules: it only gives marketplace orders their currency.",
    )

    _lengow_neutral_uniq = models.UniqueIndex(
        "(company_id, currency_id) WHERE lengow_is_neutral",
        "There is one such pricelist per currency and company.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _lengow_get(self, currency, company):
        """Get the pricelist without rules that gives a sale order its currency.

        :param res.currency currency: currency of the order.
        :param res.company company: company of the order.
        :return: the pricelist, made when there is none yet.
        :raise SerializationFailure: when another worker makes it at the same time.
        """
        vals = {
            "lengow_is_neutral": True,
            "company_id": company.id,
            "currency_id": currency.id,
        }
        domain = [(name, "=", value) for name, value in vals.items()]
        known = self.with_context(active_test=False).search(domain)
        if known:
            return known
        try:
            return self.create(
                {
                    **vals,
                    "name": self.env._("Marketplace orders in %s", currency.name),
                    # Behind all others, so that no buyer gets it by default.
                    "sequence": 1000,
                }
            )
        except psycopg2.errors.UniqueViolation as error:
            # Another worker made it since our transaction began: whoever asked for it
            # begins anew, and sees it then.
            raise psycopg2.errors.SerializationFailure(str(error)) from error
