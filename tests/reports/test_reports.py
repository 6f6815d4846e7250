"""What a report says in each format."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from accord.errors import AccordError
from accord.findings import Ledger, Report, Unchecked
from accord.reports import declared, render

GOLDENS = Path(__file__).parent / "goldens"


def test_text_says_for_each_finding_what_is_what_was_promised_and_how_to_see_it_again(report):
    assert render("text", report) == (GOLDENS / "report.txt").read_text()


def test_json_is_version_1_of_the_format(report):
    assert render("json", report) == (GOLDENS / "report.json").read_text()


def test_json_holds_these_keys_and_notes_where_there_are_any(report):
    written = json.loads(render("json", report))
    assert list(written) == ["accord", "verb", "exit", "findings", "ledger", "counts"]
    keys = "code severity message operation status pointer fingerprint location witness reproduce count"
    assert [list(finding) for finding in written["findings"]] == [[*keys.split(), "notes"], keys.split()]
    assert json.loads(render("json", replace(report, notes=("The key is known.",))))["notes"] == ["The key is known."]


@pytest.mark.parametrize("name", sorted(declared()))
def test_no_format_lets_a_control_character_of_an_answer_through(report, name):
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", render(name, report)) == []


def test_colours_only_add_escapes(report):
    coloured = render("text", report, colour=True)
    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == render("text", report)


@pytest.mark.parametrize(
    ("changes", "summary"),
    [
        ({"findings": ()}, "fuzz: nothing broken"),
        ({"findings": (), "ledger": Ledger()}, "fuzz: nothing was checked"),
        ({}, "fuzz: 1 error, 1 warning"),
        ({"interrupted": True}, "fuzz: 1 error, 1 warning; interrupted"),
        ({"unreachable": "nobody is there"}, "fuzz: 1 error, 1 warning; unreachable: nobody is there"),
    ],
)
def test_the_summary_says_how_the_run_ended(report, changes, summary):
    lines = render("text", replace(report, **changes, counts={})).splitlines()
    assert lines[-1] == summary


@pytest.mark.parametrize(
    ("changes", "fail_on", "expected"),
    [
        ({}, ("error",), 1),
        ({}, ("never",), 0),
        ({"interrupted": True}, ("error",), 130),
        ({"unreachable": "x"}, ("error",), 3),
        ({"findings": ()}, ("error",), 0),
        ({"findings": ()}, ("unchecked",), 1),
    ],
)
def test_json_says_the_exit_code(report, changes, fail_on, expected):
    assert json.loads(render("json", replace(report, **changes), fail_on=fail_on))["exit"] == expected


def test_an_unknown_format_names_the_nearest():
    with pytest.raises(AccordError, match=r"^There is no report format `jsn`; use json\.$"):
        render("jsn", Report(verb="fuzz"))


def test_the_figures_of_many_operations_are_cut_and_counted():
    counts = {"operations": 30, **{f"GET /{number}": "statuses 200 (1)" for number in range(30)}}
    report = Report(verb="fuzz", ledger=Ledger(checked={"cases": 1}), counts=counts)
    lines = render("text", report).splitlines()
    assert lines[:2] == ["fuzz: nothing broken", "  operations 30"]
    assert lines[2:22] == [f"  GET /{number}: statuses 200 (1)" for number in range(20)]
    assert lines[22:] == ["  and 10 operations more, all in `--format json`"]


def test_places_of_one_file_with_one_reason_stand_in_one_line():
    places = ("a.har:1", "a.har:2", "a.har:3", "a.har:7", "b.har:4", "GET /a:b", "a:b")
    entries = [Unchecked(what=what, reason="no JSON") for what in places]
    entries += [Unchecked(what="a.har", reason="no JSON; not listed one by one", count=80)]
    entries += [Unchecked(what=f"a.har:{number}", reason="no request") for number in (8, 9)]
    text = render("text", Report(verb="verify", ledger=Ledger(checked={"response-body": 1}, unchecked=tuple(entries))))
    assert text.splitlines() == [
        "not checked",
        "  a.har:1-3, 7: no JSON",
        "  b.har:4: no JSON",
        "  GET /a:b: no JSON",
        "  a:b: no JSON",
        "  a.har: no JSON; not listed one by one (80 times)",
        "  a.har:8-9: no request",
        "",
        "verify: nothing broken",
    ]
