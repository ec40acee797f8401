"""The way from a real `requests` session to the application, without a socket."""

import datetime
import errno
import io
import time
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.hooks import dispatch_hook
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError, ReadTimeoutError
from werkzeug.test import run_wsgi_app

from .exchange import EFFECTS, Effects

_ADAPTER = HTTPAdapter()


class SimulatorAdapter(HTTPAdapter):
    """An adapter to mount on a session whose own `send` is left in place.

    :param app: the simulator
    """

    def __init__(self, app):
        super().__init__()
        self.app = app

    def send(self, request, timeout=None, **kwargs):
        """Answer a prepared request.

        :param PreparedRequest request: the request
        :param timeout: seconds, or a pair for connecting and reading
        :return: the response, its body not yet read
        :rtype: requests.Response
        :raise requests.exceptions.ConnectionError: at a reset
        :raise requests.exceptions.ReadTimeout: when the answer came too late
        """
        return _exchange(self.app, request, timeout)


def respond(app, session, prepared_request, **send_kwargs):
    """Answer a prepared request as `session.send` does, without a socket.

    Made for `_request_handler` of Odoo's tests, which stands for `Session.send`.

    :param app: the simulator
    :param requests.Session session: the session that sends
    :param PreparedRequest prepared_request: the request
    :param send_kwargs: those of `Session.send`; `stream` and `timeout` count
    :return: the response, read unless `stream` is given
    :rtype: requests.Response
    :raise requests.exceptions.RequestException: as on a socket
    """
    started = time.perf_counter()
    response = _exchange(app, prepared_request, send_kwargs.get("timeout"))
    response.elapsed = datetime.timedelta(seconds=time.perf_counter() - started)
    response = dispatch_hook(
        "response",
        prepared_request.hooks,
        response,
        **send_kwargs,
    )
    if not send_kwargs.get("stream", session.stream):
        _ = response.content  # a body cut short raises here, as it does in `send`
    return response


def _exchange(app, request, timeout):
    effects = Effects(read_timeout=_get_read_timeout(timeout))
    environ = {**_make_environ(request), EFFECTS: effects}
    body, status, headers = run_wsgi_app(app, environ)
    data = b"".join(body)
    if effects.reset:
        cause = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        error = ProtocolError("Connection aborted.", cause)
        raise requests.exceptions.ConnectionError(error, request=request)
    if effects.timed_out:
        message = f"Read timed out. (read timeout={effects.read_timeout})"
        error = ReadTimeoutError(None, request.url, message)
        raise requests.exceptions.ReadTimeout(error, request=request)
    code, _, reason = status.partition(" ")
    response = HTTPResponse(
        body=io.BytesIO(data),
        headers=list(headers),
        status=int(code),
        version=11,
        reason=reason,
        preload_content=False,
        decode_content=False,
        enforce_content_length=True,
        request_method=request.method,
    )
    return _ADAPTER.build_response(request, response)


def _get_read_timeout(timeout):
    if isinstance(timeout, tuple):
        return timeout[1]
    # urllib3's own Timeout is accepted by requests too.
    return getattr(timeout, "read_timeout", timeout)


def _make_environ(request):
    url = urlsplit(request.url)
    body = _read_body(request.body)
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path or "/").decode("latin-1"),
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname or "",
        "SERVER_PORT": str(url.port or (443 if url.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": url.netloc.rpartition("@")[2],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        value = value.decode("latin-1") if isinstance(value, bytes) else value
        name = name.upper().replace("-", "_")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
        environ[name] = value
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _read_body(body):
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    if hasattr(body, "read"):
        return _read_body(body.read())
    return b"".join(_read_body(part) for part in body)
