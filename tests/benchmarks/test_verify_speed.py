"""How fast bare bodies are verified, as a ratio to parsing the same lines; printed, and held to a floor on any machine."""

import json
import runpy
import time
from pathlib import Path

import msgspec
import pytest

from accord import loading
from accord.acceptance import accepts
from accord.verbs.verify import VerifyOptions, verify

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lines():
    return runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))["lines"]


@pytest.fixture(scope="module")
def contract():
    return loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))


def _best(work) -> float:
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def _all(work, bodies) -> None:
    for body in bodies:
        work(body)


def _parser():
    try:
        import orjson
    except ImportError:
        return "json", json.loads
    return "orjson", orjson.loads


@pytest.mark.benchmark
def test_the_filter_judges_about_as_fast_as_bodies_are_parsed(contract, lines, capsys):
    bodies = list(lines(2000, 0.0))
    schema = contract.operations[0].responses[0].content[0].schema
    name, parse = _parser()
    parsing = _best(lambda: _all(parse, bodies))
    ratios = {}
    for closed in (False, True):
        taken = accepts(schema, closed=closed)
        assert all(map(taken, bodies))
        ratios[closed] = parsing / _best(lambda taken=taken: _all(taken, bodies))
    plain = parsing / _best(lambda: _all(msgspec.json.decode, bodies))
    with capsys.disabled():
        print(f"\nfilter / {name}: open {ratios[False]:.2f}, closed {ratios[True]:.2f}, untyped {plain:.2f}")  # noqa: T201  the figure is the point
    assert ratios[True] > 0.3


@pytest.mark.benchmark
@pytest.mark.parametrize("percent", [0.0, 0.5, 5.0])
def test_verify_of_bare_bodies_stays_near_parsing(contract, lines, capsys, tmp_path, percent):
    path = tmp_path / "runs.ndjson"
    path.write_bytes(b"".join(lines(4000, percent)))
    name, parse = _parser()

    def read():
        with path.open("rb") as file:
            for line in file:
                parse(line)

    parsing = _best(read)
    begun = time.perf_counter()
    report = verify(contract, [str(path)], VerifyOptions(operation="improve_prompt_bg"))
    ratio = parsing / (time.perf_counter() - begun)
    with capsys.disabled():
        print(f"\nverify of 4,000 bodies, {percent} % broken / {name}: {ratio:.2f}")  # noqa: T201  the figure is the point
    assert report.counts["matched"] == 4000
    assert percent > 0 or ratio > 0.25
