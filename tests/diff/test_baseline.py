"""Accepted findings: said once, with a reason, until a day."""

import datetime as dt
from dataclasses import replace

import pytest

from accord import baseline
from accord.baseline import Accepted
from accord.errors import AccordError
from accord.findings import Finding, Report, Severity

FINDING = Finding(code="bounds", severity=Severity.ERROR, message="m", verdict="breaking")
REPORT = Report(verb="diff", findings=(FINDING,), verdict="breaking")
TODAY = dt.date(2026, 1, 2)


def accepted(**changes):
    return Accepted(fingerprint=FINDING.fingerprint, reason="agreed", **changes)


def test_an_accepted_finding_is_a_note_and_no_longer_decides():
    report = baseline.apply(REPORT, (accepted(ticket="T-1", expires=TODAY),), today=TODAY)
    (finding,) = report.findings
    assert (report.verdict, finding.severity, finding.verdict) == ("compatible", Severity.NOTE, "accepted")
    assert finding.notes == ("accepted (T-1): agreed",)


def test_an_expired_entry_accepts_nothing():
    report = baseline.apply(REPORT, (accepted(expires=dt.date(2026, 1, 1)),), today=TODAY)
    assert (report.verdict, report.findings[0].severity) == ("breaking", Severity.ERROR)
    assert report.findings[0].notes == ("accepted until 2026-01-01, which is over: agreed",)


def test_an_expired_entry_fails_also_where_its_finding_alone_does_not():
    warned = replace(REPORT, findings=(replace(FINDING, severity=Severity.WARNING, verdict="undecided"),))
    report = baseline.apply(warned, (accepted(expires=dt.date(2026, 1, 1)),), today=TODAY)
    assert [item.severity for item in report.findings] == [Severity.ERROR]


def test_an_expired_entry_whose_finding_was_looked_for_and_is_gone_is_named():
    looked = replace(REPORT, observed=frozenset({("", "")}))
    gone = Accepted(fingerprint="gone", reason="r", verb="diff", expires=dt.date(2026, 1, 1))
    assert baseline.apply(REPORT, (gone,), today=TODAY) == REPORT
    report = baseline.apply(looked, (gone, replace(gone, fingerprint="else", operation="GET /runs")), today=TODAY)
    assert [(item.code, item.severity, item.message) for item in report.findings[1:]] == [
        (
            "accepted-expired",
            Severity.WARNING,
            "`gone` was accepted until 2026-01-01 and is not found any more; remove it with `--prune`.",
        )
    ]


def test_what_is_written_is_read_again(tmp_path):
    path = tmp_path / baseline.NAME
    entries = (
        Accepted(fingerprint="a", reason='say "so"\n\x7fü😀'),
        Accepted(fingerprint="b", reason="r", verb="diff", operation="GET /a", ticket="T", expires=TODAY),
    )
    path.write_text(baseline.written(entries), encoding="utf-8")
    assert baseline.read(path) == entries


def test_no_file_accepts_nothing(tmp_path):
    assert baseline.read(tmp_path / baseline.NAME) == ()


def test_updating_adds_what_is_new_with_where_it_was_found():
    entries = baseline.updated(REPORT, (Accepted(fingerprint="gone", reason="r"),), reason="agreed")
    assert entries == (Accepted(fingerprint="gone", reason="r"), accepted(verb="diff", code="bounds"))


def test_what_was_looked_for_and_not_found_is_pruned_and_nothing_else():
    entries = (
        accepted(verb="diff"),
        Accepted(fingerprint="gone", reason="r", verb="diff"),
        Accepted(fingerprint="elsewhere", reason="r", verb="diff", operation="GET /runs"),
        Accepted(fingerprint="other", reason="r", verb="fuzz"),
        Accepted(fingerprint="unknown", reason="r"),
    )
    looked = replace(REPORT, observed=frozenset({("", "")}))
    assert baseline.pruned(REPORT, entries) == entries
    assert baseline.pruned(replace(looked, interrupted=True), entries) == entries
    assert baseline.pruned(looked, entries) == (entries[0], *entries[2:])
    by_name = Accepted(fingerprint="by name", reason="r", verb="fuzz", operation="GET /runs", code="echo")
    fuzzed = Report(verb="fuzz", observed=frozenset({("GET /runs", "echo")}))
    others = (replace(by_name, code="status-code"), replace(by_name, operation="PUT /runs"), replace(by_name, code=""))
    assert baseline.pruned(fuzzed, (by_name, *others)) == others
    everywhere = replace(REPORT, observed=frozenset({("", ""), ("GET /runs", "")}))
    assert baseline.pruned(everywhere, entries) == (entries[0], *entries[3:])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[accepted]]\nfingerprint = 'a'\n", "entry 1 has no `fingerprint` or no `reason`; write why it is accepted."),
        ("[[accepted]]\nfingerprint = 1\n", "entry 1: `fingerprint` is no str; mend it."),
        (
            "[[accepted]]\nuntil = 1\n",
            "entry 1 has other keys than fingerprint, reason, verb, operation, code, ticket, expires; remove them.",
        ),
        ("ignore = 1\n", "holds something else than `[[accepted]]` entries; remove it."),
    ],
)
def test_an_entry_that_cannot_be_meant_is_named(tmp_path, text, problem):
    path = tmp_path / baseline.NAME
    path.write_text(text)
    with pytest.raises(AccordError) as caught:
        baseline.read(path)
    assert str(caught.value).removeprefix(f"{path}: ").removeprefix(f"{path}:").strip() == problem
