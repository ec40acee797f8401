import logging
from collections import Counter

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..const import IMPORT_BATCH_SIZE
from ..lengow.money import ZERO
from ..lengow.parsing import decimal
from .lengow_action_job import ActionJob
from .lengow_order_act import ACTIONS_IN_FORCE
from .private_log import log_failure, no_sql_errors_logged

_logger = logging.getLogger(__name__)

ANSWERS = ("accept", "refuse")


class LengowOrder(models.Model):
    """Accepting orders that wait for it, or refusing them."""

    _inherit = "lengow.order"

    # === ACTION METHODS === #

    def action_accept(self):
        """Accept orders, of one whose marketplace asks for more after asking for it.

        :return: notification, or action that opens the wizard.
        """
        return self._answer("accept")

    def action_refuse(self):
        """Refuse orders, of one whose marketplace wants a reason after asking for it.

        :return: notification, or action that opens the wizard.
        """
        return self._answer("refuse")

    # === BUSINESS METHODS: A PERSON ANSWERS === #

    def _answer(self, name):
        self.check_access("write")
        label = self.env["lengow.action"]._get_names()[name]
        possible = self.filtered(lambda order: name in order._get_allowed_actions())
        answered = possible.filtered(lambda order: order._is_answered())
        waiting = possible - answered
        if len(self) == 1 and waiting and waiting._wants_details(name):
            return waiting._open_action_wizard(name)
        incomplete = waiting.filtered(lambda order: order._find_answer_problems(name))
        ready = waiting - incomplete
        self.env["lengow.action"]._queue([ActionJob(order, name) for order in ready])
        return self._report(
            label,
            [
                self.env._(
                    "“%(action)s” is sent for %(count)s orders.",
                    action=label,
                    count=len(ready),
                )
            ],
            {
                self.env._("their marketplaces do not take it now"): self - possible,
                self.env._("they are accepted or refused already"): answered,
                self.env._(
                    "their marketplaces ask for more: open them one by one"
                ): incomplete,
            },
        )

    def _wants_details(self, name):
        """Tell whether a marketplace asks for more, or lists reasons to choose from."""
        rule = self._get_rules().get_action(name)
        if self._find_answer_problems(name):
            return True
        return any(
            argument.valid_values
            for argument in rule.arguments.values()
            if argument not in (rule.line_argument, rule.quantity_argument)
        )

    def _find_answer_problems(self, name):
        return self.env["lengow.action"]._plan(ActionJob(self, name)).problems

    # === BUSINESS METHODS: AUTOMATIC ACCEPTANCE === #

    @api.model
    def _accept_waiting(self):
        """Accept the orders that their channels accept by themselves, each once."""
        connected = self.env["lengow.account"]._get_connected_domain()
        channels = self.env["lengow.channel"].search(
            [("auto_accept", "!=", "no"), ("account_id", "any", connected)]
        )
        for channel in channels:
            orders = self.search(
                [
                    ("channel_id", "=", channel.id),
                    ("state", "=", "waiting"),
                    ("error_code", "=", "not_accepted"),
                    # One that a person took back, or that failed, is a person's to send.
                    ("action_ids", "not any", [("action_type", "in", ANSWERS)]),
                ],
                order="id",
            )
            promised = orders._count_promised_guarded(channel)
            if promised is None:
                continue
            for start in range(0, len(orders), IMPORT_BATCH_SIZE):
                batch = orders[start : start + IMPORT_BATCH_SIZE]
                batch = batch.try_lock_for_update(allow_referencing=True)
                batch._accept_guarded(channel, promised)
                self.env["ir.cron"]._commit_progress()

    def _count_promised_guarded(self, channel):
        """:return: what :meth:`_count_promised` does; None where it fails."""
        try:
            with no_sql_errors_logged(), self.env.cr.savepoint():
                return self._count_promised(channel)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
        except Exception as error:  # noqa: BLE001 other channels go on
            log_failure(_logger, error, "Lengow channel %s, acceptance", channel.id)
        return None

    def _accept_guarded(self, channel, promised):
        """Accept a batch of a channel; one bad order keeps no other from it."""
        try:
            with no_sql_errors_logged(), self.env.cr.savepoint():
                self._accept(channel, promised)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Another worker is at one of them; the next run sees what is left.
            self.env.cr.rollback()
        except Exception as error:  # noqa: BLE001 the orders are redone one by one
            if len(self) > 1:
                for order in self:
                    order._accept_guarded(channel, promised)
                return
            log_failure(_logger, error, "Lengow order %s, acceptance", self.id)

    def _accept(self, channel, promised):
        """Queue the acceptance of the orders that can be accepted now.

        :param lengow.channel channel: the orders' channel.
        :param Counter promised: what earlier orders take; what these take is added.
        """
        ready = self.filtered(lambda order: order._can_be_accepted())
        demand = Counter()
        if ready and channel.auto_accept == "stock":
            ready, demand = ready._filter_in_stock(channel, promised)
        self.env["lengow.action"]._queue(
            [ActionJob(order, "accept") for order in ready]
        )
        promised.update(demand)

    def _can_be_accepted(self):
        return "accept" in self._get_allowed_actions()

    # === BUSINESS METHODS: STOCK === #

    def _count_promised(self, channel):
        """Count what was accepted and is no sale order yet: it has its share of the stock.

        :param lengow.channel channel: the channel that more is to be accepted of.
        :return: Counter of product to Decimal in its own unit.
        """
        if not self or channel.auto_accept != "stock":
            return Counter()
        promised = self.search(
            [
                ("account_id", "=", channel.account_id.id),
                ("state", "in", ("waiting", "pending", "error")),
                (
                    "action_ids",
                    "any",
                    [
                        ("action_type", "=", "accept"),
                        ("state", "in", ACTIONS_IN_FORCE),
                    ],
                ),
            ]
        )
        warehouse = self._get_stock_warehouse(channel)
        sharing = promised.channel_id.filtered(
            lambda other: self._get_stock_warehouse(other) == warehouse
        )
        promised = promised.filtered(lambda order: order.channel_id in sharing)
        found = promised._find_own_products(channel)
        total = Counter()
        for order in promised:
            total.update(order._get_demand(found) or {})
        return total

    def _filter_in_stock(self, channel, promised):
        """Find the orders that the stock suffices for, the oldest first.

        :param lengow.channel channel: the orders' channel.
        :param Counter promised: what earlier orders take from the stock.
        :return: the orders, and a Counter of what they take.
        """
        found = self._find_own_products(channel)
        products = self.env["product.product"].union(
            *(match.products for match in found.values())
        )
        warehouse = self._get_stock_warehouse(channel)
        # Stock is looked at for everybody, whoever runs the cron.
        free = {
            product: decimal(product.free_qty) - promised[product]
            for product in products.sudo().with_context(warehouse_id=warehouse.id)
            if product.is_storable
        }
        accepted, taken = self.browse(), Counter()
        for order in self.sorted("id"):
            demand = order._get_demand(found)
            if demand is not None and all(
                free[product] - taken[product] >= quantity
                for product, quantity in demand.items()
                if product in free
            ):
                taken.update(demand)
                accepted |= order
        return accepted, taken

    def _find_own_products(self, channel):
        """:return: what the orders' lines are, as their import would find it."""
        orders = self.with_company(channel.company_id)
        return orders._find_products(orders._get_product_keys())

    @api.model
    def _get_stock_warehouse(self, channel):
        """:return: the warehouse that the channel's orders are delivered from."""
        return channel.warehouse_id or self.env["stock.warehouse"].search(
            [("company_id", "=", channel.company_id.id)], limit=1
        )

    def _get_demand(self, found):
        """Read what an order takes from the stock.

        :param dict found: :class:`ProductKey` to :class:`Found`.
        :return: dict of product to Decimal in its own unit; None when a product is not
            known, or not the only one.
        """
        demand = {}
        for line in self._view().lines:
            if not line.is_counted:
                continue
            match = found.get(self._get_product_key(line))
            if match is None or len(match.products) != 1:
                return None
            if match.products.type == "combo":
                return None
            product = match.products.with_env(self.env)
            quantity = line.quantity
            if match.uom:
                quantity = decimal(
                    match.uom._compute_quantity(float(quantity), product.uom_id)
                )
            demand[product] = demand.get(product, ZERO) + quantity
        return demand
