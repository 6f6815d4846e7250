"""Sequences about whose things are whose, and about the methods that a path has: what is sent, and what is not."""

import json
from dataclasses import replace

from accord.contract import Body, MediaType, Operation, Parameter, Response
from accord.exchange import Case, Exchange, Request
from accord.exchange import Response as Answer
from accord.fuzzing import belonging, refusing

JSON = (("Content-Type", "application/json"),)
TEXT = {"type": "string"}
ITEM = {"type": "object", "properties": {"id": {"type": "integer"}, "owner_id": TEXT, "name": TEXT}}


def operation(method: str, path: str, schema: dict) -> Operation:
    medium = MediaType(name="application/json", schema=schema)
    parameters = (Parameter(name="owner_id", location="path", required=True, schema=TEXT),) if "{" in path else ()
    return Operation(
        method=method,
        path=path,
        parameters=parameters,
        body=Body(content=(medium,)) if method == "POST" else None,
        responses=(Response(status="200", content=(medium,)),),
    )


MAKE, READ = operation("POST", "/owners", ITEM), operation("GET", "/owners/{owner_id}", ITEM)
LIST = operation("GET", "/owners/{owner_id}/things", {"type": "array", "items": ITEM})
ADD, OTHER = operation("POST", "/things", ITEM), operation("POST", "/notes", {"type": "object"})
BELOW = operation("POST", "/owners/{owner_id}/things", ITEM)
ITEM_READ = replace(
    operation("GET", "/owners/{owner_id}/things/{id}", ITEM),
    parameters=tuple(Parameter(name=name, location="path", required=True, schema=TEXT) for name in ("owner_id", "id")),
)
KNOWN = {"owner_id": "a"}
SAID = {"/owners": {"name": "b"}, "/things": {"owner_id": "a", "name": "c"}, "/notes": {"owner_id": "a"}}


def cases(asked: Operation) -> tuple[Case, ...]:
    said = SAID.get(asked.path, {"name": "d"})
    body = json.dumps(said).encode() if asked.body else b""
    request = Request(method=asked.method, url=asked.path.replace("{owner_id}", "a"), headers=JSON, body=body)
    return (Case(operation=asked.name, request=request, valid=True),)


def sent(sequence, *answers: Answer) -> list[tuple[str, str, str]]:
    earlier: tuple[Exchange, ...] = ()
    for at, step in enumerate(sequence.steps):
        case = step.case(earlier)
        if case is None:
            break
        earlier = (*earlier, Exchange(request=case.request, response=answers[min(at, len(answers) - 1)], case=case))
    return [(item.request.method, item.request.url, item.request.body.decode()) for item in earlier]


MADE = Answer(status=201, headers=JSON, body=b'{"id": 9, "owner_id": "z"}')


def test_an_item_is_made_for_the_known_thing_and_the_list_of_a_new_one_is_read():
    (found,) = belonging.others((MAKE, READ, OTHER, ADD, LIST), KNOWN, cases)
    assert found.name == "GET /owners/{owner_id}/things of another"
    assert sent(found, MADE) == [
        ("POST", "/owners", '{"name": "b"}'),
        ("POST", "/things", '{"owner_id": "a", "name": "c"}'),
        ("GET", "/owners/z/things", ""),
    ]


def test_what_is_made_below_a_thing_comes_before_what_names_it():
    (found,) = belonging.others((MAKE, READ, ADD, BELOW, LIST), KNOWN, cases)
    assert sent(found, MADE)[1] == ("POST", "/owners/a/things", '{"name": "d"}')


def test_nothing_is_read_where_no_other_thing_was_made():
    (found,) = belonging.others((MAKE, READ, ADD, LIST), KNOWN, cases)
    assert [method for method, *_ in sent(found, Answer(status=400))] == ["POST", "POST"]
    for chosen in ((READ, ADD, LIST), (MAKE, READ, LIST), (MAKE, READ, ADD)):
        assert list(belonging.others(chosen, KNOWN, cases)) == []


def test_another_thing_need_not_be_read_itself():
    (found,) = belonging.others((MAKE, ADD, LIST), KNOWN, cases)
    assert sent(found, MADE)[2] == ("GET", "/owners/z/things", "")


def test_an_item_is_read_below_the_thing_that_it_was_not_made_for():
    (found,) = belonging.others((MAKE, READ, BELOW, LIST, ITEM_READ), KNOWN, cases)
    assert sent(found, MADE) == [
        ("POST", "/owners", '{"name": "b"}'),
        ("POST", "/owners/a/things", '{"name": "d"}'),
        ("GET", "/owners/z/things", ""),
        ("GET", "/owners/z/things/9", ""),
    ]
    last = found.steps[-1]
    assert last.may_lack
    answered = Exchange(request=cases(MAKE)[0].request, response=MADE)
    case = last.case((answered, answered, answered))
    assert (case.valid, case.doubtful, case.part, case.fault) == (False, True, "path", "unknown")
    (elsewhere,) = belonging.others((MAKE, READ, ADD, LIST, ITEM_READ), KNOWN, cases)
    assert len(elsewhere.steps) == 3


def refused(allow: str) -> Answer:
    return Answer(status=405, headers=(("Allow", allow),))


DECLARED = {"/owners": {"POST"}, "/owners/{owner_id}": {"GET"}}


def test_a_method_that_is_not_declared_is_sent_and_then_what_its_refusal_names():
    (found,) = refusing.methods((MAKE,), {}, cases, declared=DECLARED, safe=False)
    assert [method for method, *_ in sent(found, refused("POST, put,TRACE, DELETE, LINK"))] == ["GET", "PUT", "TRACE"]
    assert sent(found, refused("POST, GET")) == [("GET", "/owners", "")]
    assert sent(found, Answer(status=404)) == [("GET", "/owners", "")]
    assert [step.may_lack for step in found.steps] == [False, True, True]


def test_on_another_machine_only_safe_methods_are_sent():
    both = tuple(refusing.methods((MAKE, READ), KNOWN, cases, declared=DECLARED, safe=True))
    assert [item.name for item in both] == ["/owners by other methods", "/owners/{owner_id} by other methods"]
    assert [method for method, *_ in sent(both[0], refused("PUT, HEAD, TRACE"))] == ["GET", "TRACE"]
    assert [method for method, *_ in sent(both[1], refused("PUT, OPTIONS"))] == ["TRACE"]


def test_other_methods_are_no_conforming_cases_and_carry_nothing():
    (found,) = refusing.methods((MAKE,), {}, cases, declared=DECLARED, safe=False)
    case = found.steps[0].case(())
    assert (case.valid, case.fault, case.part, case.description) == (
        False,
        "method",
        "method",
        "the method GET is not documented here",
    )
    assert (case.request.headers, case.request.body) == ((), b"")
