"""Serving feeds: bytes of files that are already built, and nothing of the ORM."""

import logging
import re
from pathlib import Path

from werkzeug.exceptions import NotFound
from werkzeug.http import parse_accept_header
from werkzeug.wsgi import FileWrapper

from odoo import SUPERUSER_ID, http
from odoo.http import Response, Stream, request
from odoo.tools import consteq

from ..const import FEED_CHUNK_BYTES, FEED_PATH
from ..lengow.feed_format import FORMATS

REALM = "Lengow feeds"
RETRY_SECONDS = 300
MAXIMUM_PAGE_ROWS = 10**9
_SECRET_IN_PATH = re.compile(rf"({re.escape(FEED_PATH)}/\d+/)[^/?\s\"]+")


def mask_secrets(record):
    """Keep the secrets of addresses out of the lines that the server logs of requests."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            _SECRET_IN_PATH.sub(r"\1***", arg) if isinstance(arg, str) else arg
            for arg in record.args
        )
    return True


logging.getLogger("werkzeug").addFilter(mask_secrets)


class LengowFeedController(http.Controller):
    """The addresses that merchants enter in Lengow. They must never change."""

    @http.route(
        [f"{FEED_PATH}/<int:feed_id>", f"{FEED_PATH}/<int:feed_id>/<string:token>"],
        type="http",
        auth="none",  # a user's session would only take time
        methods=["GET", "HEAD"],
        save_session=False,
        sitemap=False,
    )
    def serve_feed(
        self, feed_id, token=None, offset=None, limit=None, columns=None, **_kw
    ):
        """Serve the last built file of a feed.

        :param int feed_id: number of the feed.
        :param str token: its secret; without one, Basic authentication is asked for.
        :param str offset: first row to serve, from 0.
        :param str limit: how many rows to serve.
        :param str columns: given, whatever it is: describe the feed instead.
        """
        feed_sudo = self._find_feed(feed_id, token)
        if feed_sudo is None:
            return self._refuse(token)
        feed_sudo._note_fetch()
        files = feed_sudo._get_files()
        if columns is not None:
            return self._describe(feed_sudo)
        if not files:
            return self._ask_for_patience(feed_sudo)
        if offset is not None or limit is not None:
            return self._serve_page(feed_sudo, files, offset, limit)
        return self._serve_file(feed_sudo, files)

    # === WHO MAY === #

    def _find_feed(self, feed_id, token):
        """:return: the feed whose secret was given, None for every other case."""
        # Secrets are compared even where there is nothing to compare with, so that the
        # time an answer takes tells nothing.
        env = request.env(user=SUPERUSER_ID)  # the secret is the credential
        feed_sudo = env["lengow.feed"]._find_served(feed_id)
        secrets = feed_sudo._get_secrets()
        if token is not None:
            given, wanted = token, secrets["token"]
        else:
            authorization = request.httprequest.authorization
            login = (authorization and authorization.username) or ""
            password = (authorization and authorization.password) or ""
            given, wanted = f"{login}:{password}", secrets["basic"]
        is_equal = consteq(given.encode(), (wanted or "").encode())
        return feed_sudo if is_equal and wanted and feed_sudo.active else None

    def _refuse(self, token):
        if token is not None:
            raise NotFound()
        return Response(
            "",
            status=401,
            headers={"WWW-Authenticate": f'Basic realm="{REALM}", charset="UTF-8"'},
        )

    # === WHAT IS SERVED === #

    def _serve_file(self, feed_sudo, files):
        encodings = request.httprequest.headers.get("Accept-Encoding")
        accepts_gzip = "gzip" in parse_accept_header(encodings)
        is_zipped = feed_sudo.compressed or accepts_gzip
        path = files.zipped if is_zipped else files.rows
        request.httprequest.environ["wsgi.file_wrapper"] = _wrap_file
        extension = feed_sudo.file_format + (".gz" if feed_sudo.compressed else "")
        response = Stream(
            type="path",
            path=str(path),
            mimetype="application/gzip"
            if feed_sudo.compressed
            else FORMATS[feed_sudo.file_format].mimetype,
            download_name=f"feed-{feed_sudo.id}.{extension}",
            etag=self._make_etag(feed_sudo, "gz" if is_zipped else "plain"),
            last_modified=feed_sudo.built_at,
            size=path.stat().st_size,
        ).get_response(as_attachment=False)
        response.headers["Accept-Ranges"] = "bytes"
        if not feed_sudo.compressed:
            # Werkzeug would name the charset of CSV a second time.
            mimetype = FORMATS[feed_sudo.file_format].mimetype
            response.headers["Content-Type"] = mimetype
            response.headers["Vary"] = "Accept-Encoding"
            if is_zipped:
                response.headers["Content-Encoding"] = "gzip"
        return response

    def _serve_page(self, feed_sudo, files, offset, limit):
        """Serve some rows as a feed of their own."""
        first = _read_number(offset, 0)
        count = _read_number(limit, MAXIMUM_PAGE_ROWS)
        form = FORMATS[feed_sudo.file_format]
        start, end = files.read_span(first, count)
        if end > start:
            start += len(form.separator)
        head = self._read(files.rows, 0, feed_sudo.head_size)
        tail = (feed_sudo.tail or "").encode()
        response = Response(
            _join(head, files.rows, start, end, tail), mimetype=form.mimetype
        )
        response.content_type = form.mimetype
        response.content_length = len(head) + end - start + len(tail)
        response.set_etag(self._make_etag(feed_sudo, f"{first}-{count}"))
        response.last_modified = feed_sudo.built_at
        response.cache_control.no_cache = True
        response.cache_control.private = True
        response.headers["X-Total-Count"] = str(feed_sudo.row_count)
        return response.make_conditional(request.httprequest.environ)

    def _describe(self, feed_sudo):
        facts = {
            "columns": feed_sudo._get_headers(),
            "row_count": feed_sudo.row_count,
            "built_at": feed_sudo.built_at and feed_sudo.built_at.isoformat() + "Z",
            "checked_at": feed_sudo.checked_at
            and feed_sudo.checked_at.isoformat() + "Z",
            "format": feed_sudo.format,
        }
        return request.make_json_response(facts)

    def _ask_for_patience(self, feed_sudo):
        """The files are not there yet, or were lost with the server's disk."""
        feed_sudo._trigger_build()
        return Response(
            "The feed is being built.",
            status=503,
            headers={"Retry-After": str(RETRY_SECONDS)},
            mimetype="text/plain",
        )

    def _make_etag(self, feed_sudo, variant):
        return f"{feed_sudo.etag}-{variant}"

    def _read(self, path, start, end):
        with path.open("rb") as file:
            file.seek(start)
            return file.read(end - start)


def _wrap_file(file, _buffer_size=None):
    return FileWrapper(file, FEED_CHUNK_BYTES)


def _join(head, path: Path, start, end, tail):
    yield head
    with path.open("rb") as file:
        file.seek(start)
        while start < end:
            data = file.read(min(FEED_CHUNK_BYTES, end - start))
            if not data:
                return
            start += len(data)
            yield data
    yield tail


def _read_number(text, default):
    """:return: a number that a request gave; the default where it is none."""
    if text is None or not text.isascii() or not text.isdigit():
        return default
    return min(int(text[:12]), MAXIMUM_PAGE_ROWS)
