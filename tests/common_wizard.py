"""The wizard of marketplace actions, as people fill it in."""

from odoo.tests import Form

from .common import LengowCommon


class WizardCommon(LengowCommon):
    """An account with open channels, and products for every order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_channels()
        cls.create_catalogue()

    def import_one(self, marketplace="amazon_fr", lines=1, **values):
        """Add an order to the world and import it.

        :return: its payload and its ``lengow.order``.
        """
        payload = self.world.add_order(marketplace, lines=lines, **values)
        return payload, self.import_stored(payload)

    def open(self, action):
        """Open the wizard that a button returns, as the web client does."""
        self.assertEqual(action["res_model"], "lengow.action.wizard", action)
        model = self.env[action["res_model"]].with_user(self.env.user)
        return Form(model.with_context(**action["context"]))

    def choose(self, form, name):
        """Choose a kind of action by its code."""
        found = self.env["lengow.action.choice"].search(
            [("key", "=", form.type_key), ("code", "=", name)]
        )
        self.assertTrue(found, f"{name} is not offered")
        form.type_id = found

    def get_offered(self, form):
        """:return: codes of the kinds of action that can be chosen."""
        rows = self.env["lengow.action.choice"].search([("key", "=", form.type_key)])
        return rows.mapped("code")

    def fill_in(self, form, **values):
        """Fill in details, those with a list by the code."""
        for index in range(len(form.argument_ids)):
            with form.argument_ids.edit(index) as row:
                if row.name not in values:
                    continue
                value = values.pop(row.name)
                if row.choice_key and value is not False:
                    row.choice_id = self.env["lengow.action.choice"].search(
                        [("key", "=", row.choice_key), ("code", "=", value)]
                    )
                elif row.kind == "date":
                    row.date_value = value
                else:
                    row.text_value = value
        self.assertEqual(values, {}, "not asked for")

    def get_statuses(self, form):
        """:return: dict of detail to whether it is needed."""
        return {row["name"]: row["status"] for row in get_rows(form.argument_ids)}

    def send(self, form):
        """Press Send.

        :return: the new actions.
        """
        before = self.env["lengow.action"].search([])
        form.save().action_send()
        return (self.env["lengow.action"].search([]) - before).sorted("id")

    def send_all(self):
        """Let Lengow have the actions and settle them."""
        self.run_cron("send_actions")
        self.simulator.actions.finish()
        self.run_cron("settle_actions")
        self.env.invalidate_all()


def get_rows(x2many):
    """:return: list of the rows of a form's list, as dicts."""
    return [x2many._records[index] for index in range(len(x2many))]
