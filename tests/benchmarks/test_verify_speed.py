"""How fast bare bodies are verified, as ratios to parsing the same lines in the same run; printed, and held to floors.

Both are measured in time of the processor, in turns, and the best of each counts: other work on the machine then moves
the ratio little. `ACCORD_BENCHMARK=50000` takes the whole corpus.
"""

import os
import runpy
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from accord import loading, recordings
from accord.recordings import Piece
from accord.verifying import verdicts

ROOT = Path(__file__).parents[2]
COUNT = int(os.environ.get("ACCORD_BENCHMARK", "800"))
TURNS = 3
NAME = "improve_prompt_bg"
TABLE = [
    # what, broken %, with a profile, ratio wanted on an idle machine, floor held here
    ("verdict", 0.0, False, 0.9, 0.4),
    ("verdict", 0.5, False, 0.7, 0.3),
    ("verdict and profile", 0.5, True, 0.4, 0.25),
    ("verdict and profile", 5.0, True, 0.3, 0.2),
]


@pytest.fixture(scope="module")
def corpus():
    return runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))["lines"]


@pytest.fixture(scope="module")
def contract():
    return loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))


def _spent(work) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _parse(path) -> None:
    with path.open("rb") as lines:
        for line in lines:
            orjson.loads(line)


def _verify(contract, path, profiled):
    with recordings.opened(Piece(str(path))) as found:
        return verdicts.of_bodies(contract, NAME, 200, str(path), found.blocks(), profiled=profiled)


@pytest.mark.benchmark
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]}-{row[1]}")
def test_bare_bodies_are_verified_near_the_speed_of_parsing(contract, corpus, tmp_path, capsys, row):
    what, percent, profiled, wanted, floor = row
    path = tmp_path / "runs.ndjson"
    path.write_bytes(b"".join(corpus(COUNT, percent)))
    found = _verify(contract, path, profiled)
    assert found.counts["entries"] == found.counts["matched"] == COUNT
    assert (found.counts["conform"] < COUNT) == (percent > 0)
    turns = [(_spent(lambda: _parse(path)), _spent(lambda: _verify(contract, path, profiled))) for _ in range(TURNS)]
    ratio = min(parsing for parsing, _ in turns) / min(verifying for _, verifying in turns)
    with capsys.disabled():
        print(f"\n{what} of {COUNT} bodies, {percent} % broken / orjson: {ratio:.2f} (wanted: {wanted})")  # noqa: T201  the figure is the point
    assert ratio > floor


MEMORY = """
import itertools, sys
from accord import loading
from accord.verifying import verdicts
contract = loading.load(sys.argv[1])
body = open(sys.argv[2], "rb").read().splitlines(keepends=True)
lines = zip(itertools.count(1), itertools.islice(itertools.cycle(body), int(sys.argv[3])))
verdicts.of_bodies(contract, "improve_prompt_bg", 200, "runs.ndjson", lines, profiled=True)
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) // 1024)
"""


@pytest.mark.benchmark
def test_memory_stays_flat_whatever_the_size(corpus, tmp_path, capsys):
    path = tmp_path / "runs.ndjson"
    path.write_bytes(b"".join(corpus(200, 0.5)))
    document = str(ROOT / "schema" / "cekura_runs.openapi.yaml")
    most = []
    for count in (1_000, max(5_000, COUNT)):
        run = subprocess.run(
            [sys.executable, "-c", MEMORY, document, str(path), str(count)], capture_output=True, text=True, check=True
        )
        most.append(int(run.stdout))
    with capsys.disabled():
        print(f"\npeak memory, MB: {most[0]} for 1,000 lines, {most[1]} for {max(5_000, COUNT):,}")  # noqa: T201  the figure is the point
    assert most[1] < most[0] + 15
    assert most[1] < 150
