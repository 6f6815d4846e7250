"""The history of a document: what each revision broke, what came back, what vanished."""

import json
import os
import subprocess

import pytest

from accord import reports
from accord.changes.timeline import timeline
from accord.errors import AccordError


def api(**operations):
    responses = {
        "200": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Run"}}}}
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {f"/{name}": {"get": {"responses": responses}} for name in operations},
        "components": {
            "schemas": {"Run": {"type": "object", "properties": {"id": {"type": operations.get("runs", "integer")}}}}
        },
    }


REVISIONS = (
    api(runs="integer", jobs=""),
    api(runs="number", jobs=""),
    api(runs="integer", jobs=""),
    api(runs="integer"),
    "openapi: [",
    api(runs="integer", jobs=""),
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository")

    def git(*words, day=1):
        when = f"2026-01-{day:02}T12:00:00Z"
        names = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        environment = {**os.environ, **names, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        return subprocess.run(
            ["git", "-C", str(folder), *words], check=True, capture_output=True, env=environment
        ).stdout

    git("init", "-q")
    for day, revision in enumerate(REVISIONS, start=1):
        text = revision if isinstance(revision, str) else json.dumps(revision)
        (folder / "api.json").write_text(text)
        git("add", "api.json")
        git("commit", "-qm", "m", day=day)
    return folder, git("log", "--format=%h", "--abbrev=8", "--reverse").decode().split()


def test_every_revision_is_told_with_what_it_broke_took_back_and_lost(repository):
    folder, ids = repository
    report = timeline(f"{folder}:api.json")
    assert [(item.code, item.verdict, item.message) for item in report.findings] == [
        ("revision", "breaking", f"2026-01-02 {ids[1]}, 0.00 MB: 1 breaking."),
        ("revision", "compatible", f"2026-01-03 {ids[2]}, 0.00 MB: 1 compatible."),
        (
            "flap",
            "compatible",
            f"`schemas/Run` went A → B → A: 2026-01-03 {ids[2]} says again what 2026-01-01 {ids[0]} said.",
        ),
        ("revision", "breaking", f"2026-01-04 {ids[3]}, 0.00 MB: 1 breaking, 1 operation gone."),
        ("revision", "compatible", f"2026-01-06 {ids[5]}, 0.00 MB: 1 compatible, 1 operation added."),
        (
            "returned",
            "compatible",
            f"`GET /jobs` is there again in 2026-01-06 {ids[5]}, gone since 2026-01-04 {ids[3]}.",
        ),
    ]
    assert [entry.what for entry in report.ledger.unchecked] == [f"revision 2026-01-05 {ids[4]}"]
    assert (report.verdict, dict(report.counts)) == ("breaking", {"revisions": 4, "breaking": 2, "commits": 6})


def test_a_revision_is_told_as_data_too(repository):
    folder, ids = repository
    value = timeline(f"{folder}:api.json").findings[0].witness.value
    assert value["commit"].startswith(ids[1])
    assert {key: value[key] for key in value if key != "commit"} == {
        "date": "2026-01-02T12:00:00+00:00",
        "size": len(json.dumps(REVISIONS[1])),
        "breaking": 1,
        "undecided": 0,
        "compatible": 0,
        "added": [],
        "removed": [],
    }


def test_since_leaves_out_what_came_before(repository):
    folder, ids = repository
    report = timeline(f"{folder}:api.json", since=ids[3])
    assert [(item.code, item.message) for item in report.findings] == [
        ("revision", f"2026-01-06 {ids[5]}, 0.00 MB: 1 compatible, 1 operation added.")
    ]


@pytest.mark.parametrize(
    ("path", "since", "problem"),
    [
        ("none.json", "", "no revision touched it; check the path."),
        ("api.json", "none", "git says: Needed a single revision; check the repository and the revision."),
    ],
)
def test_what_git_does_not_know_is_one_sentence(repository, path, since, problem):
    with pytest.raises(AccordError) as caught:
        timeline(f"{repository[0]}:{path}", since=since)
    assert str(caught.value).endswith(problem)


def test_what_is_no_repository_is_one_sentence():
    with pytest.raises(AccordError) as caught:
        timeline("nowhere:api.json")
    assert str(caught.value) == (
        "nowhere:api.json: is no `REPO:path`; name the folder of a git repository, a colon, and a path in it."
    )


def test_a_timeline_is_read_an_entry_a_line(repository):
    folder, ids = repository
    shown = reports.render("text", timeline(f"{folder}:api.json"))
    assert shown == (
        f"error   2026-01-02 {ids[1]}, 0.00 MB: 1 breaking.\n"
        "          breaks: component `Run` as a response: /properties/id: its type was `integer` and is `number`.\n"
        f"note    2026-01-03 {ids[2]}, 0.00 MB: 1 compatible.\n"
        f"note    `schemas/Run` went A → B → A: 2026-01-03 {ids[2]} says again what 2026-01-01 {ids[0]} said.\n"
        f"error   2026-01-04 {ids[3]}, 0.00 MB: 1 breaking, 1 operation gone.\n"
        "          breaks: `GET /jobs` is gone.\n"
        f"note    2026-01-06 {ids[5]}, 0.00 MB: 1 compatible, 1 operation added.\n"
        f"note    `GET /jobs` is there again in 2026-01-06 {ids[5]}, gone since 2026-01-04 {ids[3]}.\n"
        "\n"
        "not checked\n"
        f"  revision 2026-01-05 {ids[4]}: {ids[4]}:api.json: is neither JSON nor YAML: did not find expected node content "
        "at line 2, column 1; mend its syntax.\n"
        "\n"
        "diff: breaking; 2 errors, 4 notes\n"
        "  revisions 4 · breaking 2 · commits 6\n"
    )
