"""What checks say of a sequence: where they speak, where they stay silent, and what is taken for volatile."""

import json
from dataclasses import replace

import pytest

from accord import checks
from accord.contract import Body, Contract, MediaType, Operation, Parameter, Response
from accord.document import Document
from accord.exchange import Case, Exchange, Request
from accord.exchange import Response as Answer

JSON = ("Content-Type", "application/json")
THING = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "count": {"type": "number"},
        "on": {"type": "boolean"},
        "at": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "map": {"type": "object", "additionalProperties": {"type": "string"}},
        "deep": {"type": "object", "properties": {"a": {}, "b": {}}},
    },
}
ASKED = {**THING, "properties": {**THING["properties"], "id": False, "owner": False}}


def operation(method: str, path: str) -> Operation:
    medium = MediaType(name="application/json", schema=THING, pointer="/r")
    body = Body(content=(MediaType(name="application/json", schema=ASKED, pointer="/q"),))
    return Operation(
        method=method,
        path=path,
        parameters=(Parameter(name="id", location="path", required=True),) if "{" in path else (),
        body=body if method in {"POST", "PUT", "PATCH"} else None,
        responses=(
            Response(status="2XX", content=(medium,), pointer="/s"),
            *(Response(status=status, pointer="/e") for status in ("400", "404", "410")),
        ),
    )


OPERATIONS = {
    "POST /things": "/things",
    "POST /things/{id}": "/things/7",
    "GET /things": "/things",
    "GET /things/{id}": "/things/7",
    "PUT /things/{id}": "/things/7",
    "PATCH /things/{id}": "/things/7",
    "DELETE /things/{id}": "/things/7",
}
MADE, READ, LIST = "POST /things", "GET /things/{id}", "GET /things"
PUT, PATCH, DELETE = "PUT /things/{id}", "PATCH /things/{id}", "DELETE /things/{id}"


def step(
    name: str, sent: object = None, got: object = None, status: int = 200, *, valid: bool = True, **more: object
) -> Exchange:
    body = b"" if sent is None else json.dumps(sent).encode()
    headers = (JSON,) if body else ()
    request = Request(
        method=name.partition(" ")[0], url=str(more.get("url", OPERATIONS[name])), headers=headers, body=body
    )
    said = b"" if got is None else json.dumps(got).encode()
    answer = Answer(status=status, headers=((JSON,) if said else ()) + tuple(more.get("headers", ())), body=said)
    case = Case(
        operation=name,
        request=request,
        valid=valid,
        **({} if valid else {"fault": more.get("fault", "readOnly"), "part": "body"}),
    )
    return Exchange(request=request, response=answer, case=case)


def judged(steps: list[Exchange]) -> checks.Judgement:
    *earlier, last = steps
    known = {name: operation(*name.split(" ")) for name in OPERATIONS}
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=tuple(known.values()))
    return checks.run(contract, known[last.case.operation], last, tuple(earlier))


def told(steps: list[Exchange]) -> list[tuple[str, str]]:
    return [(finding.code, finding.pointer) for finding in judged(steps).findings]


def reads(*values: object, name: str = READ) -> list[Exchange]:
    return [step(name, None, value) for value in values]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (({"name": "a"}, {"name": "a"}), []),
        (({"name": "a"}, {"name": "b"}), [("repeatability", "/name")]),
        (({"name": "a"}, {}), [("resembles-nothing", "")]),
        (({"name": "a", "on": True}, {"name": "a"}), [("repeatability", "/on")]),
        (({"on": True}, {"on": False}), [("repeatability", "/on")]),
        (({"tags": ["a", "b"]}, {"tags": ["b", "a"]}), []),
        (({"tags": ["a", "b"]}, {"tags": ["a"]}), [("repeatability", "/tags")]),
        (({"tags": ["a", "b"]}, {"tags": ["a", "c"]}), [("repeatability", "/tags/*")]),
        (({"deep": {"a": 1, "b": "x"}}, {"deep": {"a": 1}}), [("repeatability", "/deep/b")]),
        (({"count": 1}, {"count": 2}, {"count": 1}), [("repeatability", "/count")]),
        (({"name": "a"}, {"name": 1}), [("response-body", "/name")]),
    ],
)
def test_what_is_read_twice_is_the_same(values, found):
    assert told(reads(*values)) == found


@pytest.mark.parametrize(
    ("values", "volatile"),
    [
        (({"count": 1}, {"count": 2}), "/count"),
        (({"count": 1}, {"count": 1}, {"count": 2}), "/count"),
        (({"at": "2026-01-01T00:00:00Z"}, {"at": "2026-01-01T00:00:01Z"}), "/at"),
        (({"name": "5f0c-9a21-77"}, {"name": "aa31-4b0e-12"}), "/name"),
    ],
)
def test_what_changes_like_a_clock_a_counter_or_a_draw_is_volatile_and_named(values, volatile):
    judgement = judged(reads(*values))
    assert judgement.findings == ()
    reasons = [entry.reason for entry in judgement.unchecked if entry.what == "repeatability"]
    assert reasons == [f"`{volatile}` changes between answers to the same request: volatile, not compared"]
    assert "repeatability" in judgement.checked


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([{"name": text} for text in ("all", "that", "all", "is")], "`/name` changes between answers to the same"),
        ([{"tags": list(text)} for text in ("ab", "c", "ab", "")], "`/tags` changes between answers to the same"),
        ([{"name": text} for text in ("open", "open", "going", "done", "done")], "`/name` changes between answers to"),
        ([{"on": True}, *[{"on": True, "name": "a"}] * 4], "`/name` changes between answers to the same request"),
        ([{"tags": ["a", "b"]}, {"tags": ["b", "a"]}], "`/tags` is in another order when it is asked for again"),
    ],
)
def test_what_is_drawn_goes_on_or_has_no_order_is_named_and_not_compared(values, reason):
    judgement = judged(reads(*values))
    assert judgement.findings == ()
    (told,) = [entry.reason for entry in judgement.unchecked if entry.what == "repeatability"]
    assert told.startswith(reason)


@pytest.mark.parametrize(
    "values",
    [
        [{"name": text} for text in ("a", "b", "a", "b", "a")],
        [{"on": True}, {"on": True, "name": "a"}, {"on": True}, {"on": True, "name": "b"}, {"on": True}],
    ],
)
def test_what_comes_and_goes_is_no_draw(values):
    assert [code for code, _ in told(reads(*values))] == ["repeatability"]


def test_what_was_asked_for_may_come_later():
    assert told([step(READ, status=404), *reads({"name": "a"})]) == []
    assert told([step(READ, status=404), *reads({"name": "a"}), step(READ, status=404)]) == [("repeatability", "")]


def test_a_conditional_name_that_may_not_be_there_is_not_read_only():
    life = step(PATCH, {"name": "a", "owner": "me"}, {"name": "a", "owner": "me"})
    assert "read-only" not in [code for code, _ in told([life])]


def test_a_read_between_which_something_was_written_is_not_compared():
    between = step(PATCH, {"name": "b"}, {"name": "b"})
    assert told([*reads({"name": "a"}), between, *reads({"name": "b"})]) == []
    assert "repeatability" not in judged([*reads({"name": "a"}), between, *reads({"name": "b"})]).checked


@pytest.mark.parametrize(
    ("status", "found"), [(404, [("repeatability", "")]), (429, [("status-code", "")]), (500, [("server-error", "")])]
)
def test_a_read_has_the_same_status_twice_unless_it_speaks_of_the_moment(status, found):
    assert told([*reads({"name": "a"}), step(READ, status=status)]) == found


def test_a_request_that_makes_something_may_answer_other_ids_and_counters():
    assert (
        told([step(MADE, {"name": "a"}, {"id": str(number), "name": "a", "count": number}) for number in range(3)])
        == []
    )
    flaky = [step(MADE, {"name": "a"}, {"name": "a", "on": on}) for on in (True, False, True)]
    assert told(flaky) == [("repeatability", "/on")]


BASE = {"id": "7", "name": "a", "count": 1}


def test_a_life_that_is_kept_breaks_nothing():
    life = [
        step(MADE, {"name": "a", "count": 1}, BASE, 201),
        step(READ, None, BASE),
        step(PUT, {"name": "b"}, {"id": "7", "name": "b"}),
        step(READ, None, {"id": "7", "name": "b"}),
        step(PATCH, {"count": 2.0}, {"id": "7", "name": "b", "count": 2}),
        step(READ, None, {"id": "7", "name": "b", "count": 2}),
        step(DELETE, None, None, 204),
        step(READ, None, None, 404),
    ]
    assert [told(life[: end + 1]) for end in range(len(life))] == [[]] * 7 + [[]]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([step(MADE, {"name": "a"}, BASE, 201), step(READ, None, {"id": "7", "name": "z"})], [("read-back", "/name")]),
        ([step(MADE, {"name": "a"}, BASE, 201), step(READ, None, {"id": "7"})], [("read-back", "/name")]),
        ([step(MADE, {"name": "a"}, {"id": "7"}, 201), step(READ, None, {"id": "7"})], []),
        ([step(MADE, {"name": "a"}, BASE, 201), step(READ, status=404)], [("read-back", "")]),
        ([step(MADE, {"name": "a"}, BASE, 202), step(READ, status=404)], []),
        ([step(MADE, {"name": "a"}, {"name": "a"}, 201, headers=(("Location", "/v1/things/7"),)), step(READ, status=404, url="/things/7")], [("read-back", "")]),
        ([step(MADE, {"name": "a"}, {**BASE, "id": "8"}, 201), step(READ, None, {"id": "7", "name": "z"})], []),
        ([step(PATCH, {"name": "b"}, {"name": "b"}), step(PATCH, {"count": 2}, {"name": "b", "count": 2}), step(READ, None, {"name": "a", "count": 2})], [("read-back", "/name")]),
        ([step(PUT, {"name": "b"}, {"name": "b"}), step(PUT, {"count": 2}, {"count": 2}), step(READ, None, {"name": "a", "count": 2})], []),
        ([step(PUT, {"name": "b"}, {"name": "b"}), step(PATCH, {"count": 2}, {"name": "new", "count": 2}), step(READ, None, {"name": "new", "count": 2})], []),
        ([step(PATCH, {"name": "b"}, {"name": "B"}), step(READ, None, {"name": "B"})], []),
        ([step(PATCH, {"name": "b"}, None, 400), step(READ, None, {"name": "a"})], []),
        ([step(PATCH, [{"op": "remove"}], {"name": "b"}), step(READ, None, {"name": "c"})], []),
        ([step(PATCH, {"name": None}, {"name": "b"}), step(READ, None, {"id": "7"})], []),
        ([step(PATCH, {"on": True}, {"on": True}), step(READ, None, {"on": False})], [("read-back", "/on")]),
        ([step(READ, None, BASE), step(DELETE, None, None, 204), step(READ, None, BASE)], [("read-back", "")]),
        ([step(READ, None, BASE), step(DELETE, None, None, 202), step(READ, None, BASE)], []),
        ([step(READ, None, {**BASE, "on": True}), step(DELETE, None, None, 204), step(READ, None, {**BASE, "on": False})], []),
        ([step(READ, None, BASE), step(DELETE, None, None, 404), step(READ, None, BASE)], []),
    ],
)  # fmt: skip
def test_what_was_written_is_read_and_what_was_deleted_is_gone(steps, found):
    assert told(steps) == found


def test_a_thing_marked_as_deleted_is_named_in_the_ledger():
    steps = [step(READ, None, BASE), step(DELETE, None, None, 204), step(READ, None, {**BASE, "on": False})]
    assert [entry.reason for entry in judged(steps).unchecked] == [
        "what was deleted is answered in another state than before: taken for a mark of deletion"
    ]


@pytest.mark.parametrize(
    ("first", "second", "status", "found"),
    [
        ({"name": "a"}, {"name": "b"}, 201, [("read-back", "/id")]),
        ({"name": "a"}, {"name": "a"}, 201, []),
        ({"name": "a"}, {"name": "b"}, 200, []),
    ],
)
def test_what_two_requests_make_are_two_things(first, second, status, found):
    assert told([step(MADE, sent, {**sent, "id": "7"}, status) for sent in (first, second)]) == found


@pytest.mark.parametrize(
    ("sent", "got", "found"),
    [
        ({"id": "evil"}, {"id": "7", "name": "a"}, []),
        ({"id": "evil"}, {"id": "evil"}, [("read-only", "/id")]),
        ({"id": "evil"}, {"name": "a"}, []),
        ({"id": ""}, {"id": ""}, []),
        ({"id": True}, {"id": True}, [("response-body", "/id")]),
    ],
)
def test_a_read_only_name_may_be_ignored_but_not_taken(sent, got, found):
    assert told([step(MADE, sent, got, valid=False)]) == found


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([step(READ, None, BASE), step(PATCH, {"name": "b"}, {**BASE, "name": "b"})], []),
        (
            [step(READ, None, BASE), step(PATCH, {"name": "b"}, {**BASE, "id": "8", "name": "b"})],
            [("read-only", "/id")],
        ),
        ([step(READ, None, BASE), step(PATCH, {"name": "b"}, {**BASE, "count": 5, "name": "b"})], []),
        ([step(READ, None, BASE), step(READ, None, {**BASE, "id": "8"}, url="/things/8")], []),
    ],
)
def test_the_identity_of_a_thing_never_moves(steps, found):
    assert told(steps) == found


PLAIN = {"id": "7", "name": "default"}


@pytest.mark.parametrize(
    ("maker", "after", "found"),
    [
        (MADE, {"id": "7", "name": "mine"}, [("echo", "/name")]),
        (MADE, PLAIN, []),
        ("POST /things/{id}", {"id": "7", "name": "mine"}, []),
        (PATCH, {"id": "7", "name": "mine"}, []),
    ],
)
def test_what_another_request_sent_is_not_answered_to_one_that_did_not(maker, after, found):
    sequence = [
        step(maker, {"on": True}, {**PLAIN, "on": True}),
        step(maker, {"name": "mine"}, {**PLAIN, "name": "mine"}),
    ]
    assert told([*sequence, step(maker, {"on": True}, {**after, "on": True})]) == found


@pytest.mark.parametrize(
    ("header", "good", "bad"),
    [
        ("Retry-After", ["0", "120", "Wed, 21 Oct 2026 07:28:00 GMT"], ["soon", "-1", "1.5", "2026-10-21T07:28:00Z"]),
        ("Location", ["/things/7", "https://a.example/x?y=%20", "7"], ["a b", "<x>", "/é", ""]),
        ("Allow", ["GET", "GET, HEAD", ""], ["GET HEAD", "GET;HEAD"]),
        ("WWW-Authenticate", ["Bearer", 'Basic realm="a"', "Key"], ['"Bearer"', ""]),
        ("ETag", ['"a"', 'W/"a"', '""'], ["a", 'w/"a"', '"a']),
        ("Last-Modified", ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"], ["yesterday"]),
        ("Date", ["Sun, 06 Nov 1994 08:49:37 GMT"], ["Sun, 06 Nov 1994 08:49:37 CET"]),
    ],
)
def test_a_header_that_http_defines_has_its_form(header, good, bad):
    def found(text: str) -> list[tuple[str, str]]:
        return [
            (item.code, str(item.severity))
            for item in judged([step(READ, None, BASE, headers=((header, text),))]).findings
        ]

    assert {text: found(text) for text in good} == {text: [] for text in good}
    assert {text: found(text) for text in bad} == {text: [("headers", "warning")] for text in bad}


@pytest.mark.parametrize(
    ("value", "found"),
    [([], []), ([{"name": "a"}], []), ([{"x": 1}, {"name": "a"}], []), ([{"x": 1}], [("resembles-nothing", "/*")])],
)
def test_a_list_of_things_that_are_none_resembles_nothing(value, found):
    medium = MediaType(
        name="application/json", schema={"type": "array", "items": {"properties": {"name": {}}}}, pointer="/r"
    )
    promise = Operation(method="GET", path="/things", responses=(Response(status="200", content=(medium,)),))
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(promise,))
    findings = checks.run(contract, promise, step(LIST, None, value)).findings
    assert [(item.code, item.pointer) for item in findings if item.code != "undocumented-property"] == found


FULL = {"name": "a", "count": 7, "on": True, "tags": ["t"]}


@pytest.mark.parametrize(
    ("between", "found"),
    [
        ([step(PUT, {"name": "b"}, {"id": "7", "name": "b"})], []),
        ([step(PUT, {"name": "b"}, {"id": "7", "name": "b", "count": 0})], []),
        ([step(PUT, {"name": "b"}, {"id": "7", "name": "b", "count": 1, "on": True, "tags": []})], []),
        ([step(PUT, {"name": "b"}, {"id": "7", "name": "b", "at": "2026"})], []),
        ([step(PUT, {"name": "b"}, {"id": "7", "name": "b", "count": 7})], [("replacement", "/count")]),
        (
            [step(PUT, {"name": "b"}, {**FULL, "id": "7", "name": "b"})],
            [("replacement", "/count"), ("replacement", "/tags")],
        ),
        ([step(PUT, {"name": "b"}), *reads({"id": "7", "name": "b", "count": 7})], [("replacement", "/count")]),
        ([step(PUT, {"name": "b"}), *reads({"id": "7", "name": "b"})], []),
        ([step(PUT, {"name": "b"}, {}, 404)], []),
    ],
)
def test_a_put_leaves_nothing_of_what_it_does_not_say(between, found):
    before = step(PUT, FULL, {**FULL, "id": "7"})
    assert [item for item in told([before, *between]) if item[0] == "replacement"] == found


@pytest.mark.parametrize(
    ("first", "second", "got", "found"),
    [
        ({"a": "1"}, {"b": "2"}, {"b": "2"}, []),
        ({"a": "1"}, {"b": "2"}, {"a": "1", "b": "2"}, [("replacement", "/map")]),
        ({"a": "1", "c": "3"}, {"b": "2"}, {"a": "1", "b": "2", "c": "3"}, [("replacement", "/map")]),
        ({"a": "1"}, {"b": "2"}, {"a": "9", "b": "2"}, []),
        ({"c": "1"}, {"b": "2"}, {"a": "1", "b": "2"}, []),
    ],
)
def test_a_put_leaves_no_entry_of_a_map_that_it_does_not_say(first, second, got, found):
    before = step(PUT, {"map": first}, {"id": "7", "map": first})
    after = step(PUT, {"map": second}, {"id": "7", "map": got})
    assert told([before, after]) == found
    inner = {"deep": {"a": 1}}, {"deep": {"b": 2}}
    kept = step(PUT, inner[1], {"id": "7", "deep": {"a": 1, "b": 2}})
    assert told([step(PUT, inner[0], {"id": "7", **inner[0]}), kept]) == []


def test_an_entry_of_a_map_that_another_request_sent_is_not_answered_to_one_that_did_not():
    mine, yours = {"map": {"a": "1"}}, {"map": {"b": "2"}}
    once = [step(MADE, mine, {"id": "7", **mine}, 201), step(MADE, yours, {"id": "8", **yours}, 201)]
    mixed = step(MADE, mine, {"id": "9", "map": {"a": "1", "b": "2"}}, 201)
    assert told([*once, step(MADE, mine, {"id": "9", **mine}, 201)]) == []
    assert told([*once, mixed]) == [("echo", "/map")]
    assert told([once[1], mixed]) == []
    assert told([*once, step(MADE, mine, {"id": "9", "map": {"a": "1", "c": "2"}}, 201)]) == []


def test_a_put_is_not_held_against_a_value_that_the_service_gives_of_its_own_accord():
    made = step(MADE, {"name": "x"}, {"id": "8", "name": "x", "count": 7}, 201)
    written = step(PUT, FULL, {**FULL, "id": "7"})
    merged = step(PUT, {"name": "b"}, {"id": "7", "name": "b", "count": 7})
    assert told([written, merged]) == [("replacement", "/count")]
    assert told([made, written, merged]) == []
    read_by_nobody = step(PUT, {"name": "b"}, {"id": "7", "name": "b", "count": 8})
    assert told([written, read_by_nobody]) == []


@pytest.mark.parametrize(
    ("got", "found"),
    [
        ({**FULL, "id": "7", "name": "b"}, []),
        ({"id": "7", "name": "b"}, []),
        ({**FULL, "id": "7", "name": "b", "at": "now"}, []),
        ({**FULL, "id": "7", "name": "b", "count": 0}, [("partial-change", "/count")]),
        ({**FULL, "id": "7", "name": "b", "tags": []}, [("partial-change", "/tags")]),
        ({**FULL, "id": "7", "name": "b", "on": None}, [("partial-change", "/on"), ("response-body", "/on")]),
    ],
)
def test_a_patch_changes_nothing_that_it_does_not_speak_of(got, found):
    assert sorted(told([step(PUT, FULL, {**FULL, "id": "7"}), step(PATCH, {"name": "b"}, got)])) == found


def test_what_a_patch_was_seen_to_change_is_not_told_again_by_the_next_read():
    changed = {**FULL, "id": "7", "name": "b", "count": 0}
    steps = [step(PUT, FULL, {**FULL, "id": "7"}), step(PATCH, {"name": "b"}, changed)]
    assert told([*steps, *reads(changed)]) == []
    assert told([*steps, *reads({**changed, "name": "a"})]) == [("read-back", "/name")]
    hidden = {name: item for name, item in changed.items() if name != "count"}
    assert told([steps[0], step(PATCH, {"name": "b"}, hidden), *reads(changed)]) == [("read-back", "/count")]


ACT = "POST /things/{id}"
OPEN, DONE = {"id": "7", "name": "open", "count": 1}, {"id": "7", "name": "done", "count": 1}


@pytest.mark.parametrize(
    ("answer", "status", "read", "found"),
    [
        (DONE, 200, DONE, []),
        (DONE, 200, OPEN, [("action-kept", "/name")]),
        ({"id": "7", "name": "done"}, 200, OPEN, []),
        ({**DONE, "id": "8"}, 200, OPEN, []),
        (DONE, 202, OPEN, []),
        (OPEN, 409, OPEN, []),
        (DONE, 200, {**OPEN, "name": "later"}, []),
    ],
)
def test_a_state_that_an_action_answered_is_there_at_the_next_read(answer, status, read, found):
    act = step(ACT, None, answer, status, url="/things/7/finish")
    assert told([*reads(OPEN), act, *reads(read)]) == found


def test_a_state_is_not_missed_where_nobody_saw_the_one_before():
    act = step(ACT, None, DONE, url="/things/7/finish")
    assert told([act, *reads(OPEN)]) == []
    assert told([*reads(OPEN), act, step(DELETE, None, None, 204, url="/things/7/part"), *reads(OPEN)]) == []


DEFAULTS = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "size": {"type": "integer", "default": 3},
        "part": {"$ref": "#/$defs/Part"},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        "kind": {"oneOf": [{"type": "object", "properties": {"x": {"default": 1}}}, {"type": "object"}]},
        "secret": False,
    },
    "$defs": {"Part": {"allOf": [{"type": "object", "properties": {"on": {"type": "boolean", "default": True}}}]}},
}


@pytest.mark.parametrize(
    ("sent", "got", "pointers"),
    [
        ({}, {"id": 1}, []),
        ({}, {"size": 3}, []),
        ({"size": 4}, {"size": 4}, []),
        ({}, {"size": 4}, ["/size"]),
        ({}, {"size": None}, ["/size"]),
        ({}, {"part": {"on": False}}, []),
        ({"part": {}}, {"part": {"on": False}}, ["/part/on"]),
        ({"parts": [{}, {"on": False}]}, {"parts": [{"on": False}, {"on": False}]}, ["/parts/*/on"]),
        ({"kind": {}}, {"kind": {"x": 2}}, []),
    ],
)
def test_what_was_not_sent_has_its_default(sent, got, pointers):
    medium = MediaType(name="application/json", schema=DEFAULTS, pointer="/r")
    promise = Operation(
        method="POST",
        path="/things",
        body=Body(content=(medium,)),
        responses=(Response(status="2XX", content=(medium,), pointer="/s"),),
    )
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(promise,))

    def found(status, *earlier):
        given = step(MADE, sent, got, status)
        judgement = checks.run(contract, promise, given, earlier)
        return [finding.pointer for finding in judgement.findings if finding.code == "defaults"]

    assert found(201) == pointers
    assert found(200) == []
    assert found(200, step(MADE, sent, {**got, "id": 8})) == (pointers if "id" in got else [])


def test_a_put_says_nothing_of_what_it_made_where_the_contract_does_not():
    assert told([step(READ, status=404), step(PUT, {"name": "a"}, {"name": "a"})]) == []


@pytest.mark.parametrize(
    ("before", "status", "found"),
    [
        ([step(READ, status=404)], 200, ["created"]),
        ([step(READ, status=404)], 204, ["created"]),
        ([step(READ, status=404)], 201, []),
        ([step(READ, got={"name": "a"})], 200, []),
        ([step(READ, got={"name": "a"})], 201, ["created"]),
        ([step(PUT, {"name": "b"}, {"name": "b"})], 201, []),
        ([step(PUT, {"name": "b"}, {"name": "b"}), step(READ, status=404)], 200, []),
        ([step(READ, status=404, url="/things/8")], 200, []),
        ([step(DELETE, status=204), step(READ, status=404)], 200, ["created"]),
        ([step(READ, status=404), step(DELETE, status=404)], 200, []),
        ([], 200, []),
    ],
)
def test_what_a_put_makes_is_told_as_made_where_the_contract_can_say_so(before, status, found):
    known = operation("PUT", "/things/{id}")
    more = tuple(Response(status=status, pointer="/c") for status in ("200", "201"))
    known = replace(known, responses=(*known.responses, *more))
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(known,))
    last = step(PUT, {"name": "a"}, {"name": "a"} if status != 204 else None, status)
    findings = checks.run(contract, known, last, tuple(before)).findings
    assert [item.code for item in findings if item.code == "created"] == found


@pytest.mark.parametrize(
    ("first", "then", "found"),
    [
        ("GET, TRACE", "TRACE", [("headers", "/headers/Allow")]),
        ("GET, TRACE", "DELETE", []),
        ("GET", "TRACE", []),
    ],
)
def test_a_method_that_allow_named_is_not_refused(first, then, found):
    def refused(method: str, allow: str) -> Exchange:
        given = step(READ, status=405, valid=False, fault="method", headers=(("Allow", allow),))
        return replace(given, request=replace(given.request, method=method))

    findings = judged([refused("PATCH", first), refused(then, "GET")]).findings
    assert [(item.code, item.pointer) for item in findings if item.severity == "warning"] == found
    assert [str(item.severity) for item in findings if item.code == "headers"] == ["warning"] * len(found)


ASKED_FOR = {"type": "object", "properties": {"code": {"type": "integer"}, "note": {"type": ["string", "null"]}}}


@pytest.mark.parametrize(
    ("method", "url", "got", "found"),
    [
        ("GET", "/things/7", {"code": 8}, [("echo", "warning", "/code")]),
        ("GET", "/things/7", {"code": 7}, []),
        ("GET", "/things/me", {"code": 8}, []),
        ("GET", "/things/A-7", {"code": 8}, []),
        ("PUT", "/things/7?note=a", {"note": None}, [("echo", "warning", "/note")]),
        ("PUT", "/things/7?note=a", {"note": "b"}, [("echo", "warning", "/note")]),
        ("PUT", "/things/7?note=a", {"note": "A"}, []),
        ("GET", "/things/7?note=a", {"note": "b"}, []),
    ],
)
def test_an_answer_names_what_path_and_query_of_a_write_ask_for(method, url, got, found):
    medium = MediaType(name="application/json", schema=ASKED_FOR, pointer="/r")
    parameters = (
        Parameter(name="code", location="path", required=True),
        Parameter(name="note", location="query", schema={"type": "string"}),
    )
    known = Operation(
        method=method,
        path="/things/{code}",
        parameters=parameters,
        responses=(Response(status="200", content=(medium,), pointer="/s"),),
    )
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(known,))
    request = Request(method=method, url=url)
    answer = Answer(status=200, headers=(JSON,), body=json.dumps(got).encode())
    given = Exchange(request=request, response=answer, case=Case(operation=known.name, request=request, valid=True))
    findings = checks.run(contract, known, given).findings
    assert [(item.code, str(item.severity), item.pointer) for item in findings] == found
    assert checks.run(contract, known, replace(given, case=None)).findings == ()


def tried(now: dict, *, dry: object = True, name: str = "dry_run") -> list[tuple[str, str]]:
    before = {"id": "7", "name": "a", "count": 1, "at": "2026-01-01T00:00:00Z", "on": False}
    acted = step(MADE, {"name": "b", name: dry}, {"id": "9", "name": "b"}, 201)
    return [
        item
        for item in told([step(READ, None, before), acted, step(READ, None, {**before, **now})])
        if item[0] == "dry-run"
    ]


def test_a_request_that_says_that_nothing_shall_be_done_changes_no_word_and_no_flag():
    assert tried({"on": True}) == [("dry-run", "/on")]
    assert tried({"name": "b"}, name="validateOnly") == [("dry-run", "/name")]
    assert tried({"on": True}, dry=False) == tried({"on": True}, dry="true") == tried({"on": True}, name="run") == []
    assert tried({}) == tried({"count": 2}) == tried({"at": "2026-01-02T00:00:00Z"}) == tried({"tags": []}) == []


MERGES = (("Content-Type", "application/merge-patch+json"),)


@pytest.mark.parametrize(
    ("sent", "got", "found"),
    [
        ({"map": {"b": "2"}}, {"map": {"a": "1", "b": "2"}}, []),
        ({"map": {"b": "2"}}, {"map": {"b": "2"}}, [("merge-patch", "/map")]),
        ({"map": {"a": None}}, {"map": {}}, []),
        ({"map": None}, {"name": "x"}, []),
        ({"map": None}, {"map": {"a": "1"}}, [("merge-patch", "/map")]),
        ({"count": None}, {"count": 0, "map": {"a": "1"}}, []),
        ({"name": "y"}, {"name": "y", "map": {"a": "1"}}, []),
    ],
)
def test_a_merge_patch_takes_away_what_is_null_and_keeps_what_it_says_nothing_of(sent, got, found):
    before = step(READ, None, {"id": "7", "name": "x", "count": 0, "map": {"a": "1"}})
    patch = step(PATCH, sent, {"id": "7", "count": 0, **got})

    def merged(headers: tuple) -> list[tuple[str, str]]:
        request = replace(patch.request, headers=headers)
        last = replace(patch, request=request, case=replace(patch.case, request=request))
        return [item for item in told([before, last]) if item[0] == "merge-patch"]

    assert merged(MERGES) == found
    assert merged(patch.request.headers) == []
