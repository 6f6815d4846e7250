"""An answer off the wire: the plain ones read at once, all others by `http.client`, which knows every way to frame one.

Plain is what services nearly always send: HTTP/1.1, a head in ASCII, `Content-Length` once, nothing about the
connection or the coding of what comes.
"""

import functools
import http.client
import io
import re
import socket
from dataclasses import dataclass
from typing import Any

from accord.exchange import BODILESS, Headers

CHUNK = 65_536

_HEAD = re.compile(rb"HTTP/1\.1 ([2-5]\d\d) ([!-~][ -~]*)\r\n((?:[!-9;-~]+:[ -~]*\r\n)+)\r\n")
_LENGTH = re.compile(rb"(?i)^content-length: *(\d{1,15})\r\n", re.MULTILINE)
_UNPLAIN = re.compile(
    rb"(?i)^(connection|content-encoding|keep-alive|proxy-connection|transfer-encoding):", re.MULTILINE
)
_MOST_HEADERS = 90
"""`http.client` refuses about a hundred."""


class TooLongError(Exception):
    """More bytes came than are wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came, the body as it was framed; the connection `ends` where nothing more can be asked over it."""

    status: int
    reason: str
    headers: Headers
    body: bytes
    ends: bool = False


def received(wire: Any, method: str, most: int) -> Received:
    """The answer that comes over `wire` to a request with `method`; TooLongError where its body has over `most` bytes.

    Raises what the socket and `http.client` raise.
    """
    begun = wire.recv(CHUNK)
    while (end := begun.find(b"\r\n\r\n") + 4) < 4 and begun and len(begun) < CHUNK:  # noqa: PLR2004  the blank line
        more = wire.recv(CHUNK)
        begun += more
        if not more:
            break
    plain = _plain(begun[:end]) if end >= 4 and method != "HEAD" else None  # noqa: PLR2004  the blank line
    if plain is None or len(begun) > end + plain[3] or plain[3] > most:
        return _framed(wire, begun, method, most)
    status, reason, headers, length = plain
    body = begun[end:]
    if len(body) < length:
        body = _rest(wire, body, length)
    return Received(status=status, reason=reason, headers=headers, body=body)


def _rest(wire: Any, body: bytes, length: int) -> bytes:
    found = bytearray(body)
    while len(found) < length:
        more = wire.recv(min(CHUNK, length - len(found)))
        if not more:
            raise http.client.IncompleteRead(bytes(found), length - len(found))
        found += more
    return bytes(found)


@functools.lru_cache(maxsize=64)
def _plain(head: bytes) -> tuple[int, str, Headers, int] | None:
    """Status, reason, headers and length of the body that a plain `head` tells; None of any other."""
    found = _HEAD.fullmatch(head)
    if found is None or head.count(b"\n") > _MOST_HEADERS or _UNPLAIN.search(head):
        return None
    status, lengths = int(found[1]), _LENGTH.findall(head)
    if status in BODILESS or len(lengths) != 1 or head.lower().count(b"content-length") != 1:
        return None
    pairs = (line.split(":", 1) for line in found[3].decode("ascii").split("\r\n")[:-1])
    headers = tuple((name, value.lstrip(" ")) for name, value in pairs)
    return status, found[2].decode("ascii").rstrip(), headers, int(lengths[0])


class _Begun(io.RawIOBase):
    """A socket of which the first bytes are known already."""

    def __init__(self, first: bytes, wire: Any) -> None:
        super().__init__()
        self._first = first
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._first:
            return int(self._wire.recv_into(buffer))
        part = self._first[: len(buffer)]
        self._first = self._first[len(part) :]
        buffer[: len(part)] = part
        return len(part)

    def makefile(self, *_: object) -> io.BufferedReader:
        """What `http.client` asks of a socket."""
        return io.BufferedReader(self)


def _framed(wire: socket.socket, begun: bytes, method: str, most: int) -> Received:
    response = http.client.HTTPResponse(_Begun(begun, wire), method=method)  # type: ignore[arg-type]
    with response:
        response.begin()
        body = _body(response, most)
        return Received(
            status=response.status,
            reason=response.reason or "",
            headers=tuple(response.headers.items()),
            body=body,
            ends=response.will_close,
        )


def _body(response: http.client.HTTPResponse, most: int) -> bytes:
    found = bytearray()
    while chunk := response.read(CHUNK):
        found += chunk
        if len(found) > most:
            raise TooLongError
    if response.length:
        raise http.client.IncompleteRead(bytes(found), response.length)
    return bytes(found)
