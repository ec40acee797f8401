"""Lengow's API in verbs: one method per endpoint, plain Python in and out."""

import logging

from .actions import ActionEndpoints
from .documents import DocumentEndpoints
from .errors import LengowError
from .orders import OrderEndpoints
from .parsing import as_list, integer, text
from .shipping_notices import NoticeEndpoints
from .stock_movements import MovementEndpoints

_logger = logging.getLogger(__name__)


class LengowClient(
    OrderEndpoints,
    ActionEndpoints,
    DocumentEndpoints,
    NoticeEndpoints,
    MovementEndpoints,
):
    """The endpoints of one Lengow account.

    :param Transport transport: sends the requests
    :param account_id: Lengow's number of the account; the one of the keys if not given
    """

    def __init__(self, transport, account_id=None):
        self._transport = transport
        # Odoo's empty field is False; 0 is a number like any other.
        known = "" if isinstance(account_id, bool) else text(account_id)
        self._account_id = known or None

    def __repr__(self):
        return f"{type(self).__name__}({self._transport!r})"

    def get_account_id(self):
        """Tell which account is asked about; every request names it.

        :return: Lengow's number of the account
        :rtype: str
        :raise LengowError: when it is not known and no token can be had
        """
        if self._account_id is None:
            self._account_id = self._transport.get_account_id()
        return self._account_id

    def get_me(self):
        """Tell whose the current token is, and until when.

        :return: `token`, `expire_at`, `account_id` and `scopes`; the token is a secret
        :rtype: dict
        :raise LengowError: when the request failed
        :source: advice on the Orders API, "Authentication token"
        """
        return self._transport.request("GET", "/me", accept=_is_object)

    def get_rate_limits(self):
        """List the quotas of the routes, as far as Lengow tells.

        The endpoint is optional: it is asked once, and when it fails nothing is known.

        :return: objects with `url_base`, `method`, `boundary`, `remaining_credit` and
            `remaining_time` (seconds); the last two may be None
        :rtype: list[dict]
        :source: lengow_api, "Transport"
        """
        try:
            answer = self._transport.request("GET", "/rate-limits", retry=False)
        except LengowError as error:
            _logger.info("The rate limits are not known: %s", type(error).__name__)
            return []
        return [entry for entry in as_list(answer) if isinstance(entry, dict)]

    def _get_account_number(self):
        """Tell the account as a body names it: a number, where it is one."""
        account_id = self.get_account_id()
        number = integer(account_id)
        return account_id if number is None else number

    # === MARKETPLACES === #

    def get_marketplaces(self, marketplace=None):
        """Read what the account's marketplaces allow; it changes very little.

        :param str marketplace: code of the only one wanted
        :return: code -> description of each marketplace
        :rtype: dict
        :raise LengowError: when the request failed
        :source: API reference, "Get marketplace informations"
        """
        params = {"account_id": self.get_account_id()}
        if marketplace is not None:
            params["marketplace"] = text(marketplace)
        answer = self._transport.request(
            "GET", "/v3.0/marketplaces/", params=params, accept=_is_object
        )
        if marketplace is not None and "orders" in answer and "name" in answer:
            # The reference shows a single marketplace both with and without its code.
            answer = {text(marketplace): answer}
        return {code: spec for code, spec in answer.items() if isinstance(spec, dict)}

    # === CATALOGUES === #

    def create_preprocessing_job(self, catalog):
        """Tell Lengow to fetch the sources of a catalogue now.

        :param catalog: Lengow's number of the catalogue; others that share sources
            with it are fetched too
        :raise LengowRequestError: when Lengow refused it, with its words
        :raise LengowError: when the request failed otherwise
        :source: API reference, "Preprocessing": its answer is not described; the
            example says `catalog`, the table of its parameters `catalog_id`
        """
        wanted = text(catalog)
        params = {
            "account_id": self.get_account_id(),
            "catalog": wanted,
            "catalog_id": wanted,
        }
        self._transport.request_raw("GET", "/v3.0/preprocessing/job/", params=params)


def _is_object(answer):
    return isinstance(answer, dict)
