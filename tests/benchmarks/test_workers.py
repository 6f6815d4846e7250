"""How much faster two processes over byte ranges are than one; 1.8 times is wanted on an idle machine.

The figure is printed, and held to a floor where the machine has nothing else to do.
"""

import os
import runpy
import time
from pathlib import Path

import pytest

from accord import engines, loading
from accord.engines import Spread
from accord.verbs.verify import VerifyOptions, verify

ROOT = Path(__file__).parents[2]
REPEATED = 32


def _taken(contract, path, workers):
    options = VerifyOptions(operation="improve_prompt_bg", spread=Spread(workers=workers))
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        report = verify(contract, [str(path)], options)
        times.append(time.perf_counter() - begun)
    return min(times), report


@pytest.mark.benchmark
def test_two_processes_take_little_more_than_half_the_time_of_one(tmp_path, capsys):
    contract = loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))
    lines = runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))["lines"]
    path = tmp_path / "runs.ndjson"
    path.write_bytes(b"".join(lines(2000, 0.5)) * REPEATED)
    idle = engines.cores() > 1 and os.getloadavg()[0] < 0.5
    (one, report), (two, other) = (_taken(contract, path, workers) for workers in (1, 2))
    assert report == other
    said = "" if idle else " (busy machine)"
    with capsys.disabled():
        print(f"\none process / two, {path.stat().st_size >> 20} MiB: {one / two:.2f}{said}")  # noqa: T201  the figure
    assert one / two >= 1.6 or not idle
