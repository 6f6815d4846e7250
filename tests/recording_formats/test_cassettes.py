"""Cassettes of VCR.py and accord's own lines are read, compressed or not, and a broken entry never stops the run."""

import gzip
import http.server
import itertools
import json
import threading

import pytest
import requests
import vcr

from accord import recordings
from accord.errors import AccordError
from accord.exchange import Case, Exchange, Request, Response
from accord.recordings import Damaged

REQUEST = Request(method="POST", url="/runs", headers=(("X-Key", "$KEY"),), body=b"\xff", secrets=("KEY",))
EXCHANGES = (
    Exchange(
        request=REQUEST,
        response=Response(
            status=200, reason="OK", headers=(("Content-Type", "application/json"),), body="é".encode(), elapsed=0.5
        ),
        case=Case(operation="POST /runs", request=REQUEST, valid=False, fault="type", part="body", pointer="/a"),
    ),
    Exchange(request=Request(method="GET", url="http://host/a?b=c"), response=None, failure="did not answer"),
)


class _Zipped(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = gzip.compress(b'{"id": 1}')
        self.send_response(200)
        for name, value in (
            ("Content-Type", "application/json"),
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(body))),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("serializer", ["yaml", "json"])
def test_what_vcrpy_records_is_read_with_its_compressed_body_undone(tmp_path, serializer):
    path = tmp_path / f"cassette.{serializer}"
    with http.server.HTTPServer(("127.0.0.1", 0), _Zipped) as server:
        threading.Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_port}/runs"
        with vcr.use_cassette(str(path), serializer=serializer):
            requests.get(url, timeout=5)
        server.shutdown()
    (exchange,) = recordings.read(path)
    assert (exchange.request.method, exchange.request.url, exchange.source) == ("GET", url, f"{path}:1")
    assert (exchange.response.status, exchange.response.body) == (200, b'{"id": 1}')


def test_a_parsed_body_is_read_and_a_broken_interaction_is_located(tmp_path):
    path = tmp_path / "cassette.yaml"
    path.write_text(
        "interactions:\n- request: {method: GET, uri: 'http://h/a'}\n  response: {status: {code: 200}, parsed_body: {a: null}}\n"
        "- request: {method: GET}\n- 7\n- request: {method: GET, uri: 'http://h/b'}\n  response: {status: {code: 204}}\n"
    )
    assert tuple(recordings.read(path)) == (
        Exchange(request=Request(method="GET", url="http://h/a"), response=Response(status=200, body=b'{"a": null}')),
        Damaged(source=f"{path}:2", reason="the interaction is no exchange (it has no `response`)"),
        Damaged(source=f"{path}:3", reason="the interaction is no exchange (a part of it is not what it should be)"),
        Exchange(request=Request(method="GET", url="http://h/b"), response=Response(status=204)),
    )


def test_lines_of_exchanges_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "run.ndjson"
    recordings.write(path, EXCHANGES)
    assert tuple(recordings.read(path)) == EXCHANGES


def test_a_broken_line_is_located_and_the_next_one_read(tmp_path):
    path = tmp_path / "run.ndjson"
    recordings.write(path, EXCHANGES)
    first, second, _ = path.read_text().split("\n")
    path.write_text("\n".join([first, first[:40], json.dumps({"accord": 2}), "", second]))
    assert tuple(recordings.read(path)) == (
        EXCHANGES[0],
        Damaged(source=f"{path}:2", reason="the line is no exchange (it is no JSON)"),
        Damaged(source=f"{path}:3", reason="the line is no exchange (it is not of version 1)"),
        EXCHANGES[1],
    )


def test_a_compressed_recording_is_read_under_its_own_name(tmp_path):
    path = tmp_path / "run.ndjson"
    recordings.write(path, EXCHANGES)
    packed = tmp_path / "run.ndjson.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert [(item, item.source) for item in recordings.read(packed)] == [
        (EXCHANGES[0], f"{packed}:1"),
        (EXCHANGES[1], f"{packed}:2"),
    ]


def test_aliases_that_unfold_without_end_are_damage(tmp_path):
    path = tmp_path / "cassette.yaml"
    steps = "".join(f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in itertools.pairwise("abcdefgh"))
    path.write_text(
        f"a: &a [{', '.join('x' * 10)}]\n{steps}"
        "interactions:\n- request: {method: GET, uri: /}\n"
        "  response: {status: {code: 200}, headers: {}, parsed_body: {text: *h}}\n"
    )
    with pytest.raises(AccordError) as problem:
        tuple(recordings.read(path))
    assert str(problem.value) == f"`{path}` is no cassette: its aliases unfold to more than 64 MiB."


def test_aliases_are_read_as_what_they_stand_for(tmp_path):
    path = tmp_path / "cassette.yaml"
    path.write_text(
        "text: &text [1, 2]\ninteractions:\n- request: {method: GET, uri: /}\n"
        "  response: {status: {code: 200}, headers: {}, parsed_body: {text: *text, again: *text}}\n"
    )
    (exchange,) = recordings.read(path)
    assert exchange.response.body == b'{"text": [1, 2], "again": [1, 2]}'
