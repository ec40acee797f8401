"""What can go wrong between us and Lengow, one class for each way to deal with it."""

import html
import json
import re

from . import const
from .parsing import text

_QUERY = re.compile(r"\?[^\s\"'<>?]*=[^\s\"'<>]*")
_EMAIL = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+")
_MASK = "***"
_ACTIONS_OFFERED = re.compile(r"Available actions[^.]*? are ([^.]*)\.?", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>([^<]+)", re.IGNORECASE)
_TAG_OR_CODE = re.compile(
    r"<(script|style)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)|<[^>]*>",
    re.IGNORECASE | re.DOTALL,
)


class LengowError(Exception):
    """Something went wrong between us and Lengow.

    `str()` of it is a sentence for a person; it holds no key, token or URL query.

    :param str message: the vendor's message, or our own words
    :param int status: HTTP status, None where there was no answer
    :param code: the vendor's own error code, None where there was none
    :param float retry_after: seconds that Lengow wants us to wait, None if not told
    """

    #: Whether the same request may succeed later without anyone's doing.
    retryable = False
    #: What happened, in front of the message.
    summary = "The exchange with Lengow failed"
    #: What a person must do about it, behind the message.
    advice = ""

    def __init__(self, message="", *, status=None, code=None, retry_after=None):
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.retry_after = retry_after

    def __str__(self):
        status = "" if self.status is None else f" (HTTP {self.status})"
        message = f": {self.message}" if self.message else ""
        sentence = f"{self.summary}{status}{message}"
        if not sentence.endswith((".", "!", "?", "…")):
            sentence += "."
        return f"{sentence} {self.advice}".rstrip()


class LengowAuthError(LengowError):
    """The keys are wrong, or a renewed token was refused again."""

    summary = "Lengow did not accept the access"
    advice = "Check the access token and the secret of the Lengow account."


class LengowForbiddenError(LengowAuthError):
    """The token is valid, but not for what was asked, such as a foreign account."""

    summary = "Lengow forbids this request"
    advice = "Check the number of the Lengow account and the rights of its keys."


class LengowRateLimitError(LengowError):
    """More requests than allowed; `retry_after` is in seconds where it is known."""

    retryable = True
    summary = "Too many requests were sent to Lengow"


class LengowServerError(LengowError):
    """Lengow failed with 408 or 5xx, the retries included."""

    retryable = True
    summary = "Lengow could not answer"


class LengowConnectionError(LengowError):
    """Lengow could not be reached, or the connection was lost, the retries included.

    :param bool sent: False when no connection was made, so Lengow surely did nothing
    """

    retryable = True
    summary = "Lengow could not be reached"

    def __init__(self, message="", *, sent=True, **kwargs):
        super().__init__(message, **kwargs)
        self.sent = sent


class LengowResponseError(LengowError):
    """A success whose body cannot be used, the retries included."""

    retryable = True
    summary = "Lengow's answer could not be read"


class LengowRequestError(LengowError):
    """Lengow refused the request itself; `message` says why."""

    summary = "Lengow refused the request"


class LengowNotFoundError(LengowRequestError):
    """Lengow does not know what was asked for."""

    summary = "Lengow did not find what was asked for"


class LengowFeedError(LengowRequestError):
    """The feed is not known, or belongs to another account."""

    advice = "Check the feed number of the channel: Lengow shows it beside the feed."


class LengowFeatureError(LengowRequestError):
    """The feed's marketplace has no documents, or no shipping notices."""

    advice = (
        "Only feeds of marketplaces that keep stock for merchants, such as Zalando ZFS, "
        "have them. Check the feed number of the channel."
    )


class LengowParameterError(LengowRequestError):
    """A document cannot be made without a parameter that was not given."""

    summary = "Lengow misses a parameter"
    advice = "Fill it in, and try again."


class LengowExpiredError(LengowRequestError):
    """The document was there once, and is gone."""

    summary = "Lengow no longer has the document"
    advice = "List the documents again, and choose another one."


class LengowUnprocessableError(LengowRequestError):
    """The marketplace made no document of the request, or not the one that was meant."""

    summary = "The marketplace could not do it"


class LengowOfferError(LengowRequestError):
    """The action does not exist, or is not offered in the notice's current state."""

    advice = "Look at what Lengow offers now."

    @property
    def offered(self):
        """:return: list of the actions that the vendor names as available."""
        found = _ACTIONS_OFFERED.search(self.message)
        names = found.group(1).split(",") if found else []
        return [name.strip() for name in names if name.strip() not in ("", "none")]


# What the vendor says -> what it means, whatever the status: the documents leave most
# statuses open, and a 401 or 403 of these is not about the token (API reference,
# "Documents" and "Logistics").
_WORDS = (
    (r"^Unknown feed id", LengowFeedError),
    (r"Account and Feed don.t match", LengowFeedError),
    (r"does not feature document management", LengowFeatureError),
    (r"^[\w ]+ are not available for ", LengowFeatureError),
    (r"^Missing mandatory GET parameter", LengowParameterError),
    (r"^Requested document unavailable or expired", LengowExpiredError),
    (r"does not exist or does not belong to that feed", LengowNotFoundError),
    (r"^Action \S+ (does not exist|is not available from status)", LengowOfferError),
)


def error_from_answer(status, body, *, retry_after=None, hide=()):
    """Make the error that stands for an answer other than 2xx.

    :param int status: HTTP status
    :param str body: the answer's text, in whatever form
    :param float retry_after: seconds that the answer asked us to wait
    :param hide: secrets to mask should the vendor repeat them
    :rtype: LengowError
    :source: conventions and API reference, "HTTP Response Codes"
    """
    message, code = read_vendor_error(body, hide)
    return (_read_words(message) or _error_class(status))(
        message, status=status, code=code, retry_after=retry_after
    )


def _read_words(message):
    """Find the kind of error by the vendor's words, None when they are no known ones."""
    for pattern, kind in _WORDS:
        if re.search(pattern, message, re.IGNORECASE):
            return kind
    return None


def _error_class(status):
    if status == 401:
        return LengowAuthError
    if status == 403:
        return LengowForbiddenError
    if status == 404:
        return LengowNotFoundError
    if status == 410:
        return LengowExpiredError
    if status == 422:
        return LengowUnprocessableError
    if status == 429:
        return LengowRateLimitError
    # 530 is a logical error: the input is wrong, and stays so.
    if status == 408 or (status >= 500 and status != 530):
        return LengowServerError
    return LengowRequestError


def read_vendor_error(body, hide=()):
    """Find the vendor's message and code in an error's body.

    :param str body: JSON in any of the documented forms, plain text or HTML
    :param hide: secrets to mask, beside e-mail addresses and URL queries
    :return: the message on one line of bounded length ("" if there is none), and the
        code (None if there is none)
    :rtype: tuple
    :source: lengow_api, "Transport"
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = _page_text(body) if "<" in body else body
    code = None
    if isinstance(content, dict):
        for key in ("error", "detail", "message", "errors"):
            if content.get(key) not in (None, "", [], {}):
                code = content.get("code")
                content = content[key]
                break
    if isinstance(content, dict) and "message" in content:
        code = content.get("code", code)
        content = content["message"]
    return _sanitize(_flatten(content), hide), code


def _flatten(value):
    """Write nested messages, such as field -> list of messages, as one text."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_flatten(entry)}" for key, entry in value.items())
    if isinstance(value, list):
        return ", ".join(_flatten(entry) for entry in value)
    return text(value)


def _page_text(page):
    """Read an HTML page's title, or else its visible text."""
    title = _TITLE.search(page)
    words = title.group(1) if title else ""
    return html.unescape(words.strip() or _TAG_OR_CODE.sub(" ", page))


def _sanitize(message, hide):
    """Mask what must not be shown, then cut: half a secret would not be found."""
    for secret in hide:
        if secret:
            message = message.replace(secret, _MASK)
    # A bound before the patterns run: a page can be of any size.
    message = " ".join(message[: 10 * const.MESSAGE_LENGTH].split())
    message = _QUERY.sub("?" + _MASK, message)
    message = _EMAIL.sub(_MASK, message)
    if len(message) > const.MESSAGE_LENGTH:
        return message[: const.MESSAGE_LENGTH - 1].rstrip() + "…"
    return message
