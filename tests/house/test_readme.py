"""The README's terminal sessions print what they say they print."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SETUP = "$ python3 -m venv .venv"
MASKS = (
    (re.compile(r"(?m)^  (seen|operations) .*$"), r"\1 COUNTS"),  # more to ask is no reason to write a README anew
    (re.compile(r"(?<=127\.0\.0\.1:)\d+"), "PORT"),
    (re.compile(r"\d+(\.\d+)? ?(ms|s)\b"), "TIME"),
    (re.compile(r"/[\w./-]*/(?=[\w.-]+)"), "PATH/"),
)


def sessions():
    return [block for block in BLOCKS if not block.startswith(SETUP)]


def commands(block):
    """Each command of a session with the lines that it is said to print."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def masked(lines):
    text = "\n".join(lines)
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text.strip()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def shell(tmp_path):
    """A folder with the project's own contract, and what runs one line there as a person would."""
    for name in ("schema", "generated"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "tests").mkdir()
    shutil.copytree(ROOT / "tests" / "recordings", tmp_path / "tests" / "recordings")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "accord"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m accord "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join(
        str(ROOT / part) if part else part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep)
    )
    environment = {
        **os.environ,
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": path,
        "NO_COLOR": "1",
    }
    environment.pop("CEKURA_API_KEY", None)
    background = []

    def run(line):
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            environment[name] = value
            return []
        if line.endswith(" &"):
            started = subprocess.Popen(
                ["sh", "-c", f"exec {line[:-2]}"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
            )
            background.append(started)
            return [started.stdout.readline().rstrip("\n")]
        ended = subprocess.run(
            ["sh", "-c", line],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
            timeout=120,
        )
        return ended.stdout.splitlines()

    yield run
    for each in background:
        each.terminate()
        each.communicate()


@pytest.mark.parametrize("number", range(len(sessions())))
def test_a_session_prints_what_it_says(shell, number):
    port = str(free_port())
    for line, printed in commands(sessions()[number]):
        assert masked(shell(re.sub(r"\b87\d\d\b", port, line))) == masked(printed), line


def test_two_commands_do_all_the_set_up():
    lines = re.findall(r"^\$ (python3 -m venv .*)$", README, re.MULTILINE)
    assert len(lines) == 2
    assert lines[0].endswith("&& .venv/bin/accord check")
    assert ".[test]" in lines[1]


def test_every_verb_is_named():
    from accord import cli

    verbs = cli.accord.list_commands(None)
    assert [verb for verb in verbs if f"accord {verb}" not in README] == []
