"""One connection to one host: bytes out as given, an answer back within limits, and words for what went wrong."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from accord.errors import ConfigError, UnreachableError
from accord.exchange import Headers

PULSE = 0.05
"""Seconds between two looks of the watchdog."""

CHUNK = 65_536

ADDED = ("user-agent", "accept-encoding")
"""Headers that urllib3 writes unless told not to."""


class WireError(Exception):
    """No answer came; the text says why, as a predicate of the server."""


class UnsendableError(Exception):
    """The request cannot be written as HTTP."""


@dataclass(slots=True)
class Line:
    """The connection in use: what the watchdog must cut, when, and whether it did; the target to ask for as it is."""

    loopback: bool
    target: str = ""
    connection: Any = None
    deadline: float = 0.0
    cut: bool = False
    opened: int = 0
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


def open_pool(base_url: str, line: Line) -> Any:
    """A urllib3 pool of one kept-alive connection, with TLS as requests sets it up, watched through `line`."""
    import requests
    from requests.adapters import HTTPAdapter

    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1)
    prepared = requests.Request("GET", base_url).prepare()
    pool: Any = adapter.get_connection_with_tls_context(prepared, verify=True)
    verify: Any = adapter.cert_verify
    verify(pool, base_url, verify=True, cert=None)
    kind: Any = pool.ConnectionCls

    def watched(*arguments: Any, **options: Any) -> Any:
        connection = kind(*arguments, **options)
        connect = connection.connect

        def checked() -> None:
            connect()
            line.connection, line.opened = connection, line.opened + 1
            if is_loopback(str(connection.sock.getpeername()[0])) != line.loopback:
                connection.close()
                raise WireError("led to another network than when the run began")

        put = connection.putrequest

        def exact(method: str, _normalised: str, **skipped: bool) -> None:
            put(method, line.target, **skipped)

        connection.connect, connection.putrequest = checked, exact
        return connection

    pool.ConnectionCls = watched
    threading.Thread(target=_watch, args=(line,), daemon=True, name="accord-watchdog").start()
    return pool


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


def exchange(pool: Any, line: Line, message: Message, *, timeout: float, max_body: int) -> Answer:
    """Send one request and read its answer; WireError says what went wrong, UnsendableError that it cannot be written.

    A kept-alive connection that the server closed meanwhile is opened again, once.
    """
    line.target = message.target
    for attempt in (1, 2):
        opened, line.cut, line.deadline = line.opened, False, time.monotonic() + timeout
        try:
            answer = _attempt(pool, message, timeout, max_body)
        except (WireError, UnsendableError):
            raise
        except (ValueError, http.client.InvalidURL) as problem:
            raise UnsendableError(str(problem)) from None
        except Exception as problem:  # noqa: BLE001  whatever a hostile server provokes is an answer of its own
            if attempt == 1 and line.opened == opened and not line.cut:
                continue
            raise WireError(f"did not answer within {timeout:g} s" if line.cut else wording(problem, timeout)) from None
        finally:
            line.deadline = 0.0
        if line.cut:
            raise WireError(f"did not answer within {timeout:g} s")
        return answer
    raise WireError("closed the connection without an answer")


def _attempt(pool: Any, message: Message, timeout: float, max_body: int) -> Answer:
    import urllib3

    response = pool.urlopen(
        message.method,
        message.target,
        body=message.body or None,
        headers=_header_dict(message.headers),
        redirect=False,
        retries=False,
        assert_same_host=False,
        preload_content=False,
        decode_content=False,
        timeout=urllib3.Timeout(connect=timeout, read=timeout),
    )
    try:
        body = _read(response, max_body)
    except BaseException:
        response.close()
        raise
    response.release_conn()
    headers = tuple((str(name), str(value)) for name, value in response.headers.items())
    return Answer(status=response.status, reason=response.reason or "", headers=headers, body=body)


def _read(response: Any, max_body: int) -> bytes:
    received = bytearray()
    for chunk in response.stream(CHUNK, decode_content=True):
        received += chunk
        if len(received) > max_body:
            raise WireError(f"sent more than {max_body} bytes")
    return bytes(received)


def _header_dict(headers: Headers) -> Any:
    from urllib3 import HTTPHeaderDict
    from urllib3.util import SKIP_HEADER

    found = HTTPHeaderDict()
    for name, value in headers:
        found.add(name, value.encode())  # type: ignore[arg-type]  # bytes as a shell would send them
    present = {name.lower() for name, _ in headers}
    for name in ADDED:
        if name not in present:
            found.add(name, SKIP_HEADER)
    return found


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
