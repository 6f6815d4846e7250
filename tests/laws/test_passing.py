"""What passes without being judged one by one is tallied as if it had been."""

import json
import random
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from accord import checks, loading, recordings
from accord.checks import Broken, Check
from accord.contract import Operation
from accord.document import Document
from accord.exchange import Case, Exchange, Request, Response
from accord.findings import Severity
from accord.messages.matching import matched
from accord.recordings import Damaged
from accord.verifying import passing, tallies, verdicts, watching
from accord.verifying.holding import hold
from accord.verifying.tallies import Verdicts
from accord.verifying.watching import Watch

ROOT = Path(__file__).parents[2]
OPENAI = ROOT.parent / "shared" / "recordings" / "openai"
JSON = ("Content-Type", "application/json")
SHELF = {
    "openapi": "3.1.0",
    "info": {"title": "Shelf", "version": "1"},
    "servers": [{"url": "https://shelf.example/v1"}],
    "paths": {
        "/books": {
            "get": {
                "responses": {
                    "200": {
                        "description": "ok",
                        "headers": {"X-Total": {"required": True, "schema": {"type": "integer"}}},
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/B"}}
                            }
                        },
                    },
                    "default": {
                        "description": "error",
                        "content": {"application/json": {"schema": {"type": "object", "required": ["detail"]}}},
                    },
                }
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}},
                "responses": {
                    "201": {
                        "description": "made",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}},
                    },
                    "4XX": {"description": "refused"},
                },
            },
        },
        "/books/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}},
                    }
                }
            },
        },
    },
    "components": {
        "schemas": {
            "B": {
                "type": "object",
                "properties": {
                    "id": {"type": "integer"},
                    "title": {"type": "string"},
                    "a/b": {},
                    "even": {"type": "number", "multipleOf": 2},
                },
                "required": ["id"],
            }
        }
    },
}
BOOKS = [
    {"id": 1},
    {"id": 2, "title": "b"},
    {"id": 3, "a/b": [{"x": 1}]},
    {"id": 4, "even": 8},
    {"id": 5, "even": 7},
    {"id": 6, "isbn": "1"},
    {"id": "7"},
    {"title": "c"},
    {"isbn": "1"},
    {},
]
RAW = [
    b'{"id":1,"id":2}',
    b'{"id":1,"title":"a: b","\\u0069d":2}',
    b'{"id":1,"a/b":{"x":1,"x":2}}',
    b'{"id":1,"title":"\\ud800"}',
    b'{"id":1,"title":"\xff"}',
    b'\xef\xbb\xbf{"id":1}',
    b'{"id":NaN}',
    b'{"id":1.0}',
    b'{"id":1e400}',
    b"{",
    b"",
    b"null",
    b'"id: 1"',
]
HEADERS = [
    (JSON,),
    (JSON, ("X-Total", "3")),
    (JSON, ("X-Total", "three")),
    (("content-type", "application/json; charset=utf-8"), ("X-Request-Id", "1"), ("X-Total", "1")),
    (("Content-Type", "application/json; charset=latin-1"),),
    (("Content-Type", "application/hal+json"),),
    (("Content-Type", "text/html"),),
    (JSON, ("Date", "Wed, 25 Nov 2026 18:00:00 GMT"), ("X-Total", "1")),
    (JSON, ("Date", "Wed, 25 Nov 2026 18:00:01 GMT"), ("X-Total", "1")),
    (JSON, ("Date", "Wed, 25 Nov 2026 18:00:00 GMT"), ("Date", "Wed, 25 Nov 2026 18:00:01 GMT")),
    (JSON, ("Date", "yesterday"), ("X-Total", "1")),
    (JSON, ("ETag", 'W/"1"')),
    (),
]
STATUSES = (200, 200, 200, 201, 201, 204, 302, 404, 500)
REQUESTS = [
    Request(method="GET", url="https://shelf.example/v1/books?page=1"),
    Request(method="GET", url="https://shelf.example/v1/books?page=2"),
    Request(method="HEAD", url="https://shelf.example/v1/books"),
    Request(method="get", url="https://shelf.example/v1/books/1"),
    Request(method="GET", url="https://shelf.example/v1/books/2"),
    Request(
        method="POST", url="https://shelf.example/v1/books", headers=(JSON,), body=b'{"id":1,"title":"z","isbn":"1"}'
    ),
    Request(method="POST", url="http://localhost/books", headers=(JSON,), body=b'{"id":1}'),
    Request(method="GET", url="https://shelf.example/v1/elsewhere"),
    Request(method="GET", url="https://other.example/v1/books"),
    Request(method="GET", url="http://["),
]


def _one_by_one(contract, items, *, profiled):
    """The verdicts of `verdicts.of_exchanges`, every exchange held to every check."""
    found, watch = Verdicts(), Watch() if profiled else None
    for item in items:
        if isinstance(item, Damaged):
            tallies.damage(found, item.source, item.reason)
            continue
        found.counts["entries"] += 1
        named = [operation for operation in contract.operations if item.case and operation.name == item.case.operation]
        operation = named[0] if named else matched(contract, item.request)
        if not isinstance(operation, Operation):
            tallies.stray(found, operation)
            continue
        found.counts["matched"] += 1
        if watch is not None:
            watching.exchange(watch, operation, item)
        if item.case is not None and item.case.sequence:
            found.sequenced.append(item)
        else:
            hold(found, contract, operation, item)
    if watch is not None:
        found.profile = watching.finished(watch)
    return found


def _agree(contract, items, ways=(True, False)):
    for profiled in ways:
        slow = _one_by_one(contract, items, profiled=profiled)
        fast = verdicts.of_exchanges(contract, items, profiled=profiled)
        assert fast == slow
        assert list(fast.seen) == list(slow.seen)
    return slow


@pytest.fixture
def counted(monkeypatch):
    """The numbers of exchanges that passed, by part."""
    seen = []
    passed = passing.passed

    def noting(*given):
        told = passed(*given)
        seen.append(sum(by is None for by in told.values()))
        return told

    monkeypatch.setattr(passing, "passed", noting)
    return seen


@pytest.fixture
def alike(monkeypatch):
    """Whether each exchange that departs from its schema was counted without holding the checks against it."""
    seen = []
    is_told = passing.is_told

    def noting(*given):
        seen.append(is_told(*given))
        return seen[-1]

    monkeypatch.setattr(passing, "is_told", noting)
    return seen


def _plain(draw, number):
    """An exchange of which nothing is odd beside its body."""
    books = draw.choices(BOOKS[:4] if draw.random() < 0.8 else BOOKS, k=draw.randint(1, 3))
    request = draw.choice([REQUESTS[0], REQUESTS[1], REQUESTS[4]])
    said = books[0] if request is REQUESTS[4] else books
    body = json.dumps(said).encode() if draw.random() < 0.9 else draw.choice(RAW)
    headers = (JSON, ("X-Total", "3"), ("Date", f"Wed, 25 Nov 2026 18:00:{number % 60:02} GMT"))
    return Exchange(
        request=request, response=Response(status=200, headers=headers, body=body), source=f"shelf.har:{number}"
    )


def _drawn(draw, number):
    if draw.random() < 0.4:
        return _plain(draw, number)
    request = draw.choice(REQUESTS)
    book = json.dumps(draw.choice(BOOKS)).encode()
    shelf = json.dumps(draw.choices(BOOKS[:3] if draw.random() < 0.7 else BOOKS, k=draw.randint(0, 3))).encode()
    body = draw.choice([book, book, shelf, shelf, draw.choice(RAW)])
    lost = "the recording cut the body short" if draw.random() < 0.03 else ""
    response = Response(status=draw.choice(STATUSES), headers=draw.choice(HEADERS), body=body, lost=lost)
    exchange = Exchange(request=request, response=response, source=f"shelf.har:{number}")
    kind = draw.random()
    if kind < 0.03:
        return Damaged(source=exchange.source, reason="the entry is no exchange of HAR 1.2 (KeyError)")
    if kind < 0.06:
        return replace(exchange, response=None, failure="reset the connection")
    if kind < 0.09:
        return replace(exchange, usual=0.001, response=replace(response, elapsed=2.0))
    if kind < 0.15 and "[" not in request.url:
        case = Case(operation="GET /books", request=request, valid=kind < 0.12, sequence="s" if kind < 0.1 else "")
        return replace(exchange, case=case)
    return exchange


@pytest.mark.parametrize("seed", range(3))
def test_odd_exchanges_of_all_kinds_are_tallied_as_one_by_one(seed, counted):
    contract, draw = loading.load(Document(uri="shelf.json", data=SHELF, text=json.dumps(SHELF))), random.Random(seed)
    found = _agree(contract, [_drawn(draw, number) for number in range(1, 1500)])
    assert len(found.seen) > 20
    assert sum(counted) > 100


def _single(draw, number):
    """An exchange about one book, which often departs as others do, longer or shorter."""
    book = dict(draw.choice([book for book in BOOKS if book]))
    if "title" in book or draw.random() < 0.3:
        book["title"] = "t" * draw.randint(0, 9)
    request, status = draw.choice([(REQUESTS[4], 200), (REQUESTS[5], 201), (REQUESTS[3], draw.choice(STATUSES))])
    headers = draw.choice([(JSON,), (JSON, ("X-Total", "3")), ()])
    response = Response(status=status, headers=headers, body=json.dumps(book).encode())
    return Exchange(request=request, response=response, source=f"shelf.har:{number}")


@pytest.mark.parametrize("seed", range(3))
def test_exchanges_that_depart_alike_are_tallied_as_one_by_one(seed, alike):
    contract, draw = loading.load(Document(uri="shelf.json", data=SHELF, text=json.dumps(SHELF))), random.Random(seed)
    items = [_single(draw, number) for number in range(1, 600)]
    assert len(_agree(contract, items).seen) > 8
    assert sum(alike) > 50
    parts = [verdicts.of_exchanges(contract, items[at : at + 100]) for at in range(0, 600, 100)]
    assert verdicts.merged(parts) == verdicts.of_exchanges(contract, items)


def test_runs_broken_in_assorted_ways_are_tallied_as_one_by_one(counted, alike):
    contract = loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))
    lines = runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))["lines"](300, 10.0)
    request = Request(method="POST", url=contract.servers[0].rstrip("/") + contract.operations[0].path)
    items = [
        Exchange(
            request=request, response=Response(status=200, headers=(JSON,), body=line), source=f"runs.har:{number}"
        )
        for number, line in enumerate(lines, 1)
    ]
    items[40:40] = [replace(items[0], response=replace(items[0].response, body=body)) for body in RAW]
    found = _agree(contract, items)
    assert len(found.seen) > 8
    assert sum(counted) > 400
    assert sum(alike) > 10


def test_cassettes_are_tallied_as_one_by_one(counted):
    if not OPENAI.exists():
        pytest.skip("the shared recordings are not here")
    contract = loading.load(str(OPENAI / "openapi.json"))
    items = [item for path in sorted((OPENAI / "cassettes").iterdir()) for item in recordings.read(path)]
    assert len(_agree(contract, items, ways=(False,)).seen) > 3
    assert sum(counted) > 10


def test_what_was_made_without_a_property_that_has_a_default_is_judged_one_by_one(counted):
    titled = {"type": "string", "default": "none"}
    book = {**SHELF["components"]["schemas"]["B"], "properties": {"id": {"type": "integer"}, "title": titled}}
    shelf = {**SHELF, "components": {"schemas": {"B": book}}}
    contract = loading.load(Document(uri="shelf.json", data=shelf, text=json.dumps(shelf)))
    answers = [
        Response(status=201, headers=(JSON,), body=b'{"id":1,"title":"%s"}' % title) for title in (b"none", b"x")
    ]
    items = [Exchange(request=REQUESTS[6], response=answer, source="shelf.har:1") for answer in answers * 3]
    found = _agree(contract, items, ways=(False,))
    assert [(code, seen.count) for (code, *_), seen in found.seen.items()] == [("defaults", 3)]
    assert counted == [0]


def _cased(draw, number):
    """An exchange made for a case, as a search records it: what was sent comes back, or does not, or not at all."""
    request, operation = draw.choice([(REQUESTS[4], "GET /books/{id}"), (REQUESTS[5], "POST /books")])
    book = {"id": draw.choice([1, 1, 2, "1"]), "title": draw.choice(["z", "y", ""]), "isbn": draw.choice(["1", "2", 3])}
    kept = {name: value for name, value in book.items() if name == "id" or draw.random() < 0.7}
    if draw.random() < 0.5:
        sent = {**book, **kept, "isbn": "1"} if draw.random() < 0.7 else {"id": 7}
        request = replace(request, body=json.dumps(sent).encode()) if request.method == "POST" else request
    valid, status = draw.random() < 0.85, draw.choice([200, 201, 201, 201, 404])
    case = Case(
        operation=operation, request=request, valid=valid, part="" if valid else "body", fault="" if valid else "type"
    )
    headers = (JSON, ("Location", "/books/1")) if draw.random() < 0.3 else (JSON,)
    response = Response(status=status, headers=headers, body=json.dumps(kept).encode())
    told = case if draw.random() < 0.8 else None
    return Exchange(request=request, response=response, case=told, source=f"shelf.ndjson:{number}")


@pytest.mark.parametrize("seed", range(3))
def test_exchanges_with_and_without_a_case_are_tallied_as_one_by_one(seed, counted):
    contract, draw = loading.load(Document(uri="shelf.json", data=SHELF, text=json.dumps(SHELF))), random.Random(seed)
    found = _agree(contract, [_cased(draw, number) for number in range(1, 700)])
    assert {identity[0] for identity in found.seen} >= {"echo", "invalid-accepted", "valid-refused", "response-body"}
    assert sum(counted) > 50


def test_every_check_of_accord_says_what_it_is_told_by():
    assert passing.ways(loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml")), ()).is_open


def test_a_check_that_does_not_say_what_it_is_told_by_is_held_against_everything(monkeypatch):
    def judge(_operation, exchange, _earlier):
        if exchange.response.body.endswith(b"2}"):
            yield Broken(message="The answer ends with 2", promise="another end")

    monkeypatch.setattr(checks, "_added", {})
    checks.add("no-two", "No answer ends with 2.", Check(severity=Severity.ERROR, judge=judge))
    try:
        contract = loading.load(Document(uri="shelf.json", data=SHELF, text=json.dumps(SHELF)))
        answers = [Response(status=200, headers=(JSON,), body=b'{"id":%d}' % number) for number in (1, 2, 3, 2)]
        items = [Exchange(request=REQUESTS[4], response=answer, source="shelf.har:1") for answer in answers]
        found = _agree(contract, items)
        assert [(code, seen.count) for (code, *_), seen in found.seen.items()] == [("no-two", 2)]
    finally:
        checks.declared.cache_clear()
        monkeypatch.undo()
        checks.declared.cache_clear()
