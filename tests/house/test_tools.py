"""The house is kept: style, types, floors and what is generated."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sys.executable).parent


def run(*words):
    path = os.pathsep.join([str(ROOT / "codegen"), str(ROOT / "generated"), os.environ.get("PYTHONPATH", "")])
    ended = subprocess.run(
        words,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"},
    )
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.parametrize(
    "words", [("check", "--no-cache", "."), ("format", "--no-cache", "--check", ".")], ids=["check", "format"]
)
def test_ruff_finds_nothing(words):
    code, said = run(SCRIPTS / "ruff", *words)
    assert code == 0, said


def test_mypy_finds_nothing():
    code, said = run(sys.executable, "-m", "mypy")
    assert code == 0, said


def test_imports_run_only_downwards():
    code, said = run(SCRIPTS / "lint-imports", "--no-cache")
    assert code == 0, said


def test_what_is_generated_is_not_stale():
    code, said = run(sys.executable, "-m", "accord", "generate", "--check")
    assert code == 0, said


def test_every_ignored_rule_of_ruff_has_a_reason_beside_it():
    text = (ROOT / "pyproject.toml").read_text()
    ignored = re.findall(r'^    "[A-Z]+\d*",.*$', text, re.MULTILINE)
    assert ignored
    assert [line for line in ignored if not re.search(r"#\s*\S+", line)] == []


def test_every_dependency_has_a_reason_beside_it():
    text = (ROOT / "pyproject.toml").read_text()
    listed = re.findall(r'^    "[a-z][\w.-]*(?:\[[\w,-]+\])?[<>=].*$', text, re.MULTILINE | re.IGNORECASE)
    assert len(listed) > 10
    assert [line for line in listed if not re.search(r"#\s*\S+", line)] == []
