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
from accord.validity import acceptance
from accord.verifying import verdicts

ROOT = Path(__file__).parents[2]
COUNT = int(os.environ.get("ACCORD_BENCHMARK", "800"))
TURNS = 3
NAME = "improve_prompt_bg"
TABLE = [
    # what, broken %, with a profile, ratio wanted on an idle machine, floor held here
    ("verdict", 0.0, False, 0.9, 0.6),
    ("verdict", 0.5, False, 0.7, 0.4),
    ("verdict", 5.0, False, 0.4, 0.25),
    ("verdict and profile", 0.5, True, 0.4, 0.22),
    ("verdict and profile", 5.0, True, 0.3, 0.17),
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


def _decode(contract, path):
    """As little as can be: each line read to its types, and nothing asked of it but that."""
    schema = contract.operations[0].responses[0].content[0].schema
    decode = acceptance.filter_for(schema, closed=True).decode
    with path.open("rb") as lines:
        for line in lines:
            decode(line)


def _ratio(parsing, work):
    turns = [(_spent(parsing), _spent(work)) for _ in range(TURNS)]
    return min(base for base, _ in turns) / min(spent for _, spent in turns)


@pytest.fixture(scope="module")
def printed(pytestconfig):
    """The rows of the table, printed once all are there."""
    rows = [(f"{COUNT:,} bodies, to orjson.loads of their lines", "broken", "ratio", "wanted", "floor")]
    yield rows
    with pytestconfig.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        for what, *figures in rows:
            print(f"\n{what:56}", *(f"{figure:>8}" for figure in figures), end="")  # noqa: T201  the figures are the point


@pytest.mark.benchmark
def test_what_bounds_a_verdict_is_printed_beside(contract, corpus, tmp_path, printed):
    path = tmp_path / "runs.ndjson"
    path.write_bytes(b"".join(corpus(COUNT, 0.0)))
    ratio = _ratio(lambda: _parse(path), lambda: _decode(contract, path))
    printed.append(("each line read to its types, nothing else", "0.0 %", f"{ratio:.2f}", "", ""))
    assert ratio > 0  # the figure is the point


@pytest.mark.benchmark
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]}-{row[1]}")
def test_bare_bodies_are_verified_near_the_speed_of_parsing(contract, corpus, tmp_path, printed, row):
    what, percent, profiled, wanted, floor = row
    path = tmp_path / "runs.ndjson"
    path.write_bytes(b"".join(corpus(COUNT, percent)))
    found = _verify(contract, path, profiled)
    assert found.counts["entries"] == found.counts["matched"] == COUNT
    assert (found.counts["conform"] < COUNT) == (percent > 0)
    ratio = _ratio(lambda: _parse(path), lambda: _verify(contract, path, profiled))
    printed.append((what, f"{percent} %", f"{ratio:.2f}", f"{wanted:.2f}", f"{floor:.2f}"))
    assert ratio > floor


MEMORY = """
import io, sys
from accord import loading
from accord.recordings import ndjson
from accord.verifying import verdicts

class Repeated(io.RawIOBase):
    def __init__(self, text, times):
        self.text, self.left, self.at = text, len(text) * times, 0
    def readable(self):
        return True
    def readinto(self, buffer):
        size = min(len(buffer), len(self.text) - self.at, self.left)
        buffer[:size] = self.text[self.at : self.at + size]
        self.at, self.left = (self.at + size) % len(self.text), self.left - size
        return size

contract = loading.load(sys.argv[1])
text = open(sys.argv[2], "rb").read()
count = int(sys.argv[3])
file = io.BufferedReader(Repeated(text, count // text.count(b"\\n")), 1 << 20)
found = verdicts.of_bodies(contract, "improve_prompt_bg", 200, "runs.ndjson", ndjson.RECORDING.blocks(file, ""), profiled=True)
assert found.counts["entries"] == count
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) // 1024)
"""


@pytest.mark.benchmark
def test_memory_stays_flat_whatever_the_size(corpus, tmp_path, capsys):
    path = tmp_path / "runs.ndjson"
    path.write_bytes(b"".join(corpus(200, 2.0)))
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
