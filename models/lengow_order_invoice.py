import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import IMPORT_BATCH_SIZE, MAXIMUM_CONFLICTS, RETRY_PAUSES_MINUTES
from .private_log import log_failure, no_sql_errors_logged

_logger = logging.getLogger(__name__)

# Nobody is written to, and there may be nothing to invoice any more.
QUIET = {
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_notrack": True,
    "raise_if_nothing_to_invoice": False,
}


class LengowOrder(models.Model):
    """Invoicing sale orders and registering their payment, where the channel wants it.

    It is a step of its own after the import and after deliveries, so that an invoice that
    cannot be made harms neither.
    """

    _inherit = "lengow.order"

    invoice_state = fields.Selection(
        [
            ("none", "Not Asked For"),
            ("pending", "To Invoice"),
            ("done", "Invoiced"),
            ("error", "Not Invoiced"),
        ],
        "Invoicing",
        default="none",
        required=True,
        readonly=True,
        help="Whether what is due has been invoiced, where the channel has it done.",
    )
    invoice_error = fields.Text(readonly=True)
    invoice_attempts = fields.Integer(readonly=True)
    invoice_next_attempt = fields.Datetime(readonly=True)
    invoice_count = fields.Integer(compute="_compute_invoice_count")

    _to_invoice_idx = models.Index(
        "(invoice_next_attempt) WHERE invoice_state IN ('pending', 'error')"
    )

    # === COMPUTE METHODS === #

    @api.depends("sale_order_ids.invoice_ids")
    def _compute_invoice_count(self):
        for order in self:
            order.invoice_count = len(order.sale_order_ids.invoice_ids)

    # === ACTION METHODS === #

    def action_retry(self):
        """Retry, too, to invoice what could not be invoiced."""
        failed_sudo = self.sudo().filtered(  # users need no rights on invoices
            lambda order: order.invoice_state == "error"
        )
        if not failed_sudo:
            return super().action_retry()
        self.check_access("write")
        if others := self - failed_sudo.sudo(False):
            super(LengowOrder, others).action_retry()
        failed_sudo._request_invoices()
        if len(failed_sudo) <= IMPORT_BATCH_SIZE:
            failed_sudo.try_lock_for_update(allow_referencing=True)._invoice_guarded()
        states = failed_sudo.mapped("invoice_state")
        return self._report(
            self.env._("Invoice"),
            [
                self.env._(
                    "%(done)s invoiced, %(pending)s under way, %(failed)s still to fix.",
                    done=states.count("done"),
                    pending=states.count("pending"),
                    failed=states.count("error"),
                )
            ],
            is_warning="error" in states,
        )

    def action_view_invoices(self):
        """:return: action that shows the invoices of the sale orders."""
        return self.sale_order_ids.action_view_invoice()

    # === BUSINESS METHODS: QUEUE === #

    @api.model
    def _cron_invoice_orders(self):
        domain = self._get_invoice_domain()
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=self.search_count(domain))
        conflicts = 0
        while conflicts < MAXIMUM_CONFLICTS and (batch := self._claim(domain)):
            # Should their worker not survive it, the others come first the next time.
            batch.invoice_next_attempt = fields.Datetime.now() + timedelta(
                minutes=RETRY_PAUSES_MINUTES[0]
            )
            commit_progress()
            try:
                batch._lock_to_invoice()._invoice_guarded()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Another worker was at the same records; nobody is to blame.
                self.env.cr.rollback()
                conflicts += 1
                continue
            if not commit_progress(len(batch)):
                break
            # The memory of one batch, however many there are.
            self.env.invalidate_all()
        commit_progress()

    @api.model
    def _get_invoice_domain(self):
        """:return: domain of the orders that are due to be invoiced."""
        return [
            ("invoice_state", "in", ("pending", "error")),
            ("invoice_next_attempt", "<=", fields.Datetime.now()),
        ]

    def _lock_to_invoice(self):
        """:return: the orders that are still to be invoiced, locked again."""
        orders = self.try_lock_for_update(allow_referencing=True)
        orders.invalidate_recordset()  # others may have changed them before the lock
        return orders.filtered(
            lambda order: order.invoice_state in ("pending", "error")
        )

    def _request_invoices(self):
        """Have orders invoiced as soon as this transaction is over."""
        self.write(
            {
                "invoice_state": "pending",
                "invoice_attempts": 0,
                "invoice_next_attempt": fields.Datetime.now(),
            }
        )
        self.env["lengow.account"]._trigger_crons("invoice_orders")

    def _invoice_guarded(self):
        """Invoice orders, then register payments; only the guilty orders end in error."""
        failed = self._do_guarded(lambda orders: orders._create_invoices())
        for order, error in failed.items():
            order._set_invoice_error(
                self.env._(
                    "Order %(order)s could not be invoiced: %(problem)s",
                    order=order.marketplace_order_id,
                    problem=str(error).strip() or type(error).__name__,
                )
            )
        invoiced = self.filtered(lambda order: order not in failed)
        unpaid = invoiced._do_guarded(lambda orders: orders._register_payments())
        for order, error in unpaid.items():
            order._set_invoice_error(
                self.env._(
                    "Order %(order)s is invoiced, but its payment could not be "
                    "registered: %(problem)s",
                    order=order.marketplace_order_id,
                    problem=str(error).strip() or type(error).__name__,
                )
            )
        invoiced.filtered(lambda order: order not in unpaid)._set_invoiced()

    def _do_guarded(self, step):
        """Do a step for all orders at once, or one by one where that fails.

        :param step: a function of orders.
        :return: dict of order to what went wrong with it.
        """
        if not self:
            return {}
        try:
            # The database's own error log would show the buyers' data.
            with no_sql_errors_logged(), self.env.cr.savepoint():
                step(self)
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 the orders are done one by one
            if len(self) == 1:
                log_failure(_logger, error, "Lengow order %s, invoice", self.id)
                return {self: error}
            failed = {}
            for order in self:
                failed.update(order._do_guarded(step))
            return failed
        return {}

    def _set_invoice_error(self, message):
        """Show what went wrong, and try again after a pause.

        :param str message: a sentence naming the thing.
        """
        pauses, attempts = RETRY_PAUSES_MINUTES, self.invoice_attempts
        pause = pauses[attempts] if attempts < len(pauses) else None
        vals = {
            "invoice_state": "error",
            "invoice_error": message,
            "invoice_attempts": attempts + 1,
            "invoice_next_attempt": pause
            and fields.Datetime.now() + timedelta(minutes=pause),
        }
        if self.error_code in (False, "invoice_failed"):
            vals.update(error_code="invoice_failed", error_message=message)
        self.write(vals)

    def _set_invoiced(self):
        """Note that all that is due has been invoiced."""
        self.write(
            {
                "invoice_state": "done",
                "invoice_error": False,
                "invoice_next_attempt": False,
            }
        )
        self.filtered(lambda order: order.error_code == "invoice_failed").write(
            {"error_code": False, "error_message": False}
        )

    # === BUSINESS METHODS: INVOICES AND PAYMENTS === #

    def _create_invoices(self):
        """Invoice what is due of the orders; what is invoiced already is left alone."""
        for company, orders in self.grouped("company_id").items():
            orders.with_company(company).sale_order_ids._lengow_invoice()

    def _register_payments(self):
        """Register what the buyers paid, for invoices of which nothing is paid yet."""
        payments = {}  # one invoice can be that of several orders
        for order in self:
            journal = order.channel_id.payment_journal_id
            for invoice in order.sale_order_ids.invoice_ids if journal else ():
                if invoice not in payments and order._is_to_pay(invoice):
                    payments[invoice] = order._prepare_payment(invoice, journal)
        to_process = list(payments.values())
        if to_process:
            register = self.env["account.payment.register"].with_context(**QUIET)
            register._init_payments(to_process)
            register._post_payments(to_process)
            register._reconcile_payments(to_process)

    @api.model
    def _is_to_pay(self, invoice):
        return (
            invoice.state == "posted"
            and invoice.move_type == "out_invoice"
            and invoice.payment_state == "not_paid"
            and not invoice.currency_id.is_zero(invoice.amount_residual)
        )

    def _prepare_payment(self, invoice, journal):
        """Prepare the payment of an invoice, as Odoo's wizard does.

        The buyer has paid all of it at the marketplace, whatever the payment terms say.

        :param account.move invoice: a posted invoice.
        :param account.journal journal: where it is registered.
        :return: what the methods of the wizard take: values, and items to reconcile.
        """
        lines = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        return {
            "create_vals": {
                "date": self._get_payment_date(journal),
                "amount": invoice.amount_residual,
                "payment_type": "inbound",
                "partner_type": "customer",
                "memo": invoice.ref or invoice.name,
                "journal_id": journal.id,
                "company_id": invoice.company_id.id,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.commercial_partner_id.id,
                "destination_account_id": lines.account_id[:1].id,
            },
            "to_reconcile": lines,
        }

    def _get_payment_date(self, journal):
        """:return: the day of the order, or the first one after it that is not locked."""
        company = journal.company_id
        ordered = self.order_date or fields.Datetime.now()
        timezone = self.account_id.user_id.tz or self.env.user.tz
        date = fields.Datetime.context_timestamp(
            self.with_context(tz=timezone), ordered
        ).date()
        locks = company._get_violated_lock_dates(date, False, journal)
        return locks[-1][0] + timedelta(days=1) if locks else date
