from dataclasses import fields as dataclass_fields

from odoo import models

from ..lengow.money import PackageAmounts, order_amounts, order_currency
from .lengow_order_job import LineJob, OrderJob, OrderProblem, PackageJob


class LengowOrder(models.Model):
    """Letting the sale orders follow lines, quantities and amounts of the marketplace.

    What the marketplace changed is changed in Odoo, by comparing what it said before with
    what it says now; the rest of a sale order belongs to those who work with it.
    """

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _apply_lines(self, changes, report):
        """Apply what changed in the lines and charges of the order.

        :param OrderChanges changes: what differs.
        :param ChangeReport report: is told what was done and what is left to do.
        """
        sales = self.sale_order_ids.filtered(lambda sale: sale.state != "cancel")
        if not sales:
            return
        if changes.gone_lines:
            report.to_do.append(
                self.env._(
                    "Order %(order)s no longer shows “%(titles)s” at the marketplace, nor "
                    "that it was cancelled. Compare the sales order with it.",
                    order=self.marketplace_order_id,
                    titles="”, “".join(line.title for line in changes.gone_lines),
                )
            )
            return
        before = self._prepare_sale_jobs(changes.old, sales)
        after = self._prepare_sale_jobs(changes.new, sales)
        self._keep_refunded_lines(before, after)
        totals = {sale: sale.amount_total for sale in sales}
        self._apply_line_figures(before, after, changes, report)
        self._apply_charges(before, after, report)
        self._apply_new_lines(after, changes, report)
        self._check_amended(before, after, totals, report)
        self._apply_new_packages(changes, report)
        sales._lengow_deliver_fulfilled()

    # === BUSINESS METHODS: BOTH VIEWS === #

    def _get_sale_lines(self):
        """:return: dict of line key to the sale line that is in force."""
        sale_lines = {}
        for record in self.line_ids:
            for sale_line in record.sale_line_ids.sorted("id"):
                if sale_line.state != "cancel":
                    sale_lines[record.line_key] = sale_line
        return sale_lines

    def _prepare_sale_jobs(self, view, sales):
        """Read what the sale orders should be, as a view of the order says.

        :param Order view: the order as it was, or as it is.
        :param sale.order sales: its sale orders that are in force.
        :return: dict of sale order to its :class:`PackageJob`.
        :raise OrderProblem: when the order is no longer in the currency of its sale orders.
        """
        currency = sales.currency_id[:1]
        is_original = order_currency(view) == currency.name
        amounts = order_amounts(view, is_original, currency.decimal_places)
        self._settle_difference(amounts, currency)
        if amounts.currency != currency.name:
            raise OrderProblem(
                "change_failed",
                self.env._(
                    "it is in %(code)s now, and its sales order in %(sale_code)s. Correct "
                    "the sales order by hand.",
                    code=amounts.currency or "?",
                    sale_code=currency.name,
                ),
            )
        job = OrderJob(self, view, amounts, currency, sales.pricelist_id[:1])
        sale_lines = self._get_sale_lines()
        jobs, others = {}, []
        for package, costs in zip(view.packages, amounts.packages, strict=True):
            known = [
                sale_lines[line.key] for line in package.lines if line.key in sale_lines
            ]
            if known:
                sale = known[0].order_id
                self._add_to_sale_job(jobs, sale, job, package, costs, sale_lines)
            else:
                others.append(costs)
        amounts.packages = [*(job.amounts for job in jobs.values()), *others]
        job.packages = list(jobs.values())
        return jobs

    def _add_to_sale_job(self, jobs, sale, job, package, costs, sale_lines):
        """Add a package to the job of its sale order, which may hold several by now."""
        if sale not in jobs:
            job.partner = sale.partner_id
            jobs[sale] = PackageJob(
                job,
                package,
                PackageAmounts(),
                delivery_partner=sale.partner_shipping_id,
                fiscal_position=sale.fiscal_position_id,
            )
        sale_job = jobs[sale]
        for part in dataclass_fields(PackageAmounts):
            ours, more = getattr(sale_job.amounts, part.name), getattr(costs, part.name)
            total = {**ours, **more} if isinstance(ours, dict) else ours + more
            setattr(sale_job.amounts, part.name, total)
        for line in package.lines:
            if line.key in sale_lines and line.key in costs.lines:
                sale_line = sale_lines[line.key]
                sale_job.lines.append(
                    LineJob(
                        sale_job,
                        line,
                        costs.lines[line.key],
                        sale_line.product_id,
                        sale_line.lengow_line_id,
                    )
                )

    def _keep_refunded_lines(self, before, after):
        """Let lines count that were refunded: they are credited, not taken off the order.

        Some marketplaces leave them out of the order's total.
        """
        for sale, job in after.items():
            counted = {line.key for line in job.order.view.lines if line.is_counted}
            known = before[sale].amounts.lines if sale in before else {}
            for key in (known.keys() - job.amounts.lines.keys()) & counted:
                job.amounts.lines[key] = known[key]
                if job.order.amounts.total is not None:
                    job.order.amounts.total += known[key]

    # === BUSINESS METHODS: LINES === #

    def _apply_line_figures(self, before, after, changes, report):
        """Give sale lines the quantities and amounts that changed."""
        sale_lines = self._get_sale_lines()
        quantities = {change.line.key: change for change in changes.quantities}
        old_lines, new_lines = (
            {line.view.key: line for job in jobs.values() for line in job.lines}
            for jobs in (before, after)
        )
        for key, sale_line in sale_lines.items():
            old, new = old_lines.get(key), new_lines.get(key)
            if key in quantities:
                change = quantities[key]
                if change.new < change.old:
                    self._decrease(sale_line, change, old, new, report)
                else:
                    self._increase(sale_line, change, new, report)
            elif old and new and old.amount != new.amount:
                self._reprice(sale_line, old, new, report)

    def _decrease(self, sale_line, change, old, new, report):
        """Order less of a line, as far as it has not been delivered."""
        wanted, delivered = float(change.new), sale_line.qty_delivered
        quantity = max(wanted, delivered)
        uom = sale_line.product_uom_id
        if uom.compare(delivered, wanted) > 0:
            report.to_do.append(
                self.env._(
                    "“%(product)s”: the marketplace has cancelled all but %(wanted)g of "
                    "%(ordered)g, but %(delivered)g have been delivered. Have the rest "
                    "sent back, or agree with the buyer.",
                    product=sale_line.product_id.display_name,
                    wanted=wanted,
                    ordered=change.old,
                    delivered=delivered,
                )
            )
        if uom.compare(sale_line.product_uom_qty, quantity) <= 0:
            return
        amount = new.amount if new and quantity == wanted else 0
        if quantity != wanted and old:
            amount = float(old.amount) / float(change.old) * quantity
        ordered = sale_line.product_uom_qty
        self._write_figures(sale_line, quantity, amount)
        self._shrink_deliveries(sale_line)
        report.done.append(
            self.env._(
                "“%(product)s”: %(quantity)g instead of %(ordered)g to deliver.",
                product=sale_line.product_id.display_name,
                quantity=quantity,
                ordered=ordered,
            )
        )
        if self._is_invoiced(sale_line):
            report.to_do.append(
                self.env._(
                    "“%(product)s” was cancelled at the marketplace after it had been "
                    "invoiced. Credit the invoice.",
                    product=sale_line.product_id.display_name,
                )
            )

    def _increase(self, sale_line, change, new, report):
        """Order more of a line, where nobody changed it in Odoo or invoiced it."""
        uom = sale_line.product_uom_id
        ordered = sale_line.product_uom_qty
        if uom.compare(ordered, float(change.new)) == 0:
            return
        if uom.compare(ordered, float(change.old)) or self._is_invoiced(sale_line):
            report.to_do.append(
                self.env._(
                    "“%(product)s”: the marketplace wants %(wanted)g now, and %(sale)s has "
                    "%(ordered)g. Correct the sales order.",
                    product=sale_line.product_id.display_name,
                    wanted=change.new,
                    sale=sale_line.order_id.name,
                    ordered=ordered,
                )
            )
            return
        self._write_figures(sale_line, float(change.new), new.amount)
        report.done.append(
            self.env._(
                "“%(product)s”: %(quantity)g instead of %(ordered)g to deliver.",
                product=sale_line.product_id.display_name,
                quantity=change.new,
                ordered=ordered,
            )
        )

    def _reprice(self, sale_line, old, new, report):
        """Give a line another price, where nobody changed it in Odoo or invoiced it."""
        currency = sale_line.currency_id
        if currency.compare_amounts(sale_line.price_total, float(new.amount)) == 0:
            return
        amounts = {
            "product": sale_line.product_id.display_name,
            "amount": currency.format(float(new.amount)),
            "old": currency.format(float(old.amount)),
        }
        is_ours = not currency.compare_amounts(sale_line.price_total, float(old.amount))
        if is_ours and not self._is_invoiced(sale_line):
            self._write_figures(sale_line, sale_line.product_uom_qty, new.amount)
            report.done.append(
                self.env._(
                    "“%(product)s” costs %(amount)s instead of %(old)s.", **amounts
                )
            )
        else:
            report.to_do.append(
                self.env._(
                    "“%(product)s” costs %(amount)s instead of %(old)s at the marketplace. "
                    "Correct %(sale)s or its invoice.",
                    sale=sale_line.order_id.name,
                    **amounts,
                )
            )

    def _write_figures(self, sale_line, quantity, amount):
        """Give a sale line a quantity, and a price that adds up to an amount.

        :param float quantity: quantity in the unit of the sale line.
        :param amount: what the whole line costs, taxes included.
        """
        vals = {"product_uom_qty": quantity}
        if quantity:
            price_unit = float(amount) / quantity
            vals["price_unit"] = price_unit
            vals.update(
                self._prepare_exact_price_vals(
                    sale_line.currency_id,
                    sale_line.product_id,
                    sale_line.tax_ids,
                    price_unit,
                    quantity,
                )
            )
        with self._unlocked(sale_line.order_id):
            sale_line.write(vals)

    def _shrink_deliveries(self, sale_line):
        """Take out of the last transfer what an earlier one has already picked for it.

        Where nothing has been picked, Odoo itself has made the transfers smaller.
        """
        uom = sale_line.product_uom_id
        moves = sale_line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
            and move.product_id == sale_line.product_id
            and move.location_dest_id._is_outgoing()
        )
        open_quantity = sum(
            move.product_uom._compute_quantity(move.product_uom_qty, uom)
            for move in moves
        )
        surplus = open_quantity + sale_line.qty_delivered - sale_line.product_uom_qty
        for move in moves.sorted("id", reverse=True):
            if uom.compare(surplus, 0) <= 0:
                return
            quantity = move.product_uom._compute_quantity(move.product_uom_qty, uom)
            if uom.compare(quantity, surplus) <= 0:
                move._action_cancel()
            else:
                move.product_uom_qty = uom._compute_quantity(
                    quantity - surplus, move.product_uom
                )
            surplus -= quantity

    def _is_invoiced(self, sale_line):
        """:return: whether an invoice that is in force has the sale line."""
        return any(
            line.parent_state != "cancel" and line.move_id.move_type == "out_invoice"
            for line in sale_line.invoice_lines
        )
