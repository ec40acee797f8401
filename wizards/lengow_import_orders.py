import re
import time
from datetime import date

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import CLICK_SECONDS, IMPORT_BATCH_SIZE, MAXIMUM_NUMBERS
from ..lengow.errors import (
    LengowError,
    LengowNotFoundError,
    LengowRequestError,
    LengowResponseError,
)
from ..lengow.order import Order

# Before any order of any marketplace: without a date Lengow answers the last seven days.
LONG_AGO = date(2000, 1, 1)


class LengowImportOrders(models.TransientModel):
    """Imports orders by their numbers, whatever the settings say."""

    _name = "lengow.import.orders"
    _description = "Import marketplace orders by number"
    _check_company_auto = True

    account_id = fields.Many2one(
        "lengow.account",
        required=True,
        ondelete="cascade",
        domain=[("state", "!=", "draft")],
        default=lambda self: self._default_account(),
    )
    company_id = fields.Many2one(related="account_id.company_id")
    channel_id = fields.Many2one(
        "lengow.channel",
        "Marketplace",
        ondelete="cascade",
        check_company=True,
        domain="[('account_id', '=', account_id)]",
        help="Empty: looked for on all of them.",
    )
    numbers = fields.Text(
        "Order Numbers",
        required=True,
        help="As the marketplace shows them, one a line or separated by commas or blanks.",
    )
    line_ids = fields.One2many("lengow.import.orders.line", "wizard_id", readonly=True)

    @api.model
    def _default_account(self):
        accounts = self.env["lengow.account"].search([("state", "!=", "draft")])
        return accounts if len(accounts) == 1 else accounts.browse()

    # === ACTION METHODS === #

    def action_import(self):
        """Fetch the orders, import them, and show what became of each.

        :return: action that shows the wizard again.
        :raise UserError: when there are no numbers, too many, or no connection.
        """
        self.ensure_one()
        numbers = self._read_numbers()
        self.account_id._check_connected()
        before = self._find_orders(numbers).filtered(lambda o: o.state == "imported")
        payloads, problems = self._fetch(numbers)
        self.account_id.sudo()._store_orders(payloads)  # users may not write orders
        found = self._find_orders(numbers)
        self._import(found.filtered(lambda order: order.state != "imported"), problems)
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(vals)
                for number in numbers
                for vals in self._prepare_line_vals(
                    number,
                    found.filtered(
                        lambda order, n=number: order.marketplace_order_id == n
                    ),
                    before,
                    problems.get(number),
                )
            ),
        ]
        return self._show()

    # === BUSINESS METHODS === #

    def _read_numbers(self):
        """:return: list of the numbers, each once.

        :raise UserError: when there are none, or too many.
        """
        numbers = list(dict.fromkeys(re.findall(r"[^\s,;]+", self.numbers or "")))
        if not numbers:
            raise UserError(self.env._("Enter at least one order number."))
        if len(numbers) > MAXIMUM_NUMBERS:
            raise UserError(
                self.env._(
                    "These are %(count)s numbers. Enter at most %(limit)s at a time.",
                    count=len(numbers),
                    limit=MAXIMUM_NUMBERS,
                )
            )
        return numbers

    def _find_orders(self, numbers):
        """:return: the stored orders that have the numbers."""
        domain = [
            ("account_id", "=", self.account_id.id),
            ("marketplace_order_id", "in", numbers),
        ]
        if self.channel_id:
            domain.append(("channel_id", "=", self.channel_id.id))
        return self.env["lengow.order"].search(domain)

    def _fetch(self, numbers):
        """Ask Lengow for the orders.

        :return: list of payloads, and dict of number to why it could not be asked for.
        """
        client = self.account_id._get_client()
        codes = self._get_marketplace_codes()
        deadline = time.monotonic() + CLICK_SECONDS
        payloads, problems, obstacle = [], {}, None
        for number in numbers:
            if not obstacle and time.monotonic() > deadline:
                obstacle = self.env._(
                    "Lengow took too long for the others. Import this number again."
                )
            if obstacle:
                problems[number] = obstacle
                continue
            try:
                payloads += self._fetch_number(client, codes, number)
            except LengowNotFoundError:
                continue
            except (LengowRequestError, LengowResponseError) as error:
                problems[number] = str(error)
            except LengowError as error:
                # The other numbers would not fare better.
                obstacle = problems[number] = self.account_id._explain(error)
        return payloads, problems

    def _get_marketplace_codes(self):
        """:return: list of the codes, old ones included, under which to look.

        :raise UserError: when the account has no marketplace yet.
        """
        account = self.account_id.with_context(active_test=False)
        marketplaces = (self.channel_id or account.channel_ids).marketplace_id
        codes = {*marketplaces.mapped("code"), *marketplaces.mapped("legacy_code")}
        if not codes:
            raise UserError(
                self.env._("The marketplaces of %s are not known yet.", account.name)
            )
        return sorted(filter(None, codes))

    @api.model
    def _fetch_number(self, client, codes, number):
        """:return: list of the payloads that have a number, on any of the marketplaces."""
        pages = client.iter_order_pages(
            marketplace=codes,
            marketplace_order_id=number,
            marketplace_order_date_from=LONG_AGO,
        )
        payloads = next(pages).entries
        if any(Order(payload).marketplace_order_id != number for payload in payloads):
            # The filter was ignored. Lengow promises it for one marketplace at a time.
            payloads = [client.get_order(code, number) for code in codes]
        return [payload for payload in payloads if payload is not None]

    def _import(self, orders, problems):
        """Import what Lengow was asked for, of which no worker imports any meanwhile."""
        orders_sudo = orders.sudo().filtered(  # imports touch what users may not
            lambda order: order.marketplace_order_id not in problems
        )
        due = orders_sudo._want_import().filtered(
            lambda order: order.state in ("pending", "error")
        )
        for start in range(0, len(due), IMPORT_BATCH_SIZE):
            due[start : start + IMPORT_BATCH_SIZE]._import_at_once()

    def _prepare_line_vals(self, number, orders, before, problem):
        """Say what became of a number.

        :param lengow.order orders: the orders that have it.
        :param lengow.order before: those that were imported before.
        :param problem: why Lengow could not be asked for it, or None.
        :return: list of values of lines.
        """
        if problem:
            message = problem
            return [{"number": number, "result": "failed", "message": message}]
        if not orders:
            message = self.env._(
                "Lengow knows no such order. Compare the number with the marketplace."
            )
            return [{"number": number, "result": "not_found", "message": message}]
        return [
            {
                "number": number,
                "order_id": order.id,
                "result": "present" if order in before else order.state,
                "message": self._describe(order),
            }
            for order in orders
        ]

    def _describe(self, order):
        """:return: what an order became, or why it waits and what to do."""
        if order.state == "imported":
            names = ", ".join(order._get_names())
            sentences = [names, order.error_message]
        elif order.state == "error":
            sentences = [order.error_message, order.remedy]
        elif order.state == "pending":
            sentences = [self.env._("It is imported in the background.")]
        else:
            label = order._get_reason_label(order.error_code)
            sentences = [f"{label}.", order.remedy]
        return " ".join(filter(None, sentences))

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import by Number"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
