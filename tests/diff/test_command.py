"""accord diff at the command line: exit codes, formats, and one sentence for what cannot be read."""

import json

import pytest

from accord import cli

BEFORE = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/runs": {"get": {"parameters": [{"name": "q", "in": "query", "schema": {"type": "integer"}}], "responses": {}}}
    },
}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def write(name, data):
        (tmp_path / name).write_text(data if isinstance(data, str) else json.dumps(data))
        return name

    def start(before, after, *options):
        code = cli._run(["diff", write("a.json", before), write("b.json", after), *options])
        return code, capsys.readouterr()

    return start


def changed(**parameter):
    data = json.loads(json.dumps(BEFORE))
    data["paths"]["/runs"]["get"]["parameters"][0] |= parameter
    return data


@pytest.mark.parametrize(
    ("after", "options", "code"),
    [
        (BEFORE, (), 0),
        (changed(schema={"type": "number"}), (), 0),
        (changed(schema={"type": "boolean"}), (), 1),
        (BEFORE | {"servers": [{"url": "/v2"}]}, (), 0),
        (BEFORE | {"servers": [{"url": "/v2"}]}, ("--fail-on", "note"), 1),
        (changed(schema={"type": "boolean"}), ("--fail-on", "never"), 0),
        (changed(schema={"type": "number"}), ("--policy", "version"), 1),
        (changed(schema={"type": "number"}), ("--operation", "GET /none"), 2),
        ("{", (), 2),
    ],
)
def test_the_exit_code_says_what_was_found(run, after, options, code):
    assert run(BEFORE, after, *options)[0] == code


def test_undecided_fails_only_where_it_is_asked_to(run):
    bodied = json.loads(json.dumps(BEFORE))
    bodied["paths"]["/runs"]["get"]["requestBody"] = {"content": {"application/json": {"schema": {}}}}
    assert run(bodied, BEFORE)[0] == 0
    assert run(bodied, BEFORE, "--fail-on", "undecided")[0] == 1
    assert run(bodied, BEFORE, "--fail-on", "warning")[0] == 1


def test_yaml_in_a_file_named_json_is_read(run):
    assert run(BEFORE, "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n")[0] == 1


def test_what_cannot_be_read_is_one_sentence(run):
    code, said = run(BEFORE, "swagger: '2.0'\n")
    assert (code, said.out) == (2, "")
    assert (
        said.err
        == "accord: b.json: is Swagger 2.0, which accord does not read; convert it to OpenAPI 3.0 or 3.1 first.\n"
    )


def test_markdown_is_a_table_for_each_verdict(run):
    assert run(BEFORE, changed(schema={"type": "boolean"}), "--format", "markdown")[1].out == (
        "# accord diff: breaking\n"
        "\n"
        "## Breaking (1)\n"
        "\n"
        "| what | rule | where | witness |\n"
        "|---|---|---|---|\n"
        "| query parameter 'q' of 'GET /runs': its type was 'integer' and is 'boolean'. | type-changed | GET /runs | 0 |\n"
    )


def test_a_history_takes_no_documents(capsys):
    assert cli._run(["diff", "a", "b", "--history", ".:a"]) == 2
    assert capsys.readouterr().err == (
        "accord: `--history` reads its documents itself; leave BASELINE and CURRENT out.\n"
    )
    assert cli._run(["diff", "--history", ".:a", "--open-world"]) == 2
    assert capsys.readouterr().err == (
        "accord: `--operation`, `--open-world` and `--policy` belong to two documents, not to a history.\n"
    )
    assert cli._run(["diff", "a"]) == 2
    assert capsys.readouterr().err == (
        "accord: 1 document is named; name two documents, BASELINE and CURRENT, or `--history REPO:PATH`.\n"
    )


def test_a_promise_in_another_file_has_its_line_there(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for version, kind in (("v1", "integer"), ("v2", "number")):
        folder = tmp_path / version
        folder.mkdir()
        (folder / "run.yaml").write_text(f"# a note\nRun:\n  type: {kind}\n")
        content = {"application/json": {"schema": {"$ref": "run.yaml#/Run"}}}
        responses = {"200": {"description": "d", "content": content}}
        document = {**BEFORE, "paths": {"/runs": {"get": {"responses": responses}}}}
        (folder / "api.json").write_text(json.dumps(document))
    assert cli._run(["diff", "v1/api.json", "v2/api.json"]) == 1
    assert capsys.readouterr().out == (
        "error type-changed GET /runs 200 application/json\n"
        "  component `Run` as a response: its type was `integer` and is `number`.\n"
        "  contract v2/run.yaml:2 /Run\n"
        "  verdict  breaking\n"
        "  witness  0.5\n"
        "  refused  the value is 0.5, which is not of type integer\n"
        "\n"
        "diff: breaking; 1 error\n"
        "  operations 1 · changed 1 · world closed\n"
    )
