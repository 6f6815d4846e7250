"""Lists are filled and asked, and the place of a new thing is looked at; what that brings forth can be seen again."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from accord.exchange import Exchange, Response
from accord.findings import Bound
from accord.fuzzing import listing, planning
from accord.fuzzing.asking import Limits
from accord.loading import load
from accord.reports import render
from accord.verbs.fuzz import FuzzOptions, fuzz
from accord.verbs.replay import ReplayOptions, replay

SHOP = Path(__file__).parents[1] / "shop"
OPERATIONS = ("listItems", "createItem", "getItem")


@pytest.fixture(scope="module")
def shop() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "shop_of_lists", SHOP / "shop" / "__init__.py", submodule_search_locations=[str(SHOP / "shop")]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["shop_of_lists"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def contract():
    return load(str(SHOP / "shop.yaml"))


@pytest.fixture(autouse=True)
def keys(shop, monkeypatch):
    for name, value in shop.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def test_a_list_is_filled_with_things_that_differ_and_asked_for_one_for_another_and_for_some(contract):
    chosen = tuple(item for item in contract.operations if item.operation_id in {"listItems", "createItem"})

    def cases(operation):
        steps = planning.planned(contract, operation, Limits(plan_requests=60), {}).steps
        return tuple(step.case for step in steps if step.case.valid)

    (sequence,) = listing.asked(chosen, {}, cases)
    items = [{"id": 1, "category": "books"}, {"id": 2, "category": "books"}, {"id": 3, "category": "games"}]
    body = json.dumps({"items": items, "total": 3}).encode()
    earlier: tuple[Exchange, ...] = ()
    for step in sequence.steps:
        case = step.case(earlier)
        answer = Response(status=200, headers=(("Content-Type", "application/json"),), body=body)
        earlier = (*earlier, Exchange(request=case.request, response=answer, case=case))
    made = [json.loads(item.request.body) for item in earlier[:3]]
    assert len({item["category"] for item in made}) == 3
    assert [item.request.url for item in earlier] == [
        "/items",
        "/items",
        "/items",
        "/items",
        "/items?limit=20",
        "/items?offset=0",
        "/items?sort=name",
        "/items?limit=1",
        *["/items"] * 3,
        "/items?limit=1&offset=1",
        "/items?limit=1",
        "/items?limit=1&offset=1",
        "/items?limit=2&offset=1",
        "/items?limit=50",
        "/items?category=books",
        "/items?sort=name",
        "/items?sort=price",
    ]


def found(contract, url: str):
    options = FuzzOptions(url=url, examples=0, plan_requests=30, operations=OPERATIONS)
    report = fuzz(contract, options)
    return report, [item for item in report.findings if item.severity != "note"]


def run(source: str) -> str:
    try:
        exec(compile(source, "program", "exec"), {"__name__": "program"})  # noqa: S102  it is what users run
    except AssertionError as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize(
    ("fault", "code", "steps"),
    [
        ("limit-ignored", "list-limit", ["GET /items?limit=1"]),
        ("category-ignored", "list-filter", ["GET /items?category=books"]),
        ("offset-ignored", "list-page", ["GET /items", "GET /items?limit=1&offset=1", "GET /items?limit=1", "GET /items?limit=1&offset=1"]),
        ("location-of-another", "location", ["POST /items", "GET /items/1"]),
    ],
)  # fmt: skip
def test_a_fault_of_a_list_or_a_place_is_found_with_a_small_witness_that_can_be_seen_again(
    shop, contract, fault, code, steps, tmp_path
):
    with shop.serving(fault) as url:
        report, findings = found(contract, url)
        assert [item.code for item in findings] == [code]
        witness = findings[0].witness
        assert [f"{step.method} {step.path}" for step in (*witness.before, witness.request)] == steps
        told = f"{findings[0].message}; promised: {findings[0].promise}"
        assert run(findings[0].reproduce.python) == told
        written = tmp_path / "report.json"
        written.write_text(render("json", report))
        assert [item.code for item in replay(written, ReplayOptions(url=url)).findings] == [code]
    with shop.serving() as honest:
        assert run(findings[0].reproduce.python.replace(url, honest)) == ""
        assert replay(written, ReplayOptions(url=honest)).findings == ()


def test_the_place_of_a_new_thing_is_followed_wherever_it_leads_now(shop, contract):
    with shop.serving("location-of-another") as url:
        (finding,) = found(contract, url)[1]
    assert finding.witness.request.bound == (Bound(segment=2, answer=0, pointer="Location/-1"),)
