"""What every verb that reports has in common: formats, files, exit codes, accepted findings, streams."""

import json
import os
import signal
import subprocess
import sys

import pytest


@pytest.fixture
def breaking(project):
    text = (project.folder / "notes.yaml").read_text()
    (project.folder / "later.yaml").write_text(text.replace("maxLength: 20", "maxLength: 10"))
    return project


def test_a_conforming_service_ends_with_0_and_one_line_of_counts(project):
    ended = project.run("fuzz", "--seed", 1)
    assert (ended.code, ended.err.count("accord: ")) == (0, 3)
    first, counts = ended.out.splitlines()[-2:]
    assert first == "fuzz: nothing broken"
    assert "operations 1/1" in counts


def gates(project):
    ended = project.run("check")
    assert ended.code == 0, ended.out + ended.err
    return [line.partition(":")[0] for line in ended.out.splitlines() if not line.startswith(" ")]


def test_check_shows_a_line_for_each_gate(project):
    assert gates(project) == ["fuzz", "check"]
    assert project.run("generate").code == 0
    assert project.run("fuzz", "--record", "notes.har").code == 0
    configured = project.folder / "pyproject.toml"
    configured.write_text(configured.read_text() + 'recordings = ["notes.har"]\n')
    assert gates(project) == ["generate", "fuzz", "verify", "check"]


def test_check_fails_on_what_is_stale_and_says_why(project):
    assert project.run("generate").code == 0
    (project.folder / "generated" / "notes" / "models.py").write_text("# mine\n")
    ended = project.run("check")
    assert ended.code == 1
    assert "`generated/notes/models.py` was edited since it was generated; run `accord generate`." in ended.out


def test_a_break_is_exit_1_and_passes_when_asked_never_to_fail(breaking):
    assert breaking.run("diff", "notes.yaml", "later.yaml").code == 1
    assert breaking.run("diff", "notes.yaml", "later.yaml", "--fail-on", "never").code == 0
    assert breaking.run("diff", "later.yaml", "notes.yaml").code == 0
    assert breaking.run("diff", "notes.yaml", "notes.yaml").code == 0


def test_an_interrupt_prints_what_was_found_so_far_and_exits_130(project):
    (project.folder / "pyproject.toml").write_text('[tool.accord]\ncontracts = ["*.yaml"]\nexamples = 2000\n')
    (project.folder / "again.yaml").write_text((project.folder / "notes.yaml").read_text())
    words = [sys.executable, "-m", "accord", "fuzz"]
    with subprocess.Popen(
        words, cwd=project.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr.readline().startswith("accord: ")  # a phase is over, so something was checked
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "fuzz: nothing broken; interrupted\n" in out
    assert "Traceback" not in err


def test_nothing_answering_is_exit_3(project):
    ended = project.run("fuzz", "--url", "http://127.0.0.1:9")
    assert ended.code == 3
    assert ended.out.splitlines()[-2 if ended.out.splitlines()[-1].startswith(" ") else -1].startswith("fuzz: ")


def test_json_goes_to_stdout_alone_and_is_one_object(breaking):
    ended = breaking.run("diff", "notes.yaml", "later.yaml", "--format", "json")
    report = json.loads(ended.out)
    assert (report["accord"], report["verb"], report["exit"], report["verdict"]) == (1, "diff", 1, "breaking")
    assert ended.err == ""


def test_a_report_written_to_a_file_leaves_no_other_file(breaking):
    before = set(breaking.folder.iterdir())
    ended = breaking.run("diff", "notes.yaml", "later.yaml", "--format", "json", "--output", "out/report.json")
    assert (ended.code, ended.out, ended.err) == (1, "", "accord: the report is in out/report.json\n")
    assert json.loads((breaking.folder / "out" / "report.json").read_text())["exit"] == 1
    assert set(breaking.folder.iterdir()) - before == {breaking.folder / "out"}
    assert [path.name for path in (breaking.folder / "out").iterdir()] == ["report.json"]


def test_accepted_findings_do_not_fail_the_run_and_say_why(breaking):
    words = ("diff", "notes.yaml", "later.yaml")
    ended = breaking.run(*words, "--update-baseline", "--reason", "they shortened it with us")
    assert (ended.code, ended.err) == (0, f"accord: {breaking.folder}/accord-baseline.toml now accepts 1 finding\n")
    again = breaking.run(*words)
    assert again.code == 0
    assert "  accepted they shortened it with us" in again.out


def test_a_pipe_whose_reader_went_away_is_no_error(project):
    words = f"{sys.executable} -m accord explain | head -1; echo ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", words], cwd=project.folder, capture_output=True, text=True, check=False)
    assert (ended.stdout.splitlines(), ended.stderr) == (["checks", "0"], "")


def test_colour_is_off_where_it_is_not_wanted(project):
    script = f"{sys.executable} -m accord fuzz --examples 4 2>/dev/null"
    for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        ended = subprocess.run(
            ["script", "-qec", script, "/dev/null"],
            cwd=project.folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "TERM": "xterm", **environment},
        )
        assert ("\x1b[" in ended.stdout) is coloured
