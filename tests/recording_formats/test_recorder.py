"""Recorder writes what a session does, and no secret reaches the file."""

import http.server
import threading
from collections.abc import Iterator

import pytest
import requests

import accord.recordings
from accord.recorder import Recorder


class _Echo(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "session=abcdefgh")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def url() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), _Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_exchanges_are_written_with_secrets_as_their_names(tmp_path, monkeypatch, url):
    monkeypatch.setenv("RUN_KEY", "value-of-key")
    path = tmp_path / "runs.har"
    with requests.Session() as session, Recorder(path, secrets=("RUN_KEY",)) as recorder:
        session.trust_env = False
        recorder.attach(session)
        session.headers.update({"X-Run-Key": "value-of-key", "Authorization": "Bearer t0k3n", "X-Plain": "1"})
        session.post(f"{url}/runs?key=value-of-key", data="value-of-key t0k3n é".encode())
    (exchange,) = accord.recordings.read(path)
    text = path.read_text()
    for secret in ("value-of-key", "t0k3n", "abcdefgh"):
        assert secret not in text
    sent = dict(exchange.request.headers)
    assert (sent["X-Run-Key"], sent["Authorization"], sent["X-Plain"]) == ("$RUN_KEY", "Bearer $AUTHORIZATION", "1")
    assert (exchange.request.method, exchange.request.url) == ("POST", f"{url}/runs?key=$RUN_KEY")
    assert exchange.request.secrets == ("RUN_KEY", "AUTHORIZATION")
    assert exchange.response is not None
    assert exchange.response.body == exchange.request.body == "$RUN_KEY $AUTHORIZATION é".encode()
    assert dict(exchange.response.headers)["Set-Cookie"] == "$COOKIE"


def test_after_the_block_nothing_is_written(tmp_path, url):
    path = tmp_path / "runs.har"
    with requests.Session() as session:
        session.trust_env = False
        with Recorder(path) as recorder:
            recorder.attach(session)
        assert session.post(url, data=b"x").status_code == 200
    assert tuple(accord.recordings.read(path)) == ()
