"""What a lax document names is accepted all the same: found where it is refused, and nothing where it is not."""

import base64
import json

import pytest

from accord.findings import Severity
from accord.loading import load
from accord.verbs.fuzz import FuzzOptions, fuzz

NOTES = """
openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /notes:
    post:
      parameters: [{name: how, in: query, schema: {type: string, enum: [now, soon]}}]
      requestBody:
        content:
          application/json: &note
            schema:
              type: object
              additionalProperties: false
              properties:
                name: {type: string}
                kind: {type: string, enum: [plain, fancy, odd]}
                text: {type: [string, 'null'], examples: ['as written']}
                size: {type: integer, maximum: 12}
                flag: {type: boolean}
          application/x-www-form-urlencoded: *note
      responses:
        '200': {description: The note., content: {application/json: {schema: {type: object}}}}
"""


def wants(rule=lambda _note, _kind, _path: False):
    """A service that wants a name, which its document does not say, and refuses what `rule` says."""

    def respond(method, path, kind, body):
        if method != "POST" or path.partition("?")[0] != "/notes":
            return 405, None
        try:
            note = json.loads(body) if "json" in kind else dict(pair.split("=") for pair in body.decode().split("&"))
        except ValueError:
            return 400, None
        known = isinstance(note, dict) and isinstance(note.get("name"), str) and len(note["name"]) < 9
        return (400, None) if not known or not note["name"] or rule(note, kind, path) else (200, {})

    return respond


@pytest.fixture(scope="module")
def lax(tmp_path_factory):
    written = tmp_path_factory.mktemp("lax") / "notes.yaml"
    written.write_text(NOTES)
    return load(str(written))


def refused(lax, url):
    report = fuzz(lax, FuzzOptions(url=url, examples=0, plan_requests=60))
    return [item for item in report.findings if item.code == "valid-refused" and item.severity == "error"]


def test_a_service_that_only_wants_more_than_its_document_says_is_left_in_peace(lax, told):
    report = fuzz(lax, FuzzOptions(url=told(wants()), examples=0, plan_requests=60))
    assert {str(item.severity) for item in report.findings if item.code == "valid-refused"} == {"note"}


@pytest.mark.parametrize(
    ("rule", "pointer", "named", "body"),
    [
        (lambda note, *_: note.get("kind") == "odd", "/body/kind", ('"odd"', "enum"), {"kind": "odd"}),
        (lambda note, *_: "text" in note and note["text"] is None, "/body/text", ("null", "type"), {"text": None}),
        (lambda note, *_: note.get("flag") is False, "/body/flag", ("false", "type"), {"flag": False}),
        (lambda note, *_: note.get("text") == "as written", "/body/text", ('"as written"', "examples"), {"text": "as written"}),
        (lambda note, *_: note.get("size") == 12, "/body/size", ("12", "maximum"), {"size": 12}),
        (lambda _note, _kind, path: "how=soon" in path, "/query/how", ('"soon"', "enum"), None),
    ],
)  # fmt: skip
def test_a_value_that_the_document_names_is_an_error_where_it_alone_is_refused(lax, told, rule, pointer, named, body):
    (finding,) = refused(lax, told(wants(rule)))
    assert (finding.pointer, finding.status) == (pointer, "400")
    assert finding.message == (
        f"{named[0]} in `{pointer}` was refused with status 400, though `{named[1]}` names it and the same request was "
        "taken without it"
    )
    sent = json.loads(base64.b64decode(finding.witness.request.body_base64))
    if body is not None:
        assert sent.keys() - {"name"} == body.keys()
        assert body.items() <= sent.items()


def test_a_media_type_that_the_document_names_is_an_error_where_it_alone_is_refused(lax, told):
    (finding,) = refused(lax, told(wants(lambda _note, kind, _path: "form" in kind)))
    assert (finding.pointer, finding.promise) == ("/media-type", "a request is accepted for what the document names")


@pytest.mark.parametrize(
    "rule",
    [
        lambda note, *_: note.get("kind") == "odd" and "size" not in note,
        lambda note, *_: note.get("flag") is True and note.get("kind") == "fancy",
        lambda note, *_: "kind" in note and "text" not in note,
    ],
)
def test_a_rule_that_takes_the_value_in_other_company_is_no_refusal_of_the_value(lax, told, rule):
    assert [item.message for item in refused(lax, told(wants(rule))) if "names it" in item.message] == []


@pytest.mark.parametrize(
    ("rule", "pointer", "pair"),
    [
        (lambda note, *_: not str(note.get("text")).isascii(), "/body/text", ("Ab c, d-é", "Ab c, d-e.")),
        (lambda note, *_: str(note.get("text"))[0] == " ", "/body/text", (" Ab c,d-e", "Ab c, d-e.")),
        (lambda note, *_: isinstance(note.get("size"), float), "/body/size", (0.0, 0)),
    ],
)
def test_a_value_is_a_warning_where_it_is_refused_and_one_that_no_bound_tells_from_it_is_not(
    lax, told, rule, pointer, pair
):
    report = fuzz(lax, FuzzOptions(url=told(wants(rule)), examples=0, plan_requests=60))
    (finding,) = [item for item in report.findings if item.code == "valid-refused" and item.severity == "warning"]
    assert finding.pointer == pointer
    assert finding.message == (
        f"{json.dumps(pair[0], ensure_ascii=False)} in `{pointer}` was refused with status 400, though the same "
        f"request was taken with {json.dumps(pair[1])}, which is of the same kind and no shorter"
    )


def test_json_that_names_its_character_set_is_one_warning_where_it_alone_is_refused(lax, told):
    rule = lambda _note, kind, _path: kind.startswith("application/json;")  # noqa: E731
    report = fuzz(lax, FuzzOptions(url=told(wants(rule)), examples=0, plan_requests=60))
    (finding,) = [item for item in report.findings if item.code == "valid-refused" and item.severity == "warning"]
    assert finding.pointer == "/media-type"
    assert finding.message.startswith('"application/json; charset=utf-8" in `/media-type` was refused with status 400')


def test_a_text_of_one_kind_only_has_no_twin(lax, told):
    url = told(wants(lambda note, *_: not str(note.get("text", "a")).isalnum()))
    report = fuzz(lax, FuzzOptions(url=url, examples=0, plan_requests=60))
    assert [item.message for item in report.findings if "no shorter" in item.message] == []


def test_a_value_that_may_want_a_property_beside_it_which_was_never_taken_is_not_held_against_the_service(
    tmp_path, told
):
    """A flag that is only taken with a code of a form that nobody can guess."""
    written = tmp_path / "notes.yaml"
    written.write_text(
        NOTES.replace("flag: {type: boolean}", "flag: {type: boolean}\n                code: {type: string}")
    )

    def rule(note, _kind, _path):
        return note.get("flag") is True or "code" in note

    report = fuzz(load(str(written)), FuzzOptions(url=told(wants(rule)), examples=0, plan_requests=60))
    assert {item.severity for item in report.findings if item.code == "valid-refused"} == {Severity.NOTE}
    reason = "true in `/body/flag` was refused, and may want `code` beside it, which no request had that was taken"
    assert reason in {item.reason for item in report.ledger.unchecked}
