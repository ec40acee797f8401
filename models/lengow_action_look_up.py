from datetime import timedelta

from odoo import fields, models

from ..const import LOOK_BACK_MINUTES, LOOK_UP_MINUTES, RETRY_PAUSES_MINUTES
from ..lengow.action import ActionRequest
from ..lengow.action_result import QUEUED, ActionResult
from ..lengow.errors import LengowError, LengowResponseError


class LengowAction(models.Model):
    """Looking at Lengow for what was sent without an answer, before it is sent again.

    Lengow has no key that would make two equal requests one, and may show a fresh action
    a moment late: it is asked twice, with a pause between.
    """

    _inherit = "lengow.action"

    # === BUSINESS METHODS === #

    def _look_up(self, client):
        """Look whether Lengow has a doubtful action, and take it over if it has.

        :param LengowClient client: speaks for its account.
        :return: whether it is to be sent again now.
        :raise LengowError: when Lengow could not be asked; the action waits.
        """
        try:
            result = self._find_at_lengow(client)
        except LengowError as error:
            self._write_outcome(
                {
                    "next_attempt": self._get_next_attempt(0),
                    "error_message": self._tell_failure(error),
                }
            )
            raise
        if result is not None:
            self._adopt(result)
            return False
        if self.looks == 0:
            pause = timedelta(minutes=LOOK_UP_MINUTES)
            self.write({"looks": 1, "next_attempt": fields.Datetime.now() + pause})
            return False
        if self.attempts > len(RETRY_PAUSES_MINUTES):
            self._set_problem(
                "unsent",
                self.error_message or self.env._("Lengow never took it."),
                is_doubtful=False,
            )
            return False
        self.lengow_id = False
        return True

    def _find_at_lengow(self, client):
        """Find the action at Lengow that must be this one.

        :return: :class:`ActionResult`, None when Lengow certainly has none.
        :raise LengowError: when Lengow could not be asked, or not about all there is.
        """
        if self.lengow_id:
            payload = client.get_action(self.lengow_id)
            return payload and ActionResult(payload)
        view = self.lengow_order_id._view()
        body = ActionRequest(
            view.marketplace,
            view.marketplace_order_id,
            self.action_type,
            self.arguments,
        ).body
        earliest = self.sent_at - timedelta(minutes=LOOK_BACK_MINUTES)
        known = self._get_known_lengow_ids()
        found = None
        # No further filters, such as the line: each is one more way to overlook it.
        for page in client.iter_action_pages(
            marketplace=view.marketplace,
            marketplace_order_id=view.marketplace_order_id,
            action_type=self.action_type,
            created_from=earliest,
        ):
            if page.error or page.damaged:
                raise page.error or LengowResponseError("it holds damaged entries")
            for result in map(ActionResult, page.entries):
                if (
                    result.lengow_id
                    and result.lengow_id not in known
                    and result.is_same(body)
                    and (result.created_at or self.sent_at) >= earliest
                ):
                    found = result
        return found

    def _get_known_lengow_ids(self):
        """Collect the numbers that cannot be the one looked for.

        Two equal actions of an order, such as one piece twice, are two.

        :return: set of Lengow's numbers that an action of the order has or had before.
        """
        siblings = self.search([("lengow_order_id", "=", self.lengow_order_id.id)])
        known = set(siblings.mapped("lengow_id"))
        for former in siblings.mapped("former_lengow_ids"):
            known.update(former or ())
        return known

    def _adopt(self, result):
        """Take over what Lengow has already.

        :param ActionResult result: the action as Lengow knows it.
        """
        self.write(self._prepare_queued_vals(result.lengow_id))
        if result.state != QUEUED:
            self._settle({result.lengow_id: result})
