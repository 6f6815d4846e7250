"""Exchanges of one sequence are masked together: what one says of another is what it was."""

import json
from pathlib import Path

import pytest

from accord import loading, recordings, service
from accord.exchange import Case, Exchange, Request, Response
from accord.findings import Unchecked
from accord.verbs.fuzz import FuzzOptions, fuzz
from accord.verbs.redact import RedactOptions, redact
from accord.verbs.verify import verify

THINGS = Path(__file__).parents[1] / "fuzz" / "things.yaml"
DOCUMENT = """
openapi: 3.1.0
info: {title: accounts, version: "1"}
servers: [{url: https://api.example.com}]
paths:
  /accounts:
    post: &write
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
      responses: &answers
        "200": {description: it, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
  /accounts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: *answers}
    patch: *write
components:
  schemas:
    Account:
      type: object
      properties:
        id: {type: string, x-sensitive: true}
        pet: {type: string, x-sensitive: true}
        note: {type: string}
        mark: {type: string, pattern: "^only-this$", x-sensitive: true}
"""
ACCOUNT = {"id": "ada-lovelace-1815", "pet": "rex", "note": "of ada-lovelace-1815"}


@pytest.fixture
def contract(tmp_path):
    path = tmp_path / "accounts.yaml"
    path.write_text(DOCUMENT)
    return loading.load(str(path))


def _one(method, path, sent, answered, sequence="a"):
    request = Request(
        method=method,
        url=f"https://api.example.com{path}",
        headers=(("Content-Type", "application/json"),),
        body=b"" if sent is None else json.dumps(sent).encode(),
    )
    template = "/accounts" if path == "/accounts" else "/accounts/{id}"
    return Exchange(
        request=request,
        response=Response(
            status=200, headers=(("Content-Type", "application/json"),), body=json.dumps(answered).encode()
        ),
        case=Case(operation=f"{method} {template}", request=request, valid=True, sequence=sequence),
    )


def _sequence(read, sequence="a", **more):
    written = ACCOUNT | {"pet": "fido"} | more
    return [
        _one("POST", "/accounts", ACCOUNT, ACCOUNT, sequence),
        _one("PATCH", f"/accounts/{ACCOUNT['id']}", {"pet": "fido"}, written, sequence),
        _one("GET", f"/accounts/{ACCOUNT['id']}", None, written | {"pet": read}, sequence),
    ]


def _told(contract, path):
    return [(item.identity, item.promise, item.count) for item in verify(contract, [str(path)]).findings]


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize(("read", "findings"), [("fido", 0), ("rex", 1)])
def test_a_read_is_masked_as_what_was_written(tmp_path, contract, read, findings, everything):
    source, target = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    recordings.write(source, _sequence(read))
    report = redact((contract,), str(source), target, RedactOptions(everything=everything))
    assert (report.counts["written"], report.counts["dropped"]) == (3, 0)
    assert _told(contract, target) == _told(contract, source)
    assert len(_told(contract, source)) == findings
    text = target.read_text()
    assert [secret for secret in ("ada-lovelace", "fido", "rex") if secret in text] == []
    made, changed, got = recordings.read(target)
    account = json.loads(made.response.body)
    assert changed.request.url == got.request.url == f"https://api.example.com/accounts/{account['id']}"
    assert everything or account["note"] == f"of {account['id']}"


def test_a_sequence_of_which_no_mask_keeps_the_verdict_is_left_out_whole_and_the_others_keep_their_order(
    tmp_path, contract
):
    source, target = tmp_path / "in.ndjson", tmp_path / "out.ndjson"
    alone = _one("GET", "/accounts/x", None, {"note": "alone"}, "")
    first, second = _sequence("fido", "a"), _sequence("fido", "b", mark="only-this")
    mixed = [alone, first[0], second[0], alone, second[1], first[1], second[2], first[2], alone]
    recordings.write(source, mixed)
    report = redact((contract,), str(source), target)
    assert report.counts == {"entries": 9, "written": 6, "masked": report.counts["masked"], "retried": 0, "dropped": 3}
    assert report.ledger.unchecked == tuple(
        Unchecked(what=f"{source}:{line}", reason="no mask of 8 keeps the verdict") for line in (3, 5, 7)
    )
    kept = [item.case.sequence + item.request.method for item in recordings.read(target)]
    assert kept == ["GET", "aPOST", "GET", "aPATCH", "aGET", "GET"]


@pytest.mark.parametrize("fault", ["lost-write", "flapping-answer", "stale-answer"])
def test_what_fuzz_found_in_sequences_is_found_in_the_redacted_recording(tmp_path, fault):
    contract = loading.load(str(THINGS))
    whole, source, target = (tmp_path / name for name in ("whole.ndjson", "in.ndjson", "out.ndjson"))
    with service.running(contract, fault=fault) as url:
        fuzz(contract, FuzzOptions(url=url, examples=2, record=whole))
    recordings.write(source, [item for item in recordings.read(whole) if item.case.sequence])
    redact((contract,), str(source), target)
    codes = {identity[0] for identity, _, _ in _told(contract, source)}
    assert codes & {"read-back", "repeatability", "echo"}
    assert _told(contract, target) == _told(contract, source)
