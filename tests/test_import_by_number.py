"""Orders are imported by their numbers, and the wizard says what became of each."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..const import MAXIMUM_NUMBERS
from .common import LengowCommon

SHIRT, NOVEL = "TS-WHT-S", "BO-NVL"
ORDERS = "/v3.0/orders/"


@tagged("post_install", "-at_install", "lengow")
class TestImportByNumber(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.create_product(SHIRT)
        cls.user = new_test_user(cls.env, "user", "sale_lengow.group_lengow_user")

    def add(self, sku=SHIRT, **overrides):
        """:return: number of a new order at Lengow."""
        payload = self.world.add_order(lines=[(sku, 1)], shipping=0, **overrides)
        return payload["marketplace_order_id"]

    def run_wizard(self, *numbers, text=None, **vals):
        """Enter numbers as a user does.

        :return: the wizard, after its import.
        """
        wizards = self.env["lengow.import.orders"].with_user(self.user)
        wizard = wizards.create(
            {
                "account_id": self.account.id,
                "numbers": "\n".join(numbers) if text is None else text,
                **vals,
            }
        )
        with self.enter_registry_test_mode():
            action = wizard.action_import()
        self.assertEqual((action["res_id"], action["target"]), (wizard.id, "new"))
        return wizard

    def get_results(self, wizard):
        return dict(wizard.line_ids.mapped(lambda line: (line.number, line.result)))

    def get_order(self, number):
        return self.env["lengow.order"].search([("marketplace_order_id", "=", number)])

    def test_numbers_are_imported_at_once(self):
        numbers = [self.add(), self.add(marketplace="decathlon_fr")]
        wizard = self.run_wizard(*numbers)
        self.assertEqual(self.get_results(wizard), dict.fromkeys(numbers, "imported"))
        for line in wizard.line_ids:
            sale = self.get_order(line.number).sale_order_ids
            self.assertEqual(sale.state, "sale")
            self.assertIn(sale.name, line.message)
            action = line.action_view_order()
            self.assertEqual(action["res_id"], self.get_order(line.number).id)

    def test_numbers_are_read_however_they_are_pasted(self):
        numbers = [self.add() for _number in range(5)]
        one, two, three, four, five = numbers
        text = f"  {one}, {two};{three}\r\n\t{four}   {five}\n{one}\n\n"
        wizard = self.run_wizard(text=text)
        self.assertEqual(wizard.line_ids.mapped("number"), numbers)

    def test_each_number_is_one_request_for_all_marketplaces(self):
        number = self.add()
        self.run_wizard(number)
        (request,) = self.get_requests(ORDERS)
        self.assertIn("decathlon_fr", request.args["marketplace"])
        self.assertEqual(request.args["marketplace_order_id"], number)

    def test_only_the_chosen_marketplace_is_asked(self):
        number = self.add()
        wizard = self.run_wizard(number, channel_id=self.get_channel("decathlon_fr").id)
        self.assertEqual(self.get_results(wizard), {number: "not_found"})
        self.assertFalse(self.get_order(number))

    def test_filter_that_lengow_ignores_brings_no_other_orders(self):
        number = self.add()
        self.add(marketplace="decathlon_fr")
        wizard_model = type(self.env["lengow.import.orders"])
        fetch = wizard_model._fetch_number

        def without_filter(wizard, client, codes, wanted):
            pages = client.iter_order_pages

            def iter_order_pages(**filters):
                filters.pop("marketplace_order_id")
                return pages(**filters)

            self.patch(client, "iter_order_pages", iter_order_pages)
            return fetch(wizard, client, codes, wanted)

        self.patch(wizard_model, "_fetch_number", without_filter)
        wizard = self.run_wizard(number)
        self.assertEqual(self.get_results(wizard), {number: "imported"})
        self.assertEqual(len(self.account.order_ids), 1)

    def test_order_that_is_here_is_said_so_and_not_doubled(self):
        number = self.add()
        self.import_all()
        sale = self.get_order(number).sale_order_ids
        wizard = self.run_wizard(number)
        self.assertEqual(self.get_results(wizard), {number: "present"})
        self.assertIn(sale.name, wizard.line_ids.message)
        self.assertEqual(self.get_order(number).sale_order_ids, sale)

    def test_age_and_channel_do_not_matter(self):
        now = fields.Datetime.now()
        self.account.import_from = now.date()
        self.get_channel("decathlon_fr").import_orders = False
        numbers = [
            self.add(marketplace_order_date=now - timedelta(days=days))
            for days in (2, 40, 200)
        ]
        numbers.append(self.add(marketplace="decathlon_fr"))
        wizard = self.run_wizard(*numbers)
        self.assertEqual(self.get_results(wizard), dict.fromkeys(numbers, "imported"))

    def test_order_that_a_person_ignored_is_imported_when_one_asks_for_it(self):
        number = self.add(NOVEL)
        self.import_all()
        self.get_order(number).action_ignore()
        self.create_product(NOVEL)
        self.assertEqual(
            self.get_results(self.run_wizard(number)), {number: "imported"}
        )

    def test_each_outcome_is_said_in_words(self):
        cancelled = self.add(lengow_status="canceled")
        erased = self.add(anonymized=True)
        waiting = self.add(lengow_status="waiting_acceptance")
        unknown = self.add(NOVEL)
        wizard = self.run_wizard(cancelled, erased, waiting, unknown, "no-such-number")
        self.assertEqual(
            self.get_results(wizard),
            {
                cancelled: "ignored",
                erased: "ignored",
                waiting: "waiting",
                unknown: "error",
                "no-such-number": "not_found",
            },
        )
        for line, words in zip(
            wizard.line_ids,
            (
                "Cancelled at the marketplace",
                "erased",
                "Not accepted yet",
                "Map Product",
                "no such order",
            ),
            strict=True,
        ):
            self.assertIn(words, line.message)
            self.assertEqual(bool(line.order_id), line.result != "not_found")

    def test_one_number_that_lengow_refuses_does_not_keep_the_others(self):
        numbers = [self.add(), self.add(), self.add()]
        self.simulator.faults.once("400", path=ORDERS, skip=1)
        wizard = self.run_wizard(*numbers)
        self.assertEqual(
            wizard.line_ids.mapped("result"), ["imported", "failed", "imported"]
        )
        self.assertIn("Lengow refused the request", wizard.line_ids[1].message)

    def test_lengow_that_is_down_is_asked_once_and_told(self):
        numbers = [self.add(), self.add(), self.add()]
        self.simulator.faults.once("500", path=ORDERS, skip=1, times=99)
        wizard = self.run_wizard(*numbers)
        self.assertEqual(
            wizard.line_ids.mapped("result"), ["imported", "failed", "failed"]
        )
        self.assertIn("Lengow could not answer", wizard.line_ids[2].message)
        asked = {r.args["marketplace_order_id"] for r in self.get_requests(ORDERS)}
        self.assertNotIn(numbers[2], asked)

    def test_refused_keys_are_told_in_words(self):
        number = self.add()
        self.world.accounts[0]["secret"] = "new"
        wizard = self.run_wizard(number)
        self.assertEqual(self.get_results(wizard), {number: "failed"})
        self.assertIn("refuses the keys", wizard.line_ids.message)

    def test_nothing_and_too_much_are_refused(self):
        for text, words in (
            (" ,; \n", "at least one"),
            (" ".join(map(str, range(MAXIMUM_NUMBERS + 1))), "at most"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.run_wizard(text=text)
        self.assertFalse(self.simulator.requests)

    def test_account_that_is_not_connected_is_not_asked(self):
        self.account.state = "draft"
        with self.assertRaisesRegex(UserError, "Connect the account"):
            self.run_wizard("1")
        self.assertFalse(self.simulator.requests)

    def test_wizard_opens_with_the_only_account(self):
        with Form(self.env["lengow.import.orders"].with_user(self.user)) as form:
            self.assertEqual(form.account_id, self.account)
            form.numbers = self.add()
        self.assertEqual(
            form.record.numbers, self.world.orders[-1]["marketplace_order_id"]
        )

    def test_again_after_mending_shows_the_new_outcome(self):
        number = self.add(NOVEL)
        wizard = self.run_wizard(number)
        self.create_product(NOVEL)
        with self.enter_registry_test_mode():
            wizard.action_import()
        self.assertEqual(self.get_results(wizard), {number: "imported"})

    def test_salespeople_may_not_import(self):
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            self.env["lengow.import.orders"].with_user(seller).create(
                {"account_id": self.account.id, "numbers": "1"}
            )

    def test_account_of_another_company_is_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.user.write(
            {"company_ids": [fields.Command.set(other.ids)], "company_id": other.id}
        )
        self.env["lengow.import.orders"].with_user(self.user).create(
            {"account_id": self.account.id, "numbers": "1"}
        )
        with self.assertRaises(AccessError):
            self.run_wizard("1")
