"""Witnesses sent again: what still holds, what does not, and what a report can not make anybody send."""

import json
import sys
from pathlib import Path

import pytest

from accord import cli, reports
from accord.errors import AccordError
from accord.findings import exit_code
from accord.loading import load
from accord.verbs.fuzz import FuzzOptions, fuzz
from accord.verbs.replay import ReplayOptions, from_json, replay

sys.path.append(str(Path(__file__).parents[1] / "handmade"))
from service import serving

sys.path.pop()
RUNS = Path(__file__).parents[2] / "schema" / "cekura_runs.openapi.yaml"


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("CEKURA_API_KEY", "accord")


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """What fuzz wrote of a service that answers a wrong type, and one that loses what is written."""
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CEKURA_API_KEY", "accord")
        for fault in ("wrong-type", "refuses-empty-text"):
            with serving(fault) as url:
                shown = fuzz(load(str(RUNS)), FuzzOptions(url=url, examples=60))
            found += json.loads(reports.render("json", shown))["findings"]
    path = tmp_path_factory.mktemp("replay") / "report.json"
    path.write_text(json.dumps({"accord": 1, "verb": "fuzz", "exit": 1, "findings": found, "ledger": [], "counts": {}}))
    return path


def changed(report: Path, folder: Path, **changes: object) -> Path:
    """The report with only its first finding, parts of its request replaced."""
    data = json.loads(report.read_text())
    first = data["findings"][0]
    first["witness"]["request"] |= changes
    data["findings"] = [first]
    written = folder / "changed.json"
    written.write_text(json.dumps(data))
    return written


def test_what_still_holds_is_found_again_under_the_same_fingerprint(report):
    known = {item["fingerprint"]: item["code"] for item in json.loads(report.read_text())["findings"]}
    assert set(known.values()) == {"response-body", "valid-refused"}
    with serving("wrong-type") as url:
        again = replay(report, ReplayOptions(url=url))
    assert {item.fingerprint: item.code for item in again.findings} == {
        key: code for key, code in known.items() if code == "response-body"
    }
    gone = [item for item in json.loads(report.read_text())["findings"] if item["code"] == "valid-refused"]
    assert (exit_code(again), again.counts["still hold"], again.counts["hold no more"]) == (1, 1, len(gone))
    assert list(again.notes) == [
        f"holds no more: {item['code']} {item['operation']} {item['pointer']} [{item['fingerprint']}]" for item in gone
    ]
    assert url in again.findings[0].reproduce.curl


def test_nothing_holds_where_the_service_is_mended(report):
    with serving() as url:
        again = replay(report, ReplayOptions(url=url))
    assert (exit_code(again), again.findings, again.ledger.unchecked) == (0, (), ())
    assert dict(again.ledger.checked) == {"witnesses": len(json.loads(report.read_text())["findings"])}


def test_the_command_says_what_holds(report, capsys):
    with serving("wrong-type") as url:
        assert cli._run(["replay", str(report), "--url", url, "--format", "json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert [from_json(item).code for item in shown["findings"]] == ["response-body"]


def test_a_secret_that_is_not_in_the_environment_is_asked_for(report, monkeypatch):
    monkeypatch.delenv("CEKURA_API_KEY")
    with serving() as url, pytest.raises(AccordError, match="`CEKURA_API_KEY` is not set"):
        replay(report, ReplayOptions(url=url))


def test_a_service_that_is_not_there_is_unreachable(report):
    again = replay(report, ReplayOptions(url="http://127.0.0.1:9"))
    assert (exit_code(again), again.ledger.nothing_checked) == (3, True)


@pytest.mark.parametrize(
    ("path", "sent"), [("http://elsewhere.invalid/", False), ("elsewhere", False), ("//elsewhere.invalid/x", True)]
)
def test_no_host_is_taken_from_a_report(report, tmp_path, path, sent):
    with serving() as url:
        again = replay(changed(report, tmp_path, path=path), ReplayOptions(url=url))
    assert (again.counts["requests"], again.findings) == (int(sent), ())


def test_a_host_header_of_a_report_is_not_sent(report):
    data = json.loads(report.read_text())["findings"][0]
    data["witness"]["request"]["headers"].append(["HOST", "elsewhere.invalid"])
    assert "host" not in {name.lower() for name, _ in from_json(data).witness.request.headers}


@pytest.mark.parametrize(
    ("changes", "allow", "reason"),
    [
        ({}, (), "permit it with --allow"),
        ({}, ("POST /test_framework/v1/runs/improve_prompt_bg/",), ""),
        ({}, ("/test_framework/v1/runs/improve_prompt_bg/",), ""),
        ({"path": "/other"}, ("POST /test_framework/v1/runs/improve_prompt_bg/",), "permit it with --allow"),
        ({"path": "/other", "method": "GET"}, (), ""),
    ],
)
def test_another_machine_is_only_asked_what_is_allowed(report, tmp_path, monkeypatch, changes, allow, reason):
    monkeypatch.setattr("accord.network.wire.is_loopback", lambda _address: False)
    with serving() as url:
        again = replay(changed(report, tmp_path, **changes), ReplayOptions(url=url, allow=allow, rate=0))
    assert again.counts["requests"] == (0 if reason else 1)
    assert all(reason in entry.reason for entry in again.ledger.unchecked)


def test_a_damaged_finding_is_named_and_the_others_are_sent(report, tmp_path):
    data = json.loads(report.read_text())
    data["findings"] += [
        {},
        7,
        {**data["findings"][0], "replay": None},
        {**data["findings"][0], "replay": {"claim": 1}},
    ]
    unknown = json.loads(json.dumps(data["findings"][0]))
    unknown["replay"]["claim"]["kind"] = "new"
    data["findings"].append(unknown)
    written = tmp_path / "damaged.json"
    written.write_text(json.dumps(data))
    with serving() as url:
        again = replay(written, ReplayOptions(url=url))
    assert again.ledger.checked["witnesses"] == len(data["findings"]) - 5
    assert [(entry.reason, entry.count) for entry in again.ledger.unchecked] == [
        ("is damaged (KeyError)", 2),
        ("is damaged (AttributeError)", 1),
        ("the report holds no request that shows it", 1),
        ("claims of kind `new` are not known here", 1),
    ]


@pytest.mark.parametrize("text", ["", "[]", '{"accord": 2, "findings": []}', "[" * 100_000])
def test_a_file_that_is_no_report_is_told_so(tmp_path, text):
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(AccordError, match="is no report of accord in JSON: write one with --format json --output FILE"):
        replay(path, ReplayOptions(url="http://127.0.0.1:9"))
