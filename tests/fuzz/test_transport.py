"""Transport sends what it is given, byte for byte, and no server makes it raise or hang."""

import base64
import gzip
import socket
import time
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from accord.errors import ConfigError, UnreachableError
from accord.exchange import Case, Exchange, Request, Response
from accord.network.transport import Settings, Transport, open_transport
from accord.network.wire import is_loopback

ASK = Request(method="GET", url="/run")


def answer(body: bytes, *, head: bytes = b"HTTP/1.1 200 OK\r\n"):
    def send(connection: socket.socket) -> None:
        connection.sendall(head + b"Content-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body))

    return send


def once(url: str, request: Request = ASK, **options) -> Exchange:
    line = open_transport(Settings(base_url=url, **{"timeout": 0.4, "max_body": 500_000, **options}))
    try:
        return line.send(request)
    finally:
        line.close()


@pytest.mark.parametrize(
    ("rudeness", "failure"),
    [
        ("reset", "reset the connection"),
        ("stall", "did not answer within 0.4 s"),
        ("drip", "did not answer within 0.4 s"),
        ("garbage", "answered something that is not HTTP"),
        ("endless", "sent more than 500000 bytes"),
        ("cut", "closed the connection in the middle of its answer"),
        ("silent", "closed the connection without an answer"),
    ],
)
def test_a_rude_server_is_told_in_words_within_the_time_limit(serve, rudeness, failure):
    url = serve(rudeness)
    begun = time.monotonic()
    assert once(url) == Exchange(request=ASK, response=None, failure=failure)
    assert time.monotonic() - begun < 1.5


def test_a_redirect_is_an_answer_and_is_not_followed(serve):
    seen: list[bytes] = []
    got = once(serve("redirect", seen))
    assert got.response is not None
    assert (got.response.status, len(seen)) == (302, 1)


def test_nobody_listening_is_unreachable_and_said_so(nobody):
    with pytest.raises(UnreachableError, match=rf"^`{nobody}` refused the connection\.$"):
        open_transport(Settings(base_url=nobody))


@pytest.mark.parametrize("url", ["example.com", "ftp://example.com", "http://", "http://[::1"])
def test_what_is_no_url_of_a_service_is_an_error_of_the_run(url):
    with pytest.raises(ConfigError, match="is no URL of a service"):
        open_transport(Settings(base_url=url))


def test_method_target_headers_and_body_go_out_as_given(serve):
    seen: list[bytes] = []
    request = Request(
        method="PURGE",
        url="/a%2Fb/../c;d=1//e?q=%20x&q=+&r[]=1",
        headers=(("X-Two", "one"), ("X-Two", "é"), ("x-lower", "")),
        body=b"\x00\xff{",
    )
    url = serve(answer(b"{}"), seen)
    once(url + "/base", request)
    host = url.removeprefix("http://").encode()
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0] == b"PURGE /base/a%2Fb/../c;d=1//e?q=%20x&q=+&r[]=1 HTTP/1.1"
    assert sorted(head.split(b"\r\n")[1:]) == sorted(
        [
            b"Host: " + host,
            b"Content-Length: 3",
            b"X-Two: one",
            "X-Two: é".encode(),
            b"x-lower: ",
            b"User-Agent: accord",
            b"Accept: */*",
        ]
    )
    assert body == b"\x00\xff{"


def test_a_header_that_http_cannot_carry_is_our_fault_and_is_not_sent(serve):
    seen: list[bytes] = []
    got = once(serve(answer(b""), seen), Request(method="GET", url="/", headers=(("X-A", "b\r\nX-Injected: c"),)))
    assert got.failure.startswith("was not sent: ")
    assert seen == []


def test_a_secret_goes_out_and_comes_back_as_its_name(serve, monkeypatch):
    monkeypatch.setenv("RUN_KEY", "s3cr/t-value")
    monkeypatch.setenv("RUN_BASIC", "user:pass-word")
    seen: list[bytes] = []
    request = Request(
        method="GET",
        url="/run?key=$RUN_KEY",
        headers=(("X-Run-Key", "$RUN_KEY"), ("Authorization", "Basic $RUN_BASIC")),
        secrets=("RUN_KEY", "RUN_BASIC"),
    )
    spelled = base64.b64encode(b"user:pass-word")
    got = once(serve(answer(b'["s3cr/t-value", "s3cr%2Ft-value", "' + spelled + b'"]'), seen), request)
    assert b"GET /run?key=s3cr%2Ft-value HTTP/1.1" in seen[0]
    assert b"X-Run-Key: s3cr/t-value" in seen[0]
    assert b"Authorization: Basic " + spelled in seen[0]
    assert got.request == request
    assert got.response is not None
    assert got.response.body == b'["$RUN_KEY", "$RUN_KEY", "$RUN_BASIC"]'


def test_a_secret_without_a_value_names_its_variable(serve, monkeypatch):
    monkeypatch.delenv("RUN_KEY", raising=False)
    request = Request(method="GET", url="/", headers=(("X-Key", "$RUN_KEY"),), secrets=("RUN_KEY",))
    with pytest.raises(ConfigError, match=r"^The environment variable `RUN_KEY` is not set, .* export RUN_KEY=…\.$"):
        once(serve(answer(b"")), request)


def test_retry_after_is_waited_for_while_patience_lasts(serve):
    seen: list[bytes] = []
    busy = answer(b"", head=b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\n")
    calm = answer(b"{}")

    def recover(connection: socket.socket) -> None:
        (busy if len(seen) < 3 else calm)(connection)

    got = once(serve(recover, seen))
    assert got.response is not None
    assert (got.response.status, len(seen)) == (200, 3)


def test_a_retry_after_beyond_patience_is_an_answer(serve):
    got = once(serve(answer(b"", head=b"HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\n")))
    assert got.response is not None
    assert got.response.status == 503


def test_the_rate_is_kept(serve):
    line = open_transport(Settings(base_url=serve(answer(b"")), rate=20))
    begun = time.monotonic()
    for _ in range(5):
        line.send(ASK)
    line.close()
    assert time.monotonic() - begun >= 4 / 20


def test_the_budget_is_kept(serve):
    seen: list[bytes] = []
    line = open_transport(Settings(base_url=serve(answer(b""), seen), max_requests=2))
    failures = [line.send(ASK).failure for _ in range(3)]
    line.close()
    assert (failures, len(seen)) == (["", "", "was not sent: the budget is spent"], 2)


def test_a_connection_that_leads_elsewhere_than_when_the_run_began_is_not_used(serve):
    seen: list[bytes] = []
    line = Transport(Settings(base_url=serve(answer(b""), seen)), loopback=False)
    got = line.send(ASK)
    line.close()
    assert (got.failure, seen) == ("led to another network than when the run began", [])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("localhost", False),
    ],
)
def test_loopback_is_decided_on_the_address(address, expected):
    assert is_loopback(address) is expected


def test_an_answer_keeps_status_reason_headers_and_body(serve):
    got = once(serve(answer(b"[]", head=b"HTTP/1.1 207 Multi\r\nX-A: 1\r\nX-A: 2\r\n"))).response
    assert got == Response(
        status=207,
        reason="Multi",
        headers=(("X-A", "1"), ("X-A", "2"), ("Content-Length", "2"), ("Connection", "close")),
        body=b"[]",
        elapsed=got.elapsed if got else 0,
    )


def test_the_rate_and_the_budget_of_one_operation_are_kept_and_no_others(serve):
    seen: list[bytes] = []
    settings = Settings(base_url=serve(answer(b""), seen), rates={"GET /slow": 20}, budgets={"GET /few": 2})
    line = open_transport(settings)
    cases = {name: Case(operation=f"GET {name}", request=ASK, valid=True) for name in ("/slow", "/few", "/free")}
    begun = time.monotonic()
    for _ in range(5):
        line.send(ASK, cases["/free"])
    free = time.monotonic() - begun
    failures = [line.send(ASK, cases["/few"]).failure for _ in range(3)]
    for _ in range(3):
        line.send(ASK, cases["/slow"])
    line.close()
    assert free < 2 / 20 <= time.monotonic() - begun - free
    assert failures == ["", "", "was not sent: the budget is spent"]
    assert (line.spent, line.spent_on("GET /few")) == (
        "",
        "its budget of 2 requests is spent: raise it with --max-requests 'GET /few=N'",
    )


def test_the_time_of_a_run_is_kept(serve):
    now = iter(float(number) for number in range(100))
    line = Transport(Settings(base_url=serve(answer(b"")), max_time=5.0), loopback=True, clock=lambda: next(now))
    failures = [line.send(ASK).failure for _ in range(4)]
    line.close()
    assert failures[0] == ""
    assert failures[-1] == "was not sent: the budget is spent"
    assert line.spent == "the time is up: raise it with --max-time"


def test_a_date_to_retry_after_is_waited_for(serve):
    seen: list[bytes] = []
    busy = answer(b"", head=b"HTTP/1.1 503 Busy\r\nRetry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n")

    def recover(connection: socket.socket) -> None:
        (busy if len(seen) < 2 else answer(b"{}"))(connection)

    got = once(serve(recover, seen))
    assert got.response is not None
    assert (got.response.status, len(seen)) == (200, 2)


def test_threads_send_at_the_same_time_and_share_one_budget(serve):
    line = open_transport(Settings(base_url=serve(answer(b"")), max_requests=10))
    with ThreadPoolExecutor(4) as crew:
        failures = Counter(item.failure for item in crew.map(line.send, [ASK] * 15))
    line.close()
    assert failures == {"": 10, "was not sent: the budget is spent": 5}


@pytest.mark.parametrize("packed", [gzip.compress(b"[1]"), zlib.compress(b"[1]")], ids=["gzip", "deflate"])
def test_a_coded_answer_is_decoded(serve, packed):
    name = b"gzip" if packed[:1] == b"\x1f" else b"deflate"
    got = once(serve(answer(packed, head=b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\n" % name)))
    assert got.response is not None
    assert got.response.body == b"[1]"


def test_a_coded_answer_that_grows_beyond_every_limit_is_cut(serve):
    bomb = gzip.compress(b" " * 50_000_000)
    got = once(serve(answer(bomb, head=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n")))
    assert got.failure == "sent more than 500000 bytes"


def test_an_answer_that_is_not_in_its_content_coding_is_told(serve):
    got = once(serve(answer(b"[1]", head=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n")))
    assert got.failure == "sent a body that its content coding does not decode"
