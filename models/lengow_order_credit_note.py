from decimal import Decimal

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..lengow.money import ZERO


class LengowOrder(models.Model):
    """Offering draft credit notes for what the marketplace has given back to the buyer."""

    _inherit = "lengow.order"

    # === ACTION METHODS === #

    def action_create_credit_note(self):
        """Make draft credit notes of what the marketplace refunded and nobody credited.

        :return: action that shows them.
        :raise UserError: when there is nothing to credit, or no invoice yet.
        """
        self.ensure_one()
        self.check_access("write")
        order_sudo = (
            self.sudo()
        )  # as for draft invoices: no accounting rights are needed
        order_sudo.lock_for_update(allow_referencing=True)  # two people may press it
        notes = order_sudo._create_credit_notes()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_refund_type"
        )
        if len(notes) == 1:
            form = self.env.ref("account.view_move_form")
            return {**action, "views": [(form.id, "form")], "res_id": notes.id}
        return {**action, "domain": [("id", "in", notes.ids)], "context": {}}

    # === BUSINESS METHODS === #

    def _create_credit_notes(self):
        """Create the draft credit notes, one for each invoice that is concerned.

        :return: the credit notes.
        :raise UserError: when there is nothing to credit, or no invoice to credit.
        """
        number = self.marketplace_order_id
        if not self.refund_to_credit:
            raise UserError(
                self.env._("Order %s: nothing is left to be credited.", number)
            )
        invoices = self._get_refundable_invoices()
        if not invoices:
            raise UserError(
                self.env._(
                    "Order %(order)s has no posted invoice yet: there is nothing to credit. "
                    "Invoice what the buyer keeps, or post the invoice first.",
                    order=number,
                )
            )
        shares = self._share_out_refund(invoices)
        notes = self.env["account.move"]
        for invoice, amounts in shares.items():
            notes |= self._create_credit_note(invoice, amounts)
        self._message_log(
            body=self.env._(
                "Draft credit note of %s for what the marketplace has refunded.",
                self.currency_id.format(sum(notes.mapped("amount_total"))),
            )
        )
        return notes

    def _share_out_refund(self, invoices):
        """Find the invoice lines that the marketplace's refund is taken from.

        :param account.move invoices: the posted invoices of the order.
        :return: dict of invoice to dict of its line to the amount, taxes included.
        :raise UserError: when the invoices do not allow the exact amount.
        """
        lines = invoices.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.price_total > 0
        )
        currency = invoices.currency_id[:1]
        digits = currency.decimal_places
        credited = {line: self._get_credited(line, digits) for line in lines}
        left = {
            line: to_decimal(line.price_total, digits) - credited[line]
            for line in lines
        }
        shares, beyond = {}, ZERO
        for key, amount in self._get_refunds(currency).items():
            own = lines.filtered(
                lambda line, key=key: (
                    key in line.sale_line_ids.lengow_line_id.mapped("line_key")
                )
            )
            due = amount - sum((credited.pop(line) for line in own), ZERO)
            beyond += take(due, own, left, shares) if due > 0 else due
        # What goes beyond the lines themselves is shipping, or a gesture.
        beyond -= sum(credited.values(), ZERO)
        if beyond > 0:
            by_kind = lines.sorted(lambda line: not line.sale_line_ids[:1].is_delivery)
            beyond = take(beyond, by_kind, left, shares)
        self._check_shares(shares, max(beyond, ZERO), currency)
        return shares

    def _check_shares(self, shares, beyond, currency):
        missing = to_decimal(self.refund_to_credit, currency.decimal_places)
        total = sum((sum(share.values()) for share in shares.values()), ZERO)
        exceeded = any(
            currency.compare_amounts(
                float(sum(share.values())),
                invoice.amount_total
                - sum(self._get_notes_in_force(invoice).mapped("amount_total")),
            )
            > 0
            for invoice, share in shares.items()
        )
        if beyond or exceeded or total != missing or currency != self.currency_id:
            raise UserError(
                self.env._(
                    "Order %(order)s: the invoices do not allow a credit note of exactly "
                    "%(missing)s, which is what the marketplace refunded and nobody "
                    "credited. Make it by hand.",
                    order=self.marketplace_order_id,
                    missing=self.currency_id.format(self.refund_to_credit),
                )
            )

    def _get_notes_in_force(self, invoice):
        return invoice.reversal_move_ids.filtered(lambda move: move.state != "cancel")

    def _get_credited(self, line, digits):
        """:return: what credit notes, drafts included, give back of an invoice line."""
        notes = self._get_notes_in_force(line.move_id)
        credited = notes.invoice_line_ids.filtered(
            lambda note_line: (
                line == note_line.lengow_credited_line_id
                if note_line.lengow_credited_line_id
                else line.sale_line_ids & note_line.sale_line_ids
            )
        )
        return to_decimal(sum(credited.mapped("price_total")), digits)

    def _create_credit_note(self, invoice, share):
        """Create the draft credit note of an invoice.

        :param account.move invoice: the posted invoice.
        :param dict share: invoice line to the amount, taxes included.
        :return: the credit note.
        """
        vals = {
            "ref": self.env._(
                "%(invoice)s, refunded by the marketplace (order %(order)s)",
                invoice=invoice.name,
                order=self.marketplace_order_id,
            ),
            "invoice_date": fields.Date.context_today(self),
            "invoice_payment_term_id": False,
            "line_ids": [
                Command.create(self._prepare_credit_line_vals(line, amount))
                for line, amount in share.items()
            ],
        }
        return invoice._reverse_moves([vals])

    def _prepare_credit_line_vals(self, line, amount):
        """Prepare the line of a credit note, with the taxes of the invoice line.

        :param account.move.line line: the invoice line.
        :param Decimal amount: what is given back of it, taxes included.
        :return: values of an account move line.
        """
        quantity = self._get_credited_quantity(line, amount)
        price_unit = float(amount) / (quantity or 1.0)
        vals = line.copy_data(
            {
                "quantity": quantity or 1.0,
                "price_unit": price_unit,
                "discount": 0.0,
                "extra_tax_data": False,
                "lengow_credited_line_id": line.id,
            }
        )[0]
        vals.update(
            self._prepare_exact_price_vals(
                line.currency_id,
                line.product_id,
                line.tax_ids,
                price_unit,
                quantity or 1.0,
            )
        )
        if quantity:
            vals["sale_line_ids"] = [Command.set(line.sale_line_ids.ids)]
        return vals

    def _get_credited_quantity(self, line, amount):
        """Tell how much of what was invoiced the sale order no longer asks for.

        Money that is given back for goods that the buyer keeps takes nothing off the
        invoiced quantity: else Odoo would want to invoice them again.

        :return: a quantity that the amount is the price of, or 0.
        """
        surplus = -sum(line.sale_line_ids.mapped("qty_to_invoice"))
        if surplus <= 0 or surplus > line.quantity:
            return 0.0
        price = line.price_total * surplus / line.quantity
        is_price = not line.currency_id.compare_amounts(price, float(amount))
        return surplus if is_price else 0.0


def to_decimal(amount, digits):
    """:return: an amount of Odoo's as an exact number."""
    return Decimal(str(amount)).quantize(Decimal(1).scaleb(-digits))


def take(amount, lines, left, shares):
    """Take an amount out of invoice lines, as far as they go.

    :param Decimal amount: the amount.
    :param lines: the invoice lines.
    :param dict left: line to what is left of it; becomes less.
    :param dict shares: invoice to dict of line to amount; becomes more.
    :return: what is left of the amount.
    """
    for line in lines:
        part = min(amount, left[line])
        if part > 0:
            share = shares.setdefault(line.move_id, {})
            share[line] = share.get(line, ZERO) + part
            left[line] -= part
            amount -= part
    return amount
