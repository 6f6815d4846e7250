"""An exchange as plain data: headers, and a shell line that sends exactly what was sent."""

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.exchange import Request, as_curl, header


class _Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        size = int(self.headers.get("Content-Length", 0))
        self.server.heard = (self.path, dict(self.headers), self.rfile.read(size))
        self.send_response(204)
        self.end_headers()

    do_GET = do_POST  # noqa: N815  the name http.server calls

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def listener() -> Iterator[http.server.HTTPServer]:
    server = http.server.HTTPServer(("127.0.0.1", 0), _Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def run(line: str, listener, **environment: str):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    listener.heard = None
    path = "/usr/local/bin:/usr/bin:/bin"
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False, env={"PATH": path, **environment})
    assert done.returncode == 0, done.stderr
    return listener.heard


def test_header_lookup_ignores_case_and_joins_lines():
    headers = (("Allow", "GET"), ("X-A", "1"), ("allow", "POST"))
    assert header(headers, "ALLOW") == "GET, POST"
    assert header(headers, "x-b") is None


def test_a_get_is_the_shortest_line():
    request = Request(method="GET", url="/a?b=c d")
    assert as_curl(request, "http://127.0.0.1:1/") == (
        "curl --silent --show-error --include --globoff --path-as-is 'http://127.0.0.1:1/a?b=c d'"
    )


def test_a_secret_is_read_by_the_shell_and_nothing_else_is(listener):
    request = Request(
        method="POST",
        url="/a/%2F?q=%24HOME",
        headers=(("X-Key", "$KEY"), ("X-Odd", "$HOME `id` \"q\" \\ 'x'"), ("X-Both", "a$KEYb $HOME"), ("X-Empty", "")),
        body=b'{"a": "$HOME"}',
        secrets=("KEY",),
    )
    line = as_curl(request, f"http://127.0.0.1:{listener.server_port}")
    assert "s3cr3t" not in line
    path, headers, body = run(line, listener, KEY="s3cr3t", HOME="/nowhere")
    assert path == "/a/%2F?q=%24HOME"
    assert body == b'{"a": "$HOME"}'
    assert {name: headers[name] for name in ("X-Key", "X-Odd", "X-Both", "X-Empty")} == {
        "X-Key": "s3cr3t",
        "X-Odd": "$HOME `id` \"q\" \\ 'x'",
        "X-Both": "as3cr3tb $HOME",
        "X-Empty": "",
    }


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(min_size=1, max_size=60)
    | st.text(min_size=1, max_size=30).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_body_is_sent_byte_for_byte(listener, body):
    request = Request(method="POST", url="/x", headers=(("Content-Type", "application/octet-stream"),), body=body)
    heard = run(as_curl(request, f"http://127.0.0.1:{listener.server_port}"), listener)
    assert heard[2] == body


def test_what_was_not_sent_is_not_sent(listener):
    base = f"http://127.0.0.1:{listener.server_port}"
    path, headers, body = run(as_curl(Request(method="GET", url="/a/../b", body=b"x"), base), listener)
    assert (path, headers.get("Content-Type"), body) == ("/a/../b", None, b"x")
    assert as_curl(Request(method="HEAD", url="/"), base).split()[6:] == ["--head", f"{base}/"]
