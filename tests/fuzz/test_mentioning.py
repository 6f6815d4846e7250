"""Sequences about a thing that the body of another operation names."""

import json

from accord.contract import Body, MediaType, Operation, Parameter, Response
from accord.exchange import Case, Exchange, Request
from accord.exchange import Response as Answer
from accord.fuzzing import mentioning

JSON = (("Content-Type", "application/json"),)
NUMBER = {"type": "string", "pattern": "^C[0-9]+$"}
ENTRY = {"type": "object", "properties": {"number": NUMBER, "action": {"enum": ["hold", "free"]}}}
BULK = {"type": "object", "properties": {"items": {"type": "array", "items": ENTRY}, "dryRun": {"type": "boolean"}}}
HERE = {"number": "C9"}


def read(path: str = "/orders/{number}", schema: dict = NUMBER) -> Operation:
    name = path.rpartition("{")[2][:-1]
    parameter = Parameter(name=name, location="path", required=True, schema=schema)
    return Operation(method="GET", path=path, parameters=(parameter,), responses=(Response(status="200"),))


def act(path: str = "/bulk", schema: dict = BULK) -> Operation:
    return Operation(method="POST", path=path, body=Body(content=(MediaType(name="application/json", schema=schema),)))


def said(*bodies: object):
    def cases(operation: Operation) -> tuple[Case, ...]:
        written = [json.dumps(body).encode() for body in bodies] if operation.method == "POST" else [b""]
        url = operation.path.replace("{number}", "C1").replace("{id}", "C1")
        requests = [Request(method=operation.method, url=url, headers=JSON, body=body) for body in written]
        return tuple(Case(operation=operation.name, request=request, valid=True) for request in requests)

    return cases


def entry(action: str, number: str = "C1") -> dict:
    return {"number": number, "action": action}


def sent(sequence) -> list[tuple[str, object]]:
    earlier: tuple[Exchange, ...] = ()
    for step in sequence.steps:
        case = step.case(earlier)
        if case is None:
            break
        earlier = (*earlier, Exchange(request=case.request, response=Answer(status=200), case=case))
    return [(item.request.url, json.loads(item.request.body or b"null")) for item in earlier]


LOOK = ("/orders/C9", None)


def test_a_thing_is_made_and_named_and_then_named_with_something_else_that_shall_not_be_done():
    cases = said({"items": [entry("hold")]}, {"items": [entry("free")]}, {"items": [entry("free"), entry("free")]})
    made: list[str] = []
    (found,) = mentioning.mentioned((read(), act()), cases, lambda operation: made.append(operation.path) or HERE)
    assert (found.name, made) == ("POST /bulk of /orders/{number}", [])
    assert sent(found) == [
        LOOK,
        ("/bulk", {"items": [entry("free", "C9")], "dryRun": False}),
        LOOK,
        ("/bulk", {"items": [entry("hold", "C9")], "dryRun": True}),
        LOOK,
    ]
    assert made == ["/orders/{number}"]
    assert all(step.may_lack for step in found.steps)


def test_where_nothing_can_be_left_undone_it_is_done_once():
    schema = {"type": "object", "properties": {"items": BULK["properties"]["items"]}}
    (found,) = mentioning.mentioned(
        (read(), act(schema=schema)), said({"items": [entry("hold")]}), lambda _operation: HERE
    )
    assert sent(found) == [LOOK, ("/bulk", {"items": [entry("hold", "C9")]}), LOOK]


def test_nothing_is_asked_where_no_thing_can_be_made():
    (found,) = mentioning.mentioned((read(), act()), said({"items": [entry("hold")]}), lambda _operation: None)
    assert sent(found) == []


def test_a_name_is_followed_only_where_its_form_is_that_of_the_path():
    def found(asked: Operation, acting: Operation, body: object) -> list[str]:
        return [item.name for item in mentioning.mentioned((asked, acting), said(body), lambda _operation: HERE)]

    assert found(read(), act(), {"items": [{"number": "17"}]}) == []
    assert found(read(), act(), {"items": [{"code": "C1"}]}) == []
    assert found(read(schema={"type": "string"}), act(), {"items": [entry("hold")]}) == []
    assert found(read("/orders/{id}"), act(schema={}), {"items": [{"id": "C1"}]}) == []
    assert found(read(), act("/orders", {}), {"items": [entry("hold")]}) == []
    assert found(read(), act("/orders/{number}/lines", {}), {"items": [entry("hold")]}) == []
    assert found(read(), act(schema={}), {"number": "C1"}) == ["POST /bulk of /orders/{number}"]
