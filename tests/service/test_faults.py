"""Each planted fault changes one thing, and `fuzz` catches it by exactly the check that is meant to."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from accord import checks, service
from accord.answering.admission import Incoming
from accord.answering.store import open_store
from accord.collection import collect
from accord.errors import AccordError
from accord.faults import Fault
from accord.loading import load
from accord.verbs.fuzz import FuzzOptions, fuzz

THINGS = Path(__file__).with_name("things.yaml")
KEY = {"X-CEKURA-API-KEY": "accord"}
JSON = {**KEY, "Content-Type": "application/json"}
OPTIONS = {"headers": (("X-CEKURA-API-KEY", "accord"),), "examples": 100}


ROW = {
    "first": ("POST", JSON, b'{"feedback": "a", "success": true}'),
    "second": ("POST", JSON, b'{"feedback": "b"}'),
    "quoted": ("POST", JSON, b'{"feedback": "\\""}'),
    "empty text": ("POST", JSON, b'{"feedback": ""}'),
    "wrong type": ("POST", JSON, b'{"feedback": 1}'),
    "undeclared": ("POST", JSON, b'{"id": 1}'),
    "keyless": ("POST", {}, b""),
    "get": ("GET", KEY, b""),
}


@pytest.fixture
def seen(session, path) -> Callable[[str], dict[str, tuple]]:
    """What a fixed row of requests gets at a URL: status, media type, `Allow`, body."""

    def ask(url: str) -> dict[str, tuple]:
        answers = {
            name: session.request(method, url + path, headers=headers, data=body)
            for name, (method, headers, body) in ROW.items()
        }
        return {
            name: (got.status_code, got.headers.get("Content-Type"), got.headers.get("Allow"), got.content)
            for name, got in answers.items()
        }

    return ask


FIRST = [
    "accepts-anything",
    "accepts-undeclared",
    "bare-refusal",
    "duplicate-key",
    "empty-body",
    "html-answer",
    "lost-write",
    "missing-required",
    "nan-value",
    "no-allow-header",
    "null-value",
    "open-door",
    "progress-id",
    "refuses-empty-text",
    "server-error",
    "spaced-date-time",
    "stale-answer",
    "truncated-json",
    "undocumented-property",
    "undocumented-status",
    "unknown-member",
    "wrong-type",
]

GOOD = {"first", "second", "quoted", "empty text"}
TOUCHED = {
    "accepts-anything": {"wrong type", "undeclared"},
    "accepts-undeclared": {"undeclared"},
    "bare-refusal": {"wrong type", "undeclared"},
    "no-allow-header": {"get"},
    "open-door": {"keyless"},
    "refuses-empty-text": {"empty text"},
    "server-error": {"quoted"},
    "stale-answer": {"second", "quoted", "empty text"},
}


@pytest.mark.parametrize("name", FIRST)
def test_a_fault_touches_the_answers_it_is_about_and_no_others(name, start, runs, runs_url, seen):
    honest = seen(runs_url)
    faulty = seen(start(runs, fault=name))
    assert {key for key in honest if honest[key] != faulty[key]} == TOUCHED.get(name, GOOD)


def changed(honest: tuple, faulty: tuple) -> dict:
    """The properties of the answer that a fault changed, as they are now."""
    before, after = json.loads(honest[3]), json.loads(faulty[3])
    return {name: after.get(name, "gone") for name in before.keys() | after.keys() if before.get(name) != after.get(name, "gone")}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("wrong-type", {"id": "4711"}),
        ("null-value", {"id": None}),
        ("missing-required", {"agent": "gone"}),
        ("unknown-member", {"status": "superseded"}),
        ("undocumented-property", {"debug_trace": "7f3a"}),
        ("spaced-date-time", {"timestamp": "2026-01-15 09:30:00Z"}),
        ("lost-write", {"feedback": "as it was"}),
    ],
)
def test_a_fault_of_one_property_changes_that_property_alone(name, change, start, runs, runs_url, seen):
    honest = seen(runs_url)["first"]
    faulty = seen(start(runs, fault=name))["first"]
    assert changed(honest, faulty) == change
    assert faulty[:3] == honest[:3]


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        ("progress-id", "first", (200, "application/json", None, b'{"progress_id": "6f1c1b3e-8f0a-4c59-9d52-0f4f7f5b2a11"}')),
        ("html-answer", "first", (200, "text/html", None, b"<!doctype html><title>Welcome</title>")),
        ("empty-body", "first", (200, None, None, b"")),
        ("server-error", "quoted", (500, "application/json", None, b'{"error": "internal"}')),
        ("refuses-empty-text", "empty text", (400, "application/json", None, b'{"non_field_errors": ["The request is refused."]}')),
        ("bare-refusal", "wrong type", (400, "application/json", None, b'["refused"]')),
        ("no-allow-header", "get", (405, "application/json", None, b'{"detail": "The method GET is not allowed here."}')),
    ],
)  # fmt: skip
def test_a_fault_of_the_whole_answer_is_seen_at_once(name, answer, expected, start, runs, seen):
    assert seen(start(runs, fault=name))[answer] == expected


def test_an_undocumented_status_comes_with_the_documented_body(start, runs, runs_url, seen):
    honest = seen(runs_url)["first"]
    faulty = seen(start(runs, fault="undocumented-status"))["first"]
    assert faulty == (202, *honest[1:])


@pytest.mark.parametrize(
    ("name", "start_of_body"),
    [("nan-value", b'{"id": NaN, "provider_call_id"'), ("duplicate-key", b'{"id": 4711, "id": 4711, "provider_call_id"')],
)  # fmt: skip
def test_broken_json_breaks_at_its_first_property(name, start_of_body, start, runs, seen):
    body = seen(start(runs, fault=name))["first"][3]
    assert body[: len(start_of_body)] == start_of_body


def test_truncated_json_lacks_its_last_character(start, runs, runs_url, seen):
    honest = seen(runs_url)["first"][3]
    assert seen(start(runs, fault="truncated-json"))["first"][3] == honest[:-1]


BESIDE = {"stale-answer": {"repeatability"}}
"""What else a fault may break: the answer to another request differs from the one before."""


@pytest.mark.parametrize("name", FIRST)
def test_fuzz_catches_each_fault_by_exactly_the_check_meant_for_it(name, start, runs):
    report = fuzz(runs, FuzzOptions(url=start(runs, fault=name), **OPTIONS))
    codes = {finding.code for finding in report.findings if finding.severity != "note"}
    assert codes - BESIDE.get(name, set()) == {service.faults()[name].check}


@pytest.mark.parametrize("seed", range(5))
def test_fuzz_finds_nothing_on_the_honest_service(seed, runs, runs_url):
    report = fuzz(runs, FuzzOptions(url=runs_url, seed=seed, **OPTIONS))
    shown = [finding for finding in report.findings if finding.severity != "note"]
    assert (shown, report.unreachable, report.ledger.nothing_checked) == ([], "", False)


def test_every_fault_names_a_check_that_there_is():
    assert {fault.check for fault in service.faults().values()} <= checks.declared().keys()


FORM = {**KEY, "Content-Type": "application/x-www-form-urlencoded"}
PARTS = {**KEY, "Content-Type": "multipart/form-data; boundary=b"}
ODD = [
    "",
    " a ",
    "\u0000",
    "\U0001f600",
    "e\u0301",
    "a" * 300,
    "a" * 2000,
    "50 %",
    "{{a}}",
    "\r\n",
    "\t",
    "<b>",
    "a\\b",
]
MORE = {
    **{
        f"text {value[:9]!r}": ("POST", JSON, json.dumps({"feedback": value, "error_message": value}).encode())
        for value in ODD
    },
    **{
        f"{prefix}{name}": ("POST", {**JSON, "X-CEKURA-API-KEY": f"{prefix}{name}"}, b"{}")
        for prefix, name in (("", ""), ("", "acc"), ("", "ACCORD"), ("", "accords"))
    },
    "umlaut": ("POST", JSON, '{"feedback": "\u00e4"}'.encode()),
    "half": ("POST", JSON, b'{"feedback": "\\ud800"}'),
    "members": ("POST", JSON, b'{"evaluation_status": "failure", "is_reviewed": false, "success": false}'),
    "last member": ("POST", JSON, b'{"evaluation_status": "reviewed_failure"}'),
    "both": ("POST", JSON, b'{"is_reviewed": true, "success": true}'),
    "capital": ("POST", JSON, b'{"evaluation_status": "FAILURE"}'),
    "padded": ("POST", JSON, b'{"evaluation_status": "failure "}'),
    "flag as text": ("POST", JSON, b'{"success": "true"}'),
    "flag as number": ("POST", JSON, b'{"success": 1}'),
    "null": ("POST", JSON, b'{"feedback": null}'),
    "nothing": ("POST", JSON, b"{}"),
    "form": ("POST", FORM, b"feedback=a+b"),
    "parts": ("POST", PARTS, b'--b\r\nContent-Disposition: form-data; name="feedback"\r\n\r\na\n\r\n--b--\r\n'),
    "csv": ("POST", {**KEY, "Content-Type": "text/csv"}, b"{}"),
    "charset": ("POST", {**KEY, "Content-Type": "application/json; charset=utf-8"}, b"{}"),
    "broken": ("POST", JSON, b'{"feedback": "\xff"}'),
    "trailing": ("POST", JSON, b"{} x"),
    "NaN": ("POST", JSON, b'{"feedback": NaN}'),
    "cut": ("POST", JSON, b"{"),
    "put": ("PUT", JSON, b"{}"),
    "bare": ("POST", KEY, b""),
    "again": ("POST", JSON, b"{}"),
}  # fmt: skip


def replies_of(contract, database: Path, fault: str | None) -> dict[str, str]:
    """What a row of telling requests is answered, without a wire between."""
    planted = service.faults()[fault] if fault else None
    with closing(open_store(database)) as memory:
        house = service._House(contract=contract, memory=memory, keys=service._keys(contract), fault=planted)
        found = {}
        for name, (method, headers, body) in {**ROW, **MORE, "ninth": ROW["first"]}.items():
            for query in ("", "X-CEKURA-API-KEY=accord&utm=1") if name in {"keyless", "first"} else ("",):
                pairs = tuple(headers.items())
                asked = Incoming(method=method, path=contract.operations[0].path, query=query, headers=pairs, body=body)
                found[f"{name} {query}"] = repr(service.respond(house, asked))
        return found


def test_each_fault_that_fits_the_first_contract_changes_what_it_answers(runs, tmp_path):
    honest = replies_of(runs, tmp_path / "honest.sqlite", None)
    fitting = [name for name, fault in service.faults().items() if fault.fits(runs.operations[0])]
    same = [name for name in fitting if replies_of(runs, tmp_path / f"{name}.sqlite", name) == honest]
    assert (len(fitting) >= 60, same) == (True, [])


def test_there_are_at_least_sixty_faults_and_each_says_who_breaks():
    documented = {name: item.doc for name, item in collect("accord.faults", "FAULT", Fault).items()}
    assert len(documented) >= 60
    assert [name for name, doc in documented.items() if "\n\nWho breaks: " not in doc or "Real life: " not in doc] == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("progres-id", "no fault is named `progres-id`; did you mean `progress-id`?"),
        ("?", "no fault is named `?`; `accord explain` lists them."),
    ],
)
def test_a_fault_that_nobody_knows_is_told_with_the_nearest_name(name, sentence, start, runs):
    with pytest.raises(AccordError) as told:
        start(runs, fault=name)
    assert str(told.value) == sentence


def test_a_fault_that_can_show_nowhere_is_told(start):
    contract = load(str(THINGS), operations=["GET /things/export"])
    with pytest.raises(AccordError) as told:
        start(contract, fault="progress-id")
    assert str(told.value) == f"{THINGS}: the fault `progress-id` can show in no operation; plant another."


@pytest.mark.parametrize("seed", range(2))
def test_fuzz_finds_no_error_on_the_honest_service_of_a_contract_with_state(seed, things, things_url, monkeypatch):
    monkeypatch.setenv("LOGIN_BASIC", "accord:accord")
    operations = tuple(item.name for item in things.operations if item.path != "/impossible")
    report = fuzz(things, FuzzOptions(url=things_url, seed=seed, operations=operations, examples=30))
    errors = [(finding.operation, finding.code, finding.message) for finding in report.findings if finding.severity == "error"]  # fmt: skip
    assert (errors, report.ledger.nothing_checked) == ([], False)
