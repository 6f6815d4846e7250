"""Where a check speaks and where it stays silent, case by case."""

import json
from dataclasses import replace

import pytest

from accord import checks
from accord.contract import Body as Asked
from accord.contract import Contract, Header, MediaType, Operation, Parameter, Response
from accord.document import Document
from accord.exchange import Case, Exchange, Request
from accord.exchange import Response as Answer

JSON = (("Content-Type", "application/json"),)
NOTE = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "text": {"type": ["string", "null"]},
        "size": {"type": "number"},
        "at": {"type": "string", "format": "date-time"},
        "deep": {"type": "object"},
        "list": {"type": "array"},
        "secret": False,
    },
}


def operation(
    answered=None, *, status: str = "200", asked=None, headers=(), media_type: str = "application/json", path="/n"
):
    content = (MediaType(name=media_type, schema=answered, pointer="/r"),)
    body = Asked(content=(MediaType(name="application/json", schema=asked or {}, pointer="/q"),))
    parameters = (Parameter(name="id", location="path", required=True),) if "{" in path else ()
    response = Response(status=status, content=() if answered is None else content, headers=headers, pointer="/s")
    return Operation(method="POST", path=path, parameters=parameters, body=body, responses=(response,), pointer="")


def judge(promise: Operation, answer: Answer | None, *, sent: object = None, valid: bool | None = True, **case: str):
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(promise,))
    request = Request(
        method="POST", url="/n", headers=JSON, body=json.dumps(sent).encode() if sent is not None else b""
    )
    made = None if valid is None else Case(operation=promise.name, request=request, valid=valid, **case)
    judgement = checks.run(contract, promise, Exchange(request=request, response=answer, case=made))
    return [(finding.code, str(finding.severity), finding.pointer) for finding in judgement.findings]


def answer(value: object = None, status: int = 200, headers=JSON, body: bytes | None = None) -> Answer:
    return Answer(status=status, headers=headers, body=json.dumps(value).encode() if body is None else body)


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        ({"text": "a"}, {"text": "a"}),
        ({"text": None}, {"text": "as before"}),
        ({"text": "a"}, {"id": 1}),
        ({"size": 1}, {"size": 1.0}),
        ({"at": "2024-01-01T00:00:00Z"}, {"at": "2024-01-01T01:00:00+01:00"}),
        ({"deep": {"a": [1]}}, {"deep": {"a": [1], "b": 2}}),
        ({"list": [{"a": 1}]}, {"list": [{"a": 1, "b": 2}]}),
        ({"secret": 1}, {"id": 1, "secret": 2}),
    ],
)
def test_echo_is_silent_where_the_value_came_back_or_may_not_be_compared(sent, got):
    assert [code for code, _, _ in judge(operation(NOTE, asked=NOTE), answer(got), sent=sent) if code == "echo"] == []


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        ({"text": "a"}, {"text": "a "}),
        ({"text": ""}, {"text": None}),
        ({"size": 0.1}, {"size": 0.100000001}),
        ({"size": 1}, {"size": True}),
        ({"at": "2024-01-01T00:00:00Z"}, {"at": "2024-01-01T00:00:00+01:00"}),
        ({"deep": {"a": 1}}, {"deep": {}}),
        ({"list": [1, 2]}, {"list": [2, 1]}),
        ({"list": [1, 2]}, {"list": [1]}),
    ],
)
def test_echo_speaks_where_another_value_came_back(sent, got):
    (name,) = sent
    found = judge(operation(NOTE, asked=NOTE), answer(got), sent=sent)
    assert ("echo", "error", f"/{name}") in found


REF = {"$ref": "#/$defs/Tree", "$defs": {"Tree": {"properties": {"next": {"$ref": "#/$defs/Tree"}, "v": {}}}}}


@pytest.mark.parametrize(
    ("schema", "value", "pointers"),
    [
        ({"properties": {"a": {}}}, {"a": 1}, []),
        ({"properties": {"a": {}}}, {"a": 1, "b/c": 1}, ["/b~1c"]),
        ({"properties": {"a": {}}, "additionalProperties": True}, {"a": 1, "b": 1}, []),
        ({"properties": {"a": {}}, "patternProperties": {"^x": {}}}, {"a": 1, "xb": 1}, []),
        ({}, {"b": 1}, []),
        ({"type": "object", "additionalProperties": {"properties": {"a": {}}}}, {"b": {"c": 1}}, []),
        ({"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]}, {"a": 1, "b": 1, "c": 1}, ["/c"]),
        (
            {"properties": {"k": {}}, "oneOf": [{"properties": {"b": {}}}, {"properties": {"c": {}}}]},
            {"k": 1, "b": 1},
            [],
        ),
        ({"type": "array", "items": {"properties": {"a": {}}}}, [{"a": 1}, {"b": 1}, {"b": 2}], ["/*/b"]),
        (REF, {"v": 1, "next": {"v": 1, "next": {"w": 1, "v": 2}}}, ["/next/next/w"]),
        ({"properties": {"a": {}, "gone": False}}, {"a": 1, "gone": 1}, ["/gone"]),
    ],
)
def test_undocumented_property_speaks_of_open_schemas_that_document_names(schema, value, pointers):
    found = judge(operation(schema), answer(value))
    assert [pointer for code, _, pointer in found if code == "undocumented-property"] == pointers


@pytest.mark.parametrize(
    ("schema", "value", "found"),
    [
        (NOTE, {}, [("resembles-nothing", "error", "")]),
        (NOTE, {"progress_id": 1}, [("resembles-nothing", "error", "")]),
        ({**NOTE, "required": ["id"]}, {"progress_id": 1}, [("resembles-nothing", "error", "")]),
        ({**NOTE, "additionalProperties": {"type": "integer"}}, {"any": 1}, []),
        ({}, {"any": 1}, []),
        (NOTE, {"id": 1}, []),
    ],
)
def test_resembles_nothing_speaks_of_objects_without_any_documented_name(schema, value, found):
    assert judge(operation(schema), answer(value)) == found


@pytest.mark.parametrize(("name", "found"), [("x0", []), ("x1", ["/a/*/x0"])])
def test_a_name_that_a_conforming_request_sent_of_its_own_is_no_news_in_the_answer(name, found):
    schema = {"properties": {"a": {"items": {"properties": {"b": {}}}}}}
    sent = {"a": [{"b": 1}, {"b": 1, name: 2}]}
    told = judge(operation(schema, asked=schema), answer({"a": [{"b": 1}, {"b": 1, "x0": 2}]}), sent=sent)
    assert [pointer for code, _, pointer in told if code == "undocumented-property"] == found


@pytest.mark.parametrize(
    ("status", "valid", "found"),
    [
        (401, False, [("status-code", "note", "")]),
        (422, False, [("status-code", "note", "")]),
        (418, False, [("status-code", "error", "")]),
        (429, True, [("status-code", "note", "")]),
        (409, True, [("status-code", "note", "")]),
        (422, True, [("valid-refused", "error", "")]),
        (404, True, [("valid-refused", "error", "")]),
        (403, True, [("authentication", "error", "/security")]),
        (302, True, [("status-code", "error", "")]),
        (503, True, [("server-error", "error", "")]),
    ],
)
def test_an_undocumented_status_is_told_once_and_weighed_by_who_earned_it(status, valid, found):
    fault = {} if valid else {"part": "body", "fault": "type"}
    assert judge(operation({}), answer(status=status, headers=(), body=b""), valid=valid, **fault) == found


def test_where_no_answer_is_documented_no_status_is_wrong_and_the_gap_is_named():
    promise = replace(operation({}), responses=())
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(promise,))
    request = Request(method="POST", url="/n", headers=(), body=b"")
    judgement = checks.run(contract, promise, Exchange(request=request, response=answer({})))
    assert judgement.findings == ()
    assert [item.reason for item in judgement.unchecked if item.what == "status-code"] == ["no answer is documented"]


@pytest.mark.parametrize(
    ("status", "condition", "severity"),
    [
        (428, (), "note"),
        (412, (), "error"),
        (412, (("If-Match", '"1"'),), "note"),
        (428, (("If-Match", "*"),), "error"),
    ],
)
def test_an_undocumented_status_of_conditions_is_earned_by_a_request_that_has_one_or_has_none(
    status, condition, severity
):
    promise = operation({})
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(promise,))
    request = Request(method="POST", url="/n", headers=(*JSON, *condition), body=b"{}")
    case = Case(operation=promise.name, request=request, valid=True)
    exchange = Exchange(request=request, response=answer(status=status, headers=(), body=b""), case=case)
    told = [(item.code, str(item.severity)) for item in checks.run(contract, promise, exchange).findings]
    assert told == [("status-code", severity)]


def test_a_missing_object_is_not_held_against_a_service_that_was_asked_for_any_id():
    promise = operation({}, path="/n/{id}")
    assert judge(promise, answer(status=404, headers=(), body=b"")) == [("status-code", "note", "")]


@pytest.mark.parametrize("status", [501, 503])
def test_a_documented_failure_is_a_promise_kept_but_never_500(status):
    assert judge(operation(status=str(status)), answer(status=status, headers=(), body=b"")) == []
    assert judge(operation(status="500"), answer(status=500, headers=(), body=b"")) == [("server-error", "error", "")]
    assert judge(operation(status="5XX"), answer(status=502, headers=(), body=b"")) == [("server-error", "error", "")]


@pytest.mark.parametrize(
    ("schema", "text", "found"),
    [
        ({"type": "integer"}, "7", []),
        ({"type": "integer"}, "7.5", [("headers", "error", "/headers/X-A")]),
        ({"type": "boolean"}, "true", []),
        ({"type": "array", "items": {"type": "integer"}}, "1, 2", []),
        ({"type": "array", "items": {"type": "integer"}}, "1, b", [("headers", "error", "/headers/X-A")]),
        ({"type": "string", "enum": ["a"]}, "b", [("headers", "error", "/headers/X-A")]),
        ({"type": "string"}, "7", []),
        ({"type": "string"}, None, []),
    ],
)
def test_headers_are_read_by_their_schema(schema, text, found):
    promise = operation({}, headers=(Header(name="X-A", schema=schema, pointer="/h"),))
    given = JSON if text is None else (*JSON, ("x-a", text))
    assert judge(promise, answer({}, headers=given)) == found


def test_a_405_names_the_methods_there_are():
    promise = operation(status="405")
    silent, told = answer(status=405, headers=(), body=b""), answer(status=405, headers=(("Allow", "GET"),), body=b"")
    fault = {"part": "method", "fault": "method"}
    assert judge(promise, silent, valid=False, **fault) == [("headers", "warning", "/headers/Allow")]
    assert judge(promise, told, valid=False, **fault) == []


@pytest.mark.parametrize(
    ("allow", "found"), [("GET, POST", 0), ("post", 0), ("", 1), ("GET", 1), ("POST, DELETE", 1), ("POST, UNDELETE", 0)]
)
def test_allow_has_the_methods_of_the_contract_and_not_the_one_that_was_refused(allow, found):
    promise = operation(status="405")
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(promise,))
    request = Request(method="DELETE", url="/n")
    refusal = answer(status=405, headers=(("Allow", allow),), body=b"")
    case = Case(operation=promise.name, request=request, valid=False, part="method", fault="method")
    judgement = checks.run(contract, promise, Exchange(request=request, response=refusal, case=case))
    assert [item.code for item in judgement.findings if item.pointer == "/headers/Allow"] == ["headers"] * found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"a": NaN}', "strict-json"),
        (b"\xef\xbb\xbf{}", "strict-json"),
        (b'{"a": "\xff"}', "strict-json"),
        (b"{} {}", "strict-json"),
        (b"<html>", "strict-json"),
        (b"[" * 100_000, "strict-json"),
        (b"", "response-body"),
    ],
)
def test_what_is_no_json_is_told_once(body, found):
    assert [code for code, _, _ in judge(operation({"type": "object"}), answer(body=body))] == [found]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("application/json; charset=UTF-8", []),
        ("application/json; charset=latin-1", ["content-type"]),
        ("application/problem+json", ["content-type"]),
        ("text/plain", ["content-type"]),
        ("", ["content-type"]),
    ],
)
def test_content_type_is_one_that_is_documented(written, found):
    headers = (("Content-Type", written),) if written else ()
    assert [code for code, _, _ in judge(operation({}), answer({}, headers=headers))] == found


def test_each_missing_or_wrong_property_is_a_finding_of_its_own_with_items_as_a_star():
    schema = {
        "type": "array",
        "items": {"type": "object", "required": ["a", "b"], "properties": {"c": {"type": "string"}}},
    }
    found = judge(operation(schema), answer([{"a": 1, "c": 2}, {"b": 1, "c": 3}]))
    body = [pointer for code, _, pointer in found if code == "response-body"]
    assert sorted(body) == ["/*/a", "/*/b", "/*/c"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"id": ' + b"9" * 5000 + b"}",
        b'{"id": 1e400, "size": -1e400}',
        b'{"text": "\\ud800", "\\ud800": 1}',
        b'{"id": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"\x1b[31m": {"~/": 1}, "0": [0, [1]]}',
        b"null",
        b'"text"',
        b"[1, 2]",
    ],
)
def test_no_answer_makes_a_check_raise(body):
    found = judge(operation(NOTE, asked=NOTE), answer(body=body), sent={"id": 1, "text": "\ud800", "size": 1e300})
    assert found
    for _, _, pointer in found:
        assert pointer == "" or pointer.startswith("/")


@pytest.mark.parametrize("url", ["http://[", "http://[::1/x", "//[", "/a\x00b"])
def test_no_address_makes_a_check_raise(url):
    promise = operation(NOTE)
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(promise,))
    case = Case(operation=promise.name, request=Request(method="POST", url=url), valid=True)
    moved = answer({"id": 1}, status=201, headers=(*JSON, ("Location", url)))
    made = Exchange(request=case.request, response=moved, case=case)
    read = Exchange(request=Request(method="GET", url=url), response=answer({"id": 2}))
    for exchange in (made, read):
        for earlier in ((), (made,), (made, read)):
            assert checks.run(contract, promise, exchange, earlier).checked


@pytest.mark.parametrize(
    ("asked", "answered", "found"),
    [
        ({}, {}, True),
        ({"type": "object"}, {"type": "object"}, True),
        ({}, {"type": "object"}, False),
        ({"type": "object"}, {}, False),
    ],
)
def test_a_property_is_held_to_its_echo_where_both_schemas_speak_of_the_same_thing(asked, answered, found):
    properties = [
        {"type": "object", "properties": {"id": {"type": "integer"}, "about": schema}} for schema in (asked, answered)
    ]
    codes = judge(
        operation(properties[1], asked=properties[0]), answer({"id": 1, "about": {"a": 1}}), sent={"about": {"b": 2}}
    )
    assert ("echo" in [code for code, *_ in codes]) is found


@pytest.mark.parametrize(
    ("length", "found"), [("0", []), ("15", [("headers", "warning", "/headers/Content-Length")]), (None, [])]
)
def test_an_answer_of_204_announces_no_body(length, found):
    headers = () if length is None else (("Content-Length", length),)
    assert judge(operation(status="204"), answer(status=204, headers=headers, body=b"")) == found


def keyed(*statuses: str) -> Operation:
    return replace(operation(), responses=tuple(Response(status=status, pointer="/s") for status in statuses))


@pytest.mark.parametrize(
    ("statuses", "severity"), [(("200", "401"), "error"), (("200",), "note"), (("200", "401", "404"), None)]
)
def test_a_wrong_key_is_not_answered_404_where_the_contract_has_a_401_alone(statuses, severity):
    told = judge(keyed(*statuses), answer(status=404, headers=(), body=b""), valid=False, part="security", fault="x")
    assert told == ([] if severity is None else [("status-code", severity, "")])


def test_a_refusal_of_a_longer_line_than_every_server_takes_says_nothing_of_what_was_sent():
    promise, line = operation(), "/n?q=" + "a" * 9000
    request = Request(method="POST", url=line, headers=JSON, body=b"")
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(promise,))

    def told(url: str):
        case = Case(operation=promise.name, request=replace(request, url=url), valid=True)
        exchange = Exchange(request=case.request, response=answer(status=414, headers=(), body=b""), case=case)
        return [(item.code, str(item.severity)) for item in checks.run(contract, promise, exchange).findings]

    assert told(line) == [("status-code", "note")]
    assert told("/n?q=a") == [("valid-refused", "error")]


@pytest.mark.parametrize(("size", "codes"), [(2**63, ["valid-refused"]), (-(2**64), []), ("9" * 30, ["valid-refused"])])
def test_a_refusal_of_a_number_beyond_64_bits_says_nothing_of_what_was_sent(size, codes):
    promise = keyed("200", "400")
    told = judge(promise, answer(status=400, headers=(), body=b""), sent={"deep": [{"size": size}]})
    assert [code for code, *_ in told] == codes


def test_a_status_that_a_number_beyond_64_bits_earns_is_a_note():
    told = judge(keyed("200"), answer(status=400, headers=(), body=b""), sent={"size": 10**30})
    assert told == [("status-code", "note", "")]


@pytest.mark.parametrize(
    ("status", "found"), [(409, [("authentication", "warning", "/security/x")]), (400, []), (401, [])]
)
def test_a_wrong_key_that_is_told_of_the_state_of_things_was_looked_at_too_late(status, found):
    promise = keyed("200", "400", "401", "409")
    assert judge(promise, answer(status=status, headers=(), body=b""), valid=False, part="security", fault="x") == found


@pytest.mark.parametrize(
    ("schema", "media_type", "found"),
    [
        ({"type": "string", "format": "binary"}, "application/octet-stream", []),
        ({"type": "string", "minLength": 1}, "application/octet-stream", ["response-body"]),
        ({"type": "string"}, "text/plain", ["response-body"]),
    ],
)
def test_bytes_may_be_none_where_no_least_length_is_promised(schema, media_type, found):
    answer = Answer(status=200, headers=(("Content-Type", media_type),), body=b"")
    codes = {item[0] for item in judge(operation(schema, media_type=media_type), answer)}
    assert sorted(codes) == found
