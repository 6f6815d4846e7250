"""Whatever is wrong with recordings is told in a sentence, where it stands, and stops nothing else."""

import json

import pytest

from accord import loading
from accord.cli import main
from accord.errors import AccordError
from accord.files import sources
from accord.findings import Unchecked, exit_code
from accord.verbs.verify import VerifyOptions, verify
from accord.verifying import tallies

DOCUMENT = """
openapi: 3.1.0
info: {title: notes, version: '1'}
servers: [{url: 'https://api.example.com'}]
paths:
  /notes/{id}:
    get:
      responses:
        '200':
          description: a note
          content: {application/json: {schema: {type: object, properties: {text: {type: string}}}}}
"""
GOOD = {
    "accord": 1,
    "request": {"method": "GET", "url": "https://api.example.com/notes/1"},
    "response": {"status": 200, "headers": [["Content-Type", "application/json"]], "body": '{"text": "a"}'},
}


@pytest.fixture
def contract(tmp_path):
    (tmp_path / "contract").mkdir()
    path = tmp_path / "contract" / "notes.yaml"
    path.write_text(DOCUMENT)
    return loading.load(str(path))


def _unchecked(contract, path, **options):
    """What could not be checked, but for what no recording without cases tells."""
    report = verify(contract, [str(path)], VerifyOptions(**options))
    told = [
        item for item in report.ledger.unchecked if "meant to be" not in item.reason and "bare body" not in item.reason
    ]
    return told, report


def test_every_line_that_is_no_exchange_is_told_in_words_and_in_order(contract, tmp_path):
    def other(**changes):
        return json.dumps({**GOOD, **changes})

    response, request = GOOD["response"], GOOD["request"]
    lines = [
        '{"accord": 1, broken',
        other(accord=2),
        "7",
        json.dumps({"accord": 1}),
        '{"text": "a bare body"}',
        other(response={**response, "status": "two hundred"}),
        other(response={**response, "status": 0}).replace('"status": 0', '"status": 1e400'),
        other(request={**request, "body_base64": "???"}),
        '{"accord": 1, "request": ' + "[" * 100_000,
        other(case={"unknown": 1}),
        other(),
    ]
    path = tmp_path / "run.ndjson"
    path.write_text("\n".join(lines) + "\n")
    path.write_bytes(path.read_bytes() + b'{"accord": 1, "x": "\xff\xfe"}\n')
    told, report = _unchecked(contract, path)
    odd = "a part of it is not what it should be"
    reasons = [
        "it is no JSON",
        "it is not of version 1",
        odd,
        "it has no `request`",
        "it has no `accord`; of bare bodies, name the operation that answered with --operation",
        *(odd, odd, "its base64 is broken", "it is nested too deep", odd, "", "it is no UTF-8"),
    ]
    assert told == [
        Unchecked(what=f"{path}:{number}", reason=f"the line is no exchange ({reason})")
        for number, reason in enumerate(reasons, start=1)
        if reason
    ]
    assert (report.counts["entries"], report.counts["damaged"], report.counts["conform"]) == (12, 11, 1)


def test_a_file_of_nothing_but_damage_does_not_fill_the_report(contract, tmp_path, monkeypatch):
    monkeypatch.setattr(tallies, "PLACES", 2)
    path = tmp_path / "run.ndjson"
    path.write_text("{broken\n" * 500)
    told, report = _unchecked(contract, path)
    reason = "the line is no exchange (it is no JSON)"
    assert told == [
        Unchecked(what=str(path), reason=f"{reason}; not listed one by one", count=498),
        Unchecked(what=f"{path}:1", reason=reason),
        Unchecked(what=f"{path}:2", reason=reason),
    ]
    assert (report.counts["damaged"], exit_code(report)) == (500, 2)


@pytest.mark.parametrize("bare", [False, True])
def test_a_line_that_would_fill_the_memory_is_passed_over_and_the_next_keeps_its_number(
    contract, tmp_path, monkeypatch, bare
):
    monkeypatch.setattr(sources, "LONGEST", 1 << 20)
    path = tmp_path / "run.ndjson"
    body = '{"text": "%s"}' if bare else json.dumps(GOOD).replace('"a\\"', '"%s\\"')
    lines = [body % "a", body % ("a" * (3 << 20)), body % "a", "{broken"]
    path.write_text("\n".join(lines))
    told, report = _unchecked(contract, path, operation="/notes/{id}" if bare else "")
    assert told[0] == Unchecked(what=f"{path}:2", reason="the line has more than 1 MiB")
    assert report.counts["conform"] == 2
    if bare:
        assert [item.notes for item in report.findings] == [(f"first seen in {path}:4",)]
    else:
        assert told[1] == Unchecked(what=f"{path}:4", reason="the line is no exchange (it is no JSON)")


@pytest.mark.parametrize("name", ["run.ndjson", "run.har", "run.yaml", "run.json", "run.txt"])
def test_an_empty_recording_is_named(contract, tmp_path, name):
    path = tmp_path / name
    path.write_text("")
    told, report = _unchecked(contract, path)
    assert (told, exit_code(report)) == ([Unchecked(what=str(path), reason="it holds nothing")], 2)
    assert report.counts["entries"] == 0


def test_files_of_a_folder_that_are_no_recordings_are_named_and_links_in_circles_are_not_followed(contract, tmp_path):
    folder = tmp_path / "recorded"
    folder.mkdir()
    (folder / "again").symlink_to(folder)
    (folder / "run.ndjson").write_text(json.dumps(GOOD))
    (folder / "README.md").write_text("# Recordings")
    (folder / "package.json").write_text('{"name": "x"}')
    told, report = _unchecked(contract, folder)
    endings = ".json, .har, .zip, .ndjson, .jsonl, .parquet, .yaml, .yml"
    assert told == [
        Unchecked(what=f"{folder}/README.md", reason=f"has no ending of a recording: name it with one of {endings}."),
        Unchecked(
            what=f"{folder}/package.json",
            reason="is no recording: it holds no array of exchanges, no HAR and no cassette.",
        ),
    ]
    assert (report.counts["files"], report.counts["conform"], exit_code(report)) == (3, 1, 0)


def test_a_folder_without_files_is_an_error(contract, tmp_path):
    (tmp_path / "nothing").mkdir()
    with pytest.raises(AccordError) as problem:
        verify(contract, [str(tmp_path / "nothing")])
    assert str(problem.value) == f"`{tmp_path}/nothing` names no recording: the folder holds no file."


def test_bare_bodies_of_a_status_that_is_not_documented_are_an_error(contract, tmp_path):
    path = tmp_path / "bodies.ndjson"
    path.write_text('{"text": "a"}\n')
    with pytest.raises(AccordError) as problem:
        verify(contract, [str(path)], VerifyOptions(operation="/notes/{id}", status=404))
    assert str(problem.value) == (
        f"`{contract.document.uri}` documents no answer of `GET /notes/{{id}}` with status 404;"
        " name one of those it has with --status: 200."
    )


@pytest.mark.parametrize("option", ["--profile", "--output"])
def test_what_is_read_is_not_written_over(contract, tmp_path, capsys, option):
    path = tmp_path / "run.ndjson"
    path.write_text(json.dumps(GOOD))
    before = path.read_bytes()
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(path), "--contract", contract.document.uri, option, str(path)])
    told = f"accord: {path}: is read, and would be lost: name another file to write to.\n"
    assert (ended.value.code, capsys.readouterr(), path.read_bytes()) == (2, ("", told), before)


def test_a_disk_that_is_full_leaves_the_old_file_whole(contract, tmp_path, capsys, monkeypatch):
    (tmp_path / "run.ndjson").write_text(json.dumps(GOOD))
    kept = tmp_path / "profile.json"
    kept.write_text("before")

    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("accord.files.writing.os.fdopen", full)
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(tmp_path / "run.ndjson"), "--contract", contract.document.uri, "--profile", str(kept)])
    told = f"accord: {kept}: cannot be written: No space left on device; name another file.\n"
    assert (ended.value.code, capsys.readouterr(), kept.read_text()) == (2, ("", told), "before")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["contract", "profile.json", "run.ndjson"]
