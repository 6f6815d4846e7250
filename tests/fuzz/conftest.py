"""Servers that misbehave on purpose, on loopback, each in a thread."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

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
