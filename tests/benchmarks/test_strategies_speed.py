"""How fast strategies draw, as a ratio to one written by hand, and how well they shrink beside a peer's; printed.

The peer is asked when `ACCORD_SCHEMATHESIS` names a Python interpreter that has it.
"""

import json
import os
import runpy
import subprocess
import sys
import time
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from accord import loading
from accord.strategies import from_schema
from accord.validity import validation

HERE = Path(__file__).parent
CONTRACT = HERE.parents[1] / "schema" / "cekura_runs.openapi.yaml"
SEEDS = 20
FLOOR = 0.6  # 0.8 and more on a quiet machine; the ratio itself moves where others work


@pytest.fixture(scope="module")
def schemas():
    operation = loading.load(str(CONTRACT)).operations[0]
    return {"request": operation.body.content[0].schema, "response": operation.responses[0].content[0].schema}


def drawn_in(strategy, examples: int, number: int) -> tuple[float, list[object]]:
    """The seconds that so many examples take, and these."""
    found: list[object] = []

    @seed(number)
    @settings(
        max_examples=examples,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value):
        found.append(value)

    begun = time.process_time()
    draw()
    return time.process_time() - begun, found


@pytest.mark.benchmark
@pytest.mark.parametrize(("name", "examples"), [("request", 100), ("response", 30)])
def test_strategies_draw_nearly_as_fast_as_one_written_by_hand(schemas, capsys, name, examples):
    by_hand = runpy.run_path(str(HERE / "by_hand.py"))[name.upper()]
    ours = from_schema(schemas[name])
    times: dict[str, list[float]] = {"hand": [], "ours": []}
    sizes: dict[str, list[int]] = {"hand": [], "ours": []}
    for number in range(4):
        for which, strategy in (("hand", by_hand), ("ours", ours)):
            taken, values = drawn_in(strategy, examples, number)
            times[which].append(taken)
            sizes[which] += [len(json.dumps(value)) for value in values]
            assert all(validation.is_valid(schemas[name], value) for value in values)
    ratio = min(times["hand"]) / min(times["ours"])
    with capsys.disabled():
        print(  # noqa: T201  the figure is the point
            f"\n{name}: {ratio:.2f} of the examples a second of a strategy written by hand "
            f"({examples / min(times['ours']):,.0f}/s; {mean(sizes['ours']):,.0f} bytes against {mean(sizes['hand']):,.0f})"
        )
    assert ratio >= FLOOR


def raced(interpreter: str, engine: str, schema: Path, seeds: int):
    command = [interpreter, str(HERE / "shrinking_race.py"), engine, str(schema), str(seeds)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path) if engine == "accord" else ""}
    ended = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(ended.stdout)


@pytest.mark.benchmark
@pytest.mark.parametrize("seeds", [1, pytest.param(SEEDS, marks=pytest.mark.slow)])
def test_witnesses_shrink_smaller_and_in_fewer_calls_than_the_peers(schemas, tmp_path, capsys, seeds):
    schema = tmp_path / "request.json"
    names = ("RunRequest", "EvaluationStatus")
    definitions = {name: schemas["request"]["$defs"][name] for name in names}
    schema.write_text(json.dumps({**schemas["request"], "$defs": definitions}))
    ours = raced(sys.executable, "accord", schema, seeds)
    peer = os.environ.get("ACCORD_SCHEMATHESIS")
    theirs = raced(peer, "schemathesis", schema, seeds) if peer else {}
    calls, bytes_ = (
        sum(item[at] if at == 0 else len(item[at]) for runs in ours.values() for item in runs) for at in (0, 1)
    )
    told = f"{calls} calls, {bytes_} bytes"
    if theirs:
        others = [
            sum(item[0] for runs in theirs.values() for item in runs),
            sum(len(item[1]) for runs in theirs.values() for item in runs),
        ]
        told += f"; the peer {others[0]} calls, {others[1]} bytes"
    with capsys.disabled():
        print(f"\n{len(ours)} conditions, {seeds} seeds: {told}" + ("" if theirs else "; the peer: not measured"))  # noqa: T201  the figure is the point
    assert all(shown for runs in ours.values() for _, shown in runs)
    assert {shown for _, shown in ours["a digit in feedback"]} == {'{"feedback": "0"}'}
    if theirs and seeds == SEEDS:
        assert calls < others[0]
        assert bytes_ < others[1]
