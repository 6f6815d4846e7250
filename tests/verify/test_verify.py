"""verify tells each cause once, counts everything, and never stops at what is damaged."""

import gzip
import json
import runpy
from pathlib import Path

import jsonschema
import pytest
import yaml

from accord import loading, recordings
from accord.errors import AccordError
from accord.exchange import Case, Exchange, Request, Response
from accord.findings import Unchecked, exit_code
from accord.messages.matching import matched
from accord.verbs.verify import VerifyOptions, verify
from accord.verifying.streams import objects

ROOT = Path(__file__).parents[2]
JSON = (("Content-Type", "application/json"),)
DOCUMENT = """
openapi: 3.1.0
info: {title: notes, version: '1'}
servers: [{url: 'https://{region}.example.com/v1'}]
paths:
  /notes/{id}:
    get:
      responses:
        '200':
          description: a note
          content:
            application/json: {schema: {$ref: '#/components/schemas/Note'}}
            text/event-stream: {schema: {$ref: '#/components/schemas/Note'}}
components:
  schemas:
    Note: {type: object, required: [text], properties: {text: {type: string}, size: {type: integer}}}
"""


@pytest.fixture
def contract(tmp_path):
    path = tmp_path / "notes.yaml"
    path.write_text(DOCUMENT)
    return loading.load(str(path))


@pytest.fixture(scope="module")
def runs():
    return runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))


def _note(
    body: bytes, *, path: str = "/v1/notes/1", host: str = "https://eu.example.com", status: int = 200, headers=JSON
) -> Exchange:
    return Exchange(
        request=Request(method="GET", url=host + path), response=Response(status=status, headers=headers, body=body)
    )


def _told(report):
    return [
        (item.code, item.pointer, item.count, item.witness and item.witness.value, item.notes)
        for item in report.findings
    ]


def test_har_cassette_and_lines_mixed_give_one_report_whose_counts_add_up(contract, tmp_path):
    folder = tmp_path / "recorded"
    folder.mkdir()
    secret = b'{"text": "good", "size": "secret17", "deep": [1]}'
    recordings.write(folder / "a.har", [_note(b'{"text": "ok"}'), _note(secret)])
    recordings.write(
        folder / "b.ndjson", [_note(secret), _note(b"{}", host="https://example.org"), _note(b"{}", path="/v1/other")]
    )
    with (folder / "b.ndjson").open("a") as file:
        file.write('{"accord": 1, broken\n')
    cassette = {
        "interactions": [
            {
                "request": {"method": "GET", "uri": "https://eu.example.com/v1/notes/2"},
                "response": {
                    "status": {"code": 200},
                    "headers": {"Content-Type": ["application/json"]},
                    "parsed_body": {"text": None},
                },
            },
            7,
        ]
    }
    (folder / "c.yaml").write_text(yaml.safe_dump(cassette))
    (folder / "d.txt").write_text("no recording")
    report = verify(contract, [str(folder)])
    assert report.counts == {
        "files": 4,
        "entries": 9,
        "matched": 4,
        "unmatched": 2,
        "damaged": 3,
        "conform": 1,
        "operations": "1/1",
        "response properties": "2/2",
    }
    (size,) = [item.witness.value for item in report.findings if item.pointer == "/size"]
    assert list(size) == ["size"]
    assert len(size["size"]) == len("secret17")
    assert size["size"] != "secret17"
    assert [(item.code, item.pointer, item.count, item.notes) for item in report.findings] == [
        ("response-body", "/size", 2, (f"first seen in {folder}/a.har:2",)),
        ("response-body", "/text", 1, (f"first seen in {folder}/c.yaml:1",)),
        ("undocumented-property", "/deep", 2, (f"first seen in {folder}/a.har:2",)),
    ]
    named = {
        (item.what, item.reason)
        for item in report.ledger.unchecked
        if item.what not in {"authentication", "echo", "invalid-accepted", "valid-refused"}
    }
    assert named == {
        ("exchange", "`example.org` is no server of the contract"),
        ("exchange", "the contract has no such path: `/v1/other`"),
        (f"{folder}/b.ndjson:4", "the line is no exchange (it is no JSON)"),
        (f"{folder}/c.yaml:2", "the interaction is no exchange (a part of it is not what it should be)"),
        (
            f"{folder}/d.txt",
            "has no ending of a recording: name it with one of .json, .har, .zip, .ndjson, .jsonl, .parquet, .yaml, .yml.",
        ),
    }
    assert exit_code(report) == 1


def test_each_data_object_of_an_event_stream_is_held_to_the_schema(contract, tmp_path):
    stream = b'data: {"text": "a"}\n\n: pause\n\ndata: {"text": null}\n\nevent: x\ndata: {"text":\ndata: 7}\n\ndata: [DONE]\n\n'
    assert tuple(objects(stream)) == (b'{"text": "a"}', b'{"text": null}', b'{"text":\n7}')
    path = tmp_path / "run.ndjson"
    recordings.write(path, [_note(stream, headers=(("Content-Type", "text/event-stream"),))])
    report = verify(contract, [str(path)])
    assert _told(report) == [("response-body", "/text", 1, {"text": None}, (f"first seen in {path}:1",))]
    assert report.findings[0].media_type == "text/event-stream"


def test_nothing_matched_is_exit_2(contract, tmp_path):
    path = tmp_path / "run.ndjson"
    recordings.write(path, [_note(b"{}", host="https://example.org")])
    report = verify(contract, [str(path)])
    assert (exit_code(report), report.ledger.unchecked) == (
        2,
        (Unchecked(what="exchange", reason="`example.org` is no server of the contract"),),
    )


def test_a_source_that_names_no_file_is_an_error(contract, tmp_path):
    with pytest.raises(AccordError, match=r"names no recording: there is no such file\."):
        verify(contract, [str(tmp_path / "*.har")])


@pytest.mark.parametrize(
    ("method", "url", "expected"),
    [
        ("GET", "https://eu.example.com/v1/notes/1?a=b", "GET /notes/{id}"),
        ("GET", "http://127.0.0.1:8000/notes/1", "GET /notes/{id}"),
        ("GET", "/notes/1", "GET /notes/{id}"),
        ("POST", "https://eu.example.com/v1/notes/1", "the contract has no `POST` for `/notes/{id}`"),
        ("GET", "https://eu.example.com/v1beta/notes/1", "the contract has no such path: `/v1beta/notes/*`"),
        ("GET", "https://eu.example.com.evil.org/v1/notes/1", "`eu.example.com.evil.org` is no server of the contract"),
        ("GET", "https://[broken/v1/notes/1", "the URL cannot be read"),
    ],
)
def test_a_request_is_matched_by_server_base_path_and_template(contract, method, url, expected):
    found = matched(contract, Request(method=method, url=url))
    assert (found if isinstance(found, str) else found.name) == expected


def test_a_request_meant_as_invalid_is_judged_as_fuzz_judged_it(contract, tmp_path):
    path = tmp_path / "run.ndjson"
    request = Request(method="GET", url="https://eu.example.com/v1/notes/1?size=x")
    case = Case(operation="GET /notes/{id}", request=request, valid=False, fault="type", part="query", pointer="/size")
    recordings.write(
        path, [Exchange(request=request, response=Response(status=200, headers=JSON, body=b'{"text": ""}'), case=case)]
    )
    assert [item.code for item in verify(contract, [str(path)]).findings] == ["invalid-accepted"]


@pytest.mark.parametrize("packed", [False, True])
def test_bare_bodies_are_held_to_one_operation(runs, tmp_path, packed):
    contract = loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))
    lines = list(runs["lines"](200, 5.0))
    text = b"".join([*lines, b"{\n", b"\n"])
    path = tmp_path / ("runs.ndjson.gz" if packed else "runs.ndjson")
    path.write_bytes(gzip.compress(text) if packed else text)
    report = verify(contract, [str(path)], VerifyOptions(operation="improve_prompt_bg"))
    judge = jsonschema.Draft202012Validator(
        contract.operations[0].responses[0].content[0].schema, format_checker=jsonschema.FormatChecker(["date-time"])
    )
    broken = [line for line in lines if not judge.is_valid(json.loads(line))]
    assert len(broken) > 3
    assert report.counts["entries"] == report.counts["matched"] == 201
    assert report.counts["conform"] == 200 - len(broken)
    assert sum(item.count for item in report.findings if item.code == "response-body") == len(broken)
    assert [item.count for item in report.findings if item.code == "strict-json"] == [1]
