"""Sequences about what is listed: which things are chosen, and what is sent to each."""

import json
from dataclasses import replace

import pytest

from accord.contract import Body, MediaType, Operation, Parameter, Response
from accord.exchange import Case, Exchange, Request
from accord.exchange import Response as Answer
from accord.fuzzing import standing

ORDER = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "status": {"type": "string", "enum": ["open", "paid"]}, "note": {"type": ["string", "null"]}},
}  # fmt: skip
STATUS = Parameter(name="status", location="query", schema={"type": "string", "enum": ["open", "paid"]})
NUMBER = Parameter(name="id", location="path", required=True, schema={"type": "integer"})


def operation(method: str, path: str, schema: dict) -> Operation:
    medium = MediaType(name="application/json", schema=schema)
    return Operation(
        method=method,
        path=path,
        parameters=(NUMBER,) if "{" in path else (STATUS,),
        body=Body(content=(medium,)) if method == "POST" else None,
        responses=(Response(status="200", content=(medium,)),),
    )


LIST = operation("GET", "/orders", {"type": "array", "items": ORDER})
READ, CANCEL = operation("GET", "/orders/{id}", ORDER), operation("POST", "/orders/{id}/cancel", ORDER)
ITEMS = [
    {"id": 1, "status": "open", "note": "a"},
    {"id": 2, "status": "open", "note": "b"},
    {"id": 3, "status": "open", "note": None},
    {"id": 4, "status": "paid", "note": "c"},
]


def cases(asked: Operation) -> tuple[Case, ...]:
    url = asked.path.replace("{id}", "0")
    body = b'{"note": "x"}' if asked.body is not None else b""
    return (Case(operation=asked.name, request=Request(method=asked.method, url=url, body=body), valid=True),)


def walked(chosen: tuple[Operation, ...], *, acts: bool = True) -> list[tuple[str, str, bool]]:
    (sequence,) = standing.listed(chosen, {}, cases, acts=acts)
    earlier: tuple[Exchange, ...] = ()
    for step in sequence.steps:
        case = step.case(earlier)
        if case is None:
            assert step.may_lack
            break
        body = json.dumps(ITEMS if case.request.url.startswith("/orders?") or case.request.url == "/orders" else {})
        answer = Answer(status=200, headers=(("Content-Type", "application/json"),), body=body.encode())
        earlier = (*earlier, Exchange(request=case.request, response=answer, case=case))
    return [(item.request.method, item.request.url, item.case.valid) for item in earlier if item.case is not None]


LISTS = [("GET", "/orders", True), ("GET", "/orders?status=open", True), ("GET", "/orders?status=paid", True)]


def test_a_thing_in_each_state_is_read_and_acted_on_and_what_its_state_may_refuse_is_held_to_nothing():
    assert walked((LIST, READ, CANCEL)) == [
        *LISTS,
        *((method, f"/orders/{number}{tail}", valid) for number in (1, 3, 4) for method, tail, valid in (("GET", "", True), ("POST", "/cancel", False))),
    ]  # fmt: skip


def test_what_somebody_else_has_made_is_only_read_where_it_shall_not_be_changed():
    assert walked((LIST, READ, CANCEL), acts=False) == [*LISTS, *(("GET", f"/orders/{n}", True) for n in (1, 3, 4))]


def test_where_no_thing_can_be_read_or_nothing_is_listed_there_is_no_sequence():
    alone = replace(LIST, responses=(Response(status="204"),))
    assert [list(standing.listed(chosen, {}, cases, acts=True)) for chosen in ((LIST, CANCEL), (alone, READ))] == [
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("items", "chosen"),
    [
        ([], []),
        ([{"a": "x y"}, {"a": "z 1"}], [0]),
        ([{"a": "open"}, {"a": "paid"}, {"a": "open"}], [0, 1]),
        ([{"a": [], "b": True}, {"a": [1], "b": True}, {"a": [2], "b": False}], [0, 2]),
        ([{"n": number, "word": "abcdefgh"[number // 2 : 8]} for number in range(16)], [0, 2, 4, 6, 8, 10]),
        ([{"word": "abcdefghi"[number:]} for number in range(9)], [0]),
        (["text", {"a": 1}], [1]),
    ],
)
def test_few_things_are_chosen_that_have_every_state_between_them(items, chosen):
    assert standing.things(items) == [items[at] for at in chosen]
