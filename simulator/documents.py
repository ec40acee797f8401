"""Documents of a feed: `/v3.0/document/<feed_id>/...`."""

from werkzeug.wrappers import Response

from .dates import parse_date
from .document_store import CSV, SNAPSHOT, TYPES
from .errors import ApiError
from .feeds import find_feed

_BASE = "/v3.0/document/<feed_id>"


def list_types(simulator, request, feed_id):
    """List the kinds of documents.

    :rtype: dict
    :source: 002, "List available document types"
    """
    _find_feed(simulator, request, feed_id)
    return {"code": 200, "document_types": [{code: TYPES[code]} for code in TYPES]}


def list_documents(simulator, request, feed_id, document_type):
    """List the stored documents of a kind.

    :return: number -> description
    :rtype: dict
    :source: 002, "List available documents of a type"
    """
    feed = _find_feed(simulator, request, feed_id)
    _find_type(document_type)
    if document_type != SNAPSHOT:
        return {}
    return {
        str(document.document_id): document.describe()
        for document in simulator.logistics.documents.documents.values()
        if document.account_id == feed["account_id"]
    }


def download(simulator, request, feed_id, document_type, document_id):
    """Send a stored document, or in its place the error that it became.

    :rtype: Response
    :raise ApiError: 410 when it is gone
    :source: 002, "Download a document"
    """
    feed = _find_feed(simulator, request, feed_id)
    _find_type(document_type)
    number = int(document_id) if document_id.isdecimal() else None
    document = simulator.logistics.documents.documents.get(number)
    if (
        document is None
        or document.is_expired
        or document_type != SNAPSHOT
        or document.account_id != feed["account_id"]
    ):
        raise ApiError(410, "Requested document unavailable or expired", form="text")
    if document.status == "error":
        return Response(document.content, content_type="text/plain")
    content = document.content
    is_stream = callable(content)
    response = Response(
        content() if is_stream else content,
        content_type=document.content_type,
        direct_passthrough=is_stream,
    )
    if document.name:
        response.headers["Content-Disposition"] = (
            f'attachment; filename="{document.name}"'
        )
    return response


def download_one_shot(simulator, request, feed_id, document_type):
    """Make a report and send it.

    :rtype: Response or tuple
    :raise ApiError: 401 for a missing parameter
    :source: 002, "Download a document"
    """
    feed = _find_feed(simulator, request, feed_id)
    if not _find_type(document_type)["is_one_shot"]:
        raise ApiError(410, "Requested document unavailable or expired", form="text")
    args = request.args
    if not args.get("eans") and not args.get("from"):
        raise ApiError(401, "Missing mandatory GET parameter : eans", form="text")
    store = simulator.logistics.documents
    errors = store.errors
    if args.get("eans") and args.get("from"):
        errors = ["eans and from are mutually exclusive"]
    elif args.get("from") and parse_date(args["from"]) is None:
        errors = {"from": ["Not a valid datetime."]}
    if errors:
        return store.errors_status, {"code": "422", "errors": errors}
    eans = set(args["eans"].split(",")) if args.get("eans") else None
    is_by_location = args.get("by_location", "").lower() in ("true", "1")
    simulator.logistics.advance()
    content = store.write_report(feed["account_id"], eans, is_by_location)
    return Response(content, content_type=CSV)


def _find_feed(simulator, request, feed_id):
    feed = find_feed(simulator, request, feed_id)
    if not feed["has_documents"]:
        message = "The given feed does not feature document management"
        raise ApiError(400, message, form="text")
    return feed


def _find_type(code):
    if code not in TYPES:
        raise ApiError(404, f"Unknown document type {code}", form="text")
    return TYPES[code]


ROUTES = (
    ("GET", f"{_BASE}/list", list_types),
    ("GET", f"{_BASE}/<document_type>/list", list_documents),
    ("GET", f"{_BASE}/<document_type>/download", download_one_shot),
    ("GET", f"{_BASE}/<document_type>/download/<document_id>", download),
)
