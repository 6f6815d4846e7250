"""What the user must change is one sentence on stderr and exit 2, whatever is wrong."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fuzz", "absent.yaml"), "accord: absent.yaml: there is no such file; did you mean `notes.yaml`?\n"),
        (
            ("fuzz", "--operation", "addNotes"),
            "accord: `notes.yaml` has no operation `addNotes`; did you mean `addNote`?\n",
        ),
        (
            ("fuzz", "--set", "noequals"),
            "accord: `--set noequals` has no `=` after a name; write it so.\n",
        ),
        (
            ("serve", "--fault", "progres-id"),
            "accord: no fault is named `progres-id`; did you mean `progress-id`?\n",
        ),
        (("explain", "status-cod"), "accord: nothing is named `status-cod`; did you mean `status-code`?\n"),
        (("verify", "absent.har"), "accord: `absent.har` names no recording: there is no such file.\n"),
        (("diff", "notes.yaml", "HEAD:notes.yaml"), None),
        (
            ("check", "--config", "absent.toml"),
            "accord: absent.toml: there is no such file; name one with [tool.accord].\n",
        ),
        (("fuzz", "--format", "jso"), "accord: There is no report format `jso`; use json.\n"),
        (
            ("fuzz", "--update-baseline"),
            "accord: `--update-baseline` needs a reason: say why these findings are accepted with --reason.\n",
        ),
    ],
)
def test_an_error_is_one_sentence_and_exit_2(project, words, said):
    ended = project.run(*words)
    assert (ended.code, ended.out) == (2, "")
    last = ended.err.splitlines(keepends=True)[-1]
    assert last == said if said else last.startswith("accord: ")


def test_a_document_that_is_no_contract_is_named_with_the_remedy(project):
    (project.folder / "other.json").write_text('{"swagger": "2.0"}')
    ended = project.run("fuzz", "other.json")
    assert ended.code == 2
    assert ended.err.startswith("accord: other.json")
    assert ended.err.count("\n") == 1


def test_a_misspelt_verb_is_answered_with_the_nearest_one(project):
    ended = project.run("fuz")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith("Error: There is no verb `fuz`; did you mean `accord fuzz`?\n")


def test_document_text_in_an_error_cannot_steer_the_terminal(project):
    ended = project.run("fuzz", "\x1b[31m.yaml")
    assert ended.code == 2
    assert "\x1b" not in ended.err
    assert "\\x1b[31m.yaml" in ended.err


def test_the_title_of_a_served_document_cannot_steer_the_terminal(project):
    text = (project.folder / "notes.yaml").read_text().replace("title: Notes", 'title: "\\e[31mNotes\\n"')
    (project.folder / "notes.yaml").write_text(text)
    with subprocess.Popen(
        [sys.executable, "-m", "accord", "serve"], cwd=project.folder, stdout=subprocess.PIPE, env=project.environment
    ) as running:
        line = running.stdout.readline().decode()
        running.terminate()
    assert line.startswith("\\x1b[31mNotes\\n at http://127.0.0.1:")
