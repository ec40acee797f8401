"""How fast a feed is served: by one worker of Odoo's own server, to this machine."""

import http.client
import time
from urllib.parse import urlsplit

REQUESTS = 20  # of which the median counts
READ_BYTES = 1 << 20
PLAIN = {"Accept-Encoding": "identity"}
SMALLEST = "/web/health"  # what Odoo itself answers with least work


def measure(address, path):
    """Read a feed again and again.

    :param str address: of the server
    :param str path: of the feed
    :return: megabytes a second, milliseconds to the first byte, of a 304, and of the
        smallest answer that Odoo has
    :rtype: dict
    """
    host = urlsplit(address).netloc
    status, *_rest, etag = _ask(host, path, PLAIN)
    assert status == 200, status
    answers = [_ask(host, path, PLAIN) for _ in range(REQUESTS)]
    unchanged = [_ask(host, path, {**PLAIN, "If-None-Match": etag}) for _ in answers]
    assert {answer[0] for answer in unchanged} == {304}
    smallest = [_ask(host, SMALLEST, PLAIN)[2] for _ in answers]
    return {
        "serve_mb_per_s": round(
            _median(
                [size / (spent - first) / 1e6 for _, first, spent, size, _ in answers]
            )
        ),
        "first_byte_ms": round(1000 * _median([answer[1] for answer in answers]), 1),
        "not_modified_ms": round(1000 * _median([each[2] for each in unchanged]), 1),
        "smallest_answer_ms": round(1000 * _median(smallest), 1),
    }


def _ask(host, path, headers):
    """:return: status, seconds to the first byte and in all, bytes, and ETag."""
    connection = http.client.HTTPConnection(host)
    started = time.perf_counter()
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    first = time.perf_counter() - started
    size, buffer = 0, bytearray(READ_BYTES)
    while got := response.readinto(buffer):
        size += got
    spent = time.perf_counter() - started
    connection.close()
    return response.status, first, spent, size, response.headers["ETag"]


def _median(numbers):
    return sorted(numbers)[len(numbers) // 2]
