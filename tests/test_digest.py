"""The responsible person gets a mail a day, with counts and links, when there is a need."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import html2plaintext, mute_logger

from odoo.addons.base.models import ir_cron

from ..const import WAITING_LONG_DAYS
from .common import LengowCommon

SHIRT, NOVEL = "TS-WHT-S", "BO-NVL"


@tagged("post_install", "-at_install", "lengow")
class TestDigest(LengowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.create_product(SHIRT)
        cls.user = new_test_user(
            cls.env,
            "responsible",
            "sale_lengow.group_lengow_user",
            email="responsible@example.com",
        )
        cls.account.user_id = cls.user

    def add(self, sku=SHIRT, **overrides):
        return self.world.add_order(lines=[(sku, 1)], shipping=0, **overrides)

    def add_failed(self, count=1):
        return self.import_stored(*(self.add(NOVEL) for _number in range(count)))

    def send(self, account=None):
        """Run the cron.

        :return: the mails about the account.
        """
        mails = self.env["mail.mail"]
        domain = [
            ("model", "=", "lengow.account"),
            ("res_id", "=", (account or self.account).id),
        ]
        before = mails.search(domain)
        self.run_cron("send_digests")
        return mails.search(domain) - before

    def test_nothing_to_do_is_no_mail(self):
        self.assertEqual(self.import_stored(self.add()).state, "imported")
        self.assertFalse(self.send())

    def test_problems_are_counted_by_reason_with_what_to_do(self):
        self.add_failed(2)
        held = self.add()
        held["total_order"] = held["original_total_order"] = 999
        self.import_stored(held)
        (mail,) = self.send()
        text = html2plaintext(mail.body_html)
        self.assertIn("To fix: 3 orders", text)
        for words in ("Unknown product", "Choose Map Product", "Total does not add up"):
            self.assertIn(words, text)
        self.assertLess(
            text.index("Unknown product"), text.index("Total does not"), "most first"
        )
        self.assertIn("/odoo/lengow-orders-to-fix", mail.body_html)
        self.assertIn(self.account.name, mail.subject)
        self.assertEqual(mail.recipient_ids, self.user.partner_id)
        self.assertEqual(mail.state, "outgoing")

    def test_actions_in_error_are_counted_with_a_link(self):
        order = self.import_stored(self.add())
        self.env["lengow.action"].create(
            [
                {
                    "lengow_order_id": order.id,
                    "action_type": "ship",
                    "state": "error",
                    "error_code": "failed",
                }
                for _number in range(2)
            ]
        )
        (mail,) = self.send()
        text = html2plaintext(mail.body_html)
        for words in ("not told: 2 actions", "Refused by the marketplace", "Edit and"):
            self.assertIn(words, text)
        self.assertIn("/odoo/lengow-actions-to-fix", mail.body_html)
        self.assertNotIn("orders-to-fix", mail.body_html)

    def test_no_data_of_a_buyer_is_in_the_mail(self):
        order = self.add_failed()
        (mail,) = self.send()
        self.assertNotIn(order.buyer_name, mail.body_html)

    def test_orders_that_wait_for_long_are_counted(self):
        now = fields.Datetime.now()
        late, early = (
            now - timedelta(days=days, hours=1) for days in (WAITING_LONG_DAYS, 0)
        )
        status = "waiting_acceptance"
        self.import_stored(self.add(lengow_status=status, marketplace_order_date=early))
        self.assertFalse(self.send())
        self.import_stored(self.add(lengow_status=status, marketplace_order_date=late))
        (mail,) = self.send()
        self.assertIn("Waiting for long: 1 orders", html2plaintext(mail.body_html))

    def test_account_in_error_is_told_with_its_problem(self):
        self.account._set_error("Lengow refuses the keys.")
        (mail,) = self.send()
        text = html2plaintext(mail.body_html)
        self.assertIn("has a problem", text)
        self.assertIn("Lengow refuses the keys.", text)
        self.assertIn(f"/odoo/lengow-accounts/{self.account.id}", mail.body_html)

    def test_paused_account_is_told(self):
        self.account._set_error("Lengow is down.")
        self.account.paused_at = fields.Datetime.now()
        (mail,) = self.send()
        self.assertIn("paused", html2plaintext(mail.body_html))

    def test_it_can_be_turned_off(self):
        self.add_failed()
        self.account.send_digest = False
        self.assertFalse(self.send())

    def test_only_people_of_ours_get_it(self):
        self.add_failed()
        portal = new_test_user(self.env, "portal", "base.group_portal", email="p@x.com")
        for user in (portal, self.env["res.users"]):
            self.account.user_id = user
            self.assertFalse(self.send())
        self.account.user_id = self.user
        self.user.active = False
        self.assertFalse(self.send())
        self.user.active = True
        self.user.email = False
        self.assertFalse(self.send())

    def test_it_is_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.user.lang = "fr_FR"
        template = self.env.ref("sale_lengow.mail_template_digest")
        template.with_context(lang="fr_FR").subject = "Commandes de {{ object.name }}"
        self.add_failed()
        (mail,) = self.send()
        self.assertEqual(mail.subject, f"Commandes de {self.account.name}")

    def test_each_account_is_told_about_its_own_orders(self):
        other = self.account.copy({"name": "Other", "user_id": self.user.id})
        other.state = "connected"
        self.add_failed()
        self.assertFalse(self.send(other))

    def test_nobody_is_written_to_twice_when_the_time_of_the_cron_is_up(self):
        accounts = self.account
        for number in range(2):
            other = self.account.copy({"name": f"Other {number}"})
            other.write({"state": "connected", "user_id": self.user.id})
            other._set_error("It is down.")
            accounts |= other
        self.add_failed()
        domain = [("model", "=", "lengow.account"), ("res_id", "in", accounts.ids)]
        before = self.env["mail.mail"].search(domain)
        with patch.object(ir_cron, "MIN_TIME_PER_JOB", 0):
            self.run_cron("send_digests")
        mails = self.env["mail.mail"].search(domain) - before
        self.assertEqual(sorted(mails.mapped("res_id")), sorted(accounts.ids))
        progress = self.env["ir.cron.progress"].search([], order="id desc", limit=1)
        self.assertEqual((progress.done, progress.remaining), (3, 0))

    def test_template_that_somebody_broke_stops_nothing(self):
        other = self.account.copy({"name": "Other", "user_id": self.user.id})
        other.write({"state": "connected"})
        other._set_error("It is down.")
        self.add_failed()
        template = self.env.ref("sale_lengow.mail_template_digest")
        template.body_html = (
            '<p t-if="object.name == \'Test\'" t-out="object.nothing"/>'
        )
        with mute_logger(
            "odoo.addons.sale_lengow.models.lengow_account_digest",
            "odoo.addons.mail.models.mail_render_mixin",
        ):
            self.assertTrue(self.send(other))
        self.assertEqual(
            self.env["mail.mail"].search_count(
                [("res_id", "=", self.account.id), ("model", "=", "lengow.account")]
            ),
            0,
        )
