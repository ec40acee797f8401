from odoo import api, fields, models

from ..lengow.changes import is_cancelled
from ..lengow.order import REFUNDED_STATUSES
from .lengow_order_act import ACTIONS_IN_FORCE

# The buyer has it, or it is on its way.
SENT_STATUSES = ("shipped", "closed", "pickup_completed")


class LengowOrder(models.Model):
    """Showing where the marketplace and Odoo disagree, until a person has settled it."""

    _inherit = "lengow.order"

    alert = fields.Text(
        compute="_compute_alert",
        help="Where the marketplace and Odoo disagree, and what to do.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "action_ids.state",
        "lengow_status",
        "refund_to_credit",
        "sale_order_ids.state",
        "sale_order_ids.picking_ids.state",
    )
    def _compute_alert(self):
        for order in self:
            # Those who may see the order need not have rights on all that came of it.
            order_sudo = order.sudo()
            sentences = order_sudo._get_alerts() if order.state == "imported" else []
            order.alert = "\n".join(sentences) or False

    # === BUSINESS METHODS === #

    def _get_alerts(self):
        """:return: list of sentences about where the marketplace and Odoo disagree."""
        alerts = [
            self._get_sent_alert(),
            self._get_services_alert(),
            self._get_cancelled_alert(),
        ]
        return [*filter(None, alerts), *self._get_refund_alerts()]

    def _get_sent_alert(self):
        if self.lengow_status not in SENT_STATUSES:
            return None
        pickings = self.sale_order_ids.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
            and picking._lengow_goes_to_buyer()
        )
        drafts = self.sale_order_ids.filtered(
            lambda sale: sale.state in ("draft", "sent")
        )
        if not (pickings or drafts):
            return None
        return self.env._(
            "The marketplace says that the order has left, but in Odoo %s is still open. "
            "Validate it if the goods are gone.",
            ", ".join([*pickings.mapped("name"), *drafts.mapped("name")]),
        )

    def _get_services_alert(self):
        if self.lengow_status != "waiting_shipment" or not self._has_untold_services():
            return None
        return self.env._(
            "Nothing of this order leaves with a delivery: it consists of services. Tell "
            "%s with the button Marketplace Action as soon as they are rendered.",
            self.channel_id.marketplace_id.name,
        )

    def _has_untold_services(self):
        """:return: whether no delivery will ever tell the marketplace of it."""
        sales = self.sale_order_ids.filtered(lambda sale: sale.state != "cancel")
        products = sales.order_line.filtered("lengow_line_id").product_id
        return (
            set(sales.mapped("state")) == {"sale"}
            and set(products.mapped("type")) == {"service"}
            and set(sales.mapped("lengow_delivered_by")) == {"merchant"}
            and self.channel_id.ship_policy != "manual"
            and not any(
                action.action_type == "ship" and action.state in ACTIONS_IN_FORCE
                for action in self.action_ids
            )
        )

    def _remind_of_services(self):
        """Have somebody tell the marketplace of services, as no delivery does it."""
        for order in self.filtered(lambda order: order._get_services_alert()):
            user = order._get_responsible()
            order = order.with_context(lang=user.lang or self.env.lang)
            order._get_action_document().activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=order.env._("Tell the marketplace when it is done"),
                note=order._get_services_alert(),
            )

    def _get_cancelled_alert(self):
        sales = self.sale_order_ids.filtered(lambda sale: sale.state != "cancel")
        if not sales or not is_cancelled(self._view()):
            return None
        return self.env._(
            "The marketplace has cancelled the order, but %s is in force since a part of "
            "it has left already.",
            ", ".join(sales.mapped("name")),
        )

    def _get_refund_alerts(self):
        alerts = []
        currency = self.currency_id
        if self.refund_to_credit:
            alerts.append(
                self.env._(
                    "The marketplace has refunded %(refunded)s to the buyer, of which "
                    "%(missing)s is not credited in Odoo.",
                    refunded=currency.format(self.refunded_amount),
                    missing=currency.format(self.refund_to_credit),
                )
            )
            if not self._get_refundable_invoices():
                alerts.append(
                    self.env._(
                        "Nothing is invoiced yet, so there is nothing to credit."
                    )
                )
        elif (
            self.lengow_status in REFUNDED_STATUSES
            and not self.refunded_amount
            and not self._get_credit_notes()
        ):
            alerts.append(
                self.env._(
                    "The marketplace refunds the order and does not say how much. Look it "
                    "up there, and credit the invoice."
                )
            )
        return alerts
