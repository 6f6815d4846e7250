"""The verdicts of parts, merged in their order, are those of the whole, however it is split."""

import pickle
import random
import runpy
from pathlib import Path

import pytest

from accord import baseline, loading
from accord.exchange import Exchange, Request, Response
from accord.recordings import Damaged
from accord.verifying import tallies, verdicts

ROOT = Path(__file__).parents[2]
NAME = "improve_prompt_bg"


@pytest.fixture(scope="module")
def contract():
    return loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))


@pytest.fixture(scope="module")
def lines():
    drawn = runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))["lines"](60, 40.0)
    return [*enumerate(drawn, 1), (61, b"{"), (62, b"\n"), Damaged(source="runs.ndjson", reason="ends early")]


def _parts(draw, items):
    cuts = sorted(draw.sample(range(len(items) + 1), 3))
    return [items[low:high] for low, high in zip([0, *cuts], [*cuts, len(items)], strict=True)]


def _exchanges(contract, lines):
    path = contract.operations[0].path
    for item in lines:
        if isinstance(item, Damaged):
            yield item
            continue
        number, line = item
        yield Exchange(
            request=Request(method="POST", url=path if number % 7 else "/elsewhere"),
            response=Response(status=200, headers=(("Content-Type", "application/json"),), body=line),
            source=f"runs.har:{number}",
        )


@pytest.mark.parametrize("seed", range(3))
def test_lines_split_anywhere_merge_to_the_serial_report(contract, lines, seed):
    whole = verdicts.of_bodies(contract, NAME, 200, "runs.ndjson", lines)
    parts = [
        pickle.loads(pickle.dumps(verdicts.of_bodies(contract, NAME, 200, "runs.ndjson", part)))  # noqa: S301  made here
        for part in _parts(random.Random(seed), lines)
    ]
    assert verdicts.merged(parts) == whole
    assert verdicts.reported(contract, verdicts.merged(parts), 1) == verdicts.reported(contract, whole, 1)
    assert len(whole.seen) > 5


@pytest.mark.parametrize("seed", range(3))
def test_exchanges_split_anywhere_merge_to_the_serial_report(contract, lines, seed):
    items = list(_exchanges(contract, lines))
    whole = verdicts.of_exchanges(contract, items)
    parts = [verdicts.of_exchanges(contract, part) for part in _parts(random.Random(seed), items)]
    assert verdicts.merged(parts) == whole
    assert verdicts.reported(contract, verdicts.merged(parts), 1) == verdicts.reported(contract, whole, 1)


@pytest.mark.parametrize("seed", range(3))
def test_of_places_that_the_contract_lacks_as_many_are_listed_as_one_reads_and_the_others_counted(contract, seed):
    draw = random.Random(seed)
    words = [f"{one}{other}" for one in "abcdefghijkl" for other in "mnopqrstuvw"]
    server = contract.servers[0].rstrip("/")
    urls = [f"{server}/{word}" for word in words] + [f"https://{word}.example/" for word in words[:9]]
    items = [Exchange(request=Request(method="GET", url=draw.choice(urls)), response=None) for _ in range(1500)]
    whole = verdicts.of_exchanges(contract, items)
    assert verdicts.merged(verdicts.of_exchanges(contract, part) for part in _parts(draw, items)) == whole
    entries = verdicts.reported(contract, whole, 1).ledger.unchecked
    assert sum(entry.count for entry in entries) == 1500
    assert len(entries) == tallies.STRAYS + 1 + 9
    told = {entry.reason: entry.count for entry in entries}
    assert told["the contract has no such path: `…`; not listed one by one"] > 800
    for entry in entries:
        wanted = [url for url in urls if entry.reason.endswith(f": `{url.removeprefix('https://api.cekura.ai')}`")]
        assert not wanted or entry.count == sum(item.request.url == wanted[0] for item in items)


def test_a_part_that_knows_no_line_numbers_is_moved_to_its_place(contract, lines):
    whole = verdicts.of_bodies(contract, NAME, 200, "runs.ndjson", lines)
    first = verdicts.of_bodies(contract, NAME, 200, "runs.ndjson", lines[:40])
    rest = [item if isinstance(item, Damaged) else (item[0] - 40, item[1]) for item in lines[40:]]
    second = verdicts.moved(verdicts.of_bodies(contract, NAME, 200, "runs.ndjson", rest), 40)
    assert verdicts.reported(contract, verdicts.merged([first, second]), 1) == verdicts.reported(contract, whole, 1)


def test_an_accepted_finding_is_pruned_where_its_check_was_held_again_and_found_nothing(contract, lines):
    def report(*bodies):
        lines = list(enumerate(bodies, 1))
        return verdicts.reported(contract, verdicts.of_bodies(contract, NAME, 200, "runs.ndjson", lines), 1)

    entries = baseline.updated(report(b'{"id": "a"}'), (), reason="known")
    assert {(entry.verb, entry.operation) for entry in entries} == {("verify", contract.operations[0].name)}
    assert "response-body" in {entry.code for entry in entries}
    assert baseline.pruned(report(b'{"id": "b"}'), entries) == entries
    assert baseline.pruned(report(), entries) == entries
    clean = next(line for _, line in lines[:60] if not report(line).findings)
    assert "response-body" not in {entry.code for entry in baseline.pruned(report(clean), entries)}
