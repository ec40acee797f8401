"""One action, and the way `/v3.0/orders/actions/` shows it."""

from dataclasses import dataclass
from datetime import datetime

from .dates import format_date

# Every action shows all of them, null where nothing was given (003, "Get all actions on
# orders"); whatever else was given comes after.
_FIELDS = (
    "id",
    "marketplace_order_id",
    "account_id",
    "marketplace",
    "action_type",
    "processed",
    "queued",
    "tracking_number",
    "tracking_url",
    "carrier",
    "custom_carrier",
    "line",
    "declared_value",
    "currency_code",
    "invoice_number",
    "shipping_method",
    "shipping_date",
    "shipping_service_id",
    "shipping_service_offer_id",
    "created_at",
    "updated_at",
    "weight",
    "weight_unit",
    "comment",
    "delay",
    "reason",
    "charges",
    "errors",
    "delivery_date",
    "delivery_experience",
    "return_tracking_number",
    "refund_price",
    "refund_shipping_price",
    "refund_mode",
    "refund_reason",
    "refund_quantity",
    "refund_shipping",
    "refund_shipping_taxes",
    "refund_taxes",
    "carrier_name",
    "carrier_pickup",
    "package_dimension_length",
    "package_dimension_width",
    "package_dimension_height",
    "package_dimension_unit",
    "from_address_name",
    "from_address_line",
    "from_address_city",
    "from_address_state_province",
    "from_address_postal_code",
    "from_address_country_code",
    "from_address_mail",
    "from_address_phone",
    "pickup_id",
    "refund_id",
    "return_carrier",
)
# What the documents call a string is shown as one, however it was given.
_TEXTS = ("tracking_number", "carrier", "line")
_ERROR_FORMS = ("string", "list", "dict")
_NO_ERRORS = (None, "", [])


@dataclass
class Action:
    """One request to a marketplace, as Lengow keeps it.

    :param int id: Lengow's number of it
    :param bool queued: Lengow is still trying
    :param bool processed: the marketplace has done it
    :param list problems: what the last try met, pairs of argument and sentence
    :param int tries: how often the marketplace was asked
    :param str error_form: `string`, `list` or `dict`; None for one after the other
    """

    id: int
    account_id: int
    marketplace: str
    marketplace_order_id: str
    action_type: str
    arguments: dict
    created_at: datetime
    updated_at: datetime
    queued: bool = True
    processed: bool = False
    problems: tuple = ()
    tries: int = 0
    error_form: str | None = None

    def show(self, is_text_id=False):
        """Describe the action.

        :param bool is_text_id: the id is written as text
        :return: the action as Lengow lists it
        :rtype: dict
        :source: 003, "Get all actions on orders"
        """
        arguments = {
            name: str(value) if name in _TEXTS and value is not None else value
            for name, value in self.arguments.items()
        }
        return {
            **dict.fromkeys(_FIELDS),
            **arguments,
            "id": str(self.id) if is_text_id else self.id,
            "marketplace_order_id": self.marketplace_order_id,
            "account_id": self.account_id,
            "marketplace": self.marketplace,
            "action_type": self.action_type,
            "processed": self.processed,
            "queued": self.queued,
            "errors": self.show_errors(),
            "created_at": format_date(self.created_at),
            "updated_at": format_date(self.updated_at),
        }

    def show_errors(self):
        """Write what the last try met in one of the forms that live answers have.

        :return: a string, a list or an object; without errors null, "" or []
        :source: lengow_api, "Actions"
        """
        if not self.problems:
            return None if self.error_form else _NO_ERRORS[self.id % 3]
        form = self.error_form or _ERROR_FORMS[self.id % 3]
        if form == "dict":
            errors = {}
            for argument, message in self.problems:
                errors.setdefault(argument or "non_field_errors", []).append(message)
            return errors
        messages = [message for _argument, message in self.problems]
        return messages if form == "list" else " ".join(messages)
