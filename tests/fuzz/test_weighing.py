"""`verify` weighs the exchanges that `fuzz` sent as `fuzz` did: same causes, same places, same severity."""

import importlib.util
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from accord import service
from accord.findings import Report
from accord.loading import load
from accord.verbs.fuzz import FuzzOptions, fuzz
from accord.verbs.verify import verify

TESTS = Path(__file__).parents[1]
SHOP = TESTS / "shop" / "shop.yaml"
RUNS = TESTS.parent / "schema" / "cekura_runs.openapi.yaml"


def module(name: str, path: Path):
    spec = importlib.util.spec_from_file_location(
        name, path, submodule_search_locations=[str(path.parent)] if path.name == "__init__.py" else None
    )
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found
    spec.loader.exec_module(found)
    return found


def weighed(report: Report) -> set[tuple[str, ...]]:
    """What is told, but for how slow an answer is among others: a recording does not have the times of all before it."""
    return {(*item.identity, str(item.severity)) for item in report.findings if item.code != "response-time"}


def both(contract, url: str, tmp_path: Path, **options) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    path = tmp_path / "sent.ndjson"
    searched = fuzz(contract, FuzzOptions(url=url, examples=10, record=path, **options))
    return weighed(verify(contract, [str(path)])), weighed(searched)


def test_a_service_that_lags_and_draws_anew_is_no_more_broken_in_its_recording_than_it_was(tmp_path):
    diary = module("diary", TESTS / "honest" / "diary.py")
    with diary.serving() as url:
        again, searched = both(load(str(TESTS / "honest" / "diary.yaml")), url, tmp_path, plan_requests=60)
    assert again == searched
    assert {(code, severity) for code, *_, severity in again} >= {("read-back", "warning")}
    assert "error" not in {severity for *_, severity in again}


@pytest.mark.parametrize("fault", ["", "accepts-anything", "crash-on-null-character", "refuses-empty-text"])
def test_a_cause_in_an_embedded_service_is_placed_where_the_search_placed_it(tmp_path, monkeypatch, fault):
    monkeypatch.setenv("CEKURA_API_KEY", "accord")
    contract = load(str(RUNS))
    with service.running(contract, fault=fault or None) as url:
        again, searched = both(contract, url, tmp_path, plan_requests=60)
    assert again == searched
    assert bool(searched) == bool(fault)


@pytest.mark.parametrize(
    "fault",
    ["price-as-text", *(pytest.param(name, marks=pytest.mark.slow) for name in ("", "no-challenge", "takes-nan"))],
)
def test_what_a_shop_forgets_or_gets_wrong_weighs_the_same_in_its_recording(tmp_path, monkeypatch, fault):
    shop = module("shop", TESTS / "shop" / "shop" / "__init__.py")
    for name, value in shop.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:
        url = stack.enter_context(shop.serving(fault))
        again, searched = both(load(str(SHOP)), url, tmp_path, plan_requests=20)
    assert again == searched
    assert bool(searched) == bool(fault)
