import logging

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .lengow_order_job import OrderProblem
from .private_log import log_failure, no_sql_errors_logged

_logger = logging.getLogger(__name__)


class LengowOrder(models.Model):
    """Orders that the marketplace delivers from its own warehouse."""

    _inherit = "lengow.order"

    # === BUSINESS METHODS === #

    def _check_fulfilment(self):
        """See that what the marketplace delivers can be taken from somewhere.

        :raise OrderProblem: when the channel names no warehouse for it.
        """
        channel = self.channel_id
        if (
            self.is_fulfilled_by_marketplace
            and channel.fulfilled_by_marketplace == "deliver"
            and not channel.fulfilment_warehouse_id
        ):
            raise OrderProblem(
                "no_warehouse",
                self.env._(
                    "Order %(order)s is delivered by the marketplace, and the channel "
                    "%(channel)s has no warehouse that stands for its stock there.",
                    order=self.marketplace_order_id,
                    channel=channel.display_name,
                ),
            )

    def _prepare_fulfilment_vals(self):
        """:return: values of a sale order that say who delivers it, and from where."""
        channel = self.channel_id
        if not self.is_fulfilled_by_marketplace:
            vals = {"lengow_delivered_by": "merchant"}
            if channel.warehouse_id:
                vals["warehouse_id"] = channel.warehouse_id.id
            return vals
        if channel.fulfilled_by_marketplace != "deliver":
            return {"lengow_delivered_by": "marketplace"}
        return {
            "lengow_delivered_by": "marketplace_warehouse",
            "warehouse_id": channel.fulfilment_warehouse_id.id,
        }

    def _deliver_guarded(self, sales):
        """Validate deliveries; where that fails, the order is imported all the same.

        :param sale.order sales: confirmed sale orders of the order.
        """
        try:
            # The database's own error log would show the buyers' data.
            with no_sql_errors_logged(), self.env.cr.savepoint():
                sales._lengow_validate_deliveries()
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # noqa: BLE001 a person validates it
            log_failure(_logger, error, "Lengow order %s, delivery", self.id)
            self.write(
                {
                    "error_code": "not_delivered",
                    "error_message": self.env._(
                        "The marketplace has delivered order %(order)s, but Odoo cannot "
                        "validate %(deliveries)s: %(problem)s",
                        order=self.marketplace_order_id,
                        deliveries=", ".join(
                            self._get_open_pickings(sales).mapped("name")
                        ),
                        problem=str(error).strip() or type(error).__name__,
                    ),
                }
            )
            return
        self._forget_open_deliveries()

    def _forget_open_deliveries(self):
        """Take orders out of what a person has to fix, once their deliveries are closed."""
        # Warehouse people may not read marketplace orders.
        for order_sudo in self.sudo().filtered(
            lambda order: order.error_code == "not_delivered"
        ):
            if not order_sudo._get_open_pickings(order_sudo.sale_order_ids):
                order_sudo.write({"error_code": False, "error_message": False})
