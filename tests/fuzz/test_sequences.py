"""Sequences: one request again and again, and the life of a thing."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from accord import checks, recordings, service
from accord.contract import MediaType, Operation, Parameter
from accord.contract import Response as Response_
from accord.exchange import Case, Exchange, Request, Response
from accord.fuzzing import picking, sequences
from accord.loading import load
from accord.messages import encoding
from accord.validity import validation
from accord.verbs.fuzz import FuzzOptions, fuzz
from accord.verbs.verify import verify


@pytest.fixture(scope="module")
def things():
    return load(str(Path(__file__).parent / "things.yaml"))


def bodies(operation):
    texts = (b'{"name": ""}', b'{"name": "a", "size": 1}', b'{"name": "b", "size": 2}') if operation.body else (b"",)
    url = operation.path.replace("{thing_id}", "5")
    return tuple(
        Case(operation=operation.name, request=Request(method=operation.method, url=url, body=text), valid=True)
        for text in texts
    )


def answered(case: Case, status: int, body: bytes) -> Exchange:
    headers = (("Content-Type", "application/json"),)
    return Exchange(request=case.request, response=Response(status=status, headers=headers, body=body), case=case)


def walked(sequence, status=200, body=b'{"id": 17, "name": ""}'):
    earlier: tuple[Exchange, ...] = ()
    for step in sequence.steps:
        case = step.case(earlier)
        if case is None:
            break
        earlier = (*earlier, answered(case, status, body))
    return [(item.request.method, item.request.url, item.request.body) for item in earlier]


def test_a_thing_is_made_read_changed_read_deleted_and_read(things):
    found = list(sequences.lives(things.operations, {}, bodies))
    names = [f"/things/{{thing_id}}/ {name}" for name in ("life 1", "life 2", "life 3", "sparse life", "two lives")]
    assert [sequence.name for sequence in found] == names
    assert walked(found[0]) == [
        ("POST", "/things/", b'{"name": "b", "size": 2}'),
        ("GET", "/things/17/", b""),
        ("PUT", "/things/17/", b'{"name": "a", "size": 1}'),
        ("GET", "/things/17/", b""),
        ("DELETE", "/things/17/", b""),
        ("GET", "/things/17/", b""),
    ]


def test_all_of_a_thing_is_written_and_then_as_little_as_may_be(things):
    *_, sparse, _ = sequences.lives(things.operations, {}, bodies)
    assert walked(sparse) == [
        ("POST", "/things/", b'{"name": "b", "size": 2}'),
        ("GET", "/things/17/", b""),
        ("PUT", "/things/17/", b'{"name": "a", "size": 1}'),
        ("GET", "/things/17/", b""),
        ("PUT", "/things/17/", b'{"name": ""}'),
        ("GET", "/things/17/", b""),
    ]


def acting(path):
    parameter = Parameter(name="id", location="path", required=True, schema={"type": "integer"}, examples=(5,))
    parameters = (parameter,) if "{" in path else ()
    return Operation(method="POST", path=path, parameters=parameters, responses=(Response_(status="200"),))


def test_what_lies_below_the_path_of_a_thing_is_done_to_it_and_it_is_read_before_and_after():
    read = replace(acting("/orders/{id}"), method="GET")
    below = tuple(map(acting, ("/orders/{id}/cancel", "/orders/{id}/lines/first", "/orders/all", "/orders/{id}/x/{y}")))

    def cases(operation):
        url = operation.path.replace("{id}", "5")
        request = Request(method=operation.method, url=url)
        return (Case(operation=operation.name, request=request, valid=True),)

    (life,) = sequences.lives((read, *below), {}, cases)
    assert life.name == "/orders/{id} active life"
    assert [(method, url) for method, url, _ in walked(life)] == [
        ("GET", "/orders/5"),
        ("POST", "/orders/5/cancel"),
        ("GET", "/orders/5"),
        ("POST", "/orders/5/lines/first"),
        ("GET", "/orders/5"),
    ]


@pytest.mark.parametrize("body", [b'{"id": 0}', b'{"id": "17"}', b'{"id": true}', b"{}", b"[]", b"17", b"no JSON"])
def test_a_value_outside_the_bounds_of_the_parameter_is_not_taken(things, body):
    (first, *_) = sequences.lives(things.operations, {}, bodies)
    assert [method for method, *_ in walked(first, body=body)] == ["POST"]


def test_a_refused_request_makes_nothing_to_read(things):
    (first, *_) = sequences.lives(things.operations, {}, bodies)
    assert [method for method, *_ in walked(first, status=400)] == ["POST"]


def test_one_request_is_sent_thrice_and_twice_more_after_another(things):
    (found,) = sequences.again(things.operations[0], bodies)
    sent = [body for _, _, body in walked(found)]
    plain, full = b'{"name": ""}', b'{"name": "b", "size": 2}'
    other = b'{"name": "a", "size": 1}'
    assert sent == [plain, plain, plain, full, plain, plain, full, other, plain, full, plain]


def test_a_header_that_may_lack_has_both_its_values_before_a_request_without_it():
    said = [(), (("X-Unit", "m"),), (("X-Unit", "ft"),)]
    requests = [Request(method="GET", url="/scale", headers=headers) for headers in said]
    valid = tuple(Case(operation="GET /scale", request=request, valid=True) for request in requests)

    def sent(**more: object) -> list[str]:
        unit = Parameter(name="X-Unit", location="header", **more)
        operation = Operation(method="GET", path="/scale", parameters=(unit,))
        (found,) = sequences.again(operation, lambda _operation: valid)
        return ["".join(text for _, text in step.case(()).request.headers) for step in found.steps]

    assert sent() == ["", "", "", "ft", "", "", "ft", "m", "", "ft", ""]
    assert sent(required=True) == ["", "", "", "ft", "", "", "ft"]


def test_something_is_added_to_each_list_of_a_thing_which_is_read_with_it_before_and_after():
    read = replace(acting("/orders/{id}"), method="GET")
    medium = MediaType(name="application/json", schema={"type": "array", "items": {"type": "object"}})
    add = acting("/orders/{id}/lines")
    inside = replace(add, method="GET", responses=(Response_(status="200", content=(medium,)),))

    def cases(operation):
        url = operation.path.replace("{id}", "5")
        return (Case(operation=operation.name, request=Request(method=operation.method, url=url), valid=True),)

    active, filled = sequences.lives((read, add, inside, acting("/orders/{id}/cancel")), {}, cases)
    assert (active.name, filled.name, filled.due) == (
        "/orders/{id} active life",
        "/orders/{id} filled life",
        sequences.LATE,
    )
    look = [("GET", "/orders/5/lines"), ("GET", "/orders/5")]
    assert [(method, url) for method, url, _ in walked(filled)] == [*look, ("POST", "/orders/5/lines"), *look]


def test_the_barest_object_is_sent_after_two_that_say_all_differently(things):
    texts = (b"", b'{"name": "", "size": 0}', b'{"name": "a", "size": 1}', b'{"name": "b", "size": 2}', b'{"size": 3}')
    cases = tuple(
        Case(operation="POST /things/", request=Request(method="POST", url="/things/", body=text), valid=True)
        for text in texts
    )
    (found,) = sequences.again(things.operations[0], lambda _operation: cases)
    sent = [body for _, _, body in walked(found)]
    plain, full, other, bare = texts[0], texts[3], texts[2], texts[4]
    assert sent == [plain] * 3 + [full, plain, plain, full, other, bare, full, bare]


def test_every_exchange_is_judged_with_those_before_it_and_verify_judges_the_same(things, tmp_path, monkeypatch):
    judged: list[tuple[str, int]] = []
    run = checks.run

    def noted(contract, operation, exchange, earlier=(), *rest, **named):
        if exchange.case is not None and exchange.case.sequence:
            judged.append((exchange.case.sequence, len(earlier)))
        return run(contract, operation, exchange, earlier, *rest, **named)

    monkeypatch.setattr(checks, "run", noted)
    path = tmp_path / "things.har"
    with service.running(things) as url:
        report = fuzz(things, FuzzOptions(url=url, examples=20, record=path))
    found = [(finding.identity, finding.severity) for finding in report.findings]
    assert {severity for _, severity in found} <= {"note"}
    fuzzed, judged[:] = list(judged), []
    assert {name for name, _ in fuzzed} >= {"/things/{thing_id}/ life 1", "POST /things/ again"}
    assert ("/things/{thing_id}/ life 1", 5) in fuzzed
    assert {(item.identity, item.severity) for item in verify(things, [str(path)]).findings} == set(found)
    assert judged == fuzzed
    assert {item.case.sequence for item in recordings.read(path)} - {""} == {name for name, _ in fuzzed}


def test_of_two_things_the_second_is_written_to_and_the_first_is_read(things):
    *_, two = sequences.lives(things.operations, {}, bodies)
    requests = walked(two)
    assert [(method, body) for method, _, body in requests] == [
        ("POST", b'{"name": "b", "size": 2}'),
        ("POST", b'{"name": "a", "size": 1}'),
        ("GET", b""),
        ("PUT", b'{"name": ""}'),
        ("GET", b""),
        ("DELETE", b""),
        ("GET", b""),
    ]


def test_what_is_written_to_the_second_thing_is_other_than_what_the_first_has(things):
    texts = (b'{"name": "a"}', b'{"name": "c", "size": 1}', b'{"name": "b", "size": 1}', b'{"name": "d", "size": 2}')
    cases = tuple(
        Case(operation="", request=Request(method="POST", url="/things/", body=text), valid=True) for text in texts
    )

    def valid(operation):
        url = operation.path.replace("{thing_id}", "5")
        return tuple(
            replace(
                case,
                operation=operation.name,
                request=replace(
                    case.request, method=operation.method, url=url, body=case.request.body if operation.body else b""
                ),
            )
            for case in cases
        )

    *_, two = sequences.lives(things.operations, {}, valid)
    first, second, _, put, *_ = (body for _, _, body in walked(two))
    assert (first, second, put) == (texts[3], texts[1], texts[2])


SETTINGS = """
openapi: 3.1.0
info: {title: Settings, version: "1"}
paths:
  /settings/{name}:
    parameters: [{name: name, in: path, required: true, schema: {type: string, pattern: '^[a-z]{1,9}$'}}]
    get:
      responses:
        '200': {description: Kept., content: {application/json: {schema: {$ref: '#/components/schemas/Setting'}}}}
        '404': {description: None.}
    put:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Setting'}}}
      responses:
        '200': {description: Kept., content: {application/json: {schema: {$ref: '#/components/schemas/Setting'}}}}
        '400': {description: Refused.}
        '404': {description: None.}
components:
  schemas:
    Setting:
      type: object
      required: [text, rank]
      additionalProperties: false
      properties: {text: {type: string, maxLength: 9}, rank: {type: integer}}
"""


SETTING = {
    "type": "object",
    "required": ["text", "rank"],
    "additionalProperties": False,
    "properties": {"text": {"type": "string", "maxLength": 9}, "rank": {"type": "integer"}},
    "$defs": {},
}


def settings(fault):
    kept: dict[str, dict] = {}

    def respond(method, path, kind, body):
        name = path.partition("?")[0].removeprefix("/settings/")
        if not path.startswith("/settings/") or not re.fullmatch("[a-z]{1,9}", name):
            return 404, None
        if method == "GET":
            return (200, kept[name]) if name in kept else (404, None)
        try:
            value = encoding.parse_json(body)
        except encoding.DecodeError:
            return 400, None
        if method != "PUT" or kind != "application/json":
            return (405, None) if method != "PUT" else (415, None)
        if not validation.is_valid(SETTING, value):
            return 400, None
        for other in kept if fault else ():
            kept[other] = {**kept[other], fault: value[fault]}
        kept[name] = value
        return 200, value

    return respond


@pytest.mark.parametrize(
    ("fault", "found"), [("", []), ("rank", []), ("text", [("read-back", "GET /settings/{name}", "/text")])]
)
def test_what_is_written_to_one_thing_leaves_the_texts_of_another_as_they_are(tmp_path, told, fault, found):
    (tmp_path / "settings.yaml").write_text(SETTINGS)
    options = FuzzOptions(url=told(settings(fault)), examples=0, plan_requests=40)
    report = fuzz(load(str(tmp_path / "settings.yaml")), options)
    errors = [item for item in report.findings if item.severity == "error"]
    assert [(item.code, item.operation, item.pointer) for item in errors] == found


def test_each_thing_that_is_said_is_said_otherwise_once_before_the_barest_object():
    texts = (
        b'{"kind": "a"}',
        b'{"kind": "a", "note": "x", "open": true}',
        b'{"kind": "a", "note": "y", "open": false}',
        b'{"kind": "b", "note": "x", "open": true}',
    )
    found = [Case(operation="o", request=Request(method="POST", url="/o", body=text), valid=True) for text in texts]
    assert [case.request.body for case in picking.all_unlike(found[1], found)] == [texts[2], texts[3]]
    assert [case.request.body for case in picking.all_unlike(found[1], found[1:2])] == [texts[1]]


def jsonly(operation):
    return tuple(
        replace(case, request=replace(case.request, headers=(("Content-Type", "application/json"),)))
        for case in bodies(operation)
    )


def test_one_property_after_the_other_is_changed_in_the_second_of_two_things_and_the_first_is_read(things):
    (put,) = [item for item in things.operations if item.method == "PUT"]
    loose = {"type": "object", "properties": {"name": {"type": "string"}, "size": {"type": "integer"}}}
    body = replace(put.body, content=tuple(replace(item, schema=loose) for item in put.body.content))
    change = replace(put, method="PATCH", body=body)
    found = {item.name: item for item in sequences.lives((*things.operations, change), {}, jsonly)}
    assert walked(found["/things/{thing_id}/ altered life"]) == [
        ("POST", "/things/", b'{"name": "b", "size": 2}'),
        ("POST", "/things/", b'{"name": "a", "size": 1}'),
        ("GET", "/things/17/", b""),
        ("GET", "/things/17/", b""),
        ("PATCH", "/things/17/", b'{"size": 2}'),
        ("PATCH", "/things/17/", b'{"name": "b"}'),
        ("GET", "/things/17/", b""),
    ]
