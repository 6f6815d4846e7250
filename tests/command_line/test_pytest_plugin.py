"""accord in pytest: an item an operation, a service to test against, and answers held to the contract."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUITE = """\
import pytest
import requests

import accord


def add(url, note):
    return requests.post(f"{url}/notes", json=note, timeout=5)


def test_an_answer_that_conforms(accord_url):
    accord.assert_conforms(add(accord_url, {"text": "buy milk"}))


def test_an_answer_that_does_not(accord_url):
    answer = add(accord_url, {"text": "buy milk"})
    answer._content = b'{"text": 1}'
    with pytest.raises(AssertionError, match="response-body POST /notes 200"):
        accord.assert_conforms(answer)


def test_an_answer_of_nobody(accord_url):
    with pytest.raises(AssertionError, match="calls no operation: notes.yaml: the contract has no such path"):
        accord.assert_conforms(requests.get(f"{accord_url}/elsewhere", timeout=5))


def test_a_warning_fails_where_it_is_asked_to(accord_url):
    answer = add(accord_url, {"text": "buy milk"})
    answer._content = b'{"text": "buy milk", "new": 1}'
    accord.assert_conforms(answer)
    with pytest.raises(AssertionError, match="undocumented-property"):
        accord.assert_conforms(answer, "notes.yaml", fail_on="warning")
"""


def suite(project, *words):
    loaded = [] if "accord.pytest_plugin" in registered() else ["-p", "accord.pytest_plugin"]
    path = os.pathsep.join(
        str(ROOT / part) if part else part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep)
    )
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *loaded, *words],
        cwd=project.folder,
        env={**{key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, re.sub(r" in [\d.]+s", "", ended.stdout)


def registered():
    from importlib.metadata import entry_points

    return {entry.value for entry in entry_points(group="pytest11")}


def test_answers_are_held_to_the_configured_contract(project):
    (project.folder / "test_notes.py").write_text(SUITE)
    code, said = suite(project, "test_notes.py")
    assert code == 0, said
    assert said.splitlines()[-1] == "4 passed"


def test_each_operation_is_an_item(project):
    code, said = suite(project, "--accord", "configured", "-vv")
    assert code == 0, said
    assert "POST /notes PASSED" in said
    assert said.splitlines()[-1].strip("= ") == "1 passed"


def test_a_broken_operation_fails_with_its_report_and_no_traceback(project):
    (project.folder / "conftest.py").write_text(
        "import accord, pytest\n"
        "@pytest.hookimpl(tryfirst=True)\n"
        "def pytest_configure(config):\n"
        "    config._service = accord.running(accord.load('notes.yaml'), fault='progress-id')\n"
        "    config.option.accord_url = config._service.__enter__()\n"
    )
    code, said = suite(project, "--accord", "notes.yaml")
    assert code == 1, said
    assert "error resembles-nothing POST /notes" in said
    assert "Traceback" not in said
    assert said.splitlines()[-1] == "1 failed"


@pytest.mark.parametrize("word", ["--accord", "--accord-url"])
def test_the_options_are_in_pytest_s_help(project, word):
    code, said = suite(project, "--help")
    assert code == 0
    assert word in said
