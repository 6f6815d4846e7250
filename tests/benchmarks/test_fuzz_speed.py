"""How fast `fuzz` asks: beside a bare requests session that sends the same bytes, and beside Schemathesis.

`SCHEMATHESIS` names the peer's command where it is not on the path; where there is none, its figure is not measured.
"""

import contextlib
import functools
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from accord.fuzzing import planning, searching
from accord.fuzzing.asking import Limits, Search
from accord.loading import load
from accord.network import callers, masking
from accord.network.transport import Settings, open_transport
from accord.profiling import coverage
from accord.verbs.fuzz import FuzzOptions, fuzz

RUNS = Path(__file__).parents[2] / "schema" / "cekura_runs.openapi.yaml"
KEY = "a-key-of-benchmarks"
ROUNDS = 4


@pytest.fixture
def served(monkeypatch) -> Iterator[str]:
    """The embedded service in a process of its own."""
    monkeypatch.setenv("CEKURA_API_KEY", KEY)
    command = [sys.executable, "-u", "-m", "accord", "serve", str(RUNS), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        lines = iter(process.stdout.readline, "")
        yield next(found[0] for line in lines if (found := re.search(r"http://[\d.]+:\d+", line)))
        process.terminate()


def _settings(url: str) -> Settings:
    return Settings(base_url=url)


def _bare(url: str, cases) -> float:
    """Seconds that a bare session takes for the same bytes."""
    session = requests.Session()
    session.trust_env = False
    secrets = masking.Secrets({})
    ready = [
        (
            case.request.method,
            url + masking.fill(secrets, case.request.url, case.request.secrets, url=True),
            {name: masking.fill(secrets, value, case.request.secrets).encode() for name, value in case.request.headers},
            case.request.body,
        )
        for case in cases
    ]
    begun = time.perf_counter()
    for method, target, headers, body in ready:
        with contextlib.suppress(requests.RequestException, ValueError):
            session.request(method, target, headers=headers, data=body, timeout=10)
    return time.perf_counter() - begun


def _planned(url: str, contract, operation, made) -> float:
    """Seconds that the plan phase takes: sent, judged, covered, kept."""
    line = open_transport(_settings(url))
    caller = callers.from_options(contract, (), "", embedded=False)
    state = Search(
        contract=contract,
        transport=line,
        limits=Limits(),
        prepare=functools.partial(callers.present, caller),
        record=lambda _: None,
        progress=lambda _: None,
    )
    coverage.expect(state.coverage, operation)
    begun = time.perf_counter()
    searching.planned(state, operation)
    taken = time.perf_counter() - begun
    line.close()
    assert state.cases["plan"] == len(made.steps)
    assert [item.finding for item in state.sightings.seen if item.finding.severity != "note"] == []
    return taken


@pytest.mark.benchmark
def test_the_plan_is_sent_and_judged_at_seven_tenths_of_the_speed_of_a_bare_session(served, capsys):
    contract = load(str(RUNS))
    operation = contract.operations[0]
    made = planning.planned(contract, operation, Limits(), {})
    cases = [step.case for step in made.steps]
    pairs = [(_bare(served, cases), _planned(served, contract, operation, made)) for _ in range(ROUNDS)]
    bare, planned = min(first for first, _ in pairs), min(second for _, second in pairs)
    with capsys.disabled():
        sys.stdout.write(
            f"\nplan of {len(cases)} cases: {bare / planned:.2f} of a bare session's speed "
            f"({len(cases) / planned:.0f} against {len(cases) / bare:.0f} a second)\n"
        )
    assert bare / planned > 0.7


def _peer(command: str, url: str) -> float:
    """Cases a second by Schemathesis's own count and clock, which leaves its start-up out."""
    header = f"X-CEKURA-API-KEY: {KEY}"
    words = (command, "run", str(RUNS), "--url", url, "-H", header, "--seed", "1", "--no-color")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120, env=environment)
    cases, seconds = (re.search(text, done.stdout)[1] for text in (r"(\d+) generated", r" in ([\d.]+)s ="))
    return int(cases) / float(seconds)


def _ours(contract, url: str) -> float:
    begun = time.perf_counter()
    report = fuzz(contract, FuzzOptions(url=url))
    return int(report.counts["cases"]) / (time.perf_counter() - begun)


@pytest.mark.benchmark
def test_fuzz_asks_five_times_as_many_cases_a_second_as_schemathesis(served, capsys):
    contract = load(str(RUNS))
    command = shutil.which(os.environ.get("SCHEMATHESIS", "schemathesis"))
    ours = max(_ours(contract, served) for _ in range(2))
    theirs = _peer(command, served) if command else None
    ratio = "not measured" if theirs is None else f"{ours / theirs:.1f} times Schemathesis's {theirs:.0f}"
    with capsys.disabled():
        sys.stdout.write(f"\nfuzz: {ours:.0f} cases a second, {ratio}\n")
    assert theirs is None or ours > 5 * theirs
