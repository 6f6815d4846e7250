"""verify --profile keeps what was observed, masked; --min-coverage fails a run that shows too little of the contract."""

import json
from dataclasses import replace

import pytest

from accord import loading, recordings
from accord.cli import main
from accord.errors import AccordError
from accord.exchange import Exchange, Request, Response
from accord.findings import exit_code
from accord.profiling import profile_json
from accord.verbs.verify import VerifyOptions, verify

DOCUMENT = """
openapi: 3.1.0
info: {title: notes, version: '1'}
paths:
  /notes/{id}:
    get:
      responses:
        '200':
          description: a note
          content:
            application/json: {schema: {$ref: '#/components/schemas/Note'}}
        '404': {description: no note}
    delete:
      responses:
        '204': {description: gone}
components:
  schemas:
    Note:
      type: object
      required: [kind]
      properties:
        kind: {type: string, enum: [memo, letter, list]}
        author: {$ref: '#/components/schemas/Author'}
        pages: {anyOf: [{type: array, items: {type: integer}}, {type: 'null'}]}
    Author: {type: object, properties: {name: {type: string}, born: {type: string, format: date}}}
"""


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "notes.yaml"
    path.write_text(DOCUMENT)
    return path


@pytest.fixture
def recorded(tmp_path):
    path = tmp_path / "run.ndjson"
    bodies = [
        b'{"kind": "memo", "author": {"name": "Grace"}}',
        b'{"kind": "letter", "pages": [1], "colour": "red"}',
        b'{"kind": "memo"}',
    ]
    recordings.write(
        path,
        [
            Exchange(
                request=Request(method="GET", url="/notes/1"),
                response=Response(status=200, headers=(("Content-Type", "application/json"),), body=body),
            )
            for body in bodies
        ],
    )
    return path


def test_a_profile_says_what_was_observed_and_what_was_not_and_shows_no_value_that_no_enum_lists(
    document, recorded, tmp_path
):
    path = tmp_path / "profile.json"
    report = verify(loading.load(str(document)), [str(recorded)], VerifyOptions(profile=path))
    assert (report.counts["response properties"], report.counts["coverage"]) == ("4/5", "80.0 %")
    written = json.loads(path.read_text())
    assert b"Grace" not in path.read_bytes()
    assert b"red" not in path.read_bytes()
    assert written["coverage"] == {"seen": 4, "total": 5}
    assert written["unseen"] == [
        ["branch", "/components/schemas/Note/properties/pages", "1"],
        ["member", "/components/schemas/Note/properties/kind/enum", "list"],
        ["operation", "/paths/~1notes~1{id}/delete", "DELETE /notes/{id}"],
        ["property", "/components/schemas/Author/properties/born", ""],
        ["status", "/paths/~1notes~1{id}/get/responses/404", "GET /notes/{id} 404"],
    ]
    (body,) = written["bodies"]
    assert (body["operation"], body["status"], body["media_type"], body["count"]) == (
        "GET /notes/{id}",
        200,
        "application/json",
        3,
    )
    assert body["values"]["names"]["kind"] == {
        "types": {"string": 3},
        "texts": ["letter", "memo"],
        "formats": [],
        "lengths": [4, 6],
    }
    assert len(body["values"]["names"]["colour"]["example"]) == len('"red"')
    assert profile_json.from_json(written).counts.total() == 3


@pytest.mark.parametrize(("wanted", "code"), [(80, 0), (80.5, 1)])
def test_too_little_coverage_is_a_finding_that_fails_the_run(document, recorded, wanted, code):
    report = verify(loading.load(str(document)), [str(recorded)], VerifyOptions(min_coverage=wanted))
    told = [(item.message, item.promise) for item in report.findings if item.code == "coverage"]
    message = "The recordings show 4 of 5 documented response properties (80.0 %); not seen are `/components/schemas/Author/properties/born`"
    assert told == ([(message, "at least 80.5 %")] if code else [])
    assert exit_code(report) == code


def test_profiles_of_parts_are_together_that_of_the_whole(document, recorded, tmp_path):
    contract, whole, again = loading.load(str(document)), tmp_path / "whole.json", tmp_path / "again.json"
    items = list(recordings.read(recorded))
    items.append(replace(items[0], response=Response(status=204)))
    paths = [tmp_path / f"part-{number}.ndjson" for number in (1, 2, 3)]
    for path, some in zip(paths, (items[:1], items[1:2], items[2:]), strict=True):
        recordings.write(path, some)
    verify(contract, [str(path) for path in paths], VerifyOptions(profile=whole))
    for number, path in enumerate(paths):
        earlier = (again,) if number else ()
        report = verify(contract, [str(path)], VerifyOptions(profile=again, profile_from=earlier))
    assert json.loads(again.read_text()) == json.loads(whole.read_text())
    assert report.counts["response properties"] == "4/5"
    gate = VerifyOptions(profile_from=(again,), min_coverage=80)
    assert [item.code for item in verify(contract, [str(paths[2])], gate).findings if item.code == "coverage"] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "cannot be read: No such file or directory."),
        ("{", "is no profile: it is no JSON."),
        ("[]", "is no profile: name a file that `accord verify --profile` wrote."),
        ('{"accord": 1, "verb": "verify"}', "is no profile: name a file that `accord verify --profile` wrote."),
        ('{"accord": 2}', "The profile is of version 2; this accord reads version 1."),
    ],
)
def test_what_is_no_profile_is_an_error(document, recorded, tmp_path, text, problem):
    path = tmp_path / "old.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(AccordError) as told:
        verify(loading.load(str(document)), [str(recorded)], VerifyOptions(profile_from=(path,)))
    assert str(told.value) == f"{path}: {problem}"


def test_the_command_line_takes_both(document, recorded, tmp_path, capsys):
    path = tmp_path / "kept" / "profile.json"
    arguments = ["verify", str(recorded), "--contract", str(document), "--profile", str(path), "--min-coverage", "90"]
    with pytest.raises(SystemExit, match="1"):
        main(arguments)
    assert "coverage 80.0 %" in capsys.readouterr().out
    assert json.loads(path.read_text())["accord"] == 1
