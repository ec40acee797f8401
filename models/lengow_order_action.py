from markupsafe import Markup

from odoo import api, fields, models

from ..const import NAMES_SHOWN

ACTIVITY = "sale_lengow.mail_activity_action"


class LengowOrder(models.Model):
    """What an order's marketplace was asked for, and who has to do something about it."""

    _inherit = "lengow.order"

    action_count = fields.Integer(compute="_compute_action_count")

    # === COMPUTE METHODS === #

    @api.depends("action_ids")
    def _compute_action_count(self):
        counts = dict(
            self.env["lengow.action"]._read_group(
                [("lengow_order_id", "in", self.ids)], ["lengow_order_id"], ["__count"]
            )
        )
        for order in self:
            order.action_count = counts.get(order, 0)

    # === ACTION METHODS === #

    def action_view_actions(self):
        """:return: action that shows what the marketplaces of the orders were asked for."""
        return self.env["lengow.action"]._open_list(
            [("lengow_order_id", "in", self.ids)]
        )

    # === BUSINESS METHODS === #

    def _get_action_document(self):
        """:return: what people work with: the first sale order in force, or the order."""
        sales = self.sale_order_ids.filtered(lambda sale: sale.state != "cancel")
        return sales.sorted("id")[:1] or self

    def _get_responsible(self):
        """Find who is told of a problem: rather somebody who can do something about it.

        :return: the salesperson, the channel's, or who is responsible for the account.
        """
        document = self._get_action_document()
        candidates = (
            document.user_id if document != self else self.env["res.users"],
            self.channel_id.user_id,
            self.account_id.user_id,
        )
        users = [user for user in candidates if user.active and not user.share]
        for user in users:
            if user.has_group("sale_lengow.group_lengow_user"):
                return user
        return users[0] if users else self.account_id.create_uid

    def _follow_actions(self):
        """Keep one activity on each order that has an action in error, and on no other."""
        orders = self.sudo()  # whoever delivers need not have rights on activities
        failed = orders.env["lengow.action"].search(
            [("lengow_order_id", "in", orders.ids), ("state", "=", "error")], order="id"
        )
        by_order = failed.grouped("lengow_order_id")
        activities = orders._find_action_activities()
        for order in orders:
            if order in by_order:
                order._remind(by_order[order], activities.get(order))
            elif order in activities:
                activities[order].unlink()

    def _find_action_activities(self):
        """:return: dict of order to the activities about its actions."""
        kind = self.env.ref(ACTIVITY, raise_if_not_found=False)
        if not kind:
            return {}
        sales = self.sale_order_ids
        activities = self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", kind.id),
                "|",
                "&",
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                "&",
                ("res_model", "=", sales._name),
                ("res_id", "in", sales.ids),
            ]
        )
        found = {}
        for activity in activities:
            document = self.env[activity.res_model].browse(activity.res_id)
            order = (
                document if document._name == self._name else document.lengow_order_id
            )
            found[order] = found.get(order, activity) | activity
        return found

    def _remind(self, actions, activity):
        """Say in the order's one activity what went wrong.

        :param lengow.action actions: those in error.
        :param mail.activity activity: the activity, None if there is none yet.
        """
        user = self._get_responsible()
        actions = actions.with_context(lang=user.lang) if user.lang else actions
        note = Markup("<ul>%s</ul>") % Markup().join(
            Markup("<li>%s</li>") % action._describe_outcome(["error_message"])
            for action in actions[:NAMES_SHOWN]
        )
        if activity:
            if activity[:1].note != note:
                activity[:1].note = note
            return
        # No mail for each: the daily one tells how many there are.
        self._get_action_document().with_context(
            mail_activity_quick_update=True
        ).activity_schedule(
            ACTIVITY,
            user_id=user.id,
            summary=actions.env._("Not done at the marketplace"),
            note=note,
        )
