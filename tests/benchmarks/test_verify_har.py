"""Exchanges of a HAR held to the contract, beside Redocly's `drift` on the same file; printed, and not yet a gate.

`ACCORD_REDOCLY` names the program (`node_modules/.bin/redocly` of @redocly/cli 2.77); its figure is the
processor's time on the file less that on a file of one entry, so that its start does not count.
"""

import os
import resource
import runpy
import subprocess
import time
from pathlib import Path

import pytest

from accord import loading, recordings, verdicts
from accord.exchange import Exchange, Request, Response

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "schema" / "cekura_runs.openapi.yaml"
COUNT = int(os.environ.get("ACCORD_BENCHMARK_HAR", "200"))
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


@pytest.mark.benchmark
def test_a_har_is_verified_beside_the_nearest_rival(tmp_path, capsys):
    contract = loading.load(str(DOCUMENT))
    path = _written(contract, tmp_path / "runs.har", COUNT)
    told = []
    for profiled in (False, True):
        begun = time.process_time()
        found = verdicts.of_exchanges(contract, recordings.read(path), profiled=profiled)
        spent = time.process_time() - begun
        assert found.counts["matched"] == COUNT
        told.append(f"{'with a profile' if profiled else 'verdicts'} {COUNT / spent:,.0f} a second")
    program = os.environ.get("ACCORD_REDOCLY")
    rival = "not measured"
    if program:
        alone = _redocly(program, _written(contract, tmp_path / "one.har", 1))
        rival = f"{COUNT / max(_redocly(program, path) - alone, 1e-9):,.0f} a second"
    with capsys.disabled():
        print(f"\nHAR of {COUNT} entries: {', '.join(told)}; Redocly drift: {rival}")  # noqa: T201  the figure is the point
