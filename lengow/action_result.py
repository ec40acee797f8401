"""What became of an action: read-only view of ``GET /v3.0/orders/actions/``."""

import json
from functools import cached_property

from .errors import LengowConnectionError, LengowRateLimitError, read_vendor_error
from .parsing import as_dict, as_list, decimal, text, timestamp

QUEUED, DONE, ERROR = "queued", "done", "error"

# What tells one request about an order from another, as far as the answer shows it.
_TEXTS = ("marketplace_order_id", "action_type", "line", "tracking_number", "carrier")
_NUMBERS = ("quantity", "shipped_quantity", "refund_quantity", "refund_price")
# How an error that is about no argument is told from those that are.
_NO_FIELD = "non_field_errors: "
# What stands for no errors.
_NOTHING = (None, "", "None", [], {})


class ActionResult:
    """One action as Lengow knows it.

    :param dict payload: an entry of ``results``
    :source: API reference, "Get all actions on orders"; help centre, the same
    """

    def __init__(self, payload):
        self.payload = as_dict(payload)

    def __repr__(self):
        return f"{type(self).__name__}({self.lengow_id!r}, {self.state!r})"

    @property
    def lengow_id(self):
        """:return: Lengow's number of the action, "" when missing; "0" is one."""
        return text(self.payload.get("id"))

    @property
    def marketplace(self):
        """:return: code of the marketplace, "" when missing."""
        return text(self.payload.get("marketplace"))

    @property
    def marketplace_order_id(self):
        """:return: the marketplace's number of the order, "" when missing."""
        return text(self.payload.get("marketplace_order_id"))

    @property
    def action_type(self):
        """:return: type of the action, "" when missing."""
        return text(self.payload.get("action_type"))

    @property
    def line_id(self):
        """:return: number of the line, "" when it is about the order."""
        return text(self.payload.get("line"))

    @property
    def created_at(self):
        """:return: naive UTC datetime, or None."""
        return timestamp(self.payload.get("created_at"))

    @property
    def updated_at(self):
        """:return: naive UTC datetime of the last change, or None."""
        return timestamp(self.payload.get("updated_at"))

    @cached_property
    def error_message(self):
        """:return: the marketplace's words on one line, "" when it has no error."""
        return read_errors(self.payload.get("errors"))

    @cached_property
    def state(self):
        """:return: QUEUED, DONE or ERROR.

        The errors of a queued action are not final, as Lengow tries again; those of a
        processed one win.
        """
        if _is_true(self.payload.get("queued")):
            return QUEUED
        if self.error_message:
            return ERROR
        if _is_true(self.payload.get("processed")):
            return DONE
        # Neither told to be processed nor told to be refused: not known yet.
        is_told = text(self.payload.get("queued")) and text(
            self.payload.get("processed")
        )
        return ERROR if is_told else QUEUED

    def is_same(self, request):
        """Tell whether it is the action of a request whose answer was lost.

        :param dict request: the request's body
        :return: True when the answer differs in nothing that it shows
        :rtype: bool
        """
        shown = self.payload
        return all(
            text(shown[name]) == text(request.get(name))
            for name in _TEXTS
            if name in shown
        ) and all(
            decimal(shown[name]) == decimal(request.get(name))
            for name in _NUMBERS
            if name in shown
        )


def read_errors(errors):
    """Read the errors of an action.

    :param errors: null, a text, a list or an object of them
    :return: all of them on one line of bounded length, "" for none
    :rtype: str
    """
    entries = [
        entry
        for entry in as_list(errors)
        if entry not in _NOTHING and not isinstance(entry, bool)
    ]
    if len(entries) == 1 and isinstance(entries[0], str):
        # It may be JSON or a web page of its own.
        return read_vendor_error(entries[0])[0]
    words = read_vendor_error(json.dumps({"errors": entries}))[0] if entries else ""
    return words.replace(_NO_FIELD, "")


def may_have_been_done(error):
    """Tell whether a request that failed may have reached Lengow all the same.

    Such an action must be looked for before it is posted again: Lengow has no key that
    would make it one and the same.

    :param LengowError error: what posting raised
    :rtype: bool
    """
    if isinstance(error, LengowConnectionError):
        return error.sent
    return error.retryable and not isinstance(error, LengowRateLimitError)


def _is_true(value):
    return text(value).lower() in ("true", "1")
