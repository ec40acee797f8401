from markupsafe import Markup

from odoo import models

from .lengow_order_job import OrderJob, PackageJob


class LengowOrder(models.Model):
    """Letting addresses and VAT numbers follow the marketplace, while there is time.

    An address that another order uses is never written over: the order gets another one.
    """

    _inherit = "lengow.order"

    # === BUSINESS METHODS: ADDRESSES === #

    def _apply_addresses(self, changes, report):
        """Use the addresses that the order names now, where nothing has left yet.

        :param OrderChanges changes: what differs.
        :param ChangeReport report: is told what was done and what is left to do.
        """
        moved = changes.moved_packages
        if not moved and not changes.has_other_billing:
            return
        sale_lines = self._get_sale_lines()
        by_sale = {}
        for package in changes.new.packages:
            for line in package.lines:
                if line.key in sale_lines:
                    by_sale.setdefault(sale_lines[line.key].order_id, package)
        for sale, package in by_sale.items():
            job = OrderJob(self, changes.new, None, sale.currency_id, sale.pricelist_id)
            job.partner = sale.partner_id
            job.packages = [PackageJob(job, package, None)]
            self._find_addresses([job])
            if package in moved:
                self._readdress(sale, job.packages[0], report)
            if changes.has_other_billing:
                self._readdress_invoice(sale, job.invoice_partner, report)

    def _readdress(self, sale, package, report):
        """Give a sale order and its open deliveries another address.

        :param sale.order sale: the sale order.
        :param PackageJob package: what goes to the address.
        :param ChangeReport report: is told what was done and what is left to do.
        """
        address, old = package.delivery_partner, sale.partner_shipping_id
        vals = {"partner_shipping_id": address.id, **self._prepare_relay_vals(package)}
        if sale.state == "sale":
            # Only a quotation waits for Odoo to find the pickup location below.
            vals["partner_shipping_id"] = address.id
        fields_ = sale._fields
        if all(
            fields_[name].convert_to_write(sale[name], sale) == (value or False)
            for name, value in vals.items()
        ):
            return
        open_pickings = self._get_open_pickings(sale)
        if self._get_delivered(sale) and not open_pickings:
            report.done.append(
                self.env._(
                    "The delivery address is another one, but %s has left already.",
                    sale.name,
                )
            )
            return
        self._write_address(sale, vals)
        # Not those of another place, which somebody has chosen.
        open_pickings.filtered(lambda picking: picking.partner_id == old).write(
            {"partner_id": address.id}
        )
        report.done.append(
            self.env._(
                "%(sale)s goes to another address: %(address)s.",
                sale=sale.name,
                address=self._describe_address(address),
            )
        )
        self._check_readdressed(sale, old, open_pickings, report)

    def _check_readdressed(self, sale, old, pickings, report):
        """Give a person what follows from an address that changed late."""
        labelled = pickings.filtered("carrier_tracking_ref")
        if labelled:
            report.to_do.append(
                self.env._(
                    "The address of %s has changed after its label was made. Make another "
                    "one.",
                    ", ".join(labelled.mapped("name")),
                )
            )
        country = sale.partner_shipping_id.country_id
        if old.country_id != country:
            report.to_do.append(
                self.env._(
                    "%(sale)s now goes to %(country)s. Check its taxes.",
                    sale=sale.name,
                    country=country.name,
                )
            )

    def _readdress_invoice(self, sale, address, report):
        """Give a sale order that has no invoice yet another invoice address."""
        if address == sale.partner_invoice_id:
            return
        if self._get_invoices(sale):
            report.done.append(
                self.env._(
                    "The invoice address is another one, but %s has been invoiced already.",
                    sale.name,
                )
            )
            return
        self._write_address(sale, {"partner_invoice_id": address.id})
        report.done.append(
            self.env._(
                "%(sale)s is invoiced to another address: %(address)s.",
                sale=sale.name,
                address=self._describe_address(address),
            )
        )

    def _write_address(self, sale, vals):
        """Write an address, but leave the taxes as the buyer paid them."""
        # Odoo would ask somebody to update the deliveries, which are updated.
        sale.with_context(mail_activity_automation_skip=True).write(
            {**vals, "fiscal_position_id": sale.fiscal_position_id.id}
        )

    def _describe_address(self, partner):
        parts = (
            partner.name,
            partner.street,
            partner.street2,
            partner.zip,
            partner.city,
        )
        return ", ".join(filter(None, (*parts, partner.phone)))

    def _get_invoices(self, sale):
        """:return: the invoices of a sale order that are in force."""
        return sale.invoice_ids.filtered(lambda move: move.state != "cancel")

    # === BUSINESS METHODS: VAT NUMBER === #

    def _apply_vat_number(self, changes, report):
        """Give the buyer a VAT number that arrived, while nothing has been invoiced.

        :param OrderChanges changes: what differs.
        :param ChangeReport report: is told what was done and what is left to do.
        """
        if not changes.has_other_vat_number:
            return
        sales = self.sale_order_ids.filtered(lambda sale: sale.state != "cancel")
        if not sales:
            return
        number, doubtful = self._read_vat_numbers(changes.new)
        old_number, _doubtful = self._read_vat_numbers(changes.old)
        partner = sales.partner_id[:1]
        given = number or ", ".join(doubtful)
        report.done.append(self.env._("The buyer's VAT number is %s.", given))
        is_invoiced = any(map(self._get_invoices, sales))
        is_ours = partner.vat in (False, "", old_number or False)
        if number and number == partner.vat:
            return
        if number and is_ours and not is_invoiced and not self._has_shared_customer():
            partner.with_context(no_vat_validation=True).vat = number
            return
        note = self._prepare_note_vals(changes.new.billing, [given])["comment"]
        sales.partner_invoice_id[:1].comment = Markup("%s%s") % (
            sales.partner_invoice_id[:1].comment or "",
            note,
        )
        if number:
            report.to_do.append(
                self.env._(
                    "The buyer's VAT number %(number)s arrived after the invoice, or "
                    "%(partner)s has another one. Compare them; it is in a note.",
                    number=number,
                    partner=partner.display_name,
                )
            )
