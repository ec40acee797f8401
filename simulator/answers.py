"""Bodies read from requests and written into responses."""

import gzip
import json

from werkzeug.wrappers import Response

from .const import MIN_GZIP_SIZE, RATE_LIMIT
from .errors import ApiError
from .faults import ANSWERS


def limit_message(limit, route):
    """Word a 429 as Lengow does.

    :param int limit: requests a minute
    :param str route: path of the route
    :return: the message
    :rtype: str
    :source: lengow_api, "Transport"
    """
    return f"Request limitation: {limit} reached on {route.rstrip('/')}"


def answer_fault(fault, path):
    """Build the answer of a fault that keeps the work from being done.

    :param Fault fault: the fault
    :param str path: path of the request
    :return: the response
    :rtype: Response
    """
    status, reason, content_type, body = ANSWERS[fault.kind]
    if fault.kind == "429":
        response = make_json(ApiError(429, limit_message(RATE_LIMIT, path)).body, 429)
        if fault.options["retry_after"] is not None:
            response.headers["Retry-After"] = str(fault.options["retry_after"])
        return response
    return Response(body, f"{status} {reason}", content_type=content_type)


def read_json(request):
    """Read a JSON body, whatever its content type says.

    :param Request request: the request
    :return: the value, or None when there is none
    """
    data = request.get_data(cache=True, parse_form_data=False)
    if not data or request.mimetype != "application/json":
        return None
    try:
        return json.loads(data)
    except ValueError:
        return None


def read_options(request):
    """Read a JSON object, as what controls the simulator expects it.

    :raise ApiError: 400 for anything else
    """
    options = read_json(request)
    if not isinstance(options, dict):
        raise ApiError(400, "A JSON object is expected")
    return options


def make_json(body, status=200, headers=None):
    """Build a JSON response.

    :param body: anything that `json` can write
    :param int status: HTTP status
    :param dict headers: further headers
    :return: the response
    :rtype: Response
    """
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    response = Response(text, status, content_type="application/json")
    for name, value in (headers or {}).items():
        response.headers[name] = str(value)
    return response


def compress(request, response):
    """Compress a response when it is worth it and the caller can read it.

    :param Request request: the request
    :param Response response: its answer
    :return: the same response
    :rtype: Response
    :source: lengow_api, "Transport"
    """
    body = response.get_data()
    if len(body) >= MIN_GZIP_SIZE and "gzip" in request.accept_encodings:
        response.set_data(gzip.compress(body, compresslevel=1, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
    return response
