"""The simulator's own doors to Zalando's warehouses."""

from .answers import read_options
from .const import ACCOUNT_ID
from .errors import ApiError

_PREFIX = "/_simulator/logistics"
_MOVES = ("receive", "send_back", "relocate", "liquidate")


def describe(simulator, request):
    """Tell what lies where, and how the notices stand.

    :rtype: dict
    """
    simulator.logistics.advance()
    warehouse = simulator.logistics.warehouses[ACCOUNT_ID]
    return {
        "notices": [notice.show() for notice in simulator.logistics.notices.values()],
        "stock": [
            {"ean": ean, "location": location, "quantity": quantity}
            for (ean, location), quantity in sorted(warehouse.stock.items())
        ],
        "movements": {kind: len(rows) for kind, rows in warehouse.movements.items()},
        "documents": len(simulator.logistics.documents.documents),
    }


def finish(simulator, request):
    """Do all that waits, without the waiting.

    :rtype: dict
    """
    simulator.logistics.finish()
    return describe(simulator, request)


def move(simulator, request, kind):
    """Let something happen in the warehouse of the first account.

    :param str kind: `receive`, `send_back`, `relocate` or `liquidate`
    :raise ApiError: 400 when it makes no sense
    """
    if kind not in _MOVES:
        raise ApiError(400, f"One of these is expected: {', '.join(_MOVES)}")
    try:
        warehouse = simulator.logistics.warehouses[ACCOUNT_ID]
        return 201, getattr(warehouse, kind)(**read_options(request))
    except (KeyError, TypeError) as error:
        raise ApiError(400, f"The movement makes no sense: {error!r}") from error


def add_document(simulator, request):
    """Keep the daily report of the present stock, or another text.

    :raise ApiError: 400 when it makes no sense
    """
    options = read_options(request)
    if "content" in options:
        options["content"] = options["content"].encode()
    size = options.pop("size", None)
    if size is not None:
        # Of any size, without holding it.
        options["content"] = lambda: _stream(size)
    try:
        document = simulator.logistics.documents.add(ACCOUNT_ID, **options)
    except TypeError as error:
        raise ApiError(400, f"The document makes no sense: {error!r}") from error
    return 201, {"id": document.document_id, **document.describe()}


def change_settings(simulator, request):
    """Change how long things take.

    :raise ApiError: 400 for a setting that does not exist
    """
    try:
        simulator.logistics.settings.update(**read_options(request))
    except ValueError as error:
        raise ApiError(400, str(error)) from error
    return vars(simulator.logistics.settings)


def _stream(size):
    piece = b'"0123456789123","3","3","0"\n' * 2048
    while size > 0:
        yield piece[:size]
        size -= len(piece)


ROUTES = (
    ("GET", _PREFIX, describe),
    ("POST", f"{_PREFIX}/finish", finish),
    ("POST", f"{_PREFIX}/movements/<kind>", move),
    ("POST", f"{_PREFIX}/documents", add_document),
    ("PATCH", f"{_PREFIX}/settings", change_settings),
)
