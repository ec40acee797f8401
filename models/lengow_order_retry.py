from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import FBA_SUFFIX, REREAD_PER_TRANSACTION

# What a person mends by creating, naming or mapping a product.
PRODUCT_PROBLEMS = ("unknown_product", "ambiguous_product", "combo_product")


class LengowOrderRetry(models.Model):
    """An order that lacks nothing any more, or whose settings changed: the next import
    tries it, or reads it again.

    It waits in a row of its own, so that whoever saves a product neither waits for an
    import that has the order in its hands, nor fails because of one.
    """

    _name = "lengow.order.retry"
    _description = "Lengow order to try again"
    _log_access = False

    order_id = fields.Many2one(
        "lengow.order", required=True, ondelete="cascade", index=True
    )
    is_reread = fields.Boolean(
        help="Its payload is read again, with the settings of then."
    )

    # === BUSINESS METHODS === #

    @api.model
    def _take_up(self):
        """Make the orders due, but for those that another worker has.

        :return: whether some were taken up.
        """
        retries = self.search([], limit=REREAD_PER_TRANSACTION).try_lock_for_update()
        orders = retries.order_id.try_lock_for_update(allow_referencing=True)
        mine = retries.filtered(lambda retry: retry.order_id in orders)
        to_read = mine.filtered("is_reread").order_id
        to_read._reread()
        due = (orders - to_read).filtered(lambda order: order.state == "error")
        due._make_due()
        mine.unlink()
        return bool(mine)


class LengowOrder(models.Model):
    """Trying orders in error again, as soon as what they lacked is there."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    @api.model
    def _retry_errors(self, codes, external_ids=None, domain=()):
        """Let orders in error be tried again by the next import, which starts at once.

        It costs one small query where there are none, and may be called by users who
        have no rights on marketplace orders.

        :param codes: codes of the errors that may be healed now.
        :param external_ids: product ids as Lengow names them: only orders with a line of
            one of them; None for any order.
        :param domain: further conditions, such as on ``currency_id`` or ``company_id``.
        """
        if external_ids is not None and not external_ids:
            return
        # Whoever heals an order need not be one who may see it.
        orders_sudo = self.sudo().search(
            [("state", "=", "error"), ("error_code", "in", list(codes)), *domain]
        )
        if orders_sudo and external_ids is not None:
            orders_sudo = orders_sudo._filter_by_external_ids(external_ids)
        if orders_sudo:
            self.env["lengow.order.retry"].sudo().create(
                [{"order_id": order.id} for order in orders_sudo]
            )
            self.env["lengow.account"]._trigger_crons("import_orders")

    @api.model
    def _retry_product_errors(self, external_ids, company=None):
        """Let orders be tried again that lacked a product, or had several.

        :param external_ids: what the product is called, and what it was called before;
            empty names are left out.
        :param res.company company: whose product it is; empty when all may sell it.
        """
        domain = [("company_id", "child_of", company.ids)] if company else ()
        names = set(filter(None, external_ids))
        self._retry_errors(PRODUCT_PROBLEMS, names, domain)

    @api.model
    def _take_up_retries(self):
        commit_progress = self.env["ir.cron"]._commit_progress
        try:
            while self.env["lengow.order.retry"]._take_up() and commit_progress():
                self.env.invalidate_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # they are there the next time too

    def _filter_by_external_ids(self, external_ids):
        """:return: the orders with a line of one of the product ids."""
        names = [*external_ids, *(f"{name}{FBA_SUFFIX}" for name in external_ids)]
        lines = self.env["lengow.order.line"].search_fetch(
            [("order_id", "in", self.ids), ("external_id", "in", names)], ["order_id"]
        )
        return lines.order_id

    def _make_due(self):
        """Let orders be tried at once, as if for the first time."""
        self.write({"attempts": 0, "next_attempt": fields.Datetime.now()})
