from odoo import Command, models

from .lengow_order_job import LineJob

_FIGURES = ("product_uom_qty", "price_unit", "extra_tax_data", "tax_ids")


class LengowOrder(models.Model):
    """Letting the sale orders follow charges, new lines and new packages."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS: CHARGES === #

    def _apply_charges(self, before, after, report):
        """Give shipping, fee and discount the amounts that changed.

        :param dict before: sale order to :class:`PackageJob`, as the order was.
        :param dict after: the same, as the order is.
        :param ChangeReport report: is told what was done and what is left to do.
        """
        for sale, job in after.items():
            if sale not in before:
                continue
            old = self._group_charges(before[sale])
            new = self._group_charges(job)
            for kind in sorted(old.keys() | new.keys()):
                if old.get(kind) != new.get(kind):
                    self._apply_charge(sale, kind, new.get(kind, []), report)

    def _group_charges(self, job):
        """:return: dict of ``lengow_kind`` to list of values of sale lines."""
        charges = {}
        for vals in self._prepare_charge_line_vals(job):
            charges.setdefault(vals["lengow_kind"], []).append(vals)
        return charges

    def _apply_charge(self, sale, kind, vals_list, report):
        lines = sale.order_line.filtered(lambda line: line.lengow_kind == kind)
        field = lines._fields["lengow_kind"]
        charge = dict(field._description_selection(self.env))[kind]
        if any(map(self._is_invoiced, lines)):
            report.to_do.append(
                self.env._(
                    "%(charge)s has changed at the marketplace after %(sale)s had been "
                    "invoiced. Compare the invoice with the marketplace.",
                    charge=charge,
                    sale=sale.name,
                )
            )
            return
        with self._unlocked(sale):
            for line, vals in zip(lines, vals_list, strict=False):
                figures = {name: vals[name] for name in _FIGURES if name in vals}
                line.write(figures)
            for line in lines[len(vals_list) :]:
                line.product_uom_qty = 0
            sale.order_line = [Command.create(vals) for vals in vals_list[len(lines) :]]
        lines = sale.order_line.filtered(lambda line: line.lengow_kind == kind)
        report.done.append(
            self.env._(
                "%(charge)s: %(amount)s.",
                charge=charge,
                amount=sale.currency_id.format(sum(lines.mapped("price_total"))),
            )
        )

    # === BUSINESS METHODS: LINES AND PACKAGES === #

    def _get_new_lines(self, changes):
        """:return: dict of package to its lines that no sale order ever had."""
        records = {record.line_key: record for record in self.line_ids}
        packages = {}
        for line in changes.new_lines:
            if line.key in records and not records[line.key].sale_line_ids:
                packages.setdefault(line.package, []).append(line)
        return packages

    def _apply_new_lines(self, after, changes, report):
        """Add lines that came later to the sale order of their package."""
        sales = {job.view: sale for sale, job in after.items()}
        records = {record.line_key: record for record in self.line_ids}
        for package, lines in self._get_new_lines(changes).items():
            sale = sales.get(package)
            if not sale:
                continue
            costs = after[sale].amounts.lines
            vals_list = []
            for line in lines:
                if line.key not in costs:
                    continue  # refunded before it came
                job = LineJob(
                    after[sale], line, costs[line.key], None, records[line.key]
                )
                job.product = self._find_product(job)
                vals_list.append(self._prepare_sale_line_vals(job))
                report.done.append(
                    self.env._(
                        "“%(product)s” is new: %(quantity)g to deliver with %(sale)s.",
                        product=job.product.display_name,
                        quantity=line.quantity,
                        sale=sale.name,
                    )
                )
            with self._unlocked(sale):
                sale.order_line = list(map(Command.create, vals_list))
            sale.lengow_package_key = package.key

    def _apply_new_packages(self, changes, report):
        """Import packages that came later; Lengow is told the names of all again."""
        sale_lines = self.line_ids.filtered("sale_line_ids").mapped("line_key")
        keys = {
            package.key
            for package in self._get_new_lines(changes)
            if not any(line.key in sale_lines for line in package.lines)
        }
        if not keys:
            return
        known = self.sale_order_ids
        job = self._prepare_job()
        job.packages = [package for package in job.packages if package.view.key in keys]
        self._find_partners([job])
        self._create_sale_orders([job])
        for sale in self.sale_order_ids - known:
            report.done.append(
                self.env._("The order has a further package: %s.", sale.name)
            )

    # === BUSINESS METHODS: TOTALS === #

    def _check_amended(self, before, after, totals, report):
        """See that the sale orders cost what the marketplace says, and tell if not.

        Orders that were held since their figures did not agree are let go when they do.

        :param dict totals: sale order to what it cost before anything was applied.
        """
        pairs = [(job, sale) for sale, job in after.items()]
        if not pairs:
            return
        is_changed = any(
            sale.amount_total != totals[sale]
            or sale not in before
            or before[sale].amounts.total != job.amounts.total
            or before[sale].order.amounts.total != job.order.amounts.total
            for job, sale in pairs
        )
        if not is_changed:
            return
        reason = self._get_hold_reason(pairs[0][0].order, pairs)
        held = self.sale_order_ids.filtered("lengow_hold_reason")
        if reason and held:
            held.lengow_hold_reason = reason
            self.write({"error_code": "total_mismatch", "error_message": reason})
        elif reason:
            report.to_do.append(reason)
        elif held:
            held._lengow_release()
            self._confirm_sale_orders(held.filtered(lambda sale: sale.state == "draft"))
            report.done.append(
                self.env._("The figures agree now: the sales order is no longer held.")
            )
