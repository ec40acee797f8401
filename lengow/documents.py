"""Documents of a feed: their types, the stored ones, and downloads into a file."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from . import const
from .download import Download, save_answer
from .parsing import as_dict, as_list, iso_utc, text, timestamp

READY, ERROR = "ready", "error"

_PATH = "/v3.0/document"


@dataclass(frozen=True)
class DocumentType:
    """A kind of document that a feed has.

    :param str code: Lengow's name of it
    :param str description: what it is
    :param bool is_one_shot: made at the moment it is asked for, and never stored
    """

    code: str
    description: str
    is_one_shot: bool


@dataclass(frozen=True)
class Document:
    """A stored document.

    :param str document_id: Lengow's number of it
    :param datetime created_at: naive UTC, None when missing
    :param str content_type: such as `application/csv`
    :param str status: `ready`, `error` (its content tells why), `unknown`
    """

    document_id: str
    created_at: datetime | None
    content_type: str
    status: str


class DocumentEndpoints:
    """The part of :class:`LengowClient` that fetches documents.

    :source: API reference, "Documents"
    """

    def get_document_types(self, feed_id):
        """List the kinds of documents that a feed has.

        :param feed_id: Lengow's number of the feed
        :rtype: list[DocumentType]
        :raise LengowFeedError: when the feed is unknown or another account's
        :raise LengowFeatureError: when the feed has no documents
        :raise LengowError: when the request failed otherwise
        """
        answer = self._transport.request(
            "GET",
            f"{_PATH}/{_segment(feed_id)}/list",
            params={"account_id": self.get_account_id()},
            accept=lambda answer: "document_types" in as_dict(answer),
        )
        # The documents show a list of objects with one key each.
        return [
            DocumentType(
                code,
                text(as_dict(facts).get("description")),
                text(as_dict(facts).get("is_one_shot")).lower() in ("true", "1"),
            )
            for entry in as_list(answer["document_types"])
            for code, facts in as_dict(entry).items()
        ]

    def get_documents(self, feed_id, document_type):
        """List the stored documents of a kind, the newest first.

        :param feed_id: Lengow's number of the feed
        :param str document_type: code of the kind
        :rtype: list[Document]
        :raise LengowError: as for :meth:`get_document_types`
        """
        answer = self._transport.request(
            "GET",
            f"{_PATH}/{_segment(feed_id)}/{_segment(document_type)}/list",
            params={"account_id": self.get_account_id()},
            accept=lambda answer: isinstance(answer, dict) or answer == [],
        )
        documents = [
            Document(
                document_id,
                timestamp(facts.get("created_at")),
                text(facts.get("type")),
                text(facts.get("status")) or "unknown",
            )
            for document_id, facts in as_dict(answer).items()
            if isinstance(facts, dict)
        ]
        return sorted(
            documents, key=lambda document: document.created_at or datetime.min
        )[::-1]

    def download_document(
        self,
        feed_id,
        document_type,
        into,
        *,
        document_id=None,
        eans=(),
        since=None,
        by_location=None,
        seconds=const.DOWNLOAD_SECONDS,
    ):
        """Download a document piece by piece; memory holds one piece at a time.

        :param feed_id: Lengow's number of the feed
        :param str document_type: code of the kind
        :param into: binary file to write to; emptied before another attempt
        :param document_id: number of a stored document; None for a one-shot one
        :param eans: one-shot stock reports: the EANs to report on
        :param datetime since: instead of `eans`: what changed since then
        :param bool by_location: one-shot stock reports: one row per warehouse
        :param float seconds: give up after so long
        :return: what it is
        :rtype: Download
        :raise LengowParameterError: when a mandatory parameter is missing
        :raise LengowExpiredError: when the document is no longer there
        :raise LengowUnprocessableError: when the marketplace met errors
        :raise LengowError: when the request failed otherwise
        """
        path = f"{_PATH}/{_segment(feed_id)}/{_segment(document_type)}/download"
        if document_id is not None:
            path += f"/{_segment(document_id)}"
        params = {"account_id": self.get_account_id()}
        if eans:
            params["eans"] = ",".join(map(text, eans))
        if since is not None:
            params["from"] = iso_utc(since)
        if by_location is not None:
            params["by_location"] = str(bool(by_location))
        answer = self._transport.request_raw("GET", path, params=params)
        name = "-".join(filter(None, (text(document_type), text(document_id))))
        return save_answer(answer, into, name, seconds)


def _segment(value):
    return quote(text(value), safe="")


__all__ = [
    "ERROR",
    "READY",
    "Document",
    "DocumentEndpoints",
    "DocumentType",
    "Download",
]
