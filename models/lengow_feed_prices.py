from typing import Any, NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError


class Price(NamedTuple):
    """What a product costs.

    :param float price: what a buyer pays, None where it is not known.
    :param float full: the price before reduction, the same where there is none.
    :param Any rule: the pricelist's rule, or none.
    """

    price: float | None
    full: float | None
    rule: Any


class LengowFeed(models.Model):
    """Prices, by Odoo's pricelists and taxes."""

    _inherit = "lengow.feed"

    # === BUSINESS METHODS === #

    def _get_prices(self, batch, pricelist):
        """Ask the pricelist for all products of a batch.

        Variants of a template that cost the same extra are asked for once, those that cost
        none with the template itself: of all that pricelists look at, they differ in
        nothing else.

        :return: dict of product's id to :class:`Price`, in the feed's currency.
        """
        source = pricelist.currency_id or self.company_id.currency_id
        rate = self._get_rate(source)
        if rate is None:
            return dict.fromkeys(batch.products._ids, Price(None, None, None))
        rules = self.env["product.pricelist.item"]
        adders = self._get_tax_adders(batch)
        prices = {}
        for records, groups in zip(
            (batch.templates, batch.products),
            self._group_by_price(batch),
            strict=True,
        ):
            asked = records.browse(groups)
            found = pricelist._compute_price_rule(asked, 1.0, currency=source)
            for record in asked:
                price, rule_id = found[record.id]
                rule = rules.browse(rule_id)
                full = self._get_full_price(record, rule, source) if rule else price
                product_ids = groups[record.id]
                product = batch.products.browse(product_ids[0])
                add_taxes = adders[batch.template_ids[product.id]]
                known = Price(
                    add_taxes(price * rate, product),
                    add_taxes(full * rate, product),
                    rule,
                )
                prices.update(dict.fromkeys(product_ids, known))
        return prices

    def _get_rate(self, source):
        """:return: what one unit of a currency is in the feed's, None if that is not known.

        Odoo itself takes 1 where there is no rate: a feed would sell for that price.
        """
        target, company = self.currency_id, self.company_id
        today = fields.Date.context_today(self)
        for currency in self._get_currencies():
            known = currency == company.currency_id or currency.rate_ids.filtered(
                lambda rate: rate.name <= today
                and rate.company_id in (company.root_id, rate.company_id.browse())
            )
            if not known:
                return None
        return source._get_conversion_rate(source, target, company, today)

    def _group_by_price(self, batch):
        """Find out whose price pricelists are to be asked for.

        :return: pair of dicts, of templates and of products: id -> list of the products
            whose price is the same.
        """
        rules = self.env["product.pricelist.item"]
        own = rules.search_fetch(
            [("product_id.product_tmpl_id", "in", batch.templates.ids)], ["product_id"]
        )
        alone = set(own.product_id.ids)
        uneven = set(own.product_id.product_tmpl_id.ids)
        costs = {}
        pricelists = self._get_pricelists()
        if rules.search_count(
            [("pricelist_id", "in", pricelists.ids), ("base", "=", "standard_price")],
            limit=1,
        ):
            costs = {product.id: product.standard_price for product in batch.products}
        extras = batch.attributes.extras
        by_template, by_product, first_of = {}, {}, {}
        for template_id, product_id in batch.pairs:
            extra = extras.get(product_id)
            if product_id in alone:
                by_product[product_id] = [product_id]
            elif not extra and not costs and template_id not in uneven:
                by_template.setdefault(template_id, []).append(product_id)
            else:
                key = (template_id, extra, costs.get(product_id))
                first = first_of.setdefault(key, product_id)
                by_product.setdefault(first, []).append(product_id)
        return by_template, by_product

    def _get_full_price(self, product, rule, currency):
        """:return: the price before what the rule takes off."""
        return rule._compute_price_before_discount(
            product, 1.0, product.uom_id, fields.Datetime.now(), currency
        )

    # Taxes

    def _get_tax_adders(self, batch):
        """:return: dict of template's id to the function that makes prices final."""
        adders, known = {}, {}
        for template in batch.templates:
            taxes = template.taxes_id
            if taxes not in known:
                known[taxes] = self._make_tax_adder(taxes)
            adders[template.id] = known[taxes]
        return adders

    def _make_tax_adder(self, taxes):
        """:return: function of a price and its product that adds taxes and rounds."""
        rounded = self.currency_id.round
        taxes = taxes._filter_taxes_by_company(self.company_id)
        rates = self._get_plain_rates(taxes) if self.tax_included else []
        if rates is None:
            return lambda price, product: taxes.compute_all(
                price, self.currency_id, product=product
            )["total_included"]
        if not rates:
            return lambda price, _product: rounded(price)
        if self.company_id.tax_calculation_rounding_method == "round_globally":
            return lambda price, _product: rounded(price * (1 + sum(rates) / 100))
        # As `compute_all` does: the price first, then each tax of it.
        return lambda price, _product: rounded(
            rounded(price) + sum(rounded(rounded(price) * rate / 100) for rate in rates)
        )

    def _get_plain_rates(self, taxes):
        """:return: percents that come on top of the price; None if it is not so easy."""
        if any(
            tax.amount_type != "percent" or tax.include_base_amount for tax in taxes
        ):
            return None
        included = set(taxes.mapped("price_include"))
        if included <= {True}:
            return []
        return taxes.mapped("amount") if included == {False} else None

    # Columns

    def _write_prices(self, batch, records, prices, get):
        """:return: dict of id to price, as text; a parent has the lowest of its variants."""
        digits = self.currency_id.decimal_places
        values = {product_id: get(price) for product_id, price in prices.items()}
        if records._name == "product.template":
            values = batch.gather(
                records,
                values,
                lambda each: min(filter(lambda v: v is not None, each), default=None),
            )
        return {
            record_id: ""
            if (value := values.get(record_id)) is None
            else f"{value:.{digits}f}"
            for record_id in records._ids
        }

    def _get_own_prices(self, records):
        batch = self._get_batch(records)
        return batch, batch.get_prices(self.pricelist_id)

    def _get_price_values(self, records, _column):
        batch, prices = self._get_own_prices(records)
        return self._write_prices(batch, records, prices, _get_highest)

    def _get_price_reduced_values(self, records, _column):
        batch, prices = self._get_own_prices(records)
        return self._write_prices(
            batch,
            records,
            prices,
            lambda price: price.price if _is_reduced(price) else None,
        )

    def _get_reduction_percent_values(self, records, _column):
        reductions = self._get_reductions(records)
        return {
            record_id: f"{100 * (1 - price.price / price.full):.2f}" if price else ""
            for record_id, price in reductions.items()
        }

    def _get_reduction_from_values(self, records, _column):
        reductions = self._get_reductions(records)
        return {
            key: price and price.rule.date_start for key, price in reductions.items()
        }

    def _get_reduction_to_values(self, records, _column):
        reductions = self._get_reductions(records)
        return {key: price and price.rule.date_end for key, price in reductions.items()}

    def _get_reductions(self, records):
        """:return: dict of id to the :class:`Price` that is reduced, or None."""
        products, templates = self._get_batch(records).reductions
        return templates if records._name == "product.template" else products

    def _find_reductions(self, batch):
        """:return: pair of dicts, of products and of templates: id -> Price, or None."""
        products = {
            key: price if _is_reduced(price) else None
            for key, price in batch.get_prices(self.pricelist_id).items()
        }
        templates = batch.gather(batch.templates, products, _get_lowest)
        return products, templates

    def _get_currency_values(self, records, _column):
        return dict.fromkeys(records._ids, self.currency_id.name)

    def _get_delivery_price_values(self, records, _column):
        carrier = self.carrier_id
        if carrier.delivery_type == "fixed":
            charges = dict.fromkeys(records._ids, carrier.fixed_price)
        elif carrier.delivery_type == "base_on_rule":
            charges = {
                record.id: self._get_charge_by_rules(record) for record in records
            }
        else:
            return dict.fromkeys(records._ids, "")
        batch, prices = self._get_own_prices(records)
        costs = {product_id: price.price for product_id, price in prices.items()}
        if records._name == "product.template":
            costs = batch.gather(
                records, costs, lambda each: min(filter(None, each), default=0)
            )
        digits = self.currency_id.decimal_places
        rate = self._get_rate(self.company_id.currency_id)
        return {
            record_id: ""
            if charge is None or rate is None
            else f"{self._get_charge(carrier, charge * rate, costs[record_id]):.{digits}f}"
            for record_id, charge in charges.items()
        }

    def _get_charge(self, carrier, charge, cost):
        free = carrier.free_over and cost is not None and cost >= carrier.amount
        return 0.0 if free else charge

    def _get_charge_by_rules(self, record):
        try:
            return self.carrier_id._get_price_from_picking(
                record.list_price,
                record.weight,
                record.volume,
                1.0,
                record.weight * record.volume,
            )
        except UserError:
            return None  # no rule is for such a product


def _is_reduced(price):
    return price.price is not None and price.full > price.price >= 0 and price.rule


def _get_lowest(prices):
    return min(filter(None, prices), key=lambda price: price.price, default=None)


def _get_highest(price):
    return price.price if price.full is None else max(price.full, price.price)
