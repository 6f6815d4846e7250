"""Schemathesis against the same services, where it is installed: what it reports beyond what the honest one gives."""

import functools
import re
import subprocess
import tempfile
from pathlib import Path

import yaml
from lax import lax
from subjects import subject

FAILURE = re.compile(r"❌ (ST\d+ [^:\n]+): \d+")
CASES = re.compile(r"(\d+) generated")
SECONDS = 300


def reported(command: str, service: str, fault: str, document: str, seed: int) -> tuple[frozenset[str], int]:
    """The kinds of failure that one run of the peer reports, and the number of its cases."""
    about = subject(service)
    with tempfile.TemporaryDirectory() as folder, about.start(fault) as url:
        written = Path(folder) / "contract.yaml"
        text = about.document.read_text()
        written.write_text(yaml.safe_dump(lax(yaml.safe_load(text)), sort_keys=False) if document == "lax" else text)
        headers = [word for name, value in about.headers.items() for word in ("--header", f"{name}: {value}")]
        words = [command, "run", str(written), "--url", url, *headers, "--seed", str(seed), "--no-color"]
        words += ["--generation-database", "none"]
        try:
            done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=SECONDS, cwd=folder)
        except subprocess.TimeoutExpired:
            return frozenset(), 0
    cases = CASES.search(done.stdout)
    return frozenset(FAILURE.findall(done.stdout)), int(cases[1]) if cases else 0


@functools.cache
def alarms(command: str, service: str, document: str, seed: int) -> frozenset[str]:
    """What the peer reports of the honest service."""
    return reported(command, service, "", document, seed)[0]


def found(command: str, service: str, fault: str, document: str, seed: int) -> tuple[bool, int]:
    """Whether the peer reports of the faulty service what it does not of the honest one, and how many cases it had."""
    kinds, cases = reported(command, service, fault, document, seed)
    return bool(kinds - alarms(command, service, document, seed)), cases
