"""Answers off the wire: read at once or by `http.client`, they are the same."""

import http.client
import socket

import pytest

from accord.network import reading

OK = b"HTTP/1.1 200 OK\r\n"


def _read(raw, method="GET", *, parts=1, most=1000):
    """What is read of `raw`, which comes in `parts`, after which the other side closes."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        size = max(len(raw) // parts, 1)
        for at in range(0, len(raw), size):
            theirs.sendall(raw[at : at + size])
        theirs.shutdown(socket.SHUT_WR)
        return reading.received(ours, method, most)


def _outcome(raw, method):
    try:
        return _read(raw, method)
    except (OSError, http.client.HTTPException, ValueError, reading.TooLongError) as problem:
        return type(problem)


ANSWERS = {
    "plain": OK + b"Content-Length: 2\r\nX-A:  b c \r\nx-a:d\r\n\r\nhi",
    "empty": OK + b"content-length: 0\r\n\r\n",
    "more than it says": OK + b"Content-Length: 2\r\n\r\nhigh",
    "less than it says": OK + b"Content-Length: 9\r\n\r\nhi",
    "too long": OK + b"Content-Length: 1001\r\n\r\n" + b"x" * 1001,
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi!",
    "a length that is none": OK + b"Content-Length: +2\r\n\r\nhi",
    "no length": OK + b"X: y\r\n\r\nhi",
    "chunked": OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    "closing": OK + b"Content-Length: 2\r\nConnection: close\r\n\r\nhi",
    "old": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
    "no reason": b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nhi",
    "a reason of words": b"HTTP/1.1 404 Not here \r\nContent-Length: 2\r\n\r\nhi",
    "no content": b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nhi",
    "first something else": b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nhi",
    "a folded header": OK + b"X: a\r\n b\r\nContent-Length: 2\r\n\r\nhi",
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
    "a header that is none": OK + b"what\r\nContent-Length: 2\r\n\r\nhi",
    "a header in other letters": OK + b"X: \xe9\r\nContent-Length: 2\r\n\r\nhi",
    "many headers": OK + b"X: y\r\n" * 101 + b"Content-Length: 2\r\n\r\nhi",
    "nothing": b"",
    "half a head": OK + b"Content-",
    "no HTTP": b"hello\r\n\r\n",
}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("raw", ANSWERS.values(), ids=ANSWERS)
def test_what_is_read_at_once_is_what_http_client_reads(raw, method, monkeypatch):
    read = _outcome(raw, method)
    monkeypatch.setattr(reading, "_plain", lambda _head: None)
    assert read == _outcome(raw, method)


def test_a_plain_answer_is_read_without_http_client_however_it_is_cut(monkeypatch):
    monkeypatch.setattr(reading, "_framed", None)
    expected = reading.Received(status=200, reason="OK", headers=(("X-A", "b "), ("Content-Length", "2")), body=b"hi")
    raw = OK + b"X-A: b \r\nContent-Length: 2\r\n\r\nhi"
    assert [_read(raw, parts=parts) for parts in (1, 2, len(raw))] == [expected] * 3
