from itertools import count

from odoo import Command, api, fields, models

from ..lengow.taxes import is_business, is_deemed_supplier, is_untaxed


class LengowOrder(models.Model):
    """Writing the sale orders of marketplace orders, exact to the cent."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _create_sale_orders(self, jobs):
        """Create, check and confirm one sale order per package.

        :param list jobs: the :class:`OrderJob` of a batch, whose partners are known.
        """
        packages = [package for job in jobs for package in job.packages]
        for job in jobs:
            job.record._settle_difference(job.amounts, job.currency)
        self._name_packages(packages)
        sales = self.env["sale.order"].create(
            [
                package.order.record._prepare_sale_order_vals(package)
                for package in packages
            ]
        )
        sales_by_job = {}
        for package, sale in zip(packages, sales, strict=True):
            sales_by_job.setdefault(package.order, []).append((package, sale))
        held = self.browse()
        for job, pairs in sales_by_job.items():
            reason = job.record._get_hold_reason(job, pairs)
            if reason:
                held |= job.record
                # Those of earlier packages may be confirmed: nobody could release them.
                job.record.sale_order_ids.filtered(
                    lambda sale: sale.state in ("draft", "sent")
                ).lengow_hold_reason = reason
                job.record.write(
                    {"error_code": "total_mismatch", "error_message": reason}
                )
        self._log_origin(sales_by_job)
        orders = self.browse([job.record.id for job in jobs])
        # Before they are confirmed: delivering them can be a problem of its own.
        (orders - held).write({"error_code": False, "error_message": False})
        orders._confirm_sale_orders(
            sales.filtered(lambda sale: sale.lengow_order_id not in held)
        )
        orders.write(
            {
                "state": "imported",
                "next_attempt": False,
                "merchant_id_state": "pending",
                "merchant_id_attempts": 0,
                "merchant_id_next_attempt": fields.Datetime.now(),
            }
        )

    def _confirm_sale_orders(self, sales):
        """Confirm the sale orders whose channel wants it."""
        sales = sales.filtered("lengow_channel_id.auto_confirm")
        if sales:
            sales.action_confirm()

    def _settle_difference(self, amounts, currency):
        """Make an adjustment of what the parts of an order leave unexplained.

        Only what the channel tolerates; the rest holds the order.

        :param OrderAmounts amounts: what the order costs.
        :param res.currency currency: the currency of the amounts.
        """
        difference = amounts.difference
        if not difference or not self.account_id.adjustment_product_id:
            return
        unexplained, tolerance = abs(float(difference)), self.channel_id.tolerance
        if currency.compare_amounts(unexplained, tolerance) <= 0:
            package = next((costs for costs in amounts.packages if costs.lines), None)
            if package:
                package.adjustment = difference

    @api.model
    def _name_packages(self, packages):
        """Name packages after the marketplace's number, where their channel wants it.

        Further packages get -2, -3 and so on, as do orders that share a number.
        """
        wanted = [
            package
            for package in packages
            if package.order.record.channel_id.order_name == "marketplace"
        ]
        candidates, given = {}, set()
        while wanted:
            for package in wanted:
                name = package.order.record._get_order_name()
                names = candidates.setdefault(name, self._number_names(name))
                package.name = next(name for name in names if name not in given)
                given.add(package.name)
            sales = self.env["sale.order"].search_fetch(
                [("name", "in", [package.name for package in wanted])], ["name"]
            )
            taken = set(sales.mapped("name"))
            wanted = [package for package in wanted if package.name in taken]

    def _get_order_name(self):
        """:return: the name of the first package, where the channel names orders."""
        return f"{self.channel_id.order_name_prefix or ''}{self.marketplace_order_id}"

    @api.model
    def _number_names(self, name):
        yield name
        for number in count(2):
            yield f"{name}-{number}"

    def _get_hold_reason(self, job, pairs):
        """Compare what Odoo says with what the marketplace says.

        :param list pairs: the order's :class:`PackageJob` with their sale orders.
        :return: why the sale orders must not be confirmed, or False.
        """
        currency = job.currency
        if job.amounts.difference:
            return self.env._(
                "Order %(order)s: the marketplace's total is %(total)s, but its lines and "
                "charges add up to %(parts)s.",
                order=self.marketplace_order_id,
                total=currency.format(float(job.amounts.total)),
                parts=currency.format(float(job.amounts.parts_total)),
            )
        for package, sale in pairs:
            expected = float(package.amounts.total)
            if currency.compare_amounts(sale.amount_total, expected):
                return self.env._(
                    "Order %(order)s: the package costs %(expected)s on the marketplace, but "
                    "%(total)s in Odoo.",
                    order=self.marketplace_order_id,
                    expected=currency.format(expected),
                    total=currency.format(sale.amount_total),
                )
        return False

    @api.model
    def _log_origin(self, sales_by_job):
        bodies = {}
        for job, pairs in sales_by_job.items():
            body = self.env._(
                "%(marketplace)s order %(order)s, imported from Lengow.",
                marketplace=job.record.channel_id.marketplace_id.name,
                order=job.record.marketplace_order_id,
            )
            for comment in job.view.comments:
                body += "\n" + self.env._("The buyer writes: %s", comment)
            if (
                is_business(job.view)
                and is_untaxed(job.view)
                and any(sale.amount_tax for _package, sale in pairs)
            ):
                body += "\n" + self.env._(
                    "The marketplace charged this business no tax, but the fiscal position "
                    "does. Check it; the channel can have one for businesses."
                )
            bodies.update({sale.id: body for _package, sale in pairs})
        self.env["sale.order"].browse(bodies)._message_log_batch(bodies)

    def _prepare_sale_order_vals(self, package):
        """Prepare the sale order of a package.

        :param PackageJob package: the package.
        :return: values of a sale order with its lines.
        """
        job, channel = package.order, self.channel_id
        package.fiscal_position = self._get_fiscal_position(package)
        vals = {
            "company_id": self.company_id.id,
            "partner_id": job.partner.id,
            "partner_invoice_id": job.invoice_partner.id,
            "partner_shipping_id": package.delivery_partner.id,
            "date_order": self.order_date or fields.Datetime.now(),
            "client_order_ref": self.marketplace_order_id,
            "origin": channel.marketplace_id.name,
            "pricelist_id": job.pricelist.id,
            "fiscal_position_id": package.fiscal_position.id,
            "team_id": channel.team_id.id,
            "user_id": channel.user_id.id,
            "require_signature": False,
            "require_payment": False,
            "lengow_order_id": self.id,
            "lengow_package_key": package.view.key,
            **self._prepare_fulfilment_vals(),
            **self._prepare_relay_vals(package),
            **self._prepare_carrier_vals(package),
            "order_line": [
                Command.create(line_vals)
                for line_vals in (
                    *map(self._prepare_sale_line_vals, package.lines),
                    *self._prepare_charge_line_vals(package),
                )
            ],
        }
        if package.name:
            vals["name"] = package.name
        if channel.payment_term_id:
            vals["payment_term_id"] = channel.payment_term_id.id
        if channel.tag_ids:
            vals["tag_ids"] = [Command.set(channel.tag_ids.ids)]
        if channel.invoice_journal_id:
            vals["journal_id"] = channel.invoice_journal_id.id
        if "sale_order_template_id" in self.env["sale.order"]._fields:
            # A quotation template would add lines and send its own e-mail.
            vals["sale_order_template_id"] = False
        return vals

    def _get_fiscal_position(self, package):
        """Find the fiscal position of a package.

        :param PackageJob package: the package, whose partners are known.
        :return: the channel's for such orders, else Odoo's own for the delivery address.
        """
        channel, view = self.channel_id, package.order.view
        position = self.env["account.fiscal.position"]
        if is_deemed_supplier(view):
            position = channel.deemed_supplier_fiscal_position_id
        if not position and is_business(view):
            position = channel.business_fiscal_position_id
        if position or channel.fiscal_position_id:
            return position or channel.fiscal_position_id
        buyer, delivery = package.order.partner, package.delivery_partner
        # Odoo finds none for a buyer without a country, such as one that stands for all.
        return position._get_fiscal_position(
            buyer if buyer.country_id else delivery, delivery
        )

    def _prepare_sale_line_vals(self, line):
        """Prepare the sale line of a marketplace line.

        :param LineJob line: the line.
        :return: values of a sale order line.
        """
        return {
            "lengow_line_id": line.record.id,
            **self._prepare_priced_line_vals(
                "product",
                line.package,
                line.product,
                line.amount,
                float(line.view.quantity),
            ),
            **self._prepare_product_line_vals(line),
        }

    def _prepare_charge_line_vals(self, package):
        """:return: values of the lines for charges, discount and adjustment."""
        account, amounts = self.account_id, package.amounts
        charges = [
            ("shipping", account.shipping_product_id, amounts.shipping),
            (
                "processing_fee",
                account.processing_fee_product_id,
                amounts.processing_fee,
            ),
            ("discount", account.discount_product_id, -amounts.discount),
            ("adjustment", account.adjustment_product_id, amounts.adjustment),
        ]
        return [
            {
                **self._prepare_priced_line_vals(kind, package, product, amount, 1.0),
                "is_delivery": kind == "shipping",
            }
            for kind, product, amount in charges
            if amount
        ]

    def _prepare_priced_line_vals(self, kind, package, product, amount, quantity):
        """Prepare a sale line that costs exactly what the buyer pays.

        :param str kind: ``lengow_kind`` of the line.
        :param PackageJob package: the package.
        :param product.product product: the product.
        :param Decimal amount: what the whole line costs, taxes included.
        :param float quantity: quantity, more than 0.
        :return: values of a sale order line.
        """
        taxes = package.fiscal_position.map_tax(
            product.taxes_id._filter_taxes_by_company(self.company_id)
        )
        price_unit = float(amount) / quantity
        lang = package.order.partner.lang or self.env.lang
        return {
            "lengow_kind": kind,
            "name": product.with_context(
                lang=lang
            ).get_product_multiline_description_sale(),
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "product_uom_qty": quantity,
            "tax_ids": [Command.set(taxes.ids)],
            "discount": 0.0,
            "price_unit": price_unit,
            **self._prepare_exact_price_vals(
                package.order.currency, product, taxes, price_unit, quantity
            ),
        }

    def _prepare_exact_price_vals(self, currency, product, taxes, price_unit, quantity):
        """Keep a price that includes taxes exact, whether Odoo's taxes do or not.

        The price of the whole line is split by Odoo's own tax engine, and the split is
        kept on the line, where orders and invoices find it again: neither of Odoo's two
        ways of rounding changes it, even where an order mixes both kinds of taxes.

        :return: values of ``price_unit`` and ``extra_tax_data``, or nothing to add.
        """
        if not taxes:
            return {}
        tax_model = self.env["account.tax"]
        base_line = tax_model._prepare_base_line_for_taxes_computation(
            {},
            product_id=product,
            tax_ids=taxes,
            price_unit=price_unit,
            quantity=quantity,
            currency_id=currency,
            rate=1.0,
            special_mode="total_included",
        )
        tax_model._add_tax_details_in_base_line(base_line, self.company_id)
        tax_model._round_base_lines_tax_details([base_line], self.company_id)
        details = base_line["tax_details"]
        untaxed = (
            details["total_excluded_currency"]
            + details["delta_total_excluded_currency"]
        )
        # What a reverse charge takes off again is not an amount of its own.
        tax_amounts = {
            tax_data["tax"]: {
                name: tax_data[name]
                for name in ("tax_amount_currency", "base_amount_currency")
            }
            for tax_data in details["taxes_data"]
            if not tax_data["is_reverse_charge"]
        }
        return tax_model._lengow_prepare_exact_vals(
            currency, quantity, untaxed, tax_amounts
        )
