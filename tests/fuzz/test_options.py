"""What the options of `fuzz` promise: a plan before anything is sent, limits, hooks, workers, several findings, an end."""

import importlib
import json
import re
import socket
from pathlib import Path

import pytest

from accord import service
from accord.cli import main
from accord.errors import AccordError, ConfigError
from accord.findings import exit_code
from accord.fuzzing import planning
from accord.fuzzing.things import foreseen
from accord.loading import load
from accord.strategies.plan import coverage, plan
from accord.verbs.fuzz import FuzzOptions, fuzz, outline

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def things():
    return load(str(HERE / "things.yaml"))


def command(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["fuzz", *arguments])
    shown = capsys.readouterr()
    return int(ended.value.code), shown.out, shown.err


def test_a_plan_is_printed_without_a_service_a_key_or_a_request(capsys, monkeypatch):
    monkeypatch.setattr(socket, "socket", None)
    code, out, err = command(
        capsys, str(HERE / "notes.yaml"), "--plan", "--url", "http://127.0.0.1:9", "--examples", "10"
    )
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0].startswith("POST /notes: ")
    assert "  body /text: plain text, empty text, one character, absent" in lines
    assert lines[-1].endswith(" requests planned for 1 operations, then sequences, and up to 10 at random")


def test_triples_take_more_requests_than_pairs():
    notes = load(str(HERE / "notes.yaml"))
    pairs, triples = (outline(notes, FuzzOptions(strength=strength))[-1] for strength in (2, 3))
    assert int(pairs.split()[0]) < int(triples.split()[0])


def test_what_the_plan_says_is_what_is_sent_and_all_of_it_is_covered(things):
    with service.running(things) as url:
        report = fuzz(things, FuzzOptions(url=url, examples=0))
    planned = int(outline(things, FuzzOptions())[-1].split()[0])
    assert (report.counts["plan"], "valid" in report.counts) == (planned, False)
    made = [
        plan(item, declared=[each.method for each in things.operations if each.path == item.path])
        for item in foreseen(things.operations, ())
    ]
    reached = [coverage(item, item.steps) for item in made]
    for name, seen, every in (
        ("partitions", "partitions", "all_partitions"),
        ("pairs", "combinations", "all_combinations"),
    ):
        shares = [sum(getattr(item, kind) for item in reached) for kind in (seen, every)]
        assert report.counts[name] == f"{shares[0]}/{shares[1]}"
    for name in ("request properties", "response properties"):
        seen, _, every = str(report.counts[name]).partition("/")
        assert (name, seen) == (name, every)


@pytest.mark.parametrize("text", ["fast", "GET /x=fast", "-1", "nan/s", "GET /x="])
def test_a_limit_that_is_no_number_is_said_so(capsys, text):
    code, out, err = command(capsys, str(HERE / "things.yaml"), "--rate", text)
    expected = f"accord: `--rate {text}` is no number; write it as `--rate N` or `--rate 'GET /path=N'`.\n"
    assert (code, out, err) == (2, "", expected)


def test_a_limit_of_an_operation_that_is_none_names_the_nearest(things):
    with pytest.raises(AccordError, match=r"has no operation `GET /thing/`; did you mean `.*/things/`\?"):
        fuzz(things, FuzzOptions(rates={"GET /thing/": 1.0}))


def test_the_budget_of_one_operation_leaves_the_others_theirs(things):
    with service.running(things) as url:
        report = fuzz(things, FuzzOptions(url=url, examples=0, budgets={"POST /things/": 3}))
    reasons = {(item.what, item.reason) for item in report.ledger.unchecked}
    spent = "its budget of 3 requests is spent: raise it with --max-requests 'POST /things/=N'"
    assert ("POST /things/", spent) in reasons
    assert report.counts["operations"] == "4/4"


def test_the_time_of_a_run_ends_it_and_is_named(things):
    with service.running(things) as url:
        report = fuzz(things, FuzzOptions(url=url, max_time=0.001))
    assert "the time is up: raise it with --max-time" in {item.reason for item in report.ledger.unchecked}
    assert report.counts["requests"] < 20


def test_no_plan_is_made_once_the_time_of_a_run_is_up(things, monkeypatch):
    made = []
    planned = planning.planned
    monkeypatch.setattr(planning, "planned", lambda *given: made.append(given[1].name) or planned(*given))
    with service.running(things) as url:
        fuzz(things, FuzzOptions(url=url, max_time=0.0))
    assert set(made) == {made[0]}  # the first is made before the clock begins


def test_a_run_ends_after_so_many_findings_each_made_small(contract, notes):
    report = fuzz(contract, FuzzOptions(url=notes("lenient").url, stop_after=2))
    assert exit_code(report) == 1
    assert len([item for item in report.findings if item.severity == "error"]) == 2
    assert "was not sent: 2 findings are enough, says --stop-after" in {item.reason for item in report.ledger.unchecked}


BARE = """
openapi: 3.1.0
info: {title: Rooms, version: "1"}
paths:
  /rooms:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {name: {type: string}, size: {type: integer}}}
      responses: {'200': {description: The room., content: {application/json: {schema: {type: object}}}}}
"""


def test_a_refusal_that_says_how_little_the_contract_says_is_no_finding_to_stop_after(tmp_path, told):
    (tmp_path / "rooms.yaml").write_text(BARE)

    def respond(method, path, kind, body):
        if method != "POST" or path != "/rooms":
            return 405, None
        try:
            room = json.loads(body)
        except ValueError:
            return 400, None
        if not isinstance(room, dict) or not isinstance(room.get("name"), str) or not room["name"]:
            return 400, None
        if type(room.get("size", 0)) is not int or "application/json" not in kind:
            return 400, None
        return (500, None) if room.get("size") == 2**31 else (200, {})

    report = fuzz(load(str(tmp_path / "rooms.yaml")), FuzzOptions(url=told(respond), stop_after=1))
    assert [item.code for item in report.findings if item.severity == "error"] == ["server-error"]
    assert "was not sent: 1 findings are enough, says --stop-after" in {item.reason for item in report.ledger.unchecked}


@pytest.fixture
def calls(monkeypatch):
    monkeypatch.syspath_prepend(str(HERE))
    prepared = importlib.import_module("prepared")
    prepared.calls.clear()
    return prepared.calls


GET = "GET /things/{thing_id}/"


def test_hooks_prepare_an_operation_give_it_values_and_clean_up_behind_it(things, calls):
    hooks = {GET: {"setup": "prepared:make", "cleanup": "prepared:remove"}}
    with service.running(things) as url:
        report = fuzz(things, FuzzOptions(url=url, operations=(GET,), examples=10, hooks=hooks, root=HERE))
    assert calls == ["made with 201", "removed with 204 after ['/things/1/']"]
    assert report.counts["response properties"] == "3/3"


def test_a_hook_that_raises_costs_its_operation_and_no_other(things, calls):
    hooks = {GET: {"setup": "prepared:fail"}, "POST /things/": {"cleanup": "prepared:fail"}}
    with service.running(things) as url:
        report = fuzz(things, FuzzOptions(url=url, examples=0, hooks=hooks, root=HERE))
    told = {(item.what, item.reason) for item in report.ledger.unchecked}
    assert (GET, "its setup hook raised LookupError: no database") in told
    assert ("POST /things/", "its cleanup hook raised LookupError: no database") in told
    assert (report.counts["operations"], calls) == ("3/4", [])


def test_a_hook_that_is_none_is_an_error_before_anything_is_sent(things):
    with pytest.raises(
        ConfigError, match=r"^The hook `nowhere:at_all` cannot be had: .*; name it as module:function\.$"
    ):
        fuzz(things, FuzzOptions(hooks={GET: {"setup": "nowhere:at_all"}}))


def test_what_was_seen_of_each_operation_is_told_where_there_are_several(capsys):
    code, out, _ = command(
        capsys,
        str(HERE / "things.yaml"),
        "--examples",
        "0",
        "--operation",
        "DELETE /things/{thing_id}/",
        "--operation",
        GET,
    )
    lines = [line for line in out.splitlines() if line.startswith(f"  {GET}: ")]
    assert code == 0
    assert len(lines) == 1
    assert re.fullmatch(
        r"partitions \d+/\d+, pairs \d+/\d+, response properties \d/3, statuses [\d (),]+", lines[0].partition(": ")[2]
    )


def test_workers_find_what_one_finds(contract, notes):
    found = [
        [item.identity for item in fuzz(contract, FuzzOptions(url=notes("crash").url, workers=workers)).findings]
        for workers in (1, 4)
    ]
    assert found[0] == found[1]


def test_what_a_plan_leaves_out_is_printed_and_stands_in_the_ledger(capsys, things):
    arguments = (str(HERE / "things.yaml"), "--plan", "--operation", "GET /things/{thing_id}/", "--plan-requests")
    code, out, _ = command(capsys, *arguments, "4")
    beyond = (
        "29 more requests of its plan are beyond 4 (plain 1, security 2, parameters 11, method 3, hostile 11, path 1)"
    )
    assert (code, out.splitlines()) == (
        0,
        [
            "GET /things/{thing_id}/: 4 requests (plain 1, pairs 1, hostile 1, parameters 1), 2 of 3 partitions, 2 of 3 pairs",
            "  path /thing_id: 1, 2, 3",
            f"  not planned: {beyond}",
            "4 requests planned for 1 operations, then sequences, and up to 100 at random",
        ],
    )
    assert "not planned" not in command(capsys, *arguments, "0")[1]
    report = fuzz(things, FuzzOptions(operations=("GET /things/{thing_id}/",), plan_requests=4, examples=0))
    assert report.counts["plan"] == 4
    assert [item.count for item in report.ledger.unchecked if item.reason == beyond] == [1]


def test_a_plan_is_printed_as_json_too_and_into_a_file(capsys, tmp_path):
    arguments = (str(HERE / "notes.yaml"), "--plan", "--format", "json", "--plan-requests", "20")
    code, out, err = command(capsys, *arguments)
    (told,) = json.loads(out)["plans"]
    (operation,) = told["operations"]
    assert (code, err, told["requests"], told["random"]) == (0, "", 20, 100)
    assert list(operation) == ["operation", "requests", "stages", "covered", "cut", "left_out", "places"]
    assert sum(operation["stages"].values()) == 20 < sum(operation["cut"].values())
    assert {"part": "body", "pointer": "", "partitions": ["object", "least object"]} in operation["places"]
    file = tmp_path / "plan.json"
    assert command(capsys, *arguments, "--output", str(file)) == (0, "", "")
    assert file.read_text() == out
    expected = "accord: `--plan` has no `--format junit`; write it as `text` or `json`.\n"
    assert command(capsys, *arguments, "--format", "junit") == (2, "", expected)


def test_few_requests_are_spent_on_the_plainest_of_many_operations(things):
    report = fuzz(things, FuzzOptions(max_requests=3, examples=0))
    assert (report.counts["operations"], report.counts["plan"]) == ("3/4", 3)
