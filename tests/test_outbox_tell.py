"""People are told what became of actions: in the chatter, and by one activity an order."""

from odoo.tests import new_test_user, tagged

from ..lengow.action import LinePart
from .common_outbox import MUG, NOVEL, SHIRT, OutboxCommon

AMAZON = "amazon_fr"


@tagged("post_install", "-at_install", "lengow")
class TestOutboxTell(OutboxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for sku in (SHIRT, MUG):
            cls.create_product(sku)
        groups = "sale_lengow.group_lengow_user"
        cls.keeper, cls.seller = (
            new_test_user(cls.env, login, groups, company_id=cls.company.id)
            for login in ("keeper", "seller")
        )
        cls.account.user_id = cls.keeper

    def add_imported(self, *lines):
        """:return: an imported order of two lines."""
        payload = self.world.add_order(
            AMAZON, lines=list(lines or [(SHIRT, 1), (MUG, 2)]), shipping=0
        )
        order = self.import_stored(payload)
        self.assertEqual(order.state, "imported", order.error_message)
        return order

    def get_activities(self, order):
        return order.activity_ids | order.sale_order_ids.activity_ids

    def get_bodies(self, record):
        return [str(body) for body in record.message_ids.sorted("id").mapped("body")]

    def fail(self, order, times=1):
        """:return: actions of an order of which the first ones failed."""
        self.simulator.actions.faults.once("processed_with_errors", times=times)
        actions = self.ship(order)
        self.send()
        self.settle()
        return actions

    # Chatter

    def test_what_is_done_is_said_once_for_an_order(self):
        order = self.add_imported()
        self.ship(order, number="8G48")
        self.send()
        before = len(self.get_bodies(order.sale_order_ids))
        self.settle()
        bodies = self.get_bodies(order.sale_order_ids)
        self.assertEqual(len(bodies), before + 1)
        for words in ("Done at Amazon FR", "Ship", "(1)", "(2)", "tracking 8G48"):
            self.assertIn(words, bodies[-1])

    def test_what_failed_is_said_with_the_marketplaces_words_and_what_to_do(self):
        order = self.add_imported()
        self.fail(order)
        body = next(
            body for body in self.get_bodies(order.sale_order_ids) if "Not done" in body
        )
        for words in ("Amazon FR", "expected format of the carrier", "Edit and Send"):
            self.assertIn(words, body)

    def test_an_order_that_is_not_imported_is_told_itself(self):
        order = self.add_stored((NOVEL, 1))
        self.ship(order)
        self.send()
        self.settle()
        self.assertIn("Done at bol", self.get_bodies(order)[-1])

    def test_markup_of_a_marketplace_is_text(self):
        order = self.add_stored((NOVEL, 1))
        self.simulator.actions.faults.once(
            "processed_with_errors", message="x <script>alert(1)</script> & y"
        )
        self.ship(order)
        self.send()
        self.settle()
        self.assertNotIn("<script", self.get_bodies(order)[-1])
        self.assertNotIn("<script", str(self.get_activities(order).note))

    # Activities

    def test_an_order_has_one_activity_however_many_of_its_actions_failed(self):
        order = self.add_imported()
        actions = self.fail(order, times=2)
        self.assert_states(actions, "error", "error")
        activity = self.get_activities(order)
        self.assertEqual(len(activity), 1)
        self.assertEqual(
            (activity.res_model, activity.res_id),
            ("sale.order", order.sale_order_ids.id),
        )
        self.assertEqual(str(activity.note).count("expected format"), 2)

    def test_an_error_of_the_same_order_later_joins_the_activity(self):
        order = self.add_imported()
        self.fail(order)
        activity = self.get_activities(order)
        self.queue(order, "cancel", [LinePart("unknown")])
        self.assertEqual(self.get_activities(order), activity)
        self.assertIn("no line unknown", activity.note)

    def test_it_goes_when_nothing_of_the_order_is_in_error_any_more(self):
        order = self.add_imported()
        first, second = self.fail(order, times=2)
        first.action_send_again()
        self.assertEqual(len(self.get_activities(order)), 1, "the second one is left")
        second.action_cancel()
        self.assertFalse(self.get_activities(order))
        self.send()
        self.settle()
        self.assert_states(first, "done")
        self.assertFalse(self.get_activities(order))

    def test_other_activities_stay(self):
        order = self.add_imported()
        (action, _other) = self.fail(order)
        order.sale_order_ids.activity_schedule("mail.mail_activity_data_warning")
        action.action_cancel()
        self.assertEqual(len(self.get_activities(order)), 1)

    def test_what_is_missing_is_told_as_soon_as_it_is_asked_for(self):
        order = self.add_imported()
        self.queue(order, "ship")
        activity = self.get_activities(order)
        self.assertEqual(len(activity), 1)
        self.assertIn("Carrier is missing", activity.note)

    def test_whoever_is_responsible_is_told(self):
        order = self.add_imported()
        channel = self.get_channel(AMAZON)
        cases = (
            (self.env["res.users"], self.env["res.users"], self.keeper),
            (self.env["res.users"], self.seller, self.seller),
            (self.seller, self.keeper, self.seller),
            (
                new_test_user(self.env, "cannot", "base.group_user"),
                self.seller,
                self.seller,
            ),
        )
        for sale_user, channel_user, told in cases:
            order.sale_order_ids.user_id = sale_user
            channel.user_id = channel_user
            self.queue(order, "ship")
            activity = self.get_activities(order)
            self.assertEqual(activity.user_id, told)
            order.action_ids.action_cancel()
            self.assertFalse(self.get_activities(order))

    def test_an_archived_user_is_not_told(self):
        order = self.add_imported()
        order.sale_order_ids.user_id = self.seller
        self.seller.active = False
        self.queue(order, "ship")
        self.assertEqual(self.get_activities(order).user_id, self.keeper)

    def test_no_mail_is_sent_for_each(self):
        order = self.add_imported()
        mails = self.env["mail.mail"].search_count([])
        self.queue(order, "ship")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_the_activity_is_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.keeper.lang = "fr_FR"
        order = self.add_stored((NOVEL, 1))
        self.assertTrue(self.queue(order, "ship"))
        self.assertTrue(self.get_activities(order))
