"""What the service calls: webhooks and callbacks are compared with directions turned round."""

import copy

import pytest

from accord.changes.differences import DiffOptions
from accord.document import Document
from accord.verbs.diff import diff

RUN = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
WIDER = {**RUN, "properties": {"id": {"type": "number"}}}
HOOK = "POST webhook done"
CALLBACK = "POST callback ended {$request.body#/url} of PUT /runs/{id}"


def operation(sent=RUN, answer=RUN, **more):
    """What the service calls: `sent` is the body it sends, `answer` the one it takes back."""
    body, answered = ({"content": {"application/json": {"schema": schema}}} for schema in (sent, answer))
    return {"requestBody": {"required": True, **body}, "responses": {"200": {"description": "d", **answered}}, **more}


def hooked(called, name="done"):
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {},
        "webhooks": {name: {"post": called}},
    }


def called_back(called, url="{$request.body#/url}"):
    put = {"responses": {"200": {"description": "d"}}, "callbacks": {"ended": {url: {"post": called}}}}
    paths = {"/runs/{id}": {"put": put}}
    return {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths}


def told(before, after, **options):
    documents = (Document(uri="d.yaml", data=data, text="") for data in (before, after))
    report = diff(*documents, DiffOptions(**options))
    assert report.ledger.unchecked == ()
    return [(item.code, str(item.direction), item.verdict, item.message) for item in report.findings]


@pytest.mark.parametrize(("made", "name"), [(hooked, HOOK), (called_back, CALLBACK)])
def test_what_is_sent_may_become_narrower_and_what_is_taken_back_wider(made, name):
    harmless = told(made(operation(sent=WIDER, answer=RUN)), made(operation(sent=RUN, answer=WIDER)))
    assert harmless == [
        (
            "type-changed",
            "response",
            "compatible",
            f"the request body of `{name}`: /properties/id: its type was `number` and is `integer`.",
        ),
        (
            "type-changed",
            "request",
            "compatible",
            f"response 200 of `{name}`: /properties/id: its type was `integer` and is `number`.",
        ),
    ]
    harmful = told(made(operation(sent=RUN, answer=WIDER)), made(operation(sent=WIDER, answer=RUN)))
    assert [item[:3] for item in harmful] == [
        ("type-changed", "response", "breaking"),
        ("type-changed", "request", "breaking"),
    ]


def test_what_is_for_reading_only_is_sent_by_a_webhook():
    hidden = {**RUN, "properties": {"id": {"type": "integer", "readOnly": True}}}
    wider = {**RUN, "properties": {"id": {"type": "number", "readOnly": True}}}
    assert [item[2] for item in told(hooked(operation(sent=hidden)), hooked(operation(sent=wider)))] == ["breaking"]
    assert told(hooked(operation(answer=wider)), hooked(operation(answer=hidden))) == []


def without(**changes):
    called = {**operation(), **changes}
    return {key: value for key, value in called.items() if value is not None}


PARAMETER = {"name": "X-Sign", "in": "header", "schema": {"type": "string"}}
XML = {"required": True, "content": {"application/xml": {"schema": RUN}}}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (without(), without(requestBody=None), [("request-body", "breaking", "has no request body any more")]),
        (without(requestBody=None), without(), [("request-body", "compatible", "the request body became required")]),
        (
            without(),
            without(requestBody=XML),
            [
                ("request-media-types", "breaking", "request body: `application/xml` is sent now"),
                ("request-media-types", "compatible", "request body: `application/json` is no longer sent"),
            ],
        ),
        (
            without(parameters=[{**PARAMETER, "required": True}]),
            without(),
            [("parameter-removed", "breaking", "header parameter `X-Sign` is gone")],
        ),
        (
            without(parameters=[PARAMETER]),
            without(),
            [("parameter-removed", "compatible", "header parameter `X-Sign` is gone")],
        ),
        (
            without(),
            without(parameters=[{**PARAMETER, "required": True}]),
            [("parameter-added", "compatible", "header parameter `X-Sign` is new and required")],
        ),
        (
            without(parameters=[{**PARAMETER, "required": True}]),
            without(parameters=[PARAMETER]),
            [("parameter-required", "breaking", "header parameter `X-Sign` became optional")],
        ),
        (
            without(),
            without(responses={"204": {"description": "d"}}),
            [
                ("response-statuses", "undecided", "response 200 is gone"),
                ("response-statuses", "compatible", "response 204 is new"),
            ],
        ),
        (
            without(),
            without(responses={"200": {"description": "d", "content": XML["content"]}}),
            [
                (
                    "response-media-types",
                    "breaking",
                    "response 200: `application/json` is gone, and only `application/xml` is left",
                ),
                ("response-media-types", "compatible", "response 200: `application/xml` is new"),
            ],
        ),
        (
            without(),
            without(responses={"200": {**operation()["responses"]["200"], "headers": {"X": {"required": True}}}}),
            [("response-headers", "breaking", "response 200: header `X` is new")],
        ),
        (without(), without(security=[{}]), [("security", "undecided", "is sent with other credentials")]),
        (without(), without(servers=[{"url": "https://other.example"}]), []),
    ],
)
def test_what_surrounds_the_bodies_breaks_who_is_called(before, after, expected):
    found = told(hooked(before), hooked(after))
    assert [(code, verdict) for code, _, verdict, _ in found] == [item[:2] for item in expected]
    for (_, _, words), (_, _, _, message) in zip(expected, found, strict=True):
        joint = " " if words.startswith(("has", "is")) else ": "
        assert message == f"`{HOOK}`{joint}{words}."


def test_nobody_is_proved_to_wait_for_a_call_that_no_longer_comes():
    assert told(hooked(operation()), hooked(operation(), name="ended")) == [
        ("operation-removed", "response", "undecided", f"`{HOOK}` is gone."),
        ("operation-added", "response", "compatible", "`POST webhook ended` is new."),
    ]


def test_a_callback_to_another_address_is_another_one():
    moved = told(called_back(operation()), called_back(operation(), url="{$request.query.url}"))
    assert [(item[0], item[3]) for item in moved] == [
        ("operation-removed", f"`{CALLBACK}` is gone."),
        ("operation-added", "`POST callback ended {$request.query.url} of PUT /runs/{id}` is new."),
    ]


def test_callbacks_belong_to_the_operation_that_is_called_back():
    before, after = called_back(operation()), called_back(operation(sent=WIDER))
    for document in (before, after):
        document["paths"]["/other"] = {"get": {"responses": {"200": {"description": "d"}}}}
    assert [item[2] for item in told(before, after, operations=("PUT /runs/{id}",))] == ["breaking"]
    assert told(before, after, operations=("GET /other",)) == []
    assert [item[2] for item in told(before, after, operations=(CALLBACK,))] == ["breaking"]


def test_what_is_referred_to_is_compared_too():
    documents = []
    for schema in (RUN, WIDER):
        hook = {"post": operation(sent={"$ref": "#/components/schemas/Run"})}
        back = {"{$request.body#/url}": {"$ref": "#/components/pathItems/Done"}}
        put = {
            "responses": {"200": {"description": "d"}},
            "callbacks": {"ended": {"$ref": "#/components/callbacks/Ended"}},
        }
        documents.append(
            {
                "openapi": "3.1.0",
                "info": {"title": "t", "version": "1"},
                "paths": {"/runs/{id}": {"$ref": "#/components/pathItems/Run"}},
                "webhooks": {"done": {"$ref": "#/components/pathItems/Done"}},
                "components": {
                    "schemas": {"Run": schema},
                    "callbacks": {"Ended": back},
                    "pathItems": {"Done": hook, "Run": {"put": put}},
                },
            }
        )
    assert told(*documents) == [
        (
            "type-changed",
            "response",
            "breaking",
            "component `Run` as a response: /properties/id: its type was `integer` and is `number`.",
        )
    ]
    assert told(copy.deepcopy(documents[0]), documents[0]) == []
