import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import IMPORT_BATCH_SIZE, MAXIMUM_CONFLICTS, RETRY_PAUSES_MINUTES
from .lengow_order_job import LineJob, OrderJob, OrderProblem, PackageJob
from .private_log import log_failure, no_sql_errors_logged

_logger = logging.getLogger(__name__)


class LengowOrder(models.Model):
    """Making sale orders of stored orders."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS: QUEUE === #

    @api.model
    def _cron_import_orders(self):
        self._take_up_retries()
        self._accept_waiting()
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=self.search_count(self._get_import_domain()))
        runs, conflicts = {}, 0
        while conflicts < MAXIMUM_CONFLICTS and (batch := self._claim_import()):
            begun = batch._begin_import()
            try:
                begun = begun._lock_begun()
                begun._import_guarded()
                begun.is_being_imported = False
                batch._count_import(runs)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Another worker was at the same records; nobody is to blame.
                self.env.cr.rollback()
                begun._take_back_attempt()
                conflicts += 1
                continue
            if not commit_progress(len(batch)):
                break
            # The memory of one batch, however many there are.
            self.env.invalidate_all()
        else:
            self._apply_due_changes()
        for run in runs.values():
            run._end()
        commit_progress()

    @api.model
    def _get_import_domain(self):
        """:return: domain of the orders whose import is due."""
        return [
            ("state", "in", ("pending", "error")),
            ("next_attempt", "<=", fields.Datetime.now()),
        ]

    @api.model
    def _claim(self, domain, limit=None):
        """Lock some due orders that no other worker has.

        :param int limit: how many at most; a batch when not given.
        :return: at most so many orders, of one account.
        """
        for _conflict in range(MAXIMUM_CONFLICTS):
            try:
                due = self.search(domain, limit=4 * IMPORT_BATCH_SIZE, order="id")
                due = due.grouped("account_id").get(due[:1].account_id, due)
                return due.try_lock_for_update(
                    allow_referencing=True, limit=limit or IMPORT_BATCH_SIZE
                )
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Another worker finished one of them since our transaction began.
                self.env.cr.rollback()
        return self.browse()

    def _count_import(self, runs):
        """Note the outcome of a batch in the run of its account."""
        account = self.account_id
        if account not in runs:
            runs[account] = self.env["lengow.sync"]._start(account, "import")
        states = self.mapped("state")
        runs[account]._count(done=states.count("imported"), error=states.count("error"))
        self.env.flush_all()  # here, where a conflict with another worker is expected

    def _import_guarded(self):
        """Import orders; whatever happens, only the guilty ones end in error."""
        try:
            # The database's own error log would show the buyers' data.
            with no_sql_errors_logged(), self.env.cr.savepoint():
                self._import()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 the orders are redone one by one
            if len(self) > 1:
                for order in self:
                    order._import_guarded()
            else:
                self._set_unexpected_error(error)

    def _set_unexpected_error(self, error):
        log_failure(_logger, error, "Lengow order %s", self.id)
        self._set_problem(self._make_unexpected_problem(error))

    def _make_unexpected_problem(self, error):
        return OrderProblem(
            "unexpected",
            self.env._(
                "Order %(order)s could not be imported: %(problem)s",
                order=self.marketplace_order_id,
                problem=str(error).strip() or type(error).__name__,
            ),
        )

    def _set_problem(self, problem):
        """Put the order in error, to be tried again after a pause.

        :param OrderProblem problem: what is wrong.
        """
        self.ensure_one()
        pauses = RETRY_PAUSES_MINUTES
        attempts = max(self.attempts, 1)  # the one that failed is counted already
        pause = pauses[attempts - 1] if attempts <= len(pauses) else None
        self.write(
            {
                "state": "error",
                "error_code": problem.code,
                "error_message": problem.message,
                "attempts": attempts,
                "next_attempt": pause
                and fields.Datetime.now() + timedelta(minutes=pause),
            }
        )

    # === BUSINESS METHODS: IMPORT === #

    def _import(self):
        """Make the sale orders of a batch, with as few queries as for one order."""
        for account, orders in self.grouped("account_id").items():
            orders = orders.with_company(account.company_id).with_context(
                mail_create_nosubscribe=True,
                mail_create_nolog=True,
                mail_auto_subscribe_no_notify=True,
                mail_notrack=True,
            )
            products = orders._find_products(orders._get_product_keys())
            jobs = []
            for order in orders.with_context(lengow_products=products):
                try:
                    jobs.append(order._prepare_job())
                except OrderProblem as problem:
                    order._set_problem(problem)
            if jobs:
                orders._find_partners(jobs)
                orders._create_sale_orders(jobs)

    def _prepare_job(self):
        """Look at everything that the import of one order needs.

        :return: :class:`OrderJob`.
        :raise OrderProblem: when something is missing or unknown.
        """
        self.ensure_one()
        view = self._view()
        self._check_order(view)
        currency, amounts = self._get_amounts(view)
        job = OrderJob(self, view, amounts, currency, self._get_pricelist(currency))
        records = {line.line_key: line for line in self.line_ids}
        for package, costs in zip(view.packages, amounts.packages, strict=True):
            if not costs.lines:
                continue
            self._check_address(package.delivery)
            package_job = PackageJob(job, package, costs)
            for line in package.lines:
                if line.key in costs.lines:
                    record = records[line.key]
                    line_job = LineJob(
                        package_job, line, costs.lines[line.key], None, record
                    )
                    line_job.product = self._find_product(line_job)
                    package_job.lines.append(line_job)
            job.packages.append(package_job)
        self._check_service_products(amounts)
        self._check_fulfilment()
        return job

    def _check_order(self, view):
        number = self.marketplace_order_id
        if not view.marketplace_order_id:
            raise OrderProblem(
                "no_order_id",
                self.env._("The marketplace gives no number for this order."),
            )
        if not self.channel_id:
            raise OrderProblem(
                "unknown_marketplace",
                self.env._(
                    "Order %(order)s: Lengow does not list its marketplace “%(code)s”.",
                    order=number,
                    code=self.marketplace_code,
                ),
            )
        if not view.packages:
            raise OrderProblem(
                "no_package", self.env._("Order %s has no package.", number)
            )
        if not view.lines:
            raise OrderProblem("no_line", self.env._("Order %s has no line.", number))

    def _check_address(self, address):
        number = self.marketplace_order_id
        if address.is_empty:
            raise OrderProblem(
                "no_address", self.env._("Order %s has no delivery address.", number)
            )
        if not self._find_country(address):
            raise OrderProblem(
                "no_country",
                self.env._(
                    "Order %(order)s: the delivery address names no country that Odoo "
                    "knows (“%(code)s”).",
                    order=number,
                    code=address.country_code,
                ),
            )

    def _get_amounts(self, view):
        """:return: the order's currency and its :class:`OrderAmounts`."""
        number = self.marketplace_order_id
        currency, amounts = self._read_amounts(self.account_id, view)
        code = amounts.currency
        if not code:
            raise OrderProblem(
                "no_currency", self.env._("Order %s names no currency.", number)
            )
        if not currency.active:
            raise OrderProblem(
                "inactive_currency",
                self.env._(
                    "Order %(order)s is in %(code)s, which is not active in Odoo.",
                    order=number,
                    code=code,
                ),
            )
        if amounts.total is None:
            raise OrderProblem(
                "no_exchange_rate" if amounts.has_no_rate else "no_total",
                self.env._(
                    "Order %(order)s has no total in %(code)s.", order=number, code=code
                ),
            )
        company_currency = self.company_id.currency_id
        if currency != company_currency and not self._has_rate(currency):
            raise OrderProblem(
                "no_exchange_rate",
                self.env._(
                    "Order %(order)s is in %(code)s, which has no rate in Odoo.",
                    order=number,
                    code=code,
                ),
            )
        return currency, amounts

    def _has_rate(self, currency):
        return any(
            not rate.company_id or rate.company_id == self.company_id.root_id
            for rate in currency.rate_ids
        )

    def _get_pricelist(self, currency):
        """Find the pricelist that gives a sale order its currency.

        :return: the channel's, none for the company's own currency, or one made for it.
        """
        pricelist = self.channel_id.pricelist_id
        if pricelist.currency_id == currency:
            return pricelist
        if currency == self.company_id.currency_id:
            return pricelist.browse()
        return self.env["product.pricelist"]._lengow_get(currency, self.company_id)

    def _check_service_products(self, amounts):
        account = self.account_id
        charges = {
            "shipping": account.shipping_product_id,
            "processing_fee": account.processing_fee_product_id,
            "discount": account.discount_product_id,
        }
        for name, product in charges.items():
            if not product and any(
                getattr(package, name) for package in amounts.packages
            ):
                label = account._fields[f"{name}_product_id"]._description_string(
                    self.env
                )
                raise OrderProblem(
                    "no_service_product",
                    self.env._(
                        "Order %(order)s: the Lengow account has no product for “%(charge)s”.",
                        order=self.marketplace_order_id,
                        charge=label,
                    ),
                )
