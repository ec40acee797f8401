"""Writing an open answer to a file, piece by piece."""

import mimetypes
import os
import time
from dataclasses import dataclass

from . import const
from .errors import (
    LengowConnectionError,
    LengowResponseError,
    LengowUnprocessableError,
    read_vendor_error,
)
from .parsing import text

# What `mimetypes` does not know of the documents' types.
_EXTENSIONS = {
    "application/csv": ".csv",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "text/xml": ".xml",
}


@dataclass(frozen=True)
class Download:
    """What was downloaded.

    :param str name: file name, with an extension
    :param str content_type: as the answer's headers say, without parameters
    :param int size: bytes in the file
    """

    name: str
    content_type: str
    size: int


def save_answer(answer, into, name, seconds):
    """Write an answer's body to a file, with one piece of it in memory.

    :param requests.Response answer: open; it is closed
    :param into: binary file, emptied first
    :param str name: name of the file where the answer gives none
    :param float seconds: give up after so long
    :rtype: Download
    :raise LengowError: when the answer is cut short, is an error, or takes too long
    """
    content_type = text(answer.headers.get("Content-Type")).partition(";")[0].strip()
    into.seek(0)
    into.truncate()
    problem = None
    try:
        size = _copy(answer, into, time.monotonic() + seconds)
        _check_length(answer)
    except LengowConnectionError as error:
        problem = error
    except OSError:
        # requests: the body ended early, or could not be unpacked. It would be carried
        # along as the context, with the query in its URL: raised outside.
        problem = LengowResponseError("it was cut short", status=answer.status_code)
    finally:
        answer.close()
    if problem is not None:
        raise problem
    if content_type == "application/json":
        _check_errors(into, size)
    return Download(_find_name(answer, name, content_type), content_type, size)


def _copy(answer, into, deadline):
    size = 0
    for piece in answer.iter_content(const.DOWNLOAD_PIECE):
        if time.monotonic() > deadline:
            raise LengowConnectionError("the document took too long")
        into.write(piece)
        size += len(piece)
    into.flush()
    return size


def _check_length(answer):
    """See that all came that was announced; `requests` does not always look."""
    announced = text(answer.headers.get("Content-Length"))
    if announced.isdigit() and answer.raw.tell() < int(announced):
        raise OSError("the body ended early")


def _check_errors(into, size):
    """Find the errors that come with a success (API reference, "Document API").

    "The result may sometimes be a JSON response, with a 422 code and errors": where the
    code stands in the body only, the body is short.
    """
    if size > const.DOWNLOAD_ERROR_BYTES:
        return
    into.seek(0)
    body = into.read().decode("utf-8-sig", "replace")
    message, code = read_vendor_error(body)
    if text(code) == "422":
        raise LengowUnprocessableError(message, status=422, code=code)


def _find_name(answer, name, content_type):
    """Take the file's name from the answer, never a path of it."""
    disposition = text(answer.headers.get("Content-Disposition"))
    for part in disposition.split(";")[1:]:
        key, _, value = part.strip().partition("=")
        if key.lower() == "filename":
            given = os.path.basename(value.strip().strip('"').replace("\\", "/"))
            if given not in ("", ".", ".."):
                return given
    extension = _EXTENSIONS.get(content_type)
    return name + (extension or mimetypes.guess_extension(content_type) or ".bin")
