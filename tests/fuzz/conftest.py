"""Servers that misbehave on purpose, on loopback, each in a thread."""

import functools
import http.server
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeAlias

import pytest

from accord.contract import Contract
from accord.loading import load

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def read_request(connection: socket.socket) -> bytes:
    """Head and body of one request, as they came."""
    data = b""
    while b"\r\n\r\n" not in data:
        received = connection.recv(65536)
        if not received:
            return data
        data += received
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def stall(_connection: socket.socket) -> None:
    time.sleep(1.0)


def drip(connection: socket.socket) -> None:
    for byte in HEAD * 3:
        connection.sendall(bytes([byte]))
        time.sleep(0.03)


def garbage(connection: socket.socket) -> None:
    connection.sendall(b"\x16\x03\x01\x02\x00 this is no HTTP\r\n\r\n")


def endless(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b" " * 65536)


def cut(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")


def silent(_connection: socket.socket) -> None:
    """Close without a word."""


def redirect(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")


RUDE: dict[str, Callable[[socket.socket], None]] = {
    "reset": reset,
    "stall": stall,
    "drip": drip,
    "garbage": garbage,
    "endless": endless,
    "cut": cut,
    "silent": silent,
    "redirect": redirect,
}


@contextmanager
def serving(answer: Callable[[socket.socket], None], seen: list[bytes]) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(2)
                try:
                    request = read_request(connection)
                    if request:
                        seen.append(request)
                        answer(connection)
                except OSError:
                    continue
                except SystemExit:
                    listener.close()
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        thread.join(timeout=5)
        listener.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Start a server by the name of its rudeness, or with a function of its own; the base URL comes back."""
    with ExitStack() as stack:

        def start(answer: str | Callable[[socket.socket], None], seen: list[bytes] | None = None) -> str:
            chosen = RUDE[answer] if isinstance(answer, str) else answer
            return stack.enter_context(serving(chosen, [] if seen is None else seen))

        yield start


@pytest.fixture
def nobody() -> str:
    """The URL of a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


class _Notes(http.server.BaseHTTPRequestHandler):
    """The service of `notes.yaml`, written by hand, with one fault at a time."""

    protocol_version = "HTTP/1.1"
    fault = ""
    failed = False
    heard: ClassVar[list[tuple[str, str, bytes]]]

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.heard.append((self.command, self.path, body))
        key = self.headers.get("X-Note-Key")
        if self.fault == "storm" or (key != "note-key-of-tests" and self.fault != "no-key-wanted"):
            self.answer(401, None)
            return
        problem = self.problem(body)
        if problem and self.fault != "lenient":
            self.answer(*problem)
            return
        self.respond(json.loads(body) if not problem else {})

    def problem(self, body: bytes):
        if self.path.partition("?")[0] != "/notes":
            return 404, None
        if self.command != "POST":
            return 405, None
        if self.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            return 415, None
        return self.flaw(body)

    def flaw(self, body: bytes):
        try:
            note = json.loads(body.decode(), object_pairs_hook=unique, parse_constant=refuse)
        except (ValueError, RecursionError):
            return 400, {"body": ["is no JSON"]}
        if not isinstance(note, dict) or "id" in note:
            return 400, {"body": ["is no note"]}
        if not isinstance(note.get("text", ""), str):
            return 400, {"text": ["is no string"]}
        tags = note.get("tags", [])
        if not isinstance(tags, list) or not all(
            isinstance(tag, dict) and isinstance(tag.get("name", ""), str) for tag in tags
        ):
            return 400, {"tags": ["is no list of tags"]}
        return None

    def is_first(self, text):
        """Whether so long a text comes for the first time."""
        first = len(text) > 3 and not self.failed
        type(self).failed = self.failed or first
        return first

    def respond(self, note):
        text, tags = note.get("text", ""), note.get("tags", [])
        answers = {
            "progress-id": (200, {"progress_id": "8e1f"}),
            "undocumented-status": (202, None),
            "leak": (200, {"id": 1, **note, "cost": 3}),
            "text-id": (200, {"id": "1", **note}),
        }
        if (
            (self.fault in {"crash", "two-crashes"} and len(text) > 3)
            or (self.fault == "two-crashes" and len(tags) > 1)
            or (self.fault == "flaky" and self.is_first(text))
        ):
            self.answer(500, {"trace": "…"})
        elif self.fault == "hang-up" and len(tags) > 1:
            self.close_connection = True
        elif self.fault == "picky" and len(tags) > 1:
            self.answer(400, {"tags": ["are too many"]})
        elif self.fault == "forgetful" and len(tags) > 1:
            self.answer(200, {"id": 1, **note, "tags": tags[:1]})
        else:
            self.answer(*answers.get(self.fault, (200, {"id": 1, **note})))

    def answer(self, status, value):
        body = b"" if value is None else json.dumps(value).encode()
        kind = "Content-Type: application/json\r\n" if body else ""
        allow = "Allow: POST\r\n" if status == 405 else ""
        head = f"HTTP/1.1 {status} Status\r\n{kind}{allow}X-Remaining: 3\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + (b"" if self.command == "HEAD" else body))

    def log_message(self, *_):
        pass

    do_GET = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_TRACE = do_POST  # noqa: N815  names http.server calls


def unique(pairs):
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name is there twice")
    return dict(pairs)


def refuse(name):
    raise ValueError(f"{name} is no JSON")


@dataclass(frozen=True)
class Notes:
    url: str
    heard: list[tuple[str, str, bytes]]


@pytest.fixture
def notes(monkeypatch) -> Iterator[Callable[[str], Notes]]:
    """Start the notes service with a fault; the key is in the environment."""
    monkeypatch.setenv("NOTE_KEY", "note-key-of-tests")
    with ExitStack() as stack:

        def start(fault: str = "") -> Notes:
            handler = type("Handler", (_Notes,), {"fault": fault, "heard": []})
            server = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler))
            thread = threading.Thread(target=functools.partial(server.serve_forever, poll_interval=0.02), daemon=True)
            thread.start()
            stack.callback(server.shutdown)
            return Notes(f"http://127.0.0.1:{server.server_port}", handler.heard)

        yield start


Respond: TypeAlias = Callable[[str, str, str, bytes], tuple[int, object]]
"""Status and JSON value for a method, a path, a media type and a body."""


class _Told(http.server.BaseHTTPRequestHandler):
    """A service that does as it is told."""

    protocol_version = "HTTP/1.1"
    respond: Respond

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, value = type(self).respond(self.command, self.path, self.headers.get("Content-Type", ""), body)
        content = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if content:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else content)

    def log_message(self, *_):
        pass

    do_GET = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_TRACE = do_POST = answer  # noqa: N815  names http.server calls


@pytest.fixture
def told() -> Iterator[Callable[[Respond], str]]:
    """Start a service that answers as a function says; the base URL comes back."""
    with ExitStack() as stack:

        def start(respond: Respond) -> str:
            handler = type("Handler", (_Told,), {"respond": staticmethod(respond)})
            server = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler))
            thread = threading.Thread(target=functools.partial(server.serve_forever, poll_interval=0.02), daemon=True)
            thread.start()
            stack.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}"

        yield start


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load(str(Path(__file__).parent / "notes.yaml"))
