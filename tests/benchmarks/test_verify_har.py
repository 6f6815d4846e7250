"""Exchanges of a HAR held to the contract, beside Redocly's `drift` on the same file; printed, and held to floors.

`ACCORD_REDOCLY` names the program (`node_modules/.bin/redocly` of @redocly/cli 2.77); its figure is the
processor's time on the file less that on a file of one entry, so that its start does not count. Neither does ours: the
contract is compiled and numpy imported before. `ACCORD_BENCHMARK_HAR=5000` takes as many entries.
The floors are ratios to `orjson.loads` of the same bodies, in turns, the best of each.
"""

import os
import resource
import runpy
import subprocess
import time
from pathlib import Path

import orjson
import pytest

from accord import loading, recordings
from accord.exchange import Exchange, Request, Response
from accord.verifying import verdicts

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "schema" / "cekura_runs.openapi.yaml"
COUNT = int(os.environ.get("ACCORD_BENCHMARK_HAR", "200"))
TURNS = 3
JSON = (("Content-Type", "application/json"),)


def _written(contract, path, count):
    lines = runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))["lines"](count, 0.5)
    request = Request(
        method="POST",
        url=contract.servers[0].rstrip("/") + contract.operations[0].path,
        headers=JSON,
        body=b'{"feedback": "x"}',
    )
    recordings.write(
        path,
        (Exchange(request=request, response=Response(status=200, headers=JSON, body=line.strip())) for line in lines),
    )
    return path


def _redocly(program, path):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [program, "drift", str(path), "--api", str(DOCUMENT), "--format", "json"], capture_output=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _spent(work):
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _parse(bodies):
    for body in bodies:
        orjson.loads(body)


@pytest.mark.benchmark
def test_a_har_is_verified_beside_the_nearest_rival(tmp_path, capsys):
    import numpy  # noqa: F401, ICN001  its import is no work on the file

    contract = loading.load(str(DOCUMENT))
    path = _written(contract, tmp_path / "runs.har", COUNT)
    bodies = [item.response.body for item in recordings.read(path)]
    program, told, rival = os.environ.get("ACCORD_REDOCLY"), [], None
    if program:
        alone = _written(contract, tmp_path / "one.har", 1)
        spent = [_redocly(program, path) - _redocly(program, alone) for _ in range(2)]
        rival = max(min(spent), 1e-9)
    for profiled, floor in ((False, 0.12), (True, 0.09)):

        def verify(*, profiled=profiled):
            return verdicts.of_exchanges(contract, recordings.read(path), profiled=profiled)

        assert verify().counts["matched"] == COUNT
        turns = [(_spent(lambda: _parse(bodies)), _spent(verify)) for _ in range(TURNS)]
        parsing, verifying = (min(side) for side in zip(*turns, strict=True))
        told.append(
            f"{'with a profile' if profiled else 'verdicts'} {COUNT / verifying:,.0f} a second"
            f" ({parsing / verifying:.2f} of orjson" + (f", {rival / verifying:.1f} of Redocly)" if rival else ")")
        )
        assert parsing / verifying > floor
    with capsys.disabled():
        beside = f"{COUNT / rival:,.0f} a second" if rival else "not measured"
        print(f"\nHAR of {COUNT} entries: {', '.join(told)}; Redocly drift: {beside}")  # noqa: T201  the figure is the point
