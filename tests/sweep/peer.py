"""Schemathesis against the same services, where it is installed: what it reports beyond what the honest one gives."""

import functools
import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from lax import lax
from subjects import subject

SECONDS = 300


@dataclass(frozen=True, slots=True)
class Told:
    """What one run reports: each kind of failure with its operation, and after how many requests; how many there were."""

    first: Mapping[tuple[str, str], int]
    requests: int


def told(events: str) -> Told:
    """What the events of a run, a line each, say; a request counts when it was answered."""
    sent: list[tuple[float, list[tuple[str, str]]]] = []
    for line in events.splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for name, interaction in recorder.get("interactions", {}).items():
            failures = [
                item["failure_info"]["failure"]
                for item in recorder.get("checks", {}).get(name, ())
                if item["status"] == "failure"
            ]
            kinds = [(failure["code"], failure.get("operation", "")) for failure in failures]
            sent.append((interaction["timestamp"], kinds))
    first: dict[tuple[str, str], int] = {}
    for count, (_, kinds) in enumerate(sorted(sent), start=1):
        for kind in kinds:
            first.setdefault(kind, count)
    return Told(first, len(sent))


def reported(command: str, service: str, fault: str, document: str, seed: int) -> Told:
    """What one run of the peer reports."""
    about = subject(service)
    with tempfile.TemporaryDirectory() as folder, about.start(fault) as url:
        written, events = Path(folder) / "contract.yaml", Path(folder) / "events.ndjson"
        text = about.document.read_text()
        written.write_text(yaml.safe_dump(lax(yaml.safe_load(text)), sort_keys=False) if document == "lax" else text)
        headers = [word for name, value in about.headers.items() for word in ("--header", f"{name}: {value}")]
        words = [command, "run", str(written), "--url", url, *headers, "--seed", str(seed), "--no-color"]
        words += ["--generation-database", "none", "--report-ndjson-path", str(events)]
        try:
            subprocess.run(words, capture_output=True, text=True, check=False, timeout=SECONDS, cwd=folder)
        except subprocess.TimeoutExpired:
            return Told({}, 0)
        return told(events.read_text())


@functools.cache
def alarms(command: str, service: str, document: str, seed: int) -> Told:
    """What the peer reports of the honest service."""
    return reported(command, service, "", document, seed)


def found(command: str, service: str, fault: str, document: str, seed: int) -> tuple[int, int]:
    """After how many requests the peer reports of the faulty service what it does not of the honest one (0: never), and how many it sent."""
    honest = alarms(command, service, document, seed).first
    faulty = reported(command, service, fault, document, seed)
    return min((count for kind, count in faulty.first.items() if kind not in honest), default=0), faulty.requests
