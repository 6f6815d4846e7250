"""Entity tags: a change names the one that the thing has, and what a service does with those is held to HTTP."""

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from accord import checks
from accord.contract import Contract, Operation, Parameter, Response
from accord.document import Document
from accord.exchange import Case, Exchange, Request
from accord.exchange import Response as Answer
from accord.loading import load
from accord.verbs.fuzz import FuzzOptions, fuzz

JSON = (("Content-Type", "application/json"),)
IF_MATCH = Parameter(name="If-Match", location="header", schema={"type": "string"})
BOARD = """
openapi: 3.1.0
info: {title: Board, version: "1"}
paths:
  /board:
    get: {operationId: read, responses: {"200": &board {description: It, content: {application/json: {schema: &it {
      type: object, required: [text], additionalProperties: false, properties: {text: {type: string}}}}}}}}
    put:
      operationId: write
      parameters: [{name: If-Match, in: header, required: true, schema: {type: string, pattern: '^("[^"]+"|\\*)$'}}]
      requestBody: {required: true, content: {application/json: {schema: *it}}}
      responses:
        "200": *board
        "412": {description: Someone was faster.}
        "422": {description: Not that.}
        "428": {description: Say If-Match.}
        "415": {description: Not JSON.}
        "400": {description: No JSON.}
"""


class Board:
    """A text that many write to, each under the tag that he has read; `fault` is what is wrong with it."""

    def __init__(self, fault: str) -> None:
        self.fault, self.text, self.number = fault, "", 1

    def answer(self, method: str, headers, body: bytes) -> tuple[int, bytes, str]:
        if method not in {"GET", "PUT"}:
            return 405, b"", ""
        if method == "PUT":
            refused = self.refused(headers, body)
            if refused:
                return refused, b"", ""
            self.text = json.loads(body)["text"]
            self.number += self.fault != "tag-stays"
        return 200, json.dumps({"text": self.text}).encode(), f'"{self.number}"'

    def refused(self, headers, body: bytes) -> int:
        if (headers.get("Content-Type") or "").partition(";")[0] != "application/json":
            return 415
        try:
            value = json.loads(body.decode(), parse_constant=int, object_pairs_hook=once)
            value["text"].encode()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return 422
        wanted = headers.get("If-Match")
        if value.keys() != {"text"}:
            return 422
        if not wanted:
            return 428
        if not re.fullmatch(r'"[^"]+"|\*', wanted):
            return 422
        return 0 if wanted in {"*", f'"{self.number}"'} or self.fault == "any-tag" else 412


def once(pairs):
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


@pytest.fixture
def serving():
    servers = []

    def start(fault: str) -> str:
        board = Board(fault)

        class Answers(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answered(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, text, tag = board.answer(self.command, self.headers, body)
                if self.path != "/board":
                    status, text, tag = 404, b"", ""
                self.send_response(status)
                named = (
                    ("Content-Length", str(len(text))),
                    ("ETag", tag),
                    ("Allow", "GET, PUT" if status == 405 else ""),
                )
                for name, value in (*named, *(JSON if text else ())):
                    if value:
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = do_TRACE = answered  # noqa: N815  names of http.server

            def log_message(self, *_):
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("", []),
        ("tag-stays", [("entity-tag", "GET /board", "/headers/ETag")]),
        ("any-tag", [("entity-tag", "PUT /board", "")]),
    ],
)
def test_a_tag_that_stays_or_is_not_looked_at_is_found_and_nothing_on_an_honest_service(
    serving, fault, found, tmp_path
):
    written = tmp_path / "board.yaml"
    written.write_text(BOARD)
    report = fuzz(load(str(written)), FuzzOptions(url=serving(fault), examples=10, plan_requests=60))
    told = [item for item in report.findings if item.severity != "note"]
    assert [(item.code, item.operation, item.pointer) for item in told] == found
    assert all(len(item.witness.before) <= 3 for item in told)


def exchange(method: str, status: int, *, body=None, tag="", given=""):
    headers = (*JSON, *((("If-Match", given),) if given else ()))
    request = Request(method=method, url="/n/1", headers=headers, body=b"{}" if method != "GET" else b"")
    tags = (("ETag", tag),) if tag else ()
    response = Answer(status=status, headers=(*JSON, *tags), body=json.dumps(body or {}).encode())
    return Exchange(request=request, response=response, case=Case(operation="n", request=request, valid=True))


READ, CHANGED = exchange("GET", 200, tag='"1"'), exchange("PUT", 200, tag='"2"', given='"1"')
SINCE = exchange("GET", 200, body={"a": 1}, tag='"2"')


@pytest.mark.parametrize(
    ("method", "exchanges", "speaks"),
    [
        ("PUT", (READ, CHANGED, SINCE, exchange("PUT", 200, given='"1"')), True),
        ("PUT", (READ, CHANGED, SINCE, exchange("PUT", 412, given='"1"')), False),
        ("PUT", (READ, CHANGED, SINCE, exchange("PUT", 200, given='"2"')), False),
        ("PUT", (READ, CHANGED, SINCE, exchange("PUT", 412, given='"2"')), True),
        ("PUT", (READ, CHANGED, exchange("PUT", 200, given='"1"')), False),
        ("PUT", (READ, CHANGED, SINCE, exchange("PUT", 200, given="*")), False),
        ("PUT", (READ, exchange("PUT", 200, given='"never told"')), False),
        ("GET", (READ, exchange("GET", 200, body={"a": 2}, tag='"1"')), False),
        ("GET", (READ, CHANGED, exchange("GET", 200, body={"a": 2}, tag='"1"')), True),
        ("GET", (exchange("GET", 200, tag='W/"1"'), CHANGED, exchange("GET", 200, body={"a": 2}, tag='W/"1"')), False),
    ],
)
def test_a_tag_is_held_to_what_was_told_of_the_thing(method, exchanges, speaks):
    parameters = (Parameter(name="id", location="path", required=True), *((IF_MATCH,) if method == "PUT" else ()))
    answers = (Response(status="200", pointer="/s"), Response(status="412", pointer="/t"))
    operation = Operation(method=method, path="/n/{id}", parameters=parameters, responses=answers)
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(operation,))
    *earlier, last = exchanges
    found = checks.run(contract, operation, last, tuple(earlier), frozenset({"entity-tag"})).findings
    assert [item.code for item in found] == ["entity-tag"] * speaks
