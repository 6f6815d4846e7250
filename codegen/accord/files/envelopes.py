"""Envelopes: the entries of a HAR file one at a time, and the ordinary ones without the parts that nobody asks for."""

from typing import Any, TypeAlias

import msgspec
from msgspec import Raw

from accord.exchange import Exchange, Headers, Request, Response
from accord.files import coding


class _Pair(msgspec.Struct, gc=False):
    name: str
    value: str


class _Content(msgspec.Struct, gc=False):
    text: str
    size: int | None = None
    encoding: str | None = None
    comment: str | None = None


class _Answer(msgspec.Struct, gc=False):
    status: int
    content: _Content
    text: str | None = msgspec.field(name="statusText", default=None)
    headers: list[_Pair] | None = None
    sent: int | None = msgspec.field(name="bodySize", default=None)


class _Posted(msgspec.Struct, gc=False):
    text: str = ""
    encoding: str | None = None


class _Asked(msgspec.Struct, gc=False):
    method: str
    url: str
    headers: list[_Pair] | None = None
    data: _Posted | None = msgspec.field(name="postData", default=None)


class _Entry(msgspec.Struct, gc=False):
    request: _Asked
    response: _Answer
    time: float | None = None
    extra: dict[str, Any] | None = msgspec.field(name="_accord", default=None)


class _Log(msgspec.Struct, gc=False):
    entries: list[Raw]


class _File(msgspec.Struct, gc=False):
    log: _Log


Plain: TypeAlias = tuple[_Entry, bytes]
"""An ordinary entry: nothing of accord's own in it, its answer there with the whole body, which comes beside it."""

_FILE = msgspec.json.Decoder(_File)
_ENTRY = msgspec.json.Decoder(_Entry)


def entries(data: bytes) -> list[Raw] | None:
    """The text of each entry; None for what is no HAR file at first sight."""
    try:
        return _FILE.decode(data).log.entries
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def plain(text: Raw) -> Plain | None:
    """The entry in `text` when it is an ordinary one; None where it takes a closer look."""
    try:
        entry = _ENTRY.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    content, data = entry.response.content, entry.request.data
    if entry.extra or content.encoding or content.comment or entry.response.status <= 0:
        return None
    if data is not None and (data.encoding or not data.text):  # else a file or a form stands for the text
        return None
    body = content.text.encode()
    if not body and (entry.response.sent or 0) > 0:
        return None
    return (entry, body) if (content.size or 0) <= len(body) else None


def exchange(found: Plain, source: str) -> Exchange:
    """The exchange that an ordinary entry tells of. Raises CodingError."""
    entry, body = found
    asked, answered = entry.request, entry.response
    sent = b"" if asked.data is None else asked.data.text.encode()
    headers = _headers(answered.headers)
    return Exchange(
        request=Request(method=asked.method, url=asked.url, headers=_headers(asked.headers), body=sent),
        response=Response(
            status=answered.status,
            reason=answered.text or "",
            headers=headers,
            body=coding.decoded(body, headers),
            elapsed=max(round((entry.time or 0) / 1000, 6), 0.0),
        ),
        source=source,
    )


def _headers(found: list[_Pair] | None) -> Headers:
    return tuple([(item.name, item.value) for item in found or () if not item.name.startswith(":")])
