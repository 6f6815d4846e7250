"""One connection to one host: bytes out as given, an answer back within limits, and words for what went wrong."""

import functools
import http.client
import io
import ipaddress
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from accord.errors import ConfigError, UnreachableError
from accord.exchange import Headers
from accord.network import reading

PULSE = 0.05
"""Seconds between two looks of the watchdog."""

WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose requests tell the length of their body also where they have none (RFC 9110 section 8.6)."""


FRAMING = frozenset({"content-length", "transfer-encoding"})


class WireError(Exception):
    """No answer came; the text says why, as a predicate of the server."""


class UnsendableError(Exception):
    """The request cannot be written as HTTP."""


@dataclass(slots=True)
class Line:
    """A kept-alive connection to one host: what the watchdog must cut, when, and whether it did."""

    base_url: str
    loopback: bool
    connection: Any = None
    deadline: float = 0.0
    cut: bool = False
    closed: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A request as it goes out: `target` is path and query, byte for byte."""

    method: str
    target: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: status, reason, headers, body."""

    status: int
    reason: str
    headers: Headers
    body: bytes


def is_loopback(address: str) -> bool:
    """Whether `address`, as a socket names its peer, is this machine itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def probe(base_url: str, timeout: float) -> str:
    """The address that `base_url` really leads to; ConfigError for no URL, UnreachableError for no answer."""
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        host, port, parts = None, 0, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        raise ConfigError(f"`{base_url}` is no URL of a service: write it as https://host or http://host:port.")
    try:
        with socket.create_connection((host, port), timeout=timeout) as connection:
            return str(connection.getpeername()[0])
    except (OSError, UnicodeError) as problem:
        raise UnreachableError(f"`{base_url}` {wording(problem, timeout)}.") from None


def open_line(base_url: str, *, loopback: bool) -> Line:
    """A line to the host of `base_url`, watched; nothing is connected yet."""
    line = Line(base_url, loopback)
    threading.Thread(target=_watch, args=(line,), daemon=True, name="accord-watchdog").start()
    return line


def close_line(line: Line) -> None:
    """Close the connection and send the watchdog home."""
    line.closed.set()
    _hang_up(line)


def _hang_up(line: Line) -> None:
    if line.connection is not None:
        line.connection.close()
        line.connection = None


def _connect(line: Line, timeout: float) -> Any:
    """The socket of the line, opened where there is none, with TLS as requests sets it up."""
    from urllib3 import connection as urllib3

    if line.connection is not None and not _is_dropped(line.connection.sock):
        line.connection.sock.settimeout(timeout)
        return line.connection.sock
    _hang_up(line)
    parts = urlsplit(line.base_url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        from requests.utils import DEFAULT_CA_BUNDLE_PATH

        made: Any = urllib3.HTTPSConnection(
            parts.hostname or "",
            parts.port,
            timeout=timeout,
            cert_reqs="CERT_REQUIRED",
            ca_certs=DEFAULT_CA_BUNDLE_PATH,
        )
    else:
        made = urllib3.HTTPConnection(host, parts.port, timeout=timeout)
    line.connection = made
    made.connect()
    if is_loopback(str(made.sock.getpeername()[0])) != line.loopback:
        raise WireError("led to another network than when the run began")
    return made.sock


def _is_dropped(connection: socket.socket) -> bool:
    """Whether the other side closed, or sent what nobody asked for."""
    from urllib3.util.wait import wait_for_read

    return bool(wait_for_read(connection, timeout=0.0))


def _watch(line: Line) -> None:
    while not line.closed.wait(PULSE):
        if line.deadline and time.monotonic() > line.deadline:
            line.deadline, line.cut = 0.0, True
            connection = line.connection
            if connection is not None and connection.sock is not None:
                _cut(connection.sock)


def _cut(connection: socket.socket) -> None:
    try:
        socket.socket.shutdown(connection, socket.SHUT_RDWR)  # beneath TLS, so that no farewell is waited for
    except OSError:
        return


def exchange(line: Line, message: Message, *, timeout: float, max_body: int) -> Answer:
    """Send one request and read its answer; WireError says what went wrong, UnsendableError that it cannot be written.

    A kept-alive connection that the server closed meanwhile is opened again, once.
    """
    written = _written(line, message)
    while True:
        kept, line.cut, line.deadline = line.connection is not None, False, time.monotonic() + timeout
        try:
            answer = _attempt(line, message.method, written, timeout, max_body)
        except BaseException as problem:
            _hang_up(line)
            if isinstance(problem, WireError) or not isinstance(problem, Exception):
                raise
            if kept and not line.cut:
                continue
            raise WireError(f"did not answer within {timeout:g} s" if line.cut else wording(problem, timeout)) from None
        finally:
            line.deadline = 0.0
        if line.cut:
            _hang_up(line)
            raise WireError(f"did not answer within {timeout:g} s")
        return answer


def _attempt(line: Line, method: str, written: bytes, timeout: float, max_body: int) -> Answer:
    wire = _connect(line, timeout)
    wire.sendall(written)
    try:
        received = reading.received(wire, method, max_body)
    except reading.TooLongError:
        raise WireError(f"sent more than {max_body} bytes") from None
    if received.ends:
        _hang_up(line)
    body, headers = received.body, received.headers
    if any(name.lower() == "content-encoding" for name, _ in headers):
        body = _decoded(body, headers, max_body)
    return Answer(status=received.status, reason=received.reason, headers=headers, body=body)


def _decoded(body: bytes, headers: Headers, max_body: int) -> bytes:
    """`body` out of its content coding, which may blow it up beyond every limit."""
    import urllib3

    coded = urllib3.HTTPResponse(io.BytesIO(body), headers=dict(headers), preload_content=False)
    received = bytearray()
    for chunk in coded.stream(reading.CHUNK, decode_content=True):
        received += chunk
        if len(received) > max_body:
            raise WireError(f"sent more than {max_body} bytes")
    return bytes(received)


_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(r"[!-~]+")
_NAME = re.compile(r"[^:\s][^:\r\n]*")
_VALUE = re.compile(r"[^\r\n\0]*")


def _written(line: Line, message: Message) -> bytes:
    """The request as bytes: head and body in one piece, values as a shell would send them."""
    if not _METHOD.fullmatch(message.method) or not _TARGET.fullmatch(message.target):
        raise UnsendableError(f"HTTP has no way to write `{message.method} {message.target}`")
    lines = [f"{message.method} {message.target} HTTP/1.1"]
    present = {name.lower() for name, _ in message.headers}
    if "host" not in present:
        lines.append(f"Host: {_host(line.base_url)}")
    for name, value in message.headers:
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise UnsendableError(f"HTTP has no way to write the header `{name}`")
        lines.append(f"{name}: {value}")
    if (message.body or message.method in WITH_BODY) and present.isdisjoint(FRAMING):
        lines.append(f"Content-Length: {len(message.body)}")
    try:
        return "\r\n".join((*lines, "\r\n")).encode() + message.body
    except UnicodeEncodeError as problem:
        raise UnsendableError(str(problem)) from None


@functools.lru_cache(maxsize=16)
def _host(base_url: str) -> str:
    parts = urlsplit(base_url)
    named = parts.netloc.rpartition("@")[2]
    return named.removesuffix(":443" if parts.scheme == "https" else ":80")


def wording(problem: BaseException, timeout: float) -> str:
    """What the server did, as a predicate: `refused the connection`, `did not answer within 10 s`."""
    import urllib3.exceptions as trouble

    chain: list[BaseException] = [problem]
    while len(chain) < 8:  # noqa: PLR2004  no chain of causes is longer
        last = chain[-1]
        told = (getattr(last, "reason", None), *last.args, last.__cause__, last.__context__)
        inner = next((item for item in told if isinstance(item, BaseException)), None)
        if inner is None:
            break
        chain.append(inner)
    table: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
        ((socket.gaierror, UnicodeError, trouble.NameResolutionError), "has a name that leads to no address"),
        ((ConnectionRefusedError,), "refused the connection"),
        ((ssl.SSLError,), "broke off the TLS handshake: " + str(chain[-1])),
        ((TimeoutError, trouble.TimeoutError), f"did not answer within {timeout:g} s"),
        ((trouble.DecodeError,), "sent a body that its content coding does not decode"),
        ((trouble.IncompleteRead, http.client.IncompleteRead), "closed the connection in the middle of its answer"),
        ((http.client.RemoteDisconnected,), "closed the connection without an answer"),
        ((ConnectionResetError, BrokenPipeError, ConnectionAbortedError), "reset the connection"),
        ((trouble.InvalidChunkLength, http.client.HTTPException), "answered something that is not HTTP"),
        ((trouble.NewConnectionError, OSError), "could not be reached: " + str(chain[-1])),
    )
    for kinds, text in table:
        if any(isinstance(link, kinds) for link in chain):
            return text
    return "answered something that is not HTTP"
