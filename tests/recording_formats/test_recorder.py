"""Recorder writes what a session does, and no secret reaches the file."""

import http.server
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

import accord.recordings
from accord.exchange import Case, Exchange, Request, Response
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


@contextmanager
def _serving(handler: type[_Echo]) -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def url() -> Iterator[str]:
    with _serving(_Echo) as base:
        yield base


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


class _Tells(_Echo):
    """Answers with secrets of its own, in the form that the path asks for."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        kind, body = {
            "/stream": ("text/event-stream", b'data: {"access_token": "tell-stream-1"}\n\n'),
            "/json": ("application/json", b'{"access_token": "tell-json-1", "name": "kept"}'),
            "/form": ("application/x-www-form-urlencoded", b"access_token=tell-form-1&name=kept"),
        }[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Auth-Token", "tell-header-1")
        self.send_header("Location", "https://ada:tell-user-1@x.test/?access_token=tell-location-1&page=2")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def telling() -> Iterator[str]:
    with _serving(_Tells) as base:
        yield base


def test_secrets_of_forms_streams_and_headers_of_an_answer_never_reach_the_file(tmp_path, telling):
    path = tmp_path / "runs.ndjson"
    with requests.Session() as session, Recorder(path) as recorder:
        session.trust_env = False
        recorder.attach(session)
        session.post(telling + "/stream", data={"user": "ada", "client_secret": "tell-sent-1"})
        session.post(telling + "/json", files={"note": ("a.txt", b"kept"), "password": (None, "tell-part-1")})
        session.post(telling + "/form", json={"password": "tell-body-1"})
    text = path.read_text()
    assert "tell-" not in text
    stream, told, form = accord.recordings.read(path)
    assert stream.request.body.startswith(b"user=ada&client_secret=")
    assert len(stream.request.body) == len(b"user=ada&client_secret=tell-sent-1")
    assert b"kept" in told.request.body
    assert json.loads(told.response.body)["name"] == "kept"
    assert form.response.body.endswith(b"&name=kept")
    located = dict(form.response.headers)["Location"]
    assert re.fullmatch(
        r"https://[a-z]{3}:[a-z]{4}-[a-z]{4}-\d@x\.test/\?access_token=[a-z]{4}-[a-z]{8}-\d&page=2", located
    )


@pytest.mark.parametrize("name", ["runs.har", "runs.ndjson", "runs.json", "runs.yaml", "runs.ndjson.gz"])
def test_no_secret_is_in_a_file_of_any_format_wherever_it_stood(tmp_path, url, name):
    path = tmp_path / name
    sent = {
        "password": "hunter2hunter2",
        "inner": [{"api_key": "key-in-body"}],
        "text": "header-secret",
        "input_tokens": 7,
    }
    with requests.Session() as session, Recorder(path) as recorder:
        session.trust_env = False
        recorder.attach(session)
        assert not path.exists()
        session.post(f"{url}/runs?token=query%20secret&page=2", json=sent, headers={"X-Api-Key": "header-secret"})
    (exchange,) = accord.recordings.read(path)
    text = repr(exchange)
    secrets = ("hunter2hunter2", "key-in-body", "header-secret", "query%20secret", "query secret", "abcdefgh")
    assert [secret for secret in secrets if secret in text] == []
    assert exchange.request.url == f"{url}/runs?token=$TOKEN&page=2"
    answered = json.loads(exchange.response.body)
    assert (len(answered["password"]), len(answered["inner"][0]["api_key"])) == (14, 11)
    assert (answered["text"], answered["input_tokens"]) == ("$API_KEY", 7)


def test_threads_that_share_a_recorder_write_whole_entries(tmp_path, url):
    path = tmp_path / "runs.har"

    def send(recorder):
        with requests.Session() as session:
            session.trust_env = False
            recorder.attach(session)
            for _ in range(5):
                session.post(url, data=b"x")

    with Recorder(path) as recorder:
        threads = [threading.Thread(target=send, args=(recorder,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(json.loads(path.read_text())["log"]["entries"]) == 20


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NAMES = st.sampled_from(["Content-Type", "X-One", "X-Two", "Location", "Date"])
HEADERS = st.lists(st.tuples(NAMES, TEXTS), max_size=3).map(tuple)
BODIES = (
    st.binary(max_size=12) | TEXTS.map(str.encode) | st.sampled_from([b'{"a": [1, null]}', b"\xff", b"\xef\xbb\xbf{}"])
)
REQUESTS = st.builds(
    Request,
    method=st.sampled_from(["GET", "POST"]),
    url=TEXTS.map("/a?b={}".format),
    headers=HEADERS,
    body=BODIES,
    secrets=st.just(()) | st.just(("KEY",)),
)
RESPONSES = st.builds(
    Response,
    status=st.integers(100, 599),
    reason=TEXTS,
    headers=HEADERS,
    body=BODIES,
    elapsed=st.integers(0, 9000).map(lambda number: number / 1000),
)


@st.composite
def exchanges(draw):
    request, response = draw(REQUESTS), draw(st.none() | RESPONSES)
    case = draw(
        st.none()
        | st.builds(
            Case,
            operation=TEXTS,
            request=st.just(request),
            valid=st.booleans(),
            description=TEXTS,
            sequence=TEXTS,
            doubtful=st.booleans(),
        )
    )
    return Exchange(request=request, response=response, case=case, failure="" if response else "reset the connection")


@pytest.mark.parametrize("name", ["runs.har", "runs.ndjson", "runs.json"])
@settings(deadline=None, max_examples=60)
@given(written=st.lists(exchanges(), max_size=3))
def test_what_was_written_is_read_back_equal(tmp_path_factory, name, written):
    path = tmp_path_factory.mktemp("law") / name
    accord.recordings.write(path, written)
    assert list(accord.recordings.read(path)) == written
